//! The error budget: what is left of it, between which bounds, and what that is called.

use serde::{Deserialize, Serialize};

/// What a budget is called (BUD-02 as settled by Z-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// More than half is left.
    Healthy,
    /// More than a quarter, at most half.
    Caution,
    /// Something, at most a quarter.
    Warning,
    /// Nothing.
    Exhausted,
    /// Measured, and nothing happened.
    NoTraffic,
    /// All series fell silent.
    NoData,
    /// No sample was ever accepted.
    Unmeasured,
}

impl Status {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Caution => "caution",
            Self::Warning => "warning",
            Self::Exhausted => "exhausted",
            Self::NoTraffic => "no_traffic",
            Self::NoData => "no_data",
            Self::Unmeasured => "unmeasured",
        }
    }
}
