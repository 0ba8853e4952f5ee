//! Alerts.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::alert::Alert;
use plimsoll_domain::id::AlertId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::{Paging, Shared, alerts};

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this SLO.
    slo: Option<String>,
    /// Those of this service.
    service: Option<String>,
    /// `firing` or `closed`.
    phase: Option<String>,
    /// `page` or `ticket`.
    severity: Option<String>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Alerts, newest first
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "alerts", operation_id = "list_alerts", params(Filter),
    responses((status = 200, body = Page<Alert>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Alert>> {
    let Filter { slo, service, phase, severity, limit, cursor } = filter;
    let filter = alerts::Filter { slo, service, phase, severity };
    Ok(Json(alerts::list(&shared, filter, Paging { limit, cursor }).await?))
}

/// One alert with its timeline
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}", tag = "alerts", operation_id = "get_alert",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = Alert))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path(id): Path<AlertId>,
) -> Answer<Alert> {
    Ok(Json(alerts::get(&shared, id).await?))
}
