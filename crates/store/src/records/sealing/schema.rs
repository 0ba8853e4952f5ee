//! The tables of sealing as rows.
#![expect(unreachable_pub, reason = "SeaORM's derive asks for public items")]

/// Seals: the leaves of the tree, in their order.
pub(super) mod seal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub kind: String,
        pub key: String,
        pub at: i64,
        pub leaf: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Heads, one per batch of seals; `peaks` are digests one after another.
pub(super) mod head {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seal_head")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub size: i64,
        pub root: Vec<u8>,
        pub peaks: Vec<u8>,
        pub sealed_at: i64,
        pub public_key: Vec<u8>,
        pub signature: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows of history that are committed and not sealed yet.
pub(super) mod unsealed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unsealed")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What people were called, and since when; `salt` and `name` go when a person is erased.
pub(super) mod identity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub at: i64,
        pub commitment: Vec<u8>,
        pub salt: Option<Vec<u8>>,
        pub name: Option<String>,
        pub sum: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
