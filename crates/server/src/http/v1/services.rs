//! Services.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::service::Service;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::{Paging, Shared, services, standing};

/// Which services.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those of this team.
    owner: Option<String>,
    /// Those of this tier.
    tier: Option<u8>,
    /// Those whose gravest SLO has this status.
    status: Option<String>,
    /// Those that this service calls or is called by.
    neighbour_of: Option<String>,
    /// Those whose name or display name contains this.
    q: Option<String>,
    /// `name` unless asked; `gravity` (what needs someone most first) or `tier`.
    sort: Option<String>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Services as they stood at the last sweep
#[utoipa::path(
    get, path = "/api/v1/services", tag = "services", operation_id = "list_services",
    params(Filter), responses((status = 200, body = Page<Service>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Service>> {
    let Filter { owner, tier, status, neighbour_of, q, sort, limit, cursor } = filter;
    let sort = services::Sort::parse(sort.as_deref())?;
    let tier = tier.map(services::tier).transpose()?;
    let status = status.as_deref().map(standing::status).transpose()?;
    let filter = services::Filter { name: None, owner, tier, status, neighbour_of, q };
    Ok(Json(services::list(&shared, filter, sort, Paging { limit, cursor }).await?))
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
    Ok(Json(services::get(&shared, &name).await?))
}
