//! Runs seeds, and says which of them failed, with the end of the first history.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::figures::Figures;

/// How many seeds: the usual number, all of them when `PLIMSOLL_CAMPAIGN=full`, or as many as it
/// says.
#[expect(clippy::disallowed_methods, reason = "a test's own size, not the program's behaviour")]
fn size(usual: u64, full: u64) -> u64 {
    match std::env::var("PLIMSOLL_CAMPAIGN").as_deref() {
        Ok("full") => full,
        Ok(count) => count.parse().unwrap_or(usual),
        Err(_) => usual,
    }
}

#[expect(clippy::disallowed_methods, reason = "which seeds a test runs")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[expect(clippy::print_stdout, reason = "the figures of a campaign")]
fn show(figures: &Figures, failed: usize) {
    println!("FIGURES simulation: {figures}; {failed} failed");
}

/// Runs `check` for every seed of a campaign, the first of which is `PLIMSOLL_SEED_FROM`, or for
/// `PLIMSOLL_SEED` alone, on all cores: each seed has a thread to itself.
pub(super) fn run(usual: u64, full: u64, check: impl Fn(u64) -> Result<Figures, String> + Sync) {
    let first = number("PLIMSOLL_SEED_FROM").unwrap_or(0);
    let all = (first, first + size(usual, full));
    let (from, to) = number("PLIMSOLL_SEED").map_or(all, |seed| (seed, seed + 1));
    let next = AtomicU64::new(from);
    let failed: Mutex<Vec<(u64, String)>> = Mutex::default();
    let figures: Mutex<Figures> = Mutex::default();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= to {
                return;
            }
            let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(seed)));
            let panicked = |_| Err("it panicked, see above".to_owned());
            match checked.unwrap_or_else(panicked) {
                Ok(found) => *figures.lock().unwrap() += found,
                Err(why) => {
                    failed.lock().unwrap().push((seed, why));
                }
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    show(&figures.into_inner().unwrap(), failed.len());
    let seeds: Vec<u64> = failed.iter().map(|(seed, _)| *seed).take(40).collect();
    let shown: Vec<String> =
        failed.iter().take(2).map(|(seed, why)| format!("PLIMSOLL_SEED={seed}: {why}")).collect();
    assert!(
        failed.is_empty(),
        "{} of {} failed: {seeds:?}\n{}",
        failed.len(),
        to - from,
        shown.join("\n")
    );
}
