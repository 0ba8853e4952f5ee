//! Every stored blob begins with the tag that says its version. Columns are looked up in the
//! database, so that those of a new table are looked at too, and a table without rows fails.

use std::collections::BTreeSet;

use plimsoll_domain::access::{Permission, Principal, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::Id;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

use super::access::{person, token};
use super::bed::{Bed, at};
use super::scopes::address;
use super::sealing::{one_of_each, seal_all};
use crate::records::{
    Answer, Entry, Membership, Message, PasswordLink, Session, Token, Webhook, Write,
};

/// Columns of bytes that are no blobs, but hashes, keys and signatures, and answers as they were
/// sent.
const BARE: [&str; 10] = [
    "answer",
    "commitment",
    "digest",
    "leaf",
    "peaks",
    "public_key",
    "root",
    "salt",
    "secret_hash",
    "signature",
];

/// A bed with a row in every table, and a value in every column that may hold a blob.
async fn filled() -> Bed {
    let bed = Bed::sqlite().await;
    one_of_each(&bed).await;
    seal_all(&bed).await;
    let (grace, limited) = (person(&bed, "grace"), limited(&bed));
    let team = Name::parse("shop").unwrap();
    let actor = Principal::Person { id: bed.id(), name: "ada".to_owned() };
    let session = Session {
        id: bed.id(),
        person: Id::fresh(1, [1; 10]),
        secret_hash: vec![7; 32],
        created_at: at(0),
        expires_at: at(10),
    };
    let webhook = webhook(&bed);
    let message = Message {
        webhook: webhook.id,
        id: "msg_1".to_owned(),
        digest: Some(vec![7; 32]),
        taken_at: at(0),
        answer: Some(Answer { status: 201, body: b"as it was sent".to_vec() }),
    };
    let lease =
        plimsoll_domain::lease::Lease { holder: Some("a".to_owned()), epoch: 1, renewals: 0 };
    bed.commit(vec![
        Write::Entry(Entry { actor: Some(actor), ..bed.entry("subject", at(0)) }),
        Write::Alert { expected: None, alert: bed.alert("latency", at(0)) },
        Write::Deployment(bed.deployment("checkout", at(0))),
        Write::Token(limited.clone()),
        Write::TokensUsed(vec![(limited.id, at(1))]),
        Write::Person { expected: None, person: grace.clone(), at: at(0), salt: [1; 32] },
        Write::PasswordLink(PasswordLink {
            person: grace.id,
            secret_hash: vec![7; 32],
            created_at: at(0),
            expires_at: at(10),
        }),
        Write::Join(Membership { team, person: grace.id, role: Role::Editor, since: at(0) }),
        Write::Session(session),
        Write::Setting { key: "key".to_owned(), value: Some("value".to_owned()), expected: None },
        Write::Lease { name: "tallies".to_owned(), expected: None, lease },
        Write::LeaseAddress(address()),
        Write::Webhook { expected: None, webhook },
        Write::TakeMessage { expected: None, message: Message { answer: None, ..message.clone() } },
        Write::SettleMessage(message),
    ])
    .await
    .unwrap();
    bed
}

/// A token with every limit there is.
fn limited(bed: &Bed) -> Token {
    Token {
        team: Some(Name::parse("shop").unwrap()),
        scopes: Some(BTreeSet::from([Permission::Read])),
        expires_at: Some(at(9)),
        ..token(bed, Role::Viewer, 0)
    }
}

/// A sender with every limit there is.
fn webhook(bed: &Bed) -> Webhook {
    Webhook {
        id: bed.id(),
        name: "ci".to_owned(),
        team: Some(Name::parse("shop").unwrap()),
        scopes: BTreeSet::from([Permission::RecordDeployment]),
        generation: 1,
        former_until: None,
        created_at: at(0),
        expires_at: Some(at(9)),
        revoked_at: None,
    }
}

async fn rows(db: &DatabaseConnection, sql: String) -> Vec<QueryResult> {
    db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap()
}

/// Table, column and declared type of every column there is.
async fn columns(db: &DatabaseConnection) -> Vec<[String; 3]> {
    let sql = "SELECT m.name AS t, c.name AS c, lower(c.type) AS k FROM sqlite_master m \
               JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let read = |row: &QueryResult| ["t", "c", "k"].map(|name| row.try_get("", name).unwrap());
    rows(db, sql.to_owned()).await.iter().map(read).collect()
}

/// What a column holds that is not null.
async fn values(db: &DatabaseConnection, table: &str, column: &str) -> Vec<Vec<u8>> {
    let sql = format!(
        "SELECT CAST(\"{column}\" AS BLOB) AS v FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
    );
    rows(db, sql).await.iter().map(|row| row.try_get("", "v").unwrap()).collect()
}

fn is_tagged(value: &[u8]) -> bool {
    value.strip_prefix(br#"{"v":"#).is_some_and(|rest| {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        digits > 0 && rest[digits..].starts_with(br#","body":"#)
    })
}

/// Whether it is the text of something that has parts or quotes, which no plain column holds.
fn is_json(value: &[u8]) -> bool {
    use serde_json::Value;
    match serde_json::from_slice(value) {
        Ok(Value::Object(_) | Value::Array(_) | Value::String(_)) => true,
        Ok(Value::Null | Value::Bool(_) | Value::Number(_)) | Err(_) => false,
    }
}

/// What the column holds must be tagged; a plain column of text has nothing that looks like a blob.
fn must_be_tagged(column: &str, kind: &str, values: &[Vec<u8>]) -> bool {
    let is_bytes = !["text", "char", "uuid"].iter().any(|plain| kind.contains(plain));
    let looks_so = values.iter().any(|value| is_tagged(value) || is_json(value));
    looks_so || column == "body" || (is_bytes && !BARE.contains(&column))
}

#[tokio::test]
async fn every_stored_blob_begins_with_its_version() {
    let bed = filled().await;
    let db = &bed.records.writes;
    let mut tagged = BTreeSet::new();
    for [table, column, kind] in columns(db).await {
        if ["int", "bool"].iter().any(|plain| kind.contains(plain)) {
            continue;
        }
        let values = values(db, &table, &column).await;
        let may_be_null = table == "notification" && column == "reason";
        assert!(may_be_null || !values.is_empty(), "nothing is stored in {table}.{column}");
        if must_be_tagged(&column, &kind, &values) {
            for value in &values {
                let text = String::from_utf8_lossy(value);
                assert!(is_tagged(value), "{table}.{column} ({kind}) is not tagged: {text}");
            }
            tagged.insert(format!("{table}.{column}"));
        }
    }
    for known in ["alert.body", "entry.actor", "revision.changed", "attempt.body"] {
        assert!(tagged.contains(known), "{known} is among {tagged:?}");
    }
}
