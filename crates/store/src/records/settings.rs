//! The organisation, and the settings that the program keeps for itself.

use plimsoll_domain::id::OrgId;
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::effects::{CommitError, insert_new};
use super::schema::{organisation, setting};
use super::{Error, Records, Scope, micros, open};

const ONLY_SLOT: i32 = 1;

impl Records {
    /// The one organisation's scope. On first use it is created with the id `fresh`.
    pub async fn organisation(&self, fresh: OrgId, now: Timestamp) -> Result<Scope, Error> {
        let row =
            organisation::Model { slot: ONLY_SLOT, id: fresh.uuid(), created_at: micros::of(now) };
        let tx = open::begin_write(&self.writes).await?;
        insert_new(&tx, row).await?;
        let kept = organisation::Entity::find_by_id(ONLY_SLOT).one(&tx).await?;
        tx.commit().await?;
        let id = kept.ok_or(Error::Corrupt {
            what: "organisation",
            why: "it is gone right after it was stored".to_owned(),
        })?;
        Ok(Scope(OrgId::from_uuid(id.id)))
    }

    /// The value of a setting, if it has one.
    pub async fn setting(&self, scope: Scope, key: &str) -> Result<Option<String>, Error> {
        let row = setting::Entity::find_by_id((scope.key(), key.to_owned()));
        Ok(row.one(&self.reads).await?.map(|row| row.value))
    }
}

pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    key: &str,
    value: Option<&str>,
    expected: Option<&Option<String>>,
) -> Result<(), CommitError> {
    let held = match (expected, value) {
        (None, Some(value)) => {
            upsert(tx, scope, key, value).await?;
            true
        }
        (None, None) => {
            setting::Entity::delete_by_id((scope.key(), key.to_owned())).exec(tx).await?;
            true
        }
        (Some(None), Some(value)) => insert_new(tx, row(scope, key, value)).await?,
        (Some(None), None) => {
            setting::Entity::find_by_id((scope.key(), key.to_owned())).one(tx).await?.is_none()
        }
        (Some(Some(old)), value) => replace(tx, scope, key, old, value).await?,
    };
    if held { Ok(()) } else { Err(CommitError::conflict(format_args!("the setting `{key}`"))) }
}

fn row(scope: Scope, key: &str, value: &str) -> setting::Model {
    setting::Model { scope: scope.key(), key: key.to_owned(), value: value.to_owned() }
}

async fn upsert(
    tx: &DatabaseTransaction,
    scope: Scope,
    key: &str,
    value: &str,
) -> Result<(), CommitError> {
    let taken = OnConflict::columns([setting::Column::Scope, setting::Column::Key])
        .update_column(setting::Column::Value)
        .to_owned();
    setting::Entity::insert(row(scope, key, value).into_active_model())
        .on_conflict(taken)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Changes or removes a setting if it still has the value `old`; says whether it did.
async fn replace(
    tx: &DatabaseTransaction,
    scope: Scope,
    key: &str,
    old: &str,
    value: Option<&str>,
) -> Result<bool, CommitError> {
    let unchanged = Condition::all()
        .add(setting::Column::Scope.eq(scope.key()))
        .add(setting::Column::Key.eq(key))
        .add(setting::Column::Value.eq(old));
    let rows = match value {
        Some(value) => {
            let new = setting::ActiveModel { value: Set(value.to_owned()), ..Default::default() };
            setting::Entity::update_many().set(new).filter(unchanged).exec(tx).await?.rows_affected
        }
        None => setting::Entity::delete_many().filter(unchanged).exec(tx).await?.rows_affected,
    };
    Ok(rows == 1)
}
