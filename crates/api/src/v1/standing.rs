//! How many stand how.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many SLOs, and how many services, stand how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// When they stood so.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// The SLOs.
    pub slos: Counts,
    /// The services, each where its gravest SLO stands.
    pub services: Counts,
}

/// How many stand how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// All of them.
    pub total: u64,
    /// Those with a firing alert.
    pub firing: u64,
    /// Those that someone should look at: a firing alert, or a budget whose status is
    /// `warning` or `exhausted`.
    pub attention: u64,
    /// By status; services without SLOs have none.
    pub by_status: BTreeMap<String, u64>,
}
