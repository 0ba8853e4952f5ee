//! A Prometheus that remote-writes one service's counters, as fast as simulated time allows.

use jiff::SignedDuration;
use plimsoll_ingest::remote_write::wire;
use plimsoll_server::world::Clock as _;
use prost::Message as _;
use reqwest::StatusCode;

use crate::it::harness::TestServer;

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
        self.ok += ok;
        self.failed += failed;
        self.send(server).await;
        server.advance(INTERVAL).await;
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
        let message = wire::WriteRequest { timeseries }.encode_to_vec();
        let body = snap::raw::Encoder::new().compress_vec(&message).unwrap();
        let request = server
            .request("POST", "/api/v1/write")
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .body(body);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    }
}

fn counter(code: &str, value: u64, timestamp: i64) -> wire::TimeSeries {
    let labels = [
        ("__name__", "http_requests_total"),
        ("job", "checkout"),
        ("instance", "a:1"),
        ("code", code),
    ];
    let label =
        |(name, value): (&str, &str)| wire::Label { name: name.into(), value: value.into() };
    wire::TimeSeries {
        labels: labels.map(label).to_vec(),
        samples: vec![wire::Sample { value: value as f64, timestamp }],
    }
}
