//! Bytes from the wire into samples: Prometheus remote write and exposition text.
//!
//! Invariant: pure and bounded. Nothing here does I/O, holds state, reads a clock or panics on bad
//! input, and no allocation exceeds what [`Limits`] allows, whatever a header claims. A bad series
//! or line never costs the good ones beside it: it becomes a [`Fault`].
//!
//! What a sample means (increase, reset, liveness) is decided by `domain::slo::fold`, not here.

use plimsoll_domain::telemetry::{Batch, LabelError, Value};

pub mod exposition;
pub mod remote_write;

/// What a request or a scrape brought: the good series, and what was wrong with the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decoded {
    /// Series with at least one point, in the order they came. Their times lie within
    /// [`AT_MS_MIN`]..=[`AT_MS_MAX`].
    pub batch: Batch,
    /// What was left out because it is malformed.
    pub faults: Vec<Fault>,
    /// Samples left out because their value is NaN or infinite. That is no fault of the sender:
    /// a summary without observations reads NaN. They count nothing and cover no time.
    pub not_finite: u64,
    /// Native histograms left out because they are gauges: they count nothing.
    pub gauge_histograms: u64,
    /// How much of it was well-formed, what was left out without a fault included.
    pub written: Written,
}

/// How much well-formed data came ("Remote-Write 2.0", "Required Written Response Headers").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Numbers and stale markers.
    pub samples: u64,
    /// Native histograms, stale markers of them included.
    pub histograms: u64,
    /// Exemplars, which are counted and not kept.
    pub exemplars: u64,
}

impl std::ops::AddAssign for Written {
    fn add_assign(&mut self, other: Self) {
        self.samples += other.samples;
        self.histograms += other.histograms;
        self.exemplars += other.exemplars;
    }
}

/// The earliest sample time: the Unix epoch. Anything before it is a clock that was never set.
pub const AT_MS_MIN: i64 = 0;

/// The latest sample time, at the end of the year 9999: the last that `jiff::Timestamp` holds.
pub const AT_MS_MAX: i64 = 253_402_207_200_000;

/// The NaN that Prometheus writes when a series ends (`value.StaleNaN` in its source).
pub const STALE_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The meaning of a raw value; `None` when it is not finite.
pub fn value_of(raw: f64) -> Option<Value> {
    if raw.to_bits() == STALE_BITS {
        return Some(Value::Stale);
    }
    raw.is_finite().then_some(Value::Number(raw))
}

/// How much one request or scrape may hold. Sizes are checked before memory is taken for them.
///
/// With the defaults no body, however made, costs a decoder more than 256 MiB at its peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after decompression. Default: 32 MiB.
    pub decompressed_bytes_max: usize,
    /// Series. Default: 100,000.
    pub series_max: usize,
    /// Samples over all series, native histograms among them. Default: 1,000,000.
    pub samples_max: usize,
    /// Labels over all series, and symbols of a request that has a table of them. Default:
    /// 2,000,000.
    pub labels_max: usize,
    /// Labels of one series. Default: 64.
    pub labels_per_series_max: usize,
    /// Bytes of one label's name or value. Default: 4,096.
    pub label_bytes_max: usize,
    /// Native histograms over all series. Default: 100,000.
    pub histograms_max: usize,
    /// Buckets, and custom bounds, of one native histogram. Default: 2,000.
    pub buckets_per_histogram_max: usize,
    /// Buckets and custom bounds of all native histograms. Default: 1,000,000.
    pub buckets_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            decompressed_bytes_max: 32 << 20,
            series_max: 100_000,
            samples_max: 1_000_000,
            labels_max: 2_000_000,
            labels_per_series_max: 64,
            label_bytes_max: 4_096,
            histograms_max: 100_000,
            buckets_per_histogram_max: 2_000,
            buckets_max: 1_000_000,
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
    /// A series without `__name__`.
    #[error("the series has no metric name")]
    NoMetricName,
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
    /// A reference to a symbol that is not there.
    #[error("it refers to symbol {reference} of {symbols}")]
    UnknownSymbol {
        /// The reference.
        reference: u64,
        /// How many symbols there are.
        symbols: usize,
    },
    /// References that do not come in pairs of name and value.
    #[error("its label references do not come in pairs")]
    OddReferences,
    /// Numbers and native histograms in one series of a remote-write 2.0 request.
    #[error("the series has both samples and histograms")]
    Mixed,
    /// A time before [`AT_MS_MIN`] or after [`AT_MS_MAX`]; the series' other samples are kept.
    #[error("the sample time {at_ms} ms is outside the years 1970 to 9999")]
    TimeOutOfRange {
        /// The time found, Unix milliseconds.
        at_ms: i64,
    },
    /// A native histogram that contradicts itself; the series' other samples are kept.
    #[error("a native histogram is malformed: {0}")]
    Histogram(#[from] remote_write::HistogramFault),
    /// A line that the text format does not allow.
    #[error("expected {expected} at column {column}")]
    Syntax {
        /// What the format asks for there.
        expected: &'static str,
        /// Where, in bytes, counted from 1.
        column: usize,
    },
    /// An OpenMetrics text without its last line.
    #[error("the text ends without `# EOF`: it was cut off")]
    CutOff,
    /// Nothing after this place was read: a limit is reached.
    #[error("nothing is read from here on: more than {limit} {unit}")]
    Stopped {
        /// The limit.
        limit: usize,
        /// What it counts.
        unit: &'static str,
    },
}

impl From<LabelError> for Reason {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::NotUtf8 => Self::NotUtf8,
            LabelError::Duplicate => Self::DuplicateLabel,
            LabelError::None => Self::NoLabels,
            LabelError::NoName => Self::NoLabelName,
        }
    }
}

/// Whether a sample time is one we can keep.
fn check_time(at_ms: i64) -> Result<i64, Reason> {
    let range = AT_MS_MIN..=AT_MS_MAX;
    if range.contains(&at_ms) { Ok(at_ms) } else { Err(Reason::TimeOutOfRange { at_ms }) }
}

#[cfg(test)]
mod tests;
