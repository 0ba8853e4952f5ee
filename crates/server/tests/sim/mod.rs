//! The whole system in one thread, from one seed: two replicas on one database, their clocks, the
//! receivers they tell and everyone who uses them.
//!
//! What a replica does are acts on its [`Stage`](plimsoll_server::world::Stage), which stop wherever
//! others may act in between. The dice of a seed say which act goes on to its next turn, when a
//! replica crashes, whose wall clock steps, how much time passes, and what receivers answer; nothing
//! moves that was not released. So a seed is a history, and the same seed the same history.
//! `PLIMSOLL_SEED` runs one, `PLIMSOLL_CAMPAIGN=full` many.

mod calm;
mod clerk;
mod course;
mod figures;
mod receivers;
mod replica;
mod senders;
mod times;
mod trouble;
mod verdict;

use std::collections::BTreeSet;

use plimsoll_trials::campaign;

use course::Course;
use figures::Figures;

#[test]
#[expect(clippy::print_stdout, reason = "the figures of a campaign")]
fn histories_from_seeds_keep_what_was_promised() {
    let outcome = campaign::run(campaign::seeds(24, 2_000), |seed| Course::sail(seed).judged());
    let mut figures = Figures::default();
    outcome.found.iter().for_each(|found| figures += *found);
    println!("FIGURES simulation: {figures}; {} failed", outcome.failures());
    outcome.holds();
}

#[test]
fn the_same_seed_is_the_same_history_and_another_is_another() {
    let seeds = [1, 2, 3];
    let histories: Vec<_> = seeds.map(|seed| Course::sail(seed).trace).into();
    for (seed, first) in seeds.iter().zip(&histories) {
        let again = Course::sail(*seed).trace;
        let lines = first.iter().zip(&again);
        let differing = lines.enumerate().find(|(_, (one, other))| one != other);
        assert_eq!(differing, None, "PLIMSOLL_SEED={seed}");
        assert_eq!(first.len(), again.len(), "PLIMSOLL_SEED={seed}");
    }
    assert_eq!(histories.iter().collect::<BTreeSet<_>>().len(), histories.len());
}
