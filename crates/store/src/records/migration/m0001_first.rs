//! The first tables. Times are microseconds since the Unix epoch; `body`, `changed` and `actor`
//! hold versioned JSON.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, integer, text, text_null, uuid,
};

use super::{index, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_first"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [organisation(), setting()]
            .into_iter()
            .chain(definitions())
            .chain(alerts())
            .chain(outbox())
            .chain(releases())
            .chain(access())
        {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in INDICES {
            manager.create_index(index(name, table, columns)).await?;
        }
        manager
            .create_index(index("person_name", "person", &["scope", "name"]).unique().take())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Name, table, columns: one for each way the tables are searched.
const INDICES: &[(&str, &str, &[&str])] = &[
    ("revision_number", "revision", &["scope", "number", "id"]),
    ("alert_newest", "alert", &["scope", "newest", "slo", "kind"]),
    ("alert_opened", "alert", &["scope", "opened_at", "id"]),
    ("alert_slo_opened", "alert", &["scope", "slo", "opened_at", "id"]),
    ("alert_service_opened", "alert", &["scope", "service", "opened_at", "id"]),
    ("alert_phase_opened", "alert", &["scope", "phase", "opened_at", "id"]),
    ("entry_subject", "entry", &["scope", "subject", "at", "id"]),
    ("notification_due", "notification", &["scope", "state", "wake_at"]),
    ("notification_created", "notification", &["scope", "created_at", "id"]),
    ("notification_alert", "notification", &["scope", "alert", "created_at", "id"]),
    ("deployment_at", "deployment", &["scope", "deployed_at", "id"]),
    ("deployment_service", "deployment", &["scope", "service", "deployed_at", "id"]),
    ("decision_at", "decision", &["scope", "decided_at", "id"]),
    ("decision_service", "decision", &["scope", "service", "decided_at", "id"]),
];

fn organisation() -> TableCreateStatement {
    table("organisation", &["slot"], vec![integer("slot"), uuid("id"), big_integer("created_at")])
}

fn setting() -> TableCreateStatement {
    table("setting", &["scope", "key"], vec![uuid("scope"), text("key"), text("value")])
}

fn definitions() -> [TableCreateStatement; 4] {
    let document = || {
        vec![
            uuid("scope"),
            text("kind"),
            text("name"),
            text("api_version"),
            text("yaml"),
            big_integer("changed_at"),
            text("changed_by"),
        ]
    };
    let mut version = document();
    version.push(big_integer("number"));
    let revision = vec![
        uuid("scope"),
        uuid("id"),
        big_integer("number"),
        big_integer("at"),
        text("by"),
        text("changed"),
    ];
    [
        table("definitions_head", &["scope"], vec![uuid("scope"), big_integer("number")]),
        table("document", &["scope", "kind", "name"], document()),
        table("document_version", &["scope", "kind", "name", "number"], version),
        table("revision", &["scope", "id"], revision),
    ]
}

fn alerts() -> [TableCreateStatement; 2] {
    let alert = vec![
        uuid("scope"),
        uuid("id"),
        big_integer("version"),
        text("slo"),
        text("kind"),
        text("service"),
        text("phase"),
        big_integer("opened_at"),
        boolean("newest"),
        text("body"),
    ];
    let entry = vec![
        uuid("scope"),
        uuid("id"),
        text("subject"),
        big_integer("at"),
        text("event"),
        text("message"),
        text_null("actor"),
    ];
    [table("alert", &["scope", "id"], alert), table("entry", &["scope", "id"], entry)]
}

fn outbox() -> [TableCreateStatement; 2] {
    let notification = vec![
        uuid("scope"),
        uuid("id"),
        uuid("alert"),
        big_integer("created_at"),
        text("state"),
        text_null("reason"),
        big_integer_null("wake_at"),
        big_integer("attempts"),
        big_integer("epoch"),
        text("body"),
    ];
    let attempt = vec![
        uuid("scope"),
        uuid("notification"),
        big_integer("number"),
        big_integer("at"),
        text("body"),
    ];
    [
        table("notification", &["scope", "id"], notification),
        table("attempt", &["scope", "notification", "number"], attempt),
    ]
}

fn releases() -> [TableCreateStatement; 2] {
    let release = |at: &'static str| {
        vec![
            uuid("scope"),
            uuid("id"),
            text("service"),
            text("environment"),
            big_integer(at),
            text("body"),
        ]
    };
    [
        table("deployment", &["scope", "id"], release("deployed_at")),
        table("decision", &["scope", "id"], release("decided_at")),
    ]
}

fn access() -> [TableCreateStatement; 3] {
    let token = vec![
        uuid("scope"),
        uuid("id"),
        text("name"),
        text("role"),
        binary("secret_hash"),
        big_integer("created_at"),
        big_integer_null("revoked_at"),
    ];
    let person = vec![
        uuid("scope"),
        uuid("id"),
        big_integer("version"),
        text("name"),
        text("role"),
        text("password_hash"),
        big_integer("created_at"),
    ];
    let session = vec![
        uuid("scope"),
        uuid("id"),
        uuid("person"),
        binary("secret_hash"),
        big_integer("created_at"),
        big_integer("expires_at"),
    ];
    [
        table("token", &["scope", "id"], token),
        table("person", &["scope", "id"], person),
        table("session", &["scope", "id"], session),
    ]
}
