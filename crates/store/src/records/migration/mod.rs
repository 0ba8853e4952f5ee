//! Migrations: an append-only list. One that has shipped is never edited; a change is a new file,
//! and expands before it contracts, so that this version and the one before run together.
//!
//! A program's schema is the number of migrations that it knows. The database holds the number of
//! the oldest schema whose programs may work on it: a migration that contracts raises it, one that
//! expands leaves it alone, so that an older program goes on working on a database that a newer one
//! has taken further. One that is too old is refused.
//!
//! Those who open at once take turns: on Postgres by an advisory lock, on SQLite by the data
//! directory's.

mod m0001_first;
mod m0002_trust;
mod m0003_sealing;
mod m0004_access;
mod m0005_delivery;
mod m0006_webhooks;
mod m0007_forwarding;

use sea_orm::sea_query::Value;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    Statement,
};
use sea_orm_migration::prelude::{
    ColumnDef, Index, IndexCreateStatement, Table, TableCreateStatement,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

use super::schema::{
    alert, attempt, compatibility, decision, definitions_head, deployment, document,
    document_version, entry, notification, organisation, person, revision, session, setting, token,
};
use super::{Error, alerts, decisions, notifications, rows};

/// All migrations, oldest first.
pub(super) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Migration),
            Box::new(m0002_trust::Migration),
            Box::new(m0003_sealing::Migration),
            Box::new(m0004_access::Migration),
            Box::new(m0005_delivery::Migration),
            Box::new(m0006_webhooks::Migration),
            Box::new(m0007_forwarding::Migration),
        ]
    }
}

/// What a database says that was opened by a program of this version: older ones wrote rows without
/// checksums.
const OLDEST: i64 = 2;

const ONLY_SLOT: i32 = 1;

/// Any number that no other program locks by.
const LOCK: i64 = 0x706c_696d_736f_6c6c;

/// An index of a table, by these columns.
fn index(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A table with its primary key.
fn table(
    name: &'static str,
    key: &[&'static str],
    columns: Vec<ColumnDef>,
) -> TableCreateStatement {
    let mut table = Table::create().table(name).to_owned();
    for mut column in columns {
        table.col(&mut column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary).to_owned()
}

/// Applies the migrations that are missing, unless the database is for newer programs alone.
pub(super) async fn migrate(db: &DatabaseConnection) -> Result<(), Error> {
    if db.get_database_backend() != DbBackend::Postgres {
        return migrate_alone(db).await;
    }
    // The pool to write by has one connection, and the lock is the session's.
    let say = |what: &str| Statement::from_string(DbBackend::Postgres, format!("SELECT {what}"));
    db.execute_raw(say(&format!("pg_advisory_lock({LOCK})"))).await?;
    let migrated = migrate_alone(db).await;
    db.execute_raw(say(&format!("pg_advisory_unlock({LOCK})"))).await?;
    migrated
}

async fn migrate_alone(db: &DatabaseConnection) -> Result<(), Error> {
    let applied = Migrator::get_migration_models(db).await?;
    let is_applied = |name: &str| applied.iter().any(|row| row.version == name);
    let ours = Migrator::migrations();
    if ours.iter().all(|migration| is_applied(migration.name())) {
        refuse_too_new(db, ours.len() as u64).await?;
    } else {
        Migrator::up(db, None).await?;
    }
    complete(db).await?;
    notifications::fill_in(db).await?;
    alerts::fill_in(db).await?;
    decisions::fill_in(db).await
}

async fn refuse_too_new(db: &DatabaseConnection, ours: u64) -> Result<(), Error> {
    let kept = compatibility::Entity::find_by_id(ONLY_SLOT).one(db).await?;
    match kept.map(|row| row.oldest.unsigned_abs()) {
        Some(oldest) if oldest > ours => Err(Error::TooNew { oldest, ours }),
        Some(_) | None => Ok(()),
    }
}

/// Gives checksums to the rows of before there were any, once: then the database says that it is
/// not for the programs that wrote them.
async fn complete(db: &DatabaseConnection) -> Result<(), Error> {
    if compatibility::Entity::find_by_id(ONLY_SLOT).one(db).await?.is_some() {
        return Ok(());
    }
    let tx = super::open::begin_write(db).await?;
    sum_up::<organisation::Entity, organisation::ActiveModel>(&tx).await?;
    sum_up::<setting::Entity, setting::ActiveModel>(&tx).await?;
    sum_up::<definitions_head::Entity, definitions_head::ActiveModel>(&tx).await?;
    sum_up::<document::Entity, document::ActiveModel>(&tx).await?;
    sum_up::<document_version::Entity, document_version::ActiveModel>(&tx).await?;
    sum_up::<revision::Entity, revision::ActiveModel>(&tx).await?;
    sum_up::<alert::Entity, alert::ActiveModel>(&tx).await?;
    sum_up::<entry::Entity, entry::ActiveModel>(&tx).await?;
    sum_up::<notification::Entity, notification::ActiveModel>(&tx).await?;
    sum_up::<attempt::Entity, attempt::ActiveModel>(&tx).await?;
    sum_up::<deployment::Entity, deployment::ActiveModel>(&tx).await?;
    sum_up::<decision::Entity, decision::ActiveModel>(&tx).await?;
    sum_up::<token::Entity, token::ActiveModel>(&tx).await?;
    sum_up::<person::Entity, person::ActiveModel>(&tx).await?;
    sum_up::<session::Entity, session::ActiveModel>(&tx).await?;
    let done = compatibility::Model { slot: ONLY_SLOT, oldest: OLDEST };
    compatibility::Entity::insert(done.into_active_model()).exec_without_returning(&tx).await?;
    Ok(tx.commit().await?)
}

async fn sum_up<E, A>(tx: &DatabaseTransaction) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let sum = rows::sum_column::<E::Model>();
    let without = sea_orm::ColumnTrait::eq(&sum, Value::BigInt(Some(0)));
    for row in E::find().filter(without).all(tx).await? {
        rows::replace(tx, row).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
