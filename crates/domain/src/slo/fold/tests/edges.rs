//! Rules at their edges, each by name.

use super::rules::{Bench, ratio};
use super::*;
use crate::slo::minutes::{NothingArchived, PPM, Span};
use crate::slo::tally::{Condition, Grouping, Operator, Part};
use crate::slo::{Units, Window};
use crate::time::{Minute, Minutes, instant};

const DAY_S: i64 = 86_400;

fn start(bench: &mut Bench, code: &str, start_s: i64) {
    let series = bench.series(1, code);
    bench.apply(Record::Start { series, start_ms: start_s * 1_000 });
}

pub(super) fn of_metric(bench: &mut Bench, metric: &str) -> SeriesNo {
    let labels = Labels::from_pairs(vec![("__name__".to_owned(), metric.to_owned())]);
    let hash = SeriesHash(77);
    let labels = labels.expect("unique");
    bench.apply(Record::Series { hash, instance: InstanceHash(1), labels });
    bench.fold.known(hash).expect("just appeared")
}

#[test]
fn a_start_that_moved_is_a_reset_even_if_nothing_fell() {
    let mut bench = Bench::new();
    start(&mut bench, "200", -100);
    bench.sample("200", 0, 10.0).expect("first");
    start(&mut bench, "200", 5);
    bench.sample("200", 15, 12.0).expect("newer");
    assert_eq!(bench.events(15), (0, 12, 0));
}

#[test]
fn a_known_start_after_the_declaration_counts_from_zero_and_over_its_time() {
    let mut bench = Bench::new();
    start(&mut bench, "200", 30);
    bench.sample("200", 45, 7.0).expect("first");
    assert_eq!(bench.events(45), (0, 7, 0));
    start(&mut bench, "500", 60);
    bench.sample("500", 660, 10.0).expect("first");
    assert_eq!(bench.events(660), (10, 17, 10), "ten minutes: inferred, a minute each");
    let mut bench = Bench::new();
    start(&mut bench, "200", 0);
    bench.sample("200", 600, 7.0).expect("first");
    assert_eq!(bench.events(600), (0, 0, 0), "it began no later than the declaration");
}

#[test]
fn a_fall_at_a_change_of_sender_is_a_new_baseline() {
    let mut bench = Bench::new();
    bench.fold.hear("a");
    bench.sample("200", 0, 100.0).expect("first");
    bench.fold.hear("b");
    bench.sample("200", 15, 90.0).expect("newer");
    bench.sample("200", 30, 95.0).expect("newer");
    bench.sample("200", 45, 3.0).expect("newer");
    assert_eq!(bench.events(45), (0, 5 + 3, 0), "and a fall from the same is a reset");
}

#[test]
fn a_gauge_has_no_baseline_and_is_covered_again_after_a_pause_in_its_declaration() {
    let condition = Condition { operator: Operator::Gte, value: 1.0 };
    let up = Indicator::gauge(selector("up", None), condition);
    let mut bench = Bench::declared(std::slice::from_ref(&up));
    let series = of_metric(&mut bench, "up");
    bench.apply(Record::Sample { series, at_ms: 0, value: 1.0 });
    bench.apply(Record::Sample { series, at_ms: 15_000, value: 0.0 });
    assert_eq!(bench.events(15), (1, 2, 0));
    bench.declare(20, &[]);
    bench.declare(40, std::slice::from_ref(&up));
    for at_s in (60..=300).step_by(15) {
        bench.apply(Record::Sample { series, at_ms: at_s * 1_000, value: 1.0 });
    }
    let sli = bench.sli(0);
    let after = Span { from: Minute(2), to: Minute(5) };
    assert_eq!(sli.coverage_of(after), 1.0);
}

#[test]
fn a_gap_of_a_gauge_is_never_bridged() {
    let condition = Condition { operator: Operator::Gte, value: 1.0 };
    let mut bench = Bench::declared(&[Indicator::gauge(selector("up", None), condition)]);
    let series = of_metric(&mut bench, "up");
    for at_s in [0, 60, 660] {
        bench.apply(Record::Sample { series, at_ms: at_s * 1_000, value: 1.0 });
    }
    assert_eq!(bench.read(660).missing_ppm, 10 * PPM);
}

#[test]
fn a_native_histogram_is_judged_by_its_count_and_thresholds_never_fall() {
    let mut bench = Bench::declared(&[Indicator::latency(selector("latency", None), 0.5)]);
    let series = of_metric(&mut bench, "latency");
    let rows = [(0, 10.0, 5.0), (15, 20.0, 4.0), (30, 30.0, 9.0), (45, 6.0, 2.0)];
    for (at_s, count, at_most) in rows {
        let at_most = vec![at_most];
        bench.apply(Record::Histogram { series, at_ms: at_s * 1_000, count, at_most });
    }
    let events = bench.read(45).events;
    assert_eq!(events.total, Units::events(10 + 10 + 6));
    assert_eq!(events.good, Units::events(5 + 2), "the fall added nothing, the reset all");
}

