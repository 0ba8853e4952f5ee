//! Records: definitions, alerts, the outbox, releases and access, in SQLite or Postgres.
//!
//! One code path for both databases. Invariants: a [`Records::commit`] is all or nothing, and when
//! it answers `Ok` its effects are on disk; it carries the version of everything it was reckoned
//! from, and conflicts when one of them has moved on; timelines, revisions, attempts and decisions
//! are only ever appended. Times are whole microseconds and always the caller's: SQL never says
//! `now()`. Every key and every load carries a [`Scope`].
//!
//! It must not decide anything: no rule of the domain is here, none is in SQL.

mod effects;
mod location;
mod open;
mod writer;

mod access;
mod alerts;
mod decisions;
mod definitions;
mod deployments;
mod leases;
mod notifications;
mod sealing;
mod settings;
mod timeline;

pub mod backup;
mod blob;
mod fault;
mod fold;
mod look;
mod micros;
mod migration;
mod page;
mod rows;
mod schema;

use std::sync::Arc;

use plimsoll_domain::id::OrgId;
use sea_orm::{DatabaseConnection, DbErr};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

pub use access::{Answer, Membership, Message, PasswordLink, Person, Session, Token, Webhook};
pub use alerts::AlertFilter;
pub use decisions::DecisionFilter;
pub use definitions::{DefinitionsHead, Document, DocumentVersion, Revision};
pub use deployments::DeploymentFilter;
pub use effects::{Clash, CommitError, Effects, Read, Write};
pub use leases::LeaseAddress;
pub use location::{Location, LocationError, PostgresUrl};
pub use look::{Look, look, sqlite_version};
pub use notifications::{
    AttemptRecord, Balance, ChannelBalance, Claimed, NotificationFilter, NotificationRecord,
    NotificationState,
};
pub use page::{Listing, PAGE_LIMIT_MAX, PageRequest};
pub use sealing::{Audit, Batch, Fault, Known, SealedHead, Sealing, Signature, Violation, audit};
pub use timeline::{Entry, EntryFilter};

use open::Patience;
use writer::{Job, Order, Writer};

/// Whose records: the organisation that every key starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope(pub OrgId);

impl Scope {
    fn key(self) -> Uuid {
        self.0.uuid()
    }
}

/// A value and how often it was written, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// Its version, to be named as expected by the write that follows from it.
    pub version: u64,
}

/// Why the records cannot answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database refused or failed, and kept nothing of what it was given.
    #[error("the database failed")]
    Database(#[source] Arc<DbErr>),
    /// No space is left to write on; nothing was kept.
    #[error("no space is left where the records are kept ({place})")]
    Full {
        /// The directory, or the database server.
        place: String,
    },
    /// The database does not answer; nothing was kept.
    #[error("the database does not answer")]
    Away(#[source] Arc<DbErr>),
    /// There is no connection to the database server at the start.
    #[error("{place} cannot be reached: {why}")]
    Unreached {
        /// Its URL, without the password.
        place: String,
        /// What the first attempt met.
        why: String,
    },
    /// Whether a commit was kept is unknown. The process ends by it: see [`Fatal`].
    #[error("it is unknown whether the database kept a commit")]
    Undecided(#[source] Arc<DbErr>),
    /// SQLite's files could not be written or synced. The process ends by it: see [`Fatal`].
    #[error("SQLite's write-ahead log could not be folded into its file")]
    Unfolded(#[source] Arc<DbErr>),
    /// A newer program has changed the database beyond what this one understands.
    #[error(
        "the records were migrated by a newer Plimsoll: they need schema {oldest} or newer, and \
         this program has schema {ours}; run the newer program, or restore a backup from before"
    )]
    TooNew {
        /// The schema of the oldest program that may work on them.
        oldest: u64,
        /// This program's.
        ours: u64,
    },
    /// What is stored is not what this program stores.
    #[error("a stored {what} cannot be read: {why}")]
    Corrupt {
        /// Which noun.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A newer program stored it.
    #[error("a stored {what} has version {version}, and this program reads version {known}")]
    UnknownVersion {
        /// Which noun.
        what: &'static str,
        /// The version it says.
        version: u32,
        /// The version this program reads.
        known: u32,
    },
    /// The location cannot be used.
    #[error(transparent)]
    Location(Arc<LocationError>),
    /// A page was asked for by a cursor that no listing gave.
    #[error("the page cursor is not one that a listing gave")]
    Cursor,
    /// SQLite before 3.51.3 can corrupt a database when its write-ahead log is reset.
    #[error("SQLite {found} is too old: 3.51.3 is the first without the WAL-reset bug")]
    SqliteTooOld {
        /// The version linked into this program.
        found: String,
    },
    /// The records were closed.
    #[error("the records are closed")]
    Closed,
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match fault::of(&error) {
            fault::Fault::Full => Self::Full { place: "the disk of the database".to_owned() },
            fault::Fault::Away => Self::Away(Arc::new(error)),
            fault::Fault::Other => Self::Database(Arc::new(error)),
        }
    }
}

/// What is done when it is unknown what the disk has kept. Nothing may be acknowledged after
/// that, so [`Fatal::abort`] ends the process; a test may look instead.
#[derive(Clone)]
pub struct Fatal(Arc<dyn Fn(&Error) + Send + Sync>);

impl Fatal {
    /// Ends the process: on the next start the database says what it kept.
    pub fn abort() -> Self {
        Self::new(|error| {
            let error = error as &dyn std::error::Error;
            tracing::error!(error, "the records are in doubt; ending the process");
            std::process::abort();
        })
    }

    /// Does something else; the records are closed after it.
    pub fn new(act: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        Self(Arc::new(act))
    }

    fn act(&self, error: &Error) {
        (self.0)(error);
    }
}

impl std::fmt::Debug for Fatal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fatal")
    }
}

