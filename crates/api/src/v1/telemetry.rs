//! What came in, and what was made of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Counts since the process started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Telemetry {
    /// Samples taken into a tally.
    pub accepted: u64,
    /// Samples of series that no definition names.
    pub undeclared: u64,
    /// Samples not newer than their series' last one.
    pub duplicate_or_late: u64,
    /// Samples more than five minutes ahead of this clock.
    pub future: u64,
    /// Samples of series over a cap.
    pub over_cap: u64,
    /// Samples of replicas that are not the elected one of their cluster.
    pub not_elected: u64,
    /// Samples of a kind that the tallies of their series do not count, or below zero in a counter.
    pub unfit: u64,
    /// Series that count in some tally.
    pub series: u64,
    /// Bytes of the sample log.
    pub log_bytes: u64,
    /// Senders of series over a cap, the worst first.
    pub offenders: Vec<Offender>,
    /// Scrape targets, and how their last scrape went.
    pub scrapes: Vec<Scrape>,
}

/// A sender of series over a cap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Offender {
    /// Who sent them.
    pub sender: String,
    /// Samples of theirs that were dropped.
    pub over_cap: u64,
}

/// One scrape target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scrape {
    /// The target.
    pub target: String,
    /// When it was last scraped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Timestamp>,
    /// What went wrong then, if anything.
    pub error: Option<String>,
}
