use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::{Location, Patience, connect, sqlite_is_sound};

async fn pragma(db: &DatabaseConnection, name: &str) -> String {
    let ask = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"));
    let row = db.query_one_raw(ask).await.unwrap().unwrap();
    row.try_get_by_index::<String>(0)
        .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
        .unwrap()
}

#[tokio::test]
async fn sqlite_is_durable_and_its_readers_cannot_write() {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(dir.path().join("records.db"));
    let (writes, reads) = connect(&location, Patience::default()).await.unwrap();

    assert_eq!(pragma(&writes, "journal_mode").await, "wal");
    assert_eq!(pragma(&writes, "synchronous").await, "2", "FULL");
    assert_eq!(pragma(&writes, "busy_timeout").await, "5000");
    let insert = "INSERT INTO organisation (slot, id, created_at) VALUES (1, x'00', 0)";
    assert!(reads.execute_unprepared(insert).await.is_err());
    assert!(writes.execute_unprepared(insert).await.is_ok());
}

#[tokio::test]
async fn a_database_of_a_newer_version_opens() {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(dir.path().join("records.db"));
    let (writes, _) = connect(&location, Patience::default()).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
    writes.execute_unprepared(newer).await.unwrap();

    assert!(connect(&location, Patience::default()).await.is_ok());
}

#[tokio::test]
async fn a_missing_directory_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(dir.path().join("absent").join("records.db"));
    assert!(connect(&location, Patience::default()).await.is_err());
}

#[tokio::test]
async fn a_database_server_that_is_not_there_is_told_by_its_address_and_what_was_met() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let location: Location = format!("postgres://ada:secret@{free}/plimsoll").parse().unwrap();
    let error = connect(&location, Patience::default()).await.unwrap_err().to_string();
    assert!(
        error.contains(&format!("postgres://ada:…@{free}/plimsoll cannot be reached")),
        "{error}"
    );
    assert!(error.contains("refused") && !error.contains("secret"), "{error}");
}

#[test]
fn sqlite_before_the_wal_reset_fix_is_refused() {
    for (version, sound) in [
        ("3.51.3", true),
        ("3.51.10", true),
        ("3.52.0", true),
        ("4.0.0", true),
        ("3.51.2", false),
        ("3.40.1", false),
        ("3.51", false),
        ("", false),
        ("three", false),
    ] {
        assert_eq!(sqlite_is_sound(version), sound, "{version:?}");
    }
}
