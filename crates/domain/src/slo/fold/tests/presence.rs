//! When an instance is expected, in whatever order it is heard.

use super::rules::Bench;
use super::*;
use crate::slo::Window;
use crate::slo::minutes::{PPM, Span};
use crate::time::{Minute, instant};

const DAY_S: i64 = 86_400;

/// Two samples so far apart still cover the time between them.
const STEP_S: i64 = 300;

fn sampled(bench: &mut Bench, instance: u128, days: std::ops::Range<i64>) {
    for at_s in (days.start * DAY_S..days.end * DAY_S).step_by(STEP_S as usize) {
        bench.sample_of(instance, "200", at_s, at_s as f64).expect("newer");
    }
}

fn ended(bench: &mut Bench, instance: u128, at_s: i64) {
    let series = bench.series(instance, "200");
    bench.apply(Record::Stale { series, at_ms: at_s * 1_000 });
}

fn days(from: i64, to: i64) -> Span {
    Span { from: Minute(from * 1_440), to: Minute(to * 1_440) }
}

fn covered(bench: &Bench, from: i64, to: i64) -> f64 {
    bench.sli(0).coverage_of(days(from, to))
}

#[test]
fn coverage_is_the_same_whichever_instance_is_heard_first() {
    let mut together = Bench::new();
    for at_s in (0..20 * DAY_S).step_by(STEP_S as usize) {
        for instance in [1, 2] {
            together.sample_of(instance, "200", at_s, at_s as f64).expect("newer");
        }
    }
    let mut apart = Bench::new();
    for instance in [1, 2] {
        sampled(&mut apart, instance, 0..20);
    }
    let now = instant((20 * DAY_S - STEP_S) * 1_000);
    let read = |bench: &Bench| bench.sli(0).read(&Window::Rolling(Minutes(30 * 1_440)), now);
    for reading in [read(&together), read(&apart)] {
        assert_eq!(reading.measured_minutes, 20 * 1_440 - 5);
        let covered = (reading.covered_ppm, reading.missing_ppm);
        assert_eq!(covered, (reading.measured_minutes * PPM, 0));
    }
}

#[test]
fn who_comes_last_is_expected_for_a_week_and_not_for_all_that_was_accounted() {
    let mut bench = Bench::new();
    sampled(&mut bench, 1, 0..20);
    bench.sample_of(2, "200", 0, 0.0).expect("first");
    assert_eq!((covered(&bench, 0, 7), covered(&bench, 7, 19)), (0.5, 1.0));
    // Each of its samples adds what it adds, and no time twice.
    bench.sample_of(2, "200", DAY_S, 0.0).expect("newer");
    assert_eq!((covered(&bench, 1, 8), covered(&bench, 8, 19)), (0.5, 1.0));
}

#[test]
fn an_end_told_a_week_late_hides_no_gap_of_another_instance() {
    let mut bench = Bench::new();
    for at_s in (0..18 * DAY_S).step_by(STEP_S as usize) {
        // The third has a hole of one day.
        let speaks = [(1, true), (2, at_s < 5 * DAY_S), (3, at_s / DAY_S != 14)];
        for (instance, _) in speaks.into_iter().filter(|(_, speaks)| *speaks) {
            bench.sample_of(instance, "200", at_s, at_s as f64).expect("newer");
        }
    }
    let read = |bench: &Bench| {
        [(6, 11), (14, 15), (16, 17)].map(|(from, to)| (covered(bench, from, to) * 1e3) as u64)
    };
    assert_eq!(read(&bench), [666, 500, 1_000], "the second is expected for a week, and no longer");
    ended(&mut bench, 2, 5 * DAY_S);
    assert_eq!(read(&bench), [1_000, 500, 1_000], "the hole of the third is still one");
}

#[test]
fn an_end_that_lies_more_than_a_week_after_the_last_sample_makes_no_stay_longer() {
    let mut bench = Bench::new();
    bench.sample_of(2, "200", 0, 0.0).expect("first");
    ended(&mut bench, 2, 10 * DAY_S);
    sampled(&mut bench, 1, 0..12);
    assert_eq!((covered(&bench, 0, 7), covered(&bench, 7, 11)), (0.5, 1.0));
}
