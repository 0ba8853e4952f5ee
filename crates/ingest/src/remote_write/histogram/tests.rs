use super::*;
use crate::remote_write::wire::{BucketSpan, Histogram};
use prost::Message as _;

/// The histogram of the receiver tests of prometheus/compliance: positive, negative and zero
/// buckets.
fn sound() -> Histogram {
    Histogram {
        count_int: Some(27),
        sum: 1.0,
        zero_count_int: Some(1),
        negative_spans: spans(&[(0, 2)]),
        negative_deltas: vec![1, 1],
        positive_spans: spans(&[(0, 3), (2, 2)]),
        positive_deltas: vec![1, 2, 1, 3, 1],
        timestamp: 1_000,
        ..Histogram::default()
    }
}

/// Theirs with custom buckets.
fn custom() -> Histogram {
    Histogram {
        count_int: Some(30),
        sum: 1.0,
        schema: -53,
        positive_spans: spans(&[(0, 6)]),
        positive_deltas: vec![2, 1, 2, 3, -1, -2],
        custom_values: vec![0.1, 0.5, 1.0, 2.5, 5.0, 10.0],
        timestamp: 1_000,
        ..Histogram::default()
    }
}

/// The same as floats.
fn floats() -> Histogram {
    Histogram {
        count_float: Some(2.75),
        sum: 1.0,
        schema: 8,
        zero_threshold: 1e-128,
        zero_count_float: Some(0.25),
        positive_spans: spans(&[(-3, 1), (0, 1)]),
        positive_counts: vec![1.0, 1.5],
        timestamp: 1_000,
        ..Histogram::default()
    }
}

fn spans(spans: &[(i32, u32)]) -> Vec<BucketSpan> {
    spans.iter().map(|&(offset, length)| BucketSpan { offset, length }).collect()
}

fn read(histogram: &Histogram) -> (Raw, Result<Meaning, HistogramFault>) {
    let bytes = histogram.encode_to_vec();
    let mut raw = Raw::default();
    raw.read(&bytes, 0..bytes.len(), 10).unwrap();
    let meaning = raw.check();
    (raw, meaning)
}

#[test]
fn buckets_lie_where_spans_and_deltas_put_them() {
    let bucket = |(index, count): (i32, f64)| Bucket { index, count };
    let (raw, meaning) = read(&sound());
    assert_eq!(meaning, Ok(Meaning::Counter));
    let taken = raw.histogram();
    let positive = [(0, 1.0), (1, 3.0), (2, 4.0), (5, 7.0), (6, 8.0)].map(bucket);
    assert_eq!(taken.positive, positive);
    assert_eq!(taken.negative, [(0, 1.0), (1, 2.0)].map(bucket));
    assert_eq!((taken.count, taken.zero_count, taken.schema), (27.0, 1.0, Some(0)));

    let (raw, meaning) = read(&custom());
    assert_eq!(meaning, Ok(Meaning::Counter));
    let taken = raw.histogram();
    let counts: Vec<_> = taken.positive.iter().map(|bucket| bucket.count).collect();
    assert_eq!(counts, [2.0, 3.0, 5.0, 8.0, 7.0, 5.0]);
    assert_eq!((taken.bounds.len(), taken.schema), (6, None));

    let (raw, meaning) = read(&floats());
    assert_eq!(meaning, Ok(Meaning::Counter));
    let taken = raw.histogram();
    assert_eq!(taken.positive, [(-3, 1.0), (-2, 1.5)].map(bucket));
    assert_eq!((taken.zero_threshold, taken.zero_count), (1e-128, 0.25));
}

#[test]
fn buckets_without_observations_are_left_out() {
    let histogram = Histogram {
        count_int: Some(2),
        positive_spans: spans(&[(0, 3)]),
        positive_deltas: vec![1, -1, 1],
        ..Histogram::default()
    };
    let (raw, _) = read(&histogram);
    let indices: Vec<_> = raw.histogram().positive.iter().map(|bucket| bucket.index).collect();
    assert_eq!(indices, [0, 2]);
}

