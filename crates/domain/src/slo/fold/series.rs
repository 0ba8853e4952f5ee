//! The state of one series, and what its next sample means.

use super::{GAP, INTERVAL_ASSUMED_MS, InstanceHash, STATE_KEPT};
use crate::slo::Units;
use crate::slo::selector::Labels;

/// One series that some tally counts.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) labels: Labels,
    pub(super) instance: InstanceHash,
    pub(super) routes: Vec<Route>,
    pub(super) first_ms: Option<i64>,
    pub(super) last: Option<Last>,
    pub(super) stale_ms: Option<i64>,
    intervals_ms: Spacing,
}

/// The last accepted sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    pub(super) at_ms: i64,
    pub(super) value: f64,
}

/// One channel a series counts in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    pub(super) tally: usize,
    pub(super) channel: usize,
    /// Whether it is the first of its series' routes into that tally.
    pub(super) first_of_tally: bool,
    /// The next sample is this route's baseline: the series is older than the route.
    pub(super) baseline: bool,
    /// Whether the tally counts this series among its instance's live ones.
    pub(super) live: bool,
}

/// What a sample means after the one before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// Nothing is known of the time before; `from_zero` is the count since the counter began, for
    /// those tallies whose route started before the counter can have.
    First {
        /// The counter's value.
        value: Units,
        /// The sample must lie after this for its value to count from zero.
        born_after_ms: i64,
        /// Two intervals.
        grace_ms: i64,
    },
    /// The counter went on.
    On {
        /// The sample before.
        from_ms: i64,
        /// How many events since.
        increase: Units,
        /// Whether it lies more than five minutes back.
        gap: bool,
        /// Whether the series had ended in between.
        was_stale: bool,
        /// Whether the counter started again in between: events may be lost.
        reset: bool,
    },
}

impl Series {
    pub(super) fn new(instance: InstanceHash, labels: Labels) -> Self {
        Self {
            labels,
            instance,
            routes: Vec::new(),
            first_ms: None,
            last: None,
            stale_ms: None,
            intervals_ms: Spacing::default(),
        }
    }

    /// Sets its routes, keeping what is known of those it already had. A route that is new to a
    /// series with samples starts with a baseline.
    pub(super) fn reroute(&mut self, mut routes: Vec<Route>, started: bool) {
        for route in &mut routes {
            let same = |old: &&Route| old.tally == route.tally && old.channel == route.channel;
            route.baseline = self.routes.iter().find(same).map_or(started, |old| old.baseline);
        }
        self.routes = routes;
    }

    /// The time of its last sample or stale marker.
    pub(super) fn seen_ms(&self) -> Option<i64> {
        self.last.map(|last| last.at_ms).max(self.stale_ms)
    }

    pub(super) fn is_live(&self) -> bool {
        self.last.is_some() && self.stale_ms.is_none()
    }

    pub(super) fn interval_ms(&self) -> Option<i64> {
        self.intervals_ms.typical()
    }

    /// Takes in a sample newer than all before it.
    pub(super) fn advance(
        &mut self,
        at_ms: i64,
        value: f64,
        instance_first_ms: i64,
        instance_interval_ms: Option<i64>,
    ) -> Step {
        let was_stale = self.stale_ms.take().is_some();
        self.first_ms.get_or_insert(at_ms);
        let before = self.last.replace(Last { at_ms, value });
        let Some(before) = before.filter(|last| at_ms - last.at_ms <= STATE_KEPT.ms()) else {
            let interval_ms = instance_interval_ms.unwrap_or(INTERVAL_ASSUMED_MS);
            return Step::First {
                value: units(value),
                born_after_ms: instance_first_ms,
                grace_ms: 2 * interval_ms,
            };
        };
        let gap = at_ms - before.at_ms > GAP.ms();
        if !gap && !was_stale {
            self.intervals_ms.push(at_ms - before.at_ms);
        }
        let reset = value < before.value;
        let since = if reset { Units(0) } else { units(before.value) };
        let increase = units(value).minus(since);
        Step::On { from_ms: before.at_ms, increase, gap, was_stale, reset }
    }

    /// Takes in a stale marker.
    pub(super) fn end(&mut self, at_ms: i64) {
        self.stale_ms = Some(at_ms);
    }
}

/// A counter's value in units. Differences of these telescope, so no rounding accumulates.
fn units(value: f64) -> Units {
    let whole = value.trunc();
    let part = ((value - whole) * Units::PER_EVENT as f64).round() as u64;
    Units((whole as u64).saturating_mul(Units::PER_EVENT).saturating_add(part))
}

/// Who exposes series.
#[derive(Debug, Default)]
pub(super) struct Instance {
    first_ms: Option<i64>,
    intervals_ms: Spacing,
}

impl Instance {
    /// Notes a sample; returns the time of the earliest.
    pub(super) fn seen(&mut self, at_ms: i64) -> i64 {
        let first_ms = self.first_ms.map_or(at_ms, |first_ms| first_ms.min(at_ms));
        self.first_ms = Some(first_ms);
        first_ms
    }

    pub(super) fn spaced(&mut self, ms: i64) {
        self.intervals_ms.push(ms);
    }

    pub(super) fn interval_ms(&self) -> Option<i64> {
        self.intervals_ms.typical()
    }
}

/// The last three spacings; their median is the interval, so one missed sample changes nothing.
#[derive(Debug, Default)]
struct Spacing([i64; 3]);

impl Spacing {
    fn push(&mut self, ms: i64) {
        self.0.rotate_left(1);
        self.0[2] = ms;
    }

    fn typical(&self) -> Option<i64> {
        let mut known: Vec<i64> = self.0.iter().copied().filter(|ms| *ms > 0).collect();
        known.sort_unstable();
        match known.len() {
            0 => None,
            count => Some(known[(count - 1) / 2]),
        }
    }
}
