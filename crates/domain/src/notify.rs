//! Telling someone: receivers, what is owed to them, and when to try again.
//!
//! Conservation: a notification is pending, accepted by a provider, or undeliverable with a reason;
//! it never just disappears.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Transition};
use crate::catalog::Name;
use crate::id::{AlertId, NotificationId};

/// Where a secret is kept; definitions never hold the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretRef {
    /// In this environment variable of the server.
    Env(String),
    /// In this file, read at each use.
    File(String),
}

/// An HTTP endpoint that gets signed messages (Standard Webhooks 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Where to post.
    pub url: String,
    /// The signing secret, `whsec_` and base64; unsigned when none.
    pub secret: Option<SecretRef>,
}

/// Who is told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// Its name.
    pub name: Name,
    /// The team whose services it hears about.
    pub team: Option<Name>,
    /// Whether it hears about services whose owner has no receiver.
    pub default: bool,
    /// Where messages go.
    pub webhook: Webhook,
}

/// The receivers of an alert: the owner's, else the default ones.
pub fn receivers_for<'a>(
    owner: Option<&Name>,
    all: impl Iterator<Item = &'a Receiver> + Clone,
) -> Vec<&'a Receiver> {
    let owners: Vec<_> =
        all.clone().filter(|r| owner.is_some() && r.team.as_ref() == owner).collect();
    if owners.is_empty() { all.filter(|r| r.default).collect() } else { owners }
}

/// How far a notification has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Progress {
    /// Owed; tried again at `wake_at`.
    Pending,
    /// A provider took it.
    Accepted,
    /// Given up.
    Undeliverable {
        /// Why.
        reason: String,
    },
}

/// One message owed to one receiver about one transition of one alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id, and the idempotency key of every attempt.
    pub id: NotificationId,
    /// The alert it is about.
    pub alert: AlertId,
    /// The receiver it is for.
    pub receiver: Name,
    /// What happened to the alert.
    pub transition: Transition,
    /// The alert as it was then, with the numbers it fired on.
    pub snapshot: Alert,
    /// When it was owed.
    pub created_at: Timestamp,
}

impl Notification {
    /// What is owed to `receiver` for that transition: the same id however often it is made.
    pub fn new(alert: &Alert, transition: Transition, receiver: &Name, now: Timestamp) -> Self {
        let step = alert.transitions.to_string();
        Self {
            id: NotificationId::derived(alert.id, &[&step, receiver.as_str()]),
            alert: alert.id,
            receiver: receiver.clone(),
            transition,
            snapshot: alert.clone(),
            created_at: now,
        }
    }
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Attempt {
    /// The provider answered 2xx.
    Accepted {
        /// Its status.
        http_status: u16,
    },
    /// The provider refused for good (4xx other than 408, 409, 425, 429).
    Refused {
        /// Its status.
        http_status: u16,
        /// What it said, shortened.
        answer: String,
    },
    /// Worth another try: 5xx, 429, a timeout, no connection.
    Failed {
        /// What went wrong.
        reason: String,
    },
}

/// What to do after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it is accepted.
    Done,
    /// Give up, for this reason.
    GiveUp(String),
    /// Try again then.
    RetryAt(Timestamp),
}

/// How long a notification is tried.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The longest wait between two attempts.
pub const BACK_OFF_MAX: SignedDuration = SignedDuration::from_mins(5);

/// Clocks of replicas are less apart than this, or one of them is wrong: what wakes later than the
/// longest wait by as much was put off by a clock that went ahead.
pub const CLOCKS_APART_MAX: SignedDuration = SignedDuration::from_mins(10);

/// The longest that whoever attempts one may keep it from others.
pub const LEASE_MAX: SignedDuration = SignedDuration::from_secs(10);

/// What follows attempt number `attempt` (from 1). Back-off doubles from 1 s to 5 min; `jitter` in
/// [0, 1) spreads each wait over its upper half, so that receivers are not hit in step.
pub fn after_attempt(
    created_at: Timestamp,
    now: Timestamp,
    attempt: u32,
    outcome: &Attempt,
    jitter: f64,
) -> Next {
    match outcome {
        Attempt::Accepted { .. } => Next::Done,
        Attempt::Refused { http_status, answer } => {
            Next::GiveUp(format!("the receiver answered {http_status}: {answer}"))
        }
        Attempt::Failed { reason } => {
            let doubled = SignedDuration::from_secs(1_i64 << attempt.saturating_sub(1).min(20));
            let ceiling_ms = doubled.min(BACK_OFF_MAX).as_millis() as f64;
            let wait_ms = ceiling_ms * (0.5 + jitter.clamp(0.0, 1.0) / 2.0);
            let at = now + SignedDuration::from_millis(wait_ms as i64);
            if at > created_at + GIVE_UP_AFTER {
                Next::GiveUp(format!("no success in 24 h; last: {reason}"))
            } else {
                Next::RetryAt(at)
            }
        }
    }
}

#[cfg(test)]
mod tests;
