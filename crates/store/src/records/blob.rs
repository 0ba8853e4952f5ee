//! Stored blobs: JSON text that says its version, `{"v":1,"body":…}`.
//!
//! Invariant: what is read back is exactly what was stored, or an error. A version that this
//! program does not know is refused, never guessed at. What the version before can act on as well
//! is stored as the version before stores it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Error;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    v: u32,
    body: T,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// The text that a value is stored as.
pub(super) fn encode<T: Serialize>(body: &T) -> String {
    encode_as(VERSION, body)
}

/// The same, of a value that only programs which know this version can act on.
pub(super) fn encode_as<T: Serialize>(version: u32, body: &T) -> String {
    serde_json::to_string(&Stored { v: version, body })
        .expect("domain types have string keys and no failing serializers")
}

/// Reads a stored text; `what` names it in errors.
pub(super) fn decode<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Error> {
    decode_up_to(VERSION, what, text)
}

/// The same, of what is stored as any version up to `known`.
pub(super) fn decode_up_to<T: DeserializeOwned>(
    known: u32,
    what: &'static str,
    text: &str,
) -> Result<T, Error> {
    let corrupt = |error: serde_json::Error| Error::Corrupt { what, why: error.to_string() };
    let Version { v: version } = serde_json::from_str(text).map_err(corrupt)?;
    if !(VERSION..=known).contains(&version) {
        return Err(Error::UnknownVersion { what, version, known });
    }
    serde_json::from_str::<Stored<T>>(text).map(|stored| stored.body).map_err(corrupt)
}

#[cfg(test)]
mod tests;
