//! Which samples of a batch count: known series by hash, new ones matched once, the rest dropped
//! and counted.
//!
//! Invariant: admission changes nothing but the cache of undeclared series; what it lets through is
//! exactly what the fold accepts in that order.

use std::collections::{HashMap, HashSet};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use plimsoll_domain::slo::fold::{Fold, InstanceHash, Record, SeriesHash, SeriesNo};
use plimsoll_domain::slo::selector::Labels;
use siphasher::sip128::{Hasher128 as _, SipHasher24};

use super::{Incoming, OpenError, Value};

/// Series one tally may have; more are dropped, counted and named.
pub const SERIES_PER_TALLY_MAX: usize = 50_000;

/// How far a sample may be ahead of our clock.
const FUTURE_MAX_MS: i64 = 5 * 60_000;

/// Undeclared series remembered, so that each is matched about once.
const UNDECLARED_MAX: usize = 1 << 20;

/// What became of a batch, in samples.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Taken into a tally.
    pub accepted: u64,
    /// Of series that no definition names.
    pub undeclared: u64,
    /// Not newer than their series' last one.
    pub duplicate_or_late: u64,
    /// More than five minutes ahead of our clock.
    pub future: u64,
    /// Of series over a cap.
    pub over_cap: u64,
    /// Negative or not a number.
    pub no_counter: u64,
}

/// The records a batch comes to.
#[derive(Debug, Default)]
pub(super) struct Admitted {
    pub(super) records: Vec<Record>,
    pub(super) outcome: Outcome,
}

/// Series known to be undeclared, forgotten when definitions change or it grows too large.
#[derive(Debug, Default)]
pub(super) struct Undeclared(HashSet<SeriesHash>);

impl Undeclared {
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    fn remember(&mut self, hash: SeriesHash) {
        if self.0.len() >= UNDECLARED_MAX {
            self.0.clear();
        }
        self.0.insert(hash);
    }
}

/// Lets through what counts.
pub(super) fn admit(
    fold: &Fold,
    hasher: &Hasher,
    undeclared: &mut Undeclared,
    sender: &str,
    arrival_ms: i64,
    batch: &[Incoming],
) -> Admitted {
    let mut admission = Admission {
        fold,
        hasher,
        undeclared,
        sender,
        horizon_ms: arrival_ms.saturating_add(FUTURE_MAX_MS),
        admitted: Admitted::default(),
        appeared: HashMap::new(),
        instances: HashSet::new(),
        seen_ms: HashMap::new(),
    };
    batch.iter().for_each(|series| admission.series(series));
    admission.admitted
}

/// One batch under way: the fold as it is, and what the batch has added so far.
struct Admission<'a> {
    fold: &'a Fold,
    hasher: &'a Hasher,
    undeclared: &'a mut Undeclared,
    sender: &'a str,
    horizon_ms: i64,
    admitted: Admitted,
    appeared: HashMap<SeriesHash, SeriesNo>,
    instances: HashSet<InstanceHash>,
    seen_ms: HashMap<SeriesNo, i64>,
}

/// What a series is to the definitions in force.
enum Standing {
    Routed(SeriesNo),
    Undeclared,
    OverCap,
}

