//! What taking telemetry in costs: the same requests to each program, one after the other.
//!
//! Plimsoll syncs each request before it answers and keeps minutes of what is declared; the others
//! answer from memory and keep samples.

use std::time::Duration;

use crate::load::{self, Series};
use crate::measure::{Meter, Spent, rest};
use crate::peer::{Kind, Peer};
use crate::table::{Table, Unit};

const SERVICES: usize = 20;

/// Between two samples of a series.
const SPACING_MS: i64 = 15_000;

pub(crate) async fn run() {
    let declared: Vec<Series> = (0..2_000).map(|i| Series::declared(i % SERVICES, i)).collect();
    let title = "Ingest, 2,000 declared series, 400 requests of 2,000 samples, one sender";
    compare(title, &declared, 400).await;
    let mixed = |i: usize| {
        if i.is_multiple_of(10) {
            Series::declared(i / 10 % SERVICES, i / 10)
        } else {
            Series::undeclared(i % SERVICES, i)
        }
    };
    let mixed: Vec<Series> = (0..20_000).map(mixed).collect();
    let title =
        "Ingest, 20,000 series of which one in ten is declared, 400 requests of 2,000 samples";
    compare(title, &mixed, 40).await;
}

async fn compare(title: &str, series: &[Series], rounds: usize) {
    let bodies = load::rounds(series, rounds, SPACING_MS);
    let mut spent = Vec::new();
    for kind in Kind::ALL {
        spent.push(measure(kind, &bodies).await);
    }
    let millions = (series.len() * rounds) as f64 / 1e6;
    let mut table = Table::new(title);
    let per_million = |of: Duration| Some(of.as_secs_f64() / millions);
    let row = spent.iter().map(|(loaded, _)| per_million(loaded.cpu));
    table.row("CPU per million samples", Unit::Seconds, row);
    let row = spent.iter().map(|(loaded, after)| per_million(loaded.cpu + after.cpu));
    table.row("  with what it does afterwards", Unit::Seconds, row);
    let row = spent.iter().map(|(loaded, _)| Some(loaded.wall.as_secs_f64()));
    table.row("wall time in all", Unit::Seconds, row);
    table.print();
}

/// What a program took until the last answer, and then until it came to rest.
async fn measure(kind: Kind, bodies: &[Vec<u8>]) -> (Spent, Spent) {
    let dir = tempfile::tempdir().expect("a directory");
    let peer = Peer::start(kind, dir.path(), &load::definitions(SERVICES));
    let meter = Meter::start(&peer);
    for body in bodies {
        peer.write(body).await;
    }
    let loaded = meter.stop();
    let meter = Meter::start(&peer);
    rest(&peer).await;
    (loaded, meter.stop())
}
