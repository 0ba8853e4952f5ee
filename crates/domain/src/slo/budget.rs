//! The error budget: what is left of it, between which bounds, and what that is called.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fold::{Liveness, Reading};
use super::minutes::PPM;
use super::{Target, Units, product};
use crate::time::instant;

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

/// A budget at one instant. Shares are fractions of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Good events in the window.
    pub good: Units,
    /// Bad events.
    pub bad: Units,
    /// All events.
    pub total: Units,
    /// Those inferred over gaps.
    pub inferred: Units,
    /// Those added to minutes after they were sealed.
    pub corrected: Units,
    /// Bad / total, with traffic.
    pub error_ratio: Option<f64>,
    /// 1 − bad / (total × (1 − target)), with traffic: negative when overspent.
    pub remaining: Option<f64>,
    /// The same, had every unseen event been bad.
    pub remaining_worst: Option<f64>,
    /// The same, had every unseen event been good.
    pub remaining_best: Option<f64>,
    /// By the headline.
    pub status: Status,
    /// By the worst case.
    pub status_worst: Status,
    /// The covered share of the measured minutes, if there are any.
    pub coverage: Option<f64>,
    /// Minutes of the measured time that were not covered.
    pub gap_minutes: f64,
    /// Events that may have happened unseen, at most.
    pub unseen_max: Units,
    /// The share of the window that was not measured: before the first sample, or between two
    /// declarations.
    pub unmeasured: f64,
    /// Up to when the data reaches.
    pub watermark: Option<Timestamp>,
}

/// Works a budget out of a window's reading (Occurrences: every event counts the same).
///
/// [worst, best] rests on a stated bound: each missing minute saw at most the events of the
/// window's busiest minute. Time that was not measured stands outside of it.
pub fn evaluate(target: Target, reading: &Reading) -> Budget {
    let events = reading.events;
    let unseen = u128::from(reading.missing_ppm).saturating_mul(reading.busiest.0);
    let unseen_max = Units(unseen.div_ceil(u128::from(PPM)));
    let total_max = events.total.plus(unseen_max);
    let bad_max = events.bad.plus(unseen_max);
    let window_minutes = reading.unmeasured_minutes + reading.measured_minutes;
    let covered = reading.covered_ppm as f64 / PPM as f64;
    let has_traffic = events.total > Units(0);
    Budget {
        good: events.good,
        bad: events.bad,
        total: events.total,
        inferred: events.inferred,
        corrected: events.corrected,
        error_ratio: has_traffic.then(|| events.bad.as_events() / events.total.as_events()),
        remaining: remaining(target, events.bad, events.total),
        remaining_worst: remaining(target, bad_max, total_max),
        remaining_best: remaining(target, events.bad, total_max),
        status: status(target, reading.liveness, events.bad, events.total),
        status_worst: status(target, reading.liveness, bad_max, total_max),
        coverage: (reading.measured_minutes > 0).then(|| covered / reading.measured_minutes as f64),
        gap_minutes: reading.measured_minutes as f64 - covered,
        unseen_max,
        unmeasured: match reading.liveness {
            Liveness::Unmeasured => 1.0,
            Liveness::Live { .. } | Liveness::Silent { .. } => {
                reading.unmeasured_minutes as f64 / window_minutes.max(1) as f64
            }
        },
        watermark: match reading.liveness {
            Liveness::Unmeasured => None,
            Liveness::Live { watermark_ms } => Some(instant(watermark_ms)),
            Liveness::Silent { since_ms } => Some(instant(since_ms)),
        },
    }
}

fn remaining(target: Target, bad: Units, total: Units) -> Option<f64> {
    let allowed = total.as_events() * target.budget_fraction();
    (total > Units(0)).then(|| 1.0 - bad.as_events() / allowed)
}

fn status(target: Target, liveness: Liveness, bad: Units, total: Units) -> Status {
    match liveness {
        Liveness::Unmeasured => return Status::Unmeasured,
        Liveness::Silent { .. } => return Status::NoData,
        Liveness::Live { .. } => {}
    }
    if total == Units(0) {
        return Status::NoTraffic;
    }
    if more_than_quarters_left(2, target, bad, total) {
        Status::Healthy
    } else if more_than_quarters_left(1, target, bad, total) {
        Status::Caution
    } else if more_than_quarters_left(0, target, bad, total) {
        Status::Warning
    } else {
        Status::Exhausted
    }
}

/// Whether more than that many quarters of the budget are left, compared on integers:
/// bad < (1 − quarters/4) × total × budget.
fn more_than_quarters_left(quarters: u128, target: Target, bad: Units, total: Units) -> bool {
    let spent = product(bad.0, 4 * 1_000_000_000);
    spent < product(total.0, u128::from(target.budget_ppb()) * (4 - quarters))
}

#[cfg(test)]
mod tests;
