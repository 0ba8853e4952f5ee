//! The messages of remote write 2.0 as types, for senders and tests.
//!
//! Field numbers are those of `prompb/io/prometheus/write/v2/types.proto`.

use super::Histogram;

/// A batch of series (`Request`).
#[derive(Clone, PartialEq, prost::Message)]
pub struct Request {
    /// The texts that labels refer to; the first is empty.
    #[prost(bytes = "vec", repeated, tag = "4")]
    pub symbols: Vec<Vec<u8>>,
    /// The series.
    #[prost(message, repeated, tag = "5")]
    pub timeseries: Vec<TimeSeries>,
}

/// Samples of one label set (`TimeSeries`).
#[derive(Clone, PartialEq, prost::Message)]
pub struct TimeSeries {
    /// Pairs of references to symbols: name and value.
    #[prost(uint32, repeated, tag = "1")]
    pub labels_refs: Vec<u32>,
    /// The samples; none if there are histograms.
    #[prost(message, repeated, tag = "2")]
    pub samples: Vec<Sample>,
    /// The native histograms; none if there are samples.
    #[prost(message, repeated, tag = "3")]
    pub histograms: Vec<Histogram>,
    /// Examples of what was counted.
    #[prost(message, repeated, tag = "4")]
    pub exemplars: Vec<Exemplar>,
    /// What the series is.
    #[prost(message, optional, tag = "5")]
    pub metadata: Option<Metadata>,
    /// When it began to count, before 2.0-rc.4; Unix time in milliseconds.
    #[prost(int64, tag = "6")]
    pub created_timestamp: i64,
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
    /// When it began to count, Unix time in milliseconds; zero if unknown.
    #[prost(int64, tag = "3")]
    pub start_timestamp: i64,
}

/// An example of what was counted.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Exemplar {
    /// Pairs of references to symbols: name and value.
    #[prost(uint32, repeated, tag = "1")]
    pub labels_refs: Vec<u32>,
    /// What was observed.
    #[prost(double, tag = "2")]
    pub value: f64,
    /// Unix time in milliseconds.
    #[prost(int64, tag = "3")]
    pub timestamp: i64,
}

/// What a series is.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Metadata {
    /// 1 counter, 2 gauge, 3 histogram, 4 gauge histogram, 5 summary, 6 info, 7 state set.
    #[prost(int32, tag = "1")]
    pub r#type: i32,
    /// The symbol of its help text.
    #[prost(uint32, tag = "3")]
    pub help_ref: u32,
    /// The symbol of its unit.
    #[prost(uint32, tag = "4")]
    pub unit_ref: u32,
}