#[test]
fn deltas_count_once_and_up_to_two_hours_late() {
    let mut bench = Bench::new();
    let series = bench.series(1, "200");
    let mut add = |start_s: i64, at_s: i64| {
        let (start_ms, at_ms) = (start_s * 1_000, at_s * 1_000);
        let accepted = bench.fold.accepts_delta(series, start_ms, at_ms);
        if accepted {
            bench.apply(Record::Delta { series, start_ms, at_ms, value: 4.0 });
        }
        accepted
    };
    assert!(add(9_940, 10_000));
    assert!(!add(9_940, 10_000), "the same again");
    assert!(add(9_930, 10_000), "another stretch");
    assert!(add(2_790, 2_801));
    assert!(!add(2_790, 2_800), "two hours late");
    let sli = bench.sli(0);
    let all = Span { from: Minute(0), to: Minute(200) };
    assert_eq!(sli.events(all).total, Units::events(12));
}

#[test]
fn groups_over_the_cap_share_one_first_come() {
    let grouping = Grouping { labels: vec!["code".to_owned()], groups_max: 2 };
    let mut bench = Bench::declared(&[Indicator { grouping, ..ratio() }]);
    for code in ["404", "200", "500", "301"] {
        bench.sample(code, 0, 0.0).expect("first");
        bench.sample(code, 15, 5.0).expect("newer");
    }
    let groups = bench.fold.groups(&name("slo-0")).expect("declared");
    assert_eq!(groups, [["404"], ["200"], [OTHER_GROUP]]);
    let other = bench.fold.sli_of_group(&name("slo-0"), 2, &NothingArchived).expect("declared");
    let events = other.read(&Window::Rolling(Minutes(60)), instant(15_000)).events;
    assert_eq!((events.bad, events.total), (Units::events(5), Units::events(10)));
}

#[test]
fn what_is_added_two_hours_after_closing_is_a_correction() {
    let mut bench = Bench::new();
    for at_s in [0, 15, 30] {
        bench.sample("200", at_s, at_s as f64).expect("newer");
        bench.sample_of(2, "200", at_s, at_s as f64).expect("newer");
    }
    bench.sample_of(2, "200", 3 * 3_600, 30.0).expect("newer");
    bench.sample("200", 45, 45.0).expect("late, and newer than its own");
    let span = Span { from: Minute(0), to: Minute(1) };
    let events = bench.sli(0).events(span);
    assert_eq!((events.total, events.corrected), (Units::events(75), Units::events(15)));
}

#[test]
fn a_sample_after_all_had_ended_seals_at_once() {
    let mut bench = Bench::new();
    bench.sample("200", 0, 0.0).expect("first");
    bench.sample_of(2, "200", 0, 0.0).expect("first");
    bench.stale("200", 15);
    bench.sample_of(2, "200", 30, 30.0).expect("newer");
    let series = bench.series(2, "200");
    bench.apply(Record::Stale { series, at_ms: 45_000 });
    bench.sample_of(2, "200", 3 * 3_600, 30.0).expect("newer");
    bench.sample("200", 50, 5.0).expect("newer than its marker");
    let span = Span { from: Minute(0), to: Minute(1) };
    assert_eq!(bench.sli(0).events(span).corrected, Units::events(5));
}

#[test]
fn places_of_forgotten_series_are_reused_last_first() {
    let mut bench = Bench::new();
    for code in ["200", "201", "202"] {
        bench.sample(code, 0, 5.0).expect("first");
    }
    bench.sample("202", 8 * DAY_S, 6.0).expect("newer");
    let forget = Record::Forget { oldest_ms: 0, series: vec![SeriesNo(0), SeriesNo(1)] };
    assert_eq!(bench.fold.forgettable(0).as_ref(), Some(&forget));
    bench.apply(forget);
    let next: Vec<SeriesNo> = bench.fold.next_places(3).collect();
    assert_eq!(next, [SeriesNo(1), SeriesNo(0), SeriesNo(3)]);
    assert_eq!(bench.series(1, "200"), SeriesNo(1));
    assert_eq!(bench.fold.series_count(), 2);
}

#[test]
fn another_selector_starts_a_generation_with_the_next_minute() {
    let five = ratio();
    let by_code = Indicator {
        total: Indicator::ratio(
            selector("requests_total", Some("[25]..")),
            Part::Bad,
            selector("requests_total", Some("5..")),
        )
        .total,
        ..ratio()
    };
    let mut bench = Bench::declared(&[five]);
    for at_s in (0..=300).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    bench.declare(310, &[by_code]);
    for at_s in (315..=600).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    let sli = bench.sli(0);
    let in_minutes = |from, to| sli.events(Span { from: Minute(from), to: Minute(to) }).total;
    assert_eq!(in_minutes(0, 6), Units::events(300), "the old one ends with its whole minute");
    assert_eq!(in_minutes(6, 11), Units::events(255), "its own minute belongs to the old one");
}

