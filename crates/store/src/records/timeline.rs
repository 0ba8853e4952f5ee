//! Timelines and the audit log: lines about a subject, only ever appended.

use plimsoll_domain::access::Principal;
use plimsoll_domain::id::EntryId;
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::effects::CommitError;
use super::schema::entry::{Column, Entity, Model};
use super::{Error, Records, Scope, blob, micros, rows};

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
    /// Who did it; none when nobody did.
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
        rows::all(&self.reads, select).await?.into_iter().map(read).collect()
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
        actor: entry.actor.as_ref().map(blob::encode),
        sum: 0,
    };
    rows::insert(tx, row, entry.id).await
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
