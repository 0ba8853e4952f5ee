//! People who sign in, and the links by which they set a password.

use std::collections::BTreeMap;

use plimsoll_domain::access::Role;
use plimsoll_domain::id::PersonId;
use plimsoll_domain::time::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::read_role;
use crate::records::effects::{Clash, CommitError};
use crate::records::schema::{password_link, person};
use crate::records::{Error, Records, Scope, Versioned, micros, rows};

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

/// A link by which a person sets a password, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// Whose: a new one takes the place of the one before.
    pub person: PersonId,
    /// The keyed hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl Records {
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

    /// The link by which a person may set a password, expired or not.
    pub async fn password_link(
        &self,
        scope: Scope,
        person: PersonId,
    ) -> Result<Option<PasswordLink>, Error> {
        let select = password_link::Entity::find_by_id((scope.key(), person.uuid()));
        rows::one(&self.reads, select).await?.map(read_link).transpose()
    }
}

/// Checks that a person is of that version, and keeps them so until the transaction ends.
pub(in crate::records) async fn check_person(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: PersonId,
    version: u64,
) -> Result<(), CommitError> {
    let select = person::Entity::find_by_id((scope.key(), id.uuid())).lock_shared();
    match rows::one(tx, select).await? {
        Some(kept) if micros::count(kept.version) == version => Ok(()),
        Some(_) | None => Err(CommitError::conflict(id)),
    }
}

/// Checks that there are no people.
pub(in crate::records) async fn check_nobody(
    tx: &DatabaseTransaction,
    scope: Scope,
) -> Result<(), CommitError> {
    let people = person::Entity::find().filter(person::Column::Scope.eq(scope.key()));
    match people.count(tx).await? {
        0 => Ok(()),
        _ => Err(CommitError::conflict("that there are no people")),
    }
}

/// Checks that `than` is not the only admin of the installation. They and all admins are locked, in
/// order, so that of two who step down at once the second sees the first.
pub(in crate::records) async fn check_other_admin(
    tx: &DatabaseTransaction,
    scope: Scope,
    than: PersonId,
) -> Result<(), CommitError> {
    let concerned = Condition::any()
        .add(person::Column::Role.eq(Role::Admin.as_str()))
        .add(person::Column::Id.eq(than.uuid()));
    let concerned = person::Entity::find()
        .filter(person::Column::Scope.eq(scope.key()))
        .filter(concerned)
        .order_by_asc(person::Column::Id)
        .lock_exclusive();
    let concerned = rows::all(tx, concerned).await?;
    let admins = concerned.iter().filter(|row| row.role == Role::Admin.as_str());
    let admins: Vec<Uuid> = admins.map(|row| row.id).collect();
    if admins == [than.uuid()] { Err(Clash::LastAdmin(than).into()) } else { Ok(()) }
}

pub(in crate::records) async fn write_person(
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
    Clash::NameTaken(person.name.clone()).into()
}

/// A link, in place of the one before; conflicts when the person is not there.
pub(in crate::records) async fn write_link(
    tx: &DatabaseTransaction,
    scope: Scope,
    link: &PasswordLink,
) -> Result<(), CommitError> {
    let id = (scope.key(), link.person.uuid());
    let person = rows::one_locked(tx, person::Entity::find_by_id(id)).await?;
    person.ok_or_else(|| CommitError::conflict(link.person))?;
    password_link::Entity::delete_by_id(id).exec(tx).await?;
    let row = password_link::Model {
        scope: scope.key(),
        person: link.person.uuid(),
        secret_hash: link.secret_hash.clone(),
        created_at: micros::of(link.created_at),
        expires_at: micros::of(link.expires_at),
        sum: 0,
    };
    rows::insert(tx, row, link.person).await
}

/// Uses a link up; conflicts when it is no longer the one that was read.
pub(in crate::records) async fn use_link(
    tx: &DatabaseTransaction,
    scope: Scope,
    link: &PasswordLink,
) -> Result<(), CommitError> {
    let used = password_link::Entity::delete_many()
        .filter(password_link::Column::Scope.eq(scope.key()))
        .filter(password_link::Column::Person.eq(link.person.uuid()))
        .filter(password_link::Column::SecretHash.eq(link.secret_hash.clone()))
        .exec(tx)
        .await?;
    match used.rows_affected {
        1 => Ok(()),
        _ => Err(CommitError::conflict("the link")),
    }
}

/// Takes away what lets a person in and says what they may: erasing them, or their last trace here.
pub(in crate::records) async fn forget(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: PersonId,
) -> Result<(), CommitError> {
    super::sessions::end_all_of(tx, scope, id, None).await?;
    super::teams::leave_all(tx, scope, id).await?;
    let key = (scope.key(), id.uuid());
    password_link::Entity::delete_by_id(key).exec(tx).await?;
    let gone = person::Entity::delete_by_id(key).exec(tx).await?;
    if gone.rows_affected == 1 { Ok(()) } else { Err(CommitError::conflict(id)) }
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

fn read_link(row: password_link::Model) -> Result<PasswordLink, Error> {
    Ok(PasswordLink {
        person: PersonId::from_uuid(row.person),
        secret_hash: row.secret_hash,
        created_at: micros::instant(row.created_at)?,
        expires_at: micros::instant(row.expires_at)?,
    })
}
