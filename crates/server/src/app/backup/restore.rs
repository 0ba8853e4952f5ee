//! Restoring: a backup becomes a data directory, whole or not at all.
//!
//! Flow: read all of the file and check it; unpack it beside where it is to be; import the records
//! in one transaction; open everything and prove that it reads; rename. Invariant: before the file
//! was found whole nothing is written, and at the place itself there is nothing or all of it.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use plimsoll_api::v1::seal::Verification;
use plimsoll_store::archive::{self, ArchiveError, KEY, Manifest, RECORDS, TALLIES};
use plimsoll_store::records::backup::{BackupError, import, refuse_occupied};
use plimsoll_store::tallies::{self, Held, HeldError};
use plimsoll_store::{Location, Records};

use crate::app::seals::{self, VerifyError};
use crate::config::Config;
use crate::lock::{DataLock, LockError};

/// The file of the records in a data directory.
const DATABASE: &str = "records.db";

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// What the backup held.
    pub manifest: Manifest,
    /// Series that are counted.
    pub series: u64,
    /// Sealed days.
    pub days: u64,
    /// What became of history.
    pub history: Verification,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file cannot be opened.
    #[error("{} cannot be read", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is something already.
    #[error("{} is not empty, and a restore is never over something", .0.display())]
    Occupied(PathBuf),
    /// The place beside it is somebody else's.
    #[error("{} is in the way, and no restore made it", .0.display())]
    InTheWay(PathBuf),
    /// Another process restores there.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The backup is not whole.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The records do not go into the database.
    #[error("the records cannot be restored")]
    Import(#[from] BackupError),
    /// The records do not open.
    #[error("the restored records do not open")]
    Records(#[from] plimsoll_store::Error),
    /// The tallies do not read.
    #[error("the restored tallies do not read")]
    Tallies(#[from] HeldError),
    /// History cannot be asked.
    #[error("the restored history cannot be verified")]
    History(#[from] VerifyError),
    /// The file system refused.
    #[error("the data directory cannot be written")]
    Io(#[from] std::io::Error),
}

/// Restores the backup in `file` into the data directory of the configuration, and its records into
/// the database of the configuration: SQLite in that directory, unless it names another.
///
/// # Errors
/// Refused when either is in use, and when the backup is damaged or of a newer program.
pub async fn restore(config: &Config, file: &Path) -> Result<Restored, RestoreError> {
    // A name without `.` at its end, beside which there can be another.
    let data = &std::path::absolute(&config.data)?;
    let opened = || File::open(file).map(BufReader::new);
    let unreadable = |source| RestoreError::File { path: file.to_owned(), source };
    let mut input = opened().map_err(unreadable)?;
    let manifest = archive::check(&mut input)?;
    vacant(data)?;
    let elsewhere = config.location() != inside(&config.data);
    if elsewhere {
        refuse_occupied(&config.location()).await?;
    }
    let place = Place::make(data)?;
    let mut input = opened().map_err(unreadable)?;
    archive::extract(&mut input, &place.dir)?;
    let location = if elsewhere { config.location() } else { inside(&place.dir) };
    let mut records = BufReader::new(File::open(place.dir.join(RECORDS))?);
    import(&location, &mut records).await?;
    std::fs::remove_file(place.dir.join(RECORDS))?;
    let (held, history) = prove(config, &place.dir, location).await?;
    place.settle(data)?;
    let Held { series, days, .. } = held;
    Ok(Restored { manifest, series, days, history })
}

fn inside(dir: &Path) -> Location {
    Location::Sqlite(dir.join(DATABASE))
}

/// Refuses a directory with anything in it.
fn vacant(data: &Path) -> Result<(), RestoreError> {
    match std::fs::read_dir(data) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(RestoreError::Occupied(data.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Opens what was restored, which takes the records to this program's schema.
async fn prove(
    config: &Config,
    dir: &Path,
    location: Location,
) -> Result<(Held, Verification), RestoreError> {
    Records::open(&location).await?.close().await;
    let held = tallies::check(&dir.join(TALLIES))?;
    let there = Config { data: dir.to_owned(), ..config.clone() };
    let history = seals::verify(&there, None, None).await?;
    Ok((held, history))
}

/// The directory beside the place, in which a restore is made; gone unless it is settled.
struct Place {
    dir: PathBuf,
    settled: bool,
    _lock: DataLock,
}

impl Place {
    fn make(data: &Path) -> Result<Self, RestoreError> {
        let dir = data.with_added_extension("partial");
        if !left_over(&dir)? {
            return Err(RestoreError::InTheWay(dir));
        }
        let lock = DataLock::take(&dir)?;
        let place = Self { dir, settled: false, _lock: lock };
        for name in [KEY, RECORDS, "records.db", "records.db-wal", "records.db-shm"] {
            let path = place.dir.join(name);
            if path.exists() {
                std::fs::remove_file(path)?;
            }
        }
        let tallies = place.dir.join(TALLIES);
        if tallies.exists() {
            std::fs::remove_dir_all(tallies)?;
        }
        Ok(place)
    }

    /// Moves it to where it is to be, durably.
    fn settle(mut self, data: &Path) -> Result<(), RestoreError> {
        File::open(&self.dir)?.sync_all()?;
        std::fs::rename(&self.dir, data)?;
        self.settled = true;
        let parent = data.parent().filter(|parent| !parent.as_os_str().is_empty());
        Ok(File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.settled
            && let Err(error) = std::fs::remove_dir_all(&self.dir)
        {
            tracing::error!(%error, dir = %self.dir.display(), "what was restored was not removed");
        }
    }
}

/// Whether a directory is not there, or holds nothing but what a restore puts into it.
fn left_over(dir: &Path) -> std::io::Result<bool> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name();
        let ours = name.to_str().is_some_and(|name| {
            matches!(name, "lock" | KEY | RECORDS | TALLIES) || name.starts_with(DATABASE)
        });
        if !ours {
            return Ok(false);
        }
    }
    Ok(true)
}
