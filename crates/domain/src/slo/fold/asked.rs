//! What admission asks of the fold: who is known, and what would be taken.

use super::routing;
use super::series::Series;
use super::{Fold, INTERVAL_ASSUMED_MS, InstanceHash, SeriesHash, SeriesNo};
use crate::slo::selector::Labels;
use crate::slo::tally::{Fingerprint, Kind};

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
        self.senders.elected(cluster)
    }

    /// Instances that are remembered.
    pub fn instance_count(&self) -> usize {
        self.instances.len()
    }

    /// The time of the newest sample of an instance; none if none is remembered.
    pub fn instance_seen_ms(&self, instance: InstanceHash) -> Option<i64> {
        self.instances.seen_ms(instance)
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
        let known = self.get(series).and_then(|series| series.stretches.as_ref());
        known.is_none_or(|stretches| stretches.take(start_ms, at_ms))
    }
}
