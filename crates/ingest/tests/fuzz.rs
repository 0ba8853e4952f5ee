//! Damaged requests and texts: whatever comes, decoders neither panic nor exceed their limits, and
//! what they take is well-formed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod seeds;

use plimsoll_domain::slo::selector::Labels;
use plimsoll_domain::telemetry::{Batch, Point, Value};
use plimsoll_ingest::exposition::{self, Format};
use plimsoll_ingest::remote_write::{self, Message, wire};
use plimsoll_ingest::{AT_MS_MAX, AT_MS_MIN, Decoded, Limits, STALE_BITS};
use plimsoll_trials::bodies::{nested, snappy};
use plimsoll_trials::fuzz::{Corpus, run};
use prost::Message as _;

/// So small that the seeds reach them.
const TIGHT: Limits = Limits {
    decompressed_bytes_max: 4_096,
    series_max: 3,
    samples_max: 5,
    labels_max: 12,
    labels_per_series_max: 5,
    label_bytes_max: 24,
    histograms_max: 2,
    buckets_per_histogram_max: 4,
    buckets_max: 8,
};

#[test]
fn fuzz_remote_write_1() {
    fuzz_messages("remote write 1.0", Message::V1, seeds::v1());
}

#[test]
fn fuzz_remote_write_2() {
    fuzz_messages("remote write 2.0", Message::V2, seeds::v2());
}

#[test]
fn fuzz_snappy() {
    let seeds = seeds::v1().iter().chain(&seeds::v2()).map(|message| snappy(message)).collect();
    let words: &[&[u8]] = &[&[0xfe, 0xff, 0x01], &[0xfc, 0xff, 0xff, 0xff, 0xff], &[0xee, 0x01]];
    run(&Corpus { name: "snappy", seeds, words, cost: 1 }, |body| {
        for limits in [Limits::default(), TIGHT] {
            let Ok(unpacked) = remote_write::decompress(body, &limits) else { continue };
            assert!(unpacked.len() <= limits.decompressed_bytes_max);
            let again = remote_write::decompress(&snappy(&unpacked), &limits).unwrap();
            assert!(again == unpacked, "packed again it is another");
        }
        for message in [Message::V1, Message::V2] {
            if let Ok(decoded) = remote_write::decode(message, body, &Limits::default()) {
                check(&decoded, &Limits::default());
            }
        }
    });
}

#[test]
fn fuzz_prometheus_text() {
    fuzz_texts("prometheus text", Format::Prometheus);
}

#[test]
fn fuzz_openmetrics() {
    fuzz_texts("openmetrics", Format::OpenMetrics);
}

fn fuzz_messages(name: &str, message: Message, seeds: Vec<Vec<u8>>) {
    let words = seeds::WORDS;
    run(&Corpus { name, seeds, words, cost: 4 }, |unpacked| {
        let body = snappy(unpacked);
        for limits in [Limits::default(), TIGHT] {
            let decode = || remote_write::decode(message, &body, &limits);
            let outcome = decode();
            assert!(outcome == decode(), "decoding twice gives the same");
            let Ok(decoded) = outcome else { continue };
            check(&decoded, &limits);
            let again = match message {
                Message::V1 => encode_v1(&decoded.batch),
                Message::V2 => encode_v2(&decoded.batch),
            };
            let again = remote_write::decode(message, &snappy(&again), &Limits::default()).unwrap();
            assert_eq!(again.faults, [], "what was taken is well-formed");
            assert_eq!(numbers(&again.batch), numbers(&decoded.batch));
        }
    });
}

fn fuzz_texts(name: &str, format: Format) {
    let (seeds, words) = (seeds::texts(), seeds::TOKENS);
    let target = labels(&[("job", "shop"), ("instance", "here:80")]);
    run(&Corpus { name, seeds, words, cost: 4 }, |text| {
        for limits in [Limits::default(), TIGHT] {
            let parse = || exposition::parse(format, text.to_vec(), 1_000, &target, &limits);
            let outcome = parse();
            assert!(outcome == parse(), "parsing twice gives the same");
            let Ok(decoded) = outcome else {
                assert_eq!(format, Format::OpenMetrics, "Prometheus text is not refused whole");
                continue;
            };
            if format == Format::OpenMetrics {
                let whole = text.strip_suffix(b"\n").unwrap_or(text).ends_with(b"# EOF");
                assert!(whole, "a text that was cut off gives nothing");
            }
            check(&decoded, &limits);
            let again = write_text(&decoded.batch).into_bytes();
            let none = Labels::default();
            let parse = exposition::parse(Format::Prometheus, again, 1, &none, &Limits::default());
            let again = parse.unwrap();
            assert_eq!(again.faults, [], "what was taken is well-formed");
            let sinceless = |batch: &Batch| {
                numbers(batch)
                    .into_iter()
                    .map(|(labels, mut points)| {
                        points.iter_mut().for_each(|point| point.start_ms = None);
                        (labels, points)
                    })
                    .collect::<Vec<_>>()
            };
            assert_eq!(sinceless(&again.batch), sinceless(&decoded.batch));
        }
    });
}

