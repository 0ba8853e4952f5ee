//! The stretches of delta temporality that one series has brought.
//!
//! Each counts once, however often and in whatever order they come. So many of the newest are
//! remembered at most, and none that is older than the newest by two hours: what is older than all
//! that is remembered might have been counted already, and is not taken.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::DELTA_LATE;

/// So many are remembered of a series: two hours of one every seven seconds.
pub(super) const REMEMBERED_MAX: usize = 1_024;

/// What is remembered, as (end, start).
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Stretches {
    known: BTreeSet<(i64, i64)>,
    /// The last that was forgotten for want of room.
    forgotten: Option<(i64, i64)>,
}

impl Stretches {
    /// Whether one would count: it is not known, and not older than those that are remembered.
    pub(super) fn take(&self, start_ms: i64, at_ms: i64) -> bool {
        let on_time = self.newest_ms().is_none_or(|newest_ms| at_ms > newest_ms - DELTA_LATE.ms());
        let stretch = (at_ms, start_ms);
        on_time && Some(stretch) > self.forgotten && !self.known.contains(&stretch)
    }

    /// Remembers one.
    pub(super) fn insert(&mut self, start_ms: i64, at_ms: i64) {
        self.known.insert((at_ms, start_ms));
        let until_ms = self.newest_ms().unwrap_or(at_ms) - DELTA_LATE.ms();
        while self.known.first().is_some_and(|(end_ms, _)| *end_ms <= until_ms) {
            self.known.pop_first();
        }
        while self.known.len() > REMEMBERED_MAX {
            self.forgotten = self.forgotten.max(self.known.pop_first());
        }
    }

    /// The latest end.
    fn newest_ms(&self) -> Option<i64> {
        self.known.last().map(|(end_ms, _)| *end_ms)
    }
}
