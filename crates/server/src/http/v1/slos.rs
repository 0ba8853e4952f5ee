//! SLOs: status, history, explanation.

use axum::extract::State;
use jiff::Timestamp;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::ledger::Ledger;
use plimsoll_api::v1::slo::{Explanation, History, Methods, Slo};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::{
    Paging, Shared, explain as explanations, ledger as ledgers, methods as budgeting, slos,
    standing,
};

/// Which SLOs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this service.
    service: Option<String>,
    /// Those of this team.
    owner: Option<String>,
    /// Those with this status.
    status: Option<String>,
    /// Those whose name or display name contains this.
    q: Option<String>,
    /// `name` unless asked; `gravity` (what needs someone most first), `budget` (the least left
    /// first), `burn` (the fastest first) or `objective` (the strictest first).
    sort: Option<String>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// When.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct At {
    /// As of this instant (RFC 3339); now, when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Which stretch of time, how finely.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Stretch {
    /// From this instant (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// To this instant (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Minutes per point.
    step_minutes: Option<u32>,
}

/// Of which stretch of time, how long.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Posted {
    /// From this instant (RFC 3339), up to 366 days before the end; the SLO's own window, when left
    /// out.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// To this instant (RFC 3339); now, when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// At most so many entries, what is left being the last of them: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// When, and which slices.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Sliced {
    /// As of this instant (RFC 3339); now, when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// How long each slice is, a part of an hour such as `5m`; as the SLO has it, or five minutes.
    time_slice_window: Option<String>,
    /// The share of its events that must be good for a slice to be; as the SLO has it, or its
    /// objective.
    time_slice_target: Option<f64>,
}

/// When, and how many minutes before it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Explain {
    /// As of this instant (RFC 3339); now, when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// How many minutes to show.
    minutes: Option<u32>,
}

/// SLOs as they stand now
///
/// Their order, and which have a status, are those of the last sweep.
#[utoipa::path(
    get, path = "/api/v1/slos", tag = "slos", operation_id = "list_slos", params(Filter),
    responses((status = 200, body = Page<Slo>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Slo>> {
    let Filter { service, owner, status, q, sort, limit, cursor } = filter;
    let sort = slos::Sort::parse(sort.as_deref())?;
    let status = status.as_deref().map(standing::status).transpose()?;
    let filter = slos::Filter { service, owner, status, q };
    Ok(Json(slos::list(&shared, filter, sort, Paging { limit, cursor }).await?))
}

/// One SLO
#[utoipa::path(
    get, path = "/api/v1/slos/{name}", tag = "slos", operation_id = "get_slo",
    params(("name" = String, Path, description = "Its name"), At),
    responses((status = 200, body = Slo))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(At { at }): Query<At>,
) -> Answer<Slo> {
    Ok(Json(slos::get(&shared, &name, at).await?))
}

/// The minutes of one SLO, for charts
#[utoipa::path(
    get, path = "/api/v1/slos/{name}/history", tag = "slos", operation_id = "slo_history",
    params(("name" = String, Path, description = "Its name"), Stretch),
    responses((status = 200, body = History))
)]
pub(in crate::http) async fn history(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(Stretch { from, to, step_minutes }): Query<Stretch>,
) -> Answer<History> {
    let stretch = slos::Stretch { from, to, step_minutes };
    Ok(Json(slos::history(&shared, &name, stretch).await?))
}

/// The reasons behind one SLO's numbers
#[utoipa::path(
    get, path = "/api/v1/slos/{name}/explain", tag = "slos", operation_id = "explain_slo",
    params(("name" = String, Path, description = "Its name"), Explain),
    responses((status = 200, body = Explanation))
)]
pub(in crate::http) async fn explain(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(Explain { at, minutes }): Query<Explain>,
) -> Answer<Explanation> {
    Ok(Json(explanations::slo(&shared, &name, at, minutes).await?))
}

/// The budget of one SLO by each budgeting method
#[utoipa::path(
    get, path = "/api/v1/slos/{name}/methods", tag = "slos", operation_id = "slo_methods",
    params(("name" = String, Path, description = "Its name"), Sliced),
    responses((status = 200, body = Methods))
)]
pub(in crate::http) async fn methods(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(Sliced { at, time_slice_window, time_slice_target }): Query<Sliced>,
) -> Answer<Methods> {
    let cut = budgeting::Cut { window: time_slice_window, target: time_slice_target };
    Ok(Json(budgeting::side_by_side(&shared, &name, at, cut).await?))
}

/// What the budget of one SLO was spent on
#[utoipa::path(
    get, path = "/api/v1/slos/{name}/ledger", tag = "slos", operation_id = "slo_ledger",
    params(("name" = String, Path, description = "Its name"), Posted),
    responses((status = 200, body = Ledger))
)]
pub(in crate::http) async fn ledger(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(Posted { from, to, limit }): Query<Posted>,
) -> Answer<Ledger> {
    let asked = ledgers::Asked { from, to, limit };
    Ok(Json(ledgers::ledger(&shared, &name, asked).await?))
}
