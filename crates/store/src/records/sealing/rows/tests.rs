//! How SQLite finds what a batch names.

use sea_orm::{DbBackend, QueryTrait as _, Statement};

use super::*;
use crate::records::tests::bed::Bed;

/// Of a hundred thousand rows a batch reads its own, and not all of them for each.
#[tokio::test]
async fn rows_are_looked_up_by_the_whole_of_their_keys() {
    let bed = Bed::sqlite().await;
    let keys: Vec<String> = (1..=256).map(|n| format!("SLO/checkout-{n}@1")).collect();
    let asked = select::<document_version::Entity>(bed.scope, &keys).unwrap();
    let Statement { sql, values, .. } = asked.build(DbBackend::Sqlite);
    let explain = format!("EXPLAIN QUERY PLAN {sql}");
    let explain = Statement { sql: explain, values, db_backend: DbBackend::Sqlite };
    let steps = bed.records.reads.query_all_raw(explain).await.unwrap();
    let steps = steps.iter().map(|step| step.try_get::<String>("", "detail").unwrap());
    let looks: Vec<String> = steps.filter(|step| step.contains("document_version")).collect();
    assert_eq!(looks.len(), keys.len(), "{looks:?}");
    let by_key = "(scope=? AND kind=? AND name=? AND number=?)";
    assert!(looks.iter().all(|step| step.ends_with(by_key)), "{looks:?}");
}