fn check<const CASES: usize>(cases: [Case; CASES]) {
    for (name, histogram, expected) in cases {
        assert_eq!(read(&histogram).1, expected, "{name}");
    }
}

/// What it is, the histogram, and what it says.
type Case = (&'static str, Histogram, Result<Meaning, HistogramFault>);

/// Adjacent buckets of integers.
fn integers(count: u64, deltas: &[i64]) -> Histogram {
    let positive_spans = spans(&[(0, deltas.len() as u32)]);
    let positive_deltas = deltas.to_vec();
    Histogram { count_int: Some(count), positive_spans, positive_deltas, ..Histogram::default() }
}

#[test]
fn the_kinds_of_histograms_are_told_apart() {
    let stale = f64::from_bits(STALE_BITS);
    check([
        ("empty", Histogram::default(), Ok(Meaning::Counter)),
        ("a gauge", Histogram { reset_hint: 3, ..sound() }, Ok(Meaning::Gauge)),
        ("a reset", Histogram { reset_hint: 1, ..sound() }, Ok(Meaning::Counter)),
        ("stale", Histogram { sum: stale, ..Histogram::default() }, Ok(Meaning::Stale)),
        ("schema 8", Histogram { schema: 8, ..sound() }, Ok(Meaning::Counter)),
        ("schema 9", Histogram { schema: 9, ..sound() }, Err(HistogramFault::Schema(9))),
        ("schema -5", Histogram { schema: -5, ..sound() }, Err(HistogramFault::Schema(-5))),
    ]);
}

#[test]
fn buckets_add_up_to_the_count() {
    use HistogramFault::{Count, Spans, Sum};
    let counted = |count| Histogram { count_int: Some(count), ..sound() };
    let nan = f64::NAN;
    let float_zero = Histogram { zero_count_int: None, zero_count_float: Some(1.0), ..sound() };
    let float_count = Histogram { count_int: None, count_float: Some(27.0), ..sound() };
    check([
        ("a count of 99", counted(99), Err(Sum)),
        ("a count of 26", counted(26), Err(Sum)),
        ("NaN seen", Histogram { sum: nan, ..counted(99) }, Ok(Meaning::Counter)),
        ("NaN seen, too few", Histogram { sum: nan, ..counted(26) }, Err(Sum)),
        ("a negative count", integers(0, &[1, -2, 1]), Err(Count)),
        ("counts that overflow", integers(0, &[i64::MAX, 1]), Err(Count)),
        ("a sum that overflows", integers(0, &[i64::MAX, 0, 0]), Err(Sum)),
        ("both kinds", Histogram { positive_counts: vec![1.0], ..sound() }, Err(Spans)),
        ("a float zero", float_zero, Err(Spans)),
        ("a float count", float_count, Err(Spans)),
    ]);
}

#[test]
fn spans_name_as_many_buckets_as_there_are() {
    use HistogramFault::{SpanOverflow, Spans, TooManyBuckets};
    let (one, two) = ([1].as_slice(), [1, 0].as_slice());
    let lying = |list: &[(i32, u32)], deltas: &[i64]| {
        let positive_spans = spans(list);
        Histogram { positive_spans, ..integers(deltas.len() as u64, deltas) }
    };
    let level = |buckets: u64| {
        let deltas: Vec<_> = (0..buckets).map(|bucket| i64::from(bucket == 0)).collect();
        integers(buckets, &deltas)
    };
    let too_many = Err(TooManyBuckets { buckets_max: 10 });
    let huge = [(0, u32::MAX), (0, u32::MAX)];
    check([
        ("ten buckets", level(10), Ok(Meaning::Counter)),
        ("eleven", level(11), too_many),
        ("eleven spans", lying(&[(0, 0); 11], &[]), too_many),
        ("too few spans", lying(&[(0, 1)], two), Err(Spans)),
        ("too many", lying(&[(0, 3)], two), Err(Spans)),
        ("huge spans", lying(&huge, two), Err(Spans)),
        ("a span backwards", lying(&[(0, 1), (-1, 1)], two), Err(SpanOverflow)),
        ("the last index", lying(&[(i32::MAX, 1)], one), Ok(Meaning::Counter)),
        ("one beyond", lying(&[(i32::MAX, 2)], two), Err(SpanOverflow)),
        ("far beyond", lying(&[(i32::MAX, 1), (i32::MAX, 1)], two), Err(SpanOverflow)),
    ]);
}

#[test]
fn thresholds_are_numbers_and_bounds_are_for_custom_buckets() {
    use HistogramFault::{Bounds, ZeroThreshold};
    let threshold = |zero_threshold| Histogram { zero_threshold, ..sound() };
    check([
        ("a breadth below zero", threshold(-1.0), Err(ZeroThreshold)),
        ("no breadth", threshold(f64::NAN), Err(ZeroThreshold)),
        ("an endless one", threshold(f64::INFINITY), Err(ZeroThreshold)),
        ("bounds", Histogram { custom_values: vec![1.0], ..sound() }, Err(Bounds)),
    ]);
}

#[test]
fn floats_are_held_to_what_floats_can_hold() {
    use HistogramFault as Fault;
    let with = |count, counts: [f64; 2]| Histogram {
        count_float: Some(count),
        positive_counts: counts.to_vec(),
        ..floats()
    };
    let cases = [
        (with(2.75, [1.0, 1.5]), Ok(Meaning::Counter)),
        (with(2.750_001, [1.0, 1.5]), Ok(Meaning::Counter)),
        (with(2.76, [1.0, 1.5]), Err(Fault::Sum)),
        (with(2.75, [4.0, -1.5]), Err(Fault::Count)),
        (with(2.75, [f64::NAN, 1.5]), Err(Fault::Count)),
        (with(f64::INFINITY, [f64::INFINITY, 1.5]), Err(Fault::Count)),
        (with(f64::NAN, [1.0, 1.5]), Err(Fault::Count)),
        (with(-1.0, [0.0, 0.0]), Err(Fault::Count)),
    ];
    for (histogram, expected) in cases {
        assert_eq!(read(&histogram).1, expected, "{histogram:?}");
    }
}

#[test]
fn custom_buckets_keep_their_rules() {
    use HistogramFault as Fault;
    let bounds =
        |custom_values: &[f64]| Histogram { custom_values: custom_values.to_vec(), ..custom() };
    let five = [0.1, 0.5, 1.0, 2.5, 5.0];
    let cases = [
        // The last bucket has no bound.
        (bounds(&five), Ok(Meaning::Counter)),
        (bounds(&five[..4]), Err(Fault::SpanOverflow)),
        (bounds(&[0.1, 0.5, 0.5, 2.5, 5.0]), Err(Fault::Bounds)),
        (bounds(&[0.1, 0.5, f64::NAN, 2.5, 5.0]), Err(Fault::Bounds)),
        (bounds(&[0.1, 0.5, 1.0, 2.5, f64::INFINITY]), Err(Fault::Bounds)),
        (Histogram { positive_spans: spans(&[(-1, 6)]), ..custom() }, Err(Fault::SpanOverflow)),
        (Histogram { zero_count_int: Some(1), ..custom() }, Err(Fault::CustomAndOthers)),
        (Histogram { zero_threshold: 0.1, ..custom() }, Err(Fault::CustomAndOthers)),
        (Histogram { negative_deltas: vec![1], ..custom() }, Err(Fault::CustomAndOthers)),
        (Histogram { negative_spans: spans(&[(0, 0)]), ..custom() }, Err(Fault::CustomAndOthers)),
    ];
    for (histogram, expected) in cases {
        assert_eq!(read(&histogram).1, expected, "{histogram:?}");
    }
}

#[test]
fn memory_serves_the_next_histogram_without_what_the_last_one_said() {
    let mut raw = Raw::default();
    for histogram in [custom(), sound(), floats(), Histogram::default(), sound()] {
        let bytes = histogram.encode_to_vec();
        raw.read(&bytes, 0..bytes.len(), 10).unwrap();
        assert_eq!(raw.check(), Ok(Meaning::Counter), "{histogram:?}");
    }
}
