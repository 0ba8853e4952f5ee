//! Definitions.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::definition::{Definition, Deletion, Import, NewImport, Report, Submission};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::access::Asking;
use crate::app::{Paging, Shared, definitions};

/// Which definitions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this kind: `SLO`, `Service`, `Receiver`, …
    kind: Option<String>,
    /// Those of this origin: `yours` or `default`.
    origin: Option<String>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Finds the faults of files and what applying them would change
///
/// Each change has the text before, whose that is, and the text after.
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

/// Reads SLOs of Sloth, Pyrra and OpenSLO as documents
///
/// Nothing is applied: the answer holds the documents, and what became of each thing, by line.
#[utoipa::path(
    post, path = "/api/v1/definitions/import", tag = "definitions",
    operation_id = "import_definitions", request_body = NewImport,
    responses((status = 200, body = Import))
)]
pub(in crate::http) async fn import(Json(new): Json<NewImport>) -> Answer<Import> {
    Ok(Json(definitions::import(new).await?))
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

/// The definitions in force, shipped ones included, by kind and name
#[utoipa::path(
    get, path = "/api/v1/definitions", tag = "definitions", operation_id = "list_definitions",
    params(Filter), responses((status = 200, body = Page<Definition>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Definition>> {
    let Filter { kind, origin, limit, cursor } = filter;
    let filter = definitions::Filter { kind, origin };
    Ok(Json(definitions::list(&shared, filter, Paging { limit, cursor }).await?))
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

/// Deletes a definition; its history stays
///
/// Refused while others name it. A shipped default of that kind and name is in force again. The
/// open alerts of an SLO are closed.
#[utoipa::path(
    delete, path = "/api/v1/definitions/{kind}/{name}", tag = "definitions",
    operation_id = "delete_definition",
    params(
        ("kind" = String, Path, description = "Its kind"),
        ("name" = String, Path, description = "Its name"),
    ),
    responses(
        (status = 200, body = Deletion),
        (status = 409, description = "Others name it, or it is a shipped default: see `code`"),
    )
)]
pub(in crate::http) async fn delete(
    State(shared): State<Shared>,
    asking: Asking,
    Path((kind, name)): Path<(String, String)>,
) -> Answer<Deletion> {
    Ok(Json(definitions::delete(&shared, asking.unchecked(), kind, name).await?))
}
