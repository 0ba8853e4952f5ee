//! Remote write 2.0 over HTTP: the rules of the receiver tests of prometheus/compliance that hold
//! for one answer at a time.

use plimsoll_ingest::STALE_BITS;
use plimsoll_ingest::remote_write::wire::{self, BucketSpan, Histogram, v2};
use plimsoll_server::world::Clock as _;
use plimsoll_trials::bodies::{packed, snappy};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, answer, slo, start};
use crate::it::sender::{INTERVAL, V1, V2, post};

/// A request in the making.
#[derive(Default)]
struct Draft(v2::Request);

impl Draft {
    fn symbol(&mut self, text: &str) -> u32 {
        let symbols = &mut self.0.symbols;
        if symbols.is_empty() {
            symbols.push(Vec::new());
        }
        let known = symbols.iter().position(|symbol| symbol == text.as_bytes());
        known.unwrap_or_else(|| {
            symbols.push(text.into());
            symbols.len() - 1
        }) as u32
    }

    fn refs(&mut self, labels: &[(&str, &str)]) -> Vec<u32> {
        labels.iter().flat_map(|(name, value)| [self.symbol(name), self.symbol(value)]).collect()
    }

    fn series(mut self, labels: &[(&str, &str)], series: v2::TimeSeries) -> Self {
        let labels_refs = self.refs(labels);
        self.0.timeseries.push(v2::TimeSeries { labels_refs, ..series });
        self
    }

    fn sample(self, labels: &[(&str, &str)], value: f64) -> Self {
        self.series(labels, v2::TimeSeries { samples: vec![sample(value)], ..Default::default() })
    }

    fn histogram(self, labels: &[(&str, &str)], histogram: Histogram) -> Self {
        let timestamp = start().as_millisecond();
        let histograms = vec![Histogram { timestamp, ..histogram }];
        self.series(labels, v2::TimeSeries { histograms, ..Default::default() })
    }

    /// An exemplar of the last series.
    fn exemplar(mut self, labels: &[(&str, &str)]) -> Self {
        let labels_refs = self.refs(labels);
        let timestamp = start().as_millisecond();
        let exemplar = v2::Exemplar { labels_refs, value: f64::NAN, timestamp };
        self.0.timeseries.last_mut().unwrap().exemplars.push(exemplar);
        self
    }

