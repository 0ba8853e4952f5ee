//! The error budget: what is left of it, between which bounds, and what that is called.
//!
//! Invariant: this is the only place where a status is worked out, by the terms of the error-budget
//! policy of the SLO's service.

mod marks;

use std::cmp::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fold::{Events, Liveness, Reading};
use super::minutes::PPM;
use super::{Target, Units, product};
use crate::time::instant;

pub use marks::{Marks, MarksError, Remark, Share, ShareError, Terms};

/// What a budget is called (BUD-02 as settled by Z-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// More is left than the policy's first mark: half, unless it says otherwise.
    Healthy,
    /// More than its second mark: a quarter.
    Caution,
    /// More than its third mark: anything at all.
    Warning,
    /// No more than that.
    Exhausted,
    /// Measured, and nothing happened.
    NoTraffic,
    /// All series fell silent.
    NoData,
    /// No sample was ever accepted.
    Unmeasured,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Healthy,
        Self::Caution,
        Self::Warning,
        Self::Exhausted,
        Self::NoTraffic,
        Self::NoData,
        Self::Unmeasured,
    ];

    /// The status of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
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
    /// What the policy wants to be told besides.
    pub remark: Option<Remark>,
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

/// Works a budget out of a window's reading; what it counts, events or slices, are called events.
///
/// [worst, best] rests on what may have happened unseen at most ([`Reading::unseen`]). Time that
/// was not measured stands outside of it.
pub fn evaluate(target: Target, terms: Terms, reading: &Reading) -> Budget {
    let events = reading.events;
    let unseen_max = reading.unseen();
    let total_max = events.total.plus(unseen_max);
    let bad_max = events.bad.plus(unseen_max);
    let window_minutes = reading.unmeasured_minutes + reading.measured_minutes;
    let covered = reading.covered_ppm as f64 / PPM as f64;
    let has_traffic = events.total > Units(0);
    let judged = |idle: bool, bad, total| status(target, terms.marks, reading, idle, (bad, total));
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
        status: judged(reading.idle, events.bad, events.total),
        status_worst: judged(reading.idle && unseen_max == Units(0), bad_max, total_max),
        remark: remark(target, terms, reading, bad_max, total_max),
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

fn status(
    target: Target,
    marks: Marks,
    reading: &Reading,
    idle: bool,
    (bad, total): (Units, Units),
) -> Status {
    match reading.liveness {
        Liveness::Unmeasured => return Status::Unmeasured,
        Liveness::Silent { .. } => return Status::NoData,
        Liveness::Live { .. } => {}
    }
    if idle || total == Units(0) {
        return Status::NoTraffic;
    }
    if is_left(Ordering::Greater, marks.healthy_above(), target, bad, total) {
        Status::Healthy
    } else if is_left(Ordering::Greater, marks.caution_above(), target, bad, total) {
        Status::Caution
    } else if is_left(Ordering::Greater, marks.warning_above(), target, bad, total) {
        Status::Warning
    } else {
        Status::Exhausted
    }
}

/// Escalates on what is known; calls a budget unused only when it is at the worst case, too, the
/// whole window was measured, and a period of a calendar is nearly over.
fn remark(
    target: Target,
    terms: Terms,
    reading: &Reading,
    bad_max: Units,
    total_max: Units,
) -> Option<Remark> {
    let Liveness::Live { .. } = reading.liveness else { return None };
    let Events { bad, total, .. } = reading.events;
    if reading.idle || total == Units(0) {
        return None;
    }
    let less = |mark| is_left(Ordering::Less, mark, target, bad, total);
    let more = |mark| is_left(Ordering::Greater, mark, target, bad_max, total_max);
    if terms.escalate_below.is_some_and(less) {
        return Some(Remark::Escalate);
    }
    let whole = reading.unmeasured_minutes == 0 && reading.ripe;
    (whole && terms.unused_above.is_some_and(more)).then_some(Remark::Unused)
}

/// How what is left of the budget compares with a share of it, on integers: more than the share is
/// bad < (1 − share) × total × budget.
fn is_left(wanted: Ordering, share: Share, target: Target, bad: Units, total: Units) -> bool {
    const SCALE: u128 = 1_000_000 * 1_000_000_000;
    let spent = product(bad.0, SCALE);
    let rest = u128::from(target.budget_ppb()) * u128::from(share.rest_ppm());
    product(total.0, rest).cmp(&spent) == wanted
}

#[cfg(test)]
mod tests;
