//! What a database's error means for whoever asked: is its disk full, is it away, and after a
//! failed COMMIT, may the commit have been kept all the same?
//!
//! Invariant: doubt is the default. A failed COMMIT counts as undone only for errors that are known
//! to be answered before anything is kept.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr};

/// What an error before the COMMIT means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// No space is left.
    Full,
    /// The database does not answer, or hung up.
    Away,
    /// Anything else.
    Other,
}

/// The primary result codes of SQLite that matter here (sqlite.org/rescode.html).
mod sqlite {
    pub(super) const BUSY: u32 = 5;
    pub(super) const IOERR: u32 = 10;
    pub(super) const FULL: u32 = 13;
    pub(super) const CONSTRAINT: u32 = 19;
}

/// What the error means, were it answered before the COMMIT.
pub(super) fn of(error: &DbErr) -> Fault {
    match sqlx(error) {
        Some(SqlxError::Database(error)) => of_answer(error.as_ref()),
        Some(
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::PoolTimedOut
            | SqlxError::WorkerCrashed,
        ) => Fault::Away,
        Some(_) => Fault::Other,
        None if matches!(error, DbErr::ConnectionAcquire(_)) => Fault::Away,
        None => Fault::Other,
    }
}

fn of_answer(error: &dyn DatabaseError) -> Fault {
    let code = error.code().unwrap_or_default();
    if let Some(code) = primary(error) {
        return if code == sqlite::FULL { Fault::Full } else { Fault::Other };
    }
    // Appendix A of the PostgreSQL manual. 57P0x: shut down, crashed, starting; 53300: too many
    // connections; 55P03, 57014 and 25P03: a lock, a statement, the next statement took too long.
    match &*code {
        "53100" => Fault::Full,
        "53300" | "55P03" | "57014" | "25P03" => Fault::Away,
        code if code.starts_with("08") || code.starts_with("57P") => Fault::Away,
        _ => Fault::Other,
    }
}

/// Whether a COMMIT that failed so is known to have kept nothing.
///
/// SQLite: a full disk means that the frame which makes a transaction valid was not written whole,
/// so SQLite undid it (pager.c, wal.c: `walFrames`); a constraint or a lock is answered before any
/// frame is. An I/O error may come from the sync after that frame, or from the index that is
/// extended after the sync: the next start may find the transaction valid.
///
/// Postgres: classes 23 and 40 are answered before the commit record is, but for 40003, which says
/// that the completion is unknown; 25P03 ended the session before it saw the COMMIT. Any other end
/// of a connection tells nothing.
pub(super) fn was_undone(error: &DbErr) -> bool {
    let Some(SqlxError::Database(error)) = sqlx(error) else { return false };
    if let Some(code) = primary(error.as_ref()) {
        return [sqlite::BUSY, sqlite::FULL, sqlite::CONSTRAINT].contains(&code);
    }
    let code = error.code().unwrap_or_default();
    code == "25P03" || code != "40003" && (code.starts_with("23") || code.starts_with("40"))
}

/// Whether SQLite could not read or write its files: what is on disk is then unknown.
pub(super) fn is_of_the_disk(error: &DbErr) -> bool {
    let Some(SqlxError::Database(error)) = sqlx(error) else { return false };
    primary(error.as_ref()) == Some(sqlite::IOERR)
}

fn sqlx(error: &DbErr) -> Option<&SqlxError> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other kind holds an error of sqlx")]
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// The primary result code, if the error is SQLite's; sqlx gives the extended one in decimal.
fn primary(error: &dyn DatabaseError) -> Option<u32> {
    use sea_orm::sqlx::sqlite::SqliteError;
    error.try_downcast_ref::<SqliteError>()?;
    error.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}
