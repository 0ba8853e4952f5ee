//! Time as the engine counts it: sample milliseconds and the minutes they fall into.
//!
//! Instants are `jiff::Timestamp`; lengths that people write (`1h`, `30d`) are whole minutes.

use serde::{Deserialize, Serialize};

pub use jiff::Timestamp;

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;

/// A minute since the Unix epoch: the half-open span [n × 60 s, (n + 1) × 60 s).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minute(pub i64);

impl Minute {
    /// The minute that holds a Unix time in milliseconds.
    pub fn of_ms(unix_ms: i64) -> Self {
        Self(unix_ms.div_euclid(MINUTE_MS))
    }

    /// The minute that holds an instant.
    pub fn of(at: Timestamp) -> Self {
        Self::of_ms(at.as_millisecond())
    }

    /// Its first millisecond.
    pub fn start_ms(self) -> i64 {
        self.0 * MINUTE_MS
    }

    /// Its first instant.
    pub fn start(self) -> Timestamp {
        instant(self.start_ms())
    }

    /// The minute `count` later (or earlier, when negative).
    pub fn plus(self, count: i64) -> Self {
        Self(self.0 + count)
    }
}

/// Minutes in an hour.
pub const HOUR_MINUTES: usize = 60;

/// Minutes in a day.
pub const DAY_MINUTES: usize = 1_440;

/// A day since the Unix epoch, UTC: what minutes are kept and put away by.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Day(pub i64);

impl Day {
    /// The day that holds a minute.
    pub fn of(minute: Minute) -> Self {
        Self(minute.0.div_euclid(DAY_MINUTES as i64))
    }

    /// Its first minute.
    pub fn start(self) -> Minute {
        Minute(self.0 * DAY_MINUTES as i64)
    }

    /// The first minute of the next.
    pub fn end(self) -> Minute {
        Self(self.0 + 1).start()
    }

    /// The day `count` later (or earlier, when negative).
    pub fn plus(self, count: i64) -> Self {
        Self(self.0 + count)
    }
}

/// The instant of a Unix time in milliseconds, clamped to what a timestamp can hold.
pub fn instant(unix_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(unix_ms).unwrap_or(if unix_ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// A length in whole minutes, written as OpenSLO and Prometheus write it: `5m`, `1h`, `30d`, `4w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minutes(pub u32);

impl Minutes {
    /// One day.
    pub const DAY: Self = Self(1_440);

    /// Its length in milliseconds.
    pub fn ms(self) -> i64 {
        i64::from(self.0) * MINUTE_MS
    }

    /// Reads `5m`, `1h`, `30d` or `4w`: one positive whole number and one unit.
    pub fn parse(text: &str) -> Option<Self> {
        let split = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at(split);
        let unit_minutes = match unit {
            "m" => 1,
            "h" => 60,
            "d" => 1_440,
            "w" => 10_080,
            _ => return None,
        };
        let minutes = number.parse::<u32>().ok()?.checked_mul(unit_minutes)?;
        (minutes > 0).then_some(Self(minutes))
    }
}

impl std::fmt::Display for Minutes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            m if m % 1_440 == 0 => write!(f, "{}d", m / 1_440),
            m if m % 60 == 0 => write!(f, "{}h", m / 60),
            m => write!(f, "{m}m"),
        }
    }
}

impl From<Minutes> for String {
    fn from(minutes: Minutes) -> Self {
        minutes.to_string()
    }
}

impl TryFrom<String> for Minutes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a length such as 5m, 1h or 30d"))
    }
}

#[cfg(test)]
mod tests;
