//! Sealing on each database: exactly once whatever happens, audited clean, and erased without harm.

use std::collections::BTreeSet;

use plimsoll_domain::access::{Principal, Role};
use plimsoll_domain::id::PersonId;
use plimsoll_domain::notify::{Attempt, Next};
use plimsoll_domain::seal::{Hash, Kind, verify_consistency, verify_inclusion};
use sea_orm::{ConnectionTrait, Statement};

use super::bed::{Bed, at, conflicts};
use crate::records::{
    Audit, Document, Effects, Entry, Fault, Known, Location, Person, Records, Revision, Sealing,
    Signature, Write, audit,
};

const SIGNATURE: Signature = Signature { public_key: Vec::new(), signature: Vec::new() };

/// Takes what waits, and a head for it.
pub(super) async fn prepare(bed: &Bed, records: &Records) -> Sealing {
    let batch = records.unsealed(bed.scope).await.unwrap();
    Sealing { batch, sealed_at: at(1_000), signature: SIGNATURE }
}

/// Seals until nothing waits; how many batches it took.
pub(super) async fn seal_all(bed: &Bed) -> usize {
    let mut batches = 0;
    loop {
        let sealing = prepare(bed, &bed.records).await;
        if sealing.batch.is_empty() {
            return batches;
        }
        bed.commit(vec![Write::Seal(sealing)]).await.unwrap();
        batches += 1;
    }
}

pub(super) async fn clean(bed: &Bed, known: &[Known]) -> Audit {
    let found = audit(&bed.location, known).await.unwrap();
    assert_eq!(found.violations, []);
    found
}

/// The head there is, as a witness would keep it.
pub(super) async fn witness(bed: &Bed) -> Known {
    let head = bed.records.seal_head(bed.scope).await.unwrap().unwrap().head;
    Known { place: "a witness".to_owned(), size: head.size, root: head.root }
}

fn person(bed: &Bed, name: &str) -> Person {
    Person {
        id: bed.id(),
        name: name.to_owned(),
        role: Role::Admin,
        password_hash: "$argon2id$".to_owned(),
        created_at: at(0),
    }
}

pub(super) fn named(person: &Person, expected: Option<u64>) -> Write {
    Write::Person { expected, person: person.clone(), at: at(5), salt: [7; 32] }
}

/// One row of each kind, and their keys.
pub(super) async fn one_of_each(bed: &Bed) -> Vec<(Kind, String)> {
    let (entry, decision) = (bed.entry("alt_1", at(1)), bed.decision("checkout", at(2)));
    let notification = bed.notification(at(3));
    let revision = Revision { id: bed.id(), at: at(4), by: "per_1".into(), changed: vec![] };
    let document = Document {
        api_version: "v1".into(),
        kind: "SLO".into(),
        name: "latency".into(),
        yaml: "a: 1".into(),
        changed_at: at(4),
        changed_by: "per_1".into(),
    };
    let ada = person(bed, "ada");
    let keys = vec![
        (Kind::Entry, entry.id.to_string()),
        (Kind::Decision, decision.id.to_string()),
        (Kind::Attempt, format!("{}/1", notification.id)),
        (Kind::Revision, revision.id.to_string()),
        (Kind::Document, "SLO/latency@1".to_owned()),
        (Kind::Identity, format!("{}@1", ada.id)),
    ];
    let id = notification.id;
    bed.commit(vec![
        Write::Entry(entry),
        Write::Decision(Box::new(decision)),
        Write::Owe(notification),
        Write::Definitions { expected: 0, revision, documents: vec![document], deleted: vec![] },
        named(&ada, None),
    ])
    .await
    .unwrap();
    let claimed = bed.records.claim_notifications(bed.scope, at(10), at(20), 1).await.unwrap();
    let made = Write::Attempted {
        claimed_epoch: claimed[0].epoch,
        notification: id,
        number: 1,
        at: at(11),
        attempt: Attempt::failed("refused"),
        next: Next::Done,
    };
    bed.commit(vec![made]).await.unwrap();
    keys
}

