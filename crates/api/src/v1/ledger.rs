//! What an SLO's budget was spent on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deployment::Deployment;
use super::slo::TimeSlice;

/// What the budget of a window was spent on. The entries add up to what was spent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ledger {
    /// The SLO.
    pub slo: String,
    /// Its service.
    pub service: String,
    /// The share of events that must be good.
    pub objective: f64,
    /// The slices that are counted here, where the SLO counts these and not events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_slice: Option<TimeSlice>,
    /// The first minute of the window.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// The end of the window.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// What was spent in all.
    pub spent: Spent,
    /// What was spent without the minutes of deployments: neither their failures nor their events
    /// count.
    pub without_deployments: Spent,
    /// What it was spent on, the most first.
    pub entries: Vec<LedgerEntry>,
    /// How long after it went out what is spent is put down to a deployment: `1h`.
    pub deployment_window: String,
    /// Only deployments to these environments are looked at; all, when it is empty.
    pub environments: Vec<String>,
    /// Whether the window's old edge was widened to a whole hour, since its minutes are not kept.
    pub aligned_to_hours: bool,
    /// Whether there were more alerts or deployments than are looked at: the older ones are not,
    /// and what they took is with `unknown`.
    pub causes_left_out: bool,
}

/// How much of a budget was spent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Spent {
    /// Bad events.
    pub bad: f64,
    /// All events.
    pub total: f64,
    /// Bad / total; null without traffic.
    pub error_ratio: Option<f64>,
    /// Bad / (total × (1 − objective)), above 1 when overspent; null without traffic.
    pub budget: Option<f64>,
}

/// What was spent on one cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LedgerEntry {
    /// `deployment` (its window, and outages that began in it), `alert` (the outage of an alert
    /// that no deployment answers for), `gap` (inferred over gaps in the telemetry), `unknown`, or
    /// `others` (more entries than were asked for, together).
    pub cause: String,
    /// The deployment, of a `deployment`.
    pub deployment: Option<Deployment>,
    /// The alerts whose outages are among it, in the order of time.
    pub alerts: Vec<String>,
    /// Its first minute; null where its minutes are not known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// The end of its last minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    /// How many minutes between these are its own; null where they are not known.
    pub minutes: Option<u64>,
    /// Bad events.
    pub bad: f64,
    /// All events of its minutes.
    pub total: f64,
    /// Its share of all that was spent.
    pub share: f64,
    /// How much of the whole budget that is.
    pub budget: Option<f64>,
    /// How many causes these are: 1, but for `others`.
    pub causes: u32,
}
