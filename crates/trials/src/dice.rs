//! Chance that is the same for the same seed.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use crate::campaign;

/// What is thrown.
#[derive(Debug, Clone)]
pub struct Dice(fastrand::Rng);

impl Dice {
    /// Dice of this seed.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// From `PLIMSOLL_SEED`, or from the operating system, and printed; `what` is what they are
    /// thrown for.
    #[expect(clippy::print_stdout, reason = "the seed by which a run is had again")]
    pub fn cast(what: &str) -> Self {
        let seed = campaign::seed().unwrap_or_else(|| RandomState::new().hash_one(what));
        println!("{what}: PLIMSOLL_SEED={seed}");
        Self::new(seed)
    }

    /// From 0 to before `end`.
    ///
    /// # Panics
    /// When there is no number before it.
    pub fn below<N: TryFrom<u64>>(&mut self, end: N) -> N
    where
        u64: TryFrom<N>,
    {
        let end = u64::try_from(end).ok().expect("numbers from 0 on");
        N::try_from(self.0.u64(..end)).ok().expect("less than one of its kind")
    }

    /// From `low` to `high`, both included.
    ///
    /// # Panics
    /// When `high` is less.
    pub fn within(&mut self, low: i64, high: i64) -> i64 {
        self.0.i64(low..=high)
    }

    /// True once in so many times; never when that is none.
    pub fn one_in(&mut self, times: u64) -> bool {
        times > 0 && self.below(times) == 0
    }

    /// One of them.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A while of less than so many milliseconds.
    pub fn while_of(&mut self, ms: u64) -> Duration {
        Duration::from_micros(self.below(ms * 1_000))
    }

    /// A seed of something else's chance.
    pub fn seed(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// Dice of its own, so that one who throws more often does not change the others' luck.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.0.fork())
    }
}

#[cfg(test)]
mod tests;
