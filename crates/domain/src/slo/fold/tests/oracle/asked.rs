//! What would be taken, and what may be forgotten, by the naive reading.

use super::{LATE_MS, Oracle, REMEMBERED, Series, WEEK_MS};

impl Oracle {
    /// The newest sample of an instance that had one.
    pub(in super::super) fn instance_seen(&self, instance: u8) -> Option<i64> {
        let of = self.instances.get(&instance)?;
        of.first.map(|_| of.seen)
    }

    pub(in super::super) fn accepts(&self, place: u32, at: i64) -> bool {
        self.series[&place].seen().is_none_or(|seen| at > seen)
    }

    pub(in super::super) fn accepts_delta(&self, place: u32, start: i64, at: i64) -> bool {
        let known = &self.series[&place].deltas;
        let mut ends: Vec<(i64, i64)> = known.iter().map(|(start, end)| (*end, *start)).collect();
        ends.sort_unstable_by(|one, other| other.cmp(one));
        // Those before the newest thousand might be forgotten.
        let forgotten = ends.get(REMEMBERED).is_some_and(|last| (at, start) <= *last);
        let late = ends.first().is_some_and(|(newest, _)| at <= newest - LATE_MS);
        !late && !forgotten && !known.contains(&(start, at))
    }

    /// Series that were silent for more than a week.
    pub(in super::super) fn forgettable(&self) -> Vec<u32> {
        let silent = |s: &Series| s.seen().is_none_or(|seen| seen < self.newest - WEEK_MS);
        self.series.iter().filter(|(_, s)| silent(s)).map(|(place, _)| *place).collect()
    }
}
