//! One tally: its channels, its groups, and what samples add to them.

use serde::{Deserialize, Serialize};

use super::Misfit;
use super::channel::{Channel, Period};
use super::presence::Presence;
use super::series::{Route, Step, units};
use super::slices::Sliced;
use crate::slo::Units;
use crate::slo::minutes::{Column, Counted};
use crate::slo::selector::{Labels, Patterns};
use crate::slo::tally::{Declaration, Kind, Measure};
use crate::time::{MINUTE_MS, Minute, Minutes};

/// A closed minute may be amended for so long; then it is sealed.
pub const AMENDABLE: Minutes = Minutes(120);

/// The group of all that came after a tally had as many groups as it may.
pub const OTHER_GROUP: &str = "__other__";

/// So long after its first sample a channel may still have baselines that belong to its beginning.
const GRACE_MS: i64 = 2 * super::INTERVAL_ASSUMED_MS;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) declaration: Declaration,
    pub(super) channels: Vec<Channel>,
    /// Series that count in it, by number.
    pub(super) series: Vec<u32>,
    pub(super) newest_ms: Option<i64>,
    /// Once a sample is later than this, a series that keeps a minute open has fallen silent.
    recheck_ms: i64,
    /// Every minute before is sealed.
    pub(super) sealed: Minute,
    /// The label values of its groups, by number.
    pub(super) groups: Vec<Vec<String>>,
    pub(super) presence: Presence,
    /// The slices that SLOs count of it.
    pub(super) sliced: Vec<Sliced>,
}

/// What a sample brings to a tally.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input {
    /// The number of a counter or gauge.
    Number(f64),
    /// A histogram's observations.
    Histogram(f64),
    /// So much since the sample's start.
    Delta(f64),
}

impl Tally {
    pub(super) fn new(declaration: Declaration) -> Self {
        Self {
            declaration,
            channels: Vec::new(),
            series: Vec::new(),
            newest_ms: None,
            recheck_ms: i64::MAX,
            sealed: Minute(i64::MIN),
            groups: Vec::new(),
            presence: Presence::default(),
            sliced: Vec::new(),
        }
    }

    /// Takes the channels that are no longer wanted out of force, and the new ones into it.
    pub(super) fn declare(
        &mut self,
        at_ms: i64,
        wanted: Option<&Declaration>,
        patterns: &mut Patterns,
    ) -> Result<(), Misfit> {
        let counts = self.in_force();
        let names = |channel: &Channel| {
            wanted.is_some_and(|wanted| wanted.channels.contains(&channel.declared))
        };
        for channel in self.channels.iter_mut().filter(|channel| channel.in_force()) {
            if !names(channel) {
                channel.period().ended_ms = Some(at_ms);
            }
        }
        let Some(wanted) = wanted else { return Ok(()) };
        self.declaration = wanted.clone();
        for declared in &wanted.channels {
            let known = self.channels.iter().position(|channel| channel.declared == *declared);
            let at = known.unwrap_or(self.channels.len());
            if known.is_none() {
                self.channels.push(Channel::new(declared.clone(), patterns)?);
            }
            let channel = &mut self.channels[at];
            if !channel.in_force() {
                let with_tally = !counts;
                let period = Period { declared_ms: at_ms, with_tally, ..Period::default() };
                channel.periods.push(period);
            }
        }
        Ok(())
    }

    /// Whether it counts now.
    pub(super) fn in_force(&self) -> bool {
        self.channels.iter().any(Channel::in_force)
    }

    /// The channels in force that count a series with these labels.
    pub(super) fn channels_of(&self, labels: &Labels) -> impl Iterator<Item = usize> {
        let channels = self.channels.iter().enumerate();
        channels.filter(move |(_, channel)| channel.wants(labels)).map(|(number, _)| number)
    }

    /// The group a series with these labels counts in. First come, first served, and for good: what
    /// comes after the cap shares one.
    pub(super) fn group_of(&mut self, labels: &Labels) -> u32 {
        let grouping = &self.declaration.grouping;
        if grouping.labels.is_empty() {
            return 0;
        }
        let value = |label: &String| labels.get(label).unwrap_or_default().to_owned();
        let values: Vec<String> = grouping.labels.iter().map(value).collect();
        if let Some(known) = self.groups.iter().position(|group| *group == values) {
            return known as u32;
        }
        let other = vec![OTHER_GROUP.to_owned(); grouping.labels.len()];
        let named = self.groups.iter().filter(|group| **group != other).count();
        let wanted = if named < grouping.groups_max as usize { values } else { other };
        let known = self.groups.iter().position(|group| *group == wanted);
        known.unwrap_or_else(|| {
            self.groups.push(wanted);
            self.groups.len() - 1
        }) as u32
    }

