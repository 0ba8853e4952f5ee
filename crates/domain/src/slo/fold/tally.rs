//! One tally: its channels' minutes, and how well its instances were covered.

use std::collections::BTreeMap;

use super::series::{Route, Step};
use super::{InstanceHash, Misfit, STATE_KEPT};
use crate::slo::Units;
use crate::slo::minutes::{Column, Coverage, Stretch};
use crate::slo::selector::{Compiled, Labels};
use crate::slo::tally::{Declaration, Fingerprint, channel};
use crate::time::{MINUTE_MS, Minute};

#[derive(Debug)]
pub(super) struct Tally {
    pub(super) declaration: Declaration,
    pub(super) channels: Vec<Channel>,
    pub(super) coverage: Coverage,
    /// Series that count in it, by number.
    pub(super) series: Vec<usize>,
    pub(super) first_ms: Option<i64>,
    pub(super) newest_ms: Option<i64>,
    members: BTreeMap<InstanceHash, Member>,
    /// Up to when it is accounted which instances were expected.
    accounted_ms: i64,
}

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) id: Fingerprint,
    pub(super) column: Column,
    /// When its present route started, by our clock.
    pub(super) declared_ms: i64,
    /// Whether it started together with the tally, and so shares its beginning.
    pub(super) with_tally: bool,
    selector: Compiled,
    in_force: bool,
    was_in_force: bool,
}

/// One instance of a tally.
#[derive(Debug)]
struct Member {
    /// Expected from here on, unless it has left.
    from_ms: i64,
    left_ms: Option<i64>,
    /// Up to here its time is covered or bridged: several series of it count once.
    known_ms: i64,
    /// Its newest sample: silent for longer than state is kept, it is expected no more.
    seen_ms: i64,
    /// Its series that were seen since the last declaration and have not ended.
    live: u32,
}

impl Tally {
    pub(super) fn new(declaration: Declaration) -> Self {
        Self {
            declaration,
            channels: Vec::new(),
            coverage: Coverage::default(),
            series: Vec::new(),
            first_ms: None,
            newest_ms: None,
            members: BTreeMap::new(),
            accounted_ms: i64::MIN,
        }
    }

    /// Takes its channels out of force, until they are declared again.
    pub(super) fn retire(&mut self) {
        for channel in &mut self.channels {
            channel.was_in_force = std::mem::take(&mut channel.in_force);
        }
        self.members.values_mut().for_each(|member| member.live = 0);
    }

    pub(super) fn declare(&mut self, at_ms: i64, wanted: &Declaration) -> Result<(), Misfit> {
        let fresh = self.channels.is_empty();
        self.declaration = wanted.clone();
        for selector in &wanted.channels {
            let id = channel(selector);
            if let Some(known) = self.channels.iter_mut().find(|known| known.id == id) {
                known.in_force = true;
                if !known.was_in_force {
                    known.declared_ms = at_ms;
                    known.with_tally = false;
                }
                continue;
            }
            self.channels.push(Channel {
                id,
                column: Column::default(),
                declared_ms: at_ms,
                with_tally: fresh,
                selector: selector.compile()?,
                in_force: true,
                was_in_force: true,
            });
        }
        Ok(())
    }

    /// The channels in force that count a series with these labels.
    pub(super) fn channels_of(&self, labels: &Labels) -> impl Iterator<Item = usize> {
        let counts = |channel: &Channel| channel.in_force && channel.selector.matches(labels);
        let channels = self.channels.iter().enumerate();
        channels.filter(move |(_, channel)| counts(channel)).map(|(number, _)| number)
    }

    /// Notes who was seen when, for coverage and liveness.
    pub(super) fn observe(
        &mut self,
        instance: InstanceHash,
        at_ms: i64,
        step: &Step,
        route: &mut Route,
    ) {
        self.first_ms = Some(self.first_ms.map_or(at_ms, |first_ms| first_ms.min(at_ms)));
        self.newest_ms = self.newest_ms.max(Some(at_ms));
        self.expect(instance, at_ms, !std::mem::replace(&mut route.live, true));
        if !route.baseline {
            self.cover(instance, at_ms, step);
        }
        self.account(at_ms);
    }

