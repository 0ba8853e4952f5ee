//! Which tables and columns a database has, as it says itself.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

use super::{BackupError, Column, Kind};

/// The table in which migrations are noted.
pub(super) const MIGRATIONS: &str = "seaql_migrations";

/// A table with its columns in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// What each column is called by the database, in the same order.
    pub(super) declared: Vec<String>,
}

/// The names of all tables, in order.
pub(super) async fn names(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let text = if db.get_database_backend() == DbBackend::Sqlite {
        "SELECT name FROM sqlite_master \
             WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    } else {
        "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
    };
    let rows = ask(db, text, []).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

/// All tables.
pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Table>, BackupError> {
    let mut tables = Vec::new();
    for name in names(db).await? {
        tables.push(table(db, name).await?);
    }
    Ok(tables)
}

/// The migrations that were applied, in order; none where nothing was ever migrated.
pub(super) async fn migrations(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if !names(db).await?.iter().any(|name| name == MIGRATIONS) {
        return Ok(Vec::new());
    }
    let text = format!("SELECT version FROM {MIGRATIONS} ORDER BY version");
    let rows = ask(db, &text, []).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

async fn table(db: &impl ConnectionTrait, name: String) -> Result<Table, BackupError> {
    let text = if db.get_database_backend() == DbBackend::Sqlite {
        "SELECT name, lower(type) AS type FROM pragma_table_info($1)"
    } else {
        "SELECT column_name::text AS name, data_type::text AS type \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
    };
    let mut table = Table { name, columns: Vec::new(), declared: Vec::new() };
    for row in ask(db, text, [table.name.clone().into()]).await? {
        let (column, declared): (String, String) =
            (row.try_get("", "name")?, row.try_get("", "type")?);
        let kind = kind(&declared).ok_or_else(|| {
            let what = format!("the column `{column}` of `{}` is of type {declared}", table.name);
            BackupError::Misfit(what)
        })?;
        table.columns.push(Column { name: column, kind });
        table.declared.push(declared);
    }
    Ok(table)
}

/// What a column of a declared type holds, `text(20)` being `text`.
fn kind(declared: &str) -> Option<Kind> {
    let plain = declared.split('(').next().unwrap_or_default().trim();
    Some(match plain {
        "bigint" | "integer" | "smallint" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "double precision" | "double" | "real" => Kind::Real,
        "text" | "varchar" | "character varying" => Kind::Text,
        "blob" | "bytea" | "varbinary_blob" => Kind::Blob,
        "uuid" | "uuid_text" => Kind::Uuid,
        _ => return None,
    })
}

pub(super) async fn ask<const N: usize>(
    db: &impl ConnectionTrait,
    text: &str,
    values: [Value; N],
) -> Result<Vec<QueryResult>, DbErr> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), text, values);
    db.query_all_raw(statement).await
}

/// A name as SQL takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