#[tokio::test]
async fn invariant_6_every_kind_of_history_is_sealed_once() {
    for bed in Bed::each("every_kind_is_sealed").await {
        let keys = one_of_each(&bed).await;
        assert_eq!(bed.records.unsealed_count(bed.scope).await.unwrap(), 6);
        assert_eq!(clean(&bed, &[]).await.waiting, 6);
        assert_eq!(seal_all(&bed).await, 1);
        assert_eq!(bed.records.unsealed_count(bed.scope).await.unwrap(), 0);
        let found = clean(&bed, &[witness(&bed).await]).await;
        assert_eq!((found.sealed, found.waiting, found.erased), (6, 0, 0));

        let head = bed.records.seal_head(bed.scope).await.unwrap().unwrap().head;
        let leaves = bed.records.leaves(bed.scope, head.size).await.unwrap();
        let mut numbers = BTreeSet::new();
        for (kind, key) in keys {
            let number = bed.records.seal_number(bed.scope, kind, &key).await.unwrap();
            let number = number.unwrap_or_else(|| panic!("{key} is not sealed"));
            numbers.insert(number);
            let path = plimsoll_domain::seal::inclusion(&leaves, number as usize).unwrap();
            let leaf = leaves[number as usize];
            assert!(verify_inclusion(leaf, number, head.size, &path, head.root), "{key}");
        }
        assert_eq!(numbers.len(), 6);
    }
}

#[tokio::test]
async fn leaves_are_the_same_on_every_database() {
    let mut heads = BTreeSet::new();
    for bed in Bed::each("leaves_are_the_same").await {
        one_of_each(&bed).await;
        seal_all(&bed).await;
        heads.insert(witness(&bed).await.root);
    }
    assert_eq!(heads.len(), 1);
}

#[tokio::test]
async fn a_head_extends_every_head_before_it_and_batches_are_bounded() {
    for bed in Bed::each("a_head_extends").await {
        let mut kept: Vec<Known> = Vec::new();
        for wave in [1, 255, 600, 3] {
            let entries = (0..wave).map(|n| Write::Entry(bed.entry("alt_1", at(n))));
            bed.commit(entries.collect()).await.unwrap();
            let batches = seal_all(&bed).await;
            assert_eq!(batches, (wave as usize).div_ceil(256), "{wave} at once");
            kept.push(witness(&bed).await);
            clean(&bed, &kept).await;
        }
        let last = kept.last().unwrap();
        let leaves = bed.records.leaves(bed.scope, last.size).await.unwrap();
        for old in &kept {
            let path = plimsoll_domain::seal::consistency(&leaves, old.size as usize).unwrap();
            let (old, new) = ((old.size, old.root), (last.size, last.root));
            assert!(verify_consistency(old, new, &path));
        }
        let root = last.root;
        assert!(bed.records.knows_head(bed.scope, last.size, root).await.unwrap());
        assert!(!bed.records.knows_head(bed.scope, last.size, Hash([0; 32])).await.unwrap());
        assert!(!bed.records.knows_head(bed.scope, 2, root).await.unwrap());
    }
}

/// What commits late with an early time, while a batch was being made, is in the next.
#[tokio::test]
async fn what_commits_late_with_an_early_time_is_not_missed() {
    for bed in Bed::each("what_commits_late").await {
        let early = bed.entry("alt_1", at(-100));
        bed.commit(vec![Write::Entry(bed.entry("alt_1", at(1)))]).await.unwrap();
        let sealing = prepare(&bed, &bed.records).await;
        bed.commit(vec![Write::Entry(early)]).await.unwrap();
        bed.commit(vec![Write::Seal(sealing)]).await.unwrap();
        assert_eq!(clean(&bed, &[]).await.waiting, 1);
        assert_eq!(seal_all(&bed).await, 1);
        assert_eq!(clean(&bed, &[]).await.sealed, 2);
    }
}

/// The sealer ends after it read, or after it committed and before it heard of it.
#[tokio::test]
async fn a_crash_between_its_steps_loses_and_doubles_nothing() {
    for bed in Bed::each("a_crash_between").await {
        bed.commit((0..9).map(|n| Write::Entry(bed.entry("alt_1", at(n)))).collect())
            .await
            .unwrap();
        drop(prepare(&bed, &bed.records).await);
        let sealing = prepare(&bed, &bed.records).await;
        bed.commit(vec![Write::Seal(sealing.clone())]).await.unwrap();
        // What it does again when it never heard the answer.
        assert!(conflicts(&bed.commit(vec![Write::Seal(sealing)]).await));

        let reopened = bed.open_again().await;
        let batch = reopened.unsealed(bed.scope).await.unwrap();
        assert_eq!((batch.sealed(), batch.len()), (9, 0));
        let empty = Sealing { batch, sealed_at: at(0), signature: SIGNATURE };
        assert!(conflicts(&bed.commit(vec![Write::Seal(empty)]).await));
        assert_eq!(clean(&bed, &[]).await.sealed, 9);
    }
}

