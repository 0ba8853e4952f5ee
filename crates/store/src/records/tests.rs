//! The conformance suite: what every database must do, run on each that is at hand. SQLite always
//! is; Postgres is when `PLIMSOLL_TEST_POSTGRES` names one (`scripts/with-postgres.sh`), in
//! which each test makes a schema of its own.

mod access;
mod alerts;
mod backup;
pub(in crate::records) mod bed;
mod bits;
mod blobs;
mod cancelled;
mod cluster;
mod definitions;
mod faults;
mod leases;
mod model;
mod notifications;
mod paging;
mod releases;
mod scopes;
mod sealing;
mod settings;
mod tampering;
mod webhooks;

mod writer;
