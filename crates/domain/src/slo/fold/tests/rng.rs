//! Numbers that look random and are the same for the same seed (SplitMix64, Steele et al. 2014).

pub(super) struct Rng(pub(super) u64);

impl Rng {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to before `end`.
    pub(super) fn below(&mut self, end: i64) -> i64 {
        (self.next() % end.max(1) as u64) as i64
    }

    /// From `low` to `high`, both included.
    pub(super) fn within(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    pub(super) fn one_in(&mut self, many: i64) -> bool {
        self.below(many) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as i64) as usize]
    }
}

/// How many seeds a campaign has: all of them when `PLIMSOLL_CAMPAIGN=full`, or as many as it says.
#[expect(clippy::disallowed_methods, reason = "a test's own size, not the program's behaviour")]
pub(super) fn campaign(usual: u64, full: u64) -> u64 {
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

/// Runs `check` for every seed of a campaign, the first of which is `PLIMSOLL_SEED_FROM`, or for
/// `PLIMSOLL_SEED` alone; fails with the first differences and the seeds of all.
pub(super) fn run(seeds: u64, check: impl Fn(u64) -> Result<(), String>) {
    let start = number("PLIMSOLL_SEED_FROM").unwrap_or(0);
    let (from, to) =
        number("PLIMSOLL_SEED").map_or((start, start + seeds), |seed| (seed, seed + 1));
    let mut failed: Vec<(u64, String)> = Vec::new();
    for seed in from..to {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(seed)));
        let panicked = |_| Err("it panicked, see above".to_owned());
        failed.extend(outcome.unwrap_or_else(panicked).err().map(|why| (seed, why)));
    }
    let seeds: Vec<u64> = failed.iter().map(|(seed, _)| *seed).take(40).collect();
    let first: Vec<String> =
        failed.iter().take(3).map(|(seed, why)| format!("PLIMSOLL_SEED={seed}: {why}")).collect();
    let (count, first) = (failed.len(), first.join("\n"));
    assert!(failed.is_empty(), "{count} of {} differ: {seeds:?}\n{first}", to - from);
}
