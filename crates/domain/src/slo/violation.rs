//! Known violations: SLOs that are not met for a reason that is known, kept as debt with a day on
//! which it is to be paid (BUD-18).
//!
//! One changes nothing that is measured, alerted on or permitted: known or not, users see it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::catalog::Name;

/// A debt to an SLO.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownViolation {
    /// Its name.
    pub name: Name,
    /// The SLO that is not met; who owns its service owes.
    pub slo: Name,
    /// Why it is not.
    pub cause: String,
    /// What will mend it.
    pub remedy: String,
    /// The last day of that work, by UTC.
    pub mend_by: Date,
    /// Where the work is kept, as a URL.
    pub tracker: Option<String>,
}

impl KnownViolation {
    /// How many days are left after the one of `at`, both by UTC; below nought it is overdue.
    pub fn days_left(&self, at: Timestamp) -> i32 {
        let today = at.to_zoned(TimeZone::UTC).date();
        let left = today.until((Unit::Day, self.mend_by)).expect("days between two dates fit");
        left.get_days()
    }
}

#[cfg(test)]
mod tests;
