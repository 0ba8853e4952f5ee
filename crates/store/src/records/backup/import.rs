//! Import: an empty database is taken to the schema that the backup was made with, given its rows,
//! and left to be migrated further by whoever opens it, as the original would have been.

use std::io::Read;

use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use super::tables::{self, Table};
use super::{BackupError, Cell, Column, Exported, Frame, MAGIC};
use crate::records::migration::Migrator;
use crate::records::{Location, open};

/// Both databases take so many values in one statement, and more.
const VALUES_MAX: usize = 30_000;

/// Refuses a database that has tables. One that is not there is empty.
///
/// # Errors
/// Refused when it has tables, or cannot be asked.
pub async fn refuse_occupied(location: &Location) -> Result<(), BackupError> {
    if let Location::Sqlite(path) = location
        && !path.exists()
    {
        return Ok(());
    }
    let db = open::read_only(location).await?;
    let names = tables::names(&db).await;
    db.close().await?;
    empty(names?)
}

/// Puts an export into an empty database, all or nothing.
///
/// # Errors
/// Refused when the database has tables, and when the backup is damaged or of a newer program.
pub async fn import(location: &Location, input: &mut dyn Read) -> Result<Exported, BackupError> {
    let mut magic = [0; MAGIC.len()];
    input.read_exact(&mut magic)?;
    let head = Frame::read(input)?;
    let (MAGIC, Frame::Head { migrations }) = (&magic, head) else {
        return Err(BackupError::Damaged("it does not begin as one".to_owned()));
    };
    let (writes, reads) = open::pools(location, None).await?;
    let imported = within(&writes, migrations, input).await;
    // The writing pool last: SQLite folds the log into the file when its last connection ends.
    reads.close().await?;
    writes.close().await?;
    imported
}

async fn within(
    writes: &sea_orm::DatabaseConnection,
    migrations: Vec<String>,
    input: &mut dyn Read,
) -> Result<Exported, BackupError> {
    let tx = open::begin_write(writes).await?;
    empty(tables::names(&tx).await?)?;
    migrate(&tx, &migrations).await?;
    let imported = fill(&tx, migrations, input).await?;
    tx.commit().await?;
    Ok(imported)
}

fn empty(names: Vec<String>) -> Result<(), BackupError> {
    match names.into_iter().next() {
        Some(name) => Err(BackupError::Occupied(name)),
        None => Ok(()),
    }
}

/// Makes the tables of those migrations, and no others.
async fn migrate(tx: &DatabaseTransaction, migrations: &[String]) -> Result<(), BackupError> {
    let known = Migrator::migrations();
    let is_known = |name: &&String| known.iter().any(|known| known.name() == name.as_str());
    if let Some(newer) = migrations.iter().find(|name| !is_known(name)) {
        return Err(BackupError::Newer(newer.clone()));
    }
    Migrator::install(tx).await?;
    let manager = SchemaManager::new(tx);
    for migration in known.iter().filter(|known| migrations.iter().any(|m| m == known.name())) {
        migration.up(&manager).await?;
    }
    // What migrations put into tables of their own accord is in the backup, too.
    for name in tables::names(tx).await? {
        tx.execute_unprepared(&format!("DELETE FROM {}", tables::quoted(&name))).await?;
    }
    Ok(())
}

async fn fill(
    tx: &DatabaseTransaction,
    migrations: Vec<String>,
    input: &mut dyn Read,
) -> Result<Exported, BackupError> {
    let mut missing = tables::all(tx).await?;
    let mut imported = Exported { migrations, tables: Vec::new() };
    let mut filled: Option<Filled> = None;
    loop {
        match Frame::read(input)? {
            Frame::Head { .. } => return Err(BackupError::Damaged("it begins twice".to_owned())),
            Frame::Table { name, columns } => {
                let at = missing.iter().position(|table| table.name == name);
                let at = at.ok_or_else(|| BackupError::Misfit(format!("table `{name}`")))?;
                filled = Some(Filled::new(missing.swap_remove(at), columns)?);
                imported.tables.push((name, 0));
            }
            Frame::Rows(rows) => {
                let table = filled.as_ref().zip(imported.tables.last_mut());
                let stray = || BackupError::Damaged("rows of no table".to_owned());
                let (table, (_, count)) = table.ok_or_else(stray)?;
                *count += rows.len() as u64;
                table.insert(tx, rows).await?;
            }
            Frame::End { tables, rows } => {
                let held = imported.tables.iter().map(|(_, rows)| rows).sum::<u64>();
                if (tables, rows) != (imported.tables.len() as u64, held) {
                    let what = format!("{held} of {rows} rows of {tables} tables");
                    return Err(BackupError::Damaged(what));
                }
                break;
            }
        }
    }
    if input.read(&mut [0])? != 0 {
        return Err(BackupError::Damaged("it goes on behind its end".to_owned()));
    }
    match missing.first() {
        Some(table) => Err(BackupError::Misfit(format!("no table `{}`", table.name))),
        None => Ok(imported),
    }
}

