//! `plimsoll restore`: a backup becomes a data directory, whole or not at all.

use std::path::PathBuf;

use plimsoll_server::app::backup::{BackupError, RestoreError, Restored, restore};

use plimsoll_server::config::Flags;

use super::serve;
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::render::{self, Screen};

/// What `restore` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The backup.
    file: PathBuf,
    /// Where to; a directory that is empty or not there. ./plimsoll-data unless the configuration
    /// says otherwise.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Put the records into this database, which must be empty: a postgres:// URL.
    #[arg(long, value_name = "STORE", env = "PLIMSOLL_STORE", hide_env_values = true)]
    store: Option<String>,
    /// Restore to where this process configuration (TOML) says.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Restores, and says what it found.
pub(crate) async fn run(args: Args, screen: &Screen) -> Result<Exit, Failure> {
    let Args { file, data, store, config } = args;
    let config = serve::load(config.as_deref(), Flags { data, listen: None, store })?;
    let progress = Progress::of("restoring, and proving what was restored");
    let restored = restore(&config, &file).await.map_err(refused)?;
    drop(progress);
    let Restored { manifest, series, days, history } = restored;
    let rows: u64 = manifest.tables.iter().map(|(_, rows)| rows).sum();
    let told = format!(
        "Restored the backup of {} (Plimsoll {}) into {}: {rows} rows in {} tables, {series} \
         series, {days} sealed days.",
        manifest.created_at,
        manifest.program,
        config.data.display(),
        manifest.tables.len(),
    );
    let verified = render::seal::verification(screen, &history);
    screen.print(&render::page([screen.prose(&told), verified]))?;
    // It is what was backed up, and that had been changed before.
    Ok(if history.intact { Exit::Ok } else { Exit::Refused })
}

fn refused(error: RestoreError) -> Failure {
    let failure = Failure::of(&error);
    match error {
        RestoreError::Occupied(_) | RestoreError::InTheWay(_) => {
            failure.hint("name another directory with --data, or move what is there away")
        }
        RestoreError::Import(BackupError::Occupied(_)) => {
            failure.hint("name another database, or drop its tables when nobody needs them")
        }
        RestoreError::Archive(_) => failure.hint("nothing was written; try another copy of it"),
        RestoreError::File { .. }
        | RestoreError::Lock(_)
        | RestoreError::Import(_)
        | RestoreError::Records(_)
        | RestoreError::Tallies(_)
        | RestoreError::History(_)
        | RestoreError::Io(_) => failure,
    }
}