#[test]
fn a_part_declared_after_its_tally_rested_has_no_history_before() {
    let wider = Indicator::ratio(
        selector("requests_total", None),
        Part::Bad,
        selector("requests_total", Some("[45]..")),
    );
    let mut bench = Bench::new();
    for at_s in (0..=600).step_by(60) {
        bench.sample("404", at_s, at_s as f64).expect("newer");
    }
    bench.declare(610, &[]);
    bench.declare(1_200, &[ratio(), wider]);
    for at_s in (1_260..=1_800).step_by(60) {
        bench.sample("404", at_s, at_s as f64).expect("newer");
    }
    let reading = bench.sli(1).read(&Window::Rolling(Minutes(60)), instant(1_800_000));
    let events = reading.events;
    assert_eq!(events.good, Units(0), "failures of before would have counted as good");
    assert_eq!((reading.measured_minutes, events.bad), (9, Units::events(540)));
}

#[test]
fn a_pause_after_an_end_is_no_interval_of_its_instance() {
    let mut bench = Bench::new();
    bench.sample("200", 0, 0.0).expect("first");
    bench.stale("200", 10);
    bench.sample("200", 290, 0.0).expect("newer");
    bench.sample("500", 415, 3.0).expect("first");
    assert_eq!(bench.events(415), (3, 3, 0), "more than two times the 60 s that are assumed");
}

#[test]
fn the_last_minute_of_a_stay_is_accounted_when_the_next_begins() {
    let mut bench = Bench::new();
    for at_s in (0..=75).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    bench.stale("200", 90);
    for at_s in (600..=720).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    let second = Span { from: Minute(1), to: Minute(2) };
    assert_eq!(bench.sli(0).coverage_of(second), 0.5, "15 s of the 30 s it was expected");
}

#[test]
fn the_open_minute_does_not_go_back_when_a_late_series_returns() {
    let mut bench = Bench::new();
    bench.sample("500", 0, 0.0).expect("first");
    bench.stale("500", 15);
    for at_s in (0..=600).step_by(15) {
        bench.sample_of(2, "200", at_s, 0.0).expect("newer");
    }
    assert_eq!(bench.read(600).open, Minute(10));
    bench.sample("500", 590, 1.0).expect("newer than its marker");
    assert_eq!(bench.read(600).open, Minute(10));
}

#[test]
fn a_counter_silent_for_a_week_is_a_first_one_even_on_a_new_route() {
    let mut bench = Bench::new();
    bench.sample("404", 0, 5.0).expect("first");
    bench.sample_of(1, "200", 8 * DAY_S - 600, 0.0).expect("first");
    let wider = Indicator::ratio(
        selector("requests_total", None),
        Part::Bad,
        selector("requests_total", Some("[45]..")),
    );
    bench.declare(8 * DAY_S - 500, &[ratio(), wider]);
    bench.sample("404", 8 * DAY_S, 7.0).expect("newer");
    let span = Span { from: Minute(8 * 1_440), to: Minute(8 * 1_440 + 1) };
    assert_eq!(bench.sli(1).events(span).bad, Units::events(7), "as were its state forgotten");
}

#[test]
fn history_begins_at_the_earliest_sample_whichever_came_first() {
    let mut bench = Bench::new();
    for at_s in [120, 135] {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    for at_s in [60, 75] {
        bench.sample_of(2, "200", at_s, at_s as f64).expect("newer");
    }
    assert_eq!(bench.sli(0).begins(), Some(Minute(1)));
    assert_eq!(bench.events(135), (0, 30, 0));
}

#[test]
fn a_declaration_does_not_end_a_stay() {
    let mut bench = Bench::new();
    for at_s in (0..=120).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
        bench.sample("500", at_s, 0.0).expect("newer");
    }
    let wider = Indicator::ratio(
        selector("requests_total", None),
        Part::Bad,
        selector("requests_total", Some("[45]..")),
    );
    bench.declare(125, &[ratio(), wider]);
    bench.stale("500", 130);
    bench.sample("200", 230, 230.0).expect("newer");
    bench.stale("200", 240);
    bench.sample_of(2, "200", 300, 0.0).expect("first");
    let third = Span { from: Minute(3), to: Minute(4) };
    let covered = bench.sli(0).coverage_of(third);
    assert!((covered - 50.0 / 60.0).abs() < 1e-6, "expected for all of the minute: {covered}");
}

#[test]
fn a_restart_in_a_gap_is_one_of_all_counters_of_the_instance() {
    for first in ["200", "500"] {
        let mut bench = Bench::new();
        let second = if first == "200" { "500" } else { "200" };
        for (at_s, good, bad) in [(0, 100.0, 0.0), (60, 160.0, 0.0), (660, 50.0, 0.0)] {
            for code in [first, second] {
                bench.sample(code, at_s, if code == "200" { good } else { bad }).expect("newer");
            }
        }
        let missing_ppm = bench.read(660).missing_ppm;
        assert_eq!(missing_ppm, 10 * PPM, "{first} first: the other one only seems to go on");
    }
}
