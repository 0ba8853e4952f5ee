use super::*;
use crate::{Fault, Place, Reason, Written};
use expect_test::{Expect, expect};
use plimsoll_domain::slo::selector::Labels;
use plimsoll_domain::telemetry::{Point, Value};
use plimsoll_trials::bodies::{nested, packed, snappy};
use plimsoll_trials::fuzz::unhex;
use proptest::prelude::*;
use prost::Message as _;

mod v2;

/// The body of a request that Prometheus 2.42 sent: two counters and a summary that reads NaN.
const FROM_PROMETHEUS: &str = "\
e602f07d0a7a0a1f0a085f5f6e616d655f5f1213687474705f72657175657374735f746f74616c0a0b0a04636f\
646512033230300a1b0a08696e7374616e6365120f3132372e302e302e313a31393139310a0b0a036a6f621204\
73686f700a0e0a047061746812062f636166c3a912100900000000000c9040109bbbc3bd9f340a7aaa7c000435\
30ee7c000d7c0c000840100d7c086c0a1d1df8481171756575655f6167655f7365636f6e64730aa6e900840f0a\
087175616e74696c651203302e35121009010000000000f87f109bbbc3bd9f34\
";

/// The same sender after its target lost two series: they end with stale markers.
const FROM_PROMETHEUS_STALE: &str = "\
e602f07d0a7a0a1f0a085f5f6e616d655f5f1213687474705f72657175657374735f746f74616c0a0b0a04636f\
646512033230300a1b0a08696e7374616e6365120f3132372e302e302e313a31393139310a0b0a036a6f621204\
73686f700a0e0a047061746812062f636166c3a912100900000000000c904010bbdac3bd9f340a7aaa7c000435\
30f67c000002017c0c00f07f100d7c086c0a1d1df8481171756575655f6167655f7365636f6e64730aa6e90084\
0f0a087175616e74696c651203302e35121009020000000000f07f10bbdac3bd9f34\
";

