//! Prometheus remote write 1.0: a snappy block that holds a protobuf `WriteRequest`.
//!
//! Invariant: memory is bounded before it is taken. The claimed size is checked before
//! decompression, and series, labels and samples are counted on the wire before they are decoded,
//! because two bytes of an empty message become fifty of an empty struct.
//!
//! Metadata, exemplars and native histograms are skipped. The specification:
//! "Prometheus Remote-Write 1.0", section "Protocol".

use crate::{Batch, Fault, Limits, Place, Reason, Sample, SampleValue, Series, check_time, labels};
use prost::Message as _;

pub mod wire;

/// Why a whole request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It claims to be larger than allowed once decompressed.
    #[error("the request has {bytes} bytes decompressed, {bytes_max} are allowed")]
    TooLarge {
        /// What its header claims.
        bytes: usize,
        /// What is allowed.
        bytes_max: usize,
    },
    /// It claims a size that its compressed bytes cannot hold.
    #[error("{compressed_bytes} compressed bytes cannot hold {bytes}")]
    ImplausibleSize {
        /// What its header claims.
        bytes: usize,
        /// What came.
        compressed_bytes: usize,
    },
    /// It holds more series than allowed.
    #[error("the request has more than {series_max} series")]
    TooManySeries {
        /// What is allowed.
        series_max: usize,
    },
    /// It holds more samples than allowed.
    #[error("the request has more than {samples_max} samples")]
    TooManySamples {
        /// What is allowed.
        samples_max: usize,
    },
    /// It is not a snappy block.
    #[error("the body is not a snappy block")]
    Snappy(#[from] snap::Error),
    /// It is not a protobuf message.
    #[error("the body is not a remote-write request: its fields cannot be told apart")]
    Malformed,
    /// It is not a `WriteRequest`.
    #[error("the body is not a remote-write request")]
    Protobuf(#[from] prost::DecodeError),
}

impl From<wire::Malformed> for DecodeError {
    fn from(wire::Malformed: wire::Malformed) -> Self {
        Self::Malformed
    }
}

/// Decodes the body of a remote-write request.
pub fn decode(body: &[u8], limits: &Limits) -> Result<Batch, DecodeError> {
    let message = decompress(body, limits)?;
    let mut batch = Batch::default();
    let mut series_count = 0;
    let mut samples_left = limits.samples_max;
    for field in wire::Fields::of(&message) {
        let Some(encoded) = field?.bytes_of(wire::WRITE_REQUEST_TIMESERIES) else { continue };
        series_count += 1;
        if series_count > limits.series_max {
            return Err(DecodeError::TooManySeries { series_max: limits.series_max });
        }
        let count = Count::of(encoded)?;
        samples_left = samples_left
            .checked_sub(count.samples)
            .ok_or(DecodeError::TooManySamples { samples_max: limits.samples_max })?;
        let place = Place::Series(series_count);
        if count.labels > limits.labels_per_series_max {
            let labels_max = limits.labels_per_series_max;
            let reason = Reason::TooManyLabels { labels: count.labels, labels_max };
            batch.faults.push(Fault { place, reason });
            continue;
        }
        take(&mut batch, place, wire::TimeSeries::decode(encoded)?, limits);
    }
    Ok(batch)
}

/// A snappy element of three bytes copies at most 64: nothing shrinks further (the format's
/// description, section 2.2.2).
const SNAPPY_RATIO_MAX: usize = 22;

fn decompress(body: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let bytes = snap::raw::decompress_len(body)?;
    if bytes > limits.decompressed_bytes_max {
        return Err(DecodeError::TooLarge { bytes, bytes_max: limits.decompressed_bytes_max });
    }
    if bytes > body.len().saturating_mul(SNAPPY_RATIO_MAX) {
        return Err(DecodeError::ImplausibleSize { bytes, compressed_bytes: body.len() });
    }
    Ok(snap::raw::Decoder::new().decompress_vec(body)?)
}

/// How much an encoded series holds, counted without decoding it.
#[derive(Default)]
struct Count {
    labels: usize,
    samples: usize,
}

impl Count {
    fn of(encoded: &[u8]) -> Result<Self, wire::Malformed> {
        let mut count = Self::default();
        for field in wire::Fields::of(encoded) {
            match field?.number {
                wire::TIMESERIES_LABELS => count.labels += 1,
                wire::TIMESERIES_SAMPLES => count.samples += 1,
                _ => {}
            }
        }
        Ok(count)
    }
}

/// Adds what is good of a series to the batch, and a fault for what is not.
fn take(batch: &mut Batch, place: Place, encoded: wire::TimeSeries, limits: &Limits) {
    let labels = match text_pairs(encoded.labels).and_then(|pairs| labels(pairs, limits)) {
        Ok(labels) => labels,
        Err(reason) => return batch.faults.push(Fault { place, reason }),
    };
    let mut samples = Vec::with_capacity(encoded.samples.len());
    let mut misplaced = None;
    for wire::Sample { value, timestamp } in encoded.samples {
        match (check_time(timestamp), SampleValue::of(value)) {
            (Err(reason), _) => misplaced = Some(reason),
            (Ok(_), None) => batch.not_finite += 1,
            (Ok(at_ms), Some(value)) => samples.push(Sample { at_ms, value }),
        }
    }
    // One fault a series, not one a sample: the list of faults stays as short as the series.
    batch.faults.extend(misplaced.map(|reason| Fault { place, reason }));
    if !samples.is_empty() {
        batch.series.push(Series { labels, samples });
    }
}

fn text_pairs(labels: Vec<wire::Label>) -> Result<Vec<(String, String)>, Reason> {
    let text = |bytes| String::from_utf8(bytes).map_err(|_| Reason::NotUtf8);
    labels.into_iter().map(|label| Ok((text(label.name)?, text(label.value)?))).collect()
}

#[cfg(test)]
mod tests;
