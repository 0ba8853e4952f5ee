//! Who may come in: tokens, people and their sessions. Secrets are kept only as hashes, made by
//! the caller.

use std::collections::BTreeMap;

use plimsoll_domain::access::Role;
use plimsoll_domain::id::{PersonId, SessionId, TokenId};
use plimsoll_domain::time::Timestamp;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::effects::CommitError;
use super::schema::{person, session, token};
use super::{Error, Records, Scope, Versioned, micros, rows};

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What its maker called it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The keyed hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// What they sign in with; nobody else has it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password's hash, in PHC format.
    pub password_hash: String,
    /// When they were added.
    pub created_at: Timestamp,
}

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
    /// A token by its id, revoked or not.
    pub async fn token(&self, scope: Scope, id: TokenId) -> Result<Option<Token>, Error> {
        let select = token::Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.map(read_token).transpose()
    }

    /// All tokens, revoked or not, oldest first.
    pub async fn tokens(&self, scope: Scope) -> Result<Vec<Token>, Error> {
        let select = token::Entity::find()
            .filter(token::Column::Scope.eq(scope.key()))
            .order_by_asc(token::Column::CreatedAt)
            .order_by_asc(token::Column::Id);
        rows::all(&self.reads, select).await?.into_iter().map(read_token).collect()
    }

    /// The person who signs in with that name.
    pub async fn person_named(
        &self,
        scope: Scope,
        name: &str,
    ) -> Result<Option<Versioned<Person>>, Error> {
        let select = person::Entity::find()
            .filter(person::Column::Scope.eq(scope.key()))
            .filter(person::Column::Name.eq(name));
        rows::one(&self.reads, select).await?.map(read_person).transpose()
    }

    /// A person by their id.
    pub async fn person(
        &self,
        scope: Scope,
        id: PersonId,
    ) -> Result<Option<Versioned<Person>>, Error> {
        let select = person::Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.map(read_person).transpose()
    }

    /// What everybody is called now, by their ids; nobody who was erased is among them.
    pub async fn names(&self, scope: Scope) -> Result<BTreeMap<PersonId, String>, Error> {
        let rows: Vec<(Uuid, String)> = person::Entity::find()
            .select_only()
            .columns([person::Column::Id, person::Column::Name])
            .filter(person::Column::Scope.eq(scope.key()))
            .into_tuple()
            .all(&self.reads)
            .await?;
        Ok(rows.into_iter().map(|(id, name)| (PersonId::from_uuid(id), name)).collect())
    }

    /// Everybody, the first added first.
    pub async fn people(&self, scope: Scope) -> Result<Vec<Person>, Error> {
        let select = person::Entity::find()
            .filter(person::Column::Scope.eq(scope.key()))
            .order_by_asc(person::Column::CreatedAt)
            .order_by_asc(person::Column::Id);
        let rows = rows::all(&self.reads, select).await?;
        rows.into_iter().map(|row| read_person(row).map(|person| person.value)).collect()
    }

    /// How many people there are.
    pub async fn people_count(&self, scope: Scope) -> Result<u64, Error> {
        let people = person::Entity::find().filter(person::Column::Scope.eq(scope.key()));
        Ok(people.count(&self.reads).await?)
    }

    /// A session by its id, expired or not.
    pub async fn session(&self, scope: Scope, id: SessionId) -> Result<Option<Session>, Error> {
        let select = session::Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.map(read_session).transpose()
    }
}

/// Checks that there are no people.
pub(super) async fn check_nobody(
    tx: &DatabaseTransaction,
    scope: Scope,
) -> Result<(), CommitError> {
    let people = person::Entity::find().filter(person::Column::Scope.eq(scope.key()));
    match people.count(tx).await? {
        0 => Ok(()),
        _ => Err(CommitError::conflict("that there are no people")),
    }
}

