//! What the database does to us: a full disk, a lost connection, a server that goes away.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use plimsoll_domain::notify::{Attempt, Next};
use sea_orm::ConnectionTrait;

use super::bed::{Bed, at};
use super::cluster::Cluster;
use crate::records::open::{Patience, begin_write};
use crate::records::{CommitError, DeploymentFilter, Effects, Error, Fatal, Records, Scope, Write};

fn set(key: &str, value: &str) -> Write {
    Write::Setting { key: key.to_owned(), value: Some(value.to_owned()), expected: None }
}

async fn value(records: &Records, scope: Scope, key: &str) -> Option<String> {
    records.setting(scope, key).await.unwrap()
}

/// Records that keep what they were fatally told.
async fn watched(bed: &Bed) -> (Records, Arc<Mutex<Vec<String>>>) {
    watched_with(bed, Patience::default()).await
}

async fn watched_with(bed: &Bed, patience: Patience) -> (Records, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let fatal = Fatal::new({
        let told = told.clone();
        move |error| told.lock().unwrap().push(format!("{error:?}"))
    });
    (Records::open_patient(&bed.location, fatal, patience).await.unwrap(), told)
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_undoes_the_commit() {
    let bed = Bed::sqlite().await;
    bed.commit(vec![set("before", "kept")]).await.unwrap();
    let sql = async |text: &str| bed.records.writes.execute_unprepared(text).await.unwrap();
    let large = "x".repeat(1 << 20);
    // At the COMMIT, as the pages still fit the cache; then before it, as they do not.
    for cache in [10_000, 10] {
        for _ in 0..3 {
            // The connection that met a full disk is replaced, and these go with it.
            sql(&format!("PRAGMA cache_size = {cache}")).await;
            sql("PRAGMA max_page_count = 100").await;
            let error = bed.commit(vec![set("small", "lost"), set("large", &large)]).await;
            let Err(CommitError::Store(error @ Error::Full { .. })) = error else {
                panic!("{error:?}");
            };
            let directory = bed.dir().display().to_string();
            assert!(error.to_string().contains(&directory), "{error}");
            assert_eq!(value(&bed.records, bed.scope, "small").await, None);
        }
        sql("PRAGMA max_page_count = 1000000").await;
        bed.commit(vec![set("after", &large)]).await.unwrap();
    }
    assert_eq!(value(&bed.records, bed.scope, "before").await.as_deref(), Some("kept"));
    assert_eq!(value(&bed.records, bed.scope, "after").await, Some(large));
}

#[tokio::test]
async fn sqlites_log_is_folded_into_its_file_and_does_not_grow() {
    const LARGE: usize = 1 << 20;
    const PAGES_4_MIB: u64 = 4 << 20;
    let bed = Bed::sqlite().await;
    let length = |name: &str| std::fs::metadata(bed.dir().join(name)).unwrap().len();
    for round in 0..20 {
        let value = round.to_string().repeat(LARGE);
        bed.commit(vec![set("large", &value[..LARGE])]).await.unwrap();
    }
    assert!(length("records.db") > LARGE as u64, "{}", length("records.db"));
    let log = length("records.db-wal");
    assert!(log < 2 * PAGES_4_MIB, "{log}");
}

/// Ends the connection that writes the setting `bomb`, at once or in the COMMIT.
const BOMB: &str = "
    CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE TRIGGER at_once AFTER INSERT ON setting FOR EACH ROW
        WHEN (NEW.key = 'at once') EXECUTE FUNCTION hang_up();
    CREATE CONSTRAINT TRIGGER in_commit AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.key = 'in commit') EXECUTE FUNCTION hang_up();";

#[tokio::test]
async fn a_connection_lost_in_a_commit_is_fatal_and_one_lost_before_is_not() {
    let beds = Bed::each("a_connection_lost_in_a_commit").await;
    let Some(bed) = beds.into_iter().find(Bed::is_postgres) else { return };
    bed.records.writes.execute_unprepared(BOMB).await.unwrap();
    let (records, told) = watched(&bed).await;
    let commit =
        async |key| records.commit(Effects::new(bed.scope).write(set(key, "unsure"))).await;

    let before = commit("at once").await;
    assert!(matches!(before, Err(CommitError::Store(Error::Away(_)))), "{before:?}");
    assert_eq!(value(&records, bed.scope, "at once").await, None);
    commit("fine").await.unwrap();
    assert!(told.lock().unwrap().is_empty());

    let within = commit("in commit").await;
    assert!(matches!(within, Err(CommitError::Store(Error::Undecided(_)))), "{within:?}");
    let told = told.lock().unwrap().clone();
    assert!(matches!(&told[..], [only] if only.starts_with("Undecided")), "{told:?}");
    let after = commit("fine").await;
    assert!(matches!(after, Err(CommitError::Store(Error::Closed))), "{after:?}");
}

