//! Which samples of a batch count: known series by hash, new ones matched once, the rest dropped
//! and counted.
//!
//! Invariant: admission changes nothing but what it remembers of undeclared series and of replicas;
//! what it lets through is exactly what the fold accepts in that order. A series that is known
//! costs a look-up and no allocation.

use std::collections::{HashMap, HashSet};
use std::iter::Peekable;

use jiff::Timestamp;
use plimsoll_domain::slo::fold::{Fold, Record, SeriesHash, SeriesMap, SeriesNo, Takes};
use plimsoll_domain::slo::tally::Fingerprint;
use plimsoll_domain::telemetry::{Batch, Point, Series, Value};

use super::identity::{Identity, Prepared};
use super::replicas::{Hearing, Replica};
use super::{DAY_MS, Settings};

/// How far a sample may be ahead of our clock.
const FUTURE_MAX_MS: i64 = 5 * 60_000;

/// Undeclared series remembered, so that each is matched about once.
const UNDECLARED_MAX: usize = 1 << 20;

/// Instances remembered for the sake of undeclared series alone.
const INSTANCES_MAX: usize = 200_000;

/// An instance of which only undeclared series are heard is noted so often: well before it would
/// count as silent for longer than state is kept.
const NOTED_EVERY_MS: i64 = DAY_MS;

/// What became of a batch, in samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Taken into a tally.
    pub accepted: u64,
    /// Of series that no definition names.
    pub undeclared: u64,
    /// Not newer than their series' last one, or older than minutes are kept.
    pub duplicate_or_late: u64,
    /// More than five minutes ahead of our clock.
    pub future: u64,
    /// Of series over a cap.
    pub over_cap: u64,
    /// Of replicas that are not the elected one of their cluster.
    pub not_elected: u64,
    /// Of a kind that the tallies of their series do not count, or below zero in a counter.
    pub unfit: u64,
}

/// The records of one sender that a batch comes to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Admitted {
    pub(super) sender: String,
    pub(super) records: Vec<Record>,
}

/// Series known to be undeclared, forgotten when definitions change or it grows too large.
#[derive(Debug, Default)]
pub(super) struct Undeclared(SeriesMap<()>);

impl Undeclared {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    fn remember(&mut self, hash: SeriesHash) {
        if self.0.len() >= UNDECLARED_MAX {
            self.0.clear();
        }
        self.0.insert(hash, ());
    }
}

/// What admission looks at, and what it remembers.
pub(super) struct Gate<'a> {
    pub(super) fold: &'a Fold,
    pub(super) identity: &'a Identity,
    pub(super) settings: &'a Settings,
    pub(super) undeclared: &'a mut Undeclared,
    pub(super) hearing: &'a mut Hearing,
    pub(super) stamps: &'a mut Stamps,
}

/// In which batch each known series occurred last: tells a series that occurs twice in one batch.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    of: Vec<u32>,
    batch: u32,
}

impl Stamps {
    fn next_batch(&mut self) {
        self.batch = self.batch.wrapping_add(1);
        if self.batch == 0 {
            // After 2^32 batches an old stamp would read as a new one.
            self.of.clear();
            self.batch = 1;
        }
    }

    /// Stamps a series; says whether it had been in this batch.
    fn mark(&mut self, series: SeriesNo) -> bool {
        let at = series.0 as usize;
        if at >= self.of.len() {
            self.of.resize((at + 1).next_power_of_two(), 0);
        }
        std::mem::replace(&mut self.of[at], self.batch) == self.batch
    }
}

