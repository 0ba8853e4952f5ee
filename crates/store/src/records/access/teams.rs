//! Who is in which team, and as what.

use plimsoll_domain::access::Role;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::PersonId;
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::{read_role, read_team};
use crate::records::effects::CommitError;
use crate::records::schema::membership::{Column, Entity, Model};
use crate::records::schema::person;
use crate::records::{Error, Records, Scope, micros, rows};

/// A person in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The team.
    pub team: Name,
    /// The person.
    pub person: PersonId,
    /// What they may do with what the team owns.
    pub role: Role,
    /// Since when they have this role there.
    pub since: Timestamp,
}

impl Records {
    /// Everybody in every team, by team.
    pub async fn memberships(&self, scope: Scope) -> Result<Vec<Membership>, Error> {
        let select = Entity::find()
            .filter(Column::Scope.eq(scope.key()))
            .order_by_asc(Column::Team)
            .order_by_asc(Column::Person);
        rows::all(&self.reads, select).await?.into_iter().map(read).collect()
    }

    /// The teams that a person is in.
    pub async fn memberships_of(
        &self,
        scope: Scope,
        person: PersonId,
    ) -> Result<Vec<Membership>, Error> {
        let select = Entity::find()
            .filter(Column::Scope.eq(scope.key()))
            .filter(Column::Person.eq(person.uuid()))
            .order_by_asc(Column::Team);
        rows::all(&self.reads, select).await?.into_iter().map(read).collect()
    }
}

/// Puts a person into a team, or changes what they are there; conflicts when they are not there.
pub(in crate::records) async fn join(
    tx: &DatabaseTransaction,
    scope: Scope,
    membership: &Membership,
) -> Result<(), CommitError> {
    let Membership { team, person, role, since } = membership;
    // Locked, so that nobody is erased meanwhile and stays a member.
    let known = person::Entity::find_by_id((scope.key(), person.uuid()));
    rows::one_locked(tx, known).await?.ok_or_else(|| CommitError::conflict(person))?;
    let row = Model {
        scope: scope.key(),
        team: team.to_string(),
        person: person.uuid(),
        role: role.as_str().to_owned(),
        since: micros::of(*since),
        sum: 0,
    };
    let kept = Entity::find_by_id((scope.key(), team.to_string(), person.uuid()));
    match rows::one_locked(tx, kept).await? {
        Some(_) => Ok(rows::replace(tx, row).await?),
        None => rows::insert(tx, row, person).await,
    }
}

/// Takes a person out of a team; conflicts when they are not in it.
pub(in crate::records) async fn leave(
    tx: &DatabaseTransaction,
    scope: Scope,
    (team, person): (&Name, PersonId),
) -> Result<(), CommitError> {
    let key = (scope.key(), team.to_string(), person.uuid());
    match Entity::delete_by_id(key).exec(tx).await?.rows_affected {
        1 => Ok(()),
        _ => Err(CommitError::conflict(format_args!("{person} in {team}"))),
    }
}

/// Takes a person out of every team.
pub(super) async fn leave_all(
    tx: &DatabaseTransaction,
    scope: Scope,
    person: PersonId,
) -> Result<(), CommitError> {
    Entity::delete_many()
        .filter(Column::Scope.eq(scope.key()))
        .filter(Column::Person.eq(person.uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

fn read(row: Model) -> Result<Membership, Error> {
    Ok(Membership {
        team: read_team(row.team)?,
        person: PersonId::from_uuid(row.person),
        role: read_role(&row.role)?,
        since: micros::instant(row.since)?,
    })
}
