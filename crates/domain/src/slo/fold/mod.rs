//! The fold: accepted samples into minutes.
//!
//! Minutes are a deterministic function of a sequence of [`Record`]s: live ingest and replay call
//! the same [`Fold::apply`]. The fold asks nothing of the clock; the times in records are sample
//! times, and the one arrival time it knows is that of a declaration.
//!
//! Rules (engine.md): a sample not newer than its series' last changes nothing; the increase counts
//! at the minute of the later sample; a reset is a start that moved or a fall from the same sender;
//! a gap over five minutes is spread over the gap and marked inferred; a first sample counts from
//! zero only if it lies more than two intervals after both its instance's first sample and the
//! start of the tally's route, or if its start says so. A histogram is judged by its count alone.
//! What is added to a minute two hours after it closed is a correction. State of series is kept for
//! seven days of silence, of instances for as long as minutes are.
//!
//! All of its state can be written down and read back ([`serde`]); a fold that was read back goes
//! on as the one that was written would have, once it is [`Fold::revived`].

mod channel;
mod gaps;
mod instances;
mod readers;
mod record;
mod routing;
mod series;
mod sli;
mod tally;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::minutes::{CellKey, KEPT_DAYS, SealedDay};
use super::selector::Labels;
use super::tally::{Declaration, Declarations, Fingerprint, Kind};
use crate::catalog::Name;
use crate::time::{Day, Minutes};
use instances::Instances;
use readers::Reader;
use routing::Routing;
use series::{Delta, Route, Series};
use tally::{Input, Tally};

pub use record::{InstanceHash, Misfit, Record, SeriesHash, SeriesMap, SeriesNo};
pub use sli::{Events, Liveness, Reading, RoutedSeries, SeriesState, Sli};
pub use tally::{AMENDABLE, OTHER_GROUP};

/// Increases over a longer time are inferred, not measured.
pub const GAP: Minutes = Minutes(5);

/// State older than this is forgotten: the next sample is a first one.
pub const STATE_KEPT: Minutes = Minutes(7 * 1_440);

/// Instances are known for so long after their last series: no sample as old is taken any more.
const INSTANCE_KEPT: Minutes = Minutes(KEPT_DAYS * 1_440);

/// Stretches of delta temporality may be so much older than the newest of their series.
pub const DELTA_LATE: Minutes = Minutes(120);

/// The spacing assumed of a series whose own and instance's spacing are unknown.
pub const INTERVAL_ASSUMED_MS: i64 = 60_000;

/// All tallies, and the state of the series that feed them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Fold {
    tallies: Vec<Tally>,
    readers: BTreeMap<Name, Reader>,
    series: Vec<Option<Series>>,
    free: Vec<u32>,
    instances: Instances,
    senders: Vec<String>,
    sender: u32,
    elected: BTreeMap<String, String>,
    newest_ms: i64,
    #[serde(skip)]
    routing: Routing,
    #[serde(skip)]
    by_fingerprint: HashMap<Fingerprint, usize>,
    #[serde(skip)]
    by_hash: SeriesMap<SeriesNo>,
}

/// What kinds of samples a series' routes take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Takes {
    /// A counter's numbers, and deltas.
    pub counter: bool,
    /// A gauge's numbers.
    pub gauge: bool,
    /// Native histograms.
    pub histogram: bool,
}

impl Takes {
    /// Whether it takes anything at all.
    pub fn any(self) -> bool {
        self.counter || self.gauge || self.histogram
    }

    fn with(self, kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Counter) => Self { counter: true, ..self },
            Some(Kind::Gauge) => Self { gauge: true, ..self },
            Some(Kind::Histogram) => Self { histogram: true, ..self },
            None => self,
        }
    }
}

impl Fold {
    /// Makes a fold that was read back ready: what is derived is derived again, the identities of
    /// its series from their labels.
    pub fn revived(mut self, identity: impl Fn(&Labels) -> SeriesHash) -> Result<Self, Misfit> {
        for channel in self.tallies.iter_mut().flat_map(|tally| &mut tally.channels) {
            channel.compile()?;
        }
        let numbered = self.tallies.iter().enumerate();
        self.by_fingerprint = numbered.map(|(i, tally)| (tally.declaration.tally, i)).collect();
        let places = (0..).zip(&self.series).filter_map(|(i, held)| Some((i, held.as_ref()?)));
        self.by_hash = places.map(|(i, series)| (identity(&series.labels), SeriesNo(i))).collect();
        self.instances.revive();
        self.routing = Routing::of(&self.tallies);
        Ok(self)
    }

