//! Damaged inputs for the tests of decoders: sound ones, mutated at random from a fixed seed, so
//! that a run is the same everywhere. A failure is shrunk, and printed as hex with its seed.
//!
//! A target holds its decoder to more than not panicking: that decoding twice gives the same, that
//! what is decoded encodes and decodes to itself, that limits are kept.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::campaign;

mod mutation;

use mutation::Mutation;

/// Inputs of the cheapest target in a plain run; all targets together take half a minute then.
const CASES: u32 = 600_000;
/// How many times as many a campaign (`PLIMSOLL_CAMPAIGN=full`) takes.
const CAMPAIGN: u32 = 20;
/// The most mutations of one input.
const MUTATIONS_MAX: usize = 8;

/// What a target starts from.
#[derive(Debug, Clone)]
pub struct Corpus<'a> {
    /// The target's name; the seed derives from it.
    pub name: &'a str,
    /// Sound inputs.
    pub seeds: Vec<Vec<u8>>,
    /// Pieces that mean something in the language of the inputs.
    pub words: &'a [&'a [u8]],
    /// How many inputs cost as much as one of the cheapest target; more make fewer cases.
    pub cost: u32,
}

/// Hands the corpus, and mutations of it, to a target, which panics at what is wrong.
///
/// # Panics
/// With the seed and the smallest input found, when the target panics.
pub fn run(corpus: &Corpus<'_>, target: impl Fn(&[u8])) {
    corpus.seeds.iter().for_each(|seed| target(seed));
    let cases = (CASES * campaign::amount(1, CAMPAIGN)).div_ceil(corpus.cost.max(1));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let seed = seed(corpus.name);
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let outcome = runner.run(&mutations(corpus.seeds.len()), |(start, mutations)| {
        target(&mutated(corpus, start, &mutations));
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (start, mutations))) => {
            let (input, seed) = (hex(&mutated(corpus, start, &mutations)), hex(&seed));
            panic!("{}: {reason}\n  seed {seed}\n  input {input}", corpus.name);
        }
        Err(TestError::Abort(reason)) => panic!("{}: gave up: {reason}", corpus.name),
    }
}

/// The bytes behind hexadecimal digits, as a failure prints them.
///
/// # Panics
/// At anything else than pairs of digits.
pub fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(digit).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mutations(seeds: usize) -> impl Strategy<Value = (usize, Vec<Mutation>)> {
    (0..seeds.max(1), prop::collection::vec(mutation::any(), 1..=MUTATIONS_MAX))
}

fn mutated(corpus: &Corpus<'_>, start: usize, mutations: &[Mutation]) -> Vec<u8> {
    let mut input = corpus.seeds.get(start).cloned().unwrap_or_default();
    for mutation in mutations {
        mutation.apply(&mut input, &corpus.seeds, corpus.words);
    }
    input
}

/// 32 bytes that differ from name to name (FNV-1a, one round a byte).
fn seed(name: &str) -> [u8; 32] {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    std::array::from_fn(|round| {
        let bytes = name.bytes().chain([round as u8]);
        hash = bytes
            .fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        (hash >> 32) as u8
    })
}

#[cfg(test)]
mod tests;
