//! The two services of the demo: `checkout` takes orders and calls `payments` to charge them.
//!
//! Both are ordinary HTTP services that count their requests and show the counts at `/metrics`.
//! Nothing injects faults: version 1.5.0 of checkout keeps the amount of an order in a byte, so
//! every order above 255 fails.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A version of checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// The good one.
    V1_4_0,
    /// The one with the fault.
    V1_5_0,
    /// Built while the fault is out, and never deployed.
    V1_6_0,
}

impl Version {
    /// Its number.
    pub(super) fn number(self) -> &'static str {
        match self {
            Self::V1_4_0 => "1.4.0",
            Self::V1_5_0 => "1.5.0",
            Self::V1_6_0 => "1.6.0",
        }
    }

    /// The digest that a registry would know it by.
    pub(super) fn artifact(self) -> String {
        let digest = Sha256::digest(format!("checkout {}", self.number()));
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }

    /// The amount of an order, as this version understands it.
    fn amount(self, amount: u32) -> Option<u32> {
        match self {
            Self::V1_4_0 | Self::V1_6_0 => Some(amount),
            Self::V1_5_0 => u8::try_from(amount).ok().map(u32::from),
        }
    }
}

/// An order, or the charge for it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// What it costs.
    pub(super) amount: u32,
}

/// A running process; its counters start at zero, as those of every new process do.
#[derive(Debug, Default)]
struct Counters {
    answered: AtomicU64,
    failed: AtomicU64,
}

impl Counters {
    fn count(&self, status: StatusCode) -> StatusCode {
        let counter = if status.is_server_error() { &self.failed } else { &self.answered };
        counter.fetch_add(1, Ordering::Relaxed);
        status
    }

    /// Text exposition format 0.0.4.
    fn expose(&self, service: &str) -> impl IntoResponse + use<> {
        let line = |code: &str, counter: &AtomicU64| {
            let count = counter.load(Ordering::Relaxed);
            format!("http_requests_total{{service=\"{service}\",code=\"{code}\"}} {count}\n")
        };
        let text = [
            "# HELP http_requests_total Requests answered.\n".to_owned(),
            "# TYPE http_requests_total counter\n".to_owned(),
            line("200", &self.answered),
            line("500", &self.failed),
        ];
        ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text.concat())
    }
}

/// The service `payments`: charges everything.
pub(super) fn payments() -> Router {
    async fn charge(State(counters): State<Arc<Counters>>, Json(_): Json<Order>) -> StatusCode {
        counters.count(StatusCode::OK)
    }
    async fn metrics(State(counters): State<Arc<Counters>>) -> impl IntoResponse {
        counters.expose("payments")
    }
    Router::new()
        .route("/charges", post(charge))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(Counters::default()))
}

/// The service `checkout`: takes orders, and has `payments` charge them.
#[derive(Debug, Clone)]
pub(super) struct Checkout {
    running: Arc<RwLock<Process>>,
    payments: Arc<str>,
    http: reqwest::Client,
}

#[derive(Debug, Clone)]
struct Process {
    version: Version,
    counters: Arc<Counters>,
}

impl Process {
    fn start(version: Version) -> Self {
        Self { version, counters: Arc::default() }
    }
}

impl Checkout {
    /// A checkout in its good version, which finds payments at that base URL.
    pub(super) fn new(payments: &str, http: reqwest::Client) -> Self {
        let running = Arc::new(RwLock::new(Process::start(Version::V1_4_0)));
        Self { running, payments: payments.into(), http }
    }

    /// Replaces the running process by one of that version; orders in flight end on the old one.
    pub(super) fn deploy(&self, version: Version) {
        *self.running.write().expect("no holder of the process panics") = Process::start(version);
    }

    /// Its routes.
    pub(super) fn router(&self) -> Router {
        async fn order(State(checkout): State<Checkout>, Json(order): Json<Order>) -> StatusCode {
            let process = checkout.process();
            let status = match process.version.amount(order.amount) {
                Some(amount) => checkout.charge(amount).await,
                None => StatusCode::INTERNAL_SERVER_ERROR,
            };
            process.counters.count(status)
        }
        async fn metrics(State(checkout): State<Checkout>) -> impl IntoResponse {
            checkout.process().counters.expose("checkout")
        }
        Router::new()
            .route("/orders", post(order))
            .route("/metrics", get(metrics))
            .with_state(self.clone())
    }

    fn process(&self) -> Process {
        self.running.read().expect("no holder of the process panics").clone()
    }

    async fn charge(&self, amount: u32) -> StatusCode {
        let url = format!("{}/charges", self.payments);
        match self.http.post(url).json(&Order { amount }).send().await {
            Ok(answer) if answer.status().is_success() => StatusCode::OK,
            Ok(_) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
