//! Definitions.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::definition::{Definition, Report, Submission};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::access::Asking;
use crate::app::{Shared, definitions};

/// Which definitions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this kind: `SLO`, `Service`, `Receiver`, …
    kind: Option<String>,
}

/// Finds the faults of files and what applying them would change
#[utoipa::path(
    post, path = "/api/v1/definitions/lint", tag = "definitions",
    operation_id = "lint_definitions", request_body = Submission,
    responses((status = 200, body = Report))
)]
pub(in crate::http) async fn lint(
    State(shared): State<Shared>,
    Json(submission): Json<Submission>,
) -> Answer<Report> {
    Ok(Json(definitions::lint(&shared, submission).await?))
}

/// Applies files, all or nothing
///
/// The answer is 200 also when faults kept them from being applied: see `applied`.
#[utoipa::path(
    post, path = "/api/v1/definitions/apply", tag = "definitions",
    operation_id = "apply_definitions", request_body = Submission,
    responses((status = 200, body = Report))
)]
pub(in crate::http) async fn apply(
    State(shared): State<Shared>,
    asking: Asking,
    Json(submission): Json<Submission>,
) -> Answer<Report> {
    Ok(Json(definitions::apply(&shared, asking.unchecked(), submission).await?))
}

/// The definitions in force, shipped ones included
#[utoipa::path(
    get, path = "/api/v1/definitions", tag = "definitions", operation_id = "list_definitions",
    params(Filter), responses((status = 200, body = Page<Definition>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Definition>> {
    Ok(Json(definitions::list(&shared, filter.kind.as_deref()).await?))
}

/// One definition
#[utoipa::path(
    get, path = "/api/v1/definitions/{kind}/{name}", tag = "definitions",
    operation_id = "get_definition",
    params(
        ("kind" = String, Path, description = "Its kind"),
        ("name" = String, Path, description = "Its name"),
    ),
    responses((status = 200, body = Definition))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path((kind, name)): Path<(String, String)>,
) -> Answer<Definition> {
    Ok(Json(definitions::get(&shared, &kind, &name).await?))
}
