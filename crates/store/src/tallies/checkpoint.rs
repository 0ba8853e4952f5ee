//! Checkpoints: everything that the log up to a position came to.
//!
//! ```text
//! checkpoint = "PLIMCHK1" · position u64 · payload length u64 · CRC-32C of these and payload u32
//!              · payload (postcard)
//! ```
//! Each is a file of its own, named by its position, there whole or not at all. The newest two are
//! kept, and the log from the older one on: if one is damaged, the other and more of the log say
//! the same. A checkpoint names the segments it counts on.

use std::io;
use std::path::{Path, PathBuf};

use plimsoll_domain::slo::fold::Fold;
use plimsoll_domain::slo::tally::Declarations;
use serde::{Deserialize, Serialize};

use super::OpenError;
use super::identity::create;
use super::segments::SegmentName;

const MAGIC: &[u8; 8] = b"PLIMCHK1";
const HEAD: usize = 28;

/// How many are kept.
const KEPT: usize = 2;

/// What a checkpoint holds, version 1. `F` is the fold, borrowed or owned.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Contents<F> {
    /// The form of what follows.
    pub(super) version: u32,
    /// Declarations that came before.
    pub(super) epoch: u64,
    /// What is wanted.
    pub(super) declared: Option<Declarations>,
    /// Clusters, with the last time their elected replica was heard, by our clock.
    pub(super) heard: Vec<(String, i64)>,
    /// The segments that hold what the fold put away.
    pub(super) segments: Vec<SegmentName>,
    /// Everything else.
    pub(super) fold: F,
}

pub(super) const VERSION: u32 = 2;

/// A checkpoint that was read.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) position: u64,
    /// Its size.
    pub(super) bytes: u64,
    pub(super) contents: Contents<Fold>,
}

/// Writes a checkpoint of everything before `position`, durable when it returns; returns its size.
/// It is thought to be not much larger than `size`.
pub(super) fn write(
    dir: &Path,
    position: u64,
    contents: &Contents<&Fold>,
    size: usize,
) -> io::Result<u64> {
    // A text that grows by itself is held twice over when it doubles.
    let mut bytes = Vec::with_capacity(size + size / 8);
    bytes.resize(HEAD, 0);
    bytes = postcard::to_extend(contents, bytes).map_err(io::Error::other)?;
    let length = (bytes.len() - HEAD) as u64;
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..16].copy_from_slice(&position.to_le_bytes());
    bytes[16..24].copy_from_slice(&length.to_le_bytes());
    let check = checksum(&bytes);
    bytes[24..28].copy_from_slice(&check.to_le_bytes());
    create(&path_of(dir, position), &bytes)?;
    Ok(bytes.len() as u64)
}

/// Reads the newest checkpoint whose checksum holds. Says what was wrong with newer ones.
pub(super) fn newest(dir: &Path) -> Result<(Option<Found>, Vec<String>), OpenError> {
    let mut faults = Vec::new();
    for position in positions(dir)?.into_iter().rev() {
        let path = path_of(dir, position);
        let io = |source| OpenError::Io { path: path.display().to_string(), source };
        match read(&std::fs::read(&path).map_err(io)?, position) {
            Ok(found) => return Ok((Some(found), faults)),
            Err(reason) => faults.push(format!("{}: {reason}", path.display())),
        }
    }
    Ok((None, faults))
}

/// Deletes all but the newest ones; returns the position of the oldest that is kept.
pub(super) fn prune(dir: &Path) -> Result<u64, OpenError> {
    let positions = positions(dir)?;
    let (old, kept) = positions.split_at(positions.len().saturating_sub(KEPT));
    for position in old {
        let path = path_of(dir, *position);
        let io = |source| OpenError::Io { path: path.display().to_string(), source };
        std::fs::remove_file(&path).map_err(io)?;
    }
    // With a single one kept, the log must still say all of it by itself.
    Ok(if kept.len() < KEPT { 0 } else { kept[0] })
}

/// The segments that any kept checkpoint counts on.
pub(super) fn named_segments(dir: &Path) -> Result<Vec<SegmentName>, OpenError> {
    let mut named = Vec::new();
    for position in positions(dir)? {
        let path = path_of(dir, position);
        let io = |source| OpenError::Io { path: path.display().to_string(), source };
        if let Ok(found) = read(&std::fs::read(&path).map_err(io)?, position) {
            named.extend(found.contents.segments);
        }
    }
    Ok(named)
}

fn read(bytes: &[u8], position: u64) -> Result<Found, String> {
    let head = bytes.get(..HEAD).ok_or("it is cut short")?;
    let payload = &bytes[HEAD..];
    let length = u64::from_le_bytes(std::array::from_fn(|i| head[16 + i]));
    if head[..8] != MAGIC[..] || head[8..16] != position.to_le_bytes() {
        return Err("it is no checkpoint of this position".to_owned());
    }
    if length != payload.len() as u64 || head[24..28] != checksum(bytes).to_le_bytes() {
        return Err("it does not check".to_owned());
    }
    let contents: Contents<Fold> =
        postcard::from_bytes(payload).map_err(|error| format!("it does not read: {error}"))?;
    if contents.version != VERSION {
        return Err(format!("a program with another format wrote it ({})", contents.version));
    }
    Ok(Found { position, bytes: bytes.len() as u64, contents })
}

fn checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&bytes[..24]), &bytes[HEAD..])
}

/// The file of a position.
pub(super) fn path_of(dir: &Path, position: u64) -> PathBuf {
    dir.join(format!("checkpoint-{position:020}"))
}

fn positions(dir: &Path) -> Result<Vec<u64>, OpenError> {
    let io = |source| OpenError::Io { path: dir.display().to_string(), source };
    let mut positions = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        let digits = name.to_str().and_then(|name| name.strip_prefix("checkpoint-"));
        positions.extend(digits.and_then(|digits| digits.parse::<u64>().ok()));
    }
    positions.sort_unstable();
    Ok(positions)
}
