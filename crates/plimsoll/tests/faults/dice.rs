//! Chance from a seed that is printed, so that a schedule can be replayed.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose instants.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// From `PLIMSOLL_SEED`, or from the operating system; `what` tells campaigns apart.
    pub(crate) fn cast(what: &str) -> Self {
        let given = std::env::var("PLIMSOLL_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(what));
        println!("{what}: PLIMSOLL_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// A while of less than so many milliseconds.
    pub(crate) fn while_of(&mut self, ms: u64) -> Duration {
        Duration::from_micros(self.below(ms * 1_000))
    }

    /// Dice of its own, so that one who throws more often does not change the others' luck.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.next())
    }
}
