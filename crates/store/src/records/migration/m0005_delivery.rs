//! What notifications are found by: their receiver and channel. Both stand in the blob, too, from
//! which rows of before are filled in when the records are opened.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_delivery"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["by_receiver", "by_channel"] {
            let mut column = text_null(column);
            let add = Table::alter().table("notification").add_column(&mut column).to_owned();
            manager.alter_table(add).await?;
        }
        let columns = ["scope", "by_receiver", "by_channel", "created_at", "id"];
        manager.create_index(index("notification_receiver", "notification", &columns)).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
