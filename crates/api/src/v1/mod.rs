//! The JSON of `/api/v1`, a noun a file. Names are snake_case, times RFC 3339 in UTC, shares are
//! fractions of one, and a value that is undefined is `null`, never zero.

pub mod access;
pub mod alert;
pub mod definition;
pub mod deployment;
pub mod gate;
pub mod ledger;
pub mod notification;
pub mod objective;
pub mod problem;
pub mod seal;
pub mod service;
pub mod slo;
pub mod standing;
pub mod storage;
pub mod telemetry;
pub mod violation;
pub mod webhook;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Pass as `cursor` for the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}
