use super::*;
use wire::v2::{Exemplar, Metadata, Request, Sample, TimeSeries};

/// A counter with a start, an exemplar and metadata, written by hand from `types.proto`.
const BY_HAND: &[u8] = b"\
    \x22\x00\
    \x22\x08__name__\
    \x22\x13http_requests_total\
    \x22\x04code\
    \x22\x03200\
    \x2a\x2d\
        \x0a\x04\x01\x02\x03\x04\
        \x12\x0f\x09\x00\x00\x00\x00\x00\x00\x14\x40\x10\xe8\x07\x18\xf4\x03\
        \x22\x10\x0a\x02\x03\x04\x11\x00\x00\x00\x00\x00\x00\x14\x40\x18\xe8\x07\
        \x2a\x02\x08\x01";

/// The same with the references unpacked, the created timestamp of 2.0-rc.3 on the series, and the
/// symbols last, as protobuf allows.
const ANOTHER_WAY: &[u8] = b"\
    \x2a\x1b\
        \x08\x01\x08\x02\x08\x03\x08\x04\
        \x12\x0c\x09\x00\x00\x00\x00\x00\x00\x14\x40\x10\xe8\x07\
        \x30\xf4\x03\
        \x78\x00\
    \x22\x00\
    \x22\x08__name__\
    \x22\x13http_requests_total\
    \x22\x04code\
    \x22\x03200";

/// A native histogram of schema 0: one observation at most 0.001, two in (1, 2], three in (2, 4],
/// one in (8, 16].
const HISTOGRAM: &[u8] = b"\
    \x22\x00\
    \x22\x08__name__\
    \x22\x05waits\
    \x2a\x38\
        \x0a\x02\x01\x02\
        \x1a\x32\
            \x08\x07\
            \x19\x00\x00\x00\x00\x00\x00\x34\x40\
            \x20\x00\
            \x29\xfc\xa9\xf1\xd2\x4d\x62\x50\x3f\
            \x30\x01\
            \x5a\x04\x08\x02\x10\x02\
            \x5a\x04\x08\x02\x10\x01\
            \x62\x03\x04\x02\x03\
            \x70\x01\
            \x78\xe8\x07\
            \x88\x01\xf4\x03";

