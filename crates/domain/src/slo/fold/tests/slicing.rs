//! What an SLO that counts slices reads, by the naive reading: every slice looked at on its own,
//! with what was known when it was judged.

use std::collections::{BTreeMap, BTreeSet};

use super::histories::Shelf;
use super::oracle::{Oracle, RuleOf};
use super::pool::Plan;
use super::reading::{Run, View};
use super::rules::Bench;
use super::*;
use crate::slo::slices::{Judged, SliceLength, SliceTarget, Slicing};
use crate::slo::{Budgeting, Units, Window};
use crate::time::{Day, Minutes, instant};

/// A rule as the naive reading knows it: minutes, and the share in billionths if there is one.
pub(super) type Cut = (i64, Option<u128>);

pub(super) const CUTS: [Cut; 6] = [
    (1, Some(900_000_000)),
    (5, Some(999_000_000)),
    (5, Some(1_000_000_000)),
    (12, Some(500_000_000)),
    (5, None),
    (60, None),
];

/// The same, as an SLO declares it.
pub(super) fn slicing((length, target): Cut) -> Slicing {
    let length = SliceLength::try_from(Minutes(length as u32)).expect("it divides an hour");
    let target = target.map(|ppb| SliceTarget::try_from(ppb as f64 / 1e9).expect("a share"));
    Slicing { length, judged: target.map_or(Judged::Share, Judged::AtLeast) }
}

/// What slices come to: how many were judged, what of them was good, how many there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Verdicts {
    pub(super) judged: u128,
    pub(super) good: u128,
    pub(super) slices: u128,
}

impl View<'_> {
    /// The slices that end in some minutes.
    pub(super) fn verdicts(&self, cut: Cut, from: i64, to: i64) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for run in &self.runs {
            let open = self.open_of(run.plan).unwrap_or(i64::MIN);
            for last in from.max(run.from)..to.min(run.to) {
                let begins = last + 1 - cut.0;
                if (last + 1) % cut.0 != 0 || begins < run.from {
                    continue;
                }
                verdicts.slices += 1;
                if let Some(good) = self.verdict(cut, run, begins).filter(|_| last < open) {
                    verdicts.judged += 1;
                    verdicts.good += good;
                }
            }
        }
        verdicts
    }

    fn verdict(&self, cut: Cut, run: &Run, begins: i64) -> Option<u128> {
        let (length, target) = cut;
        let minutes = begins..begins + length;
        let known = self.oracle.judged_in(rule(run.plan, cut), begins + length);
        let covered = |of: i64| self.oracle.was_covered(run.plan.tally, of, known);
        let seen = minutes.clone().filter(|of| covered(*of)).count() as i64;
        if 2 * seen < length {
            return None;
        }
        let sum = |chan| {
            let cells = self.cells(run.plan, chan, minutes.start, minutes.end);
            cells.map(|cell| cell.seen).sum::<u128>()
        };
        let (total, part) = (sum(run.plan.total), sum(run.plan.part).min(sum(run.plan.total)));
        let good = if run.plan.part_is_bad { total - part } else { part };
        Some(match target {
            _ if total == 0 => 1_000_000,
            Some(ppb) => u128::from(good * 1_000_000_000 >= ppb * total) * 1_000_000,
            None => good * 1_000_000 / total,
        })
    }
}

fn rule(plan: Plan, cut: Cut) -> RuleOf {
    (plan.tally, plan.total, plan.part, plan.part_is_bad, cut)
}

impl Oracle {
    /// These slots count slices, and all slots that do: a rule is in force while one of them does.
    pub(super) fn cut(&mut self, cuts: &BTreeMap<u8, Cut>) {
        let plans = cuts.iter().flat_map(|(slot, cut)| {
            let generations = self.readers.get(slot).into_iter().flatten();
            generations.map(move |generation| (generation.plan, *cut))
        });
        let rules: BTreeSet<RuleOf> =
            plans.map(|(of, cut)| (of.tally, of.total, of.part, of.part_is_bad, cut)).collect();
        self.rules.retain(|rule, _| rules.contains(rule));
        for rule in rules {
            self.rules.entry(rule).or_insert(self.record);
        }
    }

    /// All slices that were sealed are judged.
    pub(super) fn look_back(&mut self) {
        self.looked_back.push(self.record);
    }

