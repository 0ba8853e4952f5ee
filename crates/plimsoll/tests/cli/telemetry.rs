//! Telemetry into the real binary: nothing acknowledged is lost by `kill -9`, and a real Prometheus
//! remote-writes into it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;

use plimsoll_ingest::remote_write::wire;
use plimsoll_trials::bodies::packed;
use plimsoll_trials::program::Prometheus;
use serde_json::Value;

use super::server::make_token;
use super::{Server, run};

const DEFINITIONS: &str = include_str!("../shop.yaml");

/// A data directory with a token, and a server on it that knows the shop.
pub(crate) struct Shop {
    dir: tempfile::TempDir,
    pub(crate) token: String,
    pub(crate) admin: String,
    pub(crate) server: Server,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let create = ["token", "create", "--name", "test", "--role", "editor", "--data"];
        let token = run(&[&create[..], &[data.to_str().unwrap()]].concat()).exits(0);
        let token = token.last_word().to_owned();
        let admin = make_token(&data, "admin");
        let server = Server::start(&data);
        let shop = Self { dir, token, admin, server };
        let file = shop.dir.path().join("shop.yaml");
        std::fs::write(&file, DEFINITIONS).unwrap();
        shop.run(&["apply", "-f", file.to_str().unwrap()]).exits(0);
        shop
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> super::Ran {
        self.server.ask(&self.token, arguments)
    }

    pub(crate) fn slo(&self) -> Value {
        let ran = self.run(&["get", "slo", "shop-availability", "--output", "json"]).exits(0);
        serde_json::from_str(&ran.out).unwrap()
    }

    /// Kills the server as a crash would, and starts it again on the same directory.
    fn crash(self) -> Self {
        let Self { dir, token, admin, server } = self;
        assert_eq!(server.stop("KILL"), None, "killed by the signal");
        let server = Server::start(&dir.path().join("data"));
        Self { dir, token, admin, server }
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.dir.path().join("data")
    }

    /// Stops its server; what is left of it is its directory.
    pub(crate) fn stop(self) -> tempfile::TempDir {
        assert_eq!(self.server.stop("TERM"), Some(0));
        self.dir
    }

    /// Sends one round of counters; returns when it is acknowledged.
    pub(crate) async fn write(&self, http: &reqwest::Client, at_ms: i64, good: u64, bad: u64) {
        self.write_to(&self.server.url, http, at_ms, good, bad).await;
    }

    /// The same to another server that knows its token.
    pub(crate) async fn write_to(
        &self,
        url: &str,
        http: &reqwest::Client,
        at_ms: i64,
        good: u64,
        bad: u64,
    ) {
        let series = |code: &str, value: u64| {
            let labels = [("__name__", "shop_requests_total"), ("instance", "a:1"), ("code", code)];
            let sample = wire::Sample { value: value as f64, timestamp: at_ms };
            wire::TimeSeries::new(labels, vec![sample])
        };
        let timeseries = vec![series("200", good), series("500", bad)];
        let response = http
            .post(format!("{url}/api/v1/write"))
            .bearer_auth(&self.token)
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .body(packed(&wire::WriteRequest { timeseries }))
            .send()
            .await
            .unwrap();
        assert!(response.status().is_success(), "{}", response.status());
    }
}

#[tokio::test]
async fn invariant_1_acknowledged_samples_survive_kill_9_to_the_unit() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut shop = Shop::open();
    let now: jiff::Timestamp = shop.slo()["as_of"].as_str().unwrap().parse().unwrap();
    let first_ms = now.as_millisecond() - 25 * 15_000;
    for round in 0..=25 {
        let (good, bad) = (1_000 + 97 * round, 50 + 3 * round);
        shop.write(&http, first_ms + 15_000 * round as i64, good, bad).await;
        if round % 5 == 0 {
            // No pooled connection outlives its server.
            shop = shop.crash();
            let slo = shop.slo();
            let counted = (slo["good"].as_f64().unwrap(), slo["total"].as_f64().unwrap());
            let acknowledged = ((97 * round) as f64, (100 * round) as f64);
            assert_eq!(counted, acknowledged, "after round {round}");
        }
    }
    assert_eq!(shop.server.stop("TERM"), Some(0));
}

/// Exposes a counter that grows by seven with each scrape, twenty times, and an error counter that
/// is born at the tenth scrape.
struct Target {
    address: String,
    /// Hears of each scrape.
    scraped: mpsc::Receiver<u64>,
}

const SCRAPES: u64 = 20;

impl Target {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (tell, scraped) = mpsc::channel();
        std::thread::spawn(move || {
            for (scrape, stream) in (0_u64..).zip(listener.incoming()) {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let step = scrape.min(SCRAPES - 1);
                let mut body = format!("shop_requests_total{{code=\"200\"}} {}\n", 7 * step);
                if step >= 10 {
                    body += &format!("shop_requests_total{{code=\"500\"}} {}\n", step - 9);
                }
                let length = body.len();
                let head =
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close");
                // A scraper that hung up is no concern of the target's.
                let _ = write!(stream, "{head}\r\nContent-Type: text/plain\r\n\r\n{body}");
                // Nobody listens any more once the test is over.
                let _ = tell.send(scrape);
            }
        });
        Self { address, scraped }
    }
}

/// A Prometheus that scrapes the target, and sends to the shop as the guide says.
fn prometheus(dir: &Path, target: &str, shop: &Shop) -> Prometheus {
    let remote_write = guides_remote_write()
        .replace("http://127.0.0.1:8010", &shop.server.url)
        .replace("TOKEN", &shop.token);
    let config = format!(
        "global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: shop
    static_configs: [{{targets: ['{target}']}}]
{remote_write}"
    );
    Prometheus::start(dir, &config)
}

/// What the guide tells people to write, so that it is known to work.
fn guides_remote_write() -> &'static str {
    let guide = include_str!("../../../../docs/guide/telemetry.md");
    let mut blocks = guide.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let first = blocks.next().unwrap();
    assert!(first.contains("http://127.0.0.1:8010") && first.contains("TOKEN"), "{first}");
    first
}

#[test]
fn a_real_prometheus_remote_writes_into_it() {
    let shop = Shop::open();
    let target = Target::open();
    let dir = tempfile::tempdir().unwrap();
    let _prometheus = prometheus(dir.path(), &target.address, &shop);
    let expected = (7.0 * (SCRAPES - 1) as f64, (SCRAPES - 10) as f64);
    // One look after each scrape, and a few more scrapes than the counters need.
    for _ in 0..SCRAPES + 60 {
        let patience = std::time::Duration::from_secs(60);
        let scrape = target.scraped.recv_timeout(patience).expect("Prometheus scrapes");
        let slo = shop.slo();
        let (good, total) = (slo["good"].as_f64().unwrap(), slo["total"].as_f64().unwrap());
        assert!(good <= expected.0 && total - good <= expected.1, "counted too much: {slo}");
        if scrape >= SCRAPES && (good, total - good) == expected {
            return;
        }
    }
    panic!("it never counted {expected:?}: {}", shop.slo());
}
