//! Each rule by name.

mod indicators;

use proptest::prelude::*;

use super::*;
use crate::slo::burn;
use crate::slo::minutes::NothingArchived;
use crate::slo::minutes::{PPM, Span};
use crate::slo::selector::{Comparison, Matcher, Selector};
use crate::slo::slices::Slicing;
use crate::slo::tally::{Indicator, Part};
use crate::slo::window::{Calendar, Period};
use crate::slo::{Units, Window};
use crate::time::{MINUTE_MS, Minute, Minutes, instant};

pub(super) fn ratio() -> Indicator {
    let bad = selector("requests_total", Some("5.."));
    Indicator::ratio(selector("requests_total", None), Part::Bad, bad)
}

/// A fold with one declared ratio, driven in seconds.
pub(super) struct Bench {
    pub(super) fold: Fold,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::declared(&[ratio()])
    }

    pub(super) fn declared(ratios: &[Indicator]) -> Self {
        let mut bench = Self { fold: Fold::default() };
        bench.declare(0, ratios);
        bench
    }

    /// Declares SLOs named `slo-0`, `slo-1` and so on.
    pub(super) fn declare(&mut self, at_s: i64, indicators: &[Indicator]) {
        let numbered = indicators.iter().enumerate();
        let declarations =
            declarations(numbered.map(|(number, of)| (name(&format!("slo-{number}")), of)));
        self.apply(declare(&self.fold, at_s * 1_000, &declarations));
    }

    /// One SLO that counts such slices.
    pub(super) fn slicing(slicing: Option<Slicing>) -> Self {
        let mut bench = Self { fold: Fold::default() };
        bench.declare_slicing(0, slicing);
        bench
    }

    /// From then on the SLO counts such slices.
    pub(super) fn declare_slicing(&mut self, at_s: i64, slicing: Option<Slicing>) {
        let mut declarations = declarations([(name("slo-0"), &ratio())]);
        declarations.readers.values_mut().for_each(|reads| reads.slicing = slicing);
        self.apply(declare(&self.fold, at_s * 1_000, &declarations));
    }

    pub(super) fn sli(&self, number: usize) -> Sli<'_> {
        self.fold.sli(&name(&format!("slo-{number}")), &NothingArchived).expect("declared")
    }

    pub(super) fn apply(&mut self, record: Record) {
        self.fold.apply(&record).expect("fits");
    }

    pub(super) fn series(&mut self, instance: u128, code: &str) -> SeriesNo {
        let hash = SeriesHash(instance * 1_000 + code.parse::<u128>().expect("digits"));
        if let Some(number) = self.fold.known(hash) {
            return number;
        }
        let pairs = [("__name__", "requests_total"), ("code", code)];
        let owned = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
        let labels = Labels::from_pairs(owned).expect("unique");
        self.apply(Record::Series { hash, instance: InstanceHash(instance), labels });
        self.fold.known(hash).expect("just appeared")
    }

    pub(super) fn sample(&mut self, code: &str, at_s: i64, value: f64) -> Option<()> {
        self.sample_of(1, code, at_s, value)
    }

    pub(super) fn sample_of(
        &mut self,
        instance: u128,
        code: &str,
        at_s: i64,
        value: f64,
    ) -> Option<()> {
        let series = self.series(instance, code);
        let at_ms = at_s * 1_000;
        self.fold
            .accepts(series, at_ms)
            .then(|| self.apply(Record::Sample { series, at_ms, value }))
    }

    pub(super) fn stale(&mut self, code: &str, at_s: i64) {
        let series = self.series(1, code);
        self.apply(Record::Stale { series, at_ms: at_s * 1_000 });
    }

    pub(super) fn read(&self, now_s: i64) -> Reading {
        self.sli(0).read(&Window::Rolling(Minutes(60)), instant(now_s * 1_000))
    }

    /// (bad, total, inferred) in whole events.
    pub(super) fn events(&self, now_s: i64) -> (u128, u128, u128) {
        let events = self.read(now_s).events;
        let whole = |units: Units| units.0 / Units::PER_EVENT;
        (whole(events.bad), whole(events.total), whole(events.inferred))
    }
}

