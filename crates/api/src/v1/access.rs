//! Signing in, people, teams and tokens.

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
    /// The password, at least 12 characters and hard to guess.
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

/// A password, set with a link that an admin made.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SetPassword {
    /// The code from the link.
    pub code: String,
    /// The password, at least 12 characters and hard to guess.
    pub password: String,
}

/// One's own password, changed.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangePassword {
    /// The password until now.
    pub current: String,
    /// The new one, at least 12 characters and hard to guess.
    pub new: String,
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The id of the person or token.
    pub id: String,
    /// The name of the person or token.
    pub name: String,
    /// `person` or `token`.
    pub kind: String,
    /// `viewer`, `responder`, `editor` or `admin`: the role for the whole installation.
    pub role: String,
    /// The roles for what teams own.
    pub teams: Vec<TeamRole>,
    /// The permissions that a token is limited to; none is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// A role for what a team owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamRole {
    /// The team.
    pub team: String,
    /// `viewer`, `responder`, `editor` or `admin`.
    pub role: String,
}

/// What a sign-in page needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInState {
    /// Whether nobody has a password yet: only the setup link works.
    pub needs_setup: bool,
}

/// One of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Their id: what history knows them by.
    pub id: String,
    /// What they sign in with.
    pub name: String,
    /// Their role for the whole installation.
    pub role: String,
    /// Their roles for what teams own.
    pub teams: Vec<TeamRole>,
    /// Whether they have set a password.
    pub has_password: bool,
    /// When they were added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Somebody to add.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewPerson {
    /// What they sign in with.
    pub name: String,
    /// Their role for the whole installation; `viewer` when left out.
    #[serde(default)]
    pub role: Option<String>,
}

/// What to change of somebody; what is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonChange {
    /// What they sign in with.
    #[serde(default)]
    pub name: Option<String>,
    /// Their role for the whole installation.
    #[serde(default)]
    pub role: Option<String>,
}

/// A link by which a person sets a password, once. It is shown only here.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasswordLink {
    /// Where they set it.
    pub url: String,
    /// When it ends by itself.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Somebody who was added, with the link by which they set a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddedPerson {
    /// The person.
    pub person: Person,
    /// The link.
    pub link: PasswordLink,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// How people call it.
    pub display_name: Option<String>,
    /// Whether a Group defines it; otherwise it is only named as an owner, or has members left.
    pub defined: bool,
    /// The services it owns.
    pub services: Vec<String>,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role for what the team owns.
    pub role: String,
    /// Since when they have it.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

/// What somebody is to be in a team.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NewMember {
    /// Their role for what the team owns.
    pub role: String,
}

/// A token to make.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct NewToken {
    /// What to call it.
    pub name: String,
    /// Its role.
    pub role: String,
    /// The team for what it owns the role holds; the whole installation when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The permissions that it is limited to; all that the role has when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// When it ends by itself; never when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
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
    /// The team for what it owns the role holds; none is the whole installation.
    pub team: Option<String>,
    /// The permissions that it is limited to; none is no limit.
    pub scopes: Option<Vec<String>>,
    /// `active`, `expired` or `revoked`.
    pub state: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last used, to the minute; none is never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it ends by itself; none is never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// The secret itself: only in the answer that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who: a person's or a token's name, or the part of Plimsoll; an erased person by their id.
    pub actor: String,
    /// The id of the person or token; none is Plimsoll itself.
    pub actor_id: Option<String>,
    /// `person`, `token` or `system`.
    pub actor_kind: String,
    /// What it is about: an id, or a noun and a name.
    pub subject: String,
    /// What happened, as a stable word.
    pub event: String,
    /// What happened, in a sentence.
    pub message: String,
}