#[test]
fn messages_written_by_hand_are_read() {
    let decoded = v2(&snappy(BY_HAND)).unwrap();
    check(
        &decoded,
        expect![[r#"
        http_requests_total{code="200"} 5 @1000 since 500
    "#]],
    );
    assert_eq!(decoded.written, Written { samples: 1, histograms: 0, exemplars: 1 });
    check(
        &v2(&snappy(ANOTHER_WAY)).unwrap(),
        expect![[r#"
        http_requests_total{code="200"} 5 @1000 since 500
    "#]],
    );
    let decoded = v2(&snappy(HISTOGRAM)).unwrap();
    check(
        &decoded,
        expect![[r#"
        waits{} 7(0 ≤0, 1 ≤1) @1000 since 500
    "#]],
    );
    let below = [2.0, 4.0, 8.0, 16.0].map(|bound| decoded.batch.at_most(0, bound).unwrap());
    assert_eq!(below, [3.0, 6.0, 6.0, 7.0]);
    assert_eq!(decoded.written, Written { samples: 0, histograms: 1, exemplars: 0 });
}

#[test]
fn a_bad_series_leaves_the_good_ones() {
    let good = || up(1.0);
    let bad = |labels_refs: &[u32]| TimeSeries { labels_refs: labels_refs.to_vec(), ..good() };
    let mut mixed = good();
    mixed.histograms.push(buckets(1));
    let mut late = good();
    late.samples.push(Sample { timestamp: -1, ..late.samples[0] });
    let request = Request {
        symbols: ["", "__name__", "up", "a", "1", "\u{0}"]
            .map(|text| text.replace('\0', &"x".repeat(5_000)).into_bytes())
            .to_vec(),
        timeseries: vec![
            good(),
            bad(&[1, 2, 3]),
            bad(&[1, 2, 3, 9]),
            bad(&[1, 2, 3, u32::MAX]),
            bad(&[3, 4]),
            bad(&[1, 0]),
            bad(&[]),
            bad(&[1, 2, 0, 4]),
            bad(&[1, 2, 3, 4, 3, 4]),
            bad(&[1, 2, 3, 5]),
            bad(&[3; 200]),
            mixed,
            late,
            good(),
        ],
    };
    let decoded = v2(&packed(&request)).unwrap();
    check(
        &decoded,
        expect![[r#"
        up{} 1 @1000
        up{} 1 @1000
        up{} 1 @1000
        fault in series 2: its label references do not come in pairs
        fault in series 3: it refers to symbol 9 of 6
        fault in series 4: it refers to symbol 4294967295 of 6
        fault in series 5: the series has no metric name
        fault in series 6: the series has no metric name
        fault in series 7: the series has no labels
        fault in series 8: a label has no name
        fault in series 9: a label name occurs twice
        fault in series 10: a label has 5000 bytes, 4096 are allowed
        fault in series 11: the series has 100 labels, 64 are allowed
        fault in series 12: the series has both samples and histograms
        fault in series 13: the sample time -1 ms is outside the years 1970 to 9999
    "#]],
    );
    assert_eq!(decoded.written.samples, 3);
}

#[test]
fn half_a_label_over_the_limit_is_over_it() {
    let with = |references| TimeSeries { labels_refs: vec![1; references], ..up(1.0) };
    let request = request(vec![with(127), with(129), with(130)]);
    check(
        &v2(&packed(&request)).unwrap(),
        expect![[r#"
        fault in series 1: its label references do not come in pairs
        fault in series 2: the series has 65 labels, 64 are allowed
        fault in series 3: the series has 65 labels, 64 are allowed
    "#]],
    );
}

#[test]
fn symbols_that_are_not_utf8_cost_only_the_series_that_use_them() {
    let mut request = request(vec![up(1.0), up(2.0)]);
    request.symbols.extend([b"a".to_vec(), vec![0xff]]);
    request.timeseries[1].labels_refs.extend([3, 4]);
    check(
        &v2(&packed(&request)).unwrap(),
        expect![[r#"
        up{} 1 @1000
        fault in series 2: the text is not UTF-8
    "#]],
    );
}

#[test]
fn samples_that_are_no_numbers_were_received_all_the_same() {
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::from_bits(crate::STALE_BITS)];
    let request = request(special.map(up).to_vec());
    let decoded = v2(&packed(&request)).unwrap();
    check(
        &decoded,
        expect![[r#"
        up{} stale @1000
        3 not finite
    "#]],
    );
    assert_eq!(decoded.written.samples, 4);
}

#[test]
fn a_series_of_exemplars_or_metadata_alone_is_whole() {
    let exemplar = |labels_refs| Exemplar { labels_refs, value: f64::INFINITY, timestamp: 1_000 };
    let mut alone = up(1.0);
    alone.samples.clear();
    alone.exemplars = vec![exemplar(vec![]), exemplar(vec![1, 2])];
    alone.metadata = Some(Metadata { r#type: 1, help_ref: 99, unit_ref: 99 });
    let mut broken = up(1.0);
    broken.exemplars = vec![exemplar(vec![1]), exemplar(vec![1, 9]), exemplar(vec![1, 2])];
    let request = request(vec![alone, broken]);
    let decoded = v2(&packed(&request)).unwrap();
    check(
        &decoded,
        expect![[r#"
        up{} 1 @1000
        fault in series 2: its label references do not come in pairs
    "#]],
    );
    assert_eq!(decoded.written, Written { samples: 1, histograms: 0, exemplars: 3 });
}

#[test]
fn starts_that_say_nothing_are_left_out() {
    let with = |start_timestamp, created_timestamp| {
        let mut series = up(1.0);
        series.samples[0].start_timestamp = start_timestamp;
        TimeSeries { created_timestamp, ..series }
    };
    let request = request(vec![
        with(0, 0),
        with(-1, 0),
        with(-2, 0),
        with(1_000, 0),
        with(1_001, 0),
        with(700, 600),
        with(0, 600),
        with(2_000, 600),
    ]);
    let decoded = v2(&packed(&request)).unwrap();
    let starts: Vec<_> =
        decoded.batch.series().map(|s| s.points()[0].start_ms.map(i64::from)).collect();
    let expected = [None, Some(-1), None, Some(1_000), None, Some(700), Some(600), Some(600)];
    assert_eq!(starts, expected);
}

#[test]
fn what_is_no_message_of_this_version_is_refused() {
    let v1_message = wire::WriteRequest { timeseries: vec![series(&[("a", "1")], &[(1.0, 1)])] };
    let mut no_empty_symbol = request(vec![up(1.0)]);
    no_empty_symbol.symbols[0] = b"x".to_vec();
    let outcomes = [
        v2(&packed(&v1_message)),
        v1(&snappy(BY_HAND), &Limits::default()),
        v2(&packed(&no_empty_symbol)),
        v2(&snappy(b"\x2a\x02\x0a\x7f")),
        v2(&snappy(b"\x2a\x02\x12\x00\x12")),
        v2(&snappy(b"\x2a\x02\x08\x80")),
        v2(&snappy(b"\x2a\x02\x10\x01")),
    ];
    let told: Vec<_> = outcomes.iter().map(|o| o.as_ref().unwrap_err().to_string()).collect();
    expect![[r#"
        the body is not the message that its content type names: it is of remote write 1.0
        the body is not the message that its content type names: it is of remote write 2.0
        the first symbol of the request is not the empty string
        the body is not a remote-write request: its fields cannot be told apart
        the body is not a remote-write request: its fields cannot be told apart
        the body is not a remote-write request: its fields cannot be told apart
        the body is not a remote-write request: its fields cannot be told apart"#]]
    .assert_eq(&told.join("\n"));
    assert_eq!(v2(&snappy(b"")).unwrap(), Decoded::default());
}

#[test]
fn the_limits_of_a_request_hold() {
    let limits = Limits {
        decompressed_bytes_max: 1_000,
        labels_max: 6,
        histograms_max: 2,
        buckets_per_histogram_max: 3,
        buckets_max: 5,
        ..Limits::default()
    };
    let refused =
        |request: &Request| decode(Message::V2, &packed(request), &limits).unwrap_err().to_string();
    let mut symbols = request(Vec::new());
    symbols.symbols = vec![Vec::new(); 7];
    let labels = request(vec![up(1.0); 7]);
    let three = request(vec![histograms(&[buckets(1), buckets(1), buckets(1)])]);
    let six = request(vec![histograms(&[buckets(3), buckets(3)])]);
    let mut text = request(Vec::new());
    text.symbols[2] = vec![b'x'; 850];
    text.timeseries = vec![up(1.0); 5];
    let told = [symbols, labels, three, six, text].map(|request| refused(&request));
    expect![[r#"
        the request has more than 6 symbols
        the request has more than 6 labels
        the request has more than 2 native histograms
        the request has more than 5 buckets
        the request has more than 4000 bytes of label text"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn content_types_name_messages() {
    let named = [
        "application/x-protobuf",
        "application/x-protobuf;proto=prometheus.WriteRequest",
        "application/x-protobuf;proto=io.prometheus.write.v2.Request",
        "Application/X-Protobuf; charset=utf-8; Proto=\"io.prometheus.write.v2.Request\"",
        "application/x-protobuf;proto=io.prometheus.write.v3.Request",
        "application/x-protobuf;proto=",
        "application/x-protobuffer",
        "application/json",
        "",
    ];
    let (v1, v2) = (Some(Message::V1), Some(Message::V2));
    let expected = [v1, v1, v2, v2, None, None, None, None, None];
    assert_eq!(named.map(Message::of_content_type), expected);
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(sent in prop::collection::vec(any_series(), 0..20)) {
        let mut symbols = vec![String::new()];
        let timeseries = sent.iter().map(|(labels, points)| TimeSeries {
            labels_refs: labels.pairs().flat_map(|(name, value)| {
                [name, value].map(|text| {
                    let known = symbols.iter().position(|symbol| symbol == text);
                    known.unwrap_or_else(|| {
                        symbols.push(text.to_owned());
                        symbols.len() - 1
                    }) as u32
                })
            }).collect(),
            samples: points.iter().map(|point| Sample {
                value: raw(point.value),
                timestamp: point.at_ms,
                start_timestamp: point.at_ms / 2,
            }).collect(),
            ..TimeSeries::default()
        }).collect();
        let symbols = symbols.into_iter().map(String::into_bytes).collect();
        let request = Request { symbols, timeseries };
        let decoded = v2(&packed(&request)).unwrap();
        let sent: Vec<_> = sent.into_iter().filter(|(labels, _)| labels.get("__name__").is_some())
            .map(|(labels, points)| {
                let start = |at_ms: i64| std::num::NonZeroI64::new(at_ms / 2);
                let started = |point: Point| Point { start_ms: start(point.at_ms), ..point };
                (labels, points.into_iter().map(started).collect())
            })
            .collect();
        prop_assert_eq!(taken(&decoded), sent);
        prop_assert!(decoded.faults.iter().all(|fault| fault.reason == Reason::NoMetricName));
    }
}

fn v2(body: &[u8]) -> Result<Decoded, DecodeError> {
    decode(Message::V2, body, &Limits::default())
}

/// A request whose symbols are "", "__name__" and "up".
fn request(timeseries: Vec<TimeSeries>) -> Request {
    Request { symbols: vec![vec![], b"__name__".to_vec(), b"up".to_vec()], timeseries }
}

fn up(value: f64) -> TimeSeries {
    TimeSeries {
        labels_refs: vec![1, 2],
        samples: vec![Sample { value, timestamp: 1_000, start_timestamp: 0 }],
        ..TimeSeries::default()
    }
}

fn histograms(histograms: &[wire::Histogram]) -> TimeSeries {
    TimeSeries { samples: Vec::new(), histograms: histograms.to_vec(), ..up(0.0) }
}

/// One observation in each of so many buckets.
fn buckets(length: u32) -> wire::Histogram {
    let mut positive_deltas = vec![0; length as usize];
    positive_deltas[0] = 1;
    wire::Histogram {
        count_int: Some(u64::from(length)),
        positive_spans: vec![wire::BucketSpan { offset: 0, length }],
        positive_deltas,
        timestamp: 1_000,
        ..wire::Histogram::default()
    }
}
