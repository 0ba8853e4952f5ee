//! What people were called: history names a person by their id alone, and what they were called is
//! a row of its own that seals by a salted commitment.
//!
//! Invariant: erasing a person leaves their id and the commitments, which say nothing without the
//! salt, and everything sealed still proves.

use plimsoll_domain::id::PersonId;
use plimsoll_domain::seal::commitment;
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::schema::identity::{Column, Entity, Model};
use crate::records::effects::CommitError;
use crate::records::{Scope, access, micros, rows};

/// Records what a person is called from `at` on, unless they are called so already.
pub(in crate::records) async fn name(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: PersonId,
    at: Timestamp,
    (salt, name): (&[u8; 32], &str),
) -> Result<(), CommitError> {
    let named =
        Entity::find().filter(Column::Scope.eq(scope.key())).filter(Column::Person.eq(id.uuid()));
    let last = rows::one(tx, named.order_by_desc(Column::Number)).await?;
    if last.as_ref().and_then(|last| last.name.as_deref()) == Some(name) {
        return Ok(());
    }
    let row = Model {
        scope: scope.key(),
        person: id.uuid(),
        number: last.map_or(0, |last| last.number) + 1,
        at: micros::of(at),
        commitment: commitment(salt, name).0.to_vec(),
        salt: Some(salt.to_vec()),
        name: Some(name.to_owned()),
        sum: 0,
    };
    super::append(tx, scope, row, id).await
}

/// Erases everything that says who a person is; their id stands on in history. Conflicts when they
/// are not there.
pub(in crate::records) async fn erase(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: PersonId,
) -> Result<(), CommitError> {
    let named =
        Entity::find().filter(Column::Scope.eq(scope.key())).filter(Column::Person.eq(id.uuid()));
    for row in rows::all(tx, named).await? {
        rows::replace(tx, Model { salt: None, name: None, ..row }).await?;
    }
    access::forget(tx, scope, id).await
}