    /// The records that follow came from this sender.
    pub fn hear(&mut self, sender: &str) {
        if self.senders.get(self.sender as usize).is_some_and(|present| present == sender) {
            return;
        }
        let known = self.senders.iter().position(|known| known == sender);
        let number = known.unwrap_or_else(|| {
            self.senders.push(sender.to_owned());
            self.senders.len() - 1
        });
        self.sender = number as u32;
    }

    /// Applies one record.
    pub fn apply(&mut self, record: &Record) -> Result<(), Misfit> {
        match record {
            Record::Declare { at_ms, declarations } => self.declare(*at_ms, declarations)?,
            Record::Instance { instance, at_ms } => {
                let number = self.instances.number(*instance);
                self.instances.of_series(number).seen(*at_ms);
            }
            Record::Series { hash, instance, labels } => {
                self.appear(*hash, *instance, labels)?;
            }
            Record::Sample { series, at_ms, value } => {
                self.sample(*series, *at_ms, *value, Input::Number(*value), &[])?;
            }
            Record::Histogram { series, at_ms, count, at_most } => {
                self.sample(*series, *at_ms, *count, Input::Histogram(*count), at_most)?;
            }
            Record::Stale { series, at_ms } => self.stale(*series, *at_ms)?,
            Record::Start { series, start_ms } => {
                series_mut(&mut self.series, *series)?.start_ms = Some(*start_ms);
            }
            Record::Delta { series, start_ms, at_ms, value } => {
                self.delta(*series, *start_ms, *at_ms, *value)?;
            }
            Record::Elect { cluster, replica } => {
                self.elected.insert(cluster.clone(), replica.clone());
            }
            Record::Forget { series } => self.forget(series)?,
        }
        Ok(())
    }

    /// The number of a series that some tally counts or counted.
    pub fn known(&self, hash: SeriesHash) -> Option<SeriesNo> {
        self.by_hash.get(&hash).copied()
    }

    /// What the routes of a known series take.
    pub fn takes(&self, series: SeriesNo) -> Takes {
        let routes = self.get(series).map_or(&[][..], |series| &series.routes);
        let kinds = routes.iter().map(|route| self.tallies[route.tally as usize].kind());
        kinds.fold(Takes::default(), Takes::with)
    }

    /// What the routes of a series with these labels would take.
    pub fn would_take(&self, labels: &Labels) -> Takes {
        let pairs = self.routing.pairs(&self.tallies, labels);
        pairs.map(|(tally, _)| self.tallies[tally].kind()).fold(Takes::default(), Takes::with)
    }

    /// The thresholds that the routes of a known series ask a histogram for.
    pub fn thresholds(&self, series: SeriesNo) -> impl Iterator<Item = f64> {
        let routes = self.get(series).map_or(&[][..], |series| &series.routes);
        routes.iter().filter_map(|route| {
            routing::threshold(&self.tallies, route.tally as usize, route.channel as usize)
        })
    }

    /// The same for a series with these labels that is not known yet.
    pub fn would_ask(&self, labels: &Labels) -> Vec<f64> {
        self.routing.thresholds(&self.tallies, labels)
    }

    /// When what a known series counts began, as its sender said last.
    pub fn start_ms(&self, series: SeriesNo) -> Option<i64> {
        self.get(series)?.start_ms
    }

    /// The usual spacing of a known series' samples.
    pub fn interval_ms(&self, series: SeriesNo) -> i64 {
        self.get(series).map_or(INTERVAL_ASSUMED_MS, |series| self.interval_of(series))
    }

    /// The replica of a cluster that is heard.
    pub fn elected(&self, cluster: &str) -> Option<&str> {
        self.elected.get(cluster).map(String::as_str)
    }

    /// Instances that are remembered.
    pub fn instance_count(&self) -> usize {
        self.instances.len()
    }

    /// Whether the instance has been seen.
    pub fn knows_instance(&self, instance: InstanceHash) -> bool {
        self.instances.knows(instance)
    }

    /// The places of the next `count` series that appear.
    pub fn next_places(&self, count: usize) -> impl Iterator<Item = SeriesNo> {
        let fresh = self.series.len()..;
        let free = self.free.iter().rev().map(|number| *number as usize);
        free.chain(fresh).take(count).map(|number| SeriesNo(number as u32))
    }

    /// Series that are remembered.
    pub fn series_count(&self) -> usize {
        self.series.len() - self.free.len()
    }