/// The records of one installation: a cheap handle on the pools and the writer.
#[derive(Debug, Clone)]
pub struct Records {
    reads: DatabaseConnection,
    writes: DatabaseConnection,
    writer: Writer,
    queue: mpsc::Sender<Order>,
}

impl Records {
    /// Opens the records there: creates what is missing and migrates. A commit in doubt ends the
    /// process.
    pub async fn open(location: &Location) -> Result<Self, Error> {
        Self::open_with(location, Fatal::abort()).await
    }

    /// The same, with another end.
    pub async fn open_with(location: &Location, fatal: Fatal) -> Result<Self, Error> {
        Self::open_patient(location, fatal, Patience::default()).await
    }

    async fn open_patient(
        location: &Location,
        fatal: Fatal,
        patience: Patience,
    ) -> Result<Self, Error> {
        let (writes, reads) = open::connect(location, patience).await?;
        let (queue, jobs) = mpsc::channel(writer::QUEUE_MAX);
        let place = location.place();
        let answer = matches!(location, Location::Postgres(_)).then_some(patience.answer);
        let writer = Writer { db: writes.clone(), fatal, place, answer };
        tokio::spawn(writer.clone().run(jobs));
        Ok(Self { reads, writes, writer, queue })
    }

    /// Records that are only read: every commit fails.
    fn reading(db: DatabaseConnection) -> Self {
        let (queue, _) = mpsc::channel(1);
        let (fatal, place) = (Fatal::abort(), String::new());
        let writer = Writer { db: db.clone(), fatal, place, answer: None };
        Self { reads: db.clone(), writes: db, writer, queue }
    }

    /// Finishes the commits that wait, then closes the database for every clone of this handle.
    pub async fn close(self) {
        let (answer, closed) = oneshot::channel();
        if self.queue.send(Order::Close(answer)).await.is_ok() {
            // An error says that the writer is gone, which is what is waited for.
            let _ = closed.await;
        }
        // The writing pool last: SQLite folds the log into the file when its last connection ends,
        // which a reader may not.
        for pool in [self.reads, self.writes] {
            if let Err(error) = pool.close().await {
                tracing::warn!(%error, "a database pool did not close cleanly");
            }
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.reads.ping().await?)
    }

    /// Commits all effects or none. `Ok` says that they are durable; a caller that stops waiting
    /// loses only the answer.
    pub async fn commit(&self, effects: Effects) -> Result<(), CommitError> {
        self.ask(|answer| Job::Commit { effects, answer }).await.map_err(CommitError::Store)?
    }

    /// Puts a job in the writer's queue and waits for its answer.
    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Order::Do(job(answer))).await.map_err(|_| Error::Closed)?;
        answered.await.map_err(|_| Error::Closed)
    }
}

#[cfg(test)]
mod tests;
