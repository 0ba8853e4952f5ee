//! Alert tiers: what belongs in which, and in which somebody is told (ALR-03 to ALR-05).
//!
//! Invariant: a page tells somebody. What is only logged opens, closes and stands in the timeline
//! like any other alert; nothing is owed for it.

use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use crate::slo::burn::Severity;

/// The tiers in force are the document of this name.
pub const IN_FORCE: &str = "default";

/// What each severity means to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiers {
    /// Its name.
    pub name: Name,
    /// Now.
    pub page: Tier,
    /// In business hours.
    pub ticket: Tier,
    /// Nothing to do.
    pub log: Tier,
}

/// One tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// When somebody should act, in words.
    pub act: Option<String>,
    /// Whether receivers are told.
    pub tell: bool,
    /// What belongs in it, a few words each.
    pub belongs: Vec<String>,
}

impl Tiers {
    /// The tier of a severity.
    pub fn of(&self, severity: Severity) -> &Tier {
        match severity {
            Severity::Page => &self.page,
            Severity::Ticket => &self.ticket,
            Severity::Log => &self.log,
        }
    }
}

/// Whether receivers are told of alerts of a severity. A page is always told, whatever is written.
pub fn tells(tiers: Option<&Tiers>, severity: Severity) -> bool {
    match severity {
        Severity::Page => true,
        Severity::Ticket => tiers.is_none_or(|tiers| tiers.ticket.tell),
        Severity::Log => tiers.is_some_and(|tiers| tiers.log.tell),
    }
}

#[cfg(test)]
mod tests;
