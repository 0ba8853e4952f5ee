//! An SLO: what share of events must be good, over which window, and how that is measured.
//!
//! Flow: samples are folded into minute sums of declared tallies (`fold`), a window of minutes
//! becomes a budget (`budget`) and burn rates (`burn`), and what was spent of the
//! budget is put down to its causes (`ledger`). All counts are fixed point ([`Units`]) and
//! all comparisons are made on integers, so sliding a window never drifts.

pub mod budget;
pub mod burn;
pub mod criterion;
pub mod fold;
pub mod guide;
pub mod histogram;
pub mod ledger;
pub mod minutes;
pub mod selector;
pub mod significance;
pub mod slices;
pub mod tally;
pub mod violation;
pub mod window;

use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use tally::Indicator;

pub use slices::Budgeting;
pub use window::Window;

/// A count of events in millionths, so that fractional counters sum exactly.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Units(pub u128);

impl Units {
    /// Units in one event.
    pub const PER_EVENT: u128 = 1_000_000;

    /// That many whole events.
    pub fn events(count: u64) -> Self {
        Self(u128::from(count) * Self::PER_EVENT)
    }

    /// The count of events, for display and statistics.
    pub fn as_events(self) -> f64 {
        let whole = self.0 / Self::PER_EVENT;
        let part = self.0 % Self::PER_EVENT;
        whole as f64 + part as f64 / Self::PER_EVENT as f64
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, at least zero.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// a × b, exactly: the upper and the lower half of its 256 bits, so that products compare as
/// numbers.
fn product(a: u128, b: u128) -> (u128, u128) {
    const HALF: u32 = 64;
    let split = |number: u128| (number >> HALF, number & u128::from(u64::MAX));
    let ((a1, a0), (b1, b0)) = (split(a), split(b));
    let (low_carry, low) = split(a0 * b0);
    let (middle_carry, middle) = split(a1 * b0 + low_carry);
    let (upper_carry, middle) = split(a0 * b1 + middle);
    (a1 * b1 + middle_carry + upper_carry, (middle << HALF) | low)
}

impl std::iter::Sum for Units {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self(0), Self::plus)
    }
}

/// The objective: the share of events that must be good, in billionths, above 0 and below 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Target {
    ppb: u32,
}

/// Why a number is no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Zero, one, or outside.
    #[error("a target lies above 0 and below 1 (0.999 is 99.9 %)")]
    OutOfRange,
    /// Finer than a billionth.
    #[error("a target has at most nine decimals")]
    TooFine,
}

impl Target {
    const ONE: u32 = 1_000_000_000;

    /// Reads a fraction such as 0.999.
    pub fn from_fraction(fraction: f64) -> Result<Self, TargetError> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(TargetError::OutOfRange);
        }
        match billionths(fraction) {
            None => Err(TargetError::TooFine),
            Some(0 | Self::ONE) => Err(TargetError::OutOfRange),
            Some(ppb) => Ok(Self { ppb }),
        }
    }

    /// The share of events that may fail, in billionths: 1 − target, exactly.
    pub fn budget_ppb(self) -> u32 {
        Self::ONE - self.ppb
    }

    /// The target as a fraction.
    pub fn fraction(self) -> f64 {
        f64::from(self.ppb) / f64::from(Self::ONE)
    }

    /// 1 − target as a fraction.
    pub fn budget_fraction(self) -> f64 {
        f64::from(self.budget_ppb()) / f64::from(Self::ONE)
    }
}

/// A fraction between 0 and 1 in billionths, if it has no more decimals than that.
fn billionths(fraction: f64) -> Option<u32> {
    let scaled = fraction * f64::from(Target::ONE);
    let whole = scaled.round();
    ((scaled - whole).abs() <= 1e-3).then_some(whole as u32)
}

impl TryFrom<f64> for Target {
    type Error = TargetError;
    fn try_from(fraction: f64) -> Result<Self, TargetError> {
        Self::from_fraction(fraction)
    }
}
impl From<Target> for f64 {
    fn from(target: Target) -> Self {
        target.fraction()
    }
}

/// A service level objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slo {
    /// Its name.
    pub name: Name,
    /// How people call it.
    pub display_name: Option<String>,
    /// What it promises, in words.
    pub description: Option<String>,
    /// The service it is about.
    pub service: Name,
    /// The objective.
    pub target: Target,
    /// The window.
    pub window: Window,
    /// The budgeting method that counts.
    pub budgeting: Budgeting,
    /// What is measured.
    pub indicator: Indicator,
    /// The burn policy that alerts on it.
    pub burn_policy: burn::Policy,
    /// What the error-budget policy of its service makes of its budget.
    pub budget_terms: budget::Terms,
}

#[cfg(test)]
mod tests;
