//! Timelines and the audit log: lines about a subject, only ever appended.
//!
//! A person is stored by their id alone; what they are called is looked up when a line is read.

use plimsoll_domain::access::Principal;
use plimsoll_domain::id::{EntryId, PersonId};
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::effects::CommitError;
use super::page::{self, Listing, PageRequest, Position};
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

/// Which lines of the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Those of this actor: the text of a person's or a token's id.
    pub actor: Option<String>,
    /// Those about this.
    pub subject: Option<String>,
    /// Those from then on.
    pub from: Option<Timestamp>,
    /// Those before then.
    pub to: Option<Timestamp>,
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
        self.call_by_name(scope, &mut entries).await?;
        Ok(entries)
    }

    /// What somebody did, newest first.
    pub async fn audit_log(
        &self,
        scope: Scope,
        filter: &EntryFilter,
        page: &PageRequest,
    ) -> Result<Listing<Entry>, Error> {
        let mut select = Entity::find()
            .filter(Column::Scope.eq(scope.key()))
            .filter(Column::Actor.is_not_null());
        if let Some(actor) = &filter.actor {
            // An id is in no other actor than its own.
            select = select.filter(Column::Actor.contains(actor));
        }
        if let Some(subject) = &filter.subject {
            select = select.filter(Column::Subject.eq(subject));
        }
        if let Some(from) = filter.from {
            select = select.filter(Column::At.gte(micros::of(from)));
        }
        if let Some(to) = filter.to {
            select = select.filter(Column::At.lt(micros::of(to)));
        }
        let position = |row: &Model| Position { at: row.at, id: row.id };
        let columns = (Column::At, Column::Id);
        let listing = page::newest_first(&self.reads, select, columns, position, page).await?;
        let mut listing = listing.try_map(read)?;
        self.call_by_name(scope, &mut listing.items).await?;
        Ok(listing)
    }

    /// Puts in what people are called.
    async fn call_by_name(&self, scope: Scope, entries: &mut [Entry]) -> Result<(), Error> {
        let actors = entries.iter_mut().filter_map(|entry| entry.actor.as_mut());
        let mut unnamed: Vec<_> = actors.filter_map(unnamed).collect();
        if !unnamed.is_empty() {
            let names = self.names(scope).await?;
            for (id, name) in &mut unnamed {
                **name = names.get(id).cloned().unwrap_or_else(|| id.to_string());
            }
        }
        Ok(())
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
        Principal::Token { .. } | Principal::Webhook { .. } | Principal::System { .. } => actor,
    }
}

/// A person stored by their id alone, and where their name goes.
fn unnamed(actor: &mut Principal) -> Option<(PersonId, &mut String)> {
    match actor {
        Principal::Person { id, name } if name.is_empty() => Some((*id, name)),
        Principal::Person { .. }
        | Principal::Token { .. }
        | Principal::Webhook { .. }
        | Principal::System { .. } => None,
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
