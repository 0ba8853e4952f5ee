//! The delivery log as it is shown, and its balance.

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_api::v1::notification::DeliveryAttempt;
use plimsoll_domain::id::AlertId;
use plimsoll_domain::notify::{Attempt, Progress};
use plimsoll_store::{AttemptRecord, Balance, NotificationRecord};
use tokio::sync::Mutex;

use super::alerts::transition;
use super::{Failure, Paging, State, page};

/// How old the balance may be that is shown: whoever asks counts all that was ever owed, and nobody
/// needs leave to ask.
const HELD: SignedDuration = SignedDuration::from_secs(5);

/// The balance as it was last counted. Losing it costs a query.
#[derive(Default)]
pub(crate) struct Held(Mutex<Option<(Timestamp, Balance)>>);

/// How many notifications stand where, or stood a few seconds ago. Those who ask at once wait for
/// one count.
pub(crate) async fn balance(state: &State) -> Result<Balance, Failure> {
    let mut held = state.balance.0.lock().await;
    let now = state.world.now();
    if let Some((at, balance)) = *held
        && now.duration_since(at) < HELD
    {
        return Ok(balance);
    }
    let balance = state.records.notification_balance(state.scope).await?;
    *held = Some((now, balance));
    Ok(balance)
}

/// What is or was owed, newest first; of one alert, when one is named.
pub(crate) async fn list(
    state: &State,
    alert: Option<AlertId>,
    paging: Paging,
) -> Result<v1::Page<v1::notification::Notification>, Failure> {
    let listing = state.records.notifications(state.scope, alert, &paging.request()).await?;
    Ok(page(listing, wire))
}

fn wire(record: NotificationRecord) -> v1::notification::Notification {
    let (progress, reason) = match record.progress {
        Progress::Pending => ("pending", None),
        Progress::Accepted => ("accepted", None),
        Progress::Undeliverable { reason } => ("undeliverable", Some(reason)),
    };
    let notification = record.notification;
    v1::notification::Notification {
        id: notification.id.to_string(),
        alert: notification.alert.to_string(),
        receiver: notification.receiver.to_string(),
        transition: transition(notification.transition).to_owned(),
        state: progress.to_owned(),
        reason,
        created_at: notification.created_at,
        next_attempt_at: record.next_attempt_at,
        attempts: record.attempts.into_iter().map(wire_attempt).collect(),
    }
}

fn wire_attempt(record: AttemptRecord) -> DeliveryAttempt {
    let (outcome, message) = match record.attempt {
        Attempt::Accepted { http_status } => ("accepted", format!("HTTP {http_status}")),
        Attempt::Refused { http_status, answer } => {
            ("refused", format!("HTTP {http_status}: {answer}"))
        }
        Attempt::Failed { reason } => ("failed", reason),
    };
    let outcome = outcome.to_owned();
    DeliveryAttempt { number: record.number, at: record.at, outcome, message }
}
