//! What is counted of classic and native histograms and of gauges.

use super::*;
use crate::slo::tally::{Condition, Operator};

fn named(metric: &str, le: Option<&str>) -> Selector {
    let equal = |label: &str, value: &str| Matcher {
        label: label.to_owned(),
        comparison: Comparison::Equal,
        value: value.to_owned(),
    };
    let bound = le.map(|bound| equal("le", bound));
    Selector::new([equal("__name__", metric)].into_iter().chain(bound).collect())
}

impl Bench {
    fn series_of(&mut self, hash: u128, metric: &str, le: &str) -> SeriesNo {
        let pairs = [("__name__", metric), ("le", le)];
        let owned = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
        let labels = Labels::from_pairs(owned).expect("unique");
        let hash = SeriesHash(hash);
        self.apply(Record::Series { hash, instance: InstanceHash(1), labels });
        self.fold.known(hash).expect("just appeared")
    }

    /// (good, total) in whole events.
    fn good_of(&self, number: usize, now_s: i64) -> (u128, u128) {
        let events =
            self.sli(number).read(&Window::Rolling(Minutes(60)), instant(now_s * 1_000)).events;
        (events.good.0 / Units::PER_EVENT, events.total.0 / Units::PER_EVENT)
    }
}

#[test]
fn a_native_histogram_is_counted_up_to_each_threshold() {
    let latency = |threshold| Indicator::latency(named("latency", None), threshold);
    let mut bench = Bench::declared(&[latency(0.3), latency(1.0)]);
    let series = bench.series_of(1, "latency", "");
    let histograms = [(100.0, [60.0, 90.0]), (200.0, [130.0, 185.0]), (40.0, [10.0, 30.0])];
    for (round, (count, at_most)) in (0..).zip(histograms) {
        let (at_ms, at_most) = (round * 15_000, at_most.to_vec());
        bench.apply(Record::Histogram { series, at_ms, count, at_most });
    }
    // 100 since the baseline; then the count fell, which is a reset.
    assert_eq!(bench.good_of(0, 45), (70 + 10, 100 + 40));
    assert_eq!(bench.good_of(1, 45), (95 + 30, 100 + 40));
}

#[test]
fn a_bucket_is_found_however_its_bound_is_written() {
    let up_to = |bound| {
        let good = named("latency_bucket", Some(bound));
        Indicator::ratio(named("latency_count", None), Part::Good, good)
    };
    let mut bench = Bench::declared(&[up_to("1"), up_to("2")]);
    let written = [
        (1, "latency_bucket", "1", 8.0),
        (2, "latency_bucket", "1.0", 7.0),
        (3, "latency_bucket", "10", 50.0),
        (4, "latency_count", "", 20.0),
    ];
    for (hash, metric, le, increase) in written {
        let series = bench.series_of(hash, metric, le);
        for (at_ms, value) in [(0, 100.0), (15_000, 100.0 + increase)] {
            bench.apply(Record::Sample { series, at_ms, value });
        }
    }
    assert_eq!(bench.good_of(0, 20), (15, 20));
    assert_eq!(bench.good_of(1, 20), (0, 20), "no bucket has that bound");
}

#[test]
fn every_sample_of_a_gauge_is_one_event() {
    let gauge = |operator, value| {
        Indicator::gauge(named("queue_length", None), Condition { operator, value })
    };
    let conditions =
        [(Operator::Lt, 80.0), (Operator::Lte, 80.0), (Operator::Gt, 80.0), (Operator::Gte, 80.0)];
    let mut bench = Bench::declared(&conditions.map(|(operator, value)| gauge(operator, value)));
    let series = bench.series_of(1, "queue_length", "");
    for (round, value) in (0..).zip([10.0, 79.9, 80.0, 80.0, 81.0, 200.0, -5.0]) {
        bench.apply(Record::Sample { series, at_ms: round * 15_000, value });
    }
    let good: Vec<_> = (0..4).map(|number| bench.good_of(number, 105)).collect();
    assert_eq!(good, [(3, 7), (5, 7), (2, 7), (4, 7)]);
}
