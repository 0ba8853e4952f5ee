//! Opening: two pools on one database, one to write and one to read, with the settings that
//! durability and isolation rest on.
//!
//! SQLite: write-ahead log, `synchronous=FULL`, one writing connection, readers that cannot write;
//! what is deleted is overwritten. A connection that is still in a transaction is closed before it
//! is lent again: SQLite undoes a transaction by itself when a COMMIT meets a full disk, and sqlx
//! 0.9.0 goes on counting it.
//! Postgres: connections are rolled back before they are lent, since a cancelled `BEGIN` of sqlx
//! 0.9.0 otherwise hands the next borrower an open transaction; one that has died is replaced. A
//! server, or another replica on it, that stands still is not waited for without end: [`Patience`].

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::location::PostgresUrl;
use super::migration::migrate;
use super::{Error, Location};
use sea_orm::sqlx::postgres::{PgConnection, PgPoolOptions};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _, Executor as _};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionOptions, TransactionTrait,
};

const SQLITE_OLDEST: [u32; 3] = [3, 51, 3];
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 8;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection to Postgres is waited for before the database counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// A server may be set to answer before a commit is on disk; not to us.
const DURABLE: &str = "SELECT set_config('synchronous_commit', 'on', false) \
                       WHERE current_setting('synchronous_commit') IN ('off', 'local')";

/// Ends whatever transaction is open. A `ROLLBACK` without one is a warning in the server's log and
/// in ours, each time.
const CLEAN: &str = "BEGIN; ROLLBACK";

/// How long what stands still on Postgres is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// The server ends a session that leaves its transaction idle for so long: what a replica that
    /// was stopped in the middle of one has locked is free again.
    pub(super) idle: Duration,
    /// For a lock. Longer than `idle`, so that one which such a replica holds is still got.
    pub(super) lock: Duration,
    /// For one statement.
    pub(super) statement: Duration,
    /// For the answers to a transaction of the writer, and then to its COMMIT: the server may be
    /// the one that stands still, or the network.
    pub(super) answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(10),
            lock: Duration::from_secs(15),
            statement: Duration::from_secs(30),
            answer: Duration::from_secs(45),
        }
    }
}

impl Patience {
    /// What tells the server.
    fn settings(self) -> String {
        let Self { idle, lock, statement, .. } = self;
        format!(
            "SET idle_in_transaction_session_timeout = {}; SET lock_timeout = {}; \
             SET statement_timeout = {}",
            idle.as_millis(),
            lock.as_millis(),
            statement.as_millis()
        )
    }
}

/// The pools to write and to read by, on a migrated database.
pub(super) async fn connect(
    location: &Location,
    patience: Patience,
) -> Result<(DatabaseConnection, DatabaseConnection), Error> {
    if let Location::Postgres(url) = location {
        reach(url).await?;
        // A migration may take its time.
        let migrating = postgres(url, 1, None).await?;
        migrate(&migrating).await?;
        migrating.close().await?;
    }
    let (writes, reads) = pools(location, Some(patience)).await?;
    if let Location::Sqlite(_) = location {
        migrate(&writes).await?;
    }
    Ok((writes, reads))
}

/// The pools to write and to read by; without patience all of it in the world.
pub(super) async fn pools(
    location: &Location,
    patience: Option<Patience>,
) -> Result<(DatabaseConnection, DatabaseConnection), Error> {
    match location {
        Location::Sqlite(path) => {
            let writes = sqlite(path, 1, false).await?;
            refuse_old_sqlite(&writes).await?;
            refuse_unsound(&writes).await?;
            Ok((writes, sqlite(path, SQLITE_READERS, true).await?))
        }
        Location::Postgres(url) => {
            let writes = postgres(url, 1, patience).await?;
            Ok((writes, postgres(url, POSTGRES_READERS, patience).await?))
        }
    }
}

/// A pool that cannot write, on a database that must be there and may be in use; nothing is
/// migrated.
pub(super) async fn read_only(location: &Location) -> Result<DatabaseConnection, Error> {
    match location {
        Location::Sqlite(path) => {
            let options = SqliteConnectOptions::new()
                .filename(path)
                .read_only(true)
                .busy_timeout(BUSY_TIMEOUT)
                .pragma("query_only", "ON");
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
            Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.map_err(connect_error)?))
        }
        Location::Postgres(url) => Ok(postgres(url, 1, None).await?),
    }
}

