//! Telling someone: what is owed to receivers, when to try again, and when to say it again.
//!
//! Conservation, for each channel: a notification is pending, accepted by a provider, superseded
//! with a reason, or undeliverable with a reason; it never just disappears.

mod attempt;
mod channel;
mod standing;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Phase, Transition};
use crate::catalog::Name;
use crate::id::{AlertId, NotificationId};

pub use attempt::{
    Arrival, Attempt, BACK_OFF_MAX, CLOCKS_APART_MAX, GIVE_UP_AFTER, LEASE_MAX, Next, after_attempt,
};
pub use channel::{
    Address, AddressError, Channel, ChannelError, ChannelName, Email, Endpoint, RECIPIENTS_MAX,
    Receiver, Repeat, SecretRef, Webhook, receivers_for,
};
pub use standing::{Other, Superseded};

/// How far a notification has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Progress {
    /// Owed; tried again at `wake_at`.
    Pending,
    /// A provider took it.
    Accepted,
    /// No longer news when its turn came.
    Superseded {
        /// Why.
        reason: String,
    },
    /// Given up.
    Undeliverable {
        /// Why.
        reason: String,
    },
}

/// One message owed to one receiver over one channel, about one transition of one alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id, and the idempotency key of every attempt.
    pub id: NotificationId,
    /// The alert it is about.
    pub alert: AlertId,
    /// The receiver it is for.
    pub receiver: Name,
    /// Over which of its channels.
    #[serde(default, skip_serializing_if = "ChannelName::is_plain")]
    pub channel: ChannelName,
    /// What happened to the alert; of a reminder, what happened last.
    pub transition: Transition,
    /// 0 for the message about the transition; reminders that it still fires count on.
    #[serde(default, skip_serializing_if = "is_first")]
    pub reminder: u32,
    /// The alert as it was then, with the numbers it fired on.
    pub snapshot: Alert,
    /// When it was owed.
    pub created_at: Timestamp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives what it skips by reference")]
fn is_first(reminder: &u32) -> bool {
    *reminder == 0
}

impl Notification {
    /// What is owed to `receiver` for that transition over `channel`: the same id however often it
    /// is made.
    pub fn new(
        alert: &Alert,
        transition: Transition,
        receiver: &Name,
        channel: &ChannelName,
        now: Timestamp,
    ) -> Self {
        let step = alert.transitions.to_string();
        let over = channel.to_string();
        let parts = [&*step, receiver.as_str(), &*over];
        // The plain webhook is older than channels, and so are its ids.
        let parts = if channel.is_plain() { &parts[..2] } else { &parts[..] };
        Self {
            id: NotificationId::derived(alert.id, parts),
            alert: alert.id,
            receiver: receiver.clone(),
            channel: channel.clone(),
            transition,
            reminder: 0,
            snapshot: alert.clone(),
            created_at: now,
        }
    }

    /// The reminder after this message, that `alert` still fires: the same id however often it is
    /// made.
    pub fn again(&self, alert: &Alert, now: Timestamp) -> Self {
        Self {
            id: NotificationId::derived(self.id, &["again"]),
            reminder: self.reminder + 1,
            snapshot: alert.clone(),
            created_at: now.max(alert.changed_at()).max(self.created_at),
            ..self.clone()
        }
    }

    /// When the reminder after this message is owed, if one is: `settled_at` after it was settled,
    /// while the alert fires as it says.
    pub fn remind_at(
        &self,
        alert: &Alert,
        settled_at: Timestamp,
        repeat: Repeat,
    ) -> Option<Timestamp> {
        let Repeat::Every(period) = repeat else { return None };
        let holds = alert.phase == Phase::Firing && self.transition != Transition::Closed;
        holds.then(|| settled_at + SignedDuration::from_mins(i64::from(period.0)))
    }
}

#[cfg(test)]
mod tests;
