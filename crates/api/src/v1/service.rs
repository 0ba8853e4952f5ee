//! Services.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One service of the catalog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// How people call it.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// The owning team; null is unowned.
    pub owner: Option<String>,
    /// Its tier, 1 to 4.
    pub tier: Option<u8>,
    /// The services it calls.
    pub depends_on: Vec<String>,
    /// Its SLOs.
    pub slos: Vec<String>,
    /// The status of its gravest SLO; null without any, and where nothing is measured.
    #[serde(default)]
    pub status: Option<String>,
    /// The least share of a budget that is left among its SLOs; null when none is known.
    #[serde(default)]
    pub budget_remaining: Option<f64>,
    /// How many of its SLOs have a firing burn alert.
    #[serde(default)]
    pub firing: u64,
    /// How it is deployed, and how the guide would have it deployed as its budgets stand; null in
    /// lists, without a tier, and where nothing is measured.
    #[serde(default)]
    pub cadence: Option<Cadence>,
}

/// How often a service is deployed, beside what the guide in force says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cadence {
    /// How many deployments were recorded in the last 28 days, counted to 1,000.
    pub deployments: u64,
    /// What the ObjectiveGuide says to a service of its tier while its gravest SLO has its status;
    /// null where it says nothing, and while a burn alert of one of them fires.
    pub advice: Option<String>,
}
