//! Backups: everything that this installation keeps, in one file that can be restored.
//!
//! Flow: the tallies are held still by their own thread, then the records are exported from one
//! instant, then all of it is hashed and streamed. In this order, since tallies that lag behind the
//! definitions are made to follow them at the next start, and the other way round would end what
//! is counted.
//!
//! Invariant: what was acknowledged before a backup was asked for is in it. What is staged lies in
//! the data directory, and goes when the answer is over, however it ends; what a crash leaves is
//! removed by the next start.

mod restore;

use std::fs::DirBuilder;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use plimsoll_store::Location;
use plimsoll_store::archive::{self, KEY, RECORDS, TALLIES};
use plimsoll_store::records::backup::{Exported, export};
use plimsoll_store::tallies::{CheckpointError, OpenError, Tallies};
use tokio::sync::mpsc;

use super::engine::EngineError;
use super::{Failure, State};
use crate::config::Config;
use crate::lock::{DataLock, LockError};
use crate::work::lease;
use crate::world::World;

pub use plimsoll_store::archive::{ArchiveError, Manifest, check};
pub use plimsoll_store::records::backup::BackupError;
pub use restore::{RestoreError, Restored, restore};

/// What the names of directories begin with in which backups are staged.
const STAGE: &str = "backup-";

/// Parts of an export that wait to be written.
const PARTS: usize = 4;

/// A backup that is ready to be written.
pub struct Staged {
    dir: Stage,
    /// What it holds.
    pub manifest: Manifest,
}

impl Staged {
    /// Writes it.
    ///
    /// # Errors
    /// Refused when it cannot be read, or `out` takes no more.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), ArchiveError> {
        archive::write(&self.dir.0, &self.manifest, out)
    }
}

/// A directory that goes with the value.
struct Stage(PathBuf);

impl Stage {
    fn make(data: &Path, world: &World) -> std::io::Result<Self> {
        let name = format!("{STAGE}{:032x}", u128::from_le_bytes(world.bytes()));
        let dir = data.join(name);
        DirBuilder::new().mode(0o700).create(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::error!(%error, dir = %self.0.display(), "a staged backup was not removed");
        }
    }
}

/// Removes what backups left that a crash cut short. The data directory's lock is held.
pub(crate) fn sweep(data: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        let ours = entry.file_name().to_str().is_some_and(is_stage);
        if ours && entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Whether [`Stage::make`] gives such names.
fn is_stage(name: &str) -> bool {
    name.strip_prefix(STAGE).is_some_and(|number| {
        number.len() == 32 && number.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Stages a backup of the running server.
pub(crate) async fn stage(state: &State) -> Result<Staged, Failure> {
    // Elsewhere the minutes are those of before another took over.
    lease::required(state)?;
    let now = state.world.now();
    let data = &state.config.data;
    let dir = Stage::make(data, &state.world).context("making a place for the backup")?;
    state.engine.hold(now, dir.0.join(TALLIES)).await.map_err(not_held)?;
    let (out, parts) = mpsc::channel(PARTS);
    let export = async { state.records.export(out).await };
    let exported = spooled(&dir.0, parts, export).await.map_err(anyhow::Error::from)?;
    let key = data.join(KEY);
    finish(dir, &key, now, exported).await.map_err(|error| Failure::Internal(error.into()))
}

fn not_held(error: EngineError) -> Failure {
    let message = format!("the tallies cannot be backed up: {error}");
    match error {
        EngineError::Overloaded | EngineError::Starting | EngineError::Stopped => {
            Failure::Busy { code: "tallies_unavailable", message, retry_after_seconds: 5 }
        }
        EngineError::Damaged(_) | EngineError::Unwritable(_) => {
            Failure::Conflict { code: "tallies_unavailable", message }
        }
    }
}

/// Why a directory was not backed up.
#[derive(Debug, thiserror::Error)]
pub enum OfflineError {
    /// There is no installation there.
    #[error("there is nothing to back up in {}", .0.display())]
    Nothing(PathBuf),
    /// Another process holds it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The file system refused.
    #[error("the data directory cannot be read or written")]
    Io(#[from] std::io::Error),
    /// The tallies do not open.
    #[error("the tallies do not open")]
    Tallies(#[from] OpenError),
    /// The tallies cannot be held.
    #[error("the tallies cannot be held")]
    Checkpoint(#[from] CheckpointError),
    /// The records cannot be exported.
    #[error("the records cannot be exported")]
    Records(#[from] BackupError),
    /// The file cannot be described.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Stages a backup of a data directory that no server holds.
///
/// # Errors
/// Refused when a server holds it, or something in it cannot be read.
pub async fn stage_offline(config: &Config, world: &World) -> Result<Staged, OfflineError> {
    let data = &config.data;
    let location = config.location();
    let missing = |path: PathBuf| if path.exists() { Ok(()) } else { Err(path) };
    missing(data.join(KEY)).map_err(OfflineError::Nothing)?;
    if let Location::Sqlite(path) = &location {
        missing(path.clone()).map_err(OfflineError::Nothing)?;
    }
    let _lock = DataLock::take(data)?;
    sweep(data)?;
    let now = world.now();
    let dir = Stage::make(data, world)?;
    let settings = config.tallies.settings();
    let (mut tallies, _) = Tallies::open(&data.join(TALLIES), world.bytes(), settings)?;
    tallies.hold(now, &dir.0.join(TALLIES))?;
    tallies.close(now)?;
    let (out, parts) = mpsc::channel(PARTS);
    let exported = spooled(&dir.0, parts, export(&location, out)).await?;
    Ok(finish(dir, &data.join(KEY), now, exported).await?)
}

/// Writes an export into its file, off the threads that serve.
async fn spooled(
    dir: &Path,
    mut parts: mpsc::Receiver<Vec<u8>>,
    export: impl Future<Output = Result<Exported, BackupError>>,
) -> Result<Exported, BackupError> {
    let path = dir.join(RECORDS);
    let spool = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
        let mut file = std::fs::File::create(path)?;
        while let Some(part) = parts.blocking_recv() {
            file.write_all(&part)?;
        }
        Ok(())
    });
    let (exported, spooled) = tokio::join!(export, spool);
    // Its failure is why the export found nobody to send to.
    spooled.map_err(std::io::Error::other)??;
    exported
}

async fn finish(
    dir: Stage,
    key: &Path,
    now: Timestamp,
    exported: Exported,
) -> Result<Staged, ArchiveError> {
    std::fs::hard_link(key, dir.0.join(KEY))?;
    let described = tokio::task::spawn_blocking(move || {
        Manifest::of(&dir.0, now, exported).map(|manifest| Staged { dir, manifest })
    });
    described.await.map_err(std::io::Error::other)?
}
