//! How much of a trial is done, with which seeds, and which of them failed.
//!
//! A plain run does the usual; `PLIMSOLL_CAMPAIGN=full` does all of it. What goes by seeds does as
//! many as `PLIMSOLL_CAMPAIGN` says, from `PLIMSOLL_SEED_FROM` on, or `PLIMSOLL_SEED` alone.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Failures that are told in full.
const TOLD_MAX: usize = 3;
/// Failures whose seeds are told.
const SEEDS_MAX: usize = 40;

/// Whether all of it is to be done.
pub fn is_full() -> bool {
    variable("PLIMSOLL_CAMPAIGN").is_some_and(|value| value == "full")
}

/// The usual amount, or the full one.
pub fn amount<T>(usual: T, full: T) -> T {
    if is_full() { full } else { usual }
}

/// The one seed that is asked for.
pub fn seed() -> Option<u64> {
    number("PLIMSOLL_SEED")
}

/// The seeds of a campaign that usually has so many, and all in all so many.
pub fn seeds(usual: u64, full: u64) -> Range<u64> {
    let count = number("PLIMSOLL_CAMPAIGN").unwrap_or_else(|| amount(usual, full));
    let first = number("PLIMSOLL_SEED_FROM").unwrap_or(0);
    seed().map_or(first..first + count, |seed| seed..seed + 1)
}

/// What came of a campaign.
#[derive(Debug)]
pub struct Outcome<T> {
    /// What the seeds that held brought, in no order.
    pub found: Vec<T>,
    failed: Vec<(u64, String)>,
    seeds: Range<u64>,
}

/// Runs `check` for every seed, on all cores: each seed has a thread to itself. One that panics has
/// failed.
pub fn run<T: Send>(
    seeds: Range<u64>,
    check: impl Fn(u64) -> Result<T, String> + Sync,
) -> Outcome<T> {
    let next = AtomicU64::new(seeds.start);
    let done = Mutex::new((Vec::new(), Vec::new()));
    let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end);
    let work = || {
        while let Some(seed) = take() {
            let checked = catch_unwind(AssertUnwindSafe(|| check(seed)));
            let checked = checked.unwrap_or_else(|_| Err("it panicked, see above".to_owned()));
            let (found, failed) = &mut *done.lock().expect("nobody panics with it");
            match checked {
                Ok(one) => found.push(one),
                Err(why) => failed.push((seed, why)),
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let (found, mut failed) = done.into_inner().expect("nobody panicked with it");
    failed.sort();
    Outcome { found, failed, seeds }
}

impl<T> Outcome<T> {
    /// How many seeds failed.
    pub fn failures(&self) -> usize {
        self.failed.len()
    }

    /// Every seed must have held.
    ///
    /// # Panics
    /// With the first failures, and the seeds of more.
    #[track_caller]
    pub fn holds(self) {
        let Self { failed, seeds, .. } = self;
        let numbers: Vec<u64> = failed.iter().map(|(seed, _)| *seed).take(SEEDS_MAX).collect();
        let told = failed.iter().take(TOLD_MAX);
        let told: Vec<_> = told.map(|(seed, why)| format!("PLIMSOLL_SEED={seed}: {why}")).collect();
        let (count, of, told) = (failed.len(), seeds.end - seeds.start, told.join("\n"));
        assert!(failed.is_empty(), "{count} of {of} failed: {numbers:?}\n{told}");
    }
}

fn number(name: &str) -> Option<u64> {
    variable(name)?.parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "how much a test does is no process configuration")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests;
