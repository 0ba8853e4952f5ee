//! Whoever changes history behind the program's back is found out: every row of a real database is
//! tampered with in every way, one at a time, by SQL, and each time the audit must say so.
//!
//! `PLIMSOLL_CAMPAIGN=full` makes the history longer, tampers with every row of it, and says how
//! long a million rows take to audit.

use std::path::{Path, PathBuf};

use plimsoll_domain::seal::Kind;
use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::bed::{Bed, at};
use super::sealing::{clean, one_of_each, seal_all, witness};
use crate::records::{Entry, Fault, Known, Location, Write, audit};

const SEED: u64 = 20_261_120;

/// Appends many rows of all kinds, a few hundred to a commit.
async fn write_history(bed: &Bed, rows: usize) {
    one_of_each(bed).await;
    let mut left = rows.saturating_sub(6);
    while left > 0 {
        let now = left.min(300);
        let writes = (0..now).map(|n| match n % 5 {
            0 => Write::Decision(Box::new(bed.decision("checkout", at(n as i64)))),
            _ => {
                let entry = bed.entry(&format!("alt_{}", n % 9), at((n % 40) as i64));
                let message = format!("told {left} {n}");
                Write::Entry(Entry { message, ..entry })
            }
        });
        bed.commit(writes.collect()).await.unwrap();
        left -= now;
    }
}

/// One way to tamper, as SQL on the copy of a database; `{n}` and `{m}` are two seals' numbers, the
/// first the smaller, `{k}` a kind's table and `{key}` the condition that names the row of `{n}`.
struct Way {
    name: &'static str,
    /// The table it is about; none for any.
    table: Option<&'static str>,
    sql: &'static str,
    faults: &'static [Fault],
}

/// Moves what two rows say to each other, and says a little more.
const SWAP: &str = "
    CREATE TEMP TABLE a AS SELECT * FROM entry WHERE {key};
    CREATE TEMP TABLE b AS SELECT * FROM entry WHERE {other};
    UPDATE entry SET (subject, at, event, message, actor) =
        (SELECT subject, at, event, message || ' 2', actor FROM b) WHERE {key};
    UPDATE entry SET (subject, at, event, message, actor) =
        (SELECT subject, at, event, message || ' 1', actor FROM a) WHERE {other};";

