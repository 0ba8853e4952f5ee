//! Attempts to deliver: what became of one, and what follows.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether a message that was sent has arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// It has not.
    #[default]
    RuledOut,
    /// It was under way when the answer was lost.
    Unknown,
    /// It has.
    Certain,
}

impl Arrival {
    fn is_ruled_out(&self) -> bool {
        *self == Self::RuledOut
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
    /// Worth another try: 5xx, 429, a timeout, no connection; of mail, 4xx.
    Failed {
        /// What went wrong.
        reason: String,
        /// Whether the message may have arrived all the same.
        #[serde(default, skip_serializing_if = "Arrival::is_ruled_out")]
        arrival: Arrival,
    },
    /// The mail server took it (RFC 5321: 250 after the end of the data).
    Mailed {
        /// Its reply code.
        reply_code: u16,
        /// What it said, which as a rule names its queue, and who was refused; shortened.
        answer: String,
    },
    /// The mail server refused it for good (5xx).
    MailRefused {
        /// Its reply code.
        reply_code: u16,
        /// What it said, shortened.
        answer: String,
    },
}

impl Attempt {
    /// A failure before the message was handed over.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::Failed { reason: reason.into(), arrival: Arrival::RuledOut }
    }

    /// A failure after which nobody knows whether the message was taken.
    pub fn unheard(reason: impl Into<String>) -> Self {
        Self::Failed { reason: reason.into(), arrival: Arrival::Unknown }
    }

    /// Whether the message has arrived.
    pub fn arrival(&self) -> Arrival {
        match self {
            Self::Accepted { .. } | Self::Mailed { .. } => Arrival::Certain,
            Self::Failed { arrival, .. } => *arrival,
            Self::Refused { .. } | Self::MailRefused { .. } => Arrival::RuledOut,
        }
    }
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
        Attempt::Accepted { .. } | Attempt::Mailed { .. } => Next::Done,
        Attempt::Refused { http_status, answer } => {
            Next::GiveUp(format!("the receiver answered {http_status}: {answer}"))
        }
        Attempt::MailRefused { reply_code, answer } => {
            Next::GiveUp(format!("the mail server answered {reply_code}: {answer}"))
        }
        Attempt::Failed { reason, .. } => {
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