#[tokio::test]
async fn a_commit_refused_by_a_constraint_is_not_fatal() {
    for bed in Bed::each("a_commit_refused_by").await {
        let bomb = if bed.is_postgres() {
            "CREATE TABLE bomb (fuse INTEGER REFERENCES organisation (slot) \
             DEFERRABLE INITIALLY DEFERRED); \
             CREATE FUNCTION light() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN INSERT INTO bomb VALUES (99); RETURN NULL; END $$; \
             CREATE TRIGGER light AFTER INSERT ON setting FOR EACH ROW \
             WHEN (NEW.key = 'bomb') EXECUTE FUNCTION light();"
        } else {
            "CREATE TABLE bomb (fuse INTEGER REFERENCES organisation (slot) \
             DEFERRABLE INITIALLY DEFERRED); \
             CREATE TRIGGER light AFTER INSERT ON setting WHEN NEW.key = 'bomb' \
             BEGIN INSERT INTO bomb VALUES (99); END"
        };
        bed.records.writes.execute_unprepared(bomb).await.unwrap();
        let (records, told) = watched(&bed).await;
        let refused = records.commit(Effects::new(bed.scope).write(set("bomb", "lost"))).await;
        assert!(matches!(refused, Err(CommitError::Store(Error::Database(_)))), "{refused:?}");
        records.commit(Effects::new(bed.scope).write(set("fine", "kept"))).await.unwrap();
        assert_eq!(value(&records, bed.scope, "bomb").await, None);
        assert!(told.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_goes_away_and_comes_back_is_found_again() {
    let Some(cluster) = Cluster::start() else { return };
    let bed = Bed::on(cluster.location(), None).await;
    let (records, told) = watched(&bed).await;
    let commit = async |key| records.commit(Effects::new(bed.scope).write(set(key, "kept"))).await;
    commit("before").await.unwrap();
    for round in ["after one", "after two"] {
        cluster.down();
        let all = DeploymentFilter::default();
        let page = super::bed::FIRST_PAGE;
        let (read, listed, written, claimed, pinged) = tokio::join!(
            records.setting(bed.scope, "before"),
            records.deployments(bed.scope, &all, &page),
            commit("meanwhile"),
            records.claim_notifications(bed.scope, at(0), at(1), 1),
            records.ping(),
        );
        assert!(matches!(read, Err(Error::Away(_))), "{round}: {read:?}");
        assert!(matches!(listed, Err(Error::Away(_))), "{round}: {listed:?}");
        assert!(matches!(written, Err(CommitError::Store(Error::Away(_)))), "{round}: {written:?}");
        assert!(matches!(claimed, Err(Error::Away(_))), "{round}: {claimed:?}");
        assert!(matches!(pinged, Err(Error::Away(_))), "{round}: {pinged:?}");
        assert!(!format!("{read:?}{pinged:?}").contains("hunter2"));

        cluster.up();
        assert_eq!(value(&records, bed.scope, "before").await.as_deref(), Some("kept"));
        assert_eq!(value(&records, bed.scope, "meanwhile").await, None);
        commit(round).await.unwrap();
    }
    assert_eq!(value(&records, bed.scope, "after one").await.as_deref(), Some("kept"));
    assert!(told.lock().unwrap().is_empty());
}

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_server_that_stands_still_is_away_and_its_commits_are_in_doubt() {
    let Some(cluster) = Cluster::start() else { return };
    let bed = Bed::on(cluster.location(), None).await;
    let patience = Patience { answer: SHORT, ..Patience::default() };
    let (records, told) = watched_with(&bed, patience).await;
    let commit = async |key| records.commit(Effects::new(bed.scope).write(set(key, "kept"))).await;
    commit("before").await.unwrap();

    cluster.freeze();
    let meanwhile = commit("meanwhile").await;
    assert!(matches!(meanwhile, Err(CommitError::Store(Error::Away(_)))), "{meanwhile:?}");
    cluster.thaw();
    commit("after").await.unwrap();
    assert_eq!(value(&records, bed.scope, "meanwhile").await, None);
    assert!(told.lock().unwrap().is_empty());

    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION slow();";
    bed.records.writes.execute_unprepared(slow).await.unwrap();
    let within = commit("in commit").await;
    assert!(matches!(within, Err(CommitError::Store(Error::Undecided(_)))), "{within:?}");
    let told = told.lock().unwrap().clone();
    assert!(matches!(&told[..], [only] if only.starts_with("Undecided")), "{told:?}");
}

#[tokio::test]
async fn what_a_replica_that_stands_still_holds_is_free_again() {
    let beds = Bed::each("what_a_replica_that_stands_still").await;
    let Some(bed) = beds.into_iter().find(Bed::is_postgres) else { return };
    bed.commit(vec![set("shared", "before")]).await.unwrap();
    let (still, _) = watched_with(&bed, Patience { idle: SHORT, ..Patience::default() }).await;
    let held = begin_write(&still.writes).await.unwrap();
    held.execute_unprepared("SELECT * FROM setting FOR UPDATE").await.unwrap();

    bed.commit(vec![set("shared", "after")]).await.unwrap();
    assert_eq!(value(&bed.records, bed.scope, "shared").await.as_deref(), Some("after"));
    held.commit().await.expect_err("the server has ended it");
    still.commit(Effects::new(bed.scope).write(set("again", "kept"))).await.unwrap();
}

#[tokio::test]
async fn a_lock_that_is_not_given_up_is_waited_for_so_long_and_no_longer() {
    let beds = Bed::each("a_lock_that_is_not_given_up").await;
    let Some(bed) = beds.into_iter().find(Bed::is_postgres) else { return };
    bed.commit(vec![set("shared", "before")]).await.unwrap();
    let held = begin_write(&bed.records.writes).await.unwrap();
    held.execute_unprepared("SELECT * FROM setting FOR UPDATE").await.unwrap();
    let (records, told) = watched_with(&bed, Patience { lock: SHORT, ..Patience::default() }).await;
    let commit = async |key| records.commit(Effects::new(bed.scope).write(set(key, "kept"))).await;
    let waited = commit("shared").await;
    assert!(matches!(waited, Err(CommitError::Store(Error::Away(_)))), "{waited:?}");
    commit("other").await.unwrap();
    held.commit().await.unwrap();
    commit("shared").await.unwrap();
    assert!(told.lock().unwrap().is_empty());
}

/// What is held back for a full disk is as much: eight mebibytes, the log before it is folded
/// included, are a night's alerts.
#[tokio::test]
async fn five_hundred_alerts_with_all_that_is_owed_for_them_fit_eight_mebibytes() {
    let bed = Bed::sqlite().await;
    for number in 0..500 {
        let alert = bed.alert(&format!("checkout-availability-{number}"), at(number));
        let subject = alert.id.to_string();
        let owed = [bed.notification(at(number)), bed.notification(at(number))];
        let entries = [bed.entry(&subject, at(number)), bed.entry(&subject, at(number))];
        let opened = Write::Alert { expected: None, alert };
        let writes = entries.map(Write::Entry).into_iter().chain(owed.map(Write::Owe));
        bed.commit(writes.chain([opened]).collect()).await.unwrap();
        let claimed = bed.records.claim_notifications(bed.scope, at(number), at(number + 10), 2);
        for claimed in claimed.await.unwrap() {
            let told = Write::Attempted {
                claimed_epoch: claimed.epoch,
                notification: claimed.notification.id,
                number: claimed.attempt,
                at: at(number),
                attempt: Attempt::Accepted { http_status: 204 },
                next: Next::Done,
            };
            bed.commit(vec![told]).await.unwrap();
        }
    }
    let length = |name: &str| std::fs::metadata(bed.dir().join(name)).unwrap().len();
    let all = length("records.db") + length("records.db-wal");
    assert!(all < 8 << 20, "{all} bytes");
}
