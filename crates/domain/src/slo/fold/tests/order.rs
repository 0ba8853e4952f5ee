//! Series of different shards may arrive in any interleaving: what is read in the end is the same.
//!
//! Which minutes are open is not: a shard that is more than two intervals behind counts as silent.

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use super::rules::Bench;
use super::*;
use crate::slo::minutes::Span;
use crate::time::Minute;

/// What one series says, in order.
struct Said {
    instance: u128,
    code: &'static str,
    samples: Vec<(i64, f64)>,
}

fn said(dice: &mut Dice) -> Vec<Said> {
    let codes = ["200", "404", "500"];
    let of = |dice: &mut Dice, instance: u128, code: &'static str| {
        let (mut at_s, mut value) = (dice.below(15), dice.below(100) as f64);
        let samples = (0..dice.within(20, 60)).map(|_| {
            at_s += if dice.one_in(15) { dice.within(301, 1_500) } else { 15 };
            value = if dice.one_in(20) { 0.0 } else { value + dice.below(20) as f64 };
            (at_s, value)
        });
        Said { instance, code, samples: samples.collect() }
    };
    let instances = 1..=dice.within(1, 3) as u128;
    let pairs = instances.flat_map(|instance| codes.map(|code| (instance, code)));
    pairs.map(|(instance, code)| of(dice, instance, code)).collect()
}

/// Feeds all, one sample of one shard at a time; the shards are at most so many samples apart.
fn fed(said: &[Said], apart: i64, dice: &mut Dice) -> Bench {
    let mut bench = Bench::new();
    // The first sample of a counter is judged by what its instance said before: these come first.
    for one in said {
        bench.sample_of(one.instance, one.code, 0, 0.0).expect("first");
    }
    let mut next = vec![0; said.len()];
    loop {
        let left = |at: &usize| next[*at] < said[*at].samples.len();
        let waiting: Vec<usize> = (0..said.len()).filter(left).collect();
        let Some(behind) = waiting.iter().map(|at| next[*at]).min() else { return bench };
        let near = |at: &usize| next[*at] <= behind + apart as usize;
        let able: Vec<usize> = waiting.iter().copied().filter(near).collect();
        let at = dice.pick(&able);
        let (at_s, value) = said[at].samples[next[at]];
        next[at] += 1;
        bench.sample_of(said[at].instance, said[at].code, at_s + 20, value).expect("newer");
    }
}

fn check(seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let said = said(&mut dice);
    let [one, other] = [0, 8].map(|apart| fed(&said, apart, &mut dice));
    let last = said.iter().flat_map(|one| &one.samples).map(|(at_s, _)| at_s + 20).max();
    let last_s = last.unwrap_or(0);
    for minute in 0..=last_s / 60 {
        let span = Span { from: Minute(minute), to: Minute(minute + 1) };
        let [a, b] = [&one, &other].map(|bench| bench.sli(0).events(span));
        let uncorrected = |events: Events| Events { corrected: Default::default(), ..events };
        if uncorrected(a) != uncorrected(b) {
            return Err(format!("minute {minute}: {a:?} and {b:?}"));
        }
    }
    Ok(())
}

#[test]
fn shards_in_any_interleaving_make_the_same_minutes() {
    campaign::run(campaign::seeds(200, 10_000), check).holds();
}
