//! Those who send signed webhooks, and which of their messages were taken; and what alerts and
//! decisions are found by, which stands in their blobs, too, from which rows of before are filled
//! in when the records are opened.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary_null, boolean_null, text, text_null, uuid,
};

use super::{index, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_webhooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("alert", text_null("by_severity")),
            ("decision", text_null("by_verdict")),
            ("decision", boolean_null("by_enforced")),
        ];
        for (table, mut column) in columns {
            let add = Table::alter().table(table).add_column(&mut column).to_owned();
            manager.alter_table(add).await?;
        }
        for table in [webhook(), webhook_message()] {
            manager.create_table(table).await?;
        }
        let columns = ["scope", "taken_at"];
        manager.create_index(index("webhook_message_taken", "webhook_message", &columns)).await?;
        let columns = ["scope", "by_verdict", "decided_at", "id"];
        manager.create_index(index("decision_verdict", "decision", &columns)).await?;
        let columns = ["scope", "by_severity", "opened_at", "id"];
        manager.create_index(index("alert_severity", "alert", &columns)).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn webhook() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        uuid("id"),
        text("name"),
        text_null("team"),
        text("scopes"),
        big_integer("generation"),
        big_integer_null("former_until"),
        big_integer("created_at"),
        big_integer_null("expires_at"),
        big_integer_null("revoked_at"),
        big_integer("sum"),
    ];
    table("webhook", &["scope", "id"], columns)
}

fn webhook_message() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        uuid("webhook"),
        text("message"),
        big_integer("taken_at"),
        big_integer_null("status"),
        binary_null("answer"),
        big_integer("sum"),
    ];
    table("webhook_message", &["scope", "webhook", "message"], columns)
}
