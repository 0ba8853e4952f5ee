//! Teams' members, limits and last uses of tokens, links that set a password, and a way through
//! history by time alone: what somebody did, whatever it was about.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, text, text_null, uuid};

use super::{index, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_access"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text_null("team"), text_null("scopes"), big_integer_null("expires_at")] {
            let add = Table::alter().table("token").add_column(&mut column).to_owned();
            manager.alter_table(add).await?;
        }
        for table in [membership(), password_link(), token_use()] {
            manager.create_table(table).await?;
        }
        let of_person = index("membership_person", "membership", &["scope", "person"]);
        manager.create_index(of_person).await?;
        let of_person = index("session_person", "session", &["scope", "person"]);
        manager.create_index(of_person).await?;
        let mut acted = index("entry_acted", "entry", &["scope", "at", "id"]);
        let somebody = Expr::col("actor").is_not_null();
        manager.create_index(acted.and_where(somebody).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn membership() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        text("team"),
        uuid("person"),
        text("role"),
        big_integer("since"),
        big_integer("sum"),
    ];
    table("membership", &["scope", "team", "person"], columns)
}

fn password_link() -> TableCreateStatement {
    let columns = vec![
        uuid("scope"),
        uuid("person"),
        binary("secret_hash"),
        big_integer("created_at"),
        big_integer("expires_at"),
        big_integer("sum"),
    ];
    table("password_link", &["scope", "person"], columns)
}

fn token_use() -> TableCreateStatement {
    let columns = vec![uuid("scope"), uuid("token"), big_integer("used_at"), big_integer("sum")];
    table("token_use", &["scope", "token"], columns)
}
