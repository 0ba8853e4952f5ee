//! The state of one series, and what its next sample means.

use serde::{Deserialize, Serialize};

use super::stretches::Stretches;
use super::{GAP, INTERVAL_ASSUMED_MS, STATE_KEPT};
use crate::slo::Units;
use crate::slo::selector::Labels;

/// One series that some tally counts.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Series {
    pub(super) labels: Labels,
    /// The number of its instance.
    pub(super) instance: u32,
    pub(super) routes: Vec<Route>,
    pub(super) first_ms: Option<i64>,
    pub(super) last: Option<Last>,
    pub(super) stale_ms: Option<i64>,
    /// When what its next sample counts began, if its sender says so.
    pub(super) start_ms: Option<i64>,
    /// Two of its intervals as they were known at its last sample: so far behind the newest sample
    /// of a tally it is live.
    pub(super) patience_ms: i64,
    intervals_ms: Spacing,
    /// None for the many series that have no deltas.
    pub(super) stretches: Option<Box<Stretches>>,
}

/// The last accepted sample.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Last {
    pub(super) at_ms: i64,
    /// A counter's or gauge's value, a histogram's count.
    pub(super) value: f64,
    start_ms: Option<i64>,
    /// The number of who sent it.
    pub(super) sender: u32,
}

/// One channel a series counts in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Route {
    pub(super) tally: u32,
    pub(super) channel: u32,
    /// The group of the tally it counts in.
    pub(super) group: u32,
    /// Its place among the tally's members, once known.
    pub(super) member: Option<u32>,
    /// Whether it is the first of its series' routes into that tally.
    pub(super) first_of_tally: bool,
    /// The next sample is this route's baseline: the series is older than the route.
    pub(super) baseline: bool,
    /// The same of the tally: up to the next sample its time is not known. Kept at the first of the
    /// series' routes into the tally, as are `member` and `live`.
    pub(super) joins: bool,
    /// Whether the tally counts this series among its instance's live ones.
    pub(super) live: bool,
    /// Whether the channel's tide waits for this series at all, and before its open minute ends.
    pub(super) awaited: bool,
    pub(super) laggard: bool,
    /// The cumulative observations at or below its threshold, for routes that have one.
    pub(super) at_most: f64,
}

/// What a cumulative sample means after the one before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// Nothing is known of the time before.
    First {
        /// When the counter began, if that is known.
        start_ms: Option<i64>,
        /// It must have begun after this for its value to count: up to here it might have been
        /// counted, and forgotten since.
        counted_ms: i64,
        /// Otherwise it began with its instance: the sample must lie after this, and after the
        /// start of the route, for its value to count from zero.
        born_after_ms: i64,
        /// Two intervals.
        grace_ms: i64,
    },
    /// The counter went on.
    On {
        /// The sample before.
        from_ms: i64,
        /// The value since which it grew; none when it fell without starting again.
        since: Option<f64>,
        /// Whether it lies more than five minutes back.
        gap: bool,
        /// Whether the series had ended in between.
        was_stale: bool,
        /// Whether the counter started again in between: events may be lost.
        reset: bool,
    },
}

impl Series {
    pub(super) fn new(instance: u32, labels: Labels) -> Self {
        Self {
            labels,
            instance,
            routes: Vec::new(),
            first_ms: None,
            last: None,
            stale_ms: None,
            start_ms: None,
            patience_ms: 0,
            intervals_ms: Spacing::default(),
            stretches: None,
        }
    }

