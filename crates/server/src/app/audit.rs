//! The audit log: who changed what, and when. Each line is committed with the change that it tells
//! of, and sealed like the rest of history.
//!
//! Invariant: a line names people by their ids alone, so that they can be erased; what they are
//! called is put in when it is read.

use jiff::Timestamp;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::AuditEntry;
use plimsoll_domain::access::Principal;
use plimsoll_store::{Entry, EntryFilter, Write};

use super::access::Caller;
use super::people::Names;
use super::{Failure, Paging, State, page};

/// Which lines are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// A person's name or id, or the id of a token or webhook sender.
    pub(crate) actor: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

/// The line that says what `caller` does to `subject`.
pub(crate) fn line(
    state: &State,
    now: Timestamp,
    caller: &Caller,
    subject: impl std::fmt::Display,
    event: &str,
    message: impl Into<String>,
) -> Write {
    Write::Entry(Entry {
        id: state.world.fresh(now),
        subject: subject.to_string(),
        at: now,
        event: event.to_owned(),
        message: message.into(),
        actor: Some(caller.principal.clone()),
    })
}

/// What somebody did, newest first.
pub(crate) async fn list(
    state: &State,
    filter: Filter,
    paging: Paging,
) -> Result<Page<AuditEntry>, Failure> {
    let names = Names::load(state).await?;
    let Filter { actor, subject, from, to } = filter;
    let actor = actor.map(|actor| actor_id(&names, &actor)).transpose()?;
    let filter = EntryFilter { actor, subject, from, to };
    let listing = state.records.audit_log(state.scope, &filter, &paging.request()?).await?;
    Ok(page(listing, |entry| wire(&names, entry)))
}

/// The id of whoever is meant.
fn actor_id(names: &Names, actor: &str) -> Result<String, Failure> {
    if let Some(id) = names.id_of(actor) {
        return Ok(id.to_owned());
    }
    let is_id = ["per_", "tok_", "whk_"].iter().any(|prefix| actor.starts_with(prefix))
        && actor.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_id {
        return Ok(actor.to_owned());
    }
    Err(Failure::invalid_with_hint(
        "unknown_actor",
        format!("nobody here is called `{actor}`"),
        "actor is the name of a person, or the id of a person, token or webhook sender",
    ))
}

fn wire(names: &Names, entry: Entry) -> AuditEntry {
    let (kind, name, id) = match entry.actor {
        Some(Principal::Person { id, name }) => ("person", name, Some(id.to_string())),
        Some(Principal::Token { id, name }) => ("token", name, Some(id.to_string())),
        Some(Principal::Webhook { id, name }) => ("webhook", name, Some(id.to_string())),
        Some(Principal::System { part }) => ("system", part.to_string(), None),
        None => ("system", String::new(), None),
    };
    AuditEntry {
        id: entry.id.to_string(),
        at: entry.at,
        actor: name,
        actor_id: id,
        actor_kind: kind.to_owned(),
        subject: entry.subject,
        event: entry.event,
        message: names.put_into(&entry.message),
    }
}