/// Lets through what counts.
pub(super) fn admit(
    gate: Gate<'_>,
    sender: &str,
    arrival: Timestamp,
    prepared: &Prepared,
) -> (Vec<Admitted>, Outcome) {
    gate.stamps.next_batch();
    let arrival_ms = arrival.as_millisecond();
    let places: Box<dyn Iterator<Item = SeriesNo> + '_> =
        Box::new(gate.fold.next_places(prepared.batch.series_count()));
    let mut admission = Admission {
        sender,
        arrival_ms,
        horizon_ms: arrival_ms.saturating_add(FUTURE_MAX_MS),
        oldest_ms: gate.settings.oldest_ms(arrival),
        outcome: Outcome::default(),
        runs: Vec::new(),
        places: places.peekable(),
        appeared: SeriesMap::default(),
        appeared_in: HashMap::new(),
        newcomers: HashMap::new(),
        repeats: None,
        deltas: HashSet::new(),
        instances: HashSet::new(),
        names_replicas: prepared.names_replicas,
        gate,
    };
    let mut before = None;
    for (series, hash) in prepared.batch.series().zip(&prepared.hashes) {
        admission.series(series, *hash, &mut before);
    }
    let Admission { gate, mut runs, outcome, .. } = admission;
    runs.retain(|run| came_to_something(run, gate.fold, gate.hearing));
    (runs, outcome)
}

/// Whether there is anything to be logged. In a cluster that is new nobody is elected without a
/// sample that counts: what is remembered of clusters grows with series alone.
fn came_to_something(run: &Admitted, fold: &Fold, hearing: &mut Hearing) -> bool {
    match run.records.as_slice() {
        [] => false,
        [Record::Elect { cluster, .. }] if fold.elected(cluster).is_none() => {
            hearing.forget(cluster);
            false
        }
        _ => true,
    }
}

/// One batch under way: the fold as it is, and what the batch has added so far.
struct Admission<'a> {
    gate: Gate<'a>,
    sender: &'a str,
    arrival_ms: i64,
    horizon_ms: i64,
    oldest_ms: i64,
    outcome: Outcome,
    runs: Vec<Admitted>,
    /// Where the series that appear in this batch will stand.
    places: Peekable<Box<dyn Iterator<Item = SeriesNo> + 'a>>,
    appeared: SeriesMap<SeriesNo>,
    newcomers: HashMap<SeriesNo, Newcomer>,
    appeared_in: HashMap<Fingerprint, usize>,
    /// What the batch brought so far, once a series occurs in it twice.
    repeats: Option<HashMap<SeriesNo, Seen>>,
    deltas: HashSet<(SeriesNo, i64, i64)>,
    instances: HashSet<plimsoll_domain::slo::fold::InstanceHash>,
    names_replicas: bool,
}

/// What the batch itself has brought of a series.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    at_ms: Option<i64>,
    start_ms: Option<i64>,
}

/// A series that appeared in this batch.
#[derive(Debug, Clone)]
struct Newcomer {
    takes: Takes,
    thresholds: Vec<f64>,
}

/// What a series is to the definitions in force.
enum Standing {
    Known(SeriesNo, Takes),
    New(SeriesHash),
    Undeclared,
    OverCap,
}

impl<'a> Admission<'a> {
    fn series(&mut self, series: Series<'a>, hash: SeriesHash, before: &mut Option<Replica<'a>>) {
        let count = series.points().len() as u64;
        match self.standing(series, hash) {
            Standing::Undeclared => {
                self.outcome.undeclared += count;
                self.witness(series);
            }
            Standing::OverCap => self.outcome.over_cap += count,
            Standing::Known(number, takes) => {
                if self.heard(series, Some(number), before) {
                    self.points(series, number, takes);
                } else {
                    self.outcome.not_elected += count;
                }
            }
            Standing::New(hash) => {
                if self.heard(series, None, before) {
                    self.newcomer(series, hash);
                } else {
                    self.outcome.not_elected += count;
                }
            }
        }
    }

    fn standing(&mut self, series: Series<'_>, hash: SeriesHash) -> Standing {
        if let Some(number) = self.gate.fold.known(hash) {
            let takes = self.gate.fold.takes(number);
            return if takes.any() { Standing::Known(number, takes) } else { Standing::Undeclared };
        }
        if let Some(number) = self.appeared.get(&hash) {
            return Standing::Known(*number, self.newcomers[number].takes);
        }
        if self.gate.undeclared.0.contains_key(&hash) {
            return Standing::Undeclared;
        }
        let labels = series.to_labels(|name| !self.gate.identity.is_replica(name));
        let mut wanted = false;
        for (series_count, tally) in self.gate.fold.wanting(&labels) {
            wanted = true;
            let more = self.appeared_in.get(&tally).copied().unwrap_or(0);
            if series_count + more >= self.gate.settings.series_per_tally_max {
                return Standing::OverCap;
            }
        }
        if wanted {
            return Standing::New(hash);
        }
        self.gate.undeclared.remember(hash);
        Standing::Undeclared
    }

