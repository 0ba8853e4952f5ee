//! Signing in, and tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The first password, set with the one-time setup link.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Setup {
    /// The code from the link.
    pub code: String,
    /// What to sign in with.
    pub name: String,
    /// The password, at least 12 characters.
    pub password: String,
}

/// Name and password.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SignIn {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The name of the person or token.
    pub name: String,
    /// `person` or `token`.
    pub kind: String,
    /// `viewer`, `responder`, `editor` or `admin`.
    pub role: String,
}

/// What a sign-in page needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInState {
    /// Whether nobody has a password yet: only the setup link works.
    pub needs_setup: bool,
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Their id: what history knows them by.
    pub id: String,
    /// What they sign in with.
    pub name: String,
    /// Their role.
    pub role: String,
    /// When they were added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A token to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewToken {
    /// What to call it.
    pub name: String,
    /// Its role.
    pub role: String,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its role.
    pub role: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// The secret itself: only in the answer that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}
