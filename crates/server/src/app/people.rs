//! People as history knows them: by their ids, until someone reads it.

use std::collections::BTreeMap;

use plimsoll_api::v1;
use plimsoll_domain::access::Principal;
use plimsoll_domain::id::PersonId;
use plimsoll_store::{Entry, Person, Write};

use super::access::Caller;
use super::{Failure, State};

/// What everybody is called now.
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Loads them.
    pub(crate) async fn load(state: &State) -> Result<Self, Failure> {
        let names = state.records.names(state.scope).await?;
        Ok(Self(names.into_iter().map(|(id, name)| (id.to_string(), name)).collect()))
    }

    /// What the label of a caller reads as: a person by their name, or by their id once they are
    /// erased.
    pub(crate) fn of(&self, label: &str) -> String {
        self.0.get(label).map_or(label, String::as_str).to_owned()
    }
}

/// Everybody who signs in, without their passwords.
pub(crate) async fn list(state: &State) -> Result<v1::Page<v1::access::Person>, Failure> {
    let wire = |person: Person| v1::access::Person {
        id: person.id.to_string(),
        name: person.name,
        role: person.role.as_str().to_owned(),
        created_at: person.created_at,
    };
    let people = state.records.people(state.scope).await?;
    Ok(v1::Page { items: people.into_iter().map(wire).collect(), next_cursor: None })
}

/// Erases what says who a person is.
pub(crate) async fn erase(state: &State, caller: &Caller, id: PersonId) -> Result<(), Failure> {
    if matches!(&caller.principal, Principal::Person { id: own, .. } if *own == id) {
        return Err(Failure::invalid("own_person", "nobody erases themselves; ask another admin"));
    }
    let known = state.records.person(state.scope, id).await?;
    known.ok_or_else(|| Failure::not_found("person", id))?;
    let now = state.world.now();
    let entry = Entry {
        id: state.world.fresh(now),
        subject: id.to_string(),
        at: now,
        event: "person_erased".to_owned(),
        message: "a person was erased".to_owned(),
        actor: Some(caller.principal.clone()),
    };
    state.commit(vec![Write::ErasePerson { id }, Write::Entry(entry)], []).await?;
    Ok(())
}
