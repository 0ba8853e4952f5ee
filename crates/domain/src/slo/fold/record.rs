//! The entries of the sample log.

use crate::slo::selector::{Labels, RegexError};
use crate::slo::tally::Change;

/// A series' identity: a keyed 128-bit hash of its canonical labels, replica labels left out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct SeriesHash(pub u128);

/// Something by series. Its keys are hashes made with a secret key, and are not hashed again.
pub type SeriesMap<T> =
    std::collections::HashMap<SeriesHash, T, std::hash::BuildHasherDefault<AsItIs>>;

/// Takes a number that is a hash already for its hash.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsItIs(u64);

impl std::hash::Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 ^= u64::from_le_bytes(word);
        }
    }

    fn write_u128(&mut self, hash: u128) {
        self.0 = hash as u64;
    }
}

/// An instance's identity: a keyed hash of the labels that name who exposes a series.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct InstanceHash(pub u128);

/// A routed series: its place among those that are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesNo(pub u32);

/// One entry of the sample log.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// From `at_ms` (our clock) on something else is wanted.
    Declare {
        /// When.
        at_ms: i64,
        /// What of it is not as it was.
        change: Change,
    },
    /// An instance was seen by an undeclared series: for the first time, or after a while.
    Instance {
        /// The instance.
        instance: InstanceHash,
        /// The time of its sample.
        at_ms: i64,
    },
    /// A series that some tally counts appeared. It takes the place that was forgotten last, or a
    /// new one behind all others.
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
        /// The counter's or gauge's value.
        value: f64,
    },
    /// A native histogram was accepted.
    Histogram {
        /// The series.
        series: SeriesNo,
        /// The sample's time.
        at_ms: i64,
        /// All observations.
        count: f64,
        /// Those at or below each threshold that its routes ask for, in the order of its routes.
        at_most: Vec<f64>,
    },
    /// A series ended.
    Stale {
        /// The series.
        series: SeriesNo,
        /// The marker's time.
        at_ms: i64,
    },
    /// The next sample of a series counts from here: its sender says so.
    Start {
        /// The series.
        series: SeriesNo,
        /// When what it counts began.
        start_ms: i64,
    },
    /// So much was added between two instants (delta temporality).
    Delta {
        /// The series.
        series: SeriesNo,
        /// The start of the stretch.
        start_ms: i64,
        /// Its end, which is the sample's time.
        at_ms: i64,
        /// How much.
        value: f64,
    },
    /// Of a cluster's replicas this one is heard from now on.
    Elect {
        /// The sender and its cluster.
        cluster: String,
        /// The replica.
        replica: String,
    },
    /// Series that were silent for longer than state is kept; their places are free. With them go
    /// the instances and senders that are left without.
    Forget {
        /// No sample older than this is taken any more.
        oldest_ms: i64,
        /// The series.
        series: Vec<SeriesNo>,
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
    /// A histogram with other thresholds than its series' routes ask for.
    #[error("a histogram of series {0} does not fit its routes")]
    Thresholds(u32),
}
