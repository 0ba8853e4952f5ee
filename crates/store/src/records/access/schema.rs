//! The tables of those who send signed webhooks.
#![expect(unreachable_pub, reason = "SeaORM's derive asks for public items")]

/// Who sends signed webhooks. Their secrets are not here: they are made of the installation's key,
/// the id and the generation.
pub(super) mod webhook {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub team: Option<String>,
        pub scopes: String,
        pub generation: i64,
        pub former_until: Option<i64>,
        pub created_at: i64,
        pub expires_at: Option<i64>,
        pub revoked_at: Option<i64>,
        pub sum: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which messages were taken, and how they were answered; `status` and `answer` are null while one
/// is worked on.
pub(super) mod webhook_message {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_message")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub webhook: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub message: String,
        pub taken_at: i64,
        pub status: Option<i64>,
        pub answer: Option<Vec<u8>>,
        pub sum: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
