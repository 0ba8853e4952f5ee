//! A naive reading of the rules: every sample is kept, every state is worked out from them.
//!
//! Nothing here is taken from the fold. Times are milliseconds, minutes are numbers, units are
//! millionths of an event.

mod asked;

use std::collections::{BTreeMap, BTreeSet};

use super::member::{Gap, Member};
use super::pool::{Chan, GAUGES, GROUPED, GROUPS_MAX, Key, Plan};
use super::slicing::Cut;
use super::sums::{interval, micro, minute};

pub(super) const MINUTE: i64 = 60_000;
const GAP_MS: i64 = 5 * MINUTE;
pub(super) const WEEK_MS: i64 = 7 * 1_440 * MINUTE;
const LATE_MS: i64 = 120 * MINUTE;
const REMEMBERED: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Oracle {
    /// Counts records, so that it can be said what came before what.
    pub(super) record: u64,
    pub(super) readers: BTreeMap<u8, Vec<Generation>>,
    pub(super) channels: BTreeMap<(u8, Chan), Channel>,
    pub(super) tallies: BTreeMap<u8, Tally>,
    pub(super) series: BTreeMap<u32, Series>,
    free: Vec<u32>,
    places: u32,
    instances: BTreeMap<u8, Instance>,
    newest: i64,
    pub(super) sender: u8,
    /// Which slices are judged for good, and since which record.
    pub(super) rules: BTreeMap<RuleOf, u64>,
    /// The records after which all slices sealed before were judged.
    pub(super) looked_back: Vec<u64>,
}

/// A rule of slices: the tally, its total and part, whether that is bad, and how it is cut.
pub(super) type RuleOf = (u8, Chan, Chan, bool, Cut);

#[derive(Debug)]
pub(super) struct Generation {
    pub(super) plan: Plan,
    pub(super) from: Option<i64>,
    pub(super) to: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Channel {
    pub(super) periods: Vec<Period>,
    /// (group, minute) → what was counted.
    pub(super) cells: BTreeMap<(u32, i64), Cell>,
    pub(super) open: Option<i64>,
}

#[derive(Debug)]
pub(super) struct Period {
    record: u64,
    pub(super) declared: i64,
    pub(super) with_tally: bool,
    pub(super) first: Option<i64>,
    pub(super) settled: Option<i64>,
    pub(super) ended: Option<i64>,
}

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Cell {
    pub(super) units: u128,
    pub(super) inferred: u128,
    pub(super) corrected: u128,
    /// What was seen when it happened, before the minute was sealed.
    pub(super) seen: u128,
}

#[derive(Debug)]
pub(super) struct Tally {
    pub(super) newest: Option<i64>,
    pub(super) groups: Vec<String>,
    pub(super) members: BTreeMap<u8, Member>,
    sealed: i64,
    /// Each record that sealed minutes, and up to where.
    pub(super) sealings: Vec<(u64, i64)>,
}

#[derive(Debug)]
pub(super) struct Series {
    pub(super) key: Key,
    samples: Vec<Sample>,
    stale: Option<i64>,
    pub(super) start: Option<i64>,
    spacings: Vec<i64>,
    deltas: BTreeSet<(i64, i64)>,
    /// By tally: since which record some channel of it wants this series without a break.
    routed: BTreeMap<u8, u64>,
    groups: BTreeMap<u8, u32>,
    /// The last record of it that was a sample, and two of its intervals as known then.
    touched: u64,
    patience: i64,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    at: i64,
    value: f64,
    at_most: [f64; 2],
    start: Option<i64>,
    sender: u8,
    record: u64,
}

#[derive(Debug, Default)]
struct Instance {
    first: Option<i64>,
    seen: i64,
    spacings: Vec<i64>,
    /// When each of its series that were forgotten was seen last.
    lost: Vec<i64>,
}

impl Oracle {
    pub(super) fn declare(&mut self, at: i64, slots: &[(u8, Plan)]) {
        self.record += 1;
        let wanted: BTreeSet<(u8, Chan)> =
            slots.iter().flat_map(|(_, p)| [(p.tally, p.total), (p.tally, p.part)]).collect();
        let counting: BTreeSet<u8> =
            self.channels.iter().filter(|(_, c)| c.in_force()).map(|(key, _)| key.0).collect();
        for (key, channel) in &mut self.channels {
            if channel.in_force() && !wanted.contains(key) {
                channel.periods.last_mut().expect("in force").ended = Some(at);
            }
        }
        for key in wanted {
            let channel = self.channels.entry(key).or_default();
            if !channel.in_force() {
                channel.periods.push(Period {
                    record: self.record,
                    declared: at,
                    with_tally: !counting.contains(&key.0),
                    first: None,
                    settled: None,
                    ended: None,
                });
            }
            self.tallies.entry(key.0).or_insert_with(|| Tally {
                newest: None,
                groups: Vec::new(),
                members: BTreeMap::new(),
                sealed: i64::MIN,
                sealings: Vec::new(),
            });
        }
        for (slot, generations) in &mut self.readers {
            let now = slots.iter().find(|(wanted, _)| wanted == slot).map(|(_, plan)| *plan);
            if let Some(last) = generations.last_mut().filter(|last| last.to.is_none())
                && Some(last.plan) != now
            {
                last.to = Some(at);
            }
        }
        for (slot, plan) in slots {
            let generations = self.readers.entry(*slot).or_default();
            if generations.last().is_none_or(|last| last.to.is_some()) {
                let from = (!generations.is_empty()).then_some(at);
                generations.push(Generation { plan: *plan, from, to: None });
            }
        }
        let places: Vec<u32> = self.series.keys().copied().collect();
        places.into_iter().for_each(|place| self.route(place));
        self.tick();
    }

