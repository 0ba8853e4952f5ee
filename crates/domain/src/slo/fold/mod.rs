//! The fold: accepted samples into minutes.
//!
//! Minutes are a deterministic function of a sequence of [`Record`]s: live ingest and replay call
//! the same [`Fold::apply`]. The fold asks nothing of the clock; the times in records are sample
//! times, and the one arrival time it knows is that of a declaration.
//!
//! Rules (engine.md): a sample not newer than its series' last changes nothing; the increase counts
//! at the minute of the later sample; a fall is a reset; a gap over five minutes is spread over the
//! gap and marked inferred; a first sample counts from zero only if it lies more than two intervals
//! after both its instance's first sample and the start of the tally's route.

mod routing;
mod series;
mod sli;
mod tally;

use std::collections::HashMap;

use super::selector::{Labels, RegexError};
use super::tally::{Declaration, Fingerprint};
use crate::time::Minutes;
use routing::Routing;
use series::{Instance, Series, Step};
use tally::Tally;

pub use sli::{Events, Liveness, Reading, RoutedSeries, SeriesState, Sli};

/// A series' identity: a keyed 128-bit hash of its canonical labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesHash(pub u128);

/// An instance's identity: a keyed hash of the labels that name who exposes a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceHash(pub u128);

/// A routed series, by order of appearance in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesNo(pub u32);

/// Increases over a longer time are inferred, not measured.
pub const GAP: Minutes = Minutes(5);

/// State older than this is forgotten: the next sample is a first one.
pub const STATE_KEPT: Minutes = Minutes(7 * 1_440);

/// The spacing assumed of a series whose own and instance's spacing are unknown.
pub const INTERVAL_ASSUMED_MS: i64 = 60_000;

/// One entry of the sample log.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// These tallies are wanted from `at_ms` (our clock) on, and no others.
    Declare {
        /// When.
        at_ms: i64,
        /// All of them.
        declarations: Vec<Declaration>,
    },
    /// An instance of which only undeclared series are known was first seen.
    Instance {
        /// The instance.
        instance: InstanceHash,
        /// The time of its sample.
        at_ms: i64,
    },
    /// A series that some tally counts appeared; its number is its order among these records.
    Series {
        /// Its identity.
        hash: SeriesHash,
        /// Who exposes it.
        instance: InstanceHash,
        /// Its labels.
        labels: Labels,
    },
    /// A value was accepted.
    Sample {
        /// The series.
        series: SeriesNo,
        /// The sample's time.
        at_ms: i64,
        /// The counter's value.
        value: f64,
    },
    /// A series ended.
    Stale {
        /// The series.
        series: SeriesNo,
        /// The marker's time.
        at_ms: i64,
    },
}

/// A record that does not fit the records before it: the log is damaged or not ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// A sample of a series that never appeared.
    #[error("record of series {0} before the series itself")]
    UnknownSeries(u32),
    /// A selector that no longer compiles.
    #[error(transparent)]
    Selector(#[from] RegexError),
    /// More series than numbers.
    #[error("more than 2^32 series")]
    TooManySeries,
}

/// All tallies, and the state of the series that feed them.
#[derive(Debug, Default)]
pub struct Fold {
    tallies: Vec<Tally>,
    routing: Routing,
    by_fingerprint: HashMap<Fingerprint, usize>,
    series: Vec<Series>,
    by_hash: HashMap<SeriesHash, SeriesNo>,
    instances: HashMap<InstanceHash, Instance>,
}

impl Fold {
    /// Applies one record.
    pub fn apply(&mut self, record: &Record) -> Result<(), Misfit> {
        match record {
            Record::Declare { at_ms, declarations } => self.declare(*at_ms, declarations)?,
            Record::Instance { instance, at_ms } => {
                self.instances.entry(*instance).or_default().seen(*at_ms);
            }
            Record::Series { hash, instance, labels } => {
                self.appear(*hash, *instance, labels)?;
            }
            Record::Sample { series, at_ms, value } => self.sample(*series, *at_ms, *value)?,
            Record::Stale { series, at_ms } => self.stale(*series, *at_ms)?,
        }
        Ok(())
    }

    /// The number of a series that some tally counts or counted.
    pub fn known(&self, hash: SeriesHash) -> Option<SeriesNo> {
        self.by_hash.get(&hash).copied()
    }