    /// The tallies that would count these labels, each with how many series it has.
    pub fn wanting(&self, labels: &Labels) -> impl Iterator<Item = (usize, Fingerprint)> {
        let pairs = self.routing.pairs(&self.tallies, labels);
        let mut tallies: Vec<usize> = pairs.map(|(tally, _)| tally).collect();
        tallies.dedup();
        let tallies = tallies.into_iter().map(|number| &self.tallies[number]);
        tallies.map(|tally| (tally.series.len(), tally.declaration.tally))
    }

    /// Whether a sample or stale marker at that time would change anything: it must be newer than
    /// all before it.
    pub fn accepts(&self, series: SeriesNo, at_ms: i64) -> bool {
        let seen_ms = self.get(series).and_then(Series::seen_ms);
        seen_ms.is_none_or(|seen_ms| at_ms > seen_ms)
    }

    /// Whether a stretch of delta temporality would change anything: it is not known yet, and not
    /// older than stretches are remembered for.
    pub fn accepts_delta(&self, series: SeriesNo, start_ms: i64, at_ms: i64) -> bool {
        let Some(series) = self.get(series) else { return true };
        let newest_ms = series.newest_delta_ms();
        newest_ms.is_none_or(|newest_ms| at_ms > newest_ms - DELTA_LATE.ms())
            && !series.knows_delta(start_ms, at_ms)
    }

    /// Series that may be forgotten: silent for longer than state is kept.
    pub fn forgettable(&self) -> Vec<SeriesNo> {
        let until_ms = self.newest_ms - STATE_KEPT.ms();
        let silent = |series: &Series| series.seen_ms().is_some_and(|seen_ms| seen_ms < until_ms);
        let numbered = (0..).zip(&self.series);
        numbered
            .filter(|(_, series)| series.as_ref().is_some_and(silent))
            .map(|(number, _)| SeriesNo(number))
            .collect()
    }

    /// Whether instances may be forgotten with the next series that are.
    pub fn has_forgettable_instances(&self) -> bool {
        !self.left_instances().is_empty()
    }

    /// The instances that no series is of, and whose next sample would be their first again.
    fn left_instances(&self) -> BTreeSet<u32> {
        let until_ms = self.newest_ms - INSTANCE_KEPT.ms();
        let mut left: BTreeSet<u32> = self.instances.silent_since(until_ms).collect();
        if !left.is_empty() {
            for series in self.series.iter().flatten() {
                left.remove(&series.instance);
            }
            for tally in &self.tallies {
                left.retain(|instance| tally.is_done_with(*instance));
            }
        }
        left
    }

    /// The sealed days whose minutes are still held here, packed.
    pub fn ripe(&self) -> impl Iterator<Item = (CellKey, Day, SealedDay)> {
        self.columns().flat_map(|(cell, column, sealed)| {
            column.ripe(sealed).into_iter().map(move |(day, packed)| (cell, day, packed))
        })
    }

    fn columns(
        &self,
    ) -> impl Iterator<Item = (CellKey, &crate::slo::minutes::Column, crate::time::Minute)> {
        self.tallies.iter().flat_map(|tally| {
            tally.channels.iter().flat_map(|channel| {
                (0..).zip(&channel.columns).map(|(group, column)| {
                    let tally_id = tally.declaration.tally;
                    (CellKey { tally: tally_id, channel: channel.id, group }, column, tally.sealed)
                })
            })
        })
    }

    /// Forgets the minutes of a day that is in the archive now.
    pub fn put_away(&mut self, cell: CellKey, day: Day) {
        let tally = self.by_fingerprint.get(&cell.tally).map(|number| &mut self.tallies[*number]);
        let channel = tally.and_then(|t| t.channels.iter_mut().find(|c| c.id == cell.channel));
        if let Some(column) = channel.and_then(|c| c.columns.get_mut(cell.group as usize)) {
            column.put_away(day);
        }
    }

    /// Forgets what is older than it is kept for: coverage by the minute before `minutes_from`, and
    /// everything before `hours_from`.
    pub fn retain(&mut self, minutes_from: Day, hours_from: Day) {
        for tally in &mut self.tallies {
            tally.coverage.settle_before(tally.sealed);
            tally.coverage.retain(minutes_from, hours_from);
            let columns = tally.channels.iter_mut().flat_map(|channel| &mut channel.columns);
            columns.for_each(|column| column.forget_before(hours_from));
        }
    }

    fn get(&self, number: SeriesNo) -> Option<&Series> {
        self.series.get(number.0 as usize)?.as_ref()
    }