#[test]
fn a_request_of_a_real_prometheus() {
    check_golden(
        FROM_PROMETHEUS,
        expect![[r#"
        http_requests_total{code="200",instance="127.0.0.1:19191",job="shop",path="/café"} 1027 @1795156925851
        http_requests_total{code="500",instance="127.0.0.1:19191",job="shop",path="/café"} 3 @1795156925851
        1 not finite
    "#]],
    );
}

#[test]
fn series_that_ended_carry_the_stale_marker() {
    check_golden(
        FROM_PROMETHEUS_STALE,
        expect![[r#"
        http_requests_total{code="200",instance="127.0.0.1:19191",job="shop",path="/café"} 1027 @1795156929851
        http_requests_total{code="500",instance="127.0.0.1:19191",job="shop",path="/café"} stale @1795156929851
        queue_age_seconds{instance="127.0.0.1:19191",job="shop",quantile="0.5"} stale @1795156929851
    "#]],
    );
}

#[test]
fn a_bad_series_leaves_the_good_ones() {
    let good = series(&[("__name__", "up")], &[(1.0, 1_000)]);
    let bad = [
        series(&[("__name__", "up"), ("", "x")], &[(1.0, 1_000)]),
        series(&[("a", "1"), ("a", "2")], &[(1.0, 1_000)]),
        series(&[], &[(1.0, 1_000)]),
        series(&[("a", "")], &[(1.0, 1_000)]),
        series(&[("a", &"x".repeat(4_097))], &[(1.0, 1_000)]),
        wire::TimeSeries {
            labels: vec![wire::Label { name: b"a".to_vec(), value: vec![0xff] }],
            samples: vec![wire::Sample { value: 1.0, timestamp: 1_000 }],
        },
        series(&[("__name__", "up")], &[(1.0, -1), (2.0, 2_000), (1.0, i64::MAX)]),
    ];
    let many: Vec<_> = (0..65).map(|i| (format!("l{i}"), "v".to_owned())).collect();
    let many: Vec<_> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let mut all = vec![good.clone()];
    all.extend(bad);
    all.extend([series(&many, &[(1.0, 1_000)]), good]);
    let decoded = v1(&encode(all), &Limits::default()).unwrap();
    check(
        &decoded,
        expect![[r#"
        up{} 1 @1000
        up{} 2 @2000
        up{} 1 @1000
        fault in series 2: a label has no name
        fault in series 3: a label name occurs twice
        fault in series 4: the series has no labels
        fault in series 5: the series has no labels
        fault in series 6: a label has 4097 bytes, 4096 are allowed
        fault in series 7: the text is not UTF-8
        fault in series 8: the sample time -1 ms is outside the years 1970 to 9999
        fault in series 9: the series has 65 labels, 64 are allowed
    "#]],
    );
}

#[test]
fn labels_may_come_unsorted_and_empty_ones_are_absent() {
    let request = encode(vec![series(&[("b", "2"), ("a", "1"), ("c", "")], &[(1.0, 1_000)])]);
    let decoded = v1(&request, &Limits::default()).unwrap();
    check(
        &decoded,
        expect![[r#"
        {a="1",b="2"} 1 @1000
    "#]],
    );
}

#[test]
fn unknown_fields_are_skipped() {
    // Metadata (field 3), an exemplar (3) inside a series, and fields that do not exist.
    let mut inner = series(&[("__name__", "up")], &[(1.0, 1_000)]).encode_to_vec();
    inner.extend([0x1a, 0x02, 0x08, 0x01, 0x3a, 0x00, 0x28, 0x07, 0x31]);
    inner.extend([0; 8]);
    let mut message = vec![0x1a, 0x03, 0x12, 0x01, b'x', 0x0a, u8::try_from(inner.len()).unwrap()];
    message.extend(inner);
    let decoded = v1(&snappy(&message), &Limits::default()).unwrap();
    check(
        &decoded,
        expect![[r#"
        up{} 1 @1000
    "#]],
    );
}

#[test]
fn native_histograms_and_exemplars_are_read_in_1_0_too() {
    let histogram = wire::Histogram {
        count_int: Some(3),
        zero_count_int: Some(1),
        positive_spans: vec![wire::BucketSpan { offset: 1, length: 1 }],
        positive_deltas: vec![2],
        timestamp: 1_000,
        ..wire::Histogram::default()
    };
    let gauge = wire::Histogram { reset_hint: 3, ..histogram.clone() };
    let ended = wire::Histogram {
        sum: f64::from_bits(crate::STALE_BITS),
        timestamp: 2_000,
        ..wire::Histogram::default()
    };
    let broken = wire::Histogram { count_int: Some(4), ..histogram.clone() };
    let message = with_histograms(&[histogram, gauge, ended, broken]);
    let decoded = v1(&snappy(&message), &Limits::default()).unwrap();
    check(
        &decoded,
        expect![[r#"
        waits{} 3(1 ≤0, 1 ≤1) @1000 stale @2000
        fault in series 1: a native histogram is malformed: its buckets do not add up to its count
        1 gauges
    "#]],
    );
    assert_eq!(decoded.written, Written { samples: 0, histograms: 3, exemplars: 1 });
}

/// A request of one series with an exemplar (field 3) and native histograms (field 4).
fn with_histograms(histograms: &[wire::Histogram]) -> Vec<u8> {
    let mut inner = series(&[("__name__", "waits")], &[]).encode_to_vec();
    inner.extend([0x1a, 0x00]);
    for histogram in histograms {
        inner.push(0x22);
        inner.extend(histogram.encode_length_delimited_to_vec());
    }
    nested(0x0a, &inner)
}

#[test]
fn what_is_too_large_is_refused_before_it_is_held() {
    let limits = Limits {
        decompressed_bytes_max: 1_000,
        series_max: 3,
        samples_max: 5,
        ..Limits::default()
    };
    let one = || series(&[("a", "1")], &[(1.0, 1_000)]);
    let six: Vec<_> = (0..6).map(|i| (1.0, i)).collect();
    let outcomes = [
        v1(&snappy(&[0; 1_001]), &limits),
        v1(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0x00], &limits),
        v1(&[0xe0, 0x07, 0x00], &limits),
        v1(&encode(vec![one(), one(), one(), one()]), &limits),
        v1(&encode(vec![series(&[("a", "1")], &six)]), &limits),
        v1(b"", &limits),
        v1(b"not snappy", &limits),
        v1(&snappy(b"not protobuf"), &limits),
        v1(&snappy(&[0x0a, 0x02, 0x0a, 0x7f]), &limits),
        v1(&snappy(&[0x0a, 0x04, 0x0a, 0x02, 0x0a, 0x7f]), &limits),
    ];
    let told: Vec<_> = outcomes.iter().map(|o| o.as_ref().unwrap_err().to_string()).collect();
    expect![[r#"
        the request has 1001 bytes decompressed, 1000 are allowed
        the request has 4294967295 bytes decompressed, 1000 are allowed
        3 compressed bytes cannot hold 992
        the request has more than 3 series
        the request has more than 5 samples
        the body is not a snappy block
        the body is not a snappy block
        the body is not a remote-write request: its fields cannot be told apart
        the body is not a remote-write request: its fields cannot be told apart
        the body is not a remote-write request: its fields cannot be told apart"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn a_bomb_of_empty_series_is_counted_not_built() {
    // Two bytes each on the wire; decoded at once they would take gigabytes.
    let message = [0x0a, 0x00].repeat(8 << 20);
    let error = v1(&snappy(&message), &Limits::default()).unwrap_err();
    assert_eq!(error, DecodeError::TooMany { max: 100_000, unit: "series" });
}

#[test]
fn a_bomb_of_empty_labels_is_counted_not_built() {
    let message = nested(0x0a, &[0x0a, 0x00].repeat(4 << 20));
    let decoded = v1(&snappy(&message), &Limits::default()).unwrap();
    let reason = Reason::TooManyLabels { labels: 4 << 20, labels_max: 64 };
    assert_eq!(decoded.faults, [Fault { place: Place::Series(1), reason }]);
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(sent in prop::collection::vec(any_series(), 0..20)) {
        let encoded = sent.iter().map(|(labels, points)| wire::TimeSeries {
            labels: labels.pairs().map(|(name, value)| label(name, value)).collect(),
            samples: points.iter().map(|point| wire::Sample {
                value: raw(point.value),
                timestamp: point.at_ms,
            }).collect(),
        });
        let decoded = v1(&encode(encoded.collect()), &Limits::default()).unwrap();
        prop_assert_eq!(taken(&decoded), sent);
        prop_assert_eq!(decoded.faults, []);
    }
}

/// What a batch holds, as the pairs that [`any_series`] makes.
fn taken(decoded: &Decoded) -> Vec<(Labels, Vec<Point>)> {
    let series = decoded.batch.series();
    series.map(|series| (series.to_labels(|_| true), series.points().to_vec())).collect()
}

fn raw(value: Value) -> f64 {
    match value {
        Value::Number(number) => number,
        Value::Stale => f64::from_bits(crate::STALE_BITS),
        Value::Delta(_) | Value::Histogram(_) => unreachable!("these are not generated"),
    }
}

fn any_series() -> impl Strategy<Value = (Labels, Vec<Point>)> {
    let labels = prop::collection::btree_map("[a-z_]{1,8}", "\\PC{1,12}", 1..6)
        .prop_map(|pairs| Labels::from_pairs(pairs.into_iter().collect()).unwrap());
    let value = prop_oneof![
        9 => prop::num::f64::NORMAL.prop_map(Value::Number),
        1 => Just(Value::Stale),
    ];
    let point = (0..=crate::AT_MS_MAX, value).prop_map(|(at_ms, value)| Point {
        at_ms,
        start_ms: None,
        value,
    });
    (labels, prop::collection::vec(point, 1..8))
}

fn v1(body: &[u8], limits: &Limits) -> Result<Decoded, DecodeError> {
    decode(Message::V1, body, limits)
}

fn series(labels: &[(&str, &str)], samples: &[(f64, i64)]) -> wire::TimeSeries {
    wire::TimeSeries {
        labels: labels.iter().map(|(name, value)| label(name, value)).collect(),
        samples: samples
            .iter()
            .map(|&(value, timestamp)| wire::Sample { value, timestamp })
            .collect(),
    }
}

fn label(name: &str, value: &str) -> wire::Label {
    wire::Label { name: name.into(), value: value.into() }
}

fn encode(timeseries: Vec<wire::TimeSeries>) -> Vec<u8> {
    packed(&wire::WriteRequest { timeseries })
}

fn check_golden(hex: &str, expected: Expect) {
    check(&v1(&unhex(hex), &Limits::default()).unwrap(), expected);
}

fn check(decoded: &Decoded, expected: Expect) {
    expected.assert_eq(&crate::tests::told(decoded));
}
