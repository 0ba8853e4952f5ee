//! The kinds of SLIs, from telemetry to the number.

use jiff::{SignedDuration, Timestamp};
use plimsoll_ingest::remote_write::wire;
use plimsoll_server::world::Clock as _;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, slo, submission};
use crate::it::sender::{self, INTERVAL};

const LATENCY: &str = r#"{ratioMetric: {counter: true,
    good: {metricSource: {spec: {query: 'sum(rate(http_duration_seconds_bucket{le="1"}[5m]))'}}},
    total: {metricSource: {spec: {query: 'sum(rate(http_duration_seconds_count[5m]))'}}}}}"#;

const QUEUE: &str = "{thresholdMetric: {metricSource: {spec: {query: queue_length}}}}";

/// A metric with a few labels, and its value.
type Sent<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

/// Remote-writes some series as of now, acknowledged, and lets an interval pass.
async fn send(server: &TestServer, series: &[Sent<'_>]) {
    write(server, server.site.clock.now(), series).await;
    server.advance(INTERVAL).await;
}

/// Remote-writes some series as of an instant, acknowledged.
async fn write(server: &TestServer, at: Timestamp, series: &[Sent<'_>]) {
    let timestamp = at.as_millisecond();
    let timeseries = series.iter().map(|&(metric, labels, value)| {
        let name = [("__name__", metric), ("job", "checkout")];
        let labels = name.into_iter().chain(labels.iter().copied());
        wire::TimeSeries::new(labels, vec![wire::Sample { value, timestamp }])
    });
    let request = sender::write(server, timeseries.collect());
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
}

fn counted(slo: &Value) -> (f64, f64) {
    (slo["good"].as_f64().unwrap(), slo["total"].as_f64().unwrap())
}

#[tokio::test]
async fn a_latency_counts_a_bucket_however_its_bound_is_written() {
    let server = TestServer::start().await;
    server.apply(&slo("checkout-latency", LATENCY, "{target: 0.9}")).await;
    // One instance writes its bounds as clients did before Prometheus 3, the other as since.
    let old = |le| [("instance", "a:1"), ("le", le)];
    let new = |le| [("instance", "b:1"), ("le", le)];
    for round in 0..=20 {
        let happened = f64::from(round);
        let (bucket, count) = ("http_duration_seconds_bucket", "http_duration_seconds_count");
        send(
            &server,
            &[
                (bucket, &old("0.5"), 70.0 * happened),
                (bucket, &old("1"), 90.0 * happened),
                (bucket, &old("+Inf"), 100.0 * happened),
                (count, &[("instance", "a:1")], 100.0 * happened),
                (bucket, &new("0.5"), 10.0 * happened),
                (bucket, &new("1.0"), 45.0 * happened),
                (bucket, &new("+Inf"), 50.0 * happened),
                (count, &[("instance", "b:1")], 50.0 * happened),
            ],
        )
        .await;
    }
    let slo = server.get("/api/v1/slos/checkout-latency").await;
    assert_eq!(counted(&slo), (20.0 * 135.0, 20.0 * 150.0));
    assert_eq!(slo["indicator"], json!({"kind": "latency", "op": "lte", "bound": 1.0}));
    assert_eq!((&slo["corrected"], &slo["aligned_to_hours"]), (&json!(0.0), &json!(false)));
}

#[tokio::test]
async fn a_gauge_counts_its_samples_and_a_new_bound_begins_anew() {
    let server = TestServer::start().await;
    let objective = "{target: 0.9, op: lte, value: 80}";
    server.apply(&slo("checkout-queue", QUEUE, objective)).await;
    for length in [10.0, 79.5, 80.0, 80.5, 3.0, 0.0, 300.0, 12.0] {
        send(&server, &[("queue_length", &[("instance", "a:1")], length)]).await;
    }
    let path = "/api/v1/slos/checkout-queue";
    let queue = server.get(path).await;
    assert_eq!(counted(&queue), (6.0, 8.0));
    assert_eq!(queue["indicator"], json!({"kind": "gauge", "op": "lte", "bound": 80.0}));
    assert_eq!(queue["status"], "exhausted", "a quarter is bad, and a tenth may be");
    let why = server.get(&format!("{path}/explain")).await;
    assert_eq!(why["part_selector"], "queue_length{}: samples <= 80");

    server.apply(&slo("checkout-queue", QUEUE, "{target: 0.9, op: gt, value: 80}")).await;
    let changed = server.get(path).await;
    assert_eq!(changed["indicator"], json!({"kind": "gauge", "op": "gt", "bound": 80.0}));
}

#[tokio::test]
async fn a_ratio_has_no_bound_and_a_condition_without_a_gauge_is_refused() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo["indicator"], json!({"kind": "ratio", "op": null, "bound": null}));
    let wrong = CHECKOUT_SLO.replace("target: 0.999", "target: 0.999, op: lte, value: 1");
    let (_, report) = server.post("/api/v1/definitions/apply", submission(&wrong)).await;
    assert!(report.to_string().contains("slo.condition"), "{report}");
}

#[tokio::test]
async fn what_comes_after_its_minute_was_sealed_is_counted_and_told() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let begun = server.site.clock.now();
    let at = |minute: i32| begun + SignedDuration::from_mins(minute.into());
    let requests = |minute: i32| 10.0 * f64::from(minute);
    let a = [("instance", "a:1"), ("code", "200")];
    let b = [("instance", "b:1"), ("code", "200")];
    for minute in 0..=150 {
        server.site.clock.set(at(minute));
        write(&server, at(minute), &[("http_requests_total", &a, requests(minute))]).await;
        if minute <= 5 {
            write(&server, at(minute), &[("http_requests_total", &b, requests(minute))]).await;
        }
    }
    let path = "/api/v1/slos/checkout-availability";
    let before = server.get(path).await;
    assert_eq!((counted(&before).1, &before["corrected"]), (1_550.0, &json!(0.0)));
    for minute in 6..=20 {
        write(&server, at(minute), &[("http_requests_total", &b, requests(minute))]).await;
    }
    let after = server.get(path).await;
    assert_eq!((counted(&after).1, &after["corrected"]), (1_700.0, &json!(150.0)));
}
