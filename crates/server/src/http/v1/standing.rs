//! How many stand how.

use axum::extract::State;
use plimsoll_api::v1::standing::Standing;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Query};
use crate::app::{Shared, slos, standing};

/// Which SLOs and services.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this service.
    service: Option<String>,
    /// Those of this team.
    owner: Option<String>,
    /// Those whose name or display name contains this.
    q: Option<String>,
}

/// How many SLOs, and how many services, stood how at the last sweep
#[utoipa::path(
    get, path = "/api/v1/standing", tag = "slos", operation_id = "get_standing", params(Filter),
    responses((status = 200, body = Standing))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Query(Filter { service, owner, q }): Query<Filter>,
) -> Answer<Standing> {
    let filter = slos::Filter { service, owner, status: None, q };
    Ok(Json(standing::count(&shared, &filter).await?))
}
