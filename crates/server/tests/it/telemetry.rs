//! Telemetry in: remote write, and targets that are scraped.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode as Status;
use axum::routing::get;
use jiff::SignedDuration;
use plimsoll_ingest::remote_write::wire;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, answer, serve, start};
use crate::it::sender::write;

fn series(labels: &[(&str, &str)]) -> wire::TimeSeries {
    let sample = wire::Sample { value: 1.0, timestamp: start().as_millisecond() };
    wire::TimeSeries::new(labels.iter().copied(), vec![sample])
}

fn declared() -> wire::TimeSeries {
    series(&[("__name__", "http_requests_total"), ("job", "checkout"), ("code", "200")])
}

#[tokio::test]
async fn declared_series_are_taken_and_others_dropped_and_counted() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let other = series(&[("__name__", "go_goroutines"), ("job", "checkout")]);
    let (status, _) = answer(write(&server, vec![declared(), other])).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let counted = server.get("/api/v1/telemetry").await;
    assert_eq!((&counted["accepted"], &counted["undeclared"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn the_good_series_of_a_malformed_batch_are_kept() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let twice = series(&[("__name__", "x"), ("a", "1"), ("a", "2")]);
    let (status, problem) = answer(write(&server, vec![twice, declared()])).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("malformed_series")));
    assert!(problem["detail"].as_str().unwrap().contains("series 1"), "{problem}");
    assert_eq!(server.get("/api/v1/telemetry").await["accepted"], 1);
}

#[tokio::test]
async fn what_is_no_remote_write_is_refused_with_a_reason() {
    let server = TestServer::start().await;
    let (status, problem) = answer(write(&server, Vec::new()).body("noise")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("undecodable")));

    let (status, problem) = answer(write(&server, Vec::new()).body(vec![0; 17 << 20])).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::PAYLOAD_TOO_LARGE, &json!("body_too_large"))
    );
}