#[test]
fn increases_count_to_the_unit() {
    let mut bench = Bench::new();
    for round in 0..=25 {
        bench.sample("200", 15 * round, 100.0 + 7.0 * round as f64).expect("newer");
        bench.sample("500", 15 * round, 2.0 * round as f64).expect("newer");
    }
    assert_eq!(bench.events(15 * 25), (50, 25 * 7 + 50, 0));
}

/// Channels are not read in one instant: when one is in the next day already, its events wait for
/// the other's, and none counts in two days.
#[test]
fn a_period_of_a_calendar_ends_for_all_channels_at_once() {
    const DAY_S: i64 = 86_400;
    let calendar = Calendar::new(
        Period::parse("1d").expect("a period"),
        "1970-01-01 00:00:00".parse().expect("a time"),
        Calendar::zone("UTC").expect("a zone"),
    );
    let day = Window::Calendar(calendar);
    let mut bench = Bench::new();
    for round in 0..=20 {
        let at_s = DAY_S - 15 * (21 - round);
        bench.sample("500", at_s, 2.0 * round as f64).expect("newer");
        bench.sample("200", at_s, 10.0 * round as f64).expect("newer");
    }
    let read = |bench: &Bench, now_s| {
        let reading = bench.sli(0).read(&day, instant(now_s * 1_000));
        let whole = |units: Units| units.0 / Units::PER_EVENT;
        (reading.span.from, whole(reading.events.bad), whole(reading.events.total))
    };
    assert_eq!(read(&bench, DAY_S - 15), (Minute(0), 40, 240));
    bench.sample("200", DAY_S + 15, 210.0).expect("newer");
    assert_eq!(read(&bench, DAY_S + 15), (Minute(0), 40, 240));
    // Burn knows no calendar: it has them already.
    let reading = bench.sli(0).read(&day, instant((DAY_S + 15) * 1_000));
    let span = burn::Span { minutes: Minutes(60), bad_since: None };
    assert_eq!(bench.sli(0).burn_counts(&reading, span).total, Units::events(250));
    bench.sample("500", DAY_S + 15, 42.0).expect("newer");
    assert_eq!(read(&bench, DAY_S + 15), (Minute(1_440), 2, 12));
    // Asked about the day before, it says what it said.
    let before = bench.sli(0).read_at(&day, Minute(1_439));
    assert_eq!(before.events.total, Units::events(240));
    assert_eq!((before.span.from, before.span.to), (Minute(0), Minute(1_440)));
}

#[test]
fn a_sample_not_newer_changes_nothing() {
    let mut bench = Bench::new();
    bench.sample("200", 60, 10.0).expect("first");
    bench.sample("200", 75, 20.0).expect("newer");
    assert_eq!(bench.sample("200", 75, 99.0), None);
    assert_eq!(bench.sample("200", 74, 99.0), None);
    assert_eq!(bench.events(75), (0, 10, 0));
}

#[test]
fn a_fall_is_a_reset_and_counts_from_zero() {
    let mut bench = Bench::new();
    for (at_s, value) in [(0, 100.0), (15, 110.0), (30, 4.0), (45, 9.0)] {
        bench.sample("200", at_s, value).expect("newer");
    }
    assert_eq!(bench.events(45), (0, 10 + 4 + 5, 0));
}

#[test]
fn a_counter_born_well_after_its_instance_counts_from_zero() {
    let mut bench = Bench::new();
    for at_s in (0..=60).step_by(15) {
        bench.sample("200", at_s, 0.0).expect("newer");
    }
    bench.sample("500", 75, 3.0).expect("first");
    assert_eq!(bench.events(75), (3, 3, 0));
}

#[test]
fn a_first_sample_within_two_intervals_is_a_baseline() {
    let mut bench = Bench::new();
    bench.sample("200", 0, 0.0).expect("first");
    bench.sample("200", 15, 0.0).expect("newer");
    bench.sample("500", 30, 3.0).expect("first");
    assert_eq!(bench.events(30), (0, 0, 0), "exactly two intervals is not more than two");
    bench.sample("500", 45, 5.0).expect("newer");
    assert_eq!(bench.events(45), (2, 2, 0));
}

#[test]
fn undeclared_series_too_mark_their_instance_alive() {
    let mut bench = Bench::new();
    bench.apply(Record::Instance { instance: InstanceHash(1), at_ms: 0 });
    bench.sample("500", 300, 3.0).expect("first");
    assert_eq!(bench.events(300), (3, 3, 0), "the instance has been there for five minutes");
}

