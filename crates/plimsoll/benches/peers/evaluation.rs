//! What judging objectives costs, and what the history they rest on takes in memory and on disk.
//!
//! An evaluation of an SLO is the error ratio over the seven windows of the workbook's arms and
//! over thirty days. Plimsoll does it every two seconds by itself; the others are asked by instant
//! queries, once as rules are written plainly and once with the long window read from a recorded
//! series, as Sloth writes it.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::history::{History, RECORDED, SERIES_PER_SERVICE};
use crate::load;
use crate::measure::{Memory, Meter, Spent, Watch, a_second, cpu_of, disk_of};
use crate::peer::{Kind, Peer};
use crate::table::{Table, Unit};

const SLOS: usize = 100;

/// The windows of the arms.
const ARMS: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/// The window of the budget.
const BUDGET: &str = "30d";

/// Times that the others are asked everything.
const ROUNDS: u32 = 3;

/// The file that Plimsoll holds back for when the disk is full.
const RESERVE: &str = "reserve";

/// How long Plimsoll is watched evaluating.
const WATCHED: Duration = Duration::from_secs(40);

/// The programs with the counters, and those with what a rule recorded of them.
struct Bed {
    history: History,
    peers: Vec<Peer>,
    recorders: Vec<Peer>,
    loaded: Vec<Spent>,
}

pub(crate) async fn run(days: i64) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bed = Bed::start(dir.path(), days);
    bed.catch_up().await;
    for (spent, peer) in bed.loaded.iter_mut().zip(&bed.peers) {
        spent.cpu = cpu_of(peer.pid());
    }
    bed.settle().await;
    bed.report_history(days);
    bed.agree().await;
    bed.report_evaluations(days).await;
}

impl Bed {
    fn start(dir: &Path, days: i64) -> Self {
        let definitions = load::definitions(SLOS);
        let peers = Kind::ALL.map(|kind| Peer::start(kind, dir, &definitions));
        let beside = dir.join("recorded");
        std::fs::create_dir(&beside).expect("a directory");
        let recorders = [Kind::Prometheus, Kind::VictoriaMetrics];
        let recorders = recorders.map(|kind| Peer::start(kind, &beside, ""));
        Self {
            history: History::new(SLOS, days),
            loaded: vec![Spent::default(); peers.len()],
            peers: peers.into(),
            recorders: recorders.into(),
        }
    }

    /// Sends whatever is due.
    async fn catch_up(&mut self) {
        while let Some(due) = self.history.due() {
            for (peer, spent) in self.peers.iter().zip(&mut self.loaded) {
                let started = Instant::now();
                peer.write(&due.counters).await;
                spent.wall += started.elapsed();
            }
            for peer in &self.recorders {
                peer.write(&due.recorded).await;
            }
        }
    }

    /// Lets all of them come to rest, with samples arriving as before.
    async fn settle(&mut self) {
        let mut watches: Vec<Watch> = self.everyone().map(Watch::start).collect();
        loop {
            let over = self.everyone().zip(&mut watches).map(|(peer, watch)| watch.is_over(peer));
            if !over.collect::<Vec<_>>().contains(&false) {
                return;
            }
            a_second().await;
            self.catch_up().await;
        }
    }

    fn everyone(&self) -> impl Iterator<Item = &Peer> {
        self.peers.iter().chain(&self.recorders)
    }

    fn report_history(&self, days: i64) {
        let millions = self.history.samples as f64 / 1e6;
        let series = SLOS * SERIES_PER_SERVICE;
        let mut table = Table::new(format!(
            "{days} days of {series} series every 30 s, {millions:.1} million samples, at rest"
        ));
        let cpu = |spent: &Spent| Some(spent.cpu.as_secs_f64() / millions);
        table.row("CPU per million samples", Unit::Seconds, self.loaded.iter().map(cpu));
        let wall = |spent: &Spent| Some(spent.wall.as_secs_f64());
        table.row("wall time in all", Unit::Seconds, self.loaded.iter().map(wall));
        table.memory(&self.peers.iter().map(Memory::of).collect::<Vec<_>>());
        let disk = |but| self.peers.iter().map(move |peer| Some(disk_of(&peer.data, but)));
        table.row("disk, but for what it holds back", Unit::Mebibytes, disk(RESERVE));
        table.row("disk, all of it", Unit::Mebibytes, disk(""));
        table.print();
    }

    /// All of them have seen the same: the ratio of the budget's window, of some services.
    async fn agree(&self) {
        for service in (0..SLOS).step_by(SLOS / 5) {
            let slo = self.peers[0].json(&format!("/api/v1/slos/{}", load::name(service))).await;
            let ours = slo["error_ratio"].as_f64().unwrap_or_default();
            let at_ms = load::now_ms();
            for peer in &self.peers[1..] {
                let theirs = peer.query(&plain(service, BUDGET), at_ms).await;
                let apart = (theirs / ours - 1.0).abs();
                assert!(apart < 0.01, "{}: {theirs} and ours {ours}", peer.kind.name());
            }
        }
    }

    async fn report_evaluations(&mut self, days: i64) {
        let ours = self.watch().await;
        let mut plain_of = vec![Some(ours)];
        let mut recorded_of = vec![Some(ours)];
        for (peer, recorder) in self.peers[1..].iter().zip(&self.recorders) {
            let arms = ask(peer, |service| ARMS.map(|window| plain(service, window)).into()).await;
            let budget = ask(peer, |service| vec![plain(service, BUDGET)]).await;
            let recorded = ask(recorder, |service| vec![recorded(service)]).await;
            plain_of.push(Some(arms + budget));
            recorded_of.push(Some(arms + recorded));
        }
        let mut table = Table::new(format!(
            "An SLO evaluated over eight windows, on these {days} days: CPU time, {SLOS} SLOs"
        ));
        table.row("rules as they are written plainly", Unit::Micros, plain_of);
        table.row("the long window from a recorded one", Unit::Micros, recorded_of);
        table.memory(&self.peers.iter().map(Memory::of).collect::<Vec<_>>());
        table.print();
    }

    /// What Plimsoll takes in all while it evaluates, by evaluation.
    async fn watch(&mut self) -> f64 {
        let evaluations = async |peer: &Peer| {
            let count = peer.metric("plimsoll_slo_evaluations_total").await;
            count.expect("it counts its evaluations")
        };
        let (meter, before) = (Meter::start(&self.peers[0]), evaluations(&self.peers[0]).await);
        while meter.stop().wall < WATCHED {
            a_second().await;
            self.catch_up().await;
        }
        let evaluated = evaluations(&self.peers[0]).await - before;
        meter.stop().cpu.as_secs_f64() / evaluated
    }
}

/// CPU seconds for the queries of one SLO.
async fn ask(peer: &Peer, queries: impl Fn(usize) -> Vec<String>) -> f64 {
    let meter = Meter::start(peer);
    for _ in 0..ROUNDS {
        let at_ms = load::now_ms();
        for query in (0..SLOS).flat_map(&queries) {
            peer.query(&query, at_ms).await;
        }
    }
    meter.stop().cpu.as_secs_f64() / (f64::from(ROUNDS) * SLOS as f64)
}

fn plain(service: usize, window: &str) -> String {
    let (bad, total) = load::selectors(service);
    format!("sum(rate({bad}[{window}])) / sum(rate({total}[{window}]))")
}

fn recorded(service: usize) -> String {
    let series = format!(r#"{RECORDED}{{sloth_id="{}"}}[{BUDGET}]"#, load::name(service));
    format!("sum_over_time({series}) / count_over_time({series})")
}