pub(super) async fn write_token(
    tx: &DatabaseTransaction,
    scope: Scope,
    token: &Token,
) -> Result<(), CommitError> {
    let row = token::Model {
        scope: scope.key(),
        id: token.id.uuid(),
        name: token.name.clone(),
        role: token.role.as_str().to_owned(),
        secret_hash: token.secret_hash.clone(),
        created_at: micros::of(token.created_at),
        revoked_at: token.revoked_at.map(micros::of),
        sum: 0,
    };
    rows::insert(tx, row, token.id).await
}

pub(super) async fn revoke_token(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: TokenId,
    at: Timestamp,
) -> Result<(), CommitError> {
    let kept = rows::one_locked(tx, token::Entity::find_by_id((scope.key(), id.uuid()))).await?;
    let row = kept.ok_or_else(|| CommitError::conflict(id))?;
    if row.revoked_at.is_none() {
        rows::replace(tx, token::Model { revoked_at: Some(micros::of(at)), ..row }).await?;
    }
    Ok(())
}

pub(super) async fn write_person(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: Option<u64>,
    person: &Person,
) -> Result<(), CommitError> {
    let Some(expected) = expected else {
        let free = rows::insert_new(tx, person_row(scope, 1, person)).await?;
        return if free { Ok(()) } else { Err(name_taken(person)) };
    };
    refuse_taken_name(tx, scope, person).await?;
    let select = person::Entity::find_by_id((scope.key(), person.id.uuid()));
    match rows::one_locked(tx, select).await? {
        Some(kept) if micros::count(kept.version) == expected => {
            let next = person_row(scope, kept.version + 1, person);
            let next = person::Model { created_at: kept.created_at, ..next };
            Ok(rows::replace(tx, next).await?)
        }
        Some(_) | None => Err(CommitError::conflict(person.id)),
    }
}

async fn refuse_taken_name(
    tx: &DatabaseTransaction,
    scope: Scope,
    person: &Person,
) -> Result<(), CommitError> {
    let other = person::Entity::find()
        .filter(person::Column::Scope.eq(scope.key()))
        .filter(person::Column::Name.eq(&person.name))
        .filter(person::Column::Id.ne(person.id.uuid()));
    match rows::one(tx, other).await? {
        None => Ok(()),
        Some(_) => Err(name_taken(person)),
    }
}

fn name_taken(person: &Person) -> CommitError {
    CommitError::conflict(format_args!("the name `{}`", person.name))
}

pub(super) async fn write_session(
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

pub(super) async fn end_session(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: SessionId,
) -> Result<(), CommitError> {
    session::Entity::delete_by_id((scope.key(), id.uuid())).exec(tx).await?;
    Ok(())
}

/// How many expired sessions are removed at once, so that no sign-in waits for many.
const EXPIRED_MAX: u64 = 100;

pub(super) async fn end_expired_sessions(
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

fn person_row(scope: Scope, version: i64, person: &Person) -> person::Model {
    person::Model {
        scope: scope.key(),
        id: person.id.uuid(),
        version,
        name: person.name.clone(),
        role: person.role.as_str().to_owned(),
        password_hash: person.password_hash.clone(),
        created_at: micros::of(person.created_at),
        sum: 0,
    }
}

fn read_token(row: token::Model) -> Result<Token, Error> {
    Ok(Token {
        id: TokenId::from_uuid(row.id),
        name: row.name,
        role: read_role(&row.role)?,
        secret_hash: row.secret_hash,
        created_at: micros::instant(row.created_at)?,
        revoked_at: row.revoked_at.map(micros::instant).transpose()?,
    })
}

fn read_person(row: person::Model) -> Result<Versioned<Person>, Error> {
    let person = Person {
        id: PersonId::from_uuid(row.id),
        name: row.name,
        role: read_role(&row.role)?,
        password_hash: row.password_hash,
        created_at: micros::instant(row.created_at)?,
    };
    Ok(Versioned { value: person, version: micros::count(row.version) })
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

fn read_role(word: &str) -> Result<Role, Error> {
    Role::parse(word)
        .ok_or_else(|| Error::Corrupt { what: "role", why: format!("`{word}` is no role") })
}