const WAYS: &[Way] = &[
    edit("entry", "UPDATE entry SET message = message || '.' WHERE {key}"),
    edit("entry", "UPDATE entry SET subject = 'alt_none' WHERE {key}"),
    edit("entry", "UPDATE entry SET event = 'alert_closed' WHERE {key}"),
    edit("entry", "UPDATE entry SET at = at + 1 WHERE {key}"),
    edit("entry", "UPDATE entry SET actor = '' WHERE {key}"),
    edit("decision", "UPDATE decision SET body = replace(body, 'deny', 'allow') WHERE {key}"),
    edit("decision", "UPDATE decision SET service = 'other' WHERE {key}"),
    edit("decision", "UPDATE decision SET environment = 'staging' WHERE {key}"),
    edit("decision", "UPDATE decision SET decided_at = decided_at - 1 WHERE {key}"),
    edit("attempt", "UPDATE attempt SET body = replace(body, 'refused', 'timeout')"),
    edit("attempt", "UPDATE attempt SET at = at + 1"),
    edit("revision", "UPDATE revision SET by = 'per_2'"),
    edit("revision", "UPDATE revision SET changed = changed || ' '"),
    edit("revision", "UPDATE revision SET at = at + 1"),
    edit("revision", "UPDATE revision SET number = 2"),
    edit("document_version", "UPDATE document_version SET yaml = 'a: 2'"),
    edit("document_version", "UPDATE document_version SET changed_by = 'per_2'"),
    edit("document_version", "UPDATE document_version SET api_version = 'v2'"),
    edit("document_version", "UPDATE document_version SET changed_at = 0"),
    edit("document_version", "UPDATE document_version SET deleted = 1"),
    edit("identity", "UPDATE identity SET name = 'eve'"),
    Way {
        name: "another key",
        table: Some("entry"),
        sql: "UPDATE entry SET id = randomblob(16) WHERE {key}",
        faults: &[Fault::Deleted, Fault::Inserted],
    },
    Way {
        name: "delete a row",
        table: None,
        sql: "DELETE FROM {k} WHERE {key}",
        faults: &[Fault::Deleted],
    },
    Way {
        name: "insert a row",
        table: Some("entry"),
        sql: "INSERT INTO entry SELECT scope, randomblob(16), subject, at, event, message, actor, \
              sum FROM entry WHERE {key}",
        faults: &[Fault::Inserted],
    },
    Way {
        name: "swap what two rows say",
        table: Some("entry"),
        sql: SWAP,
        faults: &[Fault::Edited],
    },
    Way {
        name: "swap the keys of two rows",
        table: Some("entry"),
        sql: "UPDATE entry SET id = zeroblob(16) WHERE {key};
              UPDATE entry SET id = {key_id} WHERE {other};
              UPDATE entry SET id = {other_id} WHERE id = zeroblob(16);",
        faults: &[Fault::Reordered],
    },
    Way {
        name: "delete a seal",
        table: None,
        sql: "DELETE FROM seal WHERE number = {n}",
        faults: &[Fault::Deleted, Fault::Inserted, Fault::Truncated],
    },
    Way {
        name: "swap two seals",
        table: None,
        sql: "UPDATE seal SET number = -1 WHERE number = {n};
              UPDATE seal SET number = {n} WHERE number = {m};
              UPDATE seal SET number = {m} WHERE number = -1;",
        faults: &[Fault::Rewritten],
    },
    Way {
        name: "delete a row with its seal, and close the gap",
        table: None,
        sql: "DELETE FROM {k} WHERE {key};
              DELETE FROM seal WHERE number = {n};
              UPDATE seal SET number = -number WHERE number > {n};
              UPDATE seal SET number = -number - 1 WHERE number < 0;",
        faults: &[Fault::Rewritten, Fault::Truncated],
    },
    Way {
        name: "another leaf",
        table: None,
        sql: "UPDATE seal SET leaf = randomblob(32) WHERE number = {n}",
        faults: &[Fault::Edited, Fault::Rewritten],
    },
    Way {
        name: "another root",
        table: None,
        sql: "UPDATE seal_head SET root = randomblob(32) WHERE size > {n}",
        faults: &[Fault::Rewritten],
    },
    Way {
        name: "a leaf that is no digest",
        table: None,
        sql: "UPDATE seal SET leaf = x'00' WHERE number = {n}",
        faults: &[Fault::Rewritten],
    },
    Way {
        name: "a kind that is none",
        table: None,
        sql: "UPDATE seal SET kind = 'whim' WHERE number = {n}",
        faults: &[Fault::Rewritten],
    },
    Way {
        name: "a head of nothing",
        table: None,
        sql: "UPDATE seal_head SET size = 0 WHERE size > {n}",
        faults: &[Fault::Rewritten],
    },
    Way {
        name: "delete a head",
        table: None,
        sql: "DELETE FROM seal_head WHERE number = 1",
        faults: &[Fault::Deleted],
    },
    Way {
        name: "cut off the end, without its heads",
        table: None,
        sql: "DELETE FROM entry WHERE {tail:ent_};
              DELETE FROM decision WHERE {tail:dec_};
              DELETE FROM seal WHERE number >= {n};",
        faults: &[Fault::Truncated],
    },
    Way {
        name: "cut off the end, heads and all",
        table: None,
        sql: "DELETE FROM entry WHERE {tail:ent_};
              DELETE FROM decision WHERE {tail:dec_};
              DELETE FROM attempt WHERE {n} < 6; DELETE FROM revision WHERE {n} < 6;
              DELETE FROM document_version WHERE {n} < 6; DELETE FROM identity WHERE {n} < 6;
              DELETE FROM seal WHERE number >= {n};
              DELETE FROM seal_head WHERE size > {n};",
        faults: &[Fault::Truncated],
    },
    Way {
        name: "take a row out of the queue",
        table: None,
        sql: "DELETE FROM unsealed",
        faults: &[Fault::Inserted],
    },
    Way {
        name: "delete the row that waits",
        table: None,
        sql: "DELETE FROM entry WHERE ('ent_' || lower(hex(id))) IN (SELECT key FROM unsealed)",
        faults: &[Fault::Deleted],
    },
    Way {
        name: "seal a row again",
        table: None,
        sql: "INSERT INTO unsealed SELECT scope, kind, key, at FROM seal WHERE number = {n}",
        faults: &[Fault::Inserted],
    },
];