#[test]
fn a_first_sample_soon_after_the_route_started_is_a_baseline() {
    let mut bench = Bench { fold: Fold::default() };
    bench.apply(Record::Instance { instance: InstanceHash(1), at_ms: 0 });
    bench.declare(1_000, &[ratio()]);
    bench.sample("200", 1_015, 400.0).expect("first");
    assert_eq!(bench.events(1_015), (0, 0, 0), "it may have counted long before the route");
}

#[test]
fn a_gap_over_five_minutes_is_inferred_and_known() {
    let mut bench = Bench::new();
    bench.sample("200", 0, 0.0).expect("first");
    bench.sample("200", 60, 10.0).expect("newer");
    bench.sample("200", 660, 110.0).expect("newer");
    assert_eq!(bench.events(660), (0, 110, 100));
    let reading = bench.read(660);
    assert_eq!((reading.measured_minutes, reading.missing_ppm), (11, 0), "bridged: nothing lost");
    assert_eq!(reading.covered_ppm, PPM, "inferred time is no coverage");
}

#[test]
fn a_gap_with_a_reset_leaves_the_lost_events_missing() {
    let mut bench = Bench::new();
    bench.sample("200", 0, 0.0).expect("first");
    bench.sample("200", 60, 50.0).expect("newer");
    bench.sample("200", 660, 20.0).expect("newer");
    assert_eq!(bench.events(660), (0, 70, 20));
    assert_eq!(bench.read(660).missing_ppm, 10 * PPM);
}

#[test]
fn inferred_events_enter_no_burn_window() {
    let mut bench = Bench::new();
    for (at_s, total, bad) in [(0, 0.0, 0.0), (60, 10.0, 1.0), (660, 110.0, 51.0)] {
        bench.sample("200", at_s, total).expect("newer");
        bench.sample("500", at_s, bad).expect("newer");
    }
    let sli = bench.sli(0);
    let span = burn::Span { minutes: Minutes(60), bad_since: None };
    let counts = sli.burn_counts(&bench.read(660), span);
    assert_eq!((counts.bad, counts.total), (Units::events(1), Units::events(11)));
}

#[test]
fn failures_before_the_close_leave_the_numerator_only() {
    let mut bench = Bench::new();
    for (at_s, total, bad) in [(0, 0.0, 0.0), (60, 10.0, 5.0), (120, 20.0, 6.0)] {
        bench.sample("200", at_s, total).expect("newer");
        bench.sample("500", at_s, bad).expect("newer");
    }
    let sli = bench.sli(0);
    let span = burn::Span { minutes: Minutes(60), bad_since: Some(Minute(2)) };
    let counts = sli.burn_counts(&bench.read(120), span);
    assert_eq!((counts.bad, counts.total), (Units::events(1), Units::events(26)));
}

#[test]
fn a_stale_marker_ends_coverage_but_not_the_baseline() {
    let mut bench = Bench::new();
    bench.sample("200", 0, 0.0).expect("first");
    bench.sample("200", 60, 10.0).expect("newer");
    bench.stale("200", 75);
    bench.sample("200", 240, 25.0).expect("newer");
    assert_eq!(bench.events(240), (0, 25, 0), "the increase over the pause counts");
    let reading = bench.read(240);
    assert_eq!(reading.covered_ppm, PPM, "only the first minute lies between two samples");
}

#[test]
fn all_series_silent_for_two_intervals_is_no_data() {
    let mut bench = Bench::new();
    for at_s in (0..=60).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    let liveness = |now_s: i64| bench.read(now_s).liveness;
    assert_eq!(liveness(95), Liveness::Live { watermark_ms: 60_000 });
    assert_eq!(liveness(96), Liveness::Silent { since_ms: 60_000 });
}

#[test]
fn a_silent_instance_leaves_the_watermark_and_lowers_coverage() {
    let mut bench = Bench::new();
    for at_s in (0..=600).step_by(15) {
        bench.sample_of(1, "200", at_s, at_s as f64).expect("newer");
        if at_s <= 300 {
            bench.sample_of(2, "200", at_s, at_s as f64).expect("newer");
        }
    }
    let reading = bench.read(600);
    assert_eq!(reading.liveness, Liveness::Live { watermark_ms: 600_000 });
    assert_eq!((reading.measured_minutes, reading.covered_ppm), (10, 7_500_000));
}