    /// Sets its routes, keeping what is known of those it already had. A route that is new to a
    /// series with samples starts with a baseline. Returns a route into each tally it has left.
    pub(super) fn reroute(&mut self, mut routes: Vec<Route>) -> Vec<Route> {
        let started = self.seen_ms().is_some();
        for route in &mut routes {
            let same = |old: &&Route| old.tally == route.tally && old.channel == route.channel;
            let old = self.routes.iter().find(same);
            route.baseline = old.map_or(started, |old| old.baseline);
            route.at_most = old.map_or(0.0, |old| old.at_most);
            route.awaited = old.is_some_and(|old| old.awaited);
            route.laggard = old.is_some_and(|old| old.laggard);
            let first = |old: &&Route| old.tally == route.tally && old.first_of_tally;
            let old = self.routes.iter().find(first).filter(|_| route.first_of_tally);
            route.joins = old.map_or(started, |old| old.joins);
            route.member = old.and_then(|old| old.member);
            route.live = old.is_some_and(|old| old.live);
        }
        let mut left = std::mem::replace(&mut self.routes, routes);
        let stays = |tally| self.routes.iter().any(|route| route.tally == tally);
        left.retain(|old| old.first_of_tally && !stays(old.tally));
        left
    }

    /// The time of its last sample or stale marker.
    pub(super) fn seen_ms(&self) -> Option<i64> {
        self.last.map(|last| last.at_ms).max(self.stale_ms)
    }

    /// The time of its last sample, while it has not ended.
    pub(super) fn live_ms(&self) -> Option<i64> {
        self.last.map(|last| last.at_ms).filter(|_| self.stale_ms.is_none())
    }

    pub(super) fn interval_ms(&self) -> Option<i64> {
        self.intervals_ms.typical()
    }

    /// Takes in a sample newer than all before it.
    pub(super) fn advance(&mut self, at_ms: i64, value: f64, sender: u32, origin: Origin) -> Step {
        let was_stale = self.stale_ms.take().is_some();
        self.first_ms.get_or_insert(at_ms);
        let start_ms = self.start_ms;
        let before = self.last.replace(Last { at_ms, value, start_ms, sender });
        let Some(before) = before.filter(|last| at_ms - last.at_ms <= STATE_KEPT.ms()) else {
            self.intervals_ms = Spacing::default();
            let Origin { born_after_ms, counted_ms, interval_ms } = origin;
            let grace_ms = 2 * interval_ms.unwrap_or(INTERVAL_ASSUMED_MS);
            return Step::First { start_ms, counted_ms, born_after_ms, grace_ms };
        };
        let gap = at_ms - before.at_ms > GAP.ms();
        if !gap && !was_stale {
            self.intervals_ms.push(at_ms - before.at_ms);
        }
        let moved = before.start_ms.zip(start_ms).filter(|(before, now)| before != now);
        let fell = value < before.value;
        let reset = if sender == before.sender {
            moved.is_some() || fell
        } else {
            // Each sender of a pair may say a start of its own.
            moved.is_some_and(|(_, start_ms)| start_ms > before.at_ms)
        };
        let since = match (reset, fell) {
            (true, _) => Some(0.0),
            (false, true) => None,
            (false, false) => Some(before.value),
        };
        Step::On { from_ms: before.at_ms, since, gap, was_stale, reset }
    }

    /// Takes in a stale marker.
    pub(super) fn end(&mut self, at_ms: i64) {
        self.stale_ms = Some(at_ms);
    }

    /// Takes in a stretch of delta temporality.
    pub(super) fn add(&mut self, start_ms: i64, at_ms: i64, sender: u32) -> Delta {
        self.stretches.get_or_insert_default().insert(start_ms, at_ms);
        self.first_ms = Some(self.first_ms.map_or(at_ms, |first_ms| first_ms.min(at_ms)));
        if self.seen_ms().is_some_and(|seen_ms| seen_ms >= at_ms) {
            return Delta::Late;
        }
        let was_stale = self.stale_ms.take().is_some();
        let last = Last { at_ms, value: 0.0, start_ms: Some(start_ms), sender };
        let before = self.last.replace(last).filter(|_| !was_stale);
        let spacing_ms = before.map(|before| at_ms - before.at_ms).filter(|ms| *ms <= GAP.ms());
        if let Some(spacing_ms) = spacing_ms {
            self.intervals_ms.push(spacing_ms);
        }
        Delta::Newest { spacing_ms }
    }
}

