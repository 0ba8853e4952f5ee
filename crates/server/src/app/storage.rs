//! What this installation takes on the disk: looked at when somebody asks, and never on the way of
//! an alert.

use std::path::Path;

use plimsoll_api::v1::storage::{
    Disk, Files, RecordFiles, Reserve, Retention, Storage, TallyFiles,
};
use plimsoll_store::{Location, tallies};

use super::{Failure, Shared, State};
use crate::reserve::{Keeping, Standing};

/// Looks.
pub(crate) async fn summary(shared: &Shared) -> Result<Storage, Failure> {
    let state = shared.clone();
    let looked = tokio::task::spawn_blocking(move || look(&state)).await;
    looked.map_err(anyhow::Error::from)?
}

fn look(state: &State) -> Result<Storage, Failure> {
    let config = &state.config;
    let usage = tallies::usage(&config.data.join("tallies")).map_err(anyhow::Error::from)?;
    let figures = state.engine.figures();
    let standing = state.reserve.standing();
    Ok(Storage {
        data: config.data.display().to_string(),
        disk: standing.map(disk),
        reserve: Reserve {
            bytes: standing.map_or(config.disk.reserve_bytes, |standing| standing.reserve_bytes),
            state: keeping(state.reserve.keeping()).to_owned(),
        },
        records: records(&config.location()),
        tallies: TallyFiles {
            log: files(usage.log),
            checkpoints: files(usage.checkpoints),
            segments: files(usage.segments),
            series: figures.series,
            unreadable: figures.unreadable,
            checkpoints_failed: figures.checkpoints_failed,
        },
        retention: Retention {
            minutes_days: config.tallies.minutes_kept_days,
            hours_days: config.tallies.hours_kept_days,
        },
    })
}

fn disk(standing: Standing) -> Disk {
    Disk {
        bytes: standing.total_bytes,
        free_bytes: standing.free_bytes,
        telemetry_needs_bytes: standing.telemetry_needs_bytes,
        takes_telemetry: standing.leaves_room(),
    }
}

fn keeping(keeping: Keeping) -> &'static str {
    match keeping {
        Keeping::Held => "held",
        Keeping::Ample => "ample",
        Keeping::GivenUp => "given_up",
        Keeping::Nothing => "none",
    }
}

fn records(location: &Location) -> RecordFiles {
    match location {
        Location::Sqlite(path) => {
            let bytes = ["", "-wal", "-shm"].map(|end| size(path, end)).into_iter().sum();
            RecordFiles { store: "sqlite".to_owned(), bytes: Some(bytes) }
        }
        Location::Postgres(_) => RecordFiles { store: "postgres".to_owned(), bytes: None },
    }
}

/// The size of a file beside `path`; what is not there takes nothing.
fn size(path: &Path, end: &str) -> u64 {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    std::fs::metadata(name).map_or(0, |file| file.len())
}

fn files(tallies::Files { count, bytes }: tallies::Files) -> Files {
    Files { count, bytes }
}
