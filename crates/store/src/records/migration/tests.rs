//! What a migration may do to those who run the version before it.

use std::collections::BTreeMap;

use expect_test::expect_file;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::{Migrator, MigratorTrait};
use crate::records::tests::bed::{Bed, fresh_locations};
use crate::records::{Error, Location, Records, open};

/// A column as a line of a committed schema says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    name: String,
    kind: String,
    is_key: bool,
}

type Schema = BTreeMap<String, Vec<Column>>;

/// The schema after the migration before the newest, as it was committed.
const BEFORE: &str = include_str!("schema/m0006_webhooks.txt");

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let ask = Statement::from_string(db.get_database_backend(), sql.to_owned());
    db.query_all_raw(ask).await.unwrap()
}

/// What the database says of its tables, the same text for both databases.
async fn describe(db: &DatabaseConnection) -> String {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS \"table\", c.name AS \"column\", lower(c.type) AS kind, \
             CASE WHEN c.\"notnull\" THEN 'not null' ELSE 'null' END AS nullable, \
             CASE WHEN c.pk > 0 THEN 'key' ELSE '' END AS is_key \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name <> 'seaql_migrations'"
        }
        DbBackend::Postgres | DbBackend::MySql | _ => {
            "SELECT c.table_name AS \"table\", c.column_name AS \"column\", \
             c.data_type AS kind, \
             CASE c.is_nullable WHEN 'NO' THEN 'not null' ELSE 'null' END AS nullable, \
             CASE WHEN k.column_name IS NULL THEN '' ELSE 'key' END AS is_key \
             FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k \
             ON k.table_schema = c.table_schema AND k.table_name = c.table_name \
             AND k.column_name = c.column_name \
             WHERE c.table_schema = current_schema() AND c.table_name <> 'seaql_migrations'"
        }
    };
    let text = |row: &sea_orm::QueryResult, name: &str| row.try_get::<String>("", name).unwrap();
    let line = |row: &sea_orm::QueryResult| {
        let kind = kind(&text(row, "kind"));
        let [table, column, nullable, key] =
            ["table", "column", "nullable", "is_key"].map(|name| text(row, name));
        format!("{table}.{column}: {kind} {nullable} {key}").trim().to_owned()
    };
    let mut lines: Vec<String> = rows(db, sql).await.iter().map(line).collect();
    lines.sort();
    lines.join("\n") + "\n"
}

fn kind(word: &str) -> &'static str {
    let kinds = [
        ("uuid", "uuid"),
        ("bool", "bool"),
        // SQLite has one kind of integers.
        ("int", "int"),
        ("text", "text"),
    ];
    let found = kinds.into_iter().find(|(part, _)| word.contains(part));
    found.map_or("bytes", |(_, kind)| kind)
}

fn read(text: &str) -> Schema {
    let mut schema = Schema::new();
    for line in text.lines() {
        let (name, rest) = line.split_once(": ").unwrap();
        let (table, column) = name.split_once('.').unwrap();
        schema.entry(table.to_owned()).or_default().push(Column {
            name: column.to_owned(),
            kind: rest.split(' ').next().unwrap().to_owned(),
            is_key: rest.ends_with(" key"),
        });
    }
    schema
}

#[tokio::test]
async fn the_schema_after_each_migration_is_the_committed_one() {
    for (_dir, location) in fresh_locations("the_schema_after_each").await {
        let (db, _) = open::pools(&location, None).await.unwrap();
        for migration in Migrator::migrations() {
            Migrator::up(&db, Some(1)).await.unwrap();
            let file = format!("schema/{}.txt", migration.name());
            expect_file![file].assert_eq(&describe(&db).await);
        }
    }
}

