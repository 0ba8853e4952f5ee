//! The gate: may this artifact go out now?
//!
//! A decision is a pure function of the facts and the error-budget policy, both stored with it, so
//! that it replays byte for byte. Invariant: no verdict out of ignorance. A service without SLOs,
//! an SLO without data, or one that never had any, is `deny` unless the policy document says
//! otherwise in so many words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Artifact, ChangeClass};
use crate::alert::Kind;
use crate::catalog::{Name, Tier};
use crate::id::{AlertId, DecisionId};
use crate::slo::budget::Status;
use crate::slo::burn::Severity;

/// The engine that decides; another version may read the same facts differently.
pub const ENGINE: &str = "table/1";

/// What a gate says, least strict first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Go.
    Allow,
    /// Go, with care: the reasons say which.
    Warn,
    /// Stop.
    Deny,
}

impl Verdict {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// What one budget status permits (BUD-03 to BUD-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The verdict for classes not named in `except`.
    pub default: Verdict,
    /// Classes with another verdict.
    #[serde(default)]
    pub except: BTreeMap<ChangeClass, Verdict>,
    /// What the team should do meanwhile; repeated in the reasons.
    #[serde(default)]
    pub advice: Option<String>,
}

impl Rule {
    fn verdict(&self, class: ChangeClass) -> Verdict {
        self.except.get(&class).copied().unwrap_or(self.default)
    }
}

/// An error-budget policy: what each status permits, and how ignorance is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// The rule per status; a status without one is `deny`.
    pub rules: BTreeMap<Status, Rule>,
    /// The share of the window that may be unmeasured before `unmeasured_verdict` applies.
    pub unmeasured_max: f64,
    /// The verdict when more of the window is unmeasured.
    pub unmeasured_verdict: Verdict,
    /// How long a decision holds, in minutes.
    pub valid_minutes: u32,
    /// Environments where the gate decides in earnest; elsewhere it is in shadow mode.
    #[serde(default)]
    pub enforced_environments: Vec<Name>,
}

/// What is known of one SLO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SloFact {
    /// The SLO.
    pub name: Name,
    /// Its status by the headline.
    pub status: Status,
    /// Its status if every gap was an outage.
    pub status_worst: Status,
    /// The share of the budget left, if defined.
    pub budget_remaining: Option<f64>,
    /// The same at the worst case.
    pub budget_remaining_worst: Option<f64>,
    /// The share of the window before the first sample.
    pub unmeasured: f64,
    /// The share of the measured time that was covered by samples.
    pub coverage: Option<f64>,
    /// Up to when the data reached.
    pub watermark: Option<Timestamp>,
}

/// An alert that was firing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertFact {
    /// The alert.
    pub id: AlertId,
    /// The SLO.
    pub slo: Name,
    /// What it is about.
    pub kind: Kind,
    /// What it asks of people.
    pub severity: Severity,
}

/// Everything a decision rests on, taken at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// When they were taken.
    pub as_of: Timestamp,
    /// The service.
    pub service: Name,
    /// Its owner.
    pub owner: Option<Name>,
    /// Its tier.
    pub tier: Option<Tier>,
    /// Where it would go.
    pub environment: Name,
    /// What would go.
    pub artifact: Artifact,
    /// What kind of change it is.
    pub class: ChangeClass,
    /// The service's SLOs; none means the engine holds nothing about it.
    pub slos: Vec<SloFact>,
    /// Its firing alerts.
    pub alerts: Vec<AlertFact>,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable code: `budget_healthy`, `no_slo`, `worst_case`, …
    pub code: String,
    /// The verdict this alone asks for.
    pub verdict: Verdict,
    /// The SLO it is about, if one.
    pub slo: Option<Name>,
    /// In words.
    pub message: String,
}

/// What the engine makes of facts and policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The strictest verdict of all reasons.
    pub verdict: Verdict,
    /// All reasons, strictest first.
    pub reasons: Vec<Reason>,
}

/// A stored decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The engine that decided.
    pub engine: String,
    /// What it rests on.
    pub facts: Facts,
    /// The policy it was decided by.
    pub policy: Policy,
    /// The verdict and its reasons.
    pub outcome: Outcome,
    /// Whether the verdict binds; `false` in shadow mode.
    pub enforced: bool,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// When it no longer holds.
    pub expires_at: Timestamp,
    /// Who asked.
    pub asked_by: String,
}