/// Has SQLite read the whole file: pages, keys, and whether each index holds each row. The schema's
/// text is read first: where a declared type is no text, sqlx 0.9.0 loses its worker in the middle
/// of a query, and takes what it has by then for all there is.
async fn refuse_unsound(db: &DatabaseConnection) -> Result<(), Error> {
    let ask = Statement::from_string(DbBackend::Sqlite, "SELECT sql FROM sqlite_master");
    for row in db.query_all_raw(ask).await? {
        row.try_get_by_index::<Option<String>>(0)?;
    }
    let ask = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check(1)");
    let row = db.query_one_raw(ask).await?;
    let found = match row {
        Some(row) => row.try_get_by_index::<String>(0)?,
        None => "nothing".to_owned(),
    };
    if found == "ok" { Ok(()) } else { Err(Error::Corrupt { what: "database", why: found }) }
}

/// Begins a transaction that writes: on SQLite it takes the write lock at once, since one that
/// reads first and then writes fails when another wrote in between.
pub(super) async fn begin_write(writes: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    writes.begin_with_options(options).await
}

/// Begins a transaction whose reads all see one instant, as every SQLite transaction does.
pub(super) async fn begin_snapshot(
    reads: &DatabaseConnection,
) -> Result<DatabaseTransaction, DbErr> {
    if reads.get_database_backend() == DbBackend::Sqlite {
        return reads.begin().await;
    }
    reads.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await
}

async fn sqlite(
    path: &Path,
    connections: u32,
    query_only: bool,
) -> Result<DatabaseConnection, DbErr> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(!query_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // What was erased is overwritten, and not only forgotten.
        .pragma("secure_delete", "ON")
        .pragma("query_only", if query_only { "ON" } else { "OFF" })
        // SQLite does not tell when what it does by itself fails; `fold` does it instead.
        .pragma("wal_autocheckpoint", "0");
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .before_acquire(|connection, _| {
            Box::pin(async move { Ok(!connection.is_in_transaction()) })
        })
        .connect_with(options)
        .await
        .map_err(connect_error)?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

async fn postgres(
    url: &PostgresUrl,
    connections: u32,
    patience: Option<Patience>,
) -> Result<DatabaseConnection, Error> {
    let options = url.options().map_err(|error| Error::Location(Arc::new(error)))?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // What is said before each loan finds out as much.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(DURABLE).await?;
                if let Some(patience) = patience {
                    connection.execute(AssertSqlSafe(patience.settings())).await?;
                }
                Ok(())
            })
        })
        .before_acquire(|connection, _| {
            Box::pin(async move { connection.execute(CLEAN).await.map(|_| true) })
        })
        .connect_with(options)
        .await
        .map_err(connect_error)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// Connects once: a pool tries until its time is up, and then tells of that alone.
async fn reach(url: &PostgresUrl) -> Result<(), Error> {
    let options = url.options().map_err(|error| Error::Location(Arc::new(error)))?;
    let reached = tokio::time::timeout(ACQUIRE_TIMEOUT, PgConnection::connect_with(&options));
    let why = match reached.await {
        Ok(Ok(connection)) => return Ok(connection.close().await.map_err(connect_error)?),
        Ok(Err(sqlx::Error::Io(error))) => error.to_string(),
        Ok(Err(sqlx::Error::Database(error))) => error.message().to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} s", ACQUIRE_TIMEOUT.as_secs()),
    };
    Err(Error::Unreached { place: url.to_string(), why })
}

fn connect_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))
}

async fn refuse_old_sqlite(db: &DatabaseConnection) -> Result<(), Error> {
    let found = sqlite_version(db).await?;
    if sqlite_is_sound(&found) { Ok(()) } else { Err(Error::SqliteTooOld { found }) }
}

/// The version of SQLite that is linked in; empty when it does not say.
pub(super) async fn sqlite_version(db: &DatabaseConnection) -> Result<String, Error> {
    let ask = Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version() AS version");
    let row = db.query_one_raw(ask).await?;
    Ok(match row {
        Some(row) => row.try_get("", "version")?,
        None => String::new(),
    })
}

/// Whether a version text such as `3.51.3` is recent enough; one that cannot be read is not.
pub(super) fn sqlite_is_sound(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    parts.len() >= SQLITE_OLDEST.len() && parts.as_slice() >= SQLITE_OLDEST.as_slice()
}

#[cfg(test)]
mod tests;