const fn edit(table: &'static str, sql: &'static str) -> Way {
    Way { name: sql, table: Some(table), sql, faults: &[Fault::Edited] }
}

/// A sealed row.
struct Sealed {
    number: i64,
    table: &'static str,
    id: String,
}

impl Sealed {
    fn read(number: i64, kind: &str, key: &str) -> Self {
        let id = |text: &str| format!("x'{}'", text.split_once('_').unwrap().1);
        let (table, id) = match Kind::parse(kind).unwrap() {
            Kind::Entry => ("entry", id(key)),
            Kind::Decision => ("decision", id(key)),
            // One of each, so that their tables need no key.
            Kind::Attempt => ("attempt", String::new()),
            Kind::Revision => ("revision", String::new()),
            Kind::Document => ("document_version", String::new()),
            Kind::Identity => ("identity", String::new()),
        };
        Self { number, table, id }
    }

    fn condition(&self) -> String {
        if self.id.is_empty() { "1 = 1".to_owned() } else { format!("id = {}", self.id) }
    }
}

impl Way {
    fn sql(&self, first: &Sealed, second: &Sealed) -> String {
        let tail = |prefix: &str| {
            format!(
                "('{prefix}' || lower(hex(id))) IN (SELECT key FROM seal WHERE number >= {})",
                first.number
            )
        };
        self.sql
            .replace("{key}", &first.condition())
            .replace("{other}", &second.condition())
            .replace("{key_id}", &first.id)
            .replace("{other_id}", &second.id)
            .replace("{k}", first.table)
            .replace("{n}", &first.number.to_string())
            .replace("{m}", &second.number.to_string())
            .replace("{tail:ent_}", &tail("ent_"))
            .replace("{tail:dec_}", &tail("dec_"))
    }

    fn fits(&self, row: &Sealed) -> bool {
        self.table.is_none_or(|table| table == row.table)
    }
}

/// A sealed history in a file that nobody has open, and a head of it kept elsewhere.
struct Crime {
    bed: Bed,
    file: PathBuf,
    kept: Known,
    sealed: Vec<Sealed>,
}

impl Crime {
    async fn scene(rows: usize) -> Self {
        let bed = Bed::sqlite().await;
        write_history(&bed, rows).await;
        seal_all(&bed).await;
        let kept = witness(&bed).await;
        bed.commit(vec![Write::Entry(bed.entry("alt_1", at(0)))]).await.unwrap();
        let ask = "SELECT number, kind, key FROM seal ORDER BY number";
        let ask = Statement::from_string(DbBackend::Sqlite, ask);
        let found = bed.records.reads.query_all_raw(ask).await.unwrap();
        let read = |row: &sea_orm::QueryResult| {
            let text = |name| row.try_get::<String>("", name).unwrap();
            Sealed::read(row.try_get("", "number").unwrap(), &text("kind"), &text("key"))
        };
        let sealed = found.iter().map(read).collect();
        bed.records.clone().close().await;
        let Location::Sqlite(file) = bed.location.clone() else { unreachable!("it is SQLite") };
        let found = clean(&bed, std::slice::from_ref(&kept)).await;
        assert_eq!((found.sealed, found.waiting), (rows as u64, 1));
        Self { bed, file, kept, sealed }
    }

    /// The audit of a copy that was tampered with.
    async fn commit(&self, sql: &str) -> Vec<Fault> {
        let copy = self.file.with_file_name("copy.db");
        std::fs::copy(&self.file, &copy).unwrap();
        let db = open(&copy).await;
        db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        db.close().await.unwrap();
        let known = std::slice::from_ref(&self.kept);
        let found = audit(&Location::Sqlite(copy), known).await.unwrap();
        found.violations.iter().map(|violation| violation.fault).collect()
    }

