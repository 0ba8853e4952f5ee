//! The programs under measurement: each starts on a loopback port with its data in a directory of
//! its own, and is killed when dropped.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use plimsoll_trials::program::{Program, Prometheus, free_port, wait_for};
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
    program: Program,
    url: String,
    token: String,
    /// The link that sets the first password of Plimsoll.
    setup: Option<String>,
    http: Client,
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
        self.program.id()
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

    /// What it answers to JSON at a path.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
        json(request.json(body)).await
    }

    /// The link that sets the first password of Plimsoll.
    pub(crate) fn setup_link(&self) -> &str {
        self.setup.as_deref().expect("it is Plimsoll that is measured alone")
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

    fn new(kind: Kind, data: PathBuf, program: Program, url: String, token: String) -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        Self { kind, data, program, url, token, setup: None, http }
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
    let mut serve = Command::new(binary);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
    let mut program = Program::start(serve.stdout(Stdio::piped()).stderr(Stdio::null()));
    let line = wait_for(program.out(), "/setup?code=");
    let setup = line.split_whitespace().next_back().expect("a link").to_owned();
    let url = setup.split("/setup").next().expect("a link has a start").to_owned();
    let file = dir.join("definitions.yaml");
    fs::write(&file, definitions).expect("writes");
    let applied = Command::new(binary)
        .args(["apply", "--url", &url, "--token", &token, "-f"])
        .arg(&file)
        .output()
        .expect("the binary runs");
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    Peer { setup: Some(setup), ..Peer::new(Kind::Plimsoll, data, program, url, token) }
}

fn prometheus(dir: &Path, data: PathBuf) -> Peer {
    let Prometheus { program, url } = Prometheus::start(dir, "global: {}\n");
    Peer::new(Kind::Prometheus, data, program, url, String::new())
}

fn victoria_metrics(data: PathBuf) -> Peer {
    let address = format!("127.0.0.1:{}", free_port());
    let mut command = Command::new("victoria-metrics");
    command
        .arg(format!("-storageDataPath={}", data.display()))
        .arg("-retentionPeriod=100d")
        .arg(format!("-httpListenAddr={address}"))
        .stdout(Stdio::null());
    let program = Program::start_until(&mut command, "started VictoriaMetrics in");
    // It says so a moment before it listens.
    let mut tries = std::iter::repeat_with(|| {
        std::thread::yield_now();
        TcpStream::connect(&address).is_ok()
    });
    assert!(tries.by_ref().take(1_000_000).any(|listens| listens), "it does not listen");
    Peer::new(Kind::VictoriaMetrics, data, program, format!("http://{address}"), String::new())
}
