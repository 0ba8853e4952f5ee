//! Gates and their decisions.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::gate::{Decision, Question, Replay};
use plimsoll_domain::id::DecisionId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::access::Asking;
use crate::app::{Paging, Shared, gates};

/// Which decisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those about this service.
    service: Option<String>,
    /// Those about this environment.
    environment: Option<String>,
    /// `allow`, `warn` or `deny`.
    verdict: Option<String>,
    /// Those that bind (`true`), or those made in shadow mode (`false`).
    enforced: Option<bool>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// May this artifact go out? The decision is stored with its facts
#[utoipa::path(
    post, path = "/api/v1/gates/check", tag = "releases", operation_id = "check_gate",
    request_body = Question,
    responses(
        (status = 200, body = Decision),
        (status = 422, description = "An unknown service or class"),
    )
)]
pub(in crate::http) async fn check(
    State(shared): State<Shared>,
    asking: Asking,
    Json(question): Json<Question>,
) -> Answer<Decision> {
    Ok(Json(gates::check(&shared, &asking, question).await?))
}

/// Decisions, newest first
#[utoipa::path(
    get, path = "/api/v1/decisions", tag = "releases", operation_id = "list_decisions",
    params(Filter), responses((status = 200, body = Page<Decision>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Decision>> {
    let Filter { service, environment, verdict, enforced, limit, cursor } = filter;
    let filter = gates::Filter { service, environment, verdict, enforced };
    Ok(Json(gates::list(&shared, filter, Paging { limit, cursor }).await?))
}

/// One decision
#[utoipa::path(
    get, path = "/api/v1/decisions/{id}", tag = "releases", operation_id = "get_decision",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = Decision))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path(id): Path<DecisionId>,
) -> Answer<Decision> {
    Ok(Json(gates::get(&shared, id).await?))
}

/// Decides again from the stored facts, and compares
#[utoipa::path(
    post, path = "/api/v1/decisions/{id}/replay", tag = "releases",
    operation_id = "replay_decision", params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = Replay))
)]
pub(in crate::http) async fn replay(
    State(shared): State<Shared>,
    Path(id): Path<DecisionId>,
) -> Answer<Replay> {
    Ok(Json(gates::replay(&shared, id).await?))
}