    /// Tampers one way with one row, or with the nearest after it that the way is about.
    async fn tamper(&self, way: &Way, index: usize) {
        let after = (0..self.sealed.len()).map(|n| (index + n) % self.sealed.len());
        let mut fitting = after.map(|index| &self.sealed[index]).filter(|row| way.fits(row));
        let first = fitting.next().unwrap();
        let second = fitting.next().unwrap_or(first);
        let in_order = first.number <= second.number;
        let (first, second) = if in_order { (first, second) } else { (second, first) };
        let faults = self.commit(&way.sql(first, second)).await;
        let expected = |fault: &Fault| way.faults.contains(fault);
        let said =
            || format!("{}, seals {} and {}: {faults:?}", way.name, first.number, second.number);
        assert!(!faults.is_empty(), "not found out: {}", said());
        assert!(faults.iter().any(expected), "called by a wrong name: {}", said());
    }
}

async fn open(path: &Path) -> DatabaseConnection {
    let url = format!("sqlite://{}", path.display());
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1);
    Database::connect(options).await.unwrap()
}

#[tokio::test]
async fn invariant_6_whatever_is_done_to_sealed_history_is_found_out() {
    let rows = campaign::amount(2_000, 10_000);
    let scene = Crime::scene(rows).await;
    let mut dice = Dice::new(SEED);
    for round in 0..3 {
        for way in WAYS {
            let index = dice.below(rows);
            scene.tamper(way, if round == 0 { 0 } else { index }).await;
        }
    }
    if campaign::is_full() {
        for index in 0..rows {
            scene.tamper(&WAYS[dice.below(WAYS.len())], index).await;
        }
    }
}

#[tokio::test]
async fn an_old_copy_of_everything_is_found_out_by_a_head_kept_elsewhere() {
    let mut scene = Crime::scene(500).await;
    let old = scene.file.with_file_name("old.db");
    std::fs::copy(&scene.file, &old).unwrap();
    scene.bed = scene.bed.reopened().await;
    write_history_on(&scene.bed).await;
    let kept = witness(&scene.bed).await;
    scene.bed.records.clone().close().await;
    clean(&scene.bed, &[scene.kept.clone(), kept.clone()]).await;

    let alone = audit(&Location::Sqlite(old.clone()), &[]).await.unwrap();
    assert_eq!(alone.violations, [], "an old copy is sound in itself");
    let found = audit(&Location::Sqlite(old), &[scene.kept, kept]).await.unwrap();
    let [violation] = &found.violations[..] else { panic!("{found:?}") };
    assert_eq!(violation.fault, Fault::Truncated);
    assert_eq!(violation.detail, "a witness holds 502 seals, and 500 are there");
}

/// One row more, sealed with the one that waited.
async fn write_history_on(bed: &Bed) {
    // The ids of a bed go on, so this is a new one.
    bed.commit(vec![Write::Entry(bed.entry("alt_2", at(9)))]).await.unwrap();
    seal_all(bed).await;
}

/// A history that goes on from an old copy is another one, though each is sound in itself.
#[tokio::test]
async fn a_history_that_forked_is_found_out() {
    let mut scene = Crime::scene(300).await;
    let old = scene.file.with_file_name("old.db");
    std::fs::copy(&scene.file, &old).unwrap();
    scene.bed = scene.bed.reopened().await;
    write_history_on(&scene.bed).await;
    let kept = witness(&scene.bed).await;
    scene.bed.records.clone().close().await;

    std::fs::copy(&old, &scene.file).unwrap();
    let forked = scene.bed.reopened().await;
    for n in 0..5 {
        forked.commit(vec![Write::Entry(forked.entry("alt_3", at(n)))]).await.unwrap();
        seal_all(&forked).await;
    }
    let found = audit(&forked.location, &[kept]).await.unwrap();
    let faults: Vec<Fault> = found.violations.iter().map(|violation| violation.fault).collect();
    assert_eq!(faults, [Fault::Rewritten]);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a campaign measures real time")]
#[expect(clippy::print_stdout, reason = "a campaign reports on standard output")]
async fn how_long_a_long_history_takes_to_audit_is_told() {
    let rows = campaign::amount(2_000, 1_000_000);
    let bed = Bed::sqlite().await;
    write_history(&bed, rows).await;
    seal_all(&bed).await;
    let kept = witness(&bed).await;
    let start = std::time::Instant::now();
    let found = clean(&bed, &[kept]).await;
    println!("{} rows audited in {:.2?}", found.sealed, start.elapsed());
    assert_eq!(found.sealed, rows as u64);
}