    /// The record with which a slice was judged that ends before a minute; none when it is judged
    /// whenever it is read.
    fn judged_in(&self, rule: RuleOf, ends: i64) -> Option<u64> {
        let since = *self.rules.get(&rule)?;
        let sealings = &self.tallies[&rule.0].sealings;
        let sealed = sealings.iter().find(|(_, sealed)| *sealed >= ends)?.0;
        if sealed > since {
            return Some(sealed);
        }
        self.looked_back.iter().copied().find(|looked| *looked >= since)
    }

    /// Whether some instance covered a part of a minute, by what was known with that record.
    fn was_covered(&self, tally: u8, of: i64, known: Option<u64>) -> bool {
        let members = self.tallies[&tally].members.values();
        let mut stretches = members.flat_map(|it| it.covered.iter().zip(&it.covered_in));
        stretches.any(|((from, to), record)| {
            let (from, to) = ((*from).max(of * 60_000), (*to).min((of + 1) * 60_000));
            from < to && known.is_none_or(|known| *record <= known)
        })
    }
}

const FIVE: Cut = (5, Some(900_000_000));

/// Ten good requests a minute for so many minutes, and in some of them ten bad ones besides.
fn traffic(minutes: i64, bad: &[i64]) -> Bench {
    let mut bench = Bench::new();
    let (mut good, mut failed) = (0.0, 0.0);
    for minute in 0..minutes {
        good += 10.0;
        failed += if bad.contains(&minute) { 10.0 } else { 0.0 };
        bench.sample("200", 60 * minute + 30, good).expect("newer");
        bench.sample("500", 60 * minute + 30, failed).expect("newer");
    }
    bench
}

fn read(bench: &Bench, cut: Cut, window: u32, at: i64) -> crate::slo::fold::Reading {
    let sli = bench.sli(0).by(Budgeting::Slices(slicing(cut)));
    sli.read(&Window::Rolling(Minutes(window)), instant(at * 60_000 + 31_000))
}

#[test]
fn a_bad_minute_makes_its_slice_bad_and_no_other() {
    let bench = traffic(61, &[17]);
    let reading = read(&bench, FIVE, 60, 60);
    // The first slice has no baseline in its first minute, and lies in the SLI's history whole.
    assert_eq!(reading.events.total, Units::events(12));
    assert_eq!(reading.events.bad, Units::events(1));
    assert_eq!(reading.unjudged, Some(Units(0)));
    // Of the fifty requests of that slice forty were good.
    let ratio = read(&bench, (5, None), 60, 60);
    assert_eq!(ratio.events.bad, Units(Units::PER_EVENT - 1_000_000 * 50 / 60));
}

#[test]
fn a_slice_counts_once_it_is_over() {
    let bench = traffic(64, &[61]);
    assert_eq!(read(&bench, FIVE, 30, 63).events.bad, Units(0));
    let bench = traffic(66, &[61]);
    assert_eq!(read(&bench, FIVE, 30, 65).events.bad, Units::events(1));
}

#[test]
fn a_slice_that_was_hardly_seen_is_not_judged() {
    // Nothing is heard from minute 20 to 27: no sample covers the slice of 20, nor half of 25's.
    let mut bench = Bench::new();
    for minute in (0..20).chain(28..61) {
        bench.sample("200", 60 * minute + 30, 10.0 * minute as f64).expect("newer");
    }
    let reading = read(&bench, FIVE, 60, 60);
    assert_eq!(reading.unjudged, Some(Units::events(2)));
    assert_eq!(reading.events.total, Units::events(10));
    assert_eq!(reading.unseen(), Units::events(2));
}

#[test]
fn slices_of_a_silence_may_have_been_bad() {
    let bench = traffic(61, &[]);
    let reading = read(&bench, FIVE, 60, 90);
    assert!(matches!(reading.liveness, Liveness::Silent { .. }));
    assert_eq!(
        (reading.events.total, reading.unjudged),
        (Units::events(6), Some(Units::events(6)))
    );
}