/// A target whose answer a test changes.
#[derive(Clone)]
struct Target(Arc<Mutex<(Status, &'static str, u32)>>);

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

impl Target {
    fn new(text: &'static str) -> Self {
        Self(Arc::new(Mutex::new((Status::OK, text, 0))))
    }

    fn answers(&self, status: Status, text: &'static str) {
        let mut state = self.0.lock().unwrap();
        (state.0, state.1) = (status, text);
    }

    fn scraped(&self) -> u32 {
        self.0.lock().unwrap().2
    }

    /// Serves it, and defines it to be scraped every 15 seconds.
    async fn defined_on(&self, server: &TestServer) {
        let target = self.clone();
        let router = axum::Router::new().route(
            "/metrics",
            get(async move || {
                let mut state = target.0.lock().unwrap();
                state.2 += 1;
                (state.0, state.1)
            }),
        );
        define(server, router).await;
    }
}

/// Serves a target, and defines it to be scraped every 15 seconds.
async fn define(server: &TestServer, router: axum::Router) {
    let (url, _) = serve(router).await;
    server
        .apply(&format!(
            "{CHECKOUT_SLO}\n---\napiVersion: plimsoll/v1\nkind: ScrapeTarget\n\
             metadata: {{name: checkout}}\nspec: {{url: \"{url}/metrics\", interval: 15s}}\n"
        ))
        .await;
}

const TWO_SERIES: &str =
    "http_requests_total{code=\"200\"} 5\nhttp_requests_total{code=\"500\"} 1\n";

async fn accepted(server: &TestServer) -> Value {
    server.get("/api/v1/telemetry").await["accepted"].clone()
}

#[tokio::test]
async fn a_target_is_scraped_at_its_interval() {
    let server = TestServer::start().await;
    let target = Target::new(TWO_SERIES);
    target.defined_on(&server).await;
    server.advance(SignedDuration::from_mins(1)).await;
    assert_eq!(target.scraped(), 4);
    let counted = server.get("/api/v1/telemetry").await;
    assert_eq!(counted["accepted"], 8);
    assert_eq!(counted["scrapes"][0]["target"], "checkout");
    assert_eq!(counted["scrapes"][0]["error"], Value::Null);
    assert!(counted["scrapes"][0]["last_at"].is_string());
}

#[tokio::test]
async fn a_target_may_answer_gzip() {
    let server = TestServer::start().await;
    let gzip_only = async |headers: axum::http::HeaderMap| {
        let accepted = headers["accept-encoding"].to_str().unwrap();
        if accepted.contains("gzip") { Ok(TWO_SERIES) } else { Err(Status::NOT_ACCEPTABLE) }
    };
    let packed = tower_http::compression::CompressionLayer::new();
    define(&server, axum::Router::new().route("/metrics", get(gzip_only)).layer(packed)).await;
    server.advance(SignedDuration::from_secs(15)).await;
    let counted = server.get("/api/v1/telemetry").await;
    assert_eq!((&counted["accepted"], &counted["scrapes"][0]["error"]), (&json!(2), &Value::Null));
}

#[tokio::test]
async fn a_failed_scrape_marks_the_series_stale_once() {
    let server = TestServer::start().await;
    let target = Target::new(TWO_SERIES);
    target.defined_on(&server).await;
    server.advance(SignedDuration::from_secs(15)).await;
    assert_eq!(accepted(&server).await, 2);
    target.answers(Status::SERVICE_UNAVAILABLE, "");
    server.advance(SignedDuration::from_secs(15)).await;
    assert_eq!(accepted(&server).await, 4);
    let counted = server.get("/api/v1/telemetry").await;
    assert_eq!(counted["scrapes"][0]["error"], "the target answered HTTP 503");
    server.advance(SignedDuration::from_secs(15)).await;
    assert_eq!(accepted(&server).await, 4);
    target.answers(Status::OK, "http_requests_total{code=\"200\"} 9\n");
    server.advance(SignedDuration::from_secs(15)).await;
    assert_eq!(accepted(&server).await, 5);
}

#[tokio::test]
async fn a_series_that_a_scrape_no_longer_brings_is_marked_stale() {
    let server = TestServer::start().await;
    let target = Target::new(TWO_SERIES);
    target.defined_on(&server).await;
    server.advance(SignedDuration::from_secs(15)).await;
    target.answers(Status::OK, "http_requests_total{code=\"200\"} 9\n");
    server.advance(SignedDuration::from_secs(15)).await;
    assert_eq!(accepted(&server).await, 4);
}

#[tokio::test]
async fn a_malformed_line_costs_itself_and_is_named() {
    let server = TestServer::start().await;
    let target = Target::new("http_requests_total{code=\"200\"} 5\n!!\n");
    target.defined_on(&server).await;
    server.advance(SignedDuration::from_secs(15)).await;
    let counted = server.get("/api/v1/telemetry").await;
    assert_eq!(counted["accepted"], 1);
    assert!(counted["scrapes"][0]["error"].as_str().unwrap().starts_with("line 2"), "{counted}");
}

/// Two scrapes of a target that speaks OpenMetrics to those who prefer it.
async fn scraped_open_metrics(text: &'static str) -> (TestServer, Value) {
    let server = TestServer::start().await;
    let answer = async move |headers: axum::http::HeaderMap| {
        let first = headers["accept"].to_str().unwrap().split(',').next().unwrap().to_owned();
        assert!(first.starts_with("application/openmetrics-text;version=1.0.0"), "{first}");
        ([("content-type", OPEN_METRICS)], text)
    };
    define(&server, axum::Router::new().route("/metrics", get(answer))).await;
    server.advance(SignedDuration::from_secs(30)).await;
    let counted = server.get("/api/v1/telemetry").await;
    (server, counted)
}

#[tokio::test]
async fn a_target_may_answer_open_metrics() {
    let text = "# TYPE http_requests counter\n\
        http_requests_total{code=\"200\"} 5 # {trace_id=\"a\"} 1\n\
        http_requests_created{code=\"200\"} 1000.5\n# EOF\n";
    let (_server, counted) = scraped_open_metrics(text).await;
    let scrape = &counted["scrapes"][0];
    assert_eq!((&counted["accepted"], &scrape["error"]), (&json!(2), &Value::Null));
    assert_eq!(counted["undeclared"], 0, "a created time is no series");
}

#[tokio::test]
async fn open_metrics_that_was_cut_off_gives_nothing() {
    let text = "# TYPE http_requests counter\nhttp_requests_total{code=\"200\"} 5\n";
    let (_server, counted) = scraped_open_metrics(text).await;
    assert_eq!(counted["accepted"], 0);
    let error = counted["scrapes"][0]["error"].as_str().unwrap();
    assert_eq!(error, "line 3: the text ends without `# EOF`: it was cut off");
}
