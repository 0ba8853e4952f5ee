//! Store: [`records`] in SQL, on one code path for SQLite and Postgres.
//!
//! It keeps what it is given and gives it back; it decides nothing.

pub mod records;

pub use records::{
    AlertFilter, AttemptRecord, Balance, Claimed, CommitError, DecisionFilter, DefinitionsHead,
    DeploymentFilter, Document, DocumentVersion, Effects, Entry, Error, Listing, Location,
    NotificationRecord, PageRequest, Person, Read, Records, Revision, Scope, Session, Token,
    Versioned, Write,
};
