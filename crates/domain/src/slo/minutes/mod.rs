//! Minute sums: what a channel counted, and how well a tally was covered, minute by minute.
//!
//! Minutes are kept by UTC day, each with its total, so a window of 90 days is the sum of ninety
//! totals and of at most two parts of days. Everything is an integer and totals change together
//! with their minutes: there is nothing to slide and sums never drift. A day whose minutes are
//! sealed may be put away: its total stays, its minutes are asked of an [`Archive`].

mod column;
mod coverage;
mod days;
mod sealed;

use crate::slo::Units;
use crate::slo::tally::Fingerprint;
use crate::time::{DAY_MINUTES, Day, Minute};

pub use column::{Column, DayMinutes, OpenDay, Sum};
pub use coverage::{Coverage, Covered, Stretch};
pub use sealed::SealedDay;

/// One part in a million, the unit of shares of a minute.
pub const PPM: u64 = 1_000_000;

/// Days for which minutes are kept, unless the configuration says otherwise; then only hours are.
pub const KEPT_DAYS: u32 = 100;

/// A run of minutes: from the first to before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// The first minute.
    pub from: Minute,
    /// The minute after the last.
    pub to: Minute,
}

/// What is taken of the hour in which a run begins, where only hours are kept. Of the one in which
/// it ends it is always the run's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// All of it: a window begins at a whole hour there.
    WholeHour,
    /// The run's share, as if its events had come evenly: runs side by side add up to the hour.
    Share,
}

impl Span {
    /// No minute at all.
    pub const EMPTY: Self = Self { from: Minute(0), to: Minute(0) };

    /// Minutes in it.
    pub fn len(self) -> u64 {
        u64::try_from(self.to.0 - self.from.0).unwrap_or(0)
    }

    /// Whether it holds no minute.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// What it has in common with another.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// The days it touches, each with the minutes of the day within it.
    pub(super) fn days(self) -> impl Iterator<Item = (Day, std::ops::Range<usize>)> {
        let days = if self.is_empty() {
            0..0
        } else {
            Day::of(self.from).0..Day::of(self.to.plus(-1)).0 + 1
        };
        days.map(move |day| {
            let start = Day(day).start().0;
            let slot = |minute: Minute| (minute.0 - start).clamp(0, DAY_MINUTES as i64) as usize;
            (Day(day), slot(self.from)..slot(self.to))
        })
    }
}

/// Units of a run of minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counted {
    /// All of them.
    pub units: Units,
    /// Those among them that were inferred over a gap.
    pub inferred: Units,
}

impl Counted {
    /// Those seen when they happened.
    pub fn measured(self) -> Units {
        self.units.minus(self.inferred)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { units: self.units.plus(other.units), inferred: self.inferred.plus(other.inferred) }
    }
}

/// Which column: a channel of a tally, and the number of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// The tally.
    pub tally: Fingerprint,
    /// The channel.
    pub channel: Fingerprint,
    /// The group, from 0; ungrouped tallies have only that one.
    pub group: u32,
}

/// The sealed days that were put away.
pub trait Archive {
    /// One day of one column; `None` when it cannot be read.
    fn day(&self, cell: CellKey, day: Day) -> Option<std::sync::Arc<SealedDay>>;
}

/// No day was ever put away.
#[derive(Debug, Clone, Copy, Default)]
pub struct NothingArchived;

impl Archive for NothingArchived {
    fn day(&self, _: CellKey, _: Day) -> Option<std::sync::Arc<SealedDay>> {
        None
    }
}

#[cfg(test)]
mod tests;
