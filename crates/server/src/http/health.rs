//! Whether the process lives, whether it can work, and its own metrics.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Json;
use super::problem::Rejection;
use crate::app::{Failure, Shared, notifications};
use crate::work::lease;

/// How it goes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
}

/// How it goes, and what this replica does.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ok`.
    status: &'static str,
    /// `tallying`: it takes telemetry, scrapes and evaluates SLOs. `standby`: another does.
    role: &'static str,
}

/// Whether the process answers
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the records answer, so that requests can be served
#[utoipa::path(
    get, path = "/readyz", tag = "health",
    responses((status = 200, body = Readiness), (status = 503, description = "Not ready"))
)]
pub(super) async fn readyz(State(shared): State<Shared>) -> Result<Json<Readiness>, Rejection> {
    shared.records.ping().await.map_err(|error| {
        tracing::error!(%error, "the records do not answer");
        Failure::Busy {
            code: "not_ready",
            message: "the records do not answer".to_owned(),
            retry_after_seconds: 5,
        }
    })?;
    let role = if lease::epoch(&shared).is_some() { "tallying" } else { "standby" };
    Ok(Json(Readiness { status: "ok", role }))
}

/// The server's own metrics, as OpenMetrics text
#[utoipa::path(
    get, path = "/metrics", tag = "health",
    responses((status = 200, body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn metrics(State(shared): State<Shared>) -> Result<impl IntoResponse, Rejection> {
    let balance = notifications::balance(&shared).await?;
    let text = shared.metrics.encode(balance, shared.engine.figures());
    let text = text.map_err(|error| Failure::Internal(error.into()))?;
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], text))
}
