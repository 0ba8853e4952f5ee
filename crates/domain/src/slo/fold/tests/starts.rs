//! What a start says, and what another sender's start does not.

use super::rules::Bench;
use super::*;
use crate::slo::Units;
use crate::slo::minutes::Span;
use crate::time::Minute;

const DAY_S: i64 = 86_400;

fn start(bench: &mut Bench, start_s: i64) {
    let series = bench.series(1, "200");
    bench.apply(Record::Start { series, start_ms: start_s * 1_000 });
}

fn total(bench: &Bench) -> Units {
    let all = Span { from: Minute(-1_440), to: Minute(400 * 1_440) };
    bench.sli(0).events(all).total
}

#[test]
fn another_senders_start_of_before_is_no_reset() {
    let mut bench = Bench::new();
    bench.fold.hear("a");
    start(&mut bench, -100);
    bench.sample("200", 0, 1_000_000.0).expect("first");
    bench.sample("200", 60, 1_000_100.0).expect("newer");
    bench.fold.hear("b");
    start(&mut bench, -90);
    bench.sample("200", 75, 1_000_110.0).expect("newer");
    bench.sample("200", 90, 1_000_130.0).expect("newer");
    assert_eq!(total(&bench), Units::events(130), "it is the same counter");
    bench.fold.hear("a");
    start(&mut bench, -100);
    bench.sample("200", 105, 1_000_125.0).expect("newer");
    assert_eq!(total(&bench), Units::events(130), "nor is a fall at a hand-over");
    start(&mut bench, -80);
    bench.sample("200", 120, 1_000_126.0).expect("newer");
    let whole = 130 + 1_000_126;
    assert_eq!(total(&bench), Units::events(whole), "the same sender knows that it moved");
}

#[test]
fn a_start_after_the_last_sample_is_a_reset_whoever_says_it() {
    for (start_s, counted) in [(75, 60 + 70), (60, 60 + 10), (61, 60 + 70)] {
        let mut bench = Bench::new();
        bench.fold.hear("a");
        start(&mut bench, -100);
        bench.sample("200", 0, 0.0).expect("first");
        bench.sample("200", 60, 60.0).expect("newer");
        bench.fold.hear("b");
        start(&mut bench, start_s);
        bench.sample("200", 120, 70.0).expect("newer");
        assert_eq!(total(&bench), Units::events(counted), "started at {start_s}");
    }
}

#[test]
fn a_start_that_is_the_same_after_a_week_of_silence_counts_nothing_twice() {
    let mut bench = Bench::new();
    start(&mut bench, 30);
    bench.sample("200", 45, 7.0).expect("first");
    assert_eq!(total(&bench), Units::events(7));
    bench.sample("200", 45 + 8 * DAY_S, 9.0).expect("newer");
    assert_eq!(total(&bench), Units::events(7), "state is kept for a week: a baseline");
    bench.sample("200", 60 + 8 * DAY_S, 12.0).expect("newer");
    assert_eq!(total(&bench), Units::events(10));
}

/// A sender comes back after more than a week with all that it held back: its series were forgotten
/// in the meantime, and what they had counted is not counted again.
#[test]
fn what_was_held_back_until_its_series_was_forgotten_counts_nothing_twice() {
    for started in [None, Some(30)] {
        let mut bench = Bench::new();
        let speaks = |bench: &mut Bench, from_s: i64, to_s: i64| {
            if let Some(start_s) = started {
                start(bench, start_s);
            }
            for at_s in (from_s..=to_s).step_by(60) {
                bench.sample("200", at_s, at_s as f64).expect("newer");
            }
        };
        speaks(&mut bench, 60, 3_600);
        let before = total(&bench);
        for at_s in [0, 8 * DAY_S] {
            bench.sample_of(2, "200", at_s, 0.0).expect("newer");
        }
        let forget = bench.fold.forgettable(-100 * DAY_S * 1_000).expect("one is silent");
        bench.apply(forget);
        assert_eq!(bench.fold.series_count(), 1);
        speaks(&mut bench, 3_660, 7_200);
        let grown = total(&bench).minus(before);
        assert_eq!(grown, Units::events(7_200 - 3_660), "since the first that came: {started:?}");
        // What is born later is judged as ever.
        for at_s in (7_260..=8 * DAY_S).step_by(300) {
            bench.sample("200", at_s, 7_200.0).expect("newer");
        }
        let before = total(&bench);
        bench.sample("500", 8 * DAY_S + 60, 5.0).expect("first");
        assert_eq!(total(&bench).minus(before), Units::events(5));
    }
}

#[test]
fn a_first_sample_counts_from_a_start_of_the_last_week_only() {
    for (start_s, counted) in [(DAY_S, 0), (DAY_S + 1, 7)] {
        let mut bench = Bench::new();
        bench.sample_of(2, "200", 0, 0.0).expect("history begins");
        start(&mut bench, start_s);
        bench.sample("200", 8 * DAY_S, 7.0).expect("first");
        assert_eq!(total(&bench), Units::events(counted), "started at {start_s}");
    }
}
