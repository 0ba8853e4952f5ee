use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement};
use tokio::task::JoinHandle;

use super::bed::{Bed, FIRST_PAGE, at, conflicts};
use crate::records::{
    CommitError, DefinitionsHead, Document, Effects, Read, Revision, Write, effects, open,
};

pub(super) fn document(kind: &str, name: &str, yaml: &str) -> Document {
    Document {
        api_version: "openslo/v1".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        yaml: yaml.to_owned(),
        changed_at: at(1),
        changed_by: "ada".to_owned(),
    }
}

pub(super) fn apply(bed: &Bed, expected: u64, documents: Vec<Document>) -> Write {
    let changed = documents.iter().map(|d| (d.kind.clone(), d.name.clone())).collect();
    let revision = Revision { id: bed.id(), at: at(1), by: "ada".to_owned(), changed };
    Write::Definitions { expected, revision, documents, deleted: Vec::new() }
}

#[tokio::test]
async fn the_head_moves_on_only_from_the_number_expected() {
    for bed in Bed::each("the_head_moves_on").await {
        let head = async || bed.records.definitions(bed.scope).await.unwrap();
        assert_eq!(head().await, DefinitionsHead::default());

        let (slo, sli) = (document("SLO", "b", "one"), document("SLI", "a", "two"));
        assert!(conflicts(&bed.commit(vec![apply(&bed, 1, vec![slo.clone()])]).await));
        bed.commit(vec![apply(&bed, 0, vec![slo.clone(), sli.clone()])]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![apply(&bed, 0, vec![slo.clone()])]).await));
        let first = DefinitionsHead { number: 1, documents: vec![sli.clone(), slo.clone()] };
        assert_eq!(head().await, first);

        let changed = document("SLO", "b", "three");
        bed.commit(vec![apply(&bed, 1, vec![changed.clone()])]).await.unwrap();
        assert_eq!(head().await, DefinitionsHead { number: 2, documents: vec![sli, changed] });
    }
}

#[tokio::test]
async fn invariant_6_every_version_of_a_document_is_kept() {
    for bed in Bed::each("every_version_of_a_document").await {
        let texts = ["one", "two", "three"];
        for (number, text) in (0..).zip(texts) {
            bed.commit(vec![apply(&bed, number, vec![document("SLO", "a", text)])]).await.unwrap();
        }
        let other = document("Service", "a", "other");
        bed.commit(vec![apply(&bed, 3, vec![other])]).await.unwrap();

        let history = bed.records.document_history(bed.scope, "SLO", "a").await.unwrap();
        let kept: Vec<_> = history.iter().map(|v| (v.number, v.document.yaml.as_str())).collect();
        assert_eq!(kept, [(3, "three"), (2, "two"), (1, "one")]);

        let revisions = bed.records.revisions(bed.scope, &FIRST_PAGE).await.unwrap().items;
        assert_eq!(revisions.len(), 4);
        assert_eq!(revisions[0].changed, [("Service".to_owned(), "a".to_owned())]);
        assert!(revisions[1..].iter().all(|r| r.changed[0].0 == "SLO" && r.by == "ada"));
    }
}

fn delete(bed: &Bed, expected: u64, document: Document) -> Write {
    let changed = vec![(document.kind.clone(), document.name.clone())];
    let revision = Revision { id: bed.id(), at: at(2), by: "grace".to_owned(), changed };
    let document = Document { changed_at: at(2), changed_by: "grace".to_owned(), ..document };
    Write::Definitions { expected, revision, documents: Vec::new(), deleted: vec![document] }
}

