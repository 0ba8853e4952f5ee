//! The organisation, and the settings that the program keeps for itself.

use plimsoll_domain::id::OrgId;
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Select};

use super::effects::CommitError;
use super::schema::{organisation, setting};
use super::{Error, Records, Scope, micros, open, rows};

const ONLY_SLOT: i32 = 1;

impl Records {
    /// The one organisation's scope. On first use it is created with the id `fresh`.
    pub async fn organisation(&self, fresh: OrgId, now: Timestamp) -> Result<Scope, Error> {
        let row = organisation::Model {
            slot: ONLY_SLOT,
            id: fresh.uuid(),
            created_at: micros::of(now),
            sum: 0,
        };
        let tx = open::begin_write(&self.writes).await?;
        rows::insert_new(&tx, row).await?;
        let kept = rows::one(&tx, organisation::Entity::find_by_id(ONLY_SLOT)).await?;
        self.writer.commit(tx).await?;
        let id = kept.ok_or(Error::Corrupt {
            what: "organisation",
            why: "it is gone right after it was stored".to_owned(),
        })?;
        Ok(Scope(OrgId::from_uuid(id.id)))
    }

    /// The value of a setting, if it has one.
    pub async fn setting(&self, scope: Scope, key: &str) -> Result<Option<String>, Error> {
        Ok(rows::one(&self.reads, find(scope, key)).await?.map(|row| row.value))
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
            remove(tx, scope, key).await?;
            true
        }
        (Some(None), Some(value)) => rows::insert_new(tx, row(scope, key, value)).await?,
        (Some(None), None) => rows::one(tx, find(scope, key)).await?.is_none(),
        (Some(Some(old)), value) => replace(tx, scope, key, old, value).await?,
    };
    if held { Ok(()) } else { Err(CommitError::conflict(format_args!("the setting `{key}`"))) }
}

fn row(scope: Scope, key: &str, value: &str) -> setting::Model {
    setting::Model { scope: scope.key(), key: key.to_owned(), value: value.to_owned(), sum: 0 }
}

fn find(scope: Scope, key: &str) -> Select<setting::Entity> {
    setting::Entity::find_by_id((scope.key(), key.to_owned()))
}

async fn upsert(
    tx: &DatabaseTransaction,
    scope: Scope,
    key: &str,
    value: &str,
) -> Result<(), CommitError> {
    let taken = OnConflict::columns([setting::Column::Scope, setting::Column::Key])
        .update_columns([setting::Column::Value, setting::Column::Sum])
        .to_owned();
    setting::Entity::insert(rows::summed(row(scope, key, value)).into_active_model())
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
    let kept = rows::one_locked(tx, find(scope, key)).await?;
    if kept.is_none_or(|kept| kept.value != old) {
        return Ok(false);
    }
    match value {
        Some(value) => rows::replace(tx, row(scope, key, value)).await?,
        None => remove(tx, scope, key).await?,
    }
    Ok(true)
}

async fn remove(tx: &DatabaseTransaction, scope: Scope, key: &str) -> Result<(), DbErr> {
    setting::Entity::delete_by_id((scope.key(), key.to_owned())).exec(tx).await?;
    Ok(())
}
