//! Export and import: every table and every row, from any database into any other.

use plimsoll_domain::id::Id;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tokio::sync::mpsc;

use super::bed::{Bed, at};
use crate::records::backup::{BackupError, Exported, export, import, refuse_occupied};
use crate::records::{Entry, Location, Records, Write, open};

/// The bytes of an export, and what it says it holds.
async fn bytes(records: &Records) -> (Vec<u8>, Exported) {
    let (out, mut taken) = mpsc::channel(1);
    let collect = async {
        let mut bytes = Vec::new();
        while let Some(part) = taken.recv().await {
            bytes.extend(part);
        }
        bytes
    };
    let (exported, bytes) = tokio::join!(records.export(out), collect);
    (bytes, exported.unwrap())
}

/// A bed with something in every table that a test can fill, ids and blobs and nulls among it.
async fn filled(bed: &Bed) {
    for number in 0..300 {
        let alert = bed.alert("checkout-availability", at(number));
        let entry = Entry { actor: None, ..bed.entry(&alert.id.to_string(), at(number)) };
        bed.commit(vec![
            Write::Entry(entry),
            Write::Deployment(bed.deployment("checkout", at(number))),
            Write::Decision(Box::new(bed.decision("checkout", at(number)))),
            Write::Owe(bed.notification(at(number))),
        ])
        .await
        .unwrap();
    }
    let token = crate::records::Token {
        name: "'; DROP TABLE token; -- \u{1F6A2}".to_owned(),
        secret_hash: vec![0, 255, 39, 34, 92],
        ..super::access::token(bed, plimsoll_domain::access::Role::Admin, 0)
    };
    bed.commit(vec![Write::Token(token)]).await.unwrap();
}

/// An empty database beside a bed, of the same make.
async fn empty(name: &str) -> Vec<(Location, Option<tempfile::TempDir>)> {
    let mut places = Vec::new();
    for bed in Bed::each(name).await {
        bed.records.clone().close().await;
        match &bed.location {
            Location::Sqlite(_) => {
                let dir = tempfile::tempdir().unwrap();
                places.push((Location::Sqlite(dir.path().join("records.db")), Some(dir)));
            }
            Location::Postgres(_) => {
                let (db, _) = open::pools(&bed.location, None).await.unwrap();
                let fresh = format!("DROP SCHEMA {name} CASCADE; CREATE SCHEMA {name}");
                db.execute_unprepared(&fresh).await.unwrap();
                db.close().await.unwrap();
                places.push((bed.location.clone(), None));
            }
        }
    }
    places
}

async fn count(db: &DatabaseConnection, table: &str) -> u64 {
    let text = format!("SELECT count(*) AS n FROM \"{table}\"");
    let ask = Statement::from_string(db.get_database_backend(), text);
    let row = db.query_one_raw(ask).await.unwrap().unwrap();
    row.try_get::<i64>("", "n").unwrap().unsigned_abs()
}

#[tokio::test]
async fn an_export_is_every_row_and_imports_into_either_database() {
    for (turn, bed) in Bed::each("backup_from").await.into_iter().enumerate() {
        filled(&bed).await;
        let (bytes, exported) = bytes(&bed.records).await;
        let (db, _) = open::pools(&bed.location, None).await.unwrap();
        for (table, rows) in &exported.tables {
            assert_eq!(count(&db, table).await, *rows, "{table}");
        }
        assert!(exported.tables.iter().any(|(table, rows)| table == "decision" && *rows == 300));

        for (place, _dir) in empty(&format!("backup_into_{turn}")).await {
            let imported = import(&place, &mut bytes.as_slice()).await.unwrap();
            assert_eq!(imported, exported, "{place:?}");
            let records = Records::open(&place).await.unwrap();
            let scope = records.organisation(Id::fresh(9, [9; 10]), at(9)).await.unwrap();
            assert_eq!(scope, bed.scope, "the organisation came with it");
            let (again, twice) = self::bytes(&records).await;
            assert_eq!(twice, exported, "{place:?}");
            assert_eq!(sorted(&again), sorted(&bytes), "{place:?}");
            records.close().await;
        }
    }
}

/// The bytes of an export in an order of their own: databases yield rows in theirs.
fn sorted(bytes: &[u8]) -> Vec<u8> {
    let mut sorted = bytes.to_vec();
    sorted.sort_unstable();
    sorted
}

