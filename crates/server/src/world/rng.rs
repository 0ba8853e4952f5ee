//! Randomness: the operating system's, and one that a seed repeats.

use std::sync::Mutex;

use sha2::{Digest, Sha256};

/// Where randomness comes from.
pub trait Rng: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy)]
pub struct OsRng;

impl Rng for OsRng {
    #[expect(clippy::disallowed_methods, reason = "this is World's randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system's generator does not fail once up");
    }
}

/// A generator that gives the same bytes for the same seed: SHA-256 of seed and counter.
#[derive(Debug)]
pub struct SeededRng {
    seed: u64,
    drawn: Mutex<u64>,
}

impl SeededRng {
    /// The generator of that seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: Mutex::new(0) }
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        let mut drawn = self.drawn.lock().expect("no drawer panics");
        for chunk in bytes.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_le_bytes());
            hash.update(drawn.to_le_bytes());
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
            *drawn += 1;
        }
    }
}