    /// Whether any tally in force counts the series.
    pub fn routed(&self, series: SeriesNo) -> bool {
        self.series.get(series.0 as usize).is_some_and(|s| !s.routes.is_empty())
    }

    /// Whether the instance has been seen.
    pub fn knows_instance(&self, instance: InstanceHash) -> bool {
        self.instances.contains_key(&instance)
    }

    /// Series that have appeared.
    pub fn series_count(&self) -> usize {
        self.series.len()
    }

    /// The fullest tally that would count these labels, as (series it has, its service).
    pub fn fullest_tally(&self, labels: &Labels) -> Option<(usize, &Declaration)> {
        let routes = self.routing.routes(&self.tallies, labels);
        let wanting = routes.iter().map(|route| &self.tallies[route.tally]);
        wanting.map(|t| (t.series.len(), &t.declaration)).max_by_key(|(count, _)| *count)
    }

    /// Whether a sample or stale marker at that time would change anything: it must be newer than
    /// all before it.
    pub fn accepts(&self, series: SeriesNo, at_ms: i64) -> bool {
        let seen_ms = self.series.get(series.0 as usize).and_then(Series::seen_ms);
        seen_ms.is_none_or(|seen_ms| at_ms > seen_ms)
    }

    fn declare(&mut self, at_ms: i64, declarations: &[Declaration]) -> Result<(), Misfit> {
        self.tallies.iter_mut().for_each(Tally::retire);
        for declaration in declarations {
            let number = match self.by_fingerprint.get(&declaration.tally) {
                Some(number) => *number,
                None => {
                    self.tallies.push(Tally::new(declaration.clone()));
                    self.by_fingerprint.insert(declaration.tally, self.tallies.len() - 1);
                    self.tallies.len() - 1
                }
            };
            self.tallies[number].declare(at_ms, declaration)?;
        }
        self.routing = Routing::of(&self.tallies);
        self.tallies.iter_mut().for_each(|tally| tally.series.clear());
        for (number, series) in self.series.iter_mut().enumerate() {
            let started = series.seen_ms().is_some();
            series.reroute(self.routing.routes(&self.tallies, &series.labels), started);
            enlist(&mut self.tallies, number, series);
        }
        Ok(())
    }

    fn appear(
        &mut self,
        hash: SeriesHash,
        instance: InstanceHash,
        labels: &Labels,
    ) -> Result<(), Misfit> {
        let number = u32::try_from(self.series.len()).map_err(|_| Misfit::TooManySeries)?;
        let mut series = Series::new(instance, labels.clone());
        series.reroute(self.routing.routes(&self.tallies, labels), false);
        enlist(&mut self.tallies, self.series.len(), &series);
        self.series.push(series);
        self.by_hash.insert(hash, SeriesNo(number));
        Ok(())
    }

    fn sample(&mut self, number: SeriesNo, at_ms: i64, value: f64) -> Result<(), Misfit> {
        let series = series_mut(&mut self.series, number)?;
        let instance = self.instances.entry(series.instance).or_default();
        let first_seen_ms = instance.seen(at_ms);
        let step = series.advance(at_ms, value, first_seen_ms, instance.interval_ms());
        if let Step::On { from_ms, gap: false, .. } = step {
            instance.spaced(at_ms - from_ms);
        }
        for route in &mut series.routes {
            let tally = &mut self.tallies[route.tally];
            if route.first_of_tally {
                tally.observe(series.instance, at_ms, &step, route);
            }
            tally.count(route, at_ms, &step);
            route.baseline = false;
        }
        Ok(())
    }

    fn stale(&mut self, number: SeriesNo, at_ms: i64) -> Result<(), Misfit> {
        let series = series_mut(&mut self.series, number)?;
        series.end(at_ms);
        for route in series.routes.iter_mut().filter(|route| route.first_of_tally) {
            self.tallies[route.tally].leave(series.instance, at_ms, route);
        }
        Ok(())
    }
}

fn series_mut(series: &mut [Series], number: SeriesNo) -> Result<&mut Series, Misfit> {
    series.get_mut(number.0 as usize).ok_or(Misfit::UnknownSeries(number.0))
}

/// Puts a series on the list of each tally it counts in.
fn enlist(tallies: &mut [Tally], number: usize, series: &Series) {
    for route in series.routes.iter().filter(|route| route.first_of_tally) {
        tallies[route.tally].series.push(number);
    }
}

#[cfg(test)]
mod tests;
