//! Sound inputs, and the words they are made of.

use plimsoll_ingest::STALE_BITS;
use plimsoll_ingest::remote_write::wire::{self, BucketSpan, Histogram, v2};
use plimsoll_trials::bodies::nested;
use prost::Message as _;

/// Keys, lengths and numbers of protobuf.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\x0a\x00",
    b"\x12\x0c\x09\x00\x00\x00\x00\x00\x00\xf0\x3f\x10\xe8\x07",
    b"\x1a\x00",
    b"\x22\x00",
    b"\x2a\x00",
    b"\x0a\x04\x01\x02\x03\x04",
    b"\x30\xf4\x03",
    b"\x00\x00\x00\x00\x00\x00\xf8\x7f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"__name__",
    b"\xc3\x28",
];

/// Tokens of the text formats.
pub(crate) const TOKENS: &[&[u8]] = &[
    b"{",
    b"}",
    b"=\"",
    b"\",",
    b"\\n",
    b"\\",
    b"\n",
    b"\r\n",
    b" # {trace_id=\"a\"} 1 2\n",
    b"# TYPE a counter\n",
    b"# UNIT a_seconds seconds\n",
    b"# HELP ",
    b"# EOF\n",
    b"_total",
    b"_created",
    b"__name__",
    b"NaN",
    b"+Inf",
    b"1e999",
    b" 1700000000000",
    b"\"a.b\"",
    b"exported_",
    b"job=\"x\"",
    b"\xff",
    "é".as_bytes(),
];

/// Messages of remote write 1.0.
pub(crate) fn v1() -> Vec<Vec<u8>> {
    let label =
        |(name, value): (&str, &str)| wire::Label { name: name.into(), value: value.into() };
    let series = |code: &str, samples: &[(f64, i64)]| wire::TimeSeries {
        labels: [("__name__", "http_requests_total"), ("code", code), ("job", "shop")]
            .map(label)
            .to_vec(),
        samples: samples
            .iter()
            .map(|&(value, timestamp)| wire::Sample { value, timestamp })
            .collect(),
    };
    let request = |timeseries| wire::WriteRequest { timeseries }.encode_to_vec();
    let stale = f64::from_bits(STALE_BITS);
    let mut histogram = series("200", &[]).encode_to_vec();
    for one in histograms() {
        histogram.push(0x22);
        histogram.extend(one.encode_length_delimited_to_vec());
    }
    vec![
        request(vec![series("200", &[(1.0, 1_000), (2.0, 2_000)]), series("500", &[(3.0, 1)])]),
        request(vec![series("200", &[(stale, 1_000), (f64::NAN, 2_000)])]),
        nested(0x0a, &histogram),
        Vec::new(),
    ]
}

/// Messages of remote write 2.0.
pub(crate) fn v2() -> Vec<Vec<u8>> {
    let symbols: Vec<_> = ["", "__name__", "http_requests_total", "code", "200", "500", "trace_id"]
        .map(Vec::from)
        .to_vec();
    let sample = |value, timestamp| v2::Sample { value, timestamp, start_timestamp: timestamp / 2 };
    let counter = |code| v2::TimeSeries {
        labels_refs: vec![1, 2, 3, code],
        samples: vec![sample(1.0, 1_000), sample(2.0, 2_000)],
        exemplars: vec![v2::Exemplar { labels_refs: vec![6, 4], value: 1.0, timestamp: 900 }],
        metadata: Some(v2::Metadata { r#type: 1, help_ref: 0, unit_ref: 0 }),
        ..v2::TimeSeries::default()
    };
    let histogram = v2::TimeSeries {
        labels_refs: vec![1, 2],
        histograms: histograms(),
        created_timestamp: 500,
        ..v2::TimeSeries::default()
    };
    let request = |timeseries| v2::Request { symbols: symbols.clone(), timeseries }.encode_to_vec();
    vec![request(vec![counter(4), counter(5)]), request(vec![histogram]), request(Vec::new())]
}

fn histograms() -> Vec<Histogram> {
    let span = |offset, length| BucketSpan { offset, length };
    vec![
        Histogram {
            count_int: Some(9),
            zero_threshold: 0.001,
            zero_count_int: Some(1),
            negative_spans: vec![span(0, 1)],
            negative_deltas: vec![2],
            positive_spans: vec![span(-2, 2), span(1, 1)],
            positive_deltas: vec![1, 1, 0],
            timestamp: 1_000,
            start_timestamp: 500,
            ..Histogram::default()
        },
        Histogram {
            count_float: Some(2.5),
            schema: -53,
            positive_spans: vec![span(0, 3)],
            positive_counts: vec![1.0, 0.5, 1.0],
            custom_values: vec![0.1, 1.0],
            timestamp: 2_000,
            ..Histogram::default()
        },
    ]
}

/// Texts of both formats.
pub(crate) fn texts() -> Vec<Vec<u8>> {
    let prometheus = "# HELP http_requests_total Requests.\n\
        # TYPE http_requests_total counter\n\
        http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n\
        odd{path=\"C:\\\\DIR\\n\\\"é\\\"\",job=\"x\",exported_job=\"y\"} 1.458e9\n\
        {\"a.b\",\"c.d\"=\"e\"} +Inf\nplain 12.47\n";
    let open_metrics = "# TYPE foo counter\n# UNIT foo seconds\n\
        # TYPE foo_seconds counter\n# HELP foo_seconds Some \\n text\n\
        foo_seconds_total{a=\"1\"} 17.0 1520879607.789 # {trace_id=\"a\"} 0.67 1520879607.1\n\
        foo_seconds_created{a=\"1\"} 1520430000.123\n\
        # TYPE \"a.b\" histogram\n{\"a.b_bucket\",le=\"+Inf\"} 3\n{\"a.b_created\"} 0.5\n\
        # EOF\n";
    let whole = open_metrics.replace("# UNIT foo seconds\n", "");
    [prometheus, open_metrics, &whole, "", "# EOF\n"].map(|text| text.as_bytes().to_vec()).to_vec()
}
