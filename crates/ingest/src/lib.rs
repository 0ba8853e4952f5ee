//! Bytes from the wire into samples: Prometheus remote write and exposition text.
//!
//! Invariant: pure and bounded. Nothing here does I/O, holds state, reads a clock or panics on bad
//! input, and no allocation exceeds what [`Limits`] allows, whatever a header claims. A bad series
//! or line never costs the good ones beside it: it becomes a [`Fault`].
//!
//! What a sample means (increase, reset, liveness) is decided by `domain::slo::fold`, not here.

use plimsoll_domain::slo::selector::Labels;

pub mod exposition;
pub mod remote_write;

/// What a request or a scrape brought: the good series, and what was wrong with the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Series with at least one sample, in the order they came.
    pub series: Vec<Series>,
    /// What was left out because it is malformed.
    pub faults: Vec<Fault>,
    /// Samples left out because their value is NaN or infinite. That is no fault of the sender:
    /// a summary without observations reads NaN. They count nothing and cover no time.
    pub not_finite: u64,
}

/// Samples of one label set.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The labels, the metric's name among them as `__name__`.
    pub labels: Labels,
    /// Its samples in the order they came; never empty.
    pub samples: Vec<Sample>,
}

/// A value at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Unix time in milliseconds; within [`AT_MS_MIN`]..=[`AT_MS_MAX`].
    pub at_ms: i64,
    /// The value.
    pub value: SampleValue,
}

/// What a sample says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SampleValue {
    /// The series has this value; always finite.
    Number(f64),
    /// The series has ended: Prometheus' stale marker.
    Stale,
}

/// The earliest sample time: the Unix epoch. Anything before it is a clock that was never set.
pub const AT_MS_MIN: i64 = 0;

/// The latest sample time, at the end of the year 9999: the last that `jiff::Timestamp` holds.
pub const AT_MS_MAX: i64 = 253_402_207_200_000;

/// The NaN that Prometheus writes when a series ends (`value.StaleNaN` in its source).
pub const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

impl SampleValue {
    /// The meaning of a raw value; `None` when it is not finite.
    pub fn of(raw: f64) -> Option<Self> {
        if raw.to_bits() == STALE_BITS {
            return Some(Self::Stale);
        }
        raw.is_finite().then_some(Self::Number(raw))
    }
}

/// How much one request or scrape may hold. Sizes are checked before memory is taken for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after decompression. Default: 32 MiB.
    pub decompressed_bytes_max: usize,
    /// Series. Default: 100,000.
    pub series_max: usize,
    /// Samples over all series. Default: 1,000,000.
    pub samples_max: usize,
    /// Labels of one series. Default: 64.
    pub labels_per_series_max: usize,
    /// Bytes of one label's name or value. Default: 4,096.
    pub label_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            decompressed_bytes_max: 32 << 20,
            series_max: 100_000,
            samples_max: 1_000_000,
            labels_per_series_max: 64,
            label_bytes_max: 4_096,
        }
    }
}

/// One malformed series, sample or line: where it stood and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Fault {
    /// Where it stood.
    pub place: Place,
    /// What is wrong.
    pub reason: Reason,
}

/// Where a fault stood, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The n-th series of a remote-write request.
    Series(usize),
    /// The n-th line of an exposition text.
    Line(usize),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Series(number) => write!(f, "series {number}"),
            Self::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// What is wrong with a series or a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A series without any label.
    #[error("the series has no labels")]
    NoLabels,
    /// A label without a name.
    #[error("a label has no name")]
    NoLabelName,
    /// The same label twice.
    #[error("a label name occurs twice")]
    DuplicateLabel,
    /// Bytes that are not UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// More labels than a series may have.
    #[error("the series has {labels} labels, {labels_max} are allowed")]
    TooManyLabels {
        /// How many it has.
        labels: usize,
        /// How many it may have.
        labels_max: usize,
    },
    /// A label's name or value longer than allowed.
    #[error("a label has {bytes} bytes, {bytes_max} are allowed")]
    LabelTooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// A time before [`AT_MS_MIN`] or after [`AT_MS_MAX`]; the series' other samples are kept.
    #[error("the sample time {at_ms} ms is outside the years 1970 to 9999")]
    TimeOutOfRange {
        /// The time found, Unix milliseconds.
        at_ms: i64,
    },
    /// A line that the text format does not allow.
    #[error("expected {expected} at column {column}")]
    Syntax {
        /// What the format asks for there.
        expected: &'static str,
        /// Where, in bytes, counted from 1.
        column: usize,
    },
    /// Nothing after this place was read: a limit is reached.
    #[error("nothing is read from here on: more than {limit} {unit}")]
    Stopped {
        /// The limit.
        limit: usize,
        /// What it counts.
        unit: &'static str,
    },
}

/// Makes checked pairs into labels.
fn labels(pairs: Vec<(String, String)>, limits: &Limits) -> Result<Labels, Reason> {
    if pairs.len() > limits.labels_per_series_max {
        let labels_max = limits.labels_per_series_max;
        return Err(Reason::TooManyLabels { labels: pairs.len(), labels_max });
    }
    if pairs.iter().any(|(name, _)| name.is_empty()) {
        return Err(Reason::NoLabelName);
    }
    let longest = pairs.iter().map(|(name, value)| name.len().max(value.len())).max();
    if let Some(bytes) = longest.filter(|&bytes| bytes > limits.label_bytes_max) {
        return Err(Reason::LabelTooLong { bytes, bytes_max: limits.label_bytes_max });
    }
    let labels = Labels::from_pairs(pairs).ok_or(Reason::DuplicateLabel)?;
    if labels.pairs().is_empty() { Err(Reason::NoLabels) } else { Ok(labels) }
}

/// Whether a sample time is one we can keep.
fn check_time(at_ms: i64) -> Result<i64, Reason> {
    let range = AT_MS_MIN..=AT_MS_MAX;
    if range.contains(&at_ms) { Ok(at_ms) } else { Err(Reason::TimeOutOfRange { at_ms }) }
}

#[cfg(test)]
mod tests;