    /// Notes who was seen when, for coverage and liveness. `step` is none for what has no baseline.
    pub(super) fn observe(
        &mut self,
        instance: u32,
        (from_ms, at_ms): (Option<i64>, i64),
        step: Option<&Step>,
        route: &mut Route,
    ) {
        self.presence.observe(self.kind(), instance, (from_ms, at_ms), step, route);
        self.hear(at_ms);
    }

    /// Some series of it was heard of that time.
    pub(super) fn hear(&mut self, at_ms: i64) {
        self.newest_ms = self.newest_ms.max(Some(at_ms));
        self.presence.account(at_ms);
    }

    /// Counts what a sample adds to one channel.
    pub(super) fn count(
        &mut self,
        route: &mut Route,
        at_ms: i64,
        step: Option<&Step>,
        input: Input,
        at_most: &mut impl Iterator<Item = f64>,
    ) {
        let sealed = self.sealed;
        let baseline = std::mem::take(&mut route.baseline);
        let channel = &mut self.channels[route.channel as usize];
        match (brought(channel.measure(), input, step, route, at_most), step) {
            (Brought::Nothing, _) | (Brought::Level { .. }, None) => {}
            (Brought::Events(units), _) => {
                channel.period().seen(at_ms, false, GRACE_MS);
                put(channel.column_mut(route.group), at_ms, units, sealed);
            }
            (Brought::Level { now, before }, Some(step)) => {
                let declared_ms = channel.period().declared_ms;
                let grown = grown(step, baseline, (at_ms, declared_ms), now, before);
                channel.period().seen(at_ms, grown.is_none(), GRACE_MS);
                let column = channel.column_mut(route.group);
                match grown {
                    None => {}
                    Some((from_ms, increase)) if at_ms - from_ms > super::GAP.ms() => {
                        spread(column, (from_ms, at_ms), increase, sealed);
                    }
                    Some((_, increase)) => put(column, at_ms, increase, sealed),
                }
            }
        }
    }

    /// A series of a channel had a sample; says whether an open minute of the tally may close:
    /// nobody keeps it open any more, or somebody who has fallen silent.
    pub(super) fn rise(&mut self, route: &mut Route, at_ms: i64, patience_ms: i64) -> bool {
        let newest_ms = self.newest_ms.unwrap_or(at_ms);
        let tide = &mut self.channels[route.channel as usize].tide;
        let free = tide.rise(route, at_ms, patience_ms, newest_ms);
        self.recheck_ms = self.recheck_ms.min(tide.recheck_ms.unwrap_or(i64::MAX));
        free || newest_ms > self.recheck_ms
    }

    /// Before its series change: closed minutes stay closed.
    pub(super) fn settle(&mut self) {
        let Some(newest_ms) = self.newest_ms else { return };
        let counting = self.channels.iter_mut().filter(|channel| channel.in_force());
        counting.for_each(|channel| channel.tide.settle(newest_ms));
    }

    /// Whether the open minute of a channel may close.
    pub(super) fn may_close(&self, channel: usize) -> bool {
        let newest_ms = self.newest_ms.unwrap_or(i64::MIN);
        self.channels[channel].tide.may_close(newest_ms)
    }

    /// After the series of a channel were looked over: moves on what follows from the open minutes.
    pub(super) fn surveyed(&mut self) {
        let Some(newest_ms) = self.newest_ms else { return };
        let newest = Minute::of_ms(newest_ms);
        let counting = || self.channels.iter().filter(|channel| channel.in_force());
        let open = counting().map(|channel| channel.open(newest)).min().unwrap_or(newest);
        let rechecks = counting().filter_map(|channel| channel.tide.recheck_ms);
        self.recheck_ms = rechecks.min().unwrap_or(i64::MAX);
        let sealed = self.sealed.max(open.plus(-i64::from(AMENDABLE.0)));
        if sealed > self.sealed {
            self.sealed = sealed;
            self.judge_sealed();
        }
    }

