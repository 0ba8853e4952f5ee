//! Store: [`records`] in SQL, on one code path for SQLite and Postgres, and [`tallies`], a log of
//! samples with the minutes it folds into. [`archive`] is a backup of both.
//!
//! It keeps what it is given and gives it back; it decides nothing. Nothing needs a commit across
//! both stores.

pub mod archive;
pub mod records;
pub mod tallies;

pub use records::{
    AlertFilter, Answer, AttemptRecord, Audit, Balance, Batch, ChannelBalance, Claimed, Clash,
    CommitError, DecisionFilter, DefinitionsHead, DeploymentFilter, Document, DocumentVersion,
    Effects, Entry, EntryFilter, Error, Fatal, Fault, Known, LeaseAddress, Listing, Location,
    LocationError, Membership, Message, NotificationFilter, NotificationRecord, NotificationState,
    PageRequest, PasswordLink, Person, PostgresUrl, Read, Records, Revision, Scope, SealedHead,
    Sealing, Session, Signature, Token, Versioned, Violation, Webhook, Write, audit,
};
