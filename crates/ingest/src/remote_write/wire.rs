//! The messages of remote write 1.0 as types, for senders and tests; [`v2`] has those of 2.0.
//!
//! Field numbers are those of `prometheus/prompb/remote.proto` and `types.proto`. Label texts are
//! bytes here, so that a sender can be built that sends broken UTF-8.

pub mod v2;

/// A batch of series (`WriteRequest`).
#[derive(Clone, PartialEq, prost::Message)]
pub struct WriteRequest {
    /// The series.
    #[prost(message, repeated, tag = "1")]
    pub timeseries: Vec<TimeSeries>,
}

/// Samples of one label set (`TimeSeries`). Its exemplars (field 3) and native histograms (4) are
/// read, and nothing here sends them.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TimeSeries {
    /// The labels, sorted by name as senders should.
    #[prost(message, repeated, tag = "1")]
    pub labels: Vec<Label>,
    /// The samples, in time order as senders should.
    #[prost(message, repeated, tag = "2")]
    pub samples: Vec<Sample>,
}

impl TimeSeries {
    /// A series of these labels, which are put in order.
    pub fn new<N: Into<Vec<u8>>, V: Into<Vec<u8>>>(
        labels: impl IntoIterator<Item = (N, V)>,
        samples: Vec<Sample>,
    ) -> Self {
        let label = |(name, value): (N, V)| Label { name: name.into(), value: value.into() };
        let mut labels: Vec<Label> = labels.into_iter().map(label).collect();
        labels.sort_by(|one, other| one.name.cmp(&other.name));
        Self { labels, samples }
    }
}

/// One label.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Label {
    /// Its name, UTF-8.
    #[prost(bytes = "vec", tag = "1")]
    pub name: Vec<u8>,
    /// Its value, UTF-8.
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

/// One value at a time.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Sample {
    /// The value; a NaN with the payload 2 ends the series.
    #[prost(double, tag = "1")]
    pub value: f64,
    /// Unix time in milliseconds.
    #[prost(int64, tag = "2")]
    pub timestamp: i64,
}

/// A native histogram, the same in both versions. One of `count_int` and `count_float` is set, and
/// the zero count and the buckets are of the same kind.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Histogram {
    /// All observations.
    #[prost(uint64, optional, tag = "1")]
    pub count_int: Option<u64>,
    /// The same as a float.
    #[prost(double, optional, tag = "2")]
    pub count_float: Option<f64>,
    /// The sum of what was observed; a NaN with the payload 2 ends the series.
    #[prost(double, tag = "3")]
    pub sum: f64,
    /// −4 to 8, or −53 for custom buckets.
    #[prost(sint32, tag = "4")]
    pub schema: i32,
    /// The zero bucket reaches from −this to this.
    #[prost(double, tag = "5")]
    pub zero_threshold: f64,
    /// Observations in the zero bucket.
    #[prost(uint64, optional, tag = "6")]
    pub zero_count_int: Option<u64>,
    /// The same as a float.
    #[prost(double, optional, tag = "7")]
    pub zero_count_float: Option<f64>,
    /// Which negative buckets have counts.
    #[prost(message, repeated, tag = "8")]
    pub negative_spans: Vec<BucketSpan>,
    /// Each count less the one before.
    #[prost(sint64, repeated, tag = "9")]
    pub negative_deltas: Vec<i64>,
    /// The counts, if they are floats.
    #[prost(double, repeated, tag = "10")]
    pub negative_counts: Vec<f64>,
    /// Which positive buckets have counts.
    #[prost(message, repeated, tag = "11")]
    pub positive_spans: Vec<BucketSpan>,
    /// Each count less the one before.
    #[prost(sint64, repeated, tag = "12")]
    pub positive_deltas: Vec<i64>,
    /// The counts, if they are floats.
    #[prost(double, repeated, tag = "13")]
    pub positive_counts: Vec<f64>,
    /// 0 unknown, 1 reset, 2 no reset, 3 gauge.
    #[prost(int32, tag = "14")]
    pub reset_hint: i32,
    /// Unix time in milliseconds.
    #[prost(int64, tag = "15")]
    pub timestamp: i64,
    /// Upper bounds of custom buckets.
    #[prost(double, repeated, tag = "16")]
    pub custom_values: Vec<f64>,
    /// When it began to count, Unix time in milliseconds; zero if unknown. Only in 2.0.
    #[prost(int64, tag = "17")]
    pub start_timestamp: i64,
}

/// Consecutive buckets.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct BucketSpan {
    /// The gap to the span before; of the first span, its index.
    #[prost(sint32, tag = "1")]
    pub offset: i32,
    /// How many buckets.
    #[prost(uint32, tag = "2")]
    pub length: u32,
}