/// What is undone in the middle is undone whole: the seals and the queue with it.
#[tokio::test]
async fn a_batch_that_cannot_be_committed_stays_queued() {
    for bed in Bed::each("a_batch_that_cannot").await {
        bed.commit(vec![Write::Entry(bed.entry("alt_1", at(0)))]).await.unwrap();
        let sealing = prepare(&bed, &bed.records).await;
        let wrong = Write::Setting {
            key: "key".to_owned(),
            value: None,
            expected: Some(Some("never set".to_owned())),
        };
        assert!(conflicts(&bed.commit(vec![Write::Seal(sealing), wrong]).await));
        let found = clean(&bed, &[]).await;
        assert_eq!((found.sealed, found.waiting, found.head), (0, 1, None));
        assert_eq!(seal_all(&bed).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sealers_and_two_writers_seal_each_row_once() {
    const ROWS: usize = 400;
    for bed in Bed::each("two_sealers_race").await {
        let openings = [bed.records.clone(), bed.open_again().await];
        let mut tasks = tokio::task::JoinSet::new();
        for (worker, records) in openings.iter().enumerate() {
            let (records, scope) = (records.clone(), bed.scope);
            let entries: Vec<Entry> =
                (0..ROWS / 2).map(|n| bed.entry("alt_1", at((n * 7 % 50) as i64))).collect();
            tasks.spawn(async move {
                for entry in entries {
                    let effects = Effects::new(scope).write(Write::Entry(entry));
                    records.commit(effects).await.unwrap();
                }
                (worker, 0)
            });
        }
        for (worker, records) in openings.iter().enumerate() {
            let (records, scope) = (records.clone(), bed.scope);
            tasks.spawn(async move {
                let mut lost = 0;
                loop {
                    let batch = records.unsealed(scope).await.unwrap();
                    if batch.sealed() + batch.len() as u64 >= ROWS as u64 && batch.is_empty() {
                        return (worker, lost);
                    }
                    let sealing = Sealing { batch, sealed_at: at(0), signature: SIGNATURE };
                    let effects = Effects::new(scope).write(Write::Seal(sealing));
                    let result = records.commit(effects).await;
                    assert!(result.is_ok() || conflicts(&result), "{result:?}");
                    lost += usize::from(result.is_err());
                }
            });
        }
        let ended = tasks.join_all().await;
        assert!(ended.iter().any(|(_, lost)| *lost > 0), "the sealers never raced");
        let found = clean(&bed, &[witness(&bed).await]).await;
        assert_eq!((found.sealed, found.waiting), (ROWS as u64, 0));
    }
}

#[tokio::test]
async fn history_from_before_there_were_seals_is_queued() {
    for bed in Bed::each("history_from_before").await {
        one_of_each(&bed).await;
        let as_before = [
            "DROP TABLE seal",
            "DROP TABLE seal_head",
            "DROP TABLE unsealed",
            "DROP TABLE identity",
            "DELETE FROM seaql_migrations WHERE version = 'm0003_sealing'",
        ];
        for statement in as_before {
            bed.records.writes.execute_unprepared(statement).await.unwrap();
        }
        let migrated = bed.open_again().await;
        // What people were called before has no row to seal.
        assert_eq!(migrated.unsealed_count(bed.scope).await.unwrap(), 5);
        assert_eq!(seal_all(&bed).await, 1);
        assert_eq!(clean(&bed, &[]).await.sealed, 5);
    }
}

#[tokio::test]
async fn a_row_deleted_before_it_was_sealed_shows_for_ever_and_holds_up_nothing() {
    for bed in Bed::each("a_row_deleted_before").await {
        let entry = bed.entry("alt_1", at(0));
        let id = entry.id;
        bed.commit(vec![Write::Entry(entry)]).await.unwrap();
        bed.records.writes.execute_unprepared("DELETE FROM entry").await.unwrap();
        for sealed in [false, true] {
            let found = audit(&bed.location, &[]).await.unwrap();
            let [violation] = &found.violations[..] else { panic!("{found:?}") };
            assert_eq!(violation.fault, Fault::Deleted);
            assert_eq!(violation.row, Some((Kind::Entry, id.to_string())));
            assert_eq!(violation.detail, "it was deleted before it was sealed");
            if !sealed {
                let batch = bed.records.unsealed(bed.scope).await.unwrap();
                assert_eq!(batch.gone().count(), 1);
                assert_eq!(seal_all(&bed).await, 1);
            }
        }
    }
}

/// Every text that the database holds anywhere.
async fn everything(bed: &Bed) -> String {
    if let Location::Sqlite(file) = &bed.location {
        let mut all = Vec::new();
        for suffix in ["", "-wal"] {
            let name = format!("records.db{suffix}");
            all.extend(std::fs::read(file.with_file_name(name)).unwrap_or_default());
        }
        return String::from_utf8_lossy(&all).into_owned();
    }
    let db = &bed.records.reads;
    let backend = db.get_database_backend();
    let tables = "SELECT table_name AS name FROM information_schema.tables \
                  WHERE table_schema = current_schema()";
    let mut all = String::new();
    for row in db.query_all_raw(Statement::from_string(backend, tables)).await.unwrap() {
        let table: String = row.try_get("", "name").unwrap();
        let dump = format!("SELECT CAST(t AS text) AS line FROM \"{table}\" t");
        for row in db.query_all_raw(Statement::from_string(backend, dump)).await.unwrap() {
            all += &row.try_get::<String>("", "line").unwrap();
        }
    }
    all
}

#[tokio::test]
async fn a_person_is_erased_and_history_still_proves() {
    const NAME: &str = "zaphod-beeblebrox";
    for bed in Bed::each("a_person_is_erased").await {
        let zaphod = person(&bed, "zaphod");
        let id: PersonId = zaphod.id;
        bed.commit(vec![named(&zaphod, None)]).await.unwrap();
        let renamed = Person { name: NAME.to_owned(), ..zaphod };
        bed.commit(vec![named(&renamed, Some(1))]).await.unwrap();
        // The same name again is no new one.
        bed.commit(vec![named(&renamed, Some(2))]).await.unwrap();
        let actor = Some(Principal::Person { id, name: NAME.to_owned() });
        let entry = Entry { actor: actor.clone(), ..bed.entry("alt_1", at(1)) };
        bed.commit(vec![Write::Entry(entry)]).await.unwrap();
        seal_all(&bed).await;
        let before = witness(&bed).await;
        assert_eq!(before.size, 3);
        let told = bed.records.timeline(bed.scope, "alt_1").await.unwrap();
        assert_eq!(told[0].actor, actor);
        assert!(everything(&bed).await.contains(NAME));

        bed.commit(vec![Write::ErasePerson { id }]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![Write::ErasePerson { id }]).await));
        let found = clean(&bed, std::slice::from_ref(&before)).await;
        assert_eq!((found.sealed, found.erased), (3, 2));
        let told = bed.records.timeline(bed.scope, "alt_1").await.unwrap();
        assert_eq!(told[0].actor, Some(Principal::Person { id, name: id.to_string() }));
        assert_eq!(bed.records.person(bed.scope, id).await.unwrap(), None);

        // The log of SQLite keeps what it was told until it is folded into the file.
        bed.records.clone().close().await;
        let bed = bed.reopened().await;
        assert!(!everything(&bed).await.contains("zaphod"));
        clean(&bed, &[before]).await;
    }
}

#[tokio::test]
async fn a_name_keeps_its_commitment() {
    let changes = [
        "UPDATE identity SET name = 'eve'",
        "UPDATE identity SET name = NULL",
        "UPDATE identity SET salt = NULL",
        "UPDATE identity SET commitment = salt",
    ];
    for bed in Bed::each("a_name_keeps").await {
        let ada = person(&bed, "ada");
        bed.commit(vec![named(&ada, None)]).await.unwrap();
        seal_all(&bed).await;
        for change in changes {
            bed.records
                .writes
                .execute_unprepared("CREATE TABLE kept AS SELECT * FROM identity")
                .await
                .unwrap();
            bed.records.writes.execute_unprepared(change).await.unwrap();
            let found = audit(&bed.location, &[]).await.unwrap();
            assert_eq!(found.violations[0].fault, Fault::Edited, "{change}");
            for restore in [
                "DELETE FROM identity",
                "INSERT INTO identity SELECT * FROM kept",
                "DROP TABLE kept",
            ] {
                bed.records.writes.execute_unprepared(restore).await.unwrap();
            }
        }
        clean(&bed, &[]).await;
    }
}
