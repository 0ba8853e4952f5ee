//! Instants as people type them: RFC 3339, or relative to now such as `-30m` and `-2d`.

use std::str::FromStr;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use plimsoll_server::world::World;

/// An instant as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// This instant.
    At(Timestamp),
    /// So long after now; before it, when negative.
    FromNow(SignedDuration),
}

/// A text that is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("neither RFC 3339 such as 2026-01-31T12:00:00Z, nor relative to now such as -30m or -2d")]
pub(crate) struct NoInstant;

impl When {
    /// The instant meant at `now`.
    pub(crate) fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(instant) => instant,
            Self::FromNow(distance) => now.saturating_add(distance).unwrap_or(now),
        }
    }

    /// The instant meant, by this machine's clock.
    pub(crate) fn by_the_clock(self) -> Timestamp {
        self.resolve(World::system().now())
    }
}

impl FromStr for When {
    type Err = NoInstant;

    fn from_str(text: &str) -> Result<Self, NoInstant> {
        if text == "now" {
            return Ok(Self::FromNow(SignedDuration::ZERO));
        }
        if text.starts_with(['-', '+']) {
            let span: Span = text.parse().map_err(|_| NoInstant)?;
            let days = SpanRelativeTo::days_are_24_hours();
            return span.to_duration(days).map(Self::FromNow).map_err(|_| NoInstant);
        }
        text.parse().map(Self::At).map_err(|_| NoInstant)
    }
}

#[cfg(test)]
mod tests;
