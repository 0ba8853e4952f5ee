//! Known violations: SLOs that are not met for a reason that is known, kept as debt with a day on
//! which it is to be paid (BUD-18).
//!
//! One changes nothing that is measured, alerted on or permitted: what is known is bad all the same.

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
mod tests {
    use super::*;

    #[test]
    fn bud_18_a_debt_is_overdue_on_the_day_after_its_last_by_utc() {
        let debt = KnownViolation {
            name: Name::parse("slow-imports").unwrap(),
            slo: Name::parse("checkout-latency").unwrap(),
            cause: String::new(),
            remedy: String::new(),
            mend_by: "2027-01-31".parse().unwrap(),
            tracker: None,
        };
        let left = |at: &str| debt.days_left(at.parse().unwrap());
        assert_eq!(left("2026-12-31T23:59:59Z"), 31);
        assert_eq!(left("2027-01-31T00:00:00Z"), 0);
        assert_eq!(left("2027-01-31T23:59:59.999999999Z"), 0);
        assert_eq!(left("2027-02-01T00:00:00Z"), -1);
    }
}
