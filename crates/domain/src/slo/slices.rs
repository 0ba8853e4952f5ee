//! How budget is counted: by events, or by slices of time.
//!
//! A slice is a run of whole minutes by UTC, as long as any other and a part of an hour; it counts
//! in the minute with which it ends, so that runs of minutes side by side hold each slice once. It
//! is judged when that minute has closed, by the events that were seen when they happened: what was
//! inferred over a gap fell into no slice in particular. A slice less than half of whose minutes
//! were covered is not judged, and may have been good or bad. One in which nothing happened failed
//! nobody, and is good.
//!
//! Methods: OpenSLO v1, `budgetingMethod`.

use serde::{Deserialize, Serialize};

use super::minutes::Span;
use super::{Target, Units, product};
use crate::time::{HOUR_MINUTES, Minute, Minutes};

/// What counts: the budgeting method of an SLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budgeting {
    /// Every event counts the same, whenever it happened.
    Occurrences,
    /// Every slice of time counts the same, whatever its traffic.
    Slices(Slicing),
}

/// Into which slices time is cut, and what makes one good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slicing {
    /// How long each is.
    pub length: SliceLength,
    /// What it comes to.
    pub judged: Judged,
}

/// What a slice comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Good as a whole, when at least this share of its events was good, or bad: Timeslices.
    AtLeast(SliceTarget),
    /// The share of its events that was good: RatioTimeslices.
    Share,
}

impl Budgeting {
    /// Its name in OpenSLO.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Occurrences => "Occurrences",
            Self::Slices(Slicing { judged: Judged::AtLeast(_), .. }) => "Timeslices",
            Self::Slices(Slicing { judged: Judged::Share, .. }) => "RatioTimeslices",
        }
    }

    /// The slices it counts, if it does.
    pub const fn slicing(self) -> Option<Slicing> {
        match self {
            Self::Occurrences => None,
            Self::Slices(slicing) => Some(slicing),
        }
    }

    /// Of how many of what it counts something can be said: of ten events, or of one slice, which
    /// is a verdict about many already.
    pub const fn enough(self) -> Units {
        match self {
            Self::Occurrences => Units(10 * Units::PER_EVENT),
            Self::Slices(_) => Units(Units::PER_EVENT),
        }
    }
}

impl Slicing {
    /// What a slice comes to that had so many good events among all, in millionths of a slice; what
    /// is no whole millionth is bad.
    pub fn judge(self, good: Units, total: Units) -> Units {
        const WHOLE: Units = Units(Units::PER_EVENT);
        if total == Units(0) {
            return WHOLE;
        }
        match self.judged {
            Judged::AtLeast(target) => {
                let needed = product(total.0, u128::from(target.ppb));
                if product(good.0, u128::from(Target::ONE)) >= needed { WHOLE } else { Units(0) }
            }
            Judged::Share => Units(good.0.saturating_mul(Units::PER_EVENT) / total.0),
        }
    }
}

/// The length of a slice: a part of an hour, so that the slices of every hour begin with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Minutes", into = "Minutes")]
pub struct SliceLength(u8);

/// Why a length is none of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a slice of {0} does not divide an hour")]
pub struct NoSliceLength(Minutes);

impl SliceLength {
    /// Five minutes: what is looked at unless somebody says otherwise.
    pub const USUAL: Self = Self(5);

    /// Its minutes.
    pub fn minutes(self) -> Minutes {
        Minutes(self.0.into())
    }

    /// The same, as a number to reckon with.
    pub(super) fn count(self) -> i64 {
        self.0.into()
    }

    /// The first minute of the slice that holds a minute.
    pub(super) fn begin(self, minute: Minute) -> Minute {
        Minute(minute.0.div_euclid(self.count()) * self.count())
    }

    /// The slices that end in a run of minutes, each with its minutes.
    pub(super) fn ending_in(self, run: Span) -> impl Iterator<Item = Span> {
        let length = self.count();
        let first = self.begin(run.from).plus(length);
        let ends = (first.0..=run.to.0).step_by(length as usize);
        let ends = ends.take_while(move |_| !run.is_empty());
        ends.map(move |end| Span { from: Minute(end - length), to: Minute(end) })
    }

    /// How many of them there are.
    pub(super) fn count_ending_in(self, run: Span) -> u64 {
        if run.is_empty() {
            return 0;
        }
        let whole = |minute: Minute| minute.0.div_euclid(self.count());
        (whole(run.to) - whole(run.from)).unsigned_abs()
    }
}

impl TryFrom<Minutes> for SliceLength {
    type Error = NoSliceLength;

    fn try_from(length: Minutes) -> Result<Self, NoSliceLength> {
        match u8::try_from(length.0) {
            Ok(minutes) if minutes > 0 && HOUR_MINUTES.is_multiple_of(minutes.into()) => {
                Ok(Self(minutes))
            }
            Ok(_) | Err(_) => Err(NoSliceLength(length)),
        }
    }
}

impl From<SliceLength> for Minutes {
    fn from(length: SliceLength) -> Self {
        length.minutes()
    }
}

impl std::fmt::Display for SliceLength {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.minutes().fmt(f)
    }
}

/// The share of its events that must be good for a slice to be: above 0, and 1 at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct SliceTarget {
    ppb: u32,
}

/// Why a number is no target of slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SliceTargetError {
    /// Zero or less, or above one.
    #[error("a slice's target lies above 0 and is 1 at most (0.95 is 95 %)")]
    OutOfRange,
    /// Finer than a billionth.
    #[error("a slice's target has at most nine decimals")]
    TooFine,
}

impl SliceTarget {
    /// The share as a fraction.
    pub fn fraction(self) -> f64 {
        f64::from(self.ppb) / f64::from(Target::ONE)
    }
}

impl From<Target> for SliceTarget {
    fn from(target: Target) -> Self {
        Self { ppb: target.ppb }
    }
}

impl TryFrom<f64> for SliceTarget {
    type Error = SliceTargetError;

    fn try_from(fraction: f64) -> Result<Self, SliceTargetError> {
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(SliceTargetError::OutOfRange);
        }
        match super::billionths(fraction) {
            None | Some(0) => Err(SliceTargetError::TooFine),
            Some(ppb) => Ok(Self { ppb }),
        }
    }
}

impl From<SliceTarget> for f64 {
    fn from(target: SliceTarget) -> Self {
        target.fraction()
    }
}

#[cfg(test)]
mod tests;
