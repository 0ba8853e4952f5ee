use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use sea_orm::ConnectionTrait;

use super::bed::{Bed, at, conflicts};
use crate::records::{CommitError, Effects, Error, Location, Records, Scope, Write};

fn set(key: &str, value: &str) -> Write {
    Write::Setting { key: key.to_owned(), value: Some(value.to_owned()), expected: None }
}

/// A commit made by a task of its own, so that it shares its batch with others.
fn spawn(bed: &Bed, writes: Vec<Write>) -> tokio::task::JoinHandle<Result<(), CommitError>> {
    let (records, scope) = (bed.records.clone(), bed.scope);
    tokio::spawn(async move { records.commit(Effects { scope, writes, reads: vec![] }).await })
}

#[tokio::test]
async fn effects_are_all_or_nothing() {
    for bed in Bed::each("effects_are_all_or_nothing").await {
        let alert = bed.alert("latency", at(0));
        let entry = bed.entry("subject", at(0));
        let writes = vec![
            set("key", "value"),
            Write::Entry(entry),
            Write::Owe(bed.notification(at(0))),
            Write::Alert { expected: Some(1), alert: alert.clone() },
        ];
        assert!(conflicts(&bed.commit(writes).await));
        assert_eq!(bed.records.setting(bed.scope, "key").await.unwrap(), None);
        assert_eq!(bed.records.timeline(bed.scope, "subject").await.unwrap(), []);
        assert_eq!(bed.records.notification_balance(bed.scope).await.unwrap().owed, 0);
        assert_eq!(bed.records.alert(bed.scope, alert.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_conflict_says_what_moved_on() {
    for bed in Bed::each("a_conflict_says").await {
        let alert = bed.alert("latency", at(0));
        let id = alert.id;
        let error = bed.commit(vec![Write::Alert { expected: Some(1), alert }]).await.unwrap_err();
        assert_eq!(error.to_string(), format!("{id} has changed meanwhile"));
    }
}

#[tokio::test]
async fn a_job_that_the_database_refuses_fails_alone() {
    for bed in Bed::each("a_job_that_the_database_refuses").await {
        bed.records.writes.execute_unprepared("DROP TABLE decision").await.unwrap();
        let before = spawn(&bed, vec![set("before", "kept")]);
        let decision = Write::Decision(Box::new(bed.decision("checkout", at(0))));
        let refused = spawn(&bed, vec![set("with", "undone"), decision]);
        let after = spawn(&bed, vec![set("after", "kept")]);

        before.await.unwrap().unwrap();
        after.await.unwrap().unwrap();
        let refused = refused.await.unwrap();
        assert!(matches!(refused, Err(CommitError::Store(Error::Database(_)))));
        let value = async |key| bed.records.setting(bed.scope, key).await.unwrap();
        assert_eq!(value("before").await.as_deref(), Some("kept"));
        assert_eq!(value("with").await, None);
        assert_eq!(value("after").await.as_deref(), Some("kept"));
    }
}

#[tokio::test]
async fn a_failed_commit_fails_all_that_waited_and_none_after() {
    let bed = Bed::sqlite().await;
    // A constraint that is checked at COMMIT alone.
    let bomb = "CREATE TABLE bomb (fuse INTEGER REFERENCES organisation (slot) \
                DEFERRABLE INITIALLY DEFERRED); \
                CREATE TRIGGER light AFTER INSERT ON setting WHEN NEW.key = 'bomb' \
                BEGIN INSERT INTO bomb VALUES (99); END";
    bed.records.writes.execute_unprepared(bomb).await.unwrap();

    let waiting = ["a", "bomb", "b"].map(|key| spawn(&bed, vec![set(key, "lost")]));
    for commit in waiting {
        let error = commit.await.unwrap().unwrap_err();
        assert!(matches!(error, CommitError::Store(Error::Database(_))), "{error:?}");
    }
    for key in ["a", "bomb", "b"] {
        assert_eq!(bed.records.setting(bed.scope, key).await.unwrap(), None);
    }
    bed.commit(vec![set("a", "kept")]).await.unwrap();
    assert_eq!(bed.records.setting(bed.scope, "a").await.unwrap().as_deref(), Some("kept"));
}

#[tokio::test]
async fn a_caller_that_stops_waiting_loses_only_the_answer() {
    for bed in Bed::each("a_caller_that_stops_waiting").await {
        {
            let mut abandoned = pin!(bed.commit(vec![set("key", "kept")]));
            poll_fn(|context| {
                assert!(abandoned.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        bed.commit(vec![set("other", "value")]).await.unwrap();
        let kept = bed.records.setting(bed.scope, "key").await.unwrap();
        assert_eq!(kept.as_deref(), Some("kept"));
    }
}

#[tokio::test]
async fn invariant_1_what_is_acknowledged_is_in_the_files() {
    let bed = Bed::sqlite().await;
    let Location::Sqlite(file) = &bed.location else { unreachable!("the bed is on SQLite") };
    for number in 0..5 {
        let key = format!("key-{number}");
        bed.commit(vec![set(&key, "kept")]).await.unwrap();

        // The files as a crash right after the answer would leave them.
        let crashed = tempfile::tempdir().unwrap();
        for suffix in ["", "-wal"] {
            let name = format!("records.db{suffix}");
            std::fs::copy(file.with_file_name(&name), crashed.path().join(&name)).unwrap();
        }
        let location = Location::Sqlite(crashed.path().join("records.db"));
        let recovered = Records::open(&location).await.unwrap();
        let kept = recovered.setting(bed.scope, &key).await.unwrap();
        assert_eq!(kept.as_deref(), Some("kept"), "{key}");
    }
}

#[tokio::test]
async fn closing_finishes_what_waits_and_refuses_what_comes() {
    for bed in Bed::each("closing_finishes_what_waits").await {
        let waiting: Vec<_> =
            (0..20).map(|n| spawn(&bed, vec![set(&format!("key-{n}"), "kept")])).collect();
        tokio::task::yield_now().await;
        bed.records.clone().close().await;
        for commit in waiting {
            commit.await.unwrap().unwrap();
        }
        let late = bed.commit(vec![set("late", "refused")]).await;
        assert!(matches!(late, Err(CommitError::Store(Error::Closed))));

        let reopened = bed.open_again().await;
        let kept = reopened.setting(bed.scope, "key-19").await.unwrap();
        assert_eq!(kept.as_deref(), Some("kept"));
        assert_eq!(reopened.setting(bed.scope, "late").await.unwrap(), None);
    }
}

/// Adds one to the `transitions` of an alert, loading and stepping again on every conflict.
async fn count_up(records: &Records, scope: Scope, id: plimsoll_domain::id::AlertId) -> u32 {
    let mut conflicts = 0;
    loop {
        let loaded = records.alert(scope, id).await.unwrap().unwrap();
        let mut alert = loaded.value;
        alert.transitions += 1;
        let write = Write::Alert { expected: Some(loaded.version), alert };
        match records.commit(Effects::new(scope).write(write)).await {
            Ok(()) => return conflicts,
            Err(CommitError::Conflict { .. }) => conflicts += 1,
            Err(CommitError::Store(error)) => panic!("{error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_update_is_lost_between_two_openings_of_one_database() {
    for bed in Bed::each("no_update_is_lost").await {
        let alert = bed.alert("latency", at(0));
        let id = alert.id;
        bed.commit(vec![Write::Alert { expected: None, alert }]).await.unwrap();
        let openings = [bed.records.clone(), bed.open_again().await];
        let mut counters = tokio::task::JoinSet::new();
        for worker in 0..8 {
            let (records, scope) = (openings[worker % 2].clone(), bed.scope);
            counters.spawn(async move {
                for _ in 0..10 {
                    count_up(&records, scope, id).await;
                }
            });
        }
        counters.join_all().await;
        let counted = bed.records.alert(bed.scope, id).await.unwrap().unwrap();
        assert_eq!((counted.value.transitions, counted.version), (81, 81));
    }
}
