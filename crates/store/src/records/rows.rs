//! Rows as they are stored: each with a checksum over its key and all its columns.
//!
//! Invariant: a row that is read is the row that was written, or an error. What is loaded goes
//! through [`one`] and [`all`], what is written through [`insert_new`], [`insert`] and [`replace`];
//! an update therefore reads its row first, and locks it.
//!
//! A sum is the CRC-32C (Castagnoli; RFC 3720, appendix B.4) of the table's name, and of the name
//! and value of each column that is not null. So a column that comes with a later migration may
//! hold null in older rows without making them doubtful. A column that a row is only found by
//! repeats what its blob says, has a name that begins with `by_`, and is no part of the sum: so the
//! version before, which does not know it, finds the rows sound, and what it writes is sound here.

use sea_orm::sea_query::{OnConflict, Value};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityName,
    EntityTrait, IdenStatic, Insert, IntoActiveModel, Iterable, ModelTrait, QuerySelect, Select,
};

use super::Error;
use super::effects::CommitError;

/// The column that holds the sum.
const SUM: &str = "sum";

/// What columns begin with that a row is only found by.
const FOUND_BY: &str = "by_";

/// The one row that a select finds, if any.
pub(super) async fn one<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
) -> Result<Option<E::Model>, Error> {
    select.one(db).await?.map(verified).transpose()
}

/// The same, kept as it is until the transaction ends.
pub(super) async fn one_locked<E: EntityTrait>(
    tx: &DatabaseTransaction,
    select: Select<E>,
) -> Result<Option<E::Model>, Error> {
    one(tx, select.lock_exclusive()).await
}

/// Every row that a select finds.
pub(super) async fn all<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
) -> Result<Vec<E::Model>, Error> {
    each(db, select).await?.into_iter().collect()
}

/// Every row that a select finds, each by itself.
pub(super) async fn each<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
) -> Result<Vec<Result<E::Model, Error>>, Error> {
    Ok(select.all(db).await?.into_iter().map(verified).collect())
}

/// The row, if it is as it was written.
pub(super) fn verified<M: ModelTrait>(row: M) -> Result<M, Error> {
    if row.get(sum_column::<M>()) == Value::BigInt(Some(sum_of(&row))) {
        return Ok(row);
    }
    let why = "it is not as it was written: its checksum differs".to_owned();
    Err(Error::Corrupt { what: table::<M>(), why })
}

/// The row with its sum. Its texts are without the character NUL, which Postgres has no place for:
/// the one that stands for what cannot be shown is there instead.
pub(super) fn summed<M: ModelTrait>(mut row: M) -> M {
    for column in <M::Entity as EntityTrait>::Column::iter() {
        if let Value::String(Some(text)) = row.get(column)
            && text.contains('\0')
        {
            row.set(column, text.replace('\0', "\u{fffd}").into());
        }
    }
    let sum = Value::BigInt(Some(sum_of(&row)));
    row.set(sum_column::<M>(), sum);
    row
}

/// Inserts a row unless one of its unique keys is taken; says whether it did.
pub(super) async fn insert_new<M, A>(tx: &DatabaseTransaction, row: M) -> Result<bool, DbErr>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let insert = Insert::one(summed(row).into_active_model());
    let insert = insert.on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx).await? == 1)
}

/// Inserts a row whose keys must be free; `what` names it in the conflict.
pub(super) async fn insert<M, A>(
    tx: &DatabaseTransaction,
    row: M,
    what: impl std::fmt::Display,
) -> Result<(), CommitError>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    if insert_new(tx, row).await? { Ok(()) } else { Err(CommitError::conflict(what)) }
}

/// Writes a row over the one of the same key, which the transaction has read and locked.
pub(super) async fn replace<M, A>(tx: &DatabaseTransaction, row: M) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
{
    summed(row).into_active_model().reset_all().update_without_returning(tx).await?;
    Ok(())
}

/// The column that holds the sum of a table's rows.
pub(super) fn sum_column<M: ModelTrait>() -> <M::Entity as EntityTrait>::Column {
    let mut columns = <M::Entity as EntityTrait>::Column::iter();
    columns.find(|column| column.as_str() == SUM).expect("every table of records has a sum")
}

fn table<M: ModelTrait>() -> &'static str {
    <M::Entity as EntityName>::table_name(&<M::Entity as Default>::default())
}

fn sum_of<M: ModelTrait>(row: &M) -> i64 {
    let mut sum = crc32c::crc32c(table::<M>().as_bytes());
    for column in <M::Entity as EntityTrait>::Column::iter() {
        if column.as_str() != SUM
            && !column.as_str().starts_with(FOUND_BY)
            && let Some(bytes) = bytes(row.get(column))
        {
            sum = crc32c::crc32c_append(sum, column.as_str().as_bytes());
            sum = crc32c::crc32c_append(sum, &(bytes.len() as u64).to_le_bytes());
            sum = crc32c::crc32c_append(sum, &bytes);
        }
    }
    i64::from(sum)
}

/// A value as the same bytes on every database; none when it is null.
#[expect(clippy::wildcard_enum_match_arm, reason = "the tables hold these kinds of values alone")]
fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Bool(flag) => flag.map(|flag| vec![u8::from(flag)]),
        Value::Int(number) => number.map(|number| number.to_le_bytes().to_vec()),
        Value::BigInt(number) => number.map(|number| number.to_le_bytes().to_vec()),
        Value::String(text) => text.map(String::into_bytes),
        Value::Bytes(bytes) => bytes,
        Value::Uuid(id) => id.map(|id| id.as_bytes().to_vec()),
        other => unreachable!("no table holds {other:?}"),
    }
}