    /// The instance is expected from its first sample on, or again after it had left.
    fn expect(&mut self, instance: InstanceHash, at_ms: i64, newly_live: bool) {
        let accounted_ms = self.accounted_ms;
        let member = self.members.entry(instance).or_insert(Member {
            from_ms: i64::MAX,
            left_ms: Some(i64::MIN),
            known_ms: at_ms,
            seen_ms: at_ms,
            live: 0,
        });
        let forgotten = at_ms - member.seen_ms > STATE_KEPT.ms();
        member.seen_ms = member.seen_ms.max(at_ms);
        member.live += u32::from(newly_live);
        if member.left_ms.take().is_some() || forgotten {
            member.from_ms = at_ms;
            self.coverage.mark(at_ms, accounted_ms, Stretch::Expected);
        }
    }

    fn cover(&mut self, instance: InstanceHash, at_ms: i64, step: &Step) {
        let Some(member) = self.members.get_mut(&instance) else { return };
        let Step::On { from_ms, gap, was_stale, reset, .. } = *step else { return };
        let stretch = match (gap || was_stale, reset) {
            (false, _) => Stretch::Covered,
            (true, false) => Stretch::Bridged,
            (true, true) => return,
        };
        self.coverage.mark(from_ms.max(member.known_ms), at_ms, stretch);
        member.known_ms = member.known_ms.max(at_ms);
    }

    /// Accounts whole minutes up to the one that holds `at_ms`.
    fn account(&mut self, at_ms: i64) {
        let until_ms = Minute::of_ms(at_ms).start_ms();
        if until_ms <= self.accounted_ms {
            return;
        }
        for member in self.members.values() {
            let from_ms = member.from_ms.max(self.accounted_ms);
            let forgotten_ms = member.seen_ms.saturating_add(STATE_KEPT.ms());
            let to_ms = until_ms.min(member.left_ms.unwrap_or(forgotten_ms));
            self.coverage.mark(from_ms, to_ms, Stretch::Expected);
        }
        self.accounted_ms = until_ms;
    }

    /// A series ended; with its last one the instance is not expected from there on.
    pub(super) fn leave(&mut self, instance: InstanceHash, at_ms: i64, route: &mut Route) {
        let Some(member) = self.members.get_mut(&instance) else { return };
        member.live -= u32::from(std::mem::take(&mut route.live));
        if member.live == 0 && member.left_ms.is_none() {
            member.left_ms = Some(at_ms);
            let from_ms = at_ms.max(member.from_ms);
            self.coverage.mark(from_ms, self.accounted_ms, Stretch::Unexpected);
        }
    }

    /// Counts what a sample adds to one channel.
    pub(super) fn count(&mut self, route: &Route, at_ms: i64, step: &Step) {
        let channel = &mut self.channels[route.channel];
        match *step {
            _ if route.baseline => {}
            Step::First { value, born_after_ms, grace_ms } => {
                if at_ms > born_after_ms.max(channel.declared_ms) + grace_ms {
                    channel.column.add(Minute::of_ms(at_ms), value);
                }
            }
            Step::On { from_ms, increase, gap: true, .. } => {
                spread(&mut channel.column, from_ms, at_ms, increase);
            }
            Step::On { increase, gap: false, .. } => {
                channel.column.add(Minute::of_ms(at_ms), increase);
            }
        }
    }
}

/// Spreads an increase evenly over (from, to], in whole events if it is whole.
fn spread(column: &mut Column, from_ms: i64, to_ms: i64, increase: Units) {
    let grain = if increase.0.is_multiple_of(Units::PER_EVENT) { Units::PER_EVENT } else { 1 };
    let grains = u128::from(increase.0 / grain);
    let length_ms = (to_ms - from_ms) as u128;
    let until = |ms: i64| (grains * (ms - from_ms) as u128 / length_ms) as u64;
    let mut at_ms = from_ms;
    while at_ms < to_ms {
        let minute = Minute::of_ms(at_ms);
        let end_ms = to_ms.min(minute.start_ms() + MINUTE_MS);
        let share = until(end_ms) - until(at_ms);
        if share > 0 {
            column.add_inferred(minute, Units(share * grain));
        }
        at_ms = end_ms;
    }
}
