//! Increases beside those of a real Prometheus, on the same samples, wherever its own are exact: over
//! a range that begins and ends with a sample of each series it has nothing to extrapolate.

use std::path::Path;

use plimsoll_ingest::remote_write::wire;
use plimsoll_trials::bodies::packed;
use plimsoll_trials::dice::Dice;
use plimsoll_trials::documents::Slo;
use plimsoll_trials::program::Prometheus;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::Value;

use super::Server;
use super::server::make_token;

const MINUTES: i64 = 90;
const SPACING_MS: i64 = 15_000;
/// Samples of a series; the last lies fifteen seconds before the end of its minute.
const ROUNDS: i64 = 4 * (MINUTES + 1);
const INSTANCES: u64 = 6;

/// Scraped without fail, or now and then not for a while.
const KINDS: [&str; 2] = ["steady", "gappy"];

fn definitions() -> String {
    let service = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: shop}\nspec: {}\n";
    let slo = |kind: &str| {
        let (service, metric, matchers) = ("shop", "sold_total", format!("kind=\"{kind}\""));
        Slo { name: kind, service, metric, matchers: &matchers, ..Slo::default() }.to_string()
    };
    KINDS.iter().fold(service.to_owned(), |text, kind| text + &slo(kind))
}

/// The samples of one series: it starts again now and then, and may be silent in between.
fn samples(dice: &mut Dice, kind: &str, first_ms: i64) -> Vec<wire::Sample> {
    let (mut value, mut silent) = (dice.below(1_000_u64), 0);
    let mut samples = Vec::new();
    for round in 0..ROUNDS {
        let grown = if dice.one_in(50) { dice.below(1 << 40) } else { dice.below(100) };
        value = if dice.one_in(40) { dice.below(50) } else { value + grown };
        if kind == "gappy" && silent == 0 && dice.one_in(8) {
            silent = if dice.one_in(6) { dice.below(60) } else { dice.below(6) };
        }
        if silent == 0 || round == 0 || round == ROUNDS - 1 {
            let timestamp = first_ms + round * SPACING_MS;
            samples.push(wire::Sample { value: value as f64, timestamp });
        } else {
            silent -= 1;
        }
    }
    samples
}

fn all_series(dice: &mut Dice, first_ms: i64) -> Vec<wire::TimeSeries> {
    let mut all = Vec::new();
    for kind in KINDS {
        for instance in 0..INSTANCES {
            for code in ["200", "500"] {
                let (name, instance) = (("__name__", "sold_total"), instance.to_string());
                let labels = [name, ("code", code), ("instance", &instance), ("kind", kind)];
                all.push(wire::TimeSeries::new(labels, samples(dice, kind, first_ms)));
            }
        }
    }
    all
}

/// One request for each few minutes, in the order of time.
fn requests(series: &[wire::TimeSeries], first_ms: i64) -> Vec<Vec<u8>> {
    const STRETCH_MS: i64 = 5 * 60_000;
    let stretches = (0..).map(|n| first_ms + n * STRETCH_MS);
    let last_ms = first_ms + ROUNDS * SPACING_MS;
    let pack = |from_ms: i64| {
        let of_stretch = |series: &wire::TimeSeries| {
            let within = |s: &&wire::Sample| (from_ms..from_ms + STRETCH_MS).contains(&s.timestamp);
            let samples: Vec<_> = series.samples.iter().filter(within).copied().collect();
            (!samples.is_empty()).then(|| wire::TimeSeries { samples, ..series.clone() })
        };
        let timeseries = series.iter().filter_map(of_stretch).collect();
        packed(&wire::WriteRequest { timeseries })
    };
    stretches.take_while(|from_ms| *from_ms < last_ms).map(pack).collect()
}

