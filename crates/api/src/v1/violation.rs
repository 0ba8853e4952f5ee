//! Known violations.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An SLO that is not met for a known reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KnownViolation {
    /// Its name.
    pub name: String,
    /// The SLO.
    pub slo: String,
    /// The service of the SLO.
    pub service: String,
    /// The team that owes: the service's; null is unowned.
    pub owner: Option<String>,
    /// Why the SLO is not met.
    pub cause: String,
    /// What will mend it.
    pub remedy: String,
    /// The last day of that work, by UTC.
    #[schema(value_type = String, format = Date)]
    pub mend_by: Date,
    /// How many days are left after today, by UTC; below nought where it is overdue.
    pub days_left: i32,
    /// Where the work is kept.
    pub tracker: Option<String>,
    /// The status of the SLO; null where nothing is measured here.
    pub status: Option<String>,
}