/// What holds of everything that was taken.
fn check(decoded: &Decoded, limits: &Limits) {
    let Decoded { batch, not_finite, gauge_histograms, written, .. } = decoded;
    assert!(batch.series_count() <= limits.series_max, "series");
    assert!(batch.point_count() <= limits.samples_max, "samples");
    let kept = batch.point_count() as u64 + not_finite + gauge_histograms;
    assert_eq!(written.samples + written.histograms, kept, "samples kept and left out");
    let mut labels_count = 0;
    for series in batch.series() {
        let labels: Vec<_> = series.labels().collect();
        labels_count += labels.len();
        assert!((1..=limits.labels_per_series_max).contains(&labels.len()), "labels");
        assert!(labels.is_sorted_by(|a, b| a.0 < b.0), "labels are sorted and unique");
        for (name, value) in labels {
            assert!(!name.is_empty() && !value.is_empty());
            assert!(std::str::from_utf8(name).is_ok() && std::str::from_utf8(value).is_ok());
        }
        assert!(!series.points().is_empty(), "a series has points");
        series.points().iter().for_each(|point| check_point(batch, point));
    }
    assert!(labels_count <= limits.labels_max, "labels of all series");
}

fn check_point(batch: &Batch, point: &Point) {
    assert!((AT_MS_MIN..=AT_MS_MAX).contains(&point.at_ms), "{point:?}");
    assert!(point.start_ms.is_none_or(|start| start.get() <= point.at_ms), "{point:?}");
    match point.value {
        Value::Number(number) => assert!(number.is_finite()),
        Value::Histogram(number) => {
            let count = batch.count(number).unwrap();
            let below = [f64::NEG_INFINITY, -1.0, 0.0, 0.3, 1.0, 7.5, f64::INFINITY]
                .map(|bound| batch.at_most(number, bound).unwrap());
            assert!(count.is_finite() && count >= 0.0, "{count}");
            assert!(below.is_sorted(), "{below:?} of {count}");
            assert!(
                below.iter().all(|below| (0.0..=count).contains(below)),
                "{below:?} of {count}"
            );
        }
        Value::Stale => {}
        Value::Delta(delta) => panic!("nothing here sends deltas: {delta}"),
    }
}

/// The series, those of native histograms left out.
fn numbers(batch: &Batch) -> Vec<(Labels, Vec<Point>)> {
    let plain = |point: &&Point| matches!(point.value, Value::Number(_) | Value::Stale);
    batch
        .series()
        .map(|series| {
            let points = series.points().iter().filter(plain).copied().collect();
            (series.to_labels(|_| true), points)
        })
        .filter(|(_, points): &(Labels, Vec<Point>)| !points.is_empty())
        .collect()
}

fn raw(value: Value) -> f64 {
    match value {
        Value::Number(number) => number,
        Value::Stale => f64::from_bits(STALE_BITS),
        Value::Delta(_) | Value::Histogram(_) => unreachable!("these are left out"),
    }
}

fn encode_v1(batch: &Batch) -> Vec<u8> {
    let series = numbers(batch).into_iter().map(|(labels, points)| wire::TimeSeries {
        labels: labels
            .pairs()
            .map(|(name, value)| wire::Label { name: name.into(), value: value.into() })
            .collect(),
        samples: points
            .iter()
            .map(|point| wire::Sample { value: raw(point.value), timestamp: point.at_ms })
            .collect(),
    });
    let mut message = Vec::new();
    for (one, (_, points)) in series.zip(numbers(batch)) {
        // The types of 1.0 have no start; what is decoded has one only if the wire had field 3.
        let starts = points.iter().any(|point| point.start_ms.is_some());
        let encoded = if starts { with_starts(one, &points) } else { one.encode_to_vec() };
        message.extend(nested(0x0a, &encoded));
    }
    message
}

/// The same series with samples that say when they began to count.
fn with_starts(series: wire::TimeSeries, points: &[Point]) -> Vec<u8> {
    let mut encoded = wire::TimeSeries { samples: Vec::new(), ..series }.encode_to_vec();
    let samples = wire::v2::TimeSeries { samples: samples_v2(points), ..Default::default() };
    encoded.extend(samples.encode_to_vec());
    encoded
}

fn samples_v2(points: &[Point]) -> Vec<wire::v2::Sample> {
    let start = |point: &Point| point.start_ms.map_or(0, i64::from);
    let sample = |point: &Point| wire::v2::Sample {
        value: raw(point.value),
        timestamp: point.at_ms,
        start_timestamp: start(point),
    };
    points.iter().map(sample).collect()
}

fn encode_v2(batch: &Batch) -> Vec<u8> {
    let mut symbols = vec![Vec::new()];
    let timeseries = numbers(batch)
        .iter()
        .map(|(labels, points)| {
            let texts = labels.pairs().flat_map(|(name, value)| [name, value]);
            let refer = |text: &str| {
                symbols.push(text.as_bytes().to_vec());
                symbols.len() as u32 - 1
            };
            let labels_refs = texts.map(refer).collect();
            wire::v2::TimeSeries { labels_refs, samples: samples_v2(points), ..Default::default() }
        })
        .collect();
    wire::v2::Request { symbols, timeseries }.encode_to_vec()
}

/// A batch as Prometheus text, every name in quotes.
fn write_text(batch: &Batch) -> String {
    let quoted = |text: &str| {
        let text = text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("\"{text}\"")
    };
    let mut text = String::new();
    for (labels, points) in numbers(batch) {
        let pairs = labels.pairs().map(|(name, value)| match name {
            "__name__" => quoted(value),
            name => format!("{}={}", quoted(name), quoted(value)),
        });
        let series = pairs.collect::<Vec<_>>().join(",");
        for Point { at_ms, value, .. } in points {
            text += &format!("{{{series}}} {} {at_ms}\n", raw(value));
        }
    }
    text
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    let pairs = pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Labels::from_pairs(pairs).unwrap()
}
