//! Who of a tally's instances was expected when, and who was seen.
//!
//! An instance is expected from its first sample on: until its last series ends, and for as long as
//! state is kept after its newest sample. Coverage is the share of that time that lies between two
//! of its samples.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::STATE_KEPT;
use super::gaps::Gaps;
use super::series::{Route, Step};
use crate::slo::minutes::{Coverage, Stretch};
use crate::slo::tally::Kind;
use crate::time::Minute;

/// The instances of one tally.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Presence {
    pub(super) coverage: Coverage,
    members: Vec<Option<Member>>,
    vacant: Vec<u32>,
    member_of: BTreeMap<u32, u32>,
    /// Up to when it is accounted which instances were expected.
    accounted_ms: i64,
}

/// One instance of a tally.
#[derive(Debug, Serialize, Deserialize)]
struct Member {
    /// Expected from here on, unless it has left.
    from_ms: i64,
    left_ms: Option<i64>,
    /// The latest end of one of its series.
    ended_ms: i64,
    /// Up to here its time is covered or bridged: several series of it count once.
    known_ms: i64,
    gaps: Gaps,
    /// Its newest sample: silent for longer than state is kept, it is expected no more.
    seen_ms: i64,
    /// Its series that were seen since they count in this tally, and have not ended.
    live: u32,
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            coverage: Coverage::default(),
            members: Vec::new(),
            vacant: Vec::new(),
            member_of: BTreeMap::new(),
            accounted_ms: i64::MIN,
        }
    }
}

impl Presence {
    /// Notes who was seen when. `step` is none for what has no baseline.
    pub(super) fn observe(
        &mut self,
        kind: Option<Kind>,
        instance: u32,
        (from_ms, at_ms): (Option<i64>, i64),
        step: Option<&Step>,
        route: &mut Route,
    ) {
        let newly_live = !std::mem::replace(&mut route.live, true);
        let member = *route.member.get_or_insert_with(|| self.seat(instance, at_ms)) as usize;
        self.expect(member, at_ms, newly_live);
        let joins = std::mem::take(&mut route.joins);
        let stretch = match step {
            None => from_ms.map(|from_ms| (from_ms, Stretch::Covered)),
            Some(Step::First { .. }) => None,
            Some(Step::On { .. }) if joins => None,
            Some(Step::On { from_ms, gap: false, was_stale: false, .. }) => {
                Some((*from_ms, Stretch::Covered))
            }
            // What a gauge was in a gap is not known afterwards either.
            Some(Step::On { .. }) if kind == Some(Kind::Gauge) => None,
            Some(Step::On { from_ms, reset, .. }) => {
                self.over_gap(member, (*from_ms, at_ms), *reset)
            }
        };
        if let Some((from_ms, stretch)) = stretch {
            let member = seated(&mut self.members, member);
            self.coverage.mark(from_ms.max(member.known_ms), at_ms, stretch);
            member.known_ms = member.known_ms.max(at_ms);
        }
    }

    /// Where an instance sits, which does from now on.
    fn seat(&mut self, instance: u32, at_ms: i64) -> u32 {
        *self.member_of.entry(instance).or_insert_with(|| {
            let seat = self.vacant.pop().unwrap_or_else(|| {
                self.members.push(None);
                self.members.len() as u32 - 1
            });
            self.members[seat as usize] = Some(Member::new(at_ms));
            seat
        })
    }

    /// A counter of an instance went on over a gap, or started again in it: the stretch that is
    /// bridged by that, if any.
    fn over_gap(
        &mut self,
        member: usize,
        gap_ms: (i64, i64),
        reset: bool,
    ) -> Option<(i64, Stretch)> {
        let Member { gaps, known_ms, seen_ms, .. } = seated(&mut self.members, member);
        if !reset {
            let unknown_from_ms = gaps.bridge(gap_ms, *known_ms, *seen_ms)?;
            return Some((unknown_from_ms, Stretch::Bridged));
        }
        for (from_ms, to_ms) in gaps.tear(gap_ms, *seen_ms) {
            self.coverage.mark(from_ms, to_ms, Stretch::Unbridged);
        }
        None
    }