#[tokio::test]
async fn invariant_6_a_document_that_is_deleted_leaves_its_history() {
    for bed in Bed::each("a_document_that_is_deleted").await {
        let (slo, other) = (document("SLO", "a", "one"), document("SLO", "b", "two"));
        bed.commit(vec![apply(&bed, 0, vec![slo.clone(), other.clone()])]).await.unwrap();
        bed.commit(vec![delete(&bed, 1, slo.clone())]).await.unwrap();
        let head = bed.records.definitions(bed.scope).await.unwrap();
        assert_eq!(head, DefinitionsHead { number: 2, documents: vec![other] });

        assert!(conflicts(&bed.commit(vec![delete(&bed, 2, slo.clone())]).await), "it is gone");
        bed.commit(vec![apply(&bed, 2, vec![slo])]).await.unwrap();
        let history = bed.records.document_history(bed.scope, "SLO", "a").await.unwrap();
        let version = |v: &crate::records::DocumentVersion| {
            (v.number, v.deleted, v.document.yaml.clone(), v.document.changed_by.clone())
        };
        let kept: Vec<_> = history.iter().map(version).collect();
        let expected = [(3, false, "ada"), (2, true, "grace"), (1, false, "ada")];
        let expected = expected
            .map(|(number, deleted, by)| (number, deleted, "one".to_owned(), by.to_owned()));
        assert_eq!(kept, expected);
        let revisions = bed.records.revisions(bed.scope, &FIRST_PAGE).await.unwrap().items;
        assert_eq!(revisions[1].changed, [("SLO".to_owned(), "a".to_owned())]);
    }
}

#[tokio::test]
async fn effects_reckoned_from_older_definitions_conflict() {
    for bed in Bed::each("effects_from_older_definitions").await {
        let note = |number| {
            Effects::new(bed.scope)
                .write(Write::Entry(bed.entry("subject", at(1))))
                .read(Read::Definitions { number })
        };
        bed.records.commit(note(0)).await.unwrap();
        bed.commit(vec![apply(&bed, 0, vec![document("SLO", "a", "one")])]).await.unwrap();
        assert!(conflicts(&bed.records.commit(note(0)).await));
        bed.records.commit(note(1)).await.unwrap();
        assert_eq!(bed.records.timeline(bed.scope, "subject").await.unwrap().len(), 2);
    }
}

type Commit = JoinHandle<Result<(), CommitError>>;

/// A commit by another process.
async fn elsewhere(bed: &Bed, effects: Effects) -> Commit {
    let records = bed.open_again().await;
    tokio::spawn(async move { records.commit(effects).await })
}

async fn number(db: &impl ConnectionTrait, sql: String) -> i32 {
    let ask = Statement::from_string(DbBackend::Postgres, sql);
    db.query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap()
}

/// Whether the commit waits for the transaction rather than come to its end.
async fn waits(db: &DatabaseConnection, commit: &Commit, tx: &DatabaseTransaction) -> bool {
    let pid = number(tx, "SELECT pg_backend_pid() AS n".to_owned()).await;
    let behind = format!(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE {pid} = ANY(pg_blocking_pids(pid))"
    );
    while !commit.is_finished() {
        if number(db, behind.clone()).await > 0 {
            return true;
        }
    }
    false
}

/// What applies the first definitions, and what rests on there being none.
fn first_and_none(bed: &Bed) -> (Effects, Effects) {
    let first = apply(bed, 0, vec![document("SLO", "a", "one")]);
    let none = Effects::new(bed.scope).read(Read::Definitions { number: 0 });
    (Effects::new(bed.scope).write(first), none)
}

// Before the first definitions there is no row that says their number. SQLite has one writer.

#[tokio::test]
async fn the_first_definitions_wait_for_what_rests_on_there_being_none() {
    for bed in Bed::each("the_first_definitions_wait").await {
        if !bed.is_postgres() {
            continue;
        }
        let (db, _) = open::pools(&bed.location, None).await.unwrap();
        let (first, none) = first_and_none(&bed);
        let tx = open::begin_write(&bed.records.writes).await.unwrap();
        effects::apply(&tx, &none).await.unwrap();
        let applied = elsewhere(&bed, first).await;
        assert!(waits(&db, &applied, &tx).await, "they came between a check and its commit");
        bed.records.writer.commit(tx).await.unwrap();
        applied.await.unwrap().unwrap();
        assert_eq!(bed.records.definitions_number(bed.scope).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_rests_on_there_being_no_definitions_waits_for_the_first() {
    for bed in Bed::each("what_rests_on_no_definitions").await {
        if !bed.is_postgres() {
            continue;
        }
        let (db, _) = open::pools(&bed.location, None).await.unwrap();
        let (first, none) = first_and_none(&bed);
        let tx = open::begin_write(&bed.records.writes).await.unwrap();
        effects::apply(&tx, &first).await.unwrap();
        let checked = elsewhere(&bed, none).await;
        assert!(waits(&db, &checked, &tx).await, "it did not see those being applied");
        bed.records.writer.commit(tx).await.unwrap();
        assert!(conflicts(&checked.await.unwrap()));
    }
}