#[test]
fn an_instance_that_ended_is_no_longer_expected() {
    let mut bench = Bench::new();
    for at_s in (0..=600).step_by(15) {
        bench.sample_of(2, "200", at_s, at_s as f64).expect("newer");
        if at_s < 300 {
            bench.sample_of(1, "200", at_s, at_s as f64).expect("newer");
        }
        if at_s == 300 {
            bench.stale("200", at_s);
        }
    }
    let reading = bench.read(600);
    assert_eq!(reading.measured_minutes, 10);
    assert!(reading.covered_ppm > 9_850_000, "only the last 15 s before the end are open");
}

#[test]
fn an_instance_silent_for_a_week_is_expected_no_more() {
    const DAY_S: i64 = 86_400;
    let mut bench = Bench::new();
    bench.sample_of(2, "200", 0, 0.0).expect("first");
    for at_s in (0..=8 * DAY_S).step_by(60) {
        bench.sample_of(1, "200", at_s, at_s as f64).expect("newer");
    }
    let reading = bench.read(8 * DAY_S);
    assert_eq!((reading.measured_minutes, reading.covered_ppm), (60, 60 * PPM));
    let sixth = Span { from: Minute(5 * 1_440), to: Minute(6 * 1_440) };
    let sli = bench.sli(0);
    assert_eq!(sli.coverage_of(sixth), 0.5, "on the sixth day it was");
}

#[test]
fn history_begins_at_the_first_sample() {
    let mut bench = Bench::new();
    assert_eq!(bench.read(0).liveness, Liveness::Unmeasured);
    bench.sample("200", 1_800, 0.0).expect("first");
    bench.sample("200", 1_860, 5.0).expect("newer");
    let reading = bench.read(1_860);
    assert_eq!((reading.unmeasured_minutes, reading.measured_minutes), (59, 1));
}

#[test]
fn a_channel_declared_later_begins_later() {
    let mut bench = Bench::new();
    for at_s in (0..=600).step_by(60) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
        bench.sample("404", at_s, at_s as f64).expect("newer");
    }
    let bad = selector("requests_total", Some("[45].."));
    let wider = Indicator::ratio(selector("requests_total", None), Part::Bad, bad);
    bench.declare(600, &[ratio(), wider]);
    for at_s in (660..=1_200).step_by(60) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
        bench.sample("404", at_s, at_s as f64).expect("newer");
    }
    let read = |number| bench.sli(number).read(&Window::Rolling(Minutes(60)), instant(1_200_000));
    let (old, new) = (read(0), read(1));
    assert_eq!(old.events.total, Units::events(2_400), "the older SLI keeps its history");
    assert_eq!(new.measured_minutes, 8, "the newer one starts when no series lacks its baseline");
    let (bad, total) = (new.events.bad, new.events.total);
    assert_eq!((bad, total), (Units::events(540), Units::events(1_080)), "both of the same time");
}

#[test]
fn the_time_between_two_declarations_is_unmeasured() {
    let mut bench = Bench::new();
    for at_s in (0..=300).step_by(60) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    bench.declare(300, &[]);
    assert!(!bench.fold.takes(SeriesNo(0)).any());
    bench.declare(900, &[ratio()]);
    bench.sample("200", 960, 960.0).expect("newer");
    bench.sample("200", 1_020, 1_020.0).expect("newer");
    assert_eq!(bench.events(1_020), (0, 360, 0), "what was counted before still counts");
    assert_eq!(bench.read(1_020).measured_minutes, 6 + 1);
}

#[test]
fn a_part_larger_than_its_total_counts_as_the_whole() {
    let total = selector("requests_total", None);
    let good = Indicator::ratio(total, Part::Good, selector("good_total", None));
    let mut bench = Bench::declared(std::slice::from_ref(&good));
    let labels = Labels::from_pairs(vec![("__name__".to_owned(), "good_total".to_owned())]);
    let labels = labels.expect("unique");
    let hash = SeriesHash(7);
    bench.apply(Record::Series { hash, instance: InstanceHash(1), labels });
    let series = bench.fold.known(hash).expect("known");
    for at_s in [0, 15] {
        bench.sample("200", at_s, at_s as f64).expect("newer");
        let value = 2.0 * at_s as f64;
        bench.apply(Record::Sample { series, at_ms: at_s * 1_000, value });
    }
    let sli = bench.sli(0);
    let events = sli.read(&Window::Rolling(Minutes(60)), instant(15_000)).events;
    assert_eq!((events.good, events.bad), (Units::events(15), Units(0)));
}