    /// Whether its replica is the one that is heard. Series of one replica follow each other, so
    /// that one decision serves many; with it the records of another sender begin.
    fn heard(
        &mut self,
        series: Series<'a>,
        number: Option<SeriesNo>,
        before: &mut Option<Replica<'a>>,
    ) -> bool {
        let named = self.names_replicas.then(|| self.gate.identity.replica(series)).flatten();
        if let Some(before) = before.as_ref().filter(|before| before.named == named)
            && (!self.runs.is_empty() || !before.is_heard)
        {
            return before.is_heard;
        }
        let interval_ms = number.map(|number| self.gate.fold.interval_ms(number));
        let hearing = &mut *self.gate.hearing;
        let replica = hearing.ask(self.gate.fold, self.sender, named, self.arrival_ms, interval_ms);
        if replica.is_heard {
            let records = replica.elect.clone().into_iter().collect();
            self.runs.push(Admitted { sender: replica.sender.clone(), records });
        }
        let is_heard = replica.is_heard;
        *before = Some(replica);
        is_heard
    }

    fn records(&mut self) -> &mut Vec<Record> {
        let run = self.runs.last_mut().expect("a series that is heard has begun a run");
        &mut run.records
    }

    fn push(&mut self, record: Record) {
        self.records().push(record);
    }

    /// Takes in a series never seen before. It appears with the first of its points that counts:
    /// without one it takes no place.
    fn newcomer(&mut self, series: Series<'_>, hash: SeriesHash) {
        let labels = series.to_labels(|name| !self.gate.identity.is_replica(name));
        let takes = self.gate.fold.would_take(&labels);
        let thresholds = self.gate.fold.would_ask(&labels);
        let Some(number) = self.places.peek().copied() else { return };
        let (accepted, before) = (self.outcome.accepted, self.records().len());
        self.newcomers.insert(number, Newcomer { takes, thresholds });
        self.points(series, number, takes);
        if self.outcome.accepted == accepted {
            return;
        }
        self.places.next();
        self.appeared.insert(hash, number);
        for (_, tally) in self.gate.fold.wanting(&labels) {
            *self.appeared_in.entry(tally).or_default() += 1;
        }
        let instance = self.gate.identity.instance(series, self.sender);
        self.records().insert(before, Record::Series { hash, instance, labels });
    }

    /// An undeclared series, too, marks its instance alive: at its first sample, and about daily.
    fn witness(&mut self, series: Series<'_>) {
        let first = series.points().iter().map(|point| point.at_ms).min();
        let on_time = |at_ms: &i64| *at_ms <= self.horizon_ms && *at_ms >= self.oldest_ms;
        let Some(at_ms) = first.filter(on_time) else { return };
        let instance = self.gate.identity.instance(series, self.sender);
        let seen_ms = self.gate.fold.instance_seen_ms(instance);
        let remembered = self.gate.fold.instance_count() + self.instances.len();
        let is_due = match seen_ms {
            Some(seen_ms) => at_ms >= seen_ms.saturating_add(NOTED_EVERY_MS),
            None => remembered < INSTANCES_MAX,
        };
        if !is_due {
            return;
        }
        if self.instances.insert(instance) {
            if self.runs.is_empty() {
                let sender = self.sender.to_owned();
                self.runs.push(Admitted { sender, records: Vec::new() });
            }
            self.push(Record::Instance { instance, at_ms });
        }
    }

    fn points(&mut self, series: Series<'_>, number: SeriesNo, takes: Takes) {
        if self.gate.stamps.mark(number) && self.repeats.is_none() {
            self.repeats = Some(brought(&self.runs));
        }
        let repeats = self.repeats.as_ref();
        let mut seen = repeats.and_then(|seen| seen.get(&number)).copied().unwrap_or_default();
        for point in series.points() {
            self.point(series.batch(), point, number, takes, &mut seen);
        }
        if let Some(repeats) = &mut self.repeats {
            repeats.insert(number, seen);
        }
    }

