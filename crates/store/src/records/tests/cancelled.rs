//! Callers that stop waiting, at any point: what they asked for is done whole or not at all, and no
//! connection is left in a transaction.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use plimsoll_trials::dice::Dice;
use sea_orm::{ConnectionTrait, Statement};

use super::bed::{Bed, FIRST_PAGE, at};
use crate::records::{Effects, Write, open};

const COMMITS: u64 = 200;

fn set(key: String, value: &str) -> Write {
    Write::Setting { key, value: Some(value.to_owned()), expected: None }
}

/// Polls a future at most so often, then drops it.
async fn abandon<F: Future>(future: F, polls: u64) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let done = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        if done {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_request_in_mid_transaction_leaves_none_open() {
    for bed in Bed::each("a_cancelled_request").await {
        let mut dice = Dice::new(7);
        for number in 0..COMMITS {
            let keys = ["left", "right"].map(|side| format!("{side}-{number}"));
            let entry = Write::Entry(bed.entry(&format!("subject-{number}"), at(0)));
            let [left, right] = keys.map(|key| set(key, "kept"));
            let effects = Effects::new(bed.scope).write(left).write(entry).write(right);
            abandon(bed.records.commit(effects), dice.below(12)).await;
            abandon(bed.records.definitions(bed.scope), dice.below(12)).await;
            abandon(
                bed.records.notifications(bed.scope, &Default::default(), &FIRST_PAGE),
                dice.below(12),
            )
            .await;
            abandon(open::begin_snapshot(&bed.records.reads), dice.below(6)).await;
            abandon(bed.records.organisation(bed.id(), at(0)), dice.below(12)).await;
            abandon(bed.records.claim_notifications(bed.scope, at(0), at(1), 1), dice.below(6))
                .await;
        }
        bed.commit(vec![set("after".to_owned(), "kept")]).await.unwrap();

        let mut kept = 0;
        for number in 0..COMMITS {
            let value = async |side| {
                let key = format!("{side}-{number}");
                bed.records.setting(bed.scope, &key).await.unwrap().is_some()
            };
            let (left, right) = (value("left").await, value("right").await);
            let entries = bed.records.timeline(bed.scope, &format!("subject-{number}")).await;
            let entry = entries.unwrap().len() == 1;
            assert!(left == right && left == entry, "{number}: {left} {entry} {right}");
            kept += u64::from(left);
        }
        assert!(kept > 0 && kept < COMMITS, "{kept} kept: they were not dropped at random points");
        no_transaction_is_open(&bed).await;
    }
}

async fn no_transaction_is_open(bed: &Bed) {
    // As many as the pool has, so that each connection is looked at.
    let mut lent = Vec::new();
    for _ in 0..if bed.is_postgres() { 8 } else { 4 } {
        lent.push(open::begin_snapshot(&bed.records.reads).await.unwrap());
    }
    for transaction in lent {
        transaction.commit().await.unwrap();
    }
    if bed.is_postgres() {
        let ask = Statement::from_string(
            sea_orm::DbBackend::Postgres,
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' \
             AND query NOT LIKE '%pg_stat_activity%' AND application_name = current_setting('application_name') \
             AND pid IN (SELECT pid FROM pg_locks WHERE relation = 'setting'::regclass)",
        );
        let row = bed.records.writes.query_one_raw(ask).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0);
    } else {
        // A reader that still held a snapshot would keep the log from being folded in whole.
        let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
        let ask = Statement::from_string(sea_orm::DbBackend::Sqlite, fold);
        let row = bed.records.writes.query_one_raw(ask).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0, "someone holds a snapshot");
    }
}
