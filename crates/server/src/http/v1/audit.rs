//! The audit log.

use axum::extract::State;
use jiff::Timestamp;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::AuditEntry;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Query};
use crate::app::{Caller, Paging, Shared, audit};

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// What this person or token did: the name of a person, or the id of either.
    actor: Option<String>,
    /// What was done to this.
    subject: Option<String>,
    /// From this instant on (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this instant (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Who changed what, newest first
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "access", operation_id = "list_audit", params(Filter),
    responses(
        (status = 200, body = Page<AuditEntry>),
        (status = 422, description = "Nobody is called so"),
    )
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    _caller: Caller,
    Query(filter): Query<Filter>,
) -> Answer<Page<AuditEntry>> {
    let Filter { actor, subject, from, to, limit, cursor } = filter;
    let filter = audit::Filter { actor, subject, from, to };
    Ok(Json(audit::list(&shared, filter, Paging { limit, cursor }).await?))
}