    /// A series of it is forgotten.
    pub(super) fn forget(&mut self, route: &mut Route) {
        self.channels[route.channel as usize].tide.fall(route);
        self.presence.part(route);
    }

    /// What kind of series it counts.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.channels.first().map(|channel| channel.measure().kind())
    }
}

/// What a sample is to one channel.
enum Brought {
    /// It is of another kind than the channel counts.
    Nothing,
    /// So many events.
    Events(Units),
    /// A cumulative channel stands there now, and stood there before.
    Level { now: f64, before: f64 },
}

fn brought(
    measure: Measure,
    input: Input,
    step: Option<&Step>,
    route: &mut Route,
    at_most: &mut impl Iterator<Item = f64>,
) -> Brought {
    let before = match step {
        Some(Step::On { since, .. }) => since.unwrap_or_default(),
        Some(Step::First { .. }) | None => 0.0,
    };
    match (measure, input) {
        (Measure::Increase, Input::Number(now)) => Brought::Level { now, before },
        (Measure::Observations, Input::Histogram(now)) => Brought::Level { now, before },
        (Measure::AtMost(_), Input::Histogram(_)) => {
            let now = at_most.next().unwrap_or(route.at_most);
            Brought::Level { now, before: std::mem::replace(&mut route.at_most, now) }
        }
        (Measure::Samples, Input::Number(_)) => Brought::Events(Units::events(1)),
        (Measure::Meeting(condition), Input::Number(value)) => {
            Brought::Events(Units::events(u64::from(condition.holds(value))))
        }
        (Measure::Increase | Measure::Observations, Input::Delta(value)) => {
            Brought::Events(units(value))
        }
        (Measure::Increase, Input::Histogram(_))
        | (Measure::Observations | Measure::AtMost(_), Input::Number(_))
        | (
            Measure::AtMost(_) | Measure::Samples | Measure::Meeting(_),
            Input::Delta(_) | Input::Histogram(_),
        ) => Brought::Nothing,
    }
}

/// Counts what was seen when it happened.
fn put(column: &mut Column, at_ms: i64, units: Units, sealed: Minute) {
    let counted = Counted { units, inferred: Units(0) };
    column.add(Minute::of_ms(at_ms), counted, sealed);
}

/// By how much a cumulative channel grew, and since when; none when this is its baseline.
fn grown(
    step: &Step,
    baseline: bool,
    (at_ms, declared_ms): (i64, i64),
    now: f64,
    before: f64,
) -> Option<(i64, Units)> {
    match *step {
        Step::On { .. } if baseline => None,
        Step::First { start_ms: Some(start_ms), counted_ms, .. } => {
            let began = start_ms > declared_ms.max(counted_ms) && start_ms <= at_ms;
            began.then(|| (start_ms, units(now)))
        }
        Step::First { start_ms: None, born_after_ms, grace_ms, .. } => {
            let born = at_ms > born_after_ms.max(declared_ms) + grace_ms;
            born.then(|| (at_ms, units(now)))
        }
        Step::On { from_ms, since: None, .. } => Some((from_ms, Units(0))),
        Step::On { from_ms, reset: true, .. } => Some((from_ms, units(now))),
        Step::On { from_ms, .. } => Some((from_ms, units(now).minus(units(before)))),
    }
}

/// Spreads an increase evenly over (from, to], in whole events if it is whole.
fn spread(column: &mut Column, (from_ms, to_ms): (i64, i64), increase: Units, sealed: Minute) {
    let grain = if increase.0.is_multiple_of(Units::PER_EVENT) { Units::PER_EVENT } else { 1 };
    let grains = increase.0 / grain;
    let length_ms = (to_ms - from_ms) as u128;
    let until = |ms: i64| grains.saturating_mul((ms - from_ms) as u128) / length_ms;
    let mut at_ms = from_ms;
    while at_ms < to_ms {
        let minute = Minute::of_ms(at_ms);
        let end_ms = to_ms.min(minute.start_ms() + MINUTE_MS);
        let share = Units((until(end_ms) - until(at_ms)) * grain);
        if share > Units(0) {
            column.add(minute, Counted { units: share, inferred: share }, sealed);
        }
        at_ms = end_ms;
    }
}
