//! Who is told of alerts: a webhook that writes down every delivery, and who delivered.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Json, Router, routing};
use plimsoll_trials::dice::Dice;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;

/// One message that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// The same in every attempt.
    pub(crate) key: String,
    pub(crate) receiver: String,
    pub(crate) slo: String,
    /// `alert.opened` and the like.
    pub(crate) what: String,
    /// The address of the server that sent it: a new one after each restart.
    pub(crate) from: String,
}

/// The webhook. It answers some at once, and some so late that the server may be dead by then.
#[derive(Clone)]
pub(crate) struct Inbox(Arc<Inner>);

struct Inner {
    address: String,
    deliveries: Mutex<Vec<Delivery>>,
    arrived: Notify,
    dice: Mutex<Dice>,
}

impl Inbox {
    /// Listens on a free port until the test ends.
    pub(crate) async fn open(dice: Dice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inbox = Self(Arc::new(Inner {
            address: listener.local_addr().unwrap().to_string(),
            deliveries: Mutex::default(),
            arrived: Notify::new(),
            dice: Mutex::new(dice),
        }));
        let take = routing::post(take).with_state(inbox.clone());
        let router = Router::new().route("/{receiver}", take);
        tokio::spawn(async move { axum::serve(listener, router).await });
        inbox
    }

    /// Where a receiver is told.
    pub(crate) fn url(&self, receiver: &str) -> String {
        format!("http://{}/{receiver}", self.0.address)
    }

    /// Everything that arrived, in order.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.0.deliveries.lock().unwrap().clone()
    }

    /// Waits for something to arrive, but not for long.
    pub(crate) async fn stirs(&self) {
        let moment = Duration::from_millis(250);
        // Nothing came: whoever waits looks again, and decides how long.
        let _ = timeout(moment, self.0.arrived.notified()).await;
    }
}

async fn take(
    State(inbox): State<Inbox>,
    Path(receiver): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let url = text(&body["data"]["url"]);
    inbox.0.deliveries.lock().unwrap().push(Delivery {
        key: key.to_owned(),
        receiver,
        slo: text(&body["data"]["slo"]),
        what: text(&body["type"]),
        from: url.split("/slos/").next().unwrap_or_default().to_owned(),
    });
    inbox.0.arrived.notify_waiters();
    let slow = {
        let mut dice = inbox.0.dice.lock().unwrap();
        dice.one_in(2).then(|| dice.while_of(60))
    };
    if let Some(slow) = slow {
        let _ = timeout(slow, std::future::pending::<()>()).await;
    }
}
