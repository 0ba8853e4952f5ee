//! Prometheus remote write: a snappy block that holds a protobuf message, `prometheus.WriteRequest`
//! (1.0) or `io.prometheus.write.v2.Request` (2.0).
//!
//! Invariant: memory is bounded before it is taken. The claimed size is checked before
//! decompression, and series, labels, samples and buckets are counted as the message is walked. A
//! series costs no allocation of its own: labels stay where they stand in the message.
//!
//! Metadata is skipped and exemplars are counted. The specifications: "Prometheus Remote-Write 1.0"
//! and "2.0" (release candidate 4), sections "Protocol" and "Protobuf Message".

use crate::{Decoded, Limits};
use request::Request;

mod fields;
mod histogram;
mod request;
mod v1;
mod v2;
pub mod wire;

pub use histogram::HistogramFault;

/// Which message a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// `prometheus.WriteRequest`, remote write 1.0.
    V1,
    /// `io.prometheus.write.v2.Request`, remote write 2.0.
    V2,
}

impl Message {
    /// The message that a content type names; `None` if it is not one we read. Without a `proto`
    /// parameter it is that of 1.0.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        let mut parts = content_type.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case("application/x-protobuf") {
            return None;
        }
        let mut message = Self::V1;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.eq_ignore_ascii_case("proto") {
                message = match value.trim_matches('"') {
                    "prometheus.WriteRequest" => Self::V1,
                    "io.prometheus.write.v2.Request" => Self::V2,
                    _ => return None,
                };
            }
        }
        Some(message)
    }
}

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
    /// It holds more of something than allowed.
    #[error("the request has more than {max} {unit}")]
    TooMany {
        /// What is allowed.
        max: usize,
        /// Of what.
        unit: &'static str,
    },
    /// It is not a snappy block.
    #[error("the body is not a snappy block")]
    Snappy(#[from] snap::Error),
    /// It is not a protobuf message, or another one.
    #[error("the body is not a remote-write request: its fields cannot be told apart")]
    Malformed,
    /// It holds the fields of the other version's message.
    #[error("the body is not the message that its content type names: it is of remote write {0}")]
    OtherMessage(&'static str),
    /// Its symbols do not begin with the empty one.
    #[error("the first symbol of the request is not the empty string")]
    SymbolsStart,
}

impl From<fields::Malformed> for DecodeError {
    fn from(fields::Malformed: fields::Malformed) -> Self {
        Self::Malformed
    }
}

/// How many bytes a body claims to hold once it is unpacked, as far as it can; none when it claims
/// nothing.
pub fn unpacked_bytes(body: &[u8]) -> usize {
    let claimed = snap::raw::decompress_len(body).unwrap_or(0);
    claimed.min(body.len().saturating_mul(SNAPPY_RATIO_MAX))
}

/// Decodes the body of a remote-write request.
pub fn decode(message: Message, body: &[u8], limits: &Limits) -> Result<Decoded, DecodeError> {
    let request = Request::new(decompress(body, limits)?, limits);
    match message {
        Message::V1 => v1::read(request),
        Message::V2 => v2::read(request),
    }
}

/// A snappy element of three bytes copies at most 64: nothing shrinks further (the format's
/// description, section 2.2.2).
const SNAPPY_RATIO_MAX: usize = 22;

/// Unpacks a snappy block, having checked the size that it claims.
pub fn decompress(body: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let bytes = snap::raw::decompress_len(body)?;
    if bytes > limits.decompressed_bytes_max {
        return Err(DecodeError::TooLarge { bytes, bytes_max: limits.decompressed_bytes_max });
    }
    if bytes > body.len().saturating_mul(SNAPPY_RATIO_MAX) {
        return Err(DecodeError::ImplausibleSize { bytes, compressed_bytes: body.len() });
    }
    Ok(snap::raw::Decoder::new().decompress_vec(body)?)
}

#[cfg(test)]
mod tests;
