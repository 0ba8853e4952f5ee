//! Alerts: each under its version, and the newest of each SLO and kind at hand.

use plimsoll_domain::alert::{Alert, Kind, Phase};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::AlertId;
use plimsoll_domain::slo::burn::Severity;
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::effects::CommitError;
use super::page::{self, Position};
use super::schema::alert::{Column, Entity, Model};
use super::{Error, Listing, PageRequest, Records, Scope, Versioned, blob, micros, open, rows};

/// Which alerts to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Those of this service.
    pub service: Option<Name>,
    /// Those of this SLO.
    pub slo: Option<Name>,
    /// Those about this.
    pub kind: Option<Kind>,
    /// Those that opened before then.
    pub opened_before: Option<Timestamp>,
    /// Those that stand so.
    pub phase: Option<Phase>,
    /// Those that ask that much of people.
    pub severity: Option<Severity>,
}

impl Records {
    /// The newest alert of each SLO and kind, or why it cannot be read: one that is damaged hides
    /// no other.
    pub async fn latest_alerts(
        &self,
        scope: Scope,
    ) -> Result<Vec<Result<Versioned<Alert>, Error>>, Error> {
        let rows = rows::each(&self.reads, newest(scope)).await?;
        Ok(rows.into_iter().map(|row| read_versioned(&row?)).collect())
    }

    /// The same of these SLOs.
    pub async fn latest_alerts_of_slos(
        &self,
        scope: Scope,
        slos: &[Name],
    ) -> Result<Vec<Result<Versioned<Alert>, Error>>, Error> {
        let these = Column::Slo.is_in(slos.iter().map(Name::as_str));
        let rows = rows::each(&self.reads, newest(scope).filter(these)).await?;
        Ok(rows.into_iter().map(|row| read_versioned(&row?)).collect())
    }

    /// The newest alert of each kind and each SLO of a service.
    pub async fn latest_alerts_of(
        &self,
        scope: Scope,
        service: &Name,
    ) -> Result<Vec<Alert>, Error> {
        let select = newest(scope).filter(Column::Service.eq(service.as_str()));
        rows::all(&self.reads, select).await?.iter().map(read).collect()
    }

    /// An alert by its id.
    pub async fn alert(
        &self,
        scope: Scope,
        id: AlertId,
    ) -> Result<Option<Versioned<Alert>>, Error> {
        let select = Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.as_ref().map(read_versioned).transpose()
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
        if let Some(kind) = filter.kind {
            select = select.filter(Column::Kind.eq(kind.as_str()));
        }
        if let Some(before) = filter.opened_before {
            select = select.filter(Column::OpenedAt.lt(micros::of(before)));
        }
        if let Some(phase) = filter.phase {
            select = select.filter(Column::Phase.eq(phase_word(phase)));
        }
        if let Some(severity) = filter.severity {
            select = select.filter(Column::BySeverity.eq(severity.as_str()));
        }
        let key = (Column::OpenedAt, Column::Id);
        let position = |row: &Model| Position { at: row.opened_at, id: row.id };
        let listing = page::newest_first(&self.reads, select, key, position, page).await?;
        listing.try_map(|row| read(&row))
    }
}

/// How many rows are filled in at once, so that nothing waits for many.
const FILLED_AT_ONCE: u64 = 500;

/// Fills in what rows are found by that have nothing there, or, being the newest and so those that
/// change, may have been changed by a program that knows no such column.
pub(super) async fn fill_in(db: &DatabaseConnection) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let tx = open::begin_write(db).await?;
        let rows: Vec<(Uuid, Uuid, String, Option<String>)> = Entity::find()
            .select_only()
            .columns([Column::Scope, Column::Id, Column::Body, Column::BySeverity])
            .filter(Condition::any().add(Column::BySeverity.is_null()).add(Column::Newest.eq(true)))
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(FILLED_AT_ONCE)
            .into_tuple()
            .all(&tx)
            .await?;
        let Some((_, last, _, _)) = rows.last() else { return Ok(tx.commit().await?) };
        after = *last;
        for (scope, id, body, found_by) in rows {
            // One that is damaged is told when it is read.
            let Ok(alert) = blob::decode::<Alert>("alert", &body) else { continue };
            let severity = alert.severity.as_str();
            if found_by.as_deref() != Some(severity) {
                Entity::update_many()
                    .col_expr(Column::BySeverity, Expr::val(severity))
                    .filter(Column::Scope.eq(scope))
                    .filter(Column::Id.eq(id))
                    .exec(&tx)
                    .await?;
            }
        }
        tx.commit().await?;
    }
}

fn newest(scope: Scope) -> Select<Entity> {
    Entity::find()
        .filter(Column::Scope.eq(scope.key()))
        .filter(Column::Newest.eq(true))
        .order_by_asc(Column::Slo)
        .order_by_asc(Column::Kind)
}

pub(super) async fn check(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: AlertId,
    version: u64,
) -> Result<(), CommitError> {
    let select = Entity::find_by_id((scope.key(), id.uuid())).lock_shared();
    let row = rows::one(tx, select).await?;
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
        Some(version) => update(tx, scope, version, alert).await,
    }
}

/// Stores a new alert as the newest of its SLO and kind. It conflicts unless the one before it has
/// ended and has a smaller ordinal: of two who open an alert, the second loads it.
async fn open(tx: &DatabaseTransaction, scope: Scope, alert: &Alert) -> Result<(), CommitError> {
    let newest = Entity::find()
        .filter(Column::Scope.eq(scope.key()))
        .filter(Column::Newest.eq(true))
        .filter(Column::Slo.eq(alert.slo.as_str()))
        .filter(Column::Kind.eq(alert.kind.as_str()));
    if let Some(row) = rows::one_locked(tx, newest).await? {
        let last = read(&row)?;
        if last.phase == Phase::Firing || last.ordinal >= alert.ordinal {
            return Err(CommitError::conflict(last.id));
        }
        rows::replace(tx, Model { newest: false, ..row }).await?;
    }
    rows::insert(tx, row(scope, 1, alert, true), alert.id).await
}

/// Writes the next version of an alert. One that is no longer the newest is never opened again.
async fn update(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: u64,
    alert: &Alert,
) -> Result<(), CommitError> {
    let kept = rows::one_locked(tx, Entity::find_by_id((scope.key(), alert.id.uuid()))).await?;
    let kept = kept.filter(|kept| micros::count(kept.version) == expected);
    match kept {
        Some(kept) if kept.newest || alert.phase != Phase::Firing => {
            let next = row(scope, kept.version + 1, alert, kept.newest);
            Ok(rows::replace(tx, next).await?)
        }
        Some(_) | None => Err(CommitError::conflict(alert.id)),
    }
}

fn row(scope: Scope, version: i64, alert: &Alert, newest: bool) -> Model {
    Model {
        scope: scope.key(),
        id: alert.id.uuid(),
        version,
        slo: alert.slo.to_string(),
        kind: alert.kind.as_str().to_owned(),
        service: alert.service.to_string(),
        phase: phase_word(alert.phase).to_owned(),
        opened_at: micros::of(alert.opened_at),
        newest,
        body: blob::encode(alert),
        by_severity: Some(alert.severity.as_str().to_owned()),
        sum: 0,
    }
}

fn read(row: &Model) -> Result<Alert, Error> {
    blob::decode("alert", &row.body)
}

fn read_versioned(row: &Model) -> Result<Versioned<Alert>, Error> {
    Ok(Versioned { value: read(row)?, version: micros::count(row.version) })
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Firing => "firing",
        Phase::Closed => "closed",
    }
}
