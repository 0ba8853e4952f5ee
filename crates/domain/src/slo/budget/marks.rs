//! The marks on a budget: where its statuses begin, and what else is said of how much is left.
//!
//! Invariant: 1 > healthy > caution > warning ≥ 0, so that every budget has exactly one status. An
//! error-budget policy brings them; the numbers here are what one that is silent means.

use serde::{Deserialize, Serialize};

use super::Status;

/// A share of a budget in millionths, from nothing to all of it, so that comparing is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share {
    ppm: u32,
}

/// Why a number is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a share lies from 0 to 1 (0.25 is a quarter)")]
pub struct ShareError;

impl Share {
    const ONE: u32 = 1_000_000;

    /// The share, rounded to six decimals.
    ///
    /// # Errors
    /// Refused when it does not lie from 0 to 1.
    pub fn new(share: f64) -> Result<Self, ShareError> {
        if (0.0..=1.0).contains(&share) {
            Ok(Self { ppm: (share * f64::from(Self::ONE)).round() as u32 })
        } else {
            Err(ShareError)
        }
    }

    /// What is left of one without it, in millionths.
    pub(super) fn rest_ppm(self) -> u32 {
        Self::ONE - self.ppm
    }

    /// The share as a fraction of one.
    pub fn fraction(self) -> f64 {
        f64::from(self.ppm) / f64::from(Self::ONE)
    }
}

impl TryFrom<f64> for Share {
    type Error = ShareError;
    fn try_from(share: f64) -> Result<Self, ShareError> {
        Self::new(share)
    }
}
impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        share.fraction()
    }
}

/// Where the statuses begin (BUD-02 as settled by Z-01): each holds above its mark, and exhausted
/// is what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Marks {
    healthy_above: Share,
    caution_above: Share,
    warning_above: Share,
}

/// Marks in the wrong order: the word of the first that is not below the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not below the mark before it: 1 > healthy > caution > warning ≥ 0")]
pub struct MarksError(pub &'static str);

impl Marks {
    /// The status with that share left, for one that `status` was measured with; one that is not
    /// about how much is left stays.
    pub fn with(self, status: Status, left: f64) -> Status {
        if matches!(status, Status::NoTraffic | Status::NoData | Status::Unmeasured) {
            return status;
        }
        let marks = [
            (self.healthy_above, Status::Healthy),
            (self.caution_above, Status::Caution),
            (self.warning_above, Status::Warning),
        ];
        let above = marks.into_iter().find(|(mark, _)| left > mark.fraction());
        above.map_or(Status::Exhausted, |(_, status)| status)
    }

    /// Half, a quarter, nothing: what a policy without marks of its own means.
    pub const PRACTICE: Self = Self {
        healthy_above: Share { ppm: 500_000 },
        caution_above: Share { ppm: 250_000 },
        warning_above: Share { ppm: 0 },
    };

    /// Checks and keeps marks.
    ///
    /// # Errors
    /// Refused when they do not fall.
    pub fn new(healthy: Share, caution: Share, warning: Share) -> Result<Self, MarksError> {
        let whole = Share { ppm: Share::ONE };
        let falls = [("healthy", whole, healthy), ("caution", healthy, caution)];
        let falls = falls.into_iter().chain([("warning", caution, warning)]);
        for (word, above, mark) in falls {
            if mark >= above {
                return Err(MarksError(word));
            }
        }
        Ok(Self { healthy_above: healthy, caution_above: caution, warning_above: warning })
    }

    /// Healthy is more than this.
    pub fn healthy_above(self) -> Share {
        self.healthy_above
    }

    /// Caution is more than this.
    pub fn caution_above(self) -> Share {
        self.caution_above
    }

    /// Warning is more than this, exhausted is not.
    pub fn warning_above(self) -> Share {
        self.warning_above
    }
}

impl Default for Marks {
    fn default() -> Self {
        Self::PRACTICE
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    healthy_above: Share,
    caution_above: Share,
    warning_above: Share,
}

impl TryFrom<Written> for Marks {
    type Error = MarksError;
    fn try_from(written: Written) -> Result<Self, MarksError> {
        Self::new(written.healthy_above, written.caution_above, written.warning_above)
    }
}
impl From<Marks> for Written {
    fn from(marks: Marks) -> Self {
        let Marks { healthy_above, caution_above, warning_above } = marks;
        Self { healthy_above, caution_above, warning_above }
    }
}

/// What a policy makes of a budget: its marks, and what it wants to be told besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Where the statuses begin.
    pub marks: Marks,
    /// Less than this is told to those who lead (ALR-02, Z-01).
    pub escalate_below: Option<Share>,
    /// More than this, over a window that was measured whole, is unused (BUD-13).
    pub unused_above: Option<Share>,
}

/// What is said of a budget beside its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// So little is left that those who lead should know.
    Escalate,
    /// So much is left at the end of a whole window that it could have been spent.
    Unused,
}

impl Remark {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::Unused => "unused",
        }
    }
}