    /// Metadata of the last series.
    fn metadata(mut self, r#type: i32, help: &str, unit: &str) -> Self {
        let metadata =
            v2::Metadata { r#type, help_ref: self.symbol(help), unit_ref: self.symbol(unit) };
        self.0.timeseries.last_mut().unwrap().metadata = Some(metadata);
        self
    }

    fn to(&self, server: &TestServer) -> RequestBuilder {
        post(server, V2, packed(&self.0)).header("x-prometheus-remote-write-version", "2.0.0")
    }
}

fn sample(value: f64) -> v2::Sample {
    let timestamp = start().as_millisecond();
    v2::Sample { value, timestamp, start_timestamp: timestamp - 3_600_000 }
}

fn up() -> Draft {
    Draft::default().sample(&[("__name__", "up")], 1.0)
}

/// Histograms of the compliance tests: 23 observations, 3, 1; or 30 in custom buckets.
fn histogram(positive: bool, negative: bool, zero: bool) -> Histogram {
    let span = |offset, length| BucketSpan { offset, length };
    let count = u64::from(positive) * 23 + u64::from(negative) * 3 + u64::from(zero);
    let mut histogram = Histogram { count_int: Some(count), sum: 1.0, ..Histogram::default() };
    if positive {
        histogram.positive_spans = vec![span(0, 3), span(2, 2)];
        histogram.positive_deltas = vec![1, 2, 1, 3, 1];
    }
    if negative {
        histogram.negative_spans = vec![span(0, 2)];
        histogram.negative_deltas = vec![1, 1];
    }
    histogram.zero_count_int = zero.then_some(1);
    histogram
}

fn custom() -> Histogram {
    Histogram {
        count_int: Some(30),
        sum: 1.0,
        schema: -53,
        positive_spans: vec![BucketSpan { offset: 0, length: 6 }],
        positive_deltas: vec![2, 1, 2, 3, -1, -2],
        custom_values: vec![0.1, 0.5, 1.0, 2.5, 5.0, 10.0],
        ..Histogram::default()
    }
}

/// What an answer says was written: samples, histograms, exemplars.
fn written(response: &Response) -> Option<[u64; 3]> {
    let count = |what: &str| {
        let value = response.headers().get(format!("x-prometheus-remote-write-{what}-written"))?;
        value.to_str().unwrap().parse().ok()
    };
    Some([count("samples")?, count("histograms")?, count("exemplars")?])
}

/// Sends drafts; each answer must have this status and say this was written.
async fn check(cases: Vec<(&str, Draft, u16, [u64; 3])>) {
    let server = TestServer::start().await;
    for (name, draft, status, expected) in cases {
        let response = draft.to(&server).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{name}");
        assert_eq!(written(&response), Some(expected), "{name}");
        let body = response.bytes().await.unwrap();
        assert_eq!(body.is_empty(), status == 204, "{name}: {body:?}");
    }
}

#[tokio::test]
async fn samples_of_any_value_and_name_are_written() {
    let mut cases = Vec::new();
    for value in [1.0, f64::from_bits(STALE_BITS), f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let one = |labels: &[(&str, &str)]| Draft::default().sample(labels, value);
        let nameless = [("job", "testjob"), ("instance", "localhost:9090")];
        let named = [("instance", "localhost:9090"), ("job", "test\njob\n"), ("__name__", "up")];
        let some = |labels: &[(&str, &str)]| {
            let draft = (0..3).fold(Draft::default(), |draft, _| draft.sample(&named, value));
            draft.sample(labels, value)
        };
        cases.extend([
            ("a metric", one(&[("__name__", "up")]), 204, [1, 0, 0]),
            ("labels, unsorted", one(&named), 204, [1, 0, 0]),
            ("dots", one(&[("__name__", "cpu.usage"), ("job.name", "x")]), 204, [1, 0, 0]),
            ("spaces", one(&[("__name__", "cpu usage"), ("job name", "x")]), 204, [1, 0, 0]),
            ("four", some(&named), 204, [4, 0, 0]),
            ("no name", one(&nameless), 400, [0, 0, 0]),
            ("an empty name", one(&[("__name__", "")]), 400, [0, 0, 0]),
            ("no labels", one(&[]), 400, [0, 0, 0]),
            ("one of four without name", some(&nameless), 400, [3, 0, 0]),
        ]);
    }
    check(cases).await;
}

#[tokio::test]
async fn native_histograms_of_all_shapes_are_written() {
    let labels = [("__name__", "test_histogram"), ("job", "test")];
    let one = |histogram| Draft::default().histogram(&labels, histogram);
    let bad_count = Histogram { count_int: Some(99), ..histogram(true, false, false) };
    check(vec![
        ("basic", one(histogram(true, true, true)), 204, [0, 1, 0]),
        ("custom buckets", one(custom()), 204, [0, 1, 0]),
        ("positive", one(histogram(true, false, true)), 204, [0, 1, 0]),
        ("negative", one(histogram(false, true, false)), 204, [0, 1, 0]),
        ("the zero bucket", one(histogram(false, false, true)), 204, [0, 1, 0]),
        ("empty", one(histogram(false, false, false)), 204, [0, 1, 0]),
        ("a gauge", one(Histogram { reset_hint: 3, ..custom() }), 204, [0, 1, 0]),
        ("two", one(custom()).histogram(&labels, custom()), 204, [0, 2, 0]),
        ("a bad count", one(bad_count.clone()), 400, [0, 0, 0]),
        ("a bad one of two", one(custom()).histogram(&labels, bad_count), 400, [0, 1, 0]),
    ])
    .await;
}

#[tokio::test]
async fn exemplars_are_counted_and_metadata_is_no_matter() {
    let trace = [("trace_id", "unicode_trace_测试")];
    let orphan = || Draft::default().series(&[("__name__", "orphan")], v2::TimeSeries::default());
    let nameless = || Draft::default().sample(&[("job", "test")], 1.0);
    let mut cases = vec![
        ("an exemplar", up().exemplar(&trace), 204, [1, 0, 1]),
        ("one without labels", up().exemplar(&[]), 204, [1, 0, 1]),
        ("three", up().exemplar(&trace).exemplar(&trace).exemplar(&trace), 204, [1, 0, 3]),
        (
            "of a histogram",
            Draft::default().histogram(&[("__name__", "h")], custom()).exemplar(&trace),
            204,
            [0, 1, 1],
        ),
        ("without data", orphan().exemplar(&trace), 204, [0, 0, 1]),
        ("without a name", nameless().exemplar(&trace), 400, [0, 0, 0]),
        ("metadata without data", orphan().metadata(1, "Orphaned.", "count"), 204, [0, 0, 0]),
        ("metadata without a name", nameless().metadata(1, "Help.", ""), 400, [0, 0, 0]),
    ];
    for r#type in 0..=7 {
        let draft = up().metadata(r#type, "newlines\nand \"quotes\"", "bytes/sec");
        cases.push(("metadata", draft, 204, [1, 0, 0]));
    }
    let many = (0..50).fold(Draft::default(), |draft, number| {
        let name = format!("counter_metric_{number}");
        draft.sample(&[("__name__", &name)], 1.0).metadata(1, "A.", "").exemplar(&trace)
    });
    cases.push(("fifty", many, 204, [50, 0, 50]));
    check(cases).await;
}

#[tokio::test]
async fn what_is_written_counts_what_nobody_declared_and_what_comes_too_late() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let labels = [("__name__", "http_requests_total"), ("job", "checkout"), ("code", "200")];
    let draft = up().sample(&labels, 5.0);
    for _ in 0..2 {
        let response = draft.to(&server).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(written(&response), Some([2, 0, 0]));
    }
    let counted = server.get("/api/v1/telemetry").await;
    let fates = ["accepted", "undeclared", "duplicate_or_late"].map(|fate| counted[fate].clone());
    assert_eq!(fates, [json!(1), json!(2), json!(1)]);
}

