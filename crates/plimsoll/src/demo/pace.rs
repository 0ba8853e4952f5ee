//! How much of the waiting is left out.
//!
//! Invariant: only waiting is shortened. Traffic, promises, rules and clocks are the same at every
//! speed, and a minute lasts a minute.

use jiff::SignedDuration;

/// The waiting that can be shortened is shortened by as much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace(u32);

/// The fastest. Beyond, only whole minutes are left, which the engine counts by.
pub(super) const FASTEST: i64 = 4;

impl Pace {
    /// That speed, from 1 to [`FASTEST`].
    pub(super) fn new(speed: u8) -> Self {
        Self(u32::from(speed.max(1)))
    }

    /// Seconds between two scrapes; a second is the shortest interval there is.
    pub(super) fn scrape_interval_s(self) -> u32 {
        (2 / self.0).max(1)
    }

    /// Whether the story waits for a full minute of samples before the first release.
    pub(super) fn wants_full_minute(self) -> bool {
        self.0 == 1
    }

    /// Orders counted before the first release is asked for.
    pub(super) fn baseline_orders(self) -> f64 {
        2_000.0 / f64::from(self.0)
    }

    /// How long people look before they roll back.
    pub(super) fn time_to_decide(self) -> SignedDuration {
        SignedDuration::from_secs(40) / self.0.cast_signed()
    }
}
