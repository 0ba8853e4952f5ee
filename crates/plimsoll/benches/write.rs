//! What durable ingest costs: the same remote-write requests to a real `plimsoll serve` and to a
//! real Prometheus with its receiver switched on, one after the other in one run. Plimsoll syncs
//! each request before it answers and keeps minutes; Prometheus answers from its page cache and
//! keeps samples. Prints CPU time per million samples, wall time, and the ratios.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use plimsoll_ingest::remote_write::wire;
use prost::Message as _;
use reqwest::Client;

const SERIES: usize = 2_000;
const REQUESTS: usize = 400;
const SAMPLES: f64 = (SERIES * REQUESTS) as f64;

const DEFINITIONS: &str = include_str!("../tests/shop.yaml");

fn main() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let bodies = requests();
    let dir = tempfile::tempdir().expect("a directory");
    let ours = runtime.block_on(async { measure(&plimsoll(dir.path()), &bodies).await });
    let theirs = runtime.block_on(async { measure(&prometheus(dir.path()), &bodies).await });
    println!("remote write over HTTP: {REQUESTS} requests of {SERIES} series, every one counted");
    for (name, spent) in [("plimsoll, durable", &ours), ("Prometheus", &theirs)] {
        let per_million = spent.cpu.as_secs_f64() / SAMPLES * 1e6;
        let wall = spent.wall.as_secs_f64();
        println!("  {name:<18} {per_million:>6.2} CPU-s per million samples, {wall:>6.2} s in all");
    }
    let ratio = |of: fn(&Spent) -> Duration| of(&ours).as_secs_f64() / of(&theirs).as_secs_f64();
    println!("  ratio of CPU time  {:>6.2}", ratio(|spent| spent.cpu));
    println!("  ratio of wall time {:>6.2}", ratio(|spent| spent.wall));
}

/// A server under measurement.
struct Peer {
    child: Child,
    url: String,
    token: String,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It is ours, and nothing of it is kept.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Spent {
    cpu: Duration,
    wall: Duration,
}

async fn measure(peer: &Peer, bodies: &[Vec<u8>]) -> Spent {
    let http = Client::builder().no_proxy().build().expect("a client");
    let (cpu_before, started) = (cpu_of(peer.child.id()), Instant::now());
    for body in bodies {
        let sent = http
            .post(format!("{}/api/v1/write", peer.url))
            .bearer_auth(&peer.token)
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .header("x-prometheus-remote-write-version", "0.1.0")
            .body(body.clone());
        let answer = sent.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
    Spent { cpu: cpu_of(peer.child.id()) - cpu_before, wall: started.elapsed() }
}

/// User and system time of a process so far, at the kernel's hundred ticks a second.
fn cpu_of(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("a state").split(' ').collect();
    let ticks = |at: usize| fields[at].parse::<u64>().expect("a number");
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn plimsoll(dir: &Path) -> Peer {
    let binary = env!("CARGO_BIN_EXE_plimsoll");
    let data = dir.join("plimsoll");
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
    let mut line = String::new();
    let stdout = child.stdout.take().expect("piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let url = line.split_whitespace().next_back().expect("its address").to_owned();
    let file = dir.join("shop.yaml");
    fs::write(&file, DEFINITIONS).expect("writes");
    let applied = Command::new(binary)
        .args(["apply", "--url", &url, "--token", &token, "-f"])
        .arg(&file)
        .output()
        .expect("the binary runs");
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    Peer { child, url, token }
}

fn prometheus(dir: &Path) -> Peer {
    let port =
        TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let config = dir.join("prometheus.yml");
    fs::write(&config, "global: {}\n").expect("writes");
    let mut child = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", dir.join("tsdb").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .arg("--web.enable-remote-write-receiver")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("prometheus is installed by scripts/install-test-deps.sh");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let ready = |line: std::io::Result<String>| {
        line.is_ok_and(|line| line.contains("Server is ready to receive web requests"))
    };
    assert!(lines.any(ready), "prometheus ended before it was ready");
    std::thread::spawn(move || lines.for_each(drop));
    Peer { child, url: format!("http://127.0.0.1:{port}"), token: String::new() }
}

/// Requests as a shard of Prometheus sends them: one sample of each series, fifteen seconds apart.
fn requests() -> Vec<Vec<u8>> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let now_ms = i64::try_from(since_epoch.as_millis()).expect("before the year 292 million");
    let first_ms = now_ms - REQUESTS as i64 * 15_000;
    let labels: Vec<Vec<wire::Label>> = (0..SERIES).map(labels).collect();
    let request = |round: usize| {
        let series = labels.iter().enumerate().map(|(number, labels)| wire::TimeSeries {
            labels: labels.clone(),
            samples: vec![wire::Sample {
                value: (round * (number + 1)) as f64,
                timestamp: first_ms + round as i64 * 15_000,
            }],
        });
        let message = wire::WriteRequest { timeseries: series.collect() }.encode_to_vec();
        snap::raw::Encoder::new().compress_vec(&message).expect("a request fits a block")
    };
    (0..REQUESTS).map(request).collect()
}

fn labels(number: usize) -> Vec<wire::Label> {
    let label = |name: &str, value: String| wire::Label { name: name.into(), value: value.into() };
    vec![
        label("__name__", "shop_requests_total".to_owned()),
        label("code", if number.is_multiple_of(10) { "500" } else { "200" }.to_owned()),
        label("handler", format!("/api/v1/orders/{}", number % 50)),
        label("instance", format!("10.0.{}.{}:9090", number % 7, number % 250)),
        label("job", "shop".to_owned()),
        label("method", "GET".to_owned()),
        label("namespace", "shop".to_owned()),
        label("pod", format!("shop-{number}")),
    ]
}
