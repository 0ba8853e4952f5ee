//! What is kept, and the room it takes.

use axum::extract::State;
use plimsoll_api::v1::storage::Storage;

use super::{Answer, Json};
use crate::app::{Shared, storage};

/// What the server that answers keeps, the room it takes, and what is left
#[utoipa::path(
    get, path = "/api/v1/storage", tag = "telemetry", operation_id = "get_storage",
    responses((status = 200, body = Storage))
)]
pub(in crate::http) async fn get(State(shared): State<Shared>) -> Answer<Storage> {
    Ok(Json(storage::summary(&shared).await?))
}
