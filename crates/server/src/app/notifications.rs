//! The delivery log as it is shown, and its balance.

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_api::v1::notification::DeliveryAttempt;
use plimsoll_domain::id::AlertId;
use plimsoll_domain::notify::{Attempt, ChannelName, Progress};
use plimsoll_store::{
    AttemptRecord, Balance, NotificationFilter, NotificationRecord, NotificationState,
};
use tokio::sync::Mutex;

use super::alerts::transition;
use super::{Failure, Paging, State, name, page};

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

/// Which notifications are asked for, as texts of the query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) alert: Option<AlertId>,
    pub(crate) receiver: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

impl Filter {
    fn read(self) -> Result<NotificationFilter, Failure> {
        let Self { alert, receiver, channel, state, from, to } = self;
        let unknown = |code, message: String, hint: &str| {
            Err(Failure::invalid_with_hint(code, message, hint.to_owned()))
        };
        let channel = match channel.map(|text| text.parse::<ChannelName>()).transpose() {
            Ok(channel) => channel,
            Err(error) => {
                return unknown("unknown_channel", error.to_string(), "see `plimsoll receivers`");
            }
        };
        let word =
            |word: &String| NotificationState::ALL.into_iter().find(|state| state.as_str() == word);
        let found = state.as_ref().map(word);
        if let (Some(state), Some(None)) = (&state, found) {
            let hint = "states are pending, accepted, superseded and undeliverable";
            return unknown("unknown_state", format!("`{state}` is no state"), hint);
        }
        Ok(NotificationFilter {
            alert,
            receiver: receiver.map(|text| name("receiver", &text)).transpose()?,
            channel,
            state: found.flatten(),
            from,
            to,
        })
    }
}

/// What is or was owed, newest first, as far as it fits the filter.
pub(crate) async fn list(
    state: &State,
    filter: Filter,
    paging: Paging,
) -> Result<v1::Page<v1::notification::Notification>, Failure> {
    let filter = filter.read()?;
    let listing = state.records.notifications(state.scope, &filter, &paging.request()?).await?;
    let inbox_url = inbox_url(state);
    Ok(page(listing, |record| wire(record, inbox_url)))
}

/// Where mail that was sent can be looked at.
pub(crate) fn inbox_url(state: &State) -> Option<&str> {
    state.config.mail.as_ref()?.inbox_url.as_deref()
}

fn wire(record: NotificationRecord, inbox_url: Option<&str>) -> v1::notification::Notification {
    let (progress, reason) = match record.progress {
        Progress::Pending => ("pending", None),
        Progress::Accepted => ("accepted", None),
        Progress::Superseded { reason } => ("superseded", Some(reason)),
        Progress::Undeliverable { reason } => ("undeliverable", Some(reason)),
    };
    let notification = record.notification;
    let is_mail = notification.channel == ChannelName::Email;
    v1::notification::Notification {
        id: notification.id.to_string(),
        alert: notification.alert.to_string(),
        receiver: notification.receiver.to_string(),
        channel: notification.channel.to_string(),
        transition: transition(notification.transition).to_owned(),
        reminder: notification.reminder,
        state: progress.to_owned(),
        reason,
        created_at: notification.created_at,
        next_attempt_at: record.next_attempt_at,
        attempts: record.attempts.into_iter().map(wire_attempt).collect(),
        inbox_url: inbox_url.filter(|_| is_mail).map(str::to_owned),
    }
}

fn wire_attempt(record: AttemptRecord) -> DeliveryAttempt {
    let (outcome, message) = outcome(record.attempt);
    let outcome = outcome.to_owned();
    DeliveryAttempt { number: record.number, at: record.at, outcome, message }
}

/// The word of what became of an attempt, and what the provider said.
pub(crate) fn outcome(attempt: Attempt) -> (&'static str, String) {
    match attempt {
        Attempt::Accepted { http_status } => ("accepted", format!("HTTP {http_status}")),
        Attempt::Mailed { reply_code, answer } => ("accepted", format!("{reply_code} {answer}")),
        Attempt::Refused { http_status, answer } => {
            ("refused", format!("HTTP {http_status}: {answer}"))
        }
        Attempt::MailRefused { reply_code, answer } => {
            ("refused", format!("{reply_code} {answer}"))
        }
        Attempt::Failed { reason, .. } => ("failed", reason),
    }
}
