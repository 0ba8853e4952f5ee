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
}
