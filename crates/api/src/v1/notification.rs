//! Receivers and the delivery log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One message owed to one receiver, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// Its id, the idempotency key of every attempt.
    pub id: String,
    /// The alert it is about.
    pub alert: String,
    /// The receiver.
    pub receiver: String,
    /// `opened`, `escalated`, `closed` or `reopened`.
    pub transition: String,
    /// `pending`, `accepted` or `undeliverable`.
    pub state: String,
    /// Why it is undeliverable.
    pub reason: Option<String>,
    /// When it was owed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it is tried next, while pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    /// Every attempt, oldest first.
    pub attempts: Vec<DeliveryAttempt>,
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
