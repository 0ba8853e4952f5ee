//! Receivers and the delivery log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One message owed to one receiver over one channel, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// Its id, the idempotency key of every attempt.
    pub id: String,
    /// The alert it is about.
    pub alert: String,
    /// The receiver.
    pub receiver: String,
    /// Over which of its channels: `webhook`, `webhook:NAME` or `email`.
    #[serde(default)]
    pub channel: String,
    /// `opened`, `escalated`, `closed` or `reopened`.
    pub transition: String,
    /// 0 for the message about the transition; reminders that the alert still fires count on.
    #[serde(default)]
    pub reminder: u32,
    /// `pending`, `accepted`, `superseded` or `undeliverable`.
    pub state: String,
    /// Why it is superseded or undeliverable.
    pub reason: Option<String>,
    /// When it was owed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it is tried next, while pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    /// Every attempt, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
    /// Where mail that was sent can be looked at, if the server's configuration names such a place;
    /// only for e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox_url: Option<String>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryAttempt {
    /// Counts from 1.
    pub number: u32,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `accepted`, `refused` or `failed`.
    pub outcome: String,
    /// What the provider answered, or what went wrong.
    pub message: String,
}

/// Who is told, over which channels, and how that went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receiver {
    /// Its name.
    pub name: String,
    /// The team whose services it hears about.
    pub team: Option<String>,
    /// Whether it hears about services whose owner has no receiver.
    pub default: bool,
    /// How many minutes after a message about an alert that goes on it is told again; none when it
    /// is not.
    pub repeat_minutes: Option<u32>,
    /// Its channels. One that is no longer defined is listed while something is pending over it.
    pub channels: Vec<ReceiverChannel>,
}

/// One way to tell a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiverChannel {
    /// `webhook`, `webhook:NAME` or `email`.
    pub name: String,
    /// Where it leads: scheme and host of a webhook, the addresses of an e-mail. The rest of a
    /// webhook's URL may be a secret.
    pub target: String,
    /// Whether messages can be sent over it as the server is configured; why not, if not.
    pub fault: Option<String>,
    /// How many messages were ever owed over it, and where they stand.
    pub counts: DeliveryCounts,
    /// The last message that was tried.
    pub last: Option<LastDelivery>,
    /// Where mail that was sent can be looked at, if the server's configuration names such a place;
    /// only for e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox_url: Option<String>,
}

/// How many messages stand where: `owed` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryCounts {
    /// All that were ever owed.
    pub owed: u64,
    /// Taken by a provider.
    pub accepted: u64,
    /// No longer news when their turn came.
    pub superseded: u64,
    /// Given up.
    pub undeliverable: u64,
    /// Still to be delivered.
    pub pending: u64,
}

/// How the last message over a channel went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastDelivery {
    /// The notification.
    pub notification: String,
    /// When its last attempt ended.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `accepted`, `refused` or `failed`.
    pub outcome: String,
    /// What the provider answered, or what went wrong.
    pub message: String,
}

/// What a test of a receiver came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiverTest {
    /// The receiver.
    pub receiver: String,
    /// Whether every channel took the message.
    pub passed: bool,
    /// One for each channel.
    pub channels: Vec<ChannelTest>,
}

/// What became of a test message over one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChannelTest {
    /// `webhook`, `webhook:NAME` or `email`.
    pub channel: String,
    /// `accepted`, `refused` or `failed`.
    pub outcome: String,
    /// What the provider answered, or what went wrong.
    pub message: String,
    /// How long it took.
    pub duration_ms: u64,
}
