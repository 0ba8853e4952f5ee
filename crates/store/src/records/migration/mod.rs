//! Migrations: an append-only list. One that has shipped is never edited; a change is a new file,
//! and expands before it contracts, so that this version and the one before run together.

mod m0001_first;
mod m0003_sealing;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All migrations, oldest first.
pub(super) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_first::Migration), Box::new(m0003_sealing::Migration)]
    }
}
