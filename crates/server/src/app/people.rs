//! People: who they are, as history knows them by their ids, and what admins do with them.
//!
//! Invariants: nobody gives or takes what they do not have themselves; there is always an admin,
//! checked in the commit; who is erased stands in history by their id alone.

use std::collections::BTreeMap;

use plimsoll_api::v1;
use plimsoll_api::v1::access::{AddedPerson, NewPerson, PersonChange, TeamRole};
use plimsoll_domain::access::{Grants, Principal, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::PersonId;
use plimsoll_store::{Membership, Person, Read, Versioned, Write};

use super::access::Caller;
use super::{Changed, Failure, State, audit, links};

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

    /// The id of whoever is called so.
    pub(crate) fn id_of(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|(id, known)| (known == name).then_some(id.as_str()))
    }

    /// A sentence with names in place of ids.
    pub(crate) fn put_into(&self, sentence: &str) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = sentence.split_inclusive(|c| !is_word(c));
        let read = |word: &str| {
            let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
            self.of(&word[..end]) + &word[end..]
        };
        words.map(read).collect()
    }
}

/// What a person may do.
pub(super) fn grants(person: &Person, memberships: &[Membership]) -> Grants {
    let teams = memberships.iter().map(|member| (member.team.clone(), member.role));
    Grants { teams: teams.collect(), ..Grants::of(person.role) }
}

/// Reads a role that a caller gave.
pub(super) fn role(word: &str) -> Result<Role, Failure> {
    Role::parse(word).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_role",
            format!("`{word}` is no role"),
            "roles are viewer, responder, editor and admin",
        )
    })
}

/// Everybody who signs in, without their passwords.
pub(crate) async fn list(state: &State) -> Result<v1::Page<v1::access::Person>, Failure> {
    let memberships = state.records.memberships(state.scope).await?;
    let people = state.records.people(state.scope).await?;
    let items = people.iter().map(|person| wire(person, &memberships)).collect();
    Ok(v1::Page { items, next_cursor: None })
}

/// One person.
pub(crate) async fn get(state: &State, id: PersonId) -> Result<v1::access::Person, Failure> {
    let person = load(state, id).await?.value;
    let memberships = state.records.memberships_of(state.scope, id).await?;
    Ok(wire(&person, &memberships))
}

/// Adds somebody, who sets a password with the link that comes with the answer.
pub(crate) async fn add(
    state: &State,
    caller: &Caller,
    new: &NewPerson,
) -> Result<AddedPerson, Failure> {
    let now = state.world.now();
    let role = new.role.as_deref().map_or(Ok(Role::Viewer), role)?;
    caller.may_give(&Grants::of(role))?;
    let person = Person {
        id: state.world.fresh(now),
        name: checked_name(&new.name)?,
        role,
        password_hash: String::new(),
        created_at: now,
    };
    let (link, url) = links::make(state, now, person.id);
    let message = format!("{} was added as {}", person.id, role.as_str());
    let writes = vec![
        Write::Person {
            expected: None,
            person: person.clone(),
            at: now,
            salt: state.world.bytes(),
        },
        Write::PasswordLink(link.clone()),
        audit::line(state, now, caller, person.id, "person_added", message),
    ];
    let changed = [Changed::new("person", person.id)];
    state.commit(writes, changed).await?;
    let link = v1::access::PasswordLink { url, expires_at: link.expires_at };
    Ok(AddedPerson { person: wire(&person, &[]), link })
}

/// Changes what somebody is called, or may do.
pub(crate) async fn change(
    state: &State,
    caller: &Caller,
    id: PersonId,
    change: &PersonChange,
) -> Result<v1::access::Person, Failure> {
    let now = state.world.now();
    let Versioned { value: before, version } = load(state, id).await?;
    let after = Person {
        name: change.name.as_deref().map_or(Ok(before.name.clone()), checked_name)?,
        role: change.role.as_deref().map_or(Ok(before.role), role)?,
        ..before.clone()
    };
    caller.may_give(&Grants::of(before.role.max(after.role)))?;
    if after != before {
        let (mut reads, mut writes) = (Vec::new(), Vec::new());
        if after.role != before.role {
            reads.extend((before.role == Role::Admin).then_some(Read::OtherAdmin { than: id }));
            let (was, is) = (before.role.as_str(), after.role.as_str());
            let message = format!("{id} was {was} and is {is}");
            writes.push(audit::line(state, now, caller, id, "role_changed", message));
        }
        if after.name != before.name {
            let message = format!("{id} was renamed");
            writes.push(audit::line(state, now, caller, id, "person_renamed", message));
        }
        let (expected, salt) = (Some(version), state.world.bytes());
        writes.push(Write::Person { expected, person: after.clone(), at: now, salt });
        let changed = [Changed::new("person", id)];
        state.commit_reckoned(reads, writes, changed).await?;
    }
    get(state, id).await
}

/// Erases what says who a person is.
pub(crate) async fn erase(state: &State, caller: &Caller, id: PersonId) -> Result<(), Failure> {
    if matches!(&caller.principal, Principal::Person { id: own, .. } if *own == id) {
        return Err(Failure::invalid("own_person", "nobody erases themselves; ask another admin"));
    }
    let person = load(state, id).await?.value;
    caller.may_give(&Grants::of(person.role))?;
    let now = state.world.now();
    let line = audit::line(state, now, caller, id, "person_erased", "a person was erased");
    // Whatever they are by then: somebody else may make them an admin meanwhile.
    let reads = vec![Read::OtherAdmin { than: id }];
    let writes = vec![Write::ErasePerson { id }, line];
    let changed = [Changed::new("person", id)];
    Ok(state.commit_reckoned(reads, writes, changed).await?)
}

/// Makes a link by which somebody sets a new password. Their sessions go on until they do.
pub(crate) async fn reset(
    state: &State,
    caller: &Caller,
    id: PersonId,
) -> Result<v1::access::PasswordLink, Failure> {
    let now = state.world.now();
    let person = load(state, id).await?.value;
    caller.may_give(&Grants::of(person.role))?;
    let (link, url) = links::make(state, now, id);
    let expires_at = link.expires_at;
    let message = format!("{id} may set a new password");
    let line = audit::line(state, now, caller, id, "password_link_made", message);
    state.commit(vec![Write::PasswordLink(link), line], [Changed::new("person", id)]).await?;
    Ok(v1::access::PasswordLink { url, expires_at })
}

/// Somebody who is there.
pub(super) async fn load(state: &State, id: PersonId) -> Result<Versioned<Person>, Failure> {
    let person = state.records.person(state.scope, id).await?;
    person.ok_or_else(|| Failure::not_found("person", id))
}

/// A name to sign in with.
pub(super) fn checked_name(text: &str) -> Result<String, Failure> {
    let name = Name::parse(text);
    let name = name.map_err(|error| Failure::invalid("invalid_name", error.to_string()))?;
    Ok(name.to_string())
}

fn wire(person: &Person, memberships: &[Membership]) -> v1::access::Person {
    let theirs = memberships.iter().filter(|member| member.person == person.id);
    v1::access::Person {
        id: person.id.to_string(),
        name: person.name.clone(),
        role: person.role.as_str().to_owned(),
        teams: theirs.map(|member| team_role(&member.team, member.role)).collect(),
        has_password: !person.password_hash.is_empty(),
        created_at: person.created_at,
    }
}

/// A role in a team, on the wire.
pub(super) fn team_role(team: &Name, role: Role) -> TeamRole {
    TeamRole { team: team.to_string(), role: role.as_str().to_owned() }
}

#[cfg(test)]
mod tests;