#[tokio::test]
async fn the_statements_of_the_version_before_run_on_this_schema() {
    for bed in Bed::each("the_statements_of_the_version_before").await {
        let db = &bed.records.writes;
        let sqlite = db.get_database_backend() == DbBackend::Sqlite;
        let value = |kind: &str, n: u8| match (kind, sqlite) {
            ("uuid", true) => format!("X'{}'", format!("{n:02x}").repeat(16)),
            ("uuid", false) => format!("'{}'", format!("{n:02x}").repeat(16)),
            ("bytes", true) => "X'00ff'".to_owned(),
            ("bytes", false) => r"'\x00ff'".to_owned(),
            ("bool", _) => if n == 1 { "TRUE" } else { "FALSE" }.to_owned(),
            ("text", _) => format!("'text {n}'"),
            _ => n.to_string(),
        };
        let schema = read(BEFORE);
        assert!(schema.len() >= 15, "{schema:?}");
        for (table, columns) in &schema {
            let run = async |sql: String| {
                let done = db.execute_unprepared(&sql).await;
                done.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
            };
            run(format!("DELETE FROM \"{table}\"")).await;
            let names: Vec<_> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
            let values: Vec<_> = columns.iter().map(|c| value(&c.kind, 1)).collect();
            let (names, values) = (names.join(", "), values.join(", "));
            let insert = format!("INSERT INTO \"{table}\" ({names}) VALUES ({values})");
            assert_eq!(run(insert).await, 1);

            let equal = |n, key| {
                let chosen = columns.iter().filter(move |c| c.is_key == key);
                chosen
                    .map(|c| format!("\"{}\" = {}", c.name, value(&c.kind, n)))
                    .collect::<Vec<_>>()
            };
            let key = equal(1, true).join(" AND ");
            let changes = equal(2, false).join(", ");
            if !changes.is_empty() {
                assert_eq!(run(format!("UPDATE \"{table}\" SET {changes} WHERE {key}")).await, 1);
            }
            let select = format!("SELECT {names} FROM \"{table}\" WHERE {key}");
            assert_eq!(rows(db, &select).await.len(), 1);
            assert_eq!(run(format!("DELETE FROM \"{table}\" WHERE {key}")).await, 1);
        }
    }
}

/// A migration of a later program: a row that this one does not know, a column, and a table.
const LATER: [&str; 3] = [
    "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)",
    "ALTER TABLE setting ADD COLUMN mood text",
    "CREATE TABLE later (id integer PRIMARY KEY)",
];

#[tokio::test]
async fn a_newer_database_is_worked_on_while_its_changes_only_expand() {
    for bed in Bed::each("a_newer_database_is_worked_on").await {
        for sql in LATER {
            bed.records.writes.execute_unprepared(sql).await.unwrap();
        }
        let older = bed.open_again().await;
        let set = crate::records::Write::Setting {
            key: "key".to_owned(),
            value: Some("kept".to_owned()),
            expected: None,
        };
        bed.commit(vec![set]).await.unwrap();
        assert_eq!(older.setting(bed.scope, "key").await.unwrap().as_deref(), Some("kept"));

        let ours = Migrator::migrations().len() as u64;
        let raise = format!("UPDATE compatibility SET oldest = {}", ours + 1);
        bed.records.writes.execute_unprepared(&raise).await.unwrap();
        let refused = Records::open(&bed.location).await;
        let Err(Error::TooNew { oldest, ours: known }) = refused else { panic!("{refused:?}") };
        assert_eq!((oldest, known), (ours + 1, ours));
    }
}

#[tokio::test]
async fn rows_from_before_checksums_get_them() {
    for (_dir, location) in fresh_locations("rows_from_before").await {
        let (db, _) = open::pools(&location, None).await.unwrap();
        Migrator::up(&db, Some(1)).await.unwrap();
        let id = if matches!(location, Location::Sqlite(_)) {
            "X'01010101010101010101010101010101'"
        } else {
            "'01010101-0101-0101-0101-010101010101'"
        };
        let sql = format!("INSERT INTO organisation (slot, id, created_at) VALUES (1, {id}, 7)");
        db.execute_unprepared(&sql).await.unwrap();
        let records = Records::open(&location).await.unwrap();
        let fresh = plimsoll_domain::id::Id::fresh(9, [9; 10]);
        let scope = records.organisation(fresh, jiff::Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(scope.0.uuid().as_bytes(), &[1; 16]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_who_open_an_empty_postgres_at_once_take_turns() {
    for (_dir, location) in fresh_locations("eight_who_open").await {
        if matches!(location, Location::Sqlite(_)) {
            // The data directory's lock keeps a second process out.
            continue;
        }
        let mut opening = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let location = location.clone();
            opening.spawn(async move { Records::open(&location).await });
        }
        for opened in opening.join_all().await {
            opened.unwrap().ping().await.unwrap();
        }
    }
}

#[test]
fn migrations_are_named_in_order_and_once() {
    let names: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(names, sorted);
}
