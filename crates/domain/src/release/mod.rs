//! Releases: what was deployed, and whether the next one may go out.

pub mod gate;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use crate::id::DeploymentId;

/// What kind of change a release carries (BUD-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeClass {
    /// New behaviour for users.
    Feature,
    /// Makes the service more reliable.
    ReliabilityFix,
    /// Closes a vulnerability.
    SecurityPatch,
    /// Required by law, contract or audit.
    Compliance,
    /// Moves data or traffic.
    Migration,
    /// Same behaviour, other code.
    Refactor,
    /// Settings only.
    Configuration,
    /// A trial that may be withdrawn.
    Experiment,
    /// Back to an earlier version.
    Rollback,
}

impl ChangeClass {
    /// All nine.
    pub const ALL: [Self; 9] = [
        Self::Feature,
        Self::ReliabilityFix,
        Self::SecurityPatch,
        Self::Compliance,
        Self::Migration,
        Self::Refactor,
        Self::Configuration,
        Self::Experiment,
        Self::Rollback,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::ReliabilityFix => "reliability_fix",
            Self::SecurityPatch => "security_patch",
            Self::Compliance => "compliance",
            Self::Migration => "migration",
            Self::Refactor => "refactor",
            Self::Configuration => "configuration",
            Self::Experiment => "experiment",
            Self::Rollback => "rollback",
        }
    }

    /// The class of that word; `-` and a space read as `_`.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.replace(['-', ' '], "_");
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// What exactly is released: the artifact's digest, 1 to 255 visible ASCII characters, such as
/// `sha256:…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Artifact(String);

impl Artifact {
    /// Checks and keeps a digest.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=255).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The digest as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in it by which another artifact is meant tomorrow: a tag or a branch that moves.
    pub fn moving_name(&self) -> Option<&str> {
        const MOVING: [&str; 7] = ["latest", "head", "main", "master", "stable", "edge", "nightly"];
        let name = self.0.rsplit([':', '@', '/']).next()?;
        MOVING.iter().any(|moving| name.eq_ignore_ascii_case(moving)).then_some(name)
    }
}
impl std::fmt::Display for Artifact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Artifact {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
            .ok_or_else(|| "an artifact is 1 to 255 visible ASCII characters".to_owned())
    }
}
impl From<Artifact> for String {
    fn from(artifact: Artifact) -> Self {
        artifact.0
    }
}

/// A version that went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// The service.
    pub service: Name,
    /// Where: `production`, `staging`, …
    pub environment: Name,
    /// What exactly.
    pub artifact: Artifact,
    /// The version people know it by.
    pub version: Option<String>,
    /// The commit it was built from.
    pub commit: Option<String>,
    /// What kind of change it carried.
    pub class: ChangeClass,
    /// When it went out.
    pub deployed_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: String,
}
