//! The programs under measurement: each starts on a loopback port with its data in a directory of
//! its own, and is killed when dropped.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Read};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::{Client, RequestBuilder, Url};
use serde_json::Value;

/// Which program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plimsoll,
    Prometheus,
    VictoriaMetrics,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Plimsoll, Self::Prometheus, Self::VictoriaMetrics];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plimsoll => "Plimsoll",
            Self::Prometheus => "Prometheus",
            Self::VictoriaMetrics => "VictoriaMetrics",
        }
    }
}

/// A running program.
pub(crate) struct Peer {
    pub(crate) kind: Kind,
    pub(crate) data: PathBuf,
    child: Child,
    url: String,
    token: String,
    http: Client,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It is ours, and nothing of it is kept.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Peer {
    /// Starts a program with its data under `dir`. What Plimsoll counts are `definitions`; the
    /// others keep everything.
    pub(crate) fn start(kind: Kind, dir: &Path, definitions: &str) -> Self {
        let data = dir.join(kind.name().to_lowercase());
        match kind {
            Kind::Plimsoll => plimsoll(dir, data, definitions),
            Kind::Prometheus => prometheus(dir, data),
            Kind::VictoriaMetrics => victoria_metrics(data),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends one remote-write request, which must be taken.
    pub(crate) async fn write(&self, body: &[u8]) {
        let sent = self
            .http
            .post(format!("{}/api/v1/write", self.url))
            .bearer_auth(&self.token)
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .header("x-prometheus-remote-write-version", "0.1.0")
            .body(body.to_vec());
        let answer = sent.send().await.expect("an answer");
        let status = answer.status();
        let reason = answer.text().await.unwrap_or_default();
        assert!(status.is_success(), "{}: {status} {reason}", self.kind.name());
    }

    /// Asks one instant query; its one value.
    pub(crate) async fn query(&self, query: &str, at_ms: i64) -> f64 {
        let at = (at_ms as f64 / 1e3).to_string();
        let path = format!("{}/api/v1/query", self.url);
        let url = Url::parse_with_params(&path, [("query", query), ("time", &at)]);
        let answer: Value = json(self.http.get(url.expect("an address"))).await;
        let value = answer.pointer("/data/result/0/value/1").and_then(Value::as_str);
        let value = value.and_then(|value| value.parse().ok());
        value.unwrap_or_else(|| panic!("{}: no value for {query}: {answer}", self.kind.name()))
    }

    /// What it answers at a path, as JSON.
    pub(crate) async fn json(&self, path: &str) -> Value {
        json(self.get(path)).await
    }

    /// The value of one of its own metrics, named with its labels.
    pub(crate) async fn metric(&self, name: &str) -> Option<f64> {
        let text = self.get("/metrics").send().await.expect("an answer").text().await;
        let text = text.expect("text");
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.and_then(|value| value.trim().parse().ok())
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    fn new(kind: Kind, data: PathBuf, child: Child, url: String, token: String) -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        Self { kind, data, child, url, token, http }
    }
}

async fn json(request: RequestBuilder) -> Value {
    let answer = request.send().await.expect("an answer");
    let text = answer.text().await.expect("text");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn plimsoll(dir: &Path, data: PathBuf, definitions: &str) -> Peer {
    let binary = env!("CARGO_BIN_EXE_plimsoll");
    let made = Command::new(binary)
        .args(["token", "create", "--name", "bench", "--role", "editor", "--data"])
        .arg(&data)
        .output()
        .expect("the binary runs");
    let made = String::from_utf8(made.stdout).expect("text");
    let token = made.split_whitespace().next_back().expect("a token").to_owned();
    let mut child = Command::new(binary)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let line = wait_for(child.stdout.take().expect("piped"), "http://");
    let url = line.split_whitespace().next_back().expect("its address").to_owned();
    let file = dir.join("definitions.yaml");
    fs::write(&file, definitions).expect("writes");
    let applied = Command::new(binary)
        .args(["apply", "--url", &url, "--token", &token, "-f"])
        .arg(&file)
        .output()
        .expect("the binary runs");
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    Peer::new(Kind::Plimsoll, data, child, url, token)
}

fn prometheus(dir: &Path, data: PathBuf) -> Peer {
    let address = free_address();
    let config = dir.join("prometheus.yml");
    fs::write(&config, "global: {}\n").expect("writes");
    let mut child = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .arg("--storage.tsdb.retention.time=100d")
        .arg(format!("--web.listen-address={address}"))
        .arg("--web.enable-remote-write-receiver")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("prometheus is installed by scripts/install-test-deps.sh");
    wait_for(child.stderr.take().expect("piped"), "Server is ready to receive web requests");
    Peer::new(Kind::Prometheus, data, child, format!("http://{address}"), String::new())
}

fn victoria_metrics(data: PathBuf) -> Peer {
    let address = free_address();
    let mut child = Command::new("victoria-metrics")
        .arg(format!("-storageDataPath={}", data.display()))
        .arg("-retentionPeriod=100d")
        .arg(format!("-httpListenAddr={address}"))
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("victoria-metrics is installed by scripts/install-test-deps.sh");
    wait_for(child.stderr.take().expect("piped"), "started VictoriaMetrics in");
    // It says so a moment before it listens.
    let mut tries = std::iter::repeat_with(|| {
        std::thread::yield_now();
        TcpStream::connect(&address).is_ok()
    });
    assert!(tries.by_ref().take(1_000_000).any(|listens| listens), "it does not listen");
    Peer::new(Kind::VictoriaMetrics, data, child, format!("http://{address}"), String::new())
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").to_string()
}

/// Reads what it says until it is ready, and lets the rest go by; the line that says so.
fn wait_for(said: impl Read + Send + 'static, ready: &str) -> String {
    let mut lines: Lines<_> = BufReader::new(said).lines();
    let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains(ready));
    std::thread::spawn(move || lines.for_each(drop));
    line.expect("it ended before it was ready")
}