#[tokio::test]
async fn a_partial_write_says_what_was_left_out_and_why() {
    let server = TestServer::start().await;
    let twice = [("__name__", "x"), ("a", "1"), ("a", "2")];
    let draft = Draft::default().sample(&twice, 1.0).sample(&[("__name__", "up")], 1.0);
    let (status, problem) = answer(draft.to(&server)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("malformed_series")));
    assert_eq!(problem["title"], "1 malformed series or samples were left out");
    assert_eq!(problem["detail"], "series 1: a label name occurs twice");
}

#[tokio::test]
async fn an_undecodable_request_wrote_nothing() {
    let server = TestServer::start().await;
    let v1 = wire::WriteRequest { timeseries: vec![wire::TimeSeries::default()] };
    let mut corrupt = packed(&up().0);
    corrupt[0] = b'0';
    for body in [corrupt, snappy(b"not protobuf"), packed(&v1), Vec::new()] {
        let response = post(&server, V2, body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(written(&response), Some([0, 0, 0]));
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], "undecodable");
    }
}

#[tokio::test]
async fn the_content_type_and_encoding_are_negotiated() {
    let server = TestServer::start().await;
    let v2 = packed(&up().0);
    let v1 = packed(&wire::WriteRequest { timeseries: Vec::new() });
    let cases = [
        (V2, "snappy", &v2, 204),
        ("application/x-protobuf; proto=\"io.prometheus.write.v2.Request\"", "Snappy", &v2, 204),
        ("application/x-protobuf;proto=prometheus.WriteRequest", "snappy", &v1, 204),
        (V1, "snappy", &v1, 204),
        (V1, "snappy", &v2, 400),
        ("application/x-protobuf;proto=io.prometheus.write.v3.Request", "snappy", &v2, 415),
        ("application/json", "snappy", &v2, 415),
        ("image/png", "snappy", &v2, 415),
        (V2, "gzip", &v2, 415),
        (V2, "deflate", &v2, 415),
        (V2, "", &v2, 415),
    ];
    for (content_type, encoding, body, status) in cases {
        let request = server
            .request("POST", "/api/v1/write")
            .header("content-type", content_type)
            .header("content-encoding", encoding)
            .body(body.clone());
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{content_type} {encoding}");
        // Senders of 1.0 are told nothing they do not know.
        let told = written(&response).is_some();
        assert_eq!(told, status == 204 && content_type.contains("v2"), "{content_type}");
    }
}

const NATIVE: &str = r#"{ratioMetric: {rawType: success, raw: {metricSource: {spec: {query:
    'histogram_fraction(0, 0.5, sum(rate(http_duration_seconds{job="checkout"}[5m])))'}}}}}"#;

#[tokio::test]
async fn a_native_histogram_makes_a_latency_exact_on_a_bound_from_its_start_on() {
    let server = TestServer::start().await;
    server.apply(&slo("checkout-latency", NATIVE, "{target: 0.9}")).await;
    let labels = [("__name__", "http_duration_seconds"), ("job", "checkout")];
    for round in 1..=3_u8 {
        server.advance(INTERVAL).await;
        let timestamp = server.site.clock.now().as_millisecond();
        let mut grown = custom();
        grown.count_int = grown.count_int.map(|count| count * u64::from(round));
        grown.positive_deltas.iter_mut().for_each(|delta| *delta *= i64::from(round));
        let start_timestamp = start().as_millisecond() + 1_000;
        let histograms = vec![Histogram { timestamp, start_timestamp, ..grown }];
        let series = v2::TimeSeries { histograms, ..Default::default() };
        let answer = Draft::default().series(&labels, series).to(&server).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(written(&answer), Some([0, 1, 0]));
    }
    let slo = server.get("/api/v1/slos/checkout-latency").await;
    // Of the 30 of each round 2 took up to 0.1 s, and 3 more up to 0.5 s.
    assert_eq!((&slo["good"], &slo["total"]), (&json!(15.0), &json!(90.0)));
    assert_eq!(slo["indicator"], json!({"kind": "latency", "op": "lte", "bound": 0.5}));
}

#[tokio::test]
async fn what_nobody_elected_and_what_does_not_fit_was_dropped_and_is_counted() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let series = |code, replica| {
        let name = ("__name__", "http_requests_total");
        [name, ("__replica__", replica), ("cluster", "eu"), ("code", code), ("job", "checkout")]
    };
    let elected =
        Draft::default().sample(&series("200", "a"), 5.0).sample(&series("500", "a"), -1.0);
    let other = Draft::default().sample(&series("200", "b"), 6.0);
    for draft in [elected, other] {
        let response = draft.to(&server).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }
    let counted = server.get("/api/v1/telemetry").await;
    let fates = ["accepted", "not_elected", "unfit"].map(|fate| counted[fate].clone());
    assert_eq!(fates, [json!(1), json!(1), json!(1)]);
}
