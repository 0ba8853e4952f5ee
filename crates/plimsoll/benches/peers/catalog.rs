//! What a large organisation costs: ten thousand services with ten objectives each. Plimsoll alone:
//! what an apply takes, how long a list is waited for, what sweeps take, and when a page of the web
//! app shows what it is about, in a real browser.

use std::process::Command;
use std::time::Instant;

use plimsoll_trials::documents::{CREW, Slo, component};
use serde_json::{Value, json};

use crate::load::{self, Series};
use crate::measure::{Memory, Meter, a_second, rest};
use crate::peer::{Kind, Peer};

const SERVICES: usize = 10_000;
const SLOS_PER_SERVICE: usize = 10;

/// Services of one file, of one apply.
const AT_ONCE: usize = 100;

/// One service in so many sends telemetry; the others are as yet unmeasured.
const ONE_IN: usize = 10;
const ROUNDS: usize = 12;
const SPACING_MS: i64 = 30_000;

/// How often a list is asked for, and a page opened.
const TIMES: usize = 20;
const OPENINGS: &str = "5";

/// How long it is watched at rest.
const WATCHED_SECONDS: u32 = 60;

const LISTS: [&str; 7] = [
    "/api/v1/standing",
    "/api/v1/slos",
    "/api/v1/slos?sort=gravity",
    "/api/v1/slos?q=svc-00999",
    "/api/v1/services?sort=gravity",
    "/api/v1/services/svc-00999",
    "/api/v1/slos/svc-00999-3",
];

pub(crate) async fn run() {
    let dir = tempfile::tempdir().expect("a directory");
    let peer = Peer::start(Kind::Plimsoll, dir.path(), CREW);
    println!("\n{SERVICES} services, {} objectives", SERVICES * SLOS_PER_SERVICE);
    fill(&peer).await;
    send(&peer).await;
    rest(&peer).await;
    sweeps(&peer).await;
    lists(&peer).await;
    pages(&peer);
    let memory = Memory::of(&peer);
    let mebibytes = |bytes: f64| bytes / f64::from(1 << 20);
    say("memory, resident", format!("{:.0} MiB", mebibytes(memory.resident)));
    say("memory, peak", format!("{:.0} MiB", mebibytes(memory.peak)));
}

fn say(name: &str, figure: impl std::fmt::Display) {
    println!("  {name:<44}{figure:>24}");
}

fn service(number: usize) -> String {
    format!("svc-{number:05}")
}

fn slo(service: &str, number: usize) -> String {
    Slo {
        name: &format!("{service}-{number}"),
        service,
        metric: load::DECLARED,
        matchers: &format!("service=\"{service}\",handler=\"{number}\""),
        window: "30d",
        target: 0.999,
        policy: None,
    }
    .to_string()
}

/// Applies all of them, a file at a time, as teams would.
async fn fill(peer: &Peer) {
    let mut took = Vec::new();
    for first in (0..SERVICES).step_by(AT_ONCE) {
        let documents = (first..first + AT_ONCE).map(service).map(|service| {
            let slos = (0..SLOS_PER_SERVICE).map(|number| slo(&service, number));
            component(&service) + &slos.collect::<String>()
        });
        let text = documents.collect::<String>();
        let begun = Instant::now();
        let body = json!({"files": [{"path": "slos.yaml", "text": text}]});
        let report = peer.post("/api/v1/definitions/apply", &body).await;
        assert_eq!(report["applied"], true, "{report:#}");
        took.push(begun.elapsed().as_secs_f64());
    }
    let objectives = AT_ONCE * SLOS_PER_SERVICE;
    say(&format!("apply of {objectives} objectives, the first"), format!("{:.2} s", took[0]));
    say("  the last, to all the others", format!("{:.2} s", took[took.len() - 1]));
    let begun = Instant::now();
    let one = component("svc-00999").replace("production", "experimental");
    let body = json!({"files": [{"path": "one.yaml", "text": one}]});
    peer.post("/api/v1/definitions/apply", &body).await;
    say("apply of one document", format!("{:.2} s", begun.elapsed().as_secs_f64()));
}

async fn send(peer: &Peer) {
    let measured = (0..SERVICES).step_by(ONE_IN).map(service);
    let series: Vec<Series> = measured
        .flat_map(|service| (0..SLOS_PER_SERVICE).map(move |slo| (service.clone(), slo)))
        .flat_map(|(service, slo)| ["200", "500"].map(|code| Series::handled(&service, slo, code)))
        .collect();
    for body in load::rounds(&series, ROUNDS, SPACING_MS) {
        peer.write(&body).await;
    }
    say("series", series.len());
}

async fn sweeps(peer: &Peer) {
    let meter = Meter::start(peer);
    for _ in 0..WATCHED_SECONDS {
        a_second().await;
    }
    let spent = meter.stop();
    let share = spent.cpu.as_secs_f64() / spent.wall.as_secs_f64();
    say("sweeps over all of them: share of a CPU", format!("{:.0} %", share * 100.0));
}

async fn lists(peer: &Peer) {
    for path in LISTS {
        let mut took = Vec::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            peer.json(path).await;
            took.push(begun.elapsed());
        }
        took.sort();
        let (median, most) = (took[TIMES / 2].as_millis(), took[TIMES - 1].as_millis());
        say(path, format!("{median} ms, at most {most}"));
    }
}

/// Opens pages in a browser of their own each time: nothing is cached.
fn pages(peer: &Peer) {
    let ui = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui");
    let run = Command::new("node")
        .arg(format!("{ui}/e2e/first-content.mjs"))
        .args([peer.setup_link(), OPENINGS])
        .output()
        .expect("node runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let told: Value = serde_json::from_slice(&run.stdout).expect("figures");
    for page in told.as_array().expect("a list") {
        let figure = format!("{} ms, {} ms", page["paint_ms"], page["content_ms"]);
        let path = page["path"].as_str().unwrap_or_default();
        say(&format!("page {path}: first paint, content"), figure);
    }
}
