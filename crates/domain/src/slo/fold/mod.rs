//! The fold: accepted samples into minutes.
//!
//! Minutes are a deterministic function of a sequence of [`Record`]s: live ingest and replay call
//! the same [`Fold::apply`]. The fold asks nothing of the clock; the times in records are sample
//! times, and the one arrival time it knows is that of a declaration.
//!
//! Rules (engine.md): a sample not newer than its series' last changes nothing; the increase counts
//! at the minute of the later sample; a reset is a start that moved or a fall from the same sender,
//! or from another a start after the last sample; a gap over five minutes is spread over the gap
//! and marked inferred; a first sample counts from zero only if it lies more than two intervals
//! after both its instance's first sample and the start of the tally's route, or if its start says
//! so. A histogram is judged by its count alone. What is added to a minute two hours after it
//! closed is a correction. State of series is kept for seven days of silence, of instances and
//! senders for as long as it can make a difference.
//!
//! All of its state can be written down and read back ([`serde`]); a fold that was read back goes
//! on as the one that was written would have, once it is [`Fold::revived`].

mod asked;
mod channel;
mod declaring;
mod gaps;
mod instances;
mod keeping;
mod presence;
mod readers;
mod record;
mod routed;
mod routing;
mod senders;
mod series;
mod sli;
mod slices;
mod stretches;
mod tally;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::selector::{Labels, Patterns};
use super::tally::Fingerprint;
use crate::catalog::Name;
use crate::time::{Day, Minutes};
use instances::Instances;
use readers::Reader;
use routing::Routing;
use senders::Senders;
use series::{Delta, Route, Series};
use tally::{Input, Tally};

pub use asked::Takes;
pub use record::{InstanceHash, Misfit, Record, SeriesHash, SeriesMap, SeriesNo};
pub use routed::{RoutedSeries, SeriesState};
pub use sli::{Events, Liveness, Reading, Sli};
pub use slices::Slice;
pub use tally::{AMENDABLE, OTHER_GROUP};

/// Increases over a longer time are inferred, not measured.
pub const GAP: Minutes = Minutes(5);

/// State older than this is forgotten: the next sample is a first one.
pub const STATE_KEPT: Minutes = Minutes(7 * 1_440);

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
    senders: Senders,
    newest_ms: i64,
    /// Minutes of days before this are not kept.
    minutes_from: Day,
    #[serde(skip)]
    patterns: Patterns,
    #[serde(skip)]
    routing: Routing,
    #[serde(skip)]
    by_fingerprint: HashMap<Fingerprint, usize>,
    #[serde(skip)]
    by_hash: SeriesMap<SeriesNo>,
}

impl Fold {
    /// Makes a fold that was read back ready: what is derived is derived again, the identities of
    /// its series from their labels.
    pub fn revived(mut self, identity: impl Fn(&Labels) -> SeriesHash) -> Result<Self, Misfit> {
        for channel in self.tallies.iter_mut().flat_map(|tally| &mut tally.channels) {
            channel.compile(&mut self.patterns)?;
        }
        let numbered = self.tallies.iter().enumerate();
        self.by_fingerprint = numbered.map(|(i, tally)| (tally.declaration.tally, i)).collect();
        let places = (0..).zip(&self.series).filter_map(|(i, held)| Some((i, held.as_ref()?)));
        self.by_hash = places.map(|(i, series)| (identity(&series.labels), SeriesNo(i))).collect();
        self.instances.revive();
        self.senders.revive();
        self.routing = Routing::of(&self.tallies);
        Ok(self)
    }

    /// The records that follow came from this sender.
    pub fn hear(&mut self, sender: &str) {
        self.senders.hear(sender);
    }

    /// Applies one record.
    pub fn apply(&mut self, record: &Record) -> Result<(), Misfit> {
        match record {
            Record::Declare { at_ms, change } => self.declare(*at_ms, change)?,
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
                self.senders.elect(cluster, replica);
            }
            Record::Forget { oldest_ms, series } => self.forget(*oldest_ms, series)?,
        }
        Ok(())
    }

    fn get(&self, number: SeriesNo) -> Option<&Series> {
        self.series.get(number.0 as usize)?.as_ref()
    }

    fn interval_of(&self, series: &Series) -> i64 {
        let of_instance = || self.instances.get(series.instance)?.interval_ms();
        series.interval_ms().or_else(of_instance).unwrap_or(INTERVAL_ASSUMED_MS)
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
        let sender = self.senders.number();
        let series = series_mut(&mut self.series, number)?;
        let instance = self.instances.of_series(series.instance);
        let origin = instance.seen(at_ms);
        let step = series.advance(at_ms, value, sender, origin);
        if let series::Step::On { from_ms, gap: false, was_stale: false, .. } = step {
            instance.spaced(at_ms - from_ms);
        }
        let interval_ms =
            series.interval_ms().or(origin.interval_ms).unwrap_or(INTERVAL_ASSUMED_MS);
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
        let sender = self.senders.number();
        let series = series_mut(&mut self.series, number)?;
        let instance = self.instances.of_series(series.instance);
        instance.seen(at_ms);
        let delta = series.add(start_ms, at_ms, sender);
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
                tally.presence.leave(at_ms, route);
            }
            closing |= tally.channels[route.channel as usize].tide.fall(route);
        }
        if closing {
            self.close_minutes(number);
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