    fn interval_of(&self, series: &Series) -> i64 {
        let of_instance = || self.instances.get(series.instance)?.interval_ms();
        series.interval_ms().or_else(of_instance).unwrap_or(INTERVAL_ASSUMED_MS)
    }

    fn declare(&mut self, at_ms: i64, declarations: &Declarations) -> Result<(), Misfit> {
        let wanted = &declarations.tallies;
        for declaration in wanted {
            if !self.by_fingerprint.contains_key(&declaration.tally) {
                self.by_fingerprint.insert(declaration.tally, self.tallies.len());
                self.tallies.push(Tally::new(declaration.clone()));
            }
        }
        let wanted: HashMap<Fingerprint, &Declaration> =
            wanted.iter().map(|declaration| (declaration.tally, declaration)).collect();
        for tally in &mut self.tallies {
            tally.settle();
            tally.declare(at_ms, wanted.get(&tally.declaration.tally).copied())?;
            tally.series.clear();
        }
        for name in declarations.readers.keys() {
            self.readers.entry(name.clone()).or_default();
        }
        for (name, reader) in &mut self.readers {
            reader.declare(at_ms, declarations.readers.get(name));
        }
        self.routing = Routing::of(&self.tallies);
        for (number, series) in (0..).zip(&mut self.series) {
            let Some(series) = series else { continue };
            for left in series.reroute(self.routing.routes(&mut self.tallies, &series.labels)) {
                self.tallies[left.tally as usize].part(&left);
            }
            enlist(&mut self.tallies, number, series);
        }
        for tally in 0..self.tallies.len() {
            for channel in 0..self.tallies[tally].channels.len() {
                if self.tallies[tally].channels[channel].in_force() {
                    self.survey(tally, channel);
                } else {
                    self.tallies[tally].channels[channel].tide.rest();
                }
            }
        }
        Ok(())
    }

    fn appear(
        &mut self,
        hash: SeriesHash,
        instance: InstanceHash,
        labels: &Labels,
    ) -> Result<(), Misfit> {
        let mut series = Series::new(self.instances.number(instance), labels.clone());
        series.reroute(self.routing.routes(&mut self.tallies, labels));
        let number = match self.free.pop() {
            Some(number) => number,
            None => {
                self.series.push(None);
                u32::try_from(self.series.len() - 1).map_err(|_| Misfit::TooManySeries)?
            }
        };
        enlist(&mut self.tallies, number, &series);
        self.series[number as usize] = Some(series);
        self.by_hash.insert(hash, SeriesNo(number));
        Ok(())
    }

    fn sample(
        &mut self,
        number: SeriesNo,
        at_ms: i64,
        value: f64,
        input: Input,
        at_most: &[f64],
    ) -> Result<(), Misfit> {
        self.newest_ms = self.newest_ms.max(at_ms);
        let series = series_mut(&mut self.series, number)?;
        let instance = self.instances.of_series(series.instance);
        let first_seen_ms = instance.seen(at_ms);
        let interval_ms = instance.interval_ms();
        let step = series.advance(at_ms, value, self.sender, first_seen_ms, interval_ms);
        if let series::Step::On { from_ms, gap: false, was_stale: false, .. } = step {
            instance.spaced(at_ms - from_ms);
        }
        let interval_ms = series.interval_ms().or(interval_ms).unwrap_or(INTERVAL_ASSUMED_MS);
        let patience_ms = 2 * interval_ms;
        series.patience_ms = patience_ms;
        let mut at_most = at_most.iter().copied();
        let mut closing = false;
        let instance = series.instance;
        for route in &mut series.routes {
            let tally = &mut self.tallies[route.tally as usize];
            if route.first_of_tally {
                tally.observe(instance, (None, at_ms), Some(&step), route);
            }
            tally.count(route, at_ms, Some(&step), input, &mut at_most);
            closing |= tally.rise(route, at_ms, patience_ms);
        }
        if at_most.next().is_some() {
            return Err(Misfit::Thresholds(number.0));
        }
        if closing {
            self.close_minutes(number);
        }
        Ok(())
    }