    /// The instance is expected from its first sample on, or again after it had left.
    fn expect(&mut self, member: usize, at_ms: i64, newly_live: bool) {
        let member = seated(&mut self.members, member);
        let forgotten_ms = member.forgotten_ms();
        member.seen_ms = member.seen_ms.max(at_ms);
        member.live += u32::from(newly_live);
        // What of its time is accounted already; the rest is when its minutes are over.
        let accounted_ms = self.accounted_ms.min(member.forgotten_ms());
        let (until_ms, from_ms) = match member.left_ms.take() {
            // A series whose samples come later than the end of all others: it never left.
            Some(left_ms) => (left_ms, at_ms.max(left_ms)),
            None if at_ms > forgotten_ms => (forgotten_ms, at_ms),
            None => return self.coverage.mark(forgotten_ms, accounted_ms, Stretch::Expected),
        };
        // Of its stay before, what lies in the minute that is not accounted yet.
        let before_ms = std::mem::replace(&mut member.from_ms, from_ms).max(self.accounted_ms);
        self.coverage.mark(before_ms, until_ms, Stretch::Expected);
        self.coverage.mark(from_ms, accounted_ms, Stretch::Expected);
    }

    /// Accounts whole minutes up to the one that holds `at_ms`.
    pub(super) fn account(&mut self, at_ms: i64) {
        let until_ms = Minute::of_ms(at_ms).start_ms();
        if until_ms <= self.accounted_ms {
            return;
        }
        for member in self.members.iter().flatten() {
            let from_ms = member.from_ms.max(self.accounted_ms);
            let to_ms = until_ms.min(member.expected_until_ms());
            self.coverage.mark(from_ms, to_ms, Stretch::Expected);
        }
        self.accounted_ms = until_ms;
    }

    /// A series ended; with its last one the instance is not expected from there on.
    pub(super) fn leave(&mut self, at_ms: i64, route: &mut Route) {
        let member = route.member.and_then(|at| self.members.get_mut(at as usize)?.as_mut());
        let Some(member) = member else { return };
        if !std::mem::take(&mut route.live) {
            return;
        }
        member.live -= 1;
        member.ended_ms = member.ended_ms.max(at_ms);
        if member.live == 0 && member.left_ms.is_none() {
            let forgotten_ms = member.forgotten_ms();
            let left_ms = member.ended_ms.max(member.from_ms).min(forgotten_ms);
            member.left_ms = Some(left_ms);
            // No more is taken back than was given.
            let accounted_ms = self.accounted_ms.min(forgotten_ms);
            self.coverage.mark(left_ms, accounted_ms, Stretch::Unexpected);
        }
    }

    /// A series of it counts here no longer, by what is declared.
    pub(super) fn part(&mut self, route: &Route) {
        let member = route.member.and_then(|at| self.members.get_mut(at as usize)?.as_mut());
        if let Some(member) = member.filter(|_| route.live) {
            member.live -= 1;
        }
    }

    /// Whether an instance that has fallen silent is fully accounted, or was never one of these.
    pub(super) fn is_done_with(&self, instance: u32) -> bool {
        let seat = self.member_of.get(&instance);
        let member = seat.and_then(|seat| self.members.get(*seat as usize)?.as_ref());
        member.is_none_or(|member| member.expected_until_ms() <= self.accounted_ms)
    }

    /// Forgets an instance that no series is of any more.
    pub(super) fn dismiss(&mut self, instance: u32) {
        if let Some(seat) = self.member_of.remove(&instance) {
            self.members[seat as usize] = None;
            self.vacant.push(seat);
        }
    }

    /// Instances that are remembered, and places for more.
    #[cfg(test)]
    pub(super) fn members(&self) -> usize {
        self.members.len()
    }
}

impl Member {
    /// One that is not expected yet; `at_ms` is the time of its first sample.
    fn new(at_ms: i64) -> Self {
        Self {
            from_ms: i64::MAX,
            left_ms: Some(i64::MIN),
            ended_ms: i64::MIN,
            known_ms: at_ms,
            gaps: Gaps::default(),
            seen_ms: at_ms,
            live: 0,
        }
    }

    /// It is expected up to here, unless it is heard of again.
    fn expected_until_ms(&self) -> i64 {
        self.left_ms.unwrap_or(self.forgotten_ms())
    }

    /// It is expected no longer than up to here if it stays silent.
    fn forgotten_ms(&self) -> i64 {
        self.seen_ms.saturating_add(STATE_KEPT.ms())
    }
}

fn seated(members: &mut [Option<Member>], seat: usize) -> &mut Member {
    members[seat].as_mut().expect("a member is kept while a series is of its instance")
}
