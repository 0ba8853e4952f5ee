//! Folding SQLite's write-ahead log into its file. SQLite would do so by itself after a commit, and
//! say nothing when a sync fails; asked for, it tells.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

/// So many pages of 4 KiB are worth two syncs: SQLite's own measure.
const PAGES: i64 = 1_000;

/// Folds the log, if there is one and it is long. What readers still look at is left for later.
pub(super) async fn when_long(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let Logged { pages, folded } = checkpoint(db, "NOOP").await?;
    if pages - folded >= PAGES {
        checkpoint(db, "PASSIVE").await?;
    }
    Ok(())
}

/// Pages in the log, and how many of them are in the file as well.
struct Logged {
    pages: i64,
    folded: i64,
}

/// A busy checkpoint has folded less, and is no error (sqlite.org/pragma.html, `wal_checkpoint`).
async fn checkpoint(db: &DatabaseConnection, mode: &str) -> Result<Logged, DbErr> {
    let ask = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA wal_checkpoint({mode})"));
    let row = db.query_one_raw(ask).await?;
    let row = row.ok_or_else(|| DbErr::Custom("a checkpoint without an answer".to_owned()))?;
    Ok(Logged { pages: row.try_get_by_index(1)?, folded: row.try_get_by_index(2)? })
}
