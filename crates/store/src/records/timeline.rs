//! Timelines and the audit log: lines about a subject, only ever appended.
//!
//! A person is stored by their id alone; what they are called is looked up when a line is read.

use plimsoll_domain::access::Principal;
use plimsoll_domain::id::{EntryId, PersonId};
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::effects::CommitError;
use super::schema::entry::{Column, Entity, Model};
use super::{Error, Records, Scope, blob, micros, rows, sealing};

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// What it is about: the text of an id.
    pub subject: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, as a stable word.
    pub event: String,
    /// What happened, in a sentence.
    pub message: String,
    /// Who did it; none when nobody did. A person who was erased is called by their id.
    pub actor: Option<Principal>,
}

impl Records {
    /// Everything that happened to a subject, oldest first.
    pub async fn timeline(&self, scope: Scope, subject: &str) -> Result<Vec<Entry>, Error> {
        let select = Entity::find()
            .filter(Column::Scope.eq(scope.key()))
            .filter(Column::Subject.eq(subject))
            .order_by_asc(Column::At)
            .order_by_asc(Column::Id);
        let rows = rows::all(&self.reads, select).await?;
        let mut entries = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let actors = entries.iter_mut().filter_map(|entry| entry.actor.as_mut());
        let mut unnamed: Vec<_> = actors.filter_map(unnamed).collect();
        if !unnamed.is_empty() {
            let names = self.names(scope).await?;
            for (id, name) in &mut unnamed {
                **name = names.get(id).cloned().unwrap_or_else(|| id.to_string());
            }
        }
        Ok(entries)
    }
}

pub(super) async fn append(
    tx: &DatabaseTransaction,
    scope: Scope,
    entry: &Entry,
) -> Result<(), CommitError> {
    let row = Model {
        scope: scope.key(),
        id: entry.id.uuid(),
        subject: entry.subject.clone(),
        at: micros::of(entry.at),
        event: entry.event.clone(),
        message: entry.message.clone(),
        actor: entry.actor.clone().map(reference).as_ref().map(blob::encode),
        sum: 0,
    };
    sealing::append(tx, scope, row, entry.id).await
}

/// The same actor, a person by their id alone.
fn reference(actor: Principal) -> Principal {
    match actor {
        Principal::Person { id, .. } => Principal::Person { id, name: String::new() },
        Principal::Token { .. } | Principal::System { .. } => actor,
    }
}

/// A person stored by their id alone, and where their name goes.
fn unnamed(actor: &mut Principal) -> Option<(PersonId, &mut String)> {
    match actor {
        Principal::Person { id, name } if name.is_empty() => Some((*id, name)),
        Principal::Person { .. } | Principal::Token { .. } | Principal::System { .. } => None,
    }
}

fn read(row: Model) -> Result<Entry, Error> {
    Ok(Entry {
        id: EntryId::from_uuid(row.id),
        subject: row.subject,
        at: micros::instant(row.at)?,
        event: row.event,
        message: row.message,
        actor: row.actor.map(|actor| blob::decode("actor", &actor)).transpose()?,
    })
}
