//! Backups of the tallies: what a start needs, held still while it is copied elsewhere.
//!
//! A checkpoint, the segments it names and the key say everything; the log is not needed, since a
//! start from a checkpoint without a log begins a new one there. All of these files are there whole
//! or not at all and never change, so a second name for each (a hard link) keeps it from being
//! pruned, and no byte is copied by the thread that owns the tallies.
//!
//! Invariant: what is held is everything that was appended before [`Tallies::hold`], durable or
//! not.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use jiff::Timestamp;

use super::segments::Segments;
use super::{CheckpointError, Identity, Replicas, Tallies, checkpoint, segments};

/// What a backup of tallies was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The position of the log that its checkpoint stands for.
    pub position: u64,
    /// Its series.
    pub series: u64,
    /// Sealed days in its segments.
    pub days: u64,
}

/// Why what lies in a directory is no backup of tallies.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// The file system refused.
    #[error("the tallies cannot be read")]
    Io(#[from] io::Error),
    /// Its parts do not fit together.
    #[error("the tallies cannot be read: {0}")]
    Unsound(String),
}

impl Tallies {
    /// Writes a checkpoint and gives it, its segments and the key a second name each under `into`,
    /// which is made and must be on the same file system. What was made of it is the caller's to
    /// remove, after an error too.
    ///
    /// # Errors
    /// Those of [`Tallies::checkpoint`], and of the file system.
    pub fn hold(&mut self, now: Timestamp, into: &Path) -> Result<(), CheckpointError> {
        self.checkpoint(now)?;
        let mut private = DirBuilder::new();
        private.recursive(true).mode(0o700);
        private.create(into.join("segments"))?;
        let link = |name: &Path| std::fs::hard_link(self.dir.join(name), into.join(name));
        link(Path::new("key"))?;
        link(&checkpoint::path_of(Path::new(""), self.checkpoint_at))?;
        for segment in self.segments.names() {
            link(&segments::path_of(Path::new("segments"), segment.number))?;
        }
        Ok(())
    }
}

/// Reads tallies that have a checkpoint and no log to the last byte, and changes nothing.
///
/// # Errors
/// When a start would have to do without any part of them.
pub fn check(dir: &Path) -> Result<Held, HeldError> {
    let unsound = |what: String| HeldError::Unsound(what);
    let key = std::fs::read(dir.join("key"))?;
    let identity = Identity::of_file(&key, Replicas::default())
        .ok_or_else(|| unsound("the key does not check".to_owned()))?;
    let (found, mut faults) =
        checkpoint::newest(dir).map_err(|error| unsound(error.to_string()))?;
    let found = found.ok_or_else(|| unsound("there is no whole checkpoint".to_owned()))?;
    let position = found.position;
    let mut segments = Segments::new(&dir.join("segments"))?;
    faults.extend(segments.load(&found.contents.segments));
    if let Some(fault) = faults.into_iter().next() {
        return Err(unsound(fault));
    }
    let fold = found.contents.fold.revived(|labels| identity.of(labels));
    let fold = fold.map_err(|error| unsound(error.to_string()))?;
    let days = segments.read_all().map_err(|(cell, day)| {
        unsound(format!("day {} of {cell:?} in a segment does not check", day.0))
    })?;
    Ok(Held { position, series: fold.series_count() as u64, days })
}
