//! Services.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One service of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
}