#[test]
fn what_is_judged_for_good_and_what_is_judged_when_read_are_the_same() {
    let bad = [7, 150, 151, 1_500, 2_000, 4_319, 4_400];
    for cut in CUTS {
        // Declared before anything was counted, and after all of it.
        let mut early = Bench::slicing(Some(slicing(cut)));
        let mut late = Bench::new();
        for bench in [&mut early, &mut late] {
            let (mut good, mut failed) = (0.0, 0.0);
            for minute in 0..4_500 {
                good += 10.0;
                failed += if bad.contains(&minute) { 10.0 } else { 0.0 };
                bench.sample("200", 60 * minute + 30, good).expect("newer");
                bench.sample("500", 60 * minute + 30, failed).expect("newer");
            }
        }
        let mut shelf = Shelf::default();
        for bench in [&mut early, &mut late] {
            shelf.take(&mut bench.fold);
        }
        let of = |bench: &Bench, shelf: &Shelf| {
            let sli = bench.fold.sli(&name("slo-0"), shelf).expect("it was declared");
            let sli = sli.by(Budgeting::Slices(slicing(cut)));
            [60, 1_440, 4_320, 9_000].map(|window| {
                let window = Window::Rolling(Minutes(window));
                let reading = sli.read(&window, instant(4_499 * 60_000 + 31_000));
                (reading.events, reading.unjudged, reading.measured_minutes)
            })
        };
        let expected = of(&late, &shelf);
        assert_eq!(of(&early, &shelf), expected, "{cut:?}");
        late.declare_slicing(4_500 * 60, Some(slicing(cut)));
        assert_eq!(of(&late, &shelf), expected, "{cut:?}, declared late");
        assert!(!late.fold.look_back(&shelf, 2), "two days are not all");
        assert_eq!(of(&late, &shelf), expected, "{cut:?}, some days looked back at");
        assert!(late.fold.look_back(&shelf, 100));
        assert_eq!(of(&late, &shelf), expected, "{cut:?}, all looked back at");
        shelf.take(&mut late.fold);
        assert_eq!(of(&late, &shelf), expected, "{cut:?}, put away");
        assert_eq!(late.fold.ripe().count(), 0);
    }
}

#[test]
fn slices_outlive_their_minutes() {
    let mut bench = Bench::slicing(Some(slicing(FIVE)));
    for minute in 0..5_000 {
        bench.sample("200", 60 * minute + 30, 10.0 * minute as f64).expect("newer");
    }
    let mut shelf = Shelf::default();
    shelf.take(&mut bench.fold);
    let read = |fold: &Fold, shelf: &Shelf, cut| {
        let sli = fold.sli(&name("slo-0"), shelf).expect("it was declared");
        let sli = sli.by(Budgeting::Slices(slicing(cut)));
        sli.read(&Window::Rolling(Minutes(4_800)), instant(4_999 * 60_000 + 31_000))
    };
    let whole = read(&bench.fold, &shelf, FIVE);
    assert_eq!((whole.unmeasured_minutes, whole.events.total), (0, Units::events(960)));
    // Of the first two days only hours are kept.
    bench.fold.retain(Day(2), Day(0));
    shelf.forget_minutes_before(Day(2));
    let aligned = read(&bench.fold, &shelf, FIVE);
    assert!(aligned.aligned_to_hours, "its old edge lies within an hour");
    assert_eq!((aligned.unmeasured_minutes, aligned.unjudged), (0, Some(Units(0))));
    // Another rule has nothing to go by before, and says so rather than guess.
    let fresh = read(&bench.fold, &shelf, (5, None));
    assert_eq!(fresh.unmeasured_minutes, 2 * 1_440 - 199);
    assert_eq!((fresh.unjudged, fresh.idle), (Some(Units(0)), false));
}

#[test]
fn nobody_counts_slices_of_it_any_more() {
    let mut bench = Bench::slicing(Some(slicing(FIVE)));
    assert_eq!(bench.fold.tallies[0].sliced.len(), 1);
    bench.declare_slicing(1, Some(slicing((5, None))));
    assert_eq!(bench.fold.tallies[0].sliced.len(), 1, "one rule for another");
    bench.declare_slicing(2, None);
    assert!(bench.fold.tallies[0].sliced.is_empty());
}

#[test]
fn a_window_of_a_burn_holds_one_slice_at_least() {
    let bench = traffic(66, &[61]);
    let sli = bench.sli(0).by(Budgeting::Slices(slicing((60, Some(990_000_000)))));
    let reading = sli.read(&Window::Rolling(Minutes(1_440)), instant(65 * 60_000 + 31_000));
    let span = crate::slo::burn::Span { minutes: Minutes(5), bad_since: None };
    assert_eq!(sli.burn_counts(&reading, span).total, Units::events(1));
}