#[test]
fn a_selector_that_names_no_metric_counts_all_that_fit() {
    let by_label = |code: &str| {
        let matcher = Matcher {
            label: "code".to_owned(),
            comparison: Comparison::Matches,
            value: code.to_owned(),
        };
        Selector::new(vec![matcher])
    };
    let any = Indicator::ratio(by_label(".+"), Part::Bad, by_label("5.."));
    let mut bench = Bench::declared(&[ratio(), any]);
    for at_s in [0, 15] {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
    for number in [0, 1] {
        assert_eq!(
            bench.sli(number).read(&Window::Rolling(Minutes(60)), instant(15_000)).events.total,
            Units::events(15)
        );
    }
}

/// A naive reading of the rules for one always-live series: increases at the later sample's
/// minute, resets from zero, gaps spread.
fn naive(samples: &[(i64, u32)]) -> (std::collections::BTreeMap<i64, u64>, u64) {
    let mut minutes = std::collections::BTreeMap::new();
    let mut total = 0;
    for two in samples.windows(2) {
        let ((from, before), (to, after)) = (two[0], two[1]);
        let increase = u64::from(if after < before { after } else { after - before });
        total += increase;
        if to - from <= 300 {
            *minutes.entry(to.div_euclid(60)).or_default() += increase;
        }
    }
    (minutes, total)
}

proptest! {
    #[test]
    fn the_fold_equals_a_naive_reading(
        steps in prop::collection::vec((1_i64..500, 0_u32..1_000), 2..60),
    ) {
        let mut at_s = 0;
        let samples: Vec<(i64, u32)> = steps
            .iter()
            .map(|(spacing, value)| {
                at_s += spacing;
                (at_s, *value)
            })
            .collect();
        let mut bench = Bench::new();
        for (at_s, value) in &samples {
            bench.sample("200", *at_s, f64::from(*value)).expect("newer");
        }
        let (minutes, total) = naive(&samples);
        let sli = bench.sli(0);
        let all = Span { from: Minute(-1), to: Minute(100_000) };
        let events = sli.events(all);
        prop_assert_eq!(events.total, Units::events(total));
        for (minute, increase) in minutes {
            let one = Span { from: Minute(minute), to: Minute(minute + 1) };
            let of_minute = sli.events(one);
            prop_assert_eq!(of_minute.total.minus(of_minute.inferred), Units::events(increase));
        }
        let measured = Span { from: Minute(0), to: Minute::of_ms(at_s * 1_000) };
        prop_assert!(sli.coverage_of(measured) <= 1.0);
        prop_assert_eq!(MINUTE_MS, 60_000);
    }

    /// The order in which series of different shards arrive does not matter.
    #[test]
    fn shards_may_overtake_each_other(values in prop::collection::vec((0_u32..50, 0_u32..50), 3..30)) {
        let rows: Vec<(i64, f64, f64)> = values
            .iter()
            .scan((0.0, 0.0), |sum, (a, b)| {
                *sum = (sum.0 + f64::from(*a), sum.1 + f64::from(*b));
                Some(*sum)
            })
            .enumerate()
            .map(|(i, (a, b))| (15 * i as i64, a, b))
            .collect();
        let mut together = Bench::new();
        let mut apart = Bench::new();
        for (at_s, good, bad) in &rows {
            together.sample("200", *at_s, *good).expect("newer");
            together.sample("500", *at_s, *bad).expect("newer");
            apart.sample("200", *at_s, *good).expect("newer");
        }
        for (at_s, _, bad) in &rows {
            apart.sample("500", *at_s, *bad).expect("newer");
        }
        let now_s = rows.last().expect("rows").0;
        let (one, other) = (together.read(now_s), apart.read(now_s));
        prop_assert_eq!(one.events, other.events);
    }
}
