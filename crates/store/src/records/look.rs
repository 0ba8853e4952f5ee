//! Looking at a database without changing it: what it is, and which migrations it lacks.

use plimsoll_domain::id::OrgId;
use sea_orm::{DbBackend, EntityTrait};
use sea_orm_migration::MigratorTrait as _;

use super::backup::migrations_of;
use super::migration::Migrator;
use super::schema::organisation;
use super::{DefinitionsHead, Error, Location, Records, Scope, open};

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// The version of SQLite in this program; none where the records are in Postgres.
    pub sqlite: Option<String>,
    /// Whether that version is one that keeps what it is given.
    pub sqlite_is_sound: bool,
    /// Migrations that the next start applies.
    pub pending: Vec<String>,
    /// Migrations that this program does not know.
    pub unknown: Vec<String>,
    /// What is declared; none before the first start.
    pub definitions: Option<DefinitionsHead>,
}

/// Looks at a database that is there, and may be in use.
///
/// # Errors
/// Refused when it does not open, or cannot be read.
pub async fn look(location: &Location) -> Result<Look, Error> {
    let db = open::read_only(location).await?;
    let mut look = Look { sqlite_is_sound: true, ..Look::default() };
    if db.get_database_backend() == DbBackend::Sqlite {
        let version = open::sqlite_version(&db).await?;
        look.sqlite_is_sound = open::sqlite_is_sound(&version);
        look.sqlite = Some(version);
    }
    let applied = migrations_of(&db).await?;
    let known: Vec<String> =
        Migrator::migrations().iter().map(|known| known.name().to_owned()).collect();
    look.pending = known.iter().filter(|name| !applied.contains(name)).cloned().collect();
    look.unknown = applied.into_iter().filter(|name| !known.contains(name)).collect();
    if look.pending.is_empty()
        && let Some(row) = organisation::Entity::find().one(&db).await?
    {
        let records = Records::reading(db.clone());
        let scope = Scope(OrgId::from_uuid(row.id));
        look.definitions = Some(records.definitions(scope).await?);
    }
    db.close().await?;
    Ok(look)
}

/// The version of SQLite in this program.
///
/// # Errors
/// Refused when SQLite does not answer.
pub async fn sqlite_version() -> Result<(String, bool), Error> {
    let db = sea_orm::Database::connect("sqlite::memory:").await?;
    let version = open::sqlite_version(&db).await?;
    db.close().await?;
    let sound = open::sqlite_is_sound(&version);
    Ok((version, sound))
}
