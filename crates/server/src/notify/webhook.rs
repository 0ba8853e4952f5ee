//! Signed webhooks, as Standard Webhooks 1.0 asks for them.
//!
//! Invariant: the notification's id is the message's id and idempotency key, the same in every
//! attempt, and an attempt ends well within the lease it is made under.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use plimsoll_domain::alert::Alert;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::NotificationId;
use plimsoll_domain::notify::{Arrival, Attempt, Endpoint, Notification, Webhook};
use serde_json::{Value, json};
use sha2::Sha256;

use super::secrets::Secrets;
use super::{TIMEOUT, shortened};
use crate::app::alerts;
use crate::config::Secret;
use crate::outbound::{Client, UrlError};

/// How much of an answer is read.
const ANSWER_BYTES_MAX: usize = 4_096;

/// The message as JSON.
pub(crate) fn render(notification: &Notification, owner: Option<&Name>, base_url: &str) -> Value {
    let alert = &notification.snapshot;
    json!({
        "type": alerts::event(notification),
        "timestamp": notification.created_at,
        "data": {
            "alert": alert.id,
            "reminder": notification.reminder,
            "kind": alerts::kind(alert.kind),
            "slo": alert.slo,
            "service": alert.service,
            "owner": owner,
            "severity": alerts::severity(alert.severity),
            "phase": alerts::phase(alert.phase),
            "title": title(notification),
            "summary": alert.sentence(notification.transition),
            "opened_at": alert.opened_at,
            "firing_since": alert.firing_since,
            "closed_at": alert.closed_at,
            "budget_remaining": alert.evidence.budget_remaining,
            "watermark": alert.evidence.watermark,
            "arms": arms(alert),
            "url": alerts::link(base_url, alert),
            "slo_url": format!("{base_url}/slos/{}", alert.slo),
        },
    })
}

fn title(notification: &Notification) -> String {
    let alert = &notification.snapshot;
    let what = match notification.reminder {
        0 => alerts::transition(notification.transition),
        _ => "still firing",
    };
    format!("[{}] {} of {} {what}", alerts::severity(alert.severity), alert.slo, alert.service)
}

/// The message of a test, as JSON.
pub(crate) fn render_test(receiver: &Name, now: Timestamp, base_url: &str) -> Value {
    json!({
        "type": "receiver.test",
        "timestamp": now,
        "data": {
            "receiver": receiver,
            "title": format!("[test] the receiver {receiver} of {base_url}"),
            "summary": "someone tested this receiver; nothing is wrong, and nobody needs to act",
            "url": base_url,
        },
    })
}

/// Counts rather than burns: the target may have changed since.
fn arms(alert: &Alert) -> Vec<Value> {
    let arm = |reading: &plimsoll_domain::slo::burn::ArmReading| {
        json!({
            "long_window": reading.arm.long,
            "short_window": reading.arm.short,
            "factor": reading.arm.factor,
            "severity": reading.arm.severity,
            "long": {
                "bad": reading.long.bad.as_events(),
                "total": reading.long.total.as_events(),
            },
            "short": {
                "bad": reading.short.bad.as_events(),
                "total": reading.short.total.as_events(),
            },
            "significance": reading.p_value,
            "firing": reading.firing,
        })
    };
    alert.evidence.arms.iter().map(arm).collect()
}

/// Posts a message once and says what became of it, in time. `id` is the message's id and
/// idempotency key.
pub(crate) async fn send(
    client: &Client,
    secrets: &Secrets,
    webhook: &Webhook,
    id: NotificationId,
    message: &Value,
    now: Timestamp,
) -> Attempt {
    let sent = post(client, secrets, webhook, id, message, now);
    let sent = tokio::time::timeout(TIMEOUT, sent).await;
    sent.unwrap_or_else(|_| Attempt::unheard("it took too long"))
}

async fn post(
    client: &Client,
    secrets: &Secrets,
    webhook: &Webhook,
    id: NotificationId,
    message: &Value,
    now: Timestamp,
) -> Attempt {
    let id = id.to_string();
    let timestamp = now.as_second().to_string();
    let body = message.to_string();
    let mut request = match request(client, secrets, &webhook.endpoint).await {
        Ok(request) => request,
        Err(reason) => return Attempt::failed(reason),
    };
    if let Some(reference) = &webhook.secret {
        let secret = secrets.read(reference).await;
        match secret.and_then(|secret| signature(&secret, &id, &timestamp, &body)) {
            Ok(signature) => request = request.header("webhook-signature", signature),
            Err(reason) => return Attempt::failed(reason),
        }
    }
    let request = request
        .timeout(TIMEOUT)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", timestamp)
        .header("idempotency-key", &id)
        .body(body);
    match client.send(request).await {
        Ok(response) => judge(response).await,
        Err(unanswered) => {
            Attempt::Failed { reason: unanswered.cause, arrival: unanswered.arrival }
        }
    }
}

/// A request to where messages are posted. What is kept as a secret is not repeated.
async fn request(
    client: &Client,
    secrets: &Secrets,
    endpoint: &Endpoint,
) -> Result<reqwest::RequestBuilder, String> {
    match endpoint {
        Endpoint::Url(url) => {
            client.request(reqwest::Method::POST, url).map_err(|error| error.to_string())
        }
        Endpoint::Kept(place) => {
            let url = secrets.read(place).await?;
            client.request(reqwest::Method::POST, url.expose()).map_err(|error| match error {
                UrlError::Unusable(_) => format!("{place} holds no http or https URL with a host"),
                UrlError::Refused(refusal) => refusal.to_string(),
            })
        }
    }
}

/// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks 1.0,
/// "Symmetric signature").
fn signature(secret: &Secret, id: &str, timestamp: &str, body: &str) -> Result<String, String> {
    let key = secret.expose().strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
    let key = key.filter(|key| !key.is_empty());
    let key = key.ok_or("the signing secret is not `whsec_` followed by base64")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

async fn judge(response: reqwest::Response) -> Attempt {
    let status = response.status();
    let http_status = status.as_u16();
    if status.is_success() {
        return Attempt::Accepted { http_status };
    }
    let answer = answer(response).await;
    let for_good = status.is_client_error() && !matches!(http_status, 408 | 409 | 425 | 429);
    if for_good {
        Attempt::Refused { http_status, answer }
    } else {
        // A gateway answers for someone who may have taken it.
        let by_gateway = matches!(http_status, 502 | 504);
        let arrival = if by_gateway { Arrival::Unknown } else { Arrival::RuledOut };
        Attempt::Failed { reason: format!("HTTP {http_status}: {answer}"), arrival }
    }
}

/// The start of what the receiver said, on one line.
async fn answer(mut response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_BYTES_MAX {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(ANSWER_BYTES_MAX)]),
            Ok(None) | Err(_) => break,
        }
    }
    shortened(&String::from_utf8_lossy(&bytes))
}

#[cfg(test)]
mod tests;
