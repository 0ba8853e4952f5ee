//! Deployments.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::deployment::{Deployment, NewDeployment};
use plimsoll_domain::id::DeploymentId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query, Rejection};
use crate::app::access::Asking;
use crate::app::{Paging, Shared, deployments};

/// Which deployments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this service.
    service: Option<String>,
    /// Those to this environment.
    environment: Option<String>,
    /// Those from this instant on (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Those before this instant (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Records a deployment
#[utoipa::path(
    post, path = "/api/v1/deployments", tag = "releases", operation_id = "record_deployment",
    request_body = NewDeployment,
    responses(
        (status = 201, body = Deployment),
        (status = 422, description = "An unknown service or class"),
    )
)]
pub(in crate::http) async fn record(
    State(shared): State<Shared>,
    asking: Asking,
    Json(new): Json<NewDeployment>,
) -> Result<(StatusCode, Json<Deployment>), Rejection> {
    let caller = asking.for_service(&shared.definitions(), &new.service)?;
    let deployment = deployments::record(&shared, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(deployment)))
}

/// Deployments, newest first
#[utoipa::path(
    get, path = "/api/v1/deployments", tag = "releases", operation_id = "list_deployments",
    params(Filter), responses((status = 200, body = Page<Deployment>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Deployment>> {
    let Filter { service, environment, from, to, limit, cursor } = filter;
    let filter = deployments::Filter { service, environment, from, to };
    Ok(Json(deployments::list(&shared, filter, Paging { limit, cursor }).await?))
}

/// One deployment
#[utoipa::path(
    get, path = "/api/v1/deployments/{id}", tag = "releases", operation_id = "get_deployment",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = Deployment))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path(id): Path<DeploymentId>,
) -> Answer<Deployment> {
    Ok(Json(deployments::get(&shared, id).await?))
}
