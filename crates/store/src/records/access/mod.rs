//! Who may come in: people, their sessions and teams, tokens, and senders of signed webhooks.
//! Secrets are kept only as hashes, made by the caller, or not at all.

mod people;
mod sessions;
mod teams;
mod tokens;
mod webhooks;

use plimsoll_domain::access::Role;
use plimsoll_domain::catalog::Name;

use super::Error;

pub use people::{PasswordLink, Person};
pub use sessions::Session;
pub use teams::Membership;
pub use tokens::Token;
pub use webhooks::{Answer, Message, Webhook};

pub(super) use people::{
    check_nobody, check_other_admin, check_person, forget, use_link, write_link, write_person,
};
pub(super) use sessions::{end_all_of, end_expired_sessions, end_session, write_session};
pub(super) use teams::{join, leave};
pub(super) use tokens::{note_uses, revoke_token, write_token};
pub(super) use webhooks::{forget_messages, settle_message, take_message, write_webhook};

fn read_role(word: &str) -> Result<Role, Error> {
    Role::parse(word)
        .ok_or_else(|| Error::Corrupt { what: "role", why: format!("`{word}` is no role") })
}

fn read_team(text: String) -> Result<Name, Error> {
    Name::try_from(text)
        .map_err(|error| Error::Corrupt { what: "team of a role", why: error.to_string() })
}