    fn route(&mut self, place: u32) {
        let key = self.series[&place].key;
        let wanting: BTreeSet<u8> =
            self.wanting(&key).into_iter().map(|(tally, _)| tally).collect();
        for tally in &wanting {
            let group = if *tally == GROUPED { self.group(key.path) } else { 0 };
            self.series.get_mut(&place).expect("present").groups.insert(*tally, group);
        }
        let record = self.record;
        let series = self.series.get_mut(&place).expect("present");
        series.routed.retain(|tally, _| wanting.contains(tally));
        wanting.into_iter().for_each(|tally| _ = series.routed.entry(tally).or_insert(record));
    }

    fn group(&mut self, path: &str) -> u32 {
        let groups = &mut self.tallies.get_mut(&GROUPED).expect("declared").groups;
        let named = groups.iter().filter(|group| *group != "__other__").count();
        let of = |groups: &Vec<String>, path: &str| groups.iter().position(|group| group == path);
        let known = of(groups, path);
        let wanted = if named < GROUPS_MAX as usize { path } else { "__other__" };
        let number = known.or_else(|| of(groups, wanted)).unwrap_or_else(|| {
            groups.push(wanted.to_owned());
            groups.len() - 1
        });
        number as u32
    }

    /// The channels in force that want a series.
    pub(super) fn wanting(&self, key: &Key) -> Vec<(u8, Chan)> {
        let in_force = self.channels.iter().filter(|(_, channel)| channel.in_force());
        in_force.map(|(of, _)| *of).filter(|(_, chan)| chan.wants(key)).collect()
    }

    pub(super) fn instance(&mut self, instance: u8, at: i64) {
        self.record += 1;
        self.seen(instance, at);
        self.tick();
    }

    fn seen(&mut self, instance: u8, at: i64) -> i64 {
        let of = self.instances.entry(instance).or_default();
        if of.first.is_some() && at - of.seen > WEEK_MS {
            *of = Instance { lost: std::mem::take(&mut of.lost), ..Instance::default() };
        }
        of.seen = if of.first.is_some() { of.seen.max(at) } else { at };
        *of.first.insert(of.first.map_or(at, |first| first.min(at)))
    }

    pub(super) fn place(&self, key: &Key) -> Option<u32> {
        self.series.iter().find(|(_, series)| series.key == *key).map(|(place, _)| *place)
    }

    /// The place of the next series that appears.
    pub(super) fn next_place(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.places)
    }

    pub(super) fn appear(&mut self, key: Key) {
        self.record += 1;
        let place = self.next_place();
        if self.free.pop().is_none() {
            self.places += 1;
        }
        self.instances.entry(key.instance).or_default();
        let series = Series {
            key,
            samples: Vec::new(),
            stale: None,
            start: None,
            spacings: Vec::new(),
            deltas: BTreeSet::new(),
            routed: BTreeMap::new(),
            groups: BTreeMap::new(),
            touched: 0,
            patience: 0,
        };
        self.series.insert(place, series);
        self.route(place);
        self.tick();
    }

