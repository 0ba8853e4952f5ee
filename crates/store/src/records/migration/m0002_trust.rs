//! A checksum in every row, leases, deleted documents, one newest alert for each SLO and kind, and
//! the number of the oldest program that may work on the database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, text, text_null, uuid};

use super::{index, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_trust"
    }
}

/// The tables of before, all of which get a checksum. Zero says that a row has none yet.
const TABLES: [&str; 15] = [
    "organisation",
    "setting",
    "definitions_head",
    "document",
    "document_version",
    "revision",
    "alert",
    "entry",
    "notification",
    "attempt",
    "deployment",
    "decision",
    "token",
    "person",
    "session",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            add(manager, table, big_integer("sum").default(0).take()).await?;
        }
        add(manager, "document_version", boolean("deleted").default(false).take()).await?;
        manager.create_table(lease()).await?;
        manager.create_table(compatibility()).await?;
        manager.create_index(one_newest_alert()).await?;
        let by_end = index("session_expires", "session", &["scope", "expires_at"]);
        manager.create_index(by_end).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(&mut column).to_owned()).await
}

fn lease() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        text("name"),
        text_null("holder"),
        big_integer("epoch"),
        big_integer("renewals"),
        big_integer("sum"),
    ];
    table("lease", &["scope", "name"], columns)
}

fn compatibility() -> TableCreateStatement {
    table("compatibility", &["slot"], vec![integer("slot"), big_integer("oldest")])
}

/// Of two who open an alert of the same SLO and kind, the second is refused by the database.
fn one_newest_alert() -> IndexCreateStatement {
    let mut newest = index("alert_one_newest", "alert", &["scope", "slo", "kind"]);
    newest.unique().and_where(Expr::col("newest").eq(true)).take()
}
