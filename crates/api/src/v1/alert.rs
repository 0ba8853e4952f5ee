//! Alerts and what happened to them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One alert of one SLO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// `burn` or `no_data`.
    pub kind: String,
    /// The SLO.
    pub slo: String,
    /// The service.
    pub service: String,
    /// The owning team.
    pub owner: Option<String>,
    /// `page`, `ticket` or `log`.
    pub severity: String,
    /// `firing` or `closed`.
    pub phase: String,
    /// When it first opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// When it last opened or reopened.
    #[schema(value_type = String, format = DateTime)]
    pub firing_since: Timestamp,
    /// When it closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// Why it fired, in one sentence.
    pub summary: String,
    /// The arms it fired on, with the numbers they had then.
    pub arms: Vec<super::slo::Arm>,
    /// The share of the budget left when it fired.
    pub budget_remaining: Option<f64>,
    /// What happened, oldest first; only when one alert is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<TimelineEntry>,
}

/// One entry of a timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What: `opened`, `escalated`, `closed`, `reopened`, `notified`, `undeliverable`,
    /// `unrouted`.
    pub event: String,
    /// In words.
    pub message: String,
}
