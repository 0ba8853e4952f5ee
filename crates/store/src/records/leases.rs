//! Leases as rows: taken, renewed and given back by one write, which conflicts when the row has
//! moved on since it was loaded.
//!
//! When they may be taken is decided by `plimsoll_domain::lease`.

use plimsoll_domain::lease::Lease;
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect, Select};

use super::effects::CommitError;
use super::schema::lease::{Entity, Model};
use super::schema::lease_address;
use super::{Error, Records, Scope, micros, rows};

/// Where the holder of a lease is reached by the other replicas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseAddress {
    /// Which lease.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// The base of its URLs, without a slash at the end.
    pub url: String,
}

impl Records {
    /// A lease, if it was ever taken.
    pub async fn lease(&self, scope: Scope, name: &str) -> Result<Option<Lease>, Error> {
        Ok(rows::one(&self.reads, find(scope, name)).await?.map(read))
    }

    /// Where whoever holds a lease is reached by other replicas; none when nobody does, or its
    /// holder never said so.
    pub async fn lease_url(&self, scope: Scope, name: &str) -> Result<Option<String>, Error> {
        let Some(holder) = self.lease(scope, name).await?.and_then(|lease| lease.holder) else {
            return Ok(None);
        };
        let said = rows::one(&self.reads, find_address(scope, name)).await?;
        Ok(said.filter(|said| said.holder == holder).map(|said| said.url))
    }
}

/// Checks that the lease is still in that epoch, and keeps it so until the transaction ends.
pub(super) async fn check(
    tx: &DatabaseTransaction,
    scope: Scope,
    name: &str,
    epoch: u64,
) -> Result<(), CommitError> {
    let kept = rows::one(tx, find(scope, name).lock_shared()).await?.map(read);
    match kept {
        Some(lease) if lease.epoch == epoch && lease.holder.is_some() => Ok(()),
        Some(_) | None => Err(moved_on(name)),
    }
}

pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    name: &str,
    expected: Option<&Lease>,
    lease: &Lease,
) -> Result<(), CommitError> {
    let row = Model {
        scope: scope.key(),
        name: name.to_owned(),
        holder: lease.holder.clone(),
        epoch: lease.epoch.cast_signed(),
        renewals: lease.renewals.cast_signed(),
        sum: 0,
    };
    let Some(expected) = expected else {
        let free = rows::insert_new(tx, row).await?;
        return if free { Ok(()) } else { Err(moved_on(name)) };
    };
    let kept = rows::one_locked(tx, find(scope, name)).await?.map(read);
    if kept.as_ref() == Some(expected) {
        Ok(rows::replace(tx, row).await?)
    } else {
        Err(moved_on(name))
    }
}

/// Writes down where a holder is reached, in the place of what was said before.
pub(super) async fn write_address(
    tx: &DatabaseTransaction,
    scope: Scope,
    LeaseAddress { name, holder, url }: &LeaseAddress,
) -> Result<(), CommitError> {
    let row = lease_address::Model {
        scope: scope.key(),
        name: name.clone(),
        holder: holder.clone(),
        url: url.clone(),
        sum: 0,
    };
    if rows::one_locked(tx, find_address(scope, name)).await?.is_some() {
        return Ok(rows::replace(tx, row).await?);
    }
    rows::insert(tx, row, name).await
}

fn find_address(scope: Scope, name: &str) -> Select<lease_address::Entity> {
    lease_address::Entity::find_by_id((scope.key(), name.to_owned()))
}

fn find(scope: Scope, name: &str) -> Select<Entity> {
    Entity::find_by_id((scope.key(), name.to_owned()))
}

fn read(row: Model) -> Lease {
    Lease {
        holder: row.holder,
        epoch: micros::count(row.epoch),
        renewals: micros::count(row.renewals),
    }
}

fn moved_on(name: &str) -> CommitError {
    CommitError::conflict(format_args!("the lease `{name}`"))
}
