//! Signed webhooks, as Standard Webhooks 1.0 asks for them.
//!
//! Invariant: the notification's id is the message's id and idempotency key, the same in every
//! attempt, and an attempt ends well within the lease it is made under.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use plimsoll_domain::alert::{Alert, Transition};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::notify::{Attempt, Notification, Webhook};
use serde_json::{Value, json};
use sha2::Sha256;

use super::secrets::Secrets;
use crate::app::alerts;
use crate::config::Secret;
use crate::outbound::Client;

/// How long one attempt may take, all of it.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(8);

/// How much of an answer is kept.
const ANSWER_CHARS_MAX: usize = 200;

/// How much of an answer is read.
const ANSWER_BYTES_MAX: usize = 4_096;

/// The message as JSON.
pub(crate) fn render(notification: &Notification, owner: Option<&Name>, base_url: &str) -> Value {
    let alert = &notification.snapshot;
    json!({
        "type": format!("alert.{}", alerts::transition(notification.transition)),
        "timestamp": notification.created_at,
        "data": {
            "alert": alert.id,
            "kind": alerts::kind(alert.kind),
            "slo": alert.slo,
            "service": alert.service,
            "owner": owner,
            "severity": alerts::severity(alert.severity),
            "phase": alerts::phase(alert.phase),
            "title": title(alert, notification.transition),
            "summary": alert.sentence(notification.transition),
            "opened_at": alert.opened_at,
            "firing_since": alert.firing_since,
            "closed_at": alert.closed_at,
            "budget_remaining": alert.evidence.budget_remaining,
            "watermark": alert.evidence.watermark,
            "arms": arms(alert),
            "url": format!("{base_url}/slos/{}", alert.slo),
        },
    })
}

fn title(alert: &Alert, transition: Transition) -> String {
    let what = alerts::transition(transition);
    format!("[{}] {} of {} {what}", alerts::severity(alert.severity), alert.slo, alert.service)
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

/// Posts a message once and says what became of it, in time.
pub(crate) async fn send(
    client: &Client,
    secrets: &Secrets,
    webhook: &Webhook,
    notification: &Notification,
    message: &Value,
    now: Timestamp,
) -> Attempt {
    let sent = post(client, secrets, webhook, notification, message, now);
    let too_long = |_| Attempt::Failed { reason: "it took too long".to_owned() };
    tokio::time::timeout(TIMEOUT, sent).await.unwrap_or_else(too_long)
}

async fn post(
    client: &Client,
    secrets: &Secrets,
    webhook: &Webhook,
    notification: &Notification,
    message: &Value,
    now: Timestamp,
) -> Attempt {
    let failed = |reason: String| Attempt::Failed { reason };
    let id = notification.id.to_string();
    let timestamp = now.as_second().to_string();
    let body = message.to_string();
    let mut request = match client.request(reqwest::Method::POST, &webhook.url) {
        Ok(request) => request,
        Err(error) => return failed(error.to_string()),
    };
    if let Some(reference) = &webhook.secret {
        let secret = secrets.read(reference).await;
        match secret.and_then(|secret| signature(&secret, &id, &timestamp, &body)) {
            Ok(signature) => request = request.header("webhook-signature", signature),
            Err(reason) => return failed(reason),
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
        Err(cause) => failed(cause),
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
        Attempt::Failed { reason: format!("HTTP {http_status}: {answer}") }
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
    let text = String::from_utf8_lossy(&bytes).replace(char::is_control, " ");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(ANSWER_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
