//! Browser sessions.

use plimsoll_domain::id::{PersonId, SessionId};
use plimsoll_domain::time::Timestamp;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::records::effects::CommitError;
use crate::records::schema::session;
use crate::records::{Error, Records, Scope, micros, rows};

/// A browser session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// The keyed hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Records {
    /// A session by its id, expired or not.
    pub async fn session(&self, scope: Scope, id: SessionId) -> Result<Option<Session>, Error> {
        let select = session::Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.map(read_session).transpose()
    }

    /// The sessions of a person, expired or not, newest first.
    pub async fn sessions_of(&self, scope: Scope, person: PersonId) -> Result<Vec<Session>, Error> {
        let select = session::Entity::find()
            .filter(session::Column::Scope.eq(scope.key()))
            .filter(session::Column::Person.eq(person.uuid()))
            .order_by_desc(session::Column::CreatedAt)
            .order_by_desc(session::Column::Id);
        rows::all(&self.reads, select).await?.into_iter().map(read_session).collect()
    }
}

pub(in crate::records) async fn write_session(
    tx: &DatabaseTransaction,
    scope: Scope,
    session: &Session,
) -> Result<(), CommitError> {
    let row = session::Model {
        scope: scope.key(),
        id: session.id.uuid(),
        person: session.person.uuid(),
        secret_hash: session.secret_hash.clone(),
        created_at: micros::of(session.created_at),
        expires_at: micros::of(session.expires_at),
        sum: 0,
    };
    rows::insert(tx, row, session.id).await
}

pub(in crate::records) async fn end_session(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: SessionId,
) -> Result<(), CommitError> {
    session::Entity::delete_by_id((scope.key(), id.uuid())).exec(tx).await?;
    Ok(())
}

/// How many expired sessions are removed at once, so that no sign-in waits for many.
const EXPIRED_MAX: u64 = 100;

pub(in crate::records) async fn end_expired_sessions(
    tx: &DatabaseTransaction,
    scope: Scope,
    at: Timestamp,
) -> Result<(), CommitError> {
    let expired: Vec<Uuid> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::Scope.eq(scope.key()))
        .filter(session::Column::ExpiresAt.lte(micros::of(at)))
        .order_by_asc(session::Column::ExpiresAt)
        .limit(EXPIRED_MAX)
        .into_tuple()
        .all(tx)
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::Scope.eq(scope.key()))
        .filter(session::Column::Id.is_in(expired))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends every session of a person but one.
pub(in crate::records) async fn end_all_of(
    tx: &DatabaseTransaction,
    scope: Scope,
    person: PersonId,
    but: Option<SessionId>,
) -> Result<(), CommitError> {
    let mut ended = session::Entity::delete_many()
        .filter(session::Column::Scope.eq(scope.key()))
        .filter(session::Column::Person.eq(person.uuid()));
    if let Some(but) = but {
        ended = ended.filter(session::Column::Id.ne(but.uuid()));
    }
    ended.exec(tx).await?;
    Ok(())
}

fn read_session(row: session::Model) -> Result<Session, Error> {
    Ok(Session {
        id: SessionId::from_uuid(row.id),
        person: PersonId::from_uuid(row.person),
        secret_hash: row.secret_hash,
        created_at: micros::instant(row.created_at)?,
        expires_at: micros::instant(row.expires_at)?,
    })
}
