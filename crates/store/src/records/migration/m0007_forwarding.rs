//! Where the holder of a lease is reached, and what a webhook's message said. Both stand beside the
//! rows they belong to: a column there would be part of those rows' checksums, which the version
//! before this one reckons without it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, text, uuid};

use super::table;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_forwarding"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [lease_address(), webhook_digest()] {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn lease_address() -> TableCreateStatement {
    let columns =
        vec![uuid("scope"), text("name"), text("holder"), text("url"), big_integer("sum")];
    table("lease_address", &["scope", "name"], columns)
}

fn webhook_digest() -> TableCreateStatement {
    let columns =
        vec![uuid("scope"), uuid("webhook"), text("message"), binary("digest"), big_integer("sum")];
    table("webhook_digest", &["scope", "webhook", "message"], columns)
}
