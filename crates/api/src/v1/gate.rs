//! Gate decisions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// May this artifact go out?
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// The service.
    pub service: String,
    /// Where it would go.
    pub environment: String,
    /// The artifact's digest.
    pub artifact: String,
    /// The change class.
    pub class: String,
    /// Ask for the binding verdict although the gate is in shadow mode.
    #[serde(default)]
    pub enforce: bool,
}

/// A stored decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// The service.
    pub service: String,
    /// Where it would go.
    pub environment: String,
    /// The artifact's digest.
    pub artifact: String,
    /// The change class.
    pub class: String,
    /// `allow`, `warn` or `deny`.
    pub verdict: String,
    /// Whether the verdict binds; `false` in shadow mode.
    pub enforced: bool,
    /// Why, strictest first.
    pub reasons: Vec<Reason>,
    /// What it rests on.
    #[schema(value_type = Object)]
    pub facts: serde_json::Value,
    /// The policy it was decided by.
    #[schema(value_type = Object)]
    pub policy: serde_json::Value,
    /// The engine that decided.
    pub engine: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub decided_at: Timestamp,
    /// When it no longer holds.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Who asked.
    pub asked_by: String,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// A stable code.
    pub code: String,
    /// The verdict this alone asks for.
    pub verdict: String,
    /// The SLO it is about.
    pub slo: Option<String>,
    /// In words.
    pub message: String,
}

/// A decision worked out again from its stored facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Replay {
    /// The decision.
    pub id: String,
    /// Whether the outcome is the same, byte for byte.
    pub identical: bool,
    /// The engine that decided then.
    pub engine_then: String,
    /// The engine now.
    pub engine_now: String,
    /// The verdict then.
    pub verdict_then: String,
    /// The verdict now.
    pub verdict_now: String,
    /// What differs, a line each.
    pub differences: Vec<String>,
}
