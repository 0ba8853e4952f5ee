//! The service `payments`: charges everything.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use plimsoll_server::world::World;

use super::Order;
use super::meter::Meter;

type Payments = (World, Arc<Meter>);

/// Its routes.
pub(in crate::demo) fn payments(world: World) -> Router {
    async fn charge(State((world, meter)): State<Payments>, Json(_): Json<Order>) -> StatusCode {
        meter.measure(&world, std::future::ready(StatusCode::OK)).await
    }
    async fn metrics(State((_, meter)): State<Payments>) -> impl IntoResponse {
        meter.expose("payments")
    }
    Router::new()
        .route("/charges", post(charge))
        .route("/metrics", get(metrics))
        .with_state((world, Arc::default()))
}