    pub(super) fn sample(&mut self, place: u32, at: i64, value: f64, at_most: [f64; 2]) {
        self.record += 1;
        self.newest = self.newest.max(at);
        let key = self.series[&place].key;
        let first_of_instance = self.seen(key.instance, at);
        let known = interval(&self.instances[&key.instance].spacings);
        let patience = 2 * known.unwrap_or(MINUTE);
        let (record, sender) = (self.record, self.sender);
        let series = self.series.get_mut(&place).expect("present");
        let was_stale = series.stale.take().is_some();
        let now = Sample { at, value, at_most, start: series.start, sender, record };
        let before = series.samples.last().copied().filter(|before| at - before.at <= WEEK_MS);
        series.samples.push(now);
        series.touched = record;
        match before {
            Some(before) if at - before.at <= GAP_MS && !was_stale => {
                series.spacings.push(at - before.at);
                let instance = self.instances.get_mut(&key.instance).expect("seen");
                instance.spacings.push(at - before.at);
            }
            Some(_) => {}
            None => series.spacings.clear(),
        }
        self.await_next(place);
        for tally in self.series[&place].routed.keys().copied().collect::<Vec<u8>>() {
            self.meet(tally, key.instance, at);
            self.cover(tally, place, before, now, was_stale);
        }
        for (tally, chan) in self.wanting(&key) {
            self.count(tally, chan, place, before, now, first_of_instance, patience);
        }
        self.tick();
    }

    fn await_next(&mut self, place: u32) {
        let series = self.series.get_mut(&place).expect("present");
        let of_instance = || interval(&self.instances[&series.key.instance].spacings);
        series.patience = 2 * interval(&series.spacings).or_else(of_instance).unwrap_or(MINUTE);
    }

    #[expect(clippy::too_many_arguments, reason = "everything a sample's meaning depends on")]
    fn count(
        &mut self,
        tally: u8,
        chan: Chan,
        place: u32,
        before: Option<Sample>,
        now: Sample,
        first_of_instance: i64,
        patience: i64,
    ) {
        let group = self.series[&place].groups[&tally];
        let lost = self.instances[&self.series[&place].key.instance].lost.iter().copied().max();
        let declared = self.channels[&(tally, chan)].periods.last().expect("in force");
        let (declared_record, declared) = (declared.record, declared.declared);
        let of = |sample: &Sample| {
            let [half, one] = sample.at_most;
            micro(match (chan == Chan::AtMostHalf, chan == Chan::AtMostOne) {
                (true, _) => half,
                (_, true) => one,
                (false, false) => sample.value,
            })
        };
        let at = now.at;
        if let Chan::Up | Chan::UpMeeting = chan {
            let good = chan == Chan::Up || now.value >= 1.0;
            self.add(tally, chan, group, minute(at), if good { 1_000_000 } else { 0 }, false);
            return self.note(tally, chan, at, false);
        }
        let grown = match (before, now.start) {
            (Some(before), _) if before.record < declared_record => None,
            (Some(before), _) => {
                let increase = match meaning(&before, &now) {
                    Meaning::Reset => of(&now),
                    Meaning::Handover => 0,
                    Meaning::On => of(&now).saturating_sub(of(&before)),
                };
                Some((before.at, increase))
            }
            (None, Some(start)) => {
                // What began before might have been counted, and forgotten since.
                let fresh = start > declared && start > at - WEEK_MS && start <= at;
                let uncounted = lost.is_none_or(|lost| start > lost);
                (fresh && uncounted).then(|| (start, of(&now)))
            }
            // It might be one of these, and their state should hold still.
            (None, None) if lost.is_some_and(|lost| at - lost <= WEEK_MS) => None,
            (None, None) => {
                (at > first_of_instance.max(declared) + patience).then(|| (at, of(&now)))
            }
        };
        self.note(tally, chan, at, grown.is_none());
        match grown {
            None => {}
            Some((from, increase)) if at - from > GAP_MS => {
                self.spread(tally, chan, group, (from, at), increase);
            }
            Some((_, increase)) => self.add(tally, chan, group, minute(at), increase, false),
        }
    }

