//! Alerts: each under its version, and the newest of each SLO and kind at hand.

use plimsoll_domain::alert::{Alert, Kind, Phase};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::AlertId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::effects::{CommitError, insert};
use super::page::{self, Position};
use super::schema::alert::{ActiveModel, Column, Entity, Model};
use super::{Error, Listing, PageRequest, Records, Scope, Versioned, blob, micros};

/// Which alerts to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Those of this service.
    pub service: Option<Name>,
    /// Those of this SLO.
    pub slo: Option<Name>,
    /// Those that stand so.
    pub phase: Option<Phase>,
}

impl Records {
    /// The newest alert of each SLO and kind.
    pub async fn latest_alerts(&self, scope: Scope) -> Result<Vec<Versioned<Alert>>, Error> {
        let rows = Entity::find()
            .filter(Column::Scope.eq(scope.key()))
            .filter(Column::Newest.eq(true))
            .order_by_asc(Column::Slo)
            .order_by_asc(Column::Kind)
            .all(&self.reads)
            .await?;
        rows.iter().map(read_versioned).collect()
    }

    /// An alert by its id.
    pub async fn alert(
        &self,
        scope: Scope,
        id: AlertId,
    ) -> Result<Option<Versioned<Alert>>, Error> {
        let row = Entity::find_by_id((scope.key(), id.uuid())).one(&self.reads).await?;
        row.as_ref().map(read_versioned).transpose()
    }

    /// Alerts, the last opened first.
    pub async fn alerts(
        &self,
        scope: Scope,
        filter: &AlertFilter,
        page: &PageRequest,
    ) -> Result<Listing<Alert>, Error> {
        let mut select = Entity::find().filter(Column::Scope.eq(scope.key()));
        if let Some(service) = &filter.service {
            select = select.filter(Column::Service.eq(service.as_str()));
        }
        if let Some(slo) = &filter.slo {
            select = select.filter(Column::Slo.eq(slo.as_str()));
        }
        if let Some(phase) = filter.phase {
            select = select.filter(Column::Phase.eq(phase_word(phase)));
        }
        let key = (Column::OpenedAt, Column::Id);
        let position = |row: &Model| Position { at: row.opened_at, id: row.id };
        let listing = page::newest_first(&self.reads, select, key, position, page).await?;
        listing.try_map(|row| read(&row))
    }
}

pub(super) async fn check(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: AlertId,
    version: u64,
) -> Result<(), CommitError> {
    let row = Entity::find_by_id((scope.key(), id.uuid())).lock_shared().one(tx).await?;
    if row.is_some_and(|row| micros::count(row.version) == version) {
        Ok(())
    } else {
        Err(CommitError::conflict(id))
    }
}

pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: Option<u64>,
    alert: &Alert,
) -> Result<(), CommitError> {
    match expected {
        None => open(tx, scope, alert).await,
        Some(version) => update(tx, scope, version.cast_signed(), alert).await,
    }
}

/// Stores a new alert; it becomes the newest of its SLO and kind unless a later one is there.
async fn open(tx: &DatabaseTransaction, scope: Scope, alert: &Alert) -> Result<(), CommitError> {
    let opened_at = micros::of(alert.opened_at);
    let same_subject = Condition::all()
        .add(Column::Scope.eq(scope.key()))
        .add(Column::Newest.eq(true))
        .add(Column::Slo.eq(alert.slo.as_str()))
        .add(Column::Kind.eq(kind_word(alert.kind)));
    Entity::update_many()
        .set(ActiveModel { newest: Set(false), ..Default::default() })
        .filter(same_subject.clone())
        .filter(Column::OpenedAt.lte(opened_at))
        .exec(tx)
        .await?;
    let later = Entity::find().filter(same_subject).one(tx).await?;
    let row = Model {
        scope: scope.key(),
        id: alert.id.uuid(),
        version: 1,
        slo: alert.slo.to_string(),
        kind: kind_word(alert.kind).to_owned(),
        service: alert.service.to_string(),
        phase: phase_word(alert.phase).to_owned(),
        opened_at,
        newest: later.is_none(),
        body: blob::encode(alert),
    };
    insert(tx, row, alert.id).await
}

async fn update(
    tx: &DatabaseTransaction,
    scope: Scope,
    version: i64,
    alert: &Alert,
) -> Result<(), CommitError> {
    let row = ActiveModel {
        version: Set(version + 1),
        service: Set(alert.service.to_string()),
        phase: Set(phase_word(alert.phase).to_owned()),
        body: Set(blob::encode(alert)),
        ..Default::default()
    };
    let update = Entity::update_many()
        .set(row)
        .filter(Column::Scope.eq(scope.key()))
        .filter(Column::Id.eq(alert.id.uuid()))
        .filter(Column::Version.eq(version));
    match update.exec(tx).await?.rows_affected {
        1 => Ok(()),
        _ => Err(CommitError::conflict(alert.id)),
    }
}

fn read(row: &Model) -> Result<Alert, Error> {
    blob::decode("alert", &row.body)
}

fn read_versioned(row: &Model) -> Result<Versioned<Alert>, Error> {
    Ok(Versioned { value: read(row)?, version: micros::count(row.version) })
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Burn => "burn",
        Kind::NoData => "no_data",
    }
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Firing => "firing",
        Phase::Closed => "closed",
    }
}
