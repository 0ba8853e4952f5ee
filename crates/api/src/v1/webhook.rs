//! Senders of signed webhooks (Standard Webhooks 1.0).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sender to make.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct NewWebhook {
    /// What to call it.
    #[schema(max_length = 100)]
    pub name: String,
    /// What it may do: `record_deployment`, `decide_release`.
    #[schema(min_items = 1, max_items = 2)]
    pub scopes: Vec<String>,
    /// The team for what it owns it may do that; everything when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// When it ends by itself; never when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// How a secret is to be replaced.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct WebhookRotation {
    /// For how many hours the secret until now is taken, too; 24 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 168)]
    pub overlap_hours: Option<u32>,
}

/// A sender of signed webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    /// Its id; requests name it as `?webhook=ID`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The team for what it owns it may do that; none is everything.
    pub team: Option<String>,
    /// `active`, `expired` or `revoked`.
    pub state: String,
    /// Which secret it signs with, from 1; each rotation makes the next.
    pub generation: u64,
    /// Until when the secret before is taken, too.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub former_until: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends by itself; none is never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// The secret itself (`whsec_…`): only in the answer that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}