    fn spread(
        &mut self,
        tally: u8,
        chan: Chan,
        group: u32,
        (from, to): (i64, i64),
        increase: u128,
    ) {
        let grain = if increase.is_multiple_of(1_000_000) { 1_000_000 } else { 1 };
        let grains = (increase / grain) as i128;
        let by = |ms: i64| (grains * i128::from(ms - from) / i128::from(to - from)) as u128;
        for of in minute(from)..=minute(to) {
            let (start, end) = ((of * MINUTE).clamp(from, to), ((of + 1) * MINUTE).clamp(from, to));
            self.add(tally, chan, group, of, (by(end) - by(start)) * grain, true);
        }
    }

    fn add(&mut self, tally: u8, chan: Chan, group: u32, minute: i64, units: u128, inferred: bool) {
        let corrected = minute < self.tallies[&tally].sealed;
        let channel = self.channels.get_mut(&(tally, chan)).expect("in force");
        let cell = channel.cells.entry((group, minute)).or_default();
        cell.units += units;
        cell.inferred += if inferred { units } else { 0 };
        cell.corrected += if corrected { units } else { 0 };
        cell.seen += if corrected || inferred { 0 } else { units };
    }

    fn note(&mut self, tally: u8, chan: Chan, at: i64, baseline: bool) {
        let channel = self.channels.get_mut(&(tally, chan)).expect("in force");
        let period = channel.periods.last_mut().expect("in force");
        let first = *period.first.insert(period.first.map_or(at, |first| first.min(at)));
        if baseline && at <= first + 2 * MINUTE {
            period.settled = period.settled.max(Some(at));
        }
    }

    /// An instance is expected from its first sample on, and again after it had left.
    fn meet(&mut self, tally: u8, instance: u8, at: i64) {
        let tally = self.tallies.get_mut(&tally).expect("declared");
        tally.newest = tally.newest.max(Some(at));
        let member = tally.members.entry(instance).or_insert_with(|| Member {
            known: at,
            seen: at,
            covered: Vec::new(),
            covered_in: Vec::new(),
            gaps: Vec::new(),
            ends: Vec::new(),
            presences: vec![(at, None)],
        });
        let last = member.presences.last_mut().expect("there is one");
        if let Some(left) = last.1 {
            member.presences.push((at.max(left), None));
        } else if at - member.seen > WEEK_MS {
            last.1 = Some(member.seen + WEEK_MS);
            member.presences.push((at, None));
        }
        member.seen = member.seen.max(at);
    }

    fn cover(&mut self, tally: u8, place: u32, before: Option<Sample>, now: Sample, stale: bool) {
        let series = &self.series[&place];
        let routed = series.routed[&tally];
        let members = &mut self.tallies.get_mut(&tally).expect("declared").members;
        let member = members.get_mut(&series.key.instance).expect("met");
        let Some(before) = before.filter(|before| before.record >= routed) else { return };
        let stretch = (before.at.max(member.known), now.at);
        if now.at - before.at <= GAP_MS && !stale {
            member.covered.push(stretch);
            member.covered_in.push(self.record);
        } else if tally == GAUGES {
            return;
        } else {
            let restarted = meaning(&before, &now) == Meaning::Reset;
            let bridges = (!restarted).then_some(stretch);
            member.gaps.push(Gap { of: (before.at, now.at), bridges, heard: member.seen });
            if member.bridges(member.gaps.len() - 1).is_none() {
                return;
            }
        }
        member.known = member.known.max(now.at);
    }

    pub(super) fn delta(&mut self, place: u32, start: i64, at: i64, value: f64) {
        self.record += 1;
        self.newest = self.newest.max(at);
        let key = self.series[&place].key;
        self.seen(key.instance, at);
        let record = self.record;
        let series = self.series.get_mut(&place).expect("present");
        let late = series.seen().is_some_and(|seen| seen >= at);
        let before = series.last();
        series.deltas.insert((start, at));
        if late {
            for tally in series.routed.keys() {
                let tally = self.tallies.get_mut(tally).expect("declared");
                tally.newest = tally.newest.max(Some(at));
            }
        } else {
            series.touched = record;
            let was_stale = series.stale.take().is_some();
            let spacing = before.map(|before| at - before).filter(|ms| *ms <= GAP_MS);
            if let Some(spacing) = spacing.filter(|_| !was_stale) {
                series.spacings.push(spacing);
                self.instances.get_mut(&key.instance).expect("seen").spacings.push(spacing);
            }
            self.await_next(place);
            self.cover_delta(place, start, at);
        }
        for (tally, chan) in self.wanting(&key) {
            let group = self.series[&place].groups[&tally];
            self.add(tally, chan, group, minute(at), micro(value), false);
            self.note(tally, chan, at, false);
        }
        self.tick();
    }