/// What a stretch of delta temporality is to its series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Delta {
    /// It ends no later than the series was seen already.
    Late,
    /// It ends later than all before it, so long after the last, if that is known.
    Newest {
        /// How long.
        spacing_ms: Option<i64>,
    },
}

/// A cumulative value in units. Differences of these telescope, so no rounding accumulates.
pub(super) fn units(value: f64) -> Units {
    let whole = value.trunc();
    let part = ((value - whole) * Units::PER_EVENT as f64).round() as u128;
    Units((whole as u128).saturating_mul(Units::PER_EVENT).saturating_add(part))
}

/// Who exposes series.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Instance {
    first_ms: Option<i64>,
    seen_ms: i64,
    intervals_ms: Spacing,
    /// When the last of its series that were forgotten was seen.
    lost_ms: Option<i64>,
}

/// What an instance says of the first sample of a series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    /// A counter that is seen for the first time well after this was born then.
    born_after_ms: i64,
    /// What began before this might have been counted already.
    counted_ms: i64,
    /// The usual spacing of the instance's samples.
    pub(super) interval_ms: Option<i64>,
}

impl Instance {
    /// Notes a sample. Its instance is known since the earliest since it was last silent for longer
    /// than state is kept. A sample that is told so late that its series might be one that was
    /// forgotten, though its state would hold, says nothing of when that was born.
    pub(super) fn seen(&mut self, at_ms: i64) -> Origin {
        let forgotten = at_ms.saturating_sub(self.seen_ms) > STATE_KEPT.ms();
        let known = self.first_ms.filter(|_| !forgotten);
        if forgotten {
            self.intervals_ms = Spacing::default();
        }
        let first_ms = known.map_or(at_ms, |first_ms| first_ms.min(at_ms));
        self.seen_ms = if known.is_some() { self.seen_ms.max(at_ms) } else { at_ms };
        self.first_ms = Some(first_ms);
        let lost_ms = self.lost_ms.unwrap_or(i64::MIN);
        let told_late = at_ms <= lost_ms.saturating_add(STATE_KEPT.ms());
        Origin {
            born_after_ms: if told_late { at_ms } else { first_ms },
            counted_ms: lost_ms.max(at_ms.saturating_sub(STATE_KEPT.ms())),
            interval_ms: self.interval_ms(),
        }
    }

    /// A series of it was forgotten that was seen last at this time.
    pub(super) fn lose(&mut self, seen_ms: i64) {
        self.lost_ms = self.lost_ms.max(Some(seen_ms));
    }

    /// The time of its newest sample; none before the first.
    pub(super) fn seen_ms(&self) -> Option<i64> {
        self.first_ms.map(|_| self.seen_ms)
    }

    pub(super) fn spaced(&mut self, ms: i64) {
        self.intervals_ms.push(ms);
    }

    pub(super) fn interval_ms(&self) -> Option<i64> {
        self.intervals_ms.typical()
    }
}

/// The last three spacings; their median is the interval, so one missed sample changes nothing.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Spacing([u32; 3]);

impl Spacing {
    fn push(&mut self, ms: i64) {
        self.0.rotate_left(1);
        self.0[2] = u32::try_from(ms).unwrap_or(u32::MAX);
    }

    fn typical(&self) -> Option<i64> {
        let [mut a, mut b, mut c] = self.0;
        // Three compare-and-swaps put them in order; zeros, which are unknown, come first.
        (a, b) = (a.min(b), a.max(b));
        (b, c) = (b.min(c), b.max(c));
        (a, b) = (a.min(b), a.max(b));
        match (a, b, c) {
            (_, _, 0) => None,
            (_, 0, c) => Some(i64::from(c)),
            (_, b, _) => Some(i64::from(b)),
        }
    }
}
