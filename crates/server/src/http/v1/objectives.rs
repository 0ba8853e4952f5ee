//! Choosing an objective.

use axum::extract::State;
use plimsoll_api::v1::objective::{Suggestion, Targets};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Query};
use crate::app::{Shared, objectives};

/// Over which window.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Over {
    /// The window, from 1h to 366d: 30d unless asked.
    window: Option<String>,
}

/// For what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct For {
    /// The type of service.
    #[serde(rename = "type")]
    of: String,
    /// The service.
    service: String,
    /// The window, from 1h to 366d: 30d unless asked.
    window: Option<String>,
}

/// What targets allow, and what each is for
///
/// By the objective guide in force. Everything is computed for the window.
#[utoipa::path(
    get, path = "/api/v1/objectives/targets", tag = "slos", operation_id = "list_targets",
    params(Over), responses((status = 200, body = Targets))
)]
pub(in crate::http) async fn targets(
    State(shared): State<Shared>,
    Query(Over { window }): Query<Over>,
) -> Answer<Targets> {
    Ok(Json(objectives::targets(&shared, window.as_deref()).await?))
}

/// SLIs and SLOs to begin with, for a service of some type
#[utoipa::path(
    get, path = "/api/v1/objectives/suggestion", tag = "slos", operation_id = "suggest_objectives",
    params(For),
    responses(
        (status = 200, body = Suggestion),
        (status = 404, description = "There is no such type of service"),
    )
)]
pub(in crate::http) async fn suggest(
    State(shared): State<Shared>,
    Query(For { of, service, window }): Query<For>,
) -> Answer<Suggestion> {
    Ok(Json(objectives::suggest(&shared, &of, &service, window.as_deref())?))
}