    fn cover_delta(&mut self, place: u32, start: i64, at: i64) {
        let instance = self.series[&place].key.instance;
        for tally in self.series[&place].routed.keys().copied().collect::<Vec<u8>>() {
            self.meet(tally, instance, at);
            let members = &mut self.tallies.get_mut(&tally).expect("declared").members;
            let member = members.get_mut(&instance).expect("met");
            member.covered.push((start.max(member.known), at));
            member.covered_in.push(self.record);
            member.known = member.known.max(at);
        }
    }

    /// Whether a series of a tally speaks: it had a sample since it counts there, and no end.
    fn speaks(&self, tally: u8, series: &Series) -> bool {
        let since = series.routed.get(&tally);
        series.stale.is_none() && since.is_some_and(|since| series.touched >= *since)
    }

    pub(super) fn stale(&mut self, place: u32, at: i64) {
        self.record += 1;
        let instance = self.series[&place].key.instance;
        let spoke: Vec<u8> = {
            let series = &self.series[&place];
            series.routed.keys().copied().filter(|tally| self.speaks(*tally, series)).collect()
        };
        self.series.get_mut(&place).expect("present").stale = Some(at);
        for tally in spoke {
            let mut of = self.series.values().filter(|s| s.key.instance == instance);
            let empty = !of.any(|series| self.speaks(tally, series));
            let members = &mut self.tallies.get_mut(&tally).expect("declared").members;
            let member = members.get_mut(&instance).expect("it spoke");
            member.ends.push(at);
            let last = member.presences.last_mut().expect("there is one");
            if empty && last.1.is_none() {
                let ended = member.ends.iter().copied().fold(last.0, i64::max);
                last.1 = Some(ended.min(member.seen + WEEK_MS));
            }
        }
        self.tick();
    }

    pub(super) fn forget(&mut self, places: &[u32]) {
        self.record += 1;
        for place in places {
            let gone = self.series.remove(place).expect("it was there");
            let of = self.instances.get_mut(&gone.key.instance).expect("it had a series");
            of.lost.extend(gone.seen());
            self.free.push(*place);
        }
        self.tick();
    }

    /// After each record: which minutes are open, which are sealed?
    fn tick(&mut self) {
        for (tally, of) in &mut self.tallies {
            let Some(newest) = of.newest else { continue };
            let mut opens = Vec::new();
            let channels =
                self.channels.iter_mut().filter(|((of, _), c)| of == tally && c.in_force());
            for ((_, chan), channel) in channels {
                let live = |series: &&Series| {
                    let counts = chan.wants(&series.key) && series.stale.is_none();
                    counts && series.last().is_some_and(|last| last >= newest - series.patience)
                };
                let lasts = self.series.values().filter(live).filter_map(Series::last);
                let open = minute(lasts.min().unwrap_or(newest).min(newest));
                channel.open = channel.open.max(Some(open));
                opens.extend(channel.open);
            }
            if let Some(open) = opens.into_iter().min().filter(|open| open - 120 > of.sealed) {
                of.sealed = open - 120;
                of.sealings.push((self.record, of.sealed));
            }
        }
    }
}

#[derive(PartialEq)]
enum Meaning {
    On,
    Reset,
    Handover,
}

fn meaning(before: &Sample, now: &Sample) -> Meaning {
    let moved = matches!((before.start, now.start), (Some(a), Some(b)) if a != b);
    let fell = now.value < before.value;
    let restarted = if now.sender == before.sender {
        moved || fell
    } else {
        // Two senders may say two starts of one counter; after a sample it cannot have begun.
        moved && now.start.is_some_and(|start| start > before.at)
    };
    match (restarted, fell) {
        (true, _) => Meaning::Reset,
        (false, true) => Meaning::Handover,
        (false, false) => Meaning::On,
    }
}

impl Channel {
    pub(super) fn in_force(&self) -> bool {
        self.periods.last().is_some_and(|period| period.ended.is_none())
    }
}

impl Series {
    fn last(&self) -> Option<i64> {
        let samples = self.samples.last().map(|sample| sample.at);
        samples.max(self.deltas.iter().map(|(_, end)| *end).max())
    }

    fn seen(&self) -> Option<i64> {
        self.last().max(self.stale)
    }
}
