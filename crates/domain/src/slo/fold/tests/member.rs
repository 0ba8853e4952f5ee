//! An instance in a tally, by the naive reading: all it ever told about its time.

use super::oracle::{MINUTE, WEEK_MS};
use super::sums::overlap;

/// How far back a counter can deny what another one bridged.
const REMEMBERED_MS: i64 = 120 * MINUTE;

#[derive(Debug)]
pub(super) struct Member {
    /// Up to here its time is covered or bridged.
    pub(super) known: i64,
    pub(super) seen: i64,
    pub(super) covered: Vec<(i64, i64)>,
    /// The record that said so of each.
    pub(super) covered_in: Vec<u64>,
    /// Every gap of each of its counters, as they were heard.
    pub(super) gaps: Vec<Gap>,
    /// When its series ended.
    pub(super) ends: Vec<i64>,
    /// When it was expected; the last may be open.
    pub(super) presences: Vec<(i64, Option<i64>)>,
}

/// A time over which one of its counters went on or started again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub(super) of: (i64, i64),
    /// What of it was not known before; none if the counter started again.
    pub(super) bridges: Option<(i64, i64)>,
    /// The newest sample of the instance when it was heard.
    pub(super) heard: i64,
}

impl Member {
    /// What the gap with that number bridges, unless a counter that started again denies it.
    pub(super) fn bridges(&self, number: usize) -> Option<(i64, i64)> {
        let gap = &self.gaps[number];
        let denies = |(of_other, other): (usize, &Gap)| {
            let (first, then) = if of_other < number { (other, gap) } else { (gap, other) };
            let remembered = first.of.1 > then.heard - REMEMBERED_MS;
            other.bridges.is_none() && overlap(other.of, gap.of) && remembered
        };
        gap.bridges.filter(|_| !self.gaps.iter().enumerate().any(denies))
    }

    /// All that is bridged.
    pub(super) fn bridged(&self) -> impl Iterator<Item = (i64, i64)> {
        (0..self.gaps.len()).filter_map(|number| self.bridges(number))
    }

    /// When it was expected; of its present stay what lies before `until`.
    pub(super) fn expected(&self, until: i64) -> impl Iterator<Item = (i64, i64)> {
        let last = self.presences.len() - 1;
        self.presences.iter().enumerate().map(move |(number, (from, left))| {
            let left = left.unwrap_or(self.seen + WEEK_MS);
            (*from, if number == last { left.min(until) } else { left })
        })
    }
}