impl Admission<'_> {
    fn series(&mut self, incoming: &Incoming) {
        let count = incoming.samples.len() as u64;
        match self.standing(incoming) {
            Standing::Routed(series) => {
                incoming.samples.iter().for_each(|(at_ms, value)| {
                    self.sample(series, *at_ms, *value);
                });
            }
            Standing::Undeclared => {
                self.admitted.outcome.undeclared += count;
                self.witness(incoming);
            }
            Standing::OverCap => self.admitted.outcome.over_cap += count,
        }
    }

    fn standing(&mut self, incoming: &Incoming) -> Standing {
        let hash = self.hasher.series(&incoming.labels);
        if let Some(series) = self.appeared.get(&hash) {
            return Standing::Routed(*series);
        }
        if let Some(series) = self.fold.known(hash) {
            let routed = self.fold.routed(series);
            return if routed { Standing::Routed(series) } else { Standing::Undeclared };
        }
        if self.undeclared.0.contains(&hash) {
            return Standing::Undeclared;
        }
        self.newcomer(hash, incoming)
    }

    /// Matches a series never seen before, once.
    fn newcomer(&mut self, hash: SeriesHash, incoming: &Incoming) -> Standing {
        let Some((series_count, _)) = self.fold.fullest_tally(&incoming.labels) else {
            self.undeclared.remember(hash);
            return Standing::Undeclared;
        };
        if series_count + self.appeared.len() >= SERIES_PER_TALLY_MAX {
            return Standing::OverCap;
        }
        let number = self.fold.series_count() + self.appeared.len();
        let Ok(number) = u32::try_from(number) else { return Standing::OverCap };
        self.appeared.insert(hash, SeriesNo(number));
        let instance = self.hasher.instance(&incoming.labels, self.sender);
        let labels = incoming.labels.clone();
        self.admitted.records.push(Record::Series { hash, instance, labels });
        Standing::Routed(SeriesNo(number))
    }

    /// An undeclared series, too, marks its instance alive: once, at its first sample.
    fn witness(&mut self, incoming: &Incoming) {
        let instance = self.hasher.instance(&incoming.labels, self.sender);
        let first = incoming.samples.iter().map(|(at_ms, _)| *at_ms).min();
        let Some(at_ms) = first.filter(|at_ms| *at_ms <= self.horizon_ms) else { return };
        if !self.fold.knows_instance(instance) && self.instances.insert(instance) {
            self.admitted.records.push(Record::Instance { instance, at_ms });
        }
    }

    fn sample(&mut self, series: SeriesNo, at_ms: i64, value: Value) {
        let outcome = &mut self.admitted.outcome;
        if at_ms > self.horizon_ms {
            outcome.future += 1;
            return;
        }
        let newer_in_batch = self.seen_ms.get(&series).is_none_or(|seen_ms| at_ms > *seen_ms);
        let newer = newer_in_batch && self.fold.accepts(series, at_ms);
        let record = match value {
            Value::Number(value) if !(value.is_finite() && value >= 0.0) => {
                outcome.no_counter += 1;
                return;
            }
            Value::Number(value) => Record::Sample { series, at_ms, value },
            Value::Stale => Record::Stale { series, at_ms },
        };
        if !newer {
            outcome.duplicate_or_late += 1;
            return;
        }
        outcome.accepted += 1;
        self.seen_ms.insert(series, at_ms);
        self.admitted.records.push(record);
    }
}

/// Keyed identities of series and instances.
#[derive(Debug)]
pub(super) struct Hasher {
    key: [u8; 16],
}

impl Hasher {
    /// Reads the key of this data directory, or makes it of `fresh`.
    pub(super) fn open(path: &Path, fresh: [u8; 16]) -> Result<Self, OpenError> {
        let in_file = |source| OpenError::Io { path: path.display().to_string(), source };
        match std::fs::read(path) {
            Ok(bytes) => {
                let key = <[u8; 16]>::try_from(bytes.as_slice()).map_err(|_| {
                    in_file(std::io::Error::other("the key file does not hold 16 bytes"))
                })?;
                Ok(Self { key })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                create(path, &fresh).map_err(in_file)?;
                Ok(Self { key: fresh })
            }
            Err(error) => Err(in_file(error)),
        }
    }

    fn series(&self, labels: &Labels) -> SeriesHash {
        let pairs = labels.pairs().iter().flat_map(|(name, value)| [name, value]);
        SeriesHash(self.hash(pairs.map(String::as_str)))
    }

    /// Who exposes a series: its `job` and `instance`, or its sender when it has neither.
    fn instance(&self, labels: &Labels, sender: &str) -> InstanceHash {
        let (job, instance) = (labels.get("job"), labels.get("instance"));
        InstanceHash(match (job, instance) {
            (None, None) => self.hash(["sender", sender].into_iter()),
            _ => self.hash(
                ["target", job.unwrap_or_default(), instance.unwrap_or_default()].into_iter(),
            ),
        })
    }

    fn hash<'a>(&self, parts: impl Iterator<Item = &'a str>) -> u128 {
        use std::hash::Hasher as _;
        let mut hasher = SipHasher24::new_with_key(&self.key);
        for part in parts {
            hasher.write_u64(part.len() as u64);
            hasher.write(part.as_bytes());
        }
        hasher.finish128().as_u128()
    }
}

/// Writes a small file so that it is there whole or not at all, readable by us only.
fn create(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let partial = path.with_extension("partial");
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    super::log::sync_directory(path.parent().unwrap_or(Path::new(".")))
}
