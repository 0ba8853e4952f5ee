//! Times as the tables keep them: whole microseconds since the Unix epoch, the same on every
//! database.

use jiff::Timestamp;

use super::Error;

pub(super) fn of(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(super) fn instant(micros: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(micros)
        .map_err(|error| Error::Corrupt { what: "time", why: error.to_string() })
}

/// A count or version that the database keeps as `i64`.
pub(super) fn count(stored: i64) -> u64 {
    stored.unsigned_abs()
}
