//! What the process takes from outside: time and randomness.
//!
//! Invariant: time never goes back within a process, and nothing else in the server reads a clock
//! or draws a random number. Tests hold a [`SimClock`] and a [`SeededRng`]; the code under them is
//! the same.

mod clock;
mod rng;

use std::sync::Arc;

use jiff::Timestamp;
use plimsoll_domain::id::{Id, Noun};

pub use clock::{Clock, SimClock, Sleep, SystemClock};
pub use rng::{OsRng, Rng, SeededRng};

/// Time and randomness, handed to everything that needs them.
#[derive(Clone)]
pub struct World {
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl World {
    /// The real one.
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock::start()), Arc::new(OsRng))
    }

    /// A world of these parts.
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { clock, rng }
    }

    /// The instant: read once per request or activation, then passed on.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time since some fixed instant, untouched by steps of the wall clock.
    pub fn monotonic(&self) -> std::time::Duration {
        self.clock.monotonic()
    }

    /// Resolves at `at`, or at once when it has passed.
    pub fn sleep_until(&self, at: Timestamp) -> Sleep {
        self.clock.sleep_until(at)
    }

    /// A fresh id of one noun.
    pub fn fresh<N: Noun>(&self, now: Timestamp) -> Id<N> {
        Id::fresh(u64::try_from(now.as_millisecond()).unwrap_or(0), self.bytes())
    }

    /// Random bytes, fit for secrets.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }

    /// A random number in [0, 1).
    pub fn unit(&self) -> f64 {
        const BITS: u32 = 53;
        let number = u64::from_le_bytes(self.bytes()) >> (u64::BITS - BITS);
        number as f64 / (1_u64 << BITS) as f64
    }
}

#[cfg(test)]
mod tests;
