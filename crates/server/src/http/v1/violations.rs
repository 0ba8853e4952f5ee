//! Known violations.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::violation::KnownViolation;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Query};
use crate::app::{Paging, Shared, violations};

/// Which known violations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this SLO.
    slo: Option<String>,
    /// Those of the SLOs of this service.
    service: Option<String>,
    /// Those that this team owes.
    owner: Option<String>,
    /// `true` for those that are overdue, `false` for those that are not.
    overdue: Option<bool>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// SLOs that are not met for known reasons, what is due first first
#[utoipa::path(
    get, path = "/api/v1/known-violations", tag = "slos", operation_id = "list_known_violations",
    params(Filter), responses((status = 200, body = Page<KnownViolation>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<KnownViolation>> {
    let Filter { slo, service, owner, overdue, limit, cursor } = filter;
    let filter = violations::Filter { slo, service, owner, overdue };
    Ok(Json(violations::list(&shared, filter, Paging { limit, cursor }).await?))
}