    fn point(
        &mut self,
        batch: &Batch,
        point: &Point,
        series: SeriesNo,
        takes: Takes,
        seen: &mut Seen,
    ) {
        let at_ms = point.at_ms;
        if at_ms > self.horizon_ms {
            self.outcome.future += 1;
            return;
        }
        let record = match point.value {
            Value::Stale => Some(Record::Stale { series, at_ms }),
            Value::Number(value) => {
                let counts = takes.counter && value >= 0.0 || takes.gauge && !takes.counter;
                counts.then_some(Record::Sample { series, at_ms, value })
            }
            Value::Histogram(number) => self.histogram(batch, number, series, takes, at_ms),
            Value::Delta(value) => {
                return self.delta(point, series, takes, value);
            }
        };
        let Some(record) = record else {
            self.outcome.unfit += 1;
            return;
        };
        let newer_in_batch = seen.at_ms.is_none_or(|seen_ms| at_ms > seen_ms);
        let newer = newer_in_batch && self.gate.fold.accepts(series, at_ms);
        if !newer || at_ms < self.oldest_ms {
            self.outcome.duplicate_or_late += 1;
            return;
        }
        if let Some(start_ms) = point.start_ms.map(std::num::NonZeroI64::get) {
            let known = seen.start_ms.or_else(|| self.gate.fold.start_ms(series));
            if known != Some(start_ms) {
                seen.start_ms = Some(start_ms);
                self.push(Record::Start { series, start_ms });
            }
        }
        self.outcome.accepted += 1;
        seen.at_ms = Some(at_ms);
        self.push(record);
    }

    fn histogram(
        &self,
        batch: &Batch,
        number: u32,
        series: SeriesNo,
        takes: Takes,
        at_ms: i64,
    ) -> Option<Record> {
        let count = batch.count(number).filter(|_| takes.histogram)?;
        let below = |threshold| batch.at_most(number, threshold).unwrap_or(0.0);
        let at_most = match self.newcomers.get(&series) {
            Some(newcomer) => newcomer.thresholds.iter().copied().map(below).collect(),
            None => self.gate.fold.thresholds(series).map(below).collect(),
        };
        Some(Record::Histogram { series, at_ms, count, at_most })
    }

    fn delta(&mut self, point: &Point, series: SeriesNo, takes: Takes, value: f64) {
        let at_ms = point.at_ms;
        let start_ms = point.start_ms.map_or(at_ms, std::num::NonZeroI64::get);
        let fits = takes.counter && value >= 0.0 && start_ms <= at_ms;
        if !fits {
            self.outcome.unfit += 1;
        } else if at_ms < self.oldest_ms
            || !self.gate.fold.accepts_delta(series, start_ms, at_ms)
            || !self.deltas.insert((series, start_ms, at_ms))
        {
            self.outcome.duplicate_or_late += 1;
        } else {
            self.outcome.accepted += 1;
            self.push(Record::Delta { series, start_ms, at_ms, value });
        }
    }
}

/// What the records of a batch say of each series.
fn brought(runs: &[Admitted]) -> HashMap<SeriesNo, Seen> {
    let mut brought: HashMap<SeriesNo, Seen> = HashMap::new();
    for record in runs.iter().flat_map(|run| &run.records) {
        match record {
            Record::Sample { series, at_ms, .. }
            | Record::Histogram { series, at_ms, .. }
            | Record::Stale { series, at_ms } => {
                brought.entry(*series).or_default().at_ms = Some(*at_ms);
            }
            Record::Start { series, start_ms } => {
                brought.entry(*series).or_default().start_ms = Some(*start_ms);
            }
            Record::Declare { .. }
            | Record::Instance { .. }
            | Record::Series { .. }
            | Record::Delta { .. }
            | Record::Elect { .. }
            | Record::Forget { .. } => {}
        }
    }
    brought
}