async fn write(request: RequestBuilder, body: &[u8]) {
    let request = request
        .header("content-type", "application/x-protobuf")
        .header("content-encoding", "snappy")
        .header("x-prometheus-remote-write-version", "0.1.0")
        .body(body.to_vec());
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

async fn json(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.json().await.unwrap()
}

/// The values of an expression from one instant to another, a minute apart.
async fn values(
    prometheus: &Prometheus,
    http: &Client,
    query: &str,
    from_ms: i64,
    to_ms: i64,
) -> Vec<f64> {
    let seconds = |ms: i64| (ms / 1_000).to_string();
    let (from, to) = (seconds(from_ms), seconds(to_ms));
    let query = [("query", query), ("start", &from), ("end", &to), ("step", "60")];
    let url = format!("{}/api/v1/query_range", prometheus.url);
    let answer = json(http.get(Url::parse_with_params(&url, query).unwrap())).await;
    let values = answer["data"]["result"][0]["values"].as_array().unwrap();
    values.iter().map(|point| point[1].as_str().unwrap().parse().unwrap()).collect()
}

/// Plimsoll, which has heard every sample, some of them twice.
struct Shop {
    server: Server,
    token: String,
}

impl Shop {
    fn open(dir: &Path) -> Self {
        let data = dir.join("data");
        let token = make_token(&data, "admin");
        let server = Server::start(&data);
        let file = dir.join("shop.yaml");
        std::fs::write(&file, definitions()).unwrap();
        server.ask(&token, &["apply", "-f", file.to_str().unwrap()]).exits(0);
        Self { server, token }
    }

    fn get(&self, http: &Client, path: &str) -> RequestBuilder {
        http.get(format!("{}{path}", self.server.url)).bearer_auth(&self.token)
    }

    /// What failed and what happened in each minute from one instant to another.
    async fn minutes(&self, http: &Client, slo: &str, from_ms: i64, to_ms: i64) -> Vec<(f64, f64)> {
        let instant = |ms: i64| jiff::Timestamp::from_millisecond(ms).unwrap().to_string();
        let (from, to) = (instant(from_ms), instant(to_ms));
        let path = format!("/api/v1/slos/{slo}/history?step_minutes=1&from={from}&to={to}");
        let history = json(self.get(http, &path)).await;
        let points = history["points"].as_array().unwrap();
        points.iter().map(bad_and_total).collect()
    }
}

fn bad_and_total(of: &Value) -> (f64, f64) {
    let (good, total) = (of["good"].as_f64().unwrap(), of["total"].as_f64().unwrap());
    (total - good, total)
}

#[tokio::test]
async fn increases_are_those_of_a_real_prometheus_wherever_it_is_exact() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let http = Client::builder().no_proxy().build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (prometheus, shop) =
        (Prometheus::start(dir.path(), "global: {}\n"), Shop::open(dir.path()));
    let now = json(shop.get(&http, "/api/v1/slos/steady")).await;
    let now: jiff::Timestamp = now["as_of"].as_str().unwrap().parse().unwrap();
    let first_ms = (now.as_millisecond() / 60_000 - MINUTES - 2) * 60_000;
    let last_ms = first_ms + (ROUNDS - 1) * SPACING_MS;

    let mut dice = Dice::cast("increases");
    for body in requests(&all_series(&mut dice, first_ms), first_ms) {
        write(http.post(format!("{}/api/v1/write", prometheus.url)), &body).await;
        for _ in 0..=u64::from(dice.one_in(5)) {
            let ours = http.post(format!("{}/api/v1/write", shop.server.url));
            write(ours.bearer_auth(&shop.token), &body).await;
        }
    }

    // Each minute but the first, at its last sample: that and the four before it.
    let ends_ms = first_ms + 60_000 + 45_000;
    let mut theirs = Vec::new();
    for of in ["kind=\"steady\",code=\"500\"", "kind=\"steady\""] {
        let query = format!("sum(increase(sold_total{{{of}}}[60s]))");
        theirs.push(values(&prometheus, &http, &query, ends_ms, last_ms).await);
    }
    let theirs: Vec<_> = theirs[0].iter().copied().zip(theirs[1].iter().copied()).collect();
    let ours = shop.minutes(&http, "steady", first_ms + 60_000, last_ms).await;
    assert_eq!(ours.len() as i64, MINUTES);
    assert_eq!(ours, theirs);

    // All of it, over gaps and whatever started again in them.
    for kind in KINDS {
        let mut theirs = Vec::new();
        for code in [",code=\"500\"", ""] {
            let range = (last_ms - first_ms) / 1_000;
            let query = format!("sum(increase(sold_total{{kind=\"{kind}\"{code}}}[{range}s]))");
            theirs.extend(values(&prometheus, &http, &query, last_ms, last_ms).await);
        }
        let ours = json(shop.get(&http, &format!("/api/v1/slos/{kind}"))).await;
        assert_eq!(bad_and_total(&ours), (theirs[0], theirs[1]), "{kind}");
    }
}
