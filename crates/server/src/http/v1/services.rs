//! Services.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::service::Service;

use super::{Answer, Json, Path};
use crate::app::{Shared, services};

/// All services by name
#[utoipa::path(
    get, path = "/api/v1/services", tag = "services", operation_id = "list_services",
    responses((status = 200, body = Page<Service>))
)]
pub(in crate::http) async fn list(State(shared): State<Shared>) -> Json<Page<Service>> {
    Json(services::list(&shared))
}

/// One service
#[utoipa::path(
    get, path = "/api/v1/services/{name}", tag = "services", operation_id = "get_service",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, body = Service))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path(name): Path<String>,
) -> Answer<Service> {
    Ok(Json(services::get(&shared, &name)?))
}
