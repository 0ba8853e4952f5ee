//! Room on the disk: telemetry stops while there is still some, and a file of nothing is held back
//! for what must go on when there is none left.
//!
//! Invariant: alerts, deployments and decisions have the reserve to themselves. Telemetry is
//! refused long before the disk is full, and taken again as soon as there is room. The reserve is
//! given up when a commit met a full disk, and made again once it fits beside the room that
//! telemetry leaves. While a disk is far from full nothing is held back.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use rustix::io::Errno;

/// Telemetry is refused when less than a twentieth of the disk is free, and on large disks when
/// less than this is.
const LOW_BYTES_MAX: u64 = 1 << 30;

/// With so much free nothing is held back yet: no disk fills it between two looks, which are
/// seconds apart.
const AMPLE_BYTES: u64 = 16 << 30;

/// What is written at a time where space cannot be asked for.
static BLOCK: [u8; 64 << 10] = [0; 64 << 10];

/// The file that holds space back.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
    bytes: u64,
    /// It is made when less than this is free.
    ample_bytes: u64,
    /// One change at a time.
    changing: Mutex<()>,
}

/// A disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Space {
    total: u64,
    free: u64,
}

impl Reserve {
    /// The reserve of a data directory; nothing is made yet.
    pub(crate) fn new(data: &Path, bytes: u64) -> Self {
        let path = data.join("reserve");
        Self { path, bytes, ample_bytes: AMPLE_BYTES, changing: Mutex::new(()) }
    }

    /// Whether telemetry may take more: what a reserve that was given up leaves is none of its. A
    /// disk that cannot be asked has room until a write fails.
    pub(crate) fn leaves_room(&self) -> bool {
        self.space().is_none_or(|space| {
            let owed = if self.path.exists() { 0 } else { space.reserve(self.bytes) };
            space.free >= space.low() + owed
        })
    }

    /// After a commit that failed: gives the reserve up if the disk is as good as full. Says
    /// whether it did, which is worth another try.
    pub(crate) fn relieve(&self) -> bool {
        let _changing = self.changing.lock().expect("no holder of the reserve panics");
        let full = self.space().is_some_and(|space| space.free < space.low());
        let relieved = full && fs::remove_file(&self.path).is_ok();
        if relieved {
            tracing::error!(
                "the disk is full; telemetry is refused, and alerts live on the reserve"
            );
        }
        relieved
    }

    /// Makes it if it is not there, may soon be needed, and fits.
    pub(crate) fn keep(&self) -> io::Result<()> {
        let _changing = self.changing.lock().expect("no holder of the reserve panics");
        let Some(space) = self.space() else { return Ok(()) };
        let bytes = space.reserve(self.bytes);
        let fits = space.free >= space.low() + bytes;
        if bytes == 0 || self.path.exists() || space.free >= self.ample_bytes || !fits {
            return Ok(());
        }
        let made = self.make(bytes);
        if made.is_err() {
            // Half a reserve would be taken for a whole one.
            fs::remove_file(&self.path)?;
        }
        made
    }

    fn make(&self, bytes: u64) -> io::Result<()> {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).open(&self.path)?;
        match fallocate(&file, FallocateFlags::empty(), 0, bytes) {
            Err(Errno::OPNOTSUPP) => {
                for _ in 0..bytes.div_ceil(BLOCK.len() as u64) {
                    file.write_all(&BLOCK)?;
                }
                Ok(())
            }
            asked => asked.map_err(io::Error::from),
        }
    }

    fn space(&self) -> Option<Space> {
        let found = statvfs(self.path.parent()?).ok()?;
        Some(Space {
            total: found.f_blocks.saturating_mul(found.f_frsize),
            free: found.f_bavail.saturating_mul(found.f_frsize),
        })
    }
}

impl Space {
    /// Below it telemetry is refused.
    fn low(self) -> u64 {
        (self.total / 20).min(LOW_BYTES_MAX)
    }

    /// How much of what was asked for is held back: no more than an eighth of the disk.
    fn reserve(self, asked: u64) -> u64 {
        asked.min(self.total / 8)
    }
}

#[cfg(test)]
mod tests;
