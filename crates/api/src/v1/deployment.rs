//! Deployments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A version that went out, to be recorded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewDeployment {
    /// The service.
    pub service: String,
    /// Where it went.
    pub environment: String,
    /// The artifact's digest.
    pub artifact: String,
    /// The version people know it by.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub version: Option<String>,
    /// The commit it was built from.
    #[serde(default)]
    #[schema(max_length = 255)]
    pub commit: Option<String>,
    /// The change class: `feature`, `reliability_fix`, `security_patch`, `compliance`,
    /// `migration`, `refactor`, `configuration`, `experiment` or `rollback`.
    pub class: String,
    /// When it went out; now, when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deployed_at: Option<Timestamp>,
}

/// A recorded deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// The service.
    pub service: String,
    /// Where it went.
    pub environment: String,
    /// The artifact's digest.
    pub artifact: String,
    /// The version people know it by.
    pub version: Option<String>,
    /// The commit it was built from.
    pub commit: Option<String>,
    /// The change class.
    pub class: String,
    /// When it went out.
    #[schema(value_type = String, format = DateTime)]
    pub deployed_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: String,
}
