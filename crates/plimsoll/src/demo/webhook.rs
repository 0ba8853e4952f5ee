//! The endpoint of a team's webhook, which trusts nothing but a good signature.
//!
//! Standard Webhooks 1.0: the signature is `v1,` and the base64 of HMAC-SHA256 over
//! `id.timestamp.body`; a message older than five minutes is refused, and one that comes again is
//! taken once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use plimsoll_server::world::World;
use serde::Deserialize;
use sha2::Sha256;
use tokio::sync::watch;

use super::terminal::{Terminal, Tone};

/// How far a message's time may be from ours.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A message that came with a good signature.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// Its id, the same in every attempt.
    pub(super) id: String,
    /// When it came.
    pub(super) received_at: Timestamp,
    /// What it says.
    pub(super) payload: Payload,
}

/// What a message says, as far as a team reads it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Payload {
    /// `alert.opened`, `alert.closed`, …
    #[serde(rename = "type")]
    pub(super) event: String,
    /// About which alert.
    pub(super) data: Data,
}

/// The alert that a message is about.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Data {
    /// Its id.
    pub(super) alert: String,
    /// In one line.
    pub(super) title: String,
    /// Why it fired.
    pub(super) summary: String,
}

/// The endpoint.
#[derive(Clone)]
pub(super) struct Endpoint {
    key: Arc<[u8]>,
    world: World,
    terminal: Terminal,
    messages: watch::Sender<Vec<Message>>,
    /// Ids of the messages that were shown.
    shown: Arc<Mutex<HashSet<String>>>,
}

impl Endpoint {
    /// An endpoint for messages that are signed with `key`.
    pub(super) fn new(key: &[u8], world: World, terminal: Terminal) -> Self {
        Self {
            key: key.into(),
            world,
            terminal,
            messages: watch::Sender::default(),
            shown: Arc::default(),
        }
    }

    /// Its one route.
    pub(super) fn router(&self) -> Router {
        Router::new().route("/alerts", post(receive)).with_state(self.clone())
    }

    /// The message of that event about that alert, if it came.
    pub(super) fn find(&self, alert: &str, event: &str) -> Option<Message> {
        let about = |m: &&Message| m.payload.data.alert == alert && m.payload.event == event;
        self.messages.borrow().iter().find(about).cloned()
    }

    /// Shows what comes, for as long as it is polled.
    pub(super) async fn show_all(&self) {
        let mut messages = self.messages.subscribe();
        loop {
            let all = messages.borrow_and_update().clone();
            all.iter().for_each(|message| self.show(message));
            if messages.changed().await.is_err() {
                return;
            }
        }
    }

    /// Shows a message, once.
    pub(super) fn show(&self, Message { id, payload, .. }: &Message) {
        if !self.shown.lock().expect("no holder of the ids panics").insert(id.clone()) {
            return;
        }
        let closed = payload.event == "alert.closed";
        let tone = if closed { Tone::Good } else { Tone::Bad };
        self.terminal.say(tone, &format!("team-shop's webhook: {}", payload.data.title));
        if !closed {
            self.terminal.detail(&payload.data.summary);
        }
        self.terminal.detail(&format!("{id}, signature verified"));
    }

    fn keep(&self, message: Message) {
        self.messages.send_if_modified(|messages| {
            let fresh = messages.iter().all(|known| known.id != message.id);
            if fresh {
                messages.push(message);
            }
            fresh
        });
    }
}

async fn receive(
    State(endpoint): State<Endpoint>,
    headers: HeaderMap,
    body: String,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    let now = endpoint.world.now();
    let id = verify(&endpoint.key, &headers, &body, now)
        .map_err(|reason| (StatusCode::UNAUTHORIZED, reason))?;
    let payload = serde_json::from_str(&body)
        .map_err(|_| (StatusCode::UNPROCESSABLE_ENTITY, "not a message about an alert"))?;
    endpoint.keep(Message { id, received_at: now, payload });
    Ok(StatusCode::NO_CONTENT)
}

/// The message's id, if its signature is good and its time near ours.
fn verify(
    key: &[u8],
    headers: &HeaderMap,
    body: &str,
    now: Timestamp,
) -> Result<String, &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let id = header("webhook-id").ok_or("no webhook-id")?;
    let timestamp = header("webhook-timestamp").ok_or("no webhook-timestamp")?;
    let signatures = header("webhook-signature").ok_or("no webhook-signature")?;
    let sent_at = timestamp.parse().ok().and_then(|second| Timestamp::from_second(second).ok());
    let sent_at = sent_at.ok_or("the webhook-timestamp is no time")?;
    if now.duration_since(sent_at).abs() > TOLERANCE {
        return Err("the webhook-timestamp is too far from now");
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    let good = |signature: &str| {
        let code = signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
        code.is_some_and(|code| mac.clone().verify_slice(&code).is_ok())
    };
    let signed = signatures.split(' ').any(good);
    signed.then(|| id.to_owned()).ok_or("no signature fits")
}

#[cfg(test)]
mod tests;
