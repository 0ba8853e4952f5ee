//! Seals, heads, what waits to be sealed, and what people were called. History that was written
//! before is put in the queue, in no order but that of its times.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, binary_null, text, text_null, uuid};
use sea_orm_migration::sea_orm::DbBackend;

use super::{index, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_sealing"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [seal(), head(), unsealed(), identity()] {
            manager.create_table(table).await?;
        }
        let mut sealed_once = index("seal_row", "seal", &["scope", "kind", "key"]);
        manager.create_index(sealed_once.unique().take()).await?;
        let queue = index("unsealed_at", "unsealed", &["scope", "at", "kind", "key"]);
        manager.create_index(queue).await?;
        for statement in queue_history(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn seal() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        big_integer("number"),
        text("kind"),
        text("key"),
        big_integer("at"),
        binary("leaf"),
    ];
    table("seal", &["scope", "number"], columns)
}

fn head() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        big_integer("number"),
        big_integer("size"),
        binary("root"),
        binary("peaks"),
        big_integer("sealed_at"),
        binary("public_key"),
        binary("signature"),
    ];
    table("seal_head", &["scope", "number"], columns)
}

fn unsealed() -> TableCreateStatement {
    let columns = vec![uuid("scope"), text("kind"), text("key"), big_integer("at")];
    table("unsealed", &["scope", "kind", "key"], columns)
}

fn identity() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        uuid("person"),
        big_integer("number"),
        big_integer("at"),
        binary("commitment"),
        binary_null("salt"),
        text_null("name"),
        big_integer("sum"),
    ];
    table("identity", &["scope", "person", "number"], columns)
}

/// Queues what is there: kind, table, key, time. Each database has its own words for the digits of
/// an id.
fn queue_history(backend: DbBackend) -> Vec<String> {
    let digits = |column: &str| {
        if backend == DbBackend::Sqlite {
            format!("lower(hex({column}))")
        } else {
            format!("replace(CAST({column} AS text), '-', '')")
        }
    };
    let (id, notification) = (digits("id"), digits("notification"));
    [
        ("entry", "entry", format!("'ent_' || {id}"), "at"),
        ("decision", "decision", format!("'dec_' || {id}"), "decided_at"),
        ("attempt", "attempt", format!("'ntf_' || {notification} || '/' || number"), "at"),
        ("revision", "revision", format!("'rev_' || {id}"), "at"),
        (
            "document",
            "document_version",
            "kind || '/' || name || '@' || number".into(),
            "changed_at",
        ),
    ]
    .into_iter()
    .map(|(kind, table, key, at)| {
        format!(
            "INSERT INTO unsealed (scope, kind, key, at) \
             SELECT scope, '{kind}', {key}, {at} FROM {table}"
        )
    })
    .collect()
}
