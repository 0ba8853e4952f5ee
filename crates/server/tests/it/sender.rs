//! A Prometheus that remote-writes one service's counters, as fast as simulated time allows.

use jiff::SignedDuration;
use plimsoll_ingest::remote_write::wire;
use plimsoll_server::world::Clock as _;
use plimsoll_trials::bodies::packed;
use reqwest::{RequestBuilder, StatusCode};

use crate::it::harness::TestServer;

/// The content type of remote write 1.0.
pub(crate) const V1: &str = "application/x-protobuf";
/// That of 2.0.
pub(crate) const V2: &str = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

/// Spacing of the samples.
pub(crate) const INTERVAL: SignedDuration = SignedDuration::from_secs(15);

/// Counters of requests by code, sent every fifteen seconds.
#[derive(Default)]
pub(crate) struct Sender {
    ok: u64,
    failed: u64,
}

impl Sender {
    /// One interval: so many requests happen, the counters are sent, time passes.
    pub(crate) async fn round(&mut self, server: &TestServer, ok: u64, failed: u64) {
        self.happen(ok, failed);
        self.send(server).await;
        server.advance(INTERVAL).await;
    }

    /// So many requests happen.
    pub(crate) fn happen(&mut self, ok: u64, failed: u64) {
        self.ok += ok;
        self.failed += failed;
    }

    /// So many minutes of that many requests an interval.
    pub(crate) async fn minutes(
        &mut self,
        server: &TestServer,
        minutes: u32,
        ok: u64,
        failed: u64,
    ) {
        for _ in 0..4 * minutes {
            self.round(server, ok, failed).await;
        }
    }

    /// Sends the counters as they stand, acknowledged.
    pub(crate) async fn send(&self, server: &TestServer) {
        let at_ms = server.site.clock.now().as_millisecond();
        let timeseries = vec![counter("200", self.ok, at_ms), counter("500", self.failed, at_ms)];
        let request = write(server, timeseries);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    }
}

/// A request of remote write 1.0.
pub(crate) fn write(server: &TestServer, timeseries: Vec<wire::TimeSeries>) -> RequestBuilder {
    let body = packed(&wire::WriteRequest { timeseries });
    post(server, V1, body).header("x-prometheus-remote-write-version", "0.1.0")
}

/// A packed body of some content type.
pub(crate) fn post(server: &TestServer, content_type: &str, body: Vec<u8>) -> RequestBuilder {
    server
        .request("POST", "/api/v1/write")
        .header("content-type", content_type)
        .header("content-encoding", "snappy")
        .body(body)
}

fn counter(code: &str, value: u64, timestamp: i64) -> wire::TimeSeries {
    let labels = [
        ("__name__", "http_requests_total"),
        ("job", "checkout"),
        ("instance", "a:1"),
        ("code", code),
    ];
    wire::TimeSeries::new(labels, vec![wire::Sample { value: value as f64, timestamp }])
}
