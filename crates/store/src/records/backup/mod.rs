//! Backups of the records: every table, every column, as typed rows in one file that neither SQLite
//! nor Postgres has a part in.
//!
//! ```text
//! file  = "PLIMREC1" · frames
//! frame = length of what follows u32 · a `Frame` (postcard)
//! ```
//! The first frame names the migrations, then follow tables, each with its rows behind it, and the
//! last frame says how many there were. Tables and columns are those that the database has, never a
//! list that somebody keeps.
//!
//! Invariant: an export is of one instant, and an import is all of it in one transaction, or
//! nothing.
//! Memory is bounded by [`BATCH_BYTES`] and the largest row.

mod export;
mod import;
mod tables;

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use super::Error;

pub use export::export;
pub use import::{import, refuse_occupied};

const MAGIC: &[u8; 8] = b"PLIMREC1";

/// About how many bytes of rows share a frame.
const BATCH_BYTES: usize = 256 << 10;

/// No frame is longer: a batch, and one row of several documents.
const FRAME_MAX: u32 = 64 << 20;

/// What an export holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// The migrations that made its tables.
    pub migrations: Vec<String>,
    /// The tables, each with its rows.
    pub tables: Vec<(String, u64)>,
}

/// Why there is no export, or why it was not imported.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] Error),
    /// The file cannot be read or written.
    #[error("the file of the records cannot be read or written")]
    Io(#[from] io::Error),
    /// The file is not what an export writes.
    #[error("the file of the records is damaged: {0}")]
    Damaged(String),
    /// A newer program wrote it.
    #[error(
        "the backup has the migration `{0}`, which this program does not know: use a newer one"
    )]
    Newer(String),
    /// The database is in use.
    #[error("the database is not empty: it has the table `{0}`; restore into an empty one")]
    Occupied(String),
    /// The backup and the tables that its migrations make differ.
    #[error("the backup does not fit the tables of its migrations: {0}")]
    Misfit(String),
}

impl From<sea_orm::DbErr> for BackupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// What a column holds, on either database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Integer,
    Boolean,
    Real,
    Text,
    Blob,
    Uuid,
}

/// A value of a column: an id is the sixteen bytes of a blob.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Cell {
    Null,
    Integer(i64),
    Boolean(bool),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Column {
    name: String,
    kind: Kind,
}

/// A part of the file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Frame {
    Head { migrations: Vec<String> },
    Table { name: String, columns: Vec<Column> },
    Rows(Vec<Vec<Cell>>),
    End { tables: u64, rows: u64 },
}

impl Cell {
    fn bytes(&self) -> usize {
        match self {
            Self::Null | Self::Boolean(_) => 1,
            Self::Integer(_) | Self::Real(_) => 8,
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
        }
    }
}

impl Frame {
    fn encode(&self) -> Result<Vec<u8>, BackupError> {
        let mut bytes = postcard::to_extend(self, vec![0; 4]).map_err(io::Error::other)?;
        let length = u32::try_from(bytes.len() - 4).ok().filter(|length| *length <= FRAME_MAX);
        let length = length.ok_or_else(|| io::Error::other("a row is too large for a backup"))?;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        Ok(bytes)
    }

    fn read(input: &mut dyn Read) -> Result<Self, BackupError> {
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if length > FRAME_MAX {
            return Err(BackupError::Damaged(format!("a frame of {length} bytes")));
        }
        let mut bytes = vec![0; length as usize];
        input.read_exact(&mut bytes)?;
        postcard::from_bytes(&bytes).map_err(|error| BackupError::Damaged(error.to_string()))
    }
}

/// The migrations that were applied to a database.
pub(super) async fn migrations_of(
    db: &sea_orm::DatabaseConnection,
) -> Result<Vec<String>, sea_orm::DbErr> {
    tables::migrations(db).await
}