/// What the database itself says it has, by another question than the export's.
#[tokio::test]
async fn no_table_and_no_column_is_left_out() {
    for bed in Bed::each("backup_all").await {
        let (bytes, exported) = bytes(&bed.records).await;
        let (db, _) = open::pools(&bed.location, None).await.unwrap();
        let backend = db.get_database_backend();
        let text = if backend == DbBackend::Sqlite {
            "SELECT tbl_name AS t, sql AS c FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'"
        } else {
            "SELECT c.relname::text AS t, string_agg(a.attname::text, ' ') AS c FROM pg_class c \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
             WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace \
             GROUP BY c.relname"
        };
        let rows = db.query_all_raw(Statement::from_string(backend, text)).await.unwrap();
        let mut tables: Vec<String> = rows.iter().map(|r| r.try_get("", "t").unwrap()).collect();
        tables.sort();
        let held: Vec<String> = exported.tables.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(held, tables);
        assert!(tables.len() > 15, "{tables:?}");
        let text = String::from_utf8_lossy(&bytes);
        for column in ["secret_hash", "newest", "slot", "commitment", "applied_at", "wake_at"] {
            assert!(text.contains(column), "{column}");
            let declared =
                rows.iter().any(|row| row.try_get::<String>("", "c").unwrap().contains(column));
            assert!(declared, "{column}");
        }
    }
}

#[tokio::test]
async fn an_import_is_into_an_empty_database_all_or_nothing() {
    let bed = Bed::sqlite().await;
    filled(&bed).await;
    let (bytes, _) = bytes(&bed.records).await;
    let occupied = import(&bed.location, &mut bytes.as_slice()).await;
    assert!(matches!(occupied, Err(BackupError::Occupied(_))), "{occupied:?}");
    let occupied = refuse_occupied(&bed.location).await;
    assert!(matches!(occupied, Err(BackupError::Occupied(_))), "{occupied:?}");
    for (place, _dir) in empty("backup_cut").await {
        refuse_occupied(&place).await.unwrap();
        for cut in [9, bytes.len() / 2, bytes.len() - 1] {
            assert!(import(&place, &mut &bytes[..cut]).await.is_err(), "{cut}");
            refuse_occupied(&place).await.unwrap();
        }
        let longer = [bytes.as_slice(), b"x"].concat();
        assert!(import(&place, &mut longer.as_slice()).await.is_err());
        import(&place, &mut bytes.as_slice()).await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_of_a_newer_program_is_refused_and_one_of_an_older_is_migrated() {
    let bed = Bed::sqlite().await;
    filled(&bed).await;
    let (db, _) = open::pools(&bed.location, None).await.unwrap();
    db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_later', 1)").await.unwrap();
    let (newer, _) = bytes(&bed.records).await;
    for (place, _dir) in empty("backup_newer").await {
        let refused = import(&place, &mut newer.as_slice()).await;
        assert!(
            matches!(&refused, Err(BackupError::Newer(name)) if name == "m9999_later"),
            "{refused:?}"
        );
        refuse_occupied(&place).await.unwrap();
    }
    // As the program before sealing left it: without its tables, and what came after them.
    let tables =
        ["seal", "seal_head", "unsealed", "identity", "membership", "password_link", "token_use"];
    let tables =
        tables.into_iter().chain(["webhook", "webhook_message", "webhook_digest", "lease_address"]);
    let tables = tables.map(|table| format!("DROP TABLE {table}"));
    let indices = [
        "entry_acted",
        "session_person",
        "notification_receiver",
        "decision_verdict",
        "alert_severity",
    ];
    let indices = indices.map(|index| format!("DROP INDEX {index}"));
    let columns = [
        ("token", "team"),
        ("token", "scopes"),
        ("token", "expires_at"),
        ("notification", "by_receiver"),
        ("notification", "by_channel"),
        ("alert", "by_severity"),
        ("decision", "by_verdict"),
        ("decision", "by_enforced"),
    ];
    let columns =
        columns.map(|(table, column)| format!("ALTER TABLE {table} DROP COLUMN {column}"));
    let later = "DELETE FROM seaql_migrations WHERE version >= 'm0003'".to_owned();
    for undo in tables.into_iter().chain(indices).chain(columns).chain([later]) {
        db.execute_unprepared(&undo).await.unwrap();
    }
    let (older, exported) = bytes(&bed.records).await;
    assert_eq!(exported.migrations, ["m0001_first", "m0002_trust"]);
    for (place, _dir) in empty("backup_older").await {
        import(&place, &mut older.as_slice()).await.unwrap();
        let records = Records::open(&place).await.unwrap();
        let waiting = records.unsealed_count(bed.scope).await.unwrap();
        assert_eq!(waiting, 600, "history that was written before is queued");
        records.close().await;
    }
}

#[tokio::test]
async fn records_that_nobody_opened_are_exported_as_they_are() {
    let bed = Bed::sqlite().await;
    filled(&bed).await;
    let (online, exported) = bytes(&bed.records).await;
    bed.records.clone().close().await;
    let (out, mut taken) = mpsc::channel(64);
    let offline = tokio::spawn({
        let location = bed.location.clone();
        async move { export(&location, out).await.unwrap() }
    });
    let mut bytes = Vec::new();
    while let Some(part) = taken.recv().await {
        bytes.extend(part);
    }
    assert_eq!(offline.await.unwrap(), exported);
    assert_eq!(bytes, online);
}
