//! What is told late, or by another counter, by name.

use super::edges::of_metric;
use super::rules::{Bench, ratio};
use super::*;
use crate::slo::minutes::{PPM, Span};
use crate::slo::tally::{Grouping, Part};
use crate::slo::{Units, Window};
use crate::time::{Minute, Minutes, instant};

fn delta(bench: &mut Bench, start_s: i64, at_s: i64) {
    let series = bench.series(1, "200");
    let (start_ms, at_ms) = (start_s * 1_000, at_s * 1_000);
    assert!(bench.fold.accepts_delta(series, start_ms, at_ms));
    bench.apply(Record::Delta { series, start_ms, at_ms, value: 4.0 });
}

#[test]
fn a_late_stretch_does_not_bring_an_ended_series_back() {
    let mut bench = Bench::new();
    for at_s in [15, 30, 45] {
        delta(&mut bench, at_s - 15, at_s);
    }
    bench.stale("200", 75);
    delta(&mut bench, 45, 60);
    for at_s in (60..=600).step_by(15) {
        bench.sample_of(2, "200", at_s, 0.0).expect("newer");
    }
    let reading = bench.read(600);
    assert_eq!(reading.open, Minute(10), "nobody waits for it");
    assert_eq!(reading.events.total, Units::events(16), "but what it says counts");
    let after = Span { from: Minute(2), to: Minute(10) };
    assert_eq!(bench.sli(0).coverage_of(after), 1.0, "nor is its instance expected");
}

#[test]
fn a_late_stretch_mends_no_coverage() {
    let mut bench = Bench::new();
    for (start_s, at_s) in [(0, 60), (120, 180), (60, 120)] {
        delta(&mut bench, start_s, at_s);
    }
    let second = Span { from: Minute(1), to: Minute(2) };
    assert_eq!(bench.sli(0).coverage_of(second), 0.0);
}

#[test]
fn minutes_that_close_by_a_late_stretch_are_accounted() {
    let mut bench = Bench::new();
    for at_s in [15, 30, 45] {
        delta(&mut bench, at_s - 15, at_s);
    }
    bench.stale("200", 200);
    delta(&mut bench, 115, 130);
    let covered = bench.sli(0).coverage_of(Span { from: Minute(0), to: Minute(1) });
    assert!((covered - 30.0 / 45.0).abs() < 1e-6, "30 s of the 45 s since it was met: {covered}");
}

#[test]
fn the_open_minute_does_not_go_back_at_a_declaration() {
    let total = selector("requests_total", None);
    let good = [Indicator::ratio(total, Part::Good, selector("good_total", None))];
    let mut bench = Bench::declared(&good);
    let series = of_metric(&mut bench, "good_total");
    for at_ms in [40_000, 100_000] {
        bench.apply(Record::Sample { series, at_ms, value: 1.0 });
    }
    let grouping = Grouping { labels: vec!["code".to_owned()], groups_max: 2 };
    bench.declare(110, &[Indicator { grouping, ..ratio() }]);
    bench.sample("200", 50, 0.0).expect("first");
    bench.declare(120, &good);
    assert_eq!(bench.read(101).open, Minute(1), "the total followed its tally there");
}

#[test]
fn a_channel_whose_series_are_ahead_goes_on_with_its_tally() {
    let of = |good| {
        let total = selector("requests_total", None);
        Indicator::ratio(total, Part::Good, selector(good, None))
    };
    let mut bench = Bench::declared(&[of("good_total"), of("aux_total")]);
    bench.sample("404", 0, 0.0).expect("first");
    bench.stale("404", 10);
    let goes_on = of_metric(&mut bench, "good_total");
    let labels = bench.fold.get(goes_on).expect("known").labels.clone();
    let (hash, instance) = (SeriesHash(78), InstanceHash(2));
    bench.apply(Record::Series { hash, instance, labels });
    let waited_for = bench.fold.known(hash).expect("just appeared");
    for series in [goes_on, waited_for] {
        bench.apply(Record::Sample { series, at_ms: 100_000, value: 1.0 });
    }
    let grouping = Grouping { labels: vec!["code".to_owned()], groups_max: 2 };
    bench.declare(110, &[Indicator { grouping, ..ratio() }]);
    bench.sample("200", 200, 0.0).expect("first");
    bench.declare(210, &[of("good_total")]);
    bench.apply(Record::Sample { series: goes_on, at_ms: 200_000, value: 2.0 });
    let open = |slo| bench.sli(slo).read(&Window::Rolling(Minutes(60)), instant(201_000)).open;
    assert_eq!(open(0), Minute(1), "the part waits for its other series");
    assert_eq!(open(1), Minute(3), "the total for none");
}

/// Feeds two counters of an instance: the one that starts again, and the one that seems to go on.
fn two_counters(times_s: &[i64], restarts_first: bool) -> Bench {
    let mut bench = Bench::new();
    for restarts in [restarts_first, !restarts_first] {
        for at_s in times_s {
            let value = if restarts && *at_s < 660 { 100 + at_s } else { 0 };
            let code = if restarts { "200" } else { "500" };
            bench.sample(code, *at_s, value as f64).expect("newer");
        }
    }
    bench
}

#[test]
fn a_restart_told_after_a_later_gap_still_denies_its_own() {
    for restarts_first in [true, false] {
        let bench = two_counters(&[0, 60, 660, 720, 1_320], restarts_first);
        let missing_ppm = bench.read(1_320).missing_ppm;
        assert_eq!(missing_ppm, 10 * PPM, "one gap of two; restart first: {restarts_first}");
    }
}

#[test]
fn a_restart_denies_only_gaps_that_overlap_its_own() {
    for (met_s, missing_minutes) in [(660, 10), (659, 20)] {
        let mut bench = Bench::new();
        for code in ["200", "500"] {
            bench.sample(code, 0, 100.0).expect("first");
            bench.sample(code, 60, 100.0).expect("newer");
        }
        bench.sample("500", 660, 100.0).expect("newer");
        bench.sample("500", 1_260, 100.0).expect("newer");
        bench.sample("200", met_s, 100.0).expect("newer");
        bench.sample("200", 1_260, 5.0).expect("newer");
        assert_eq!(bench.read(1_260).missing_ppm, missing_minutes * PPM, "met at {met_s}");
    }
}

#[test]
fn a_restart_is_remembered_while_its_minutes_may_be_amended() {
    for (until_s, missing_ppm) in [(7_800, 10 * PPM), (7_860, 0)] {
        let mut bench = Bench::new();
        bench.sample("200", 0, 100.0).expect("first");
        bench.sample("200", 60, 160.0).expect("newer");
        bench.sample("500", 0, 0.0).expect("first");
        bench.sample("500", 60, 0.0).expect("newer");
        for at_s in (660..=until_s).step_by(60) {
            bench.sample("500", at_s, 0.0).expect("newer");
        }
        bench.sample("200", 660, 50.0).expect("newer");
        let reading = bench.sli(0).read(&Window::Rolling(Minutes(180)), instant(until_s * 1_000));
        assert_eq!(reading.missing_ppm, missing_ppm, "told at {until_s}");
    }
}
