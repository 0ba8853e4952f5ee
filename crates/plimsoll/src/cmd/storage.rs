//! `plimsoll storage`: what the server keeps, the room it takes, and what is left.

use plimsoll_api::v1::storage::{Files, Storage};
use serde_json::Value;

use crate::ask::Question;
use crate::client;
use crate::exit::Failure;
use crate::render::{Screen, Word};

/// The disk, what is held back, the records, the tallies, and for how long they are kept.
pub(crate) fn question() -> Question<'static> {
    // Every minute that moves an SLO was written first.
    Question::one(&["storage"], &["slo"], draw)
}

fn draw(screen: &Screen, answer: Value) -> Result<String, Failure> {
    let storage: Storage = client::read(answer)?;
    let (tallies, retention) = (&storage.tallies, &storage.retention);
    let kept =
        format!("minutes {} days, hours {} days", retention.minutes_days, retention.hours_days);
    Ok(screen.sheet([
        ("Data directory", storage.data.as_str().into()),
        ("Disk", disk(&storage).into()),
        ("Telemetry", telemetry(&storage)),
        ("Held back", reserve(&storage)),
        ("Records", records(&storage).into()),
        ("Sample log", files(&tallies.log).into()),
        ("Checkpoints", files(&tallies.checkpoints).into()),
        ("… that could not be written", tallies.checkpoints_failed.to_string().into()),
        ("Sealed days", files(&tallies.segments).into()),
        ("… that could not be read", tallies.unreadable.to_string().into()),
        ("Series counted", tallies.series.to_string().into()),
        ("Kept", kept.into()),
    ]))
}

fn disk(storage: &Storage) -> String {
    storage.disk.as_ref().map_or_else(
        || "cannot be asked".to_owned(),
        |disk| format!("{} free of {}", size(disk.free_bytes), size(disk.bytes)),
    )
}

fn telemetry(storage: &Storage) -> Word {
    match &storage.disk {
        None => "taken until a write fails".into(),
        Some(disk) if disk.takes_telemetry => {
            format!("taken while {} are free", size(disk.telemetry_needs_bytes)).into()
        }
        Some(disk) => format!("refused until {} are free", size(disk.telemetry_needs_bytes)).into(),
    }
}

fn reserve(storage: &Storage) -> Word {
    let bytes = size(storage.reserve.bytes);
    match &*storage.reserve.state {
        "held" => bytes.into(),
        "ample" => format!("nothing: there is ample room; {bytes} before it gets scarce").into(),
        "given_up" => format!("nothing: {bytes} were given up to a full disk").into(),
        _ => "nothing".into(),
    }
}

fn records(storage: &Storage) -> String {
    let bytes = storage.records.bytes.map(|bytes| format!(", {}", size(bytes)));
    format!("{}{}", storage.records.store, bytes.unwrap_or_default())
}

fn files(Files { count, bytes }: &Files) -> String {
    let noun = if *count == 1 { "file" } else { "files" };
    format!("{} in {count} {noun}", size(*bytes))
}

/// Bytes by the largest unit of which there is one at least, in steps of 1024.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let steps = (bytes.ilog2() / 10).min(5);
    let shift = 10 * steps;
    // Tenths, rounded down: what is left is never said to be more.
    let tenths = (u128::from(bytes) * 10) >> shift;
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[steps as usize - 1])
}

#[cfg(test)]
mod tests;