    fn delta(
        &mut self,
        number: SeriesNo,
        start_ms: i64,
        at_ms: i64,
        value: f64,
    ) -> Result<(), Misfit> {
        self.newest_ms = self.newest_ms.max(at_ms);
        let series = series_mut(&mut self.series, number)?;
        let instance = self.instances.of_series(series.instance);
        instance.seen(at_ms);
        let delta = series.add(start_ms, at_ms, self.sender);
        if let Delta::Newest { spacing_ms } = delta {
            spacing_ms.into_iter().for_each(|spacing_ms| instance.spaced(spacing_ms));
            let interval_ms = series.interval_ms().or(instance.interval_ms());
            series.patience_ms = 2 * interval_ms.unwrap_or(INTERVAL_ASSUMED_MS);
        }
        let mut closing = false;
        for route in &mut series.routes {
            let tally = &mut self.tallies[route.tally as usize];
            tally.count(route, at_ms, None, Input::Delta(value), &mut std::iter::empty());
            match delta {
                Delta::Late => {
                    tally.hear(at_ms);
                    closing = true;
                }
                Delta::Newest { .. } => {
                    if route.first_of_tally {
                        tally.observe(series.instance, (Some(start_ms), at_ms), None, route);
                    }
                    closing |= tally.rise(route, at_ms, series.patience_ms);
                }
            }
        }
        if closing {
            self.close_minutes(number);
        }
        Ok(())
    }

    fn stale(&mut self, number: SeriesNo, at_ms: i64) -> Result<(), Misfit> {
        let series = series_mut(&mut self.series, number)?;
        series.end(at_ms);
        let mut closing = false;
        for route in &mut series.routes {
            let tally = &mut self.tallies[route.tally as usize];
            if route.first_of_tally {
                tally.leave(at_ms, route);
            }
            closing |= tally.channels[route.channel as usize].tide.fall(route);
        }
        if closing {
            self.close_minutes(number);
        }
        Ok(())
    }

    fn forget(&mut self, forgotten: &[SeriesNo]) -> Result<(), Misfit> {
        let gone: BTreeSet<u32> = forgotten.iter().map(|number| number.0).collect();
        for number in forgotten {
            let place = self.series.get_mut(number.0 as usize);
            let series = place.and_then(Option::take);
            let mut series = series.ok_or(Misfit::UnknownSeries(number.0))?;
            for route in &mut series.routes {
                self.tallies[route.tally as usize].forget(route);
            }
            self.free.push(number.0);
        }
        self.by_hash.retain(|_, number| !gone.contains(&number.0));
        for tally in &mut self.tallies {
            tally.series.retain(|number| !gone.contains(number));
        }
        for number in self.left_instances() {
            for tally in &mut self.tallies {
                tally.dismiss(number);
            }
            self.instances.forget(number);
        }
        Ok(())
    }

    /// Looks over the tallies of a series, one of whose open minutes may close.
    fn close_minutes(&mut self, number: SeriesNo) {
        let route = |fold: &Self, at: usize| fold.get(number)?.routes.get(at).copied();
        for at in 0.. {
            let Some(route) = route(self, at) else { return };
            if !route.first_of_tally {
                continue;
            }
            let tally = route.tally as usize;
            for channel in 0..self.tallies[tally].channels.len() {
                if self.tallies[tally].may_close(channel) {
                    self.survey(tally, channel);
                }
            }
            self.tallies[tally].surveyed();
        }
    }

    /// Looks over the series of a channel: which is its open minute, and who keeps it open?
    fn survey(&mut self, tally_no: usize, channel_no: usize) {
        let Tally { newest_ms, series: numbers, channels, .. } = &mut self.tallies[tally_no];
        let Some(newest_ms) = *newest_ms else { return };
        let counts = |r: &Route| r.tally as usize == tally_no && r.channel as usize == channel_no;
        let mut survey = channel::Tide::survey(newest_ms);
        for number in numbers.iter() {
            let series = self.series[*number as usize].as_ref();
            if let Some(series) = series.filter(|series| series.routes.iter().any(counts)) {
                survey.take(series);
            }
        }
        let tide = &mut channels[channel_no].tide;
        tide.surveyed(&survey);
        for number in numbers.iter() {
            let Some(series) = &mut self.series[*number as usize] else { continue };
            let live = survey.live(series);
            if let Some(route) = series.routes.iter_mut().find(|route| counts(route)) {
                tide.note(route, live);
            }
        }
        tide.noted();
        self.tallies[tally_no].surveyed();
    }
}

fn series_mut(series: &mut [Option<Series>], number: SeriesNo) -> Result<&mut Series, Misfit> {
    let place = series.get_mut(number.0 as usize).and_then(Option::as_mut);
    place.ok_or(Misfit::UnknownSeries(number.0))
}

/// Puts a series on the list of each tally it counts in.
fn enlist(tallies: &mut [Tally], number: u32, series: &Series) {
    for route in series.routes.iter().filter(|route| route.first_of_tally) {
        tallies[route.tally as usize].series.push(number);
    }
}

#[cfg(test)]
mod tests;
