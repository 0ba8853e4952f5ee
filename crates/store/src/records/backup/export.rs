//! Export: all tables as they stand at one instant, to whoever writes the file.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Statement, StreamTrait,
};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;

use super::tables::{self, Table};
use super::{BATCH_BYTES, BackupError, Cell, Exported, Frame, Kind, MAGIC};
use crate::records::{Error, Location, Records, open};

/// Where the bytes of an export go; a receiver that is gone ends it.
type Out = mpsc::Sender<Vec<u8>>;

impl Records {
    /// Sends the bytes of an export, of what is committed when it begins to read.
    ///
    /// # Errors
    /// Refused when the database fails, or the receiver is gone.
    pub async fn export(&self, out: Out) -> Result<Exported, BackupError> {
        snapshot(&self.reads, out).await
    }
}

/// The same of records that nothing has opened, and that are not migrated by it.
///
/// # Errors
/// Those of [`Records::export`].
pub async fn export(location: &Location, out: Out) -> Result<Exported, BackupError> {
    let db = open::read_only(location).await?;
    let exported = snapshot(&db, out).await;
    db.close().await?;
    exported
}

async fn snapshot(db: &sea_orm::DatabaseConnection, out: Out) -> Result<Exported, BackupError> {
    let tx = open::begin_snapshot(db).await?;
    let exported = everything(&tx, &out).await;
    tx.rollback().await?;
    exported
}

async fn everything(tx: &DatabaseTransaction, out: &Out) -> Result<Exported, BackupError> {
    let migrations = tables::migrations(tx).await?;
    send(out, MAGIC.to_vec()).await?;
    send(out, Frame::Head { migrations: migrations.clone() }.encode()?).await?;
    let mut exported = Exported { migrations, tables: Vec::new() };
    for table in tables::all(tx).await? {
        let frame = Frame::Table { name: table.name.clone(), columns: table.columns.clone() };
        send(out, frame.encode()?).await?;
        let rows = rows(tx, &table, out).await?;
        exported.tables.push((table.name, rows));
    }
    let rows = exported.tables.iter().map(|(_, rows)| rows).sum();
    let end = Frame::End { tables: exported.tables.len() as u64, rows };
    send(out, end.encode()?).await?;
    Ok(exported)
}

/// Sends a table's rows as the database yields them; says how many.
async fn rows(tx: &DatabaseTransaction, table: &Table, out: &Out) -> Result<u64, BackupError> {
    let backend = ConnectionTrait::get_database_backend(tx);
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| selected(backend, &tables::quoted(&column.name), column.kind))
        .collect();
    let name = tables::quoted(&table.name);
    let select = format!("SELECT {} FROM {name}", columns.join(", "));
    let mut stream = tx.stream_raw(Statement::from_string(backend, select)).await?;
    let (mut batch, mut bytes, mut count) = (Vec::new(), 0, 0_u64);
    while let Some(row) = stream.next().await {
        let row = row?;
        let cells = cells(&row, table, backend)?;
        bytes += cells.iter().map(Cell::bytes).sum::<usize>() + cells.len();
        batch.push(cells);
        count += 1;
        if bytes >= BATCH_BYTES {
            send(out, Frame::Rows(std::mem::take(&mut batch)).encode()?).await?;
            bytes = 0;
        }
    }
    drop(stream);
    if !batch.is_empty() {
        send(out, Frame::Rows(batch).encode()?).await?;
    }
    // A driver that loses its worker ends a stream early, and says nothing.
    let counted = tables::ask(tx, &format!("SELECT count(*) AS n FROM {name}"), []).await?;
    let expected: i64 = counted.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
    if expected.unsigned_abs() != count {
        let why = format!("{count} of the {expected} rows of `{}` were read", table.name);
        return Err(Error::Corrupt { what: "table", why }.into());
    }
    Ok(count)
}

/// A column as it is asked for: in the one type that both databases have for its kind.
fn selected(backend: DbBackend, name: &str, kind: Kind) -> String {
    let postgres = backend == DbBackend::Postgres;
    let cast = match kind {
        Kind::Integer if postgres => "bigint",
        Kind::Integer => "integer",
        Kind::Boolean if postgres => return name.to_owned(),
        Kind::Boolean => "integer",
        Kind::Real if postgres => "double precision",
        Kind::Real => "real",
        Kind::Text => "text",
        Kind::Blob if postgres => "bytea",
        Kind::Uuid if postgres => return format!("uuid_send({name})"),
        Kind::Blob | Kind::Uuid => "blob",
    };
    format!("CAST({name} AS {cast})")
}

fn cells(row: &QueryResult, table: &Table, backend: DbBackend) -> Result<Vec<Cell>, BackupError> {
    let columns = table.columns.iter().enumerate();
    columns
        .map(|(at, column)| {
            let cell = cell(row, at, column.kind, backend)?;
            if let Cell::Blob(bytes) = &cell
                && column.kind == Kind::Uuid
                && bytes.len() != 16
            {
                let why = format!("`{}` of `{}` is no id", column.name, table.name);
                return Err(Error::Corrupt { what: "row", why }.into());
            }
            Ok(cell)
        })
        .collect()
}

fn cell(
    row: &QueryResult,
    at: usize,
    kind: Kind,
    backend: DbBackend,
) -> Result<Cell, sea_orm::DbErr> {
    let cell = match kind {
        Kind::Integer => row.try_get_by_index::<Option<i64>>(at)?.map(Cell::Integer),
        Kind::Boolean if backend == DbBackend::Sqlite => {
            row.try_get_by_index::<Option<i64>>(at)?.map(|number| Cell::Boolean(number != 0))
        }
        Kind::Boolean => row.try_get_by_index::<Option<bool>>(at)?.map(Cell::Boolean),
        Kind::Real => row.try_get_by_index::<Option<f64>>(at)?.map(Cell::Real),
        Kind::Text => row.try_get_by_index::<Option<String>>(at)?.map(Cell::Text),
        Kind::Blob | Kind::Uuid => row.try_get_by_index::<Option<Vec<u8>>>(at)?.map(Cell::Blob),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

async fn send(out: &Out, bytes: Vec<u8>) -> Result<(), BackupError> {
    let gone = |_| std::io::Error::other("nobody takes the backup any more");
    Ok(out.send(bytes).await.map_err(gone)?)
}