/// A table that is being filled: the backup's columns, and what each is declared as here.
struct Filled {
    name: String,
    columns: Vec<(Column, String)>,
}

impl Filled {
    fn new(table: Table, columns: Vec<Column>) -> Result<Self, BackupError> {
        let Table { name, columns: ours, declared } = table;
        let declared_of = |column: &Column| {
            let at = ours.iter().position(|known| known == column)?;
            Some(declared[at].clone())
        };
        if columns.len() != ours.len() {
            return Err(BackupError::Misfit(format!("the columns of `{name}`")));
        }
        let paired: Option<Vec<_>> =
            columns.into_iter().map(|column| declared_of(&column).map(|d| (column, d))).collect();
        let misfit = || BackupError::Misfit(format!("the columns of `{name}`"));
        Ok(Self { columns: paired.ok_or_else(misfit)?, name })
    }

    async fn insert(
        &self,
        tx: &DatabaseTransaction,
        rows: Vec<Vec<Cell>>,
    ) -> Result<(), BackupError> {
        let backend = tx.get_database_backend();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut insert = Query::insert();
            insert.into_table(Alias::new(&self.name));
            insert.columns(self.columns.iter().map(|(column, _)| Alias::new(&column.name)));
            for row in rows.by_ref().take(VALUES_MAX / self.columns.len().max(1)) {
                if row.len() != self.columns.len() {
                    return Err(BackupError::Damaged(format!("a row of `{}`", self.name)));
                }
                let mut values = Vec::with_capacity(row.len());
                for (cell, (column, declared)) in row.into_iter().zip(&self.columns) {
                    let value = value(cell, column, declared, backend);
                    let damaged = || BackupError::Damaged(format!("`{}`", column.name));
                    values.push(sea_orm::sea_query::Expr::val(value.ok_or_else(damaged)?));
                }
                insert.values(values).map_err(|error| BackupError::Misfit(error.to_string()))?;
            }
            tx.execute(&insert).await?;
        }
        Ok(())
    }
}

/// A cell as the database takes it for a column of that type.
fn value(cell: Cell, column: &Column, declared: &str, backend: DbBackend) -> Option<Value> {
    use super::Kind;
    let narrow = backend == DbBackend::Postgres && declared == "integer";
    Some(match (column.kind, cell) {
        (Kind::Integer, Cell::Integer(number)) if narrow => {
            Value::Int(Some(i32::try_from(number).ok()?))
        }
        (Kind::Integer, Cell::Null) if narrow => Value::Int(None),
        (Kind::Integer, Cell::Integer(number)) => Value::BigInt(Some(number)),
        (Kind::Integer, Cell::Null) => Value::BigInt(None),
        (Kind::Boolean, Cell::Boolean(yes)) => Value::Bool(Some(yes)),
        (Kind::Boolean, Cell::Null) => Value::Bool(None),
        (Kind::Real, Cell::Real(number)) => Value::Double(Some(number)),
        (Kind::Real, Cell::Null) => Value::Double(None),
        (Kind::Text, Cell::Text(text)) => Value::String(Some(text)),
        (Kind::Text, Cell::Null) => Value::String(None),
        (Kind::Blob, Cell::Blob(bytes)) => Value::Bytes(Some(bytes)),
        (Kind::Blob, Cell::Null) => Value::Bytes(None),
        (Kind::Uuid, Cell::Blob(bytes)) => {
            Value::Uuid(Some(uuid::Uuid::from_bytes(bytes.try_into().ok()?)))
        }
        (Kind::Uuid, Cell::Null) => Value::Uuid(None),
        (
            _,
            Cell::Integer(_) | Cell::Boolean(_) | Cell::Real(_) | Cell::Text(_) | Cell::Blob(_),
        ) => {
            return None;
        }
    })
}
