//! What many active series cost in memory.

use crate::load::{self, Series};
use crate::measure::{Memory, disk_of, rest};
use crate::peer::{Kind, Peer};
use crate::table::{Table, Unit};

const SERIES: usize = 200_000;
const SERVICES: usize = 20;
const ROUNDS: usize = 12;

/// Between two samples of a series.
const SPACING_MS: i64 = 30_000;

pub(crate) async fn run() {
    let series = (0..SERIES).map(|i| Series::declared(i % SERVICES, i / SERVICES));
    let series: Vec<Series> = series.collect();
    let bodies = load::rounds(&series, ROUNDS, SPACING_MS);
    drop(series);
    let (mut memory, mut disk) = (Vec::new(), Vec::new());
    for kind in Kind::ALL {
        let dir = tempfile::tempdir().expect("a directory");
        let peer = Peer::start(kind, dir.path(), &load::definitions(SERVICES));
        for body in &bodies {
            peer.write(body).await;
        }
        rest(&peer).await;
        memory.push(Memory::of(&peer));
        disk.push(disk_of(&peer.data, "reserve"));
    }
    let mut table =
        Table::new(format!("{SERIES} active series, all declared, {ROUNDS} samples each"));
    table.memory(&memory);
    table.row("disk", Unit::Mebibytes, disk.into_iter().map(Some));
    table.print();
}
