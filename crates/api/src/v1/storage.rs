//! What an installation takes on the disk, and for how long it keeps what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where the server that answers keeps things, and how much room that takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Storage {
    /// Its data directory.
    pub data: String,
    /// The disk of the data directory; none when it cannot be asked.
    pub disk: Option<Disk>,
    /// What is held back for when the disk is full.
    pub reserve: Reserve,
    /// Definitions, alerts, deployments, decisions, people and history.
    pub records: RecordFiles,
    /// Samples, and the minutes they come to.
    pub tallies: TallyFiles,
    /// For how long what is counted is kept.
    pub retention: Retention,
}

/// A disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disk {
    /// All of it.
    pub bytes: u64,
    /// What is free to this server.
    pub free_bytes: u64,
    /// Telemetry is refused when less than this is free.
    pub telemetry_needs_bytes: u64,
    /// Whether telemetry is taken now.
    pub takes_telemetry: bool,
}

/// Space that is held back, so that alerts, deployments and decisions go on when the disk is full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reserve {
    /// How much is to be held back.
    pub bytes: u64,
    /// `held`, `ample` while so much is free that nothing need be, `given_up` since a commit met a
    /// full disk, or `none` when none is asked for.
    pub state: String,
}

/// The records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordFiles {
    /// `sqlite` or `postgres`.
    pub store: String,
    /// Their files, what is not yet folded into them included; none for Postgres, which keeps its
    /// own.
    pub bytes: Option<u64>,
}

/// The tallies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TallyFiles {
    /// The sample log since the older checkpoint.
    pub log: Files,
    /// What the log up to a position came to: two at most.
    pub checkpoints: Files,
    /// Sealed days.
    pub segments: Files,
    /// Series that count in some tally.
    pub series: u64,
    /// Questions since the start that met a sealed day that cannot be read.
    pub unreadable: u64,
    /// Checkpoints since the start that could not be written.
    pub checkpoints_failed: u64,
}

/// Files of one sort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Files {
    /// How many.
    pub count: u64,
    /// All of them together.
    pub bytes: u64,
}

/// For how long what is counted is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Retention {
    /// Days for which minutes are kept.
    pub minutes_days: u32,
    /// Days for which hours are kept.
    pub hours_days: u32,
}
