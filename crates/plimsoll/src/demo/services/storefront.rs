//! The service `storefront`: shows products, and hands orders to `checkout`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use plimsoll_server::world::World;

use super::Order;
use super::meter::Meter;

#[derive(Clone)]
struct Storefront {
    world: World,
    meter: Arc<Meter>,
    checkout: Arc<str>,
    http: reqwest::Client,
}

/// Its routes; it finds checkout at that base URL.
pub(in crate::demo) fn storefront(world: World, checkout: &str, http: reqwest::Client) -> Router {
    async fn product(State(shop): State<Storefront>) -> StatusCode {
        shop.meter.measure(&shop.world, std::future::ready(StatusCode::OK)).await
    }
    async fn order(State(shop): State<Storefront>, Json(order): Json<Order>) -> StatusCode {
        shop.meter.measure(&shop.world, shop.hand_over(&order)).await
    }
    async fn metrics(State(shop): State<Storefront>) -> impl IntoResponse {
        shop.meter.expose("storefront")
    }
    let checkout = checkout.into();
    Router::new()
        .route("/product", get(product))
        .route("/orders", post(order))
        .route("/metrics", get(metrics))
        .with_state(Storefront { world, meter: Arc::default(), checkout, http })
}

impl Storefront {
    async fn hand_over(&self, order: &Order) -> StatusCode {
        let url = format!("{}/orders", self.checkout);
        match self.http.post(url).json(order).send().await {
            Ok(answer) if answer.status().is_success() => StatusCode::OK,
            Ok(_) | Err(_) => StatusCode::BAD_GATEWAY,
        }
    }
}
