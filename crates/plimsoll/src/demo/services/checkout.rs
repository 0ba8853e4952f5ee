//! The service `checkout`: takes orders, and has `payments` charge them.

use std::sync::{Arc, RwLock};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use plimsoll_server::world::World;

use super::meter::Meter;
use super::{Order, Version};

/// The service, with the process that runs at the moment.
#[derive(Clone)]
pub(in crate::demo) struct Checkout {
    world: World,
    running: Arc<RwLock<Process>>,
    payments: Arc<str>,
    http: reqwest::Client,
}

#[derive(Debug, Clone)]
struct Process {
    version: Version,
    meter: Arc<Meter>,
}

impl Process {
    fn start(version: Version) -> Self {
        Self { version, meter: Arc::default() }
    }
}

impl Checkout {
    /// A checkout in its good version, which finds payments at that base URL.
    pub(in crate::demo) fn new(world: World, payments: &str, http: reqwest::Client) -> Self {
        let running = Arc::new(RwLock::new(Process::start(Version::V1_4_0)));
        Self { world, running, payments: payments.into(), http }
    }

    /// Replaces the running process by one of that version; orders in flight end on the old one.
    pub(in crate::demo) fn deploy(&self, version: Version) {
        *self.running.write().expect("no holder of the process panics") = Process::start(version);
    }

    /// Its routes.
    pub(in crate::demo) fn router(&self) -> Router {
        async fn order(State(checkout): State<Checkout>, Json(order): Json<Order>) -> StatusCode {
            let Process { version, meter } = checkout.process();
            meter.measure(&checkout.world, checkout.take(version, order.amount)).await
        }
        async fn metrics(State(checkout): State<Checkout>) -> impl IntoResponse {
            checkout.process().meter.expose("checkout")
        }
        Router::new()
            .route("/orders", post(order))
            .route("/metrics", get(metrics))
            .with_state(self.clone())
    }

    fn process(&self) -> Process {
        self.running.read().expect("no holder of the process panics").clone()
    }

    /// Charges an order, as often as that version tries.
    async fn take(&self, version: Version, amount: u32) -> StatusCode {
        let mut status = self.charge(version, amount).await;
        for pause in version.pauses() {
            if status.is_success() {
                break;
            }
            self.world.sleep_until(self.world.now() + *pause).await;
            status = self.charge(version, amount).await;
        }
        status
    }

    async fn charge(&self, version: Version, amount: u32) -> StatusCode {
        let Some(amount) = version.amount(amount) else {
            return StatusCode::INTERNAL_SERVER_ERROR;
        };
        let url = format!("{}/charges", self.payments);
        match self.http.post(url).json(&Order { amount }).send().await {
            Ok(answer) if answer.status().is_success() => StatusCode::OK,
            Ok(_) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
