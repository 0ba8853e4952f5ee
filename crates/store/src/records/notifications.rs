//! The outbox: what is owed to receivers, who tries it now, and what became of each attempt.
//!
//! Invariants: owed = accepted + undeliverable + pending. A claim holds until its lease ends, since
//! it moves `wake_at` there; each claim has its own epoch, and an attempt is recorded only under
//! the epoch it was claimed with, once. A clock that was ahead keeps nothing waiting once it is put
//! right: what would be due later than any wait lasts is due now.

use std::collections::BTreeMap;

use plimsoll_domain::id::{AlertId, NotificationId};
use plimsoll_domain::notify::{
    Attempt, BACK_OFF_MAX, CLOCKS_APART_MAX, LEASE_MAX, Next, Notification, Progress,
};
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::effects::CommitError;
use super::page::{self, Position};
use super::schema::attempt;
use super::schema::notification::{Column, Entity, Model};
use super::writer::Job;
use super::{Error, Listing, PageRequest, Records, Scope, blob, micros, open, rows, sealing};

const PENDING: &str = "pending";
const ACCEPTED: &str = "accepted";
const UNDELIVERABLE: &str = "undeliverable";

/// A notification that the caller alone may attempt until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// What to deliver.
    pub notification: Notification,
    /// The number of the attempt about to be made, from 1.
    pub attempt: u32,
    /// What fences the claim: the attempt is recorded under it or not at all.
    pub epoch: u64,
}

/// One line of the delivery log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub at: Timestamp,
    /// What became of it.
    pub attempt: Attempt,
}

/// A notification and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct NotificationRecord {
    /// What is owed.
    pub notification: Notification,
    /// How far it has come.
    pub progress: Progress,
    /// When it is tried next, or its claim lapses; none once it has ended.
    pub next_attempt_at: Option<Timestamp>,
    /// The attempts so far, oldest first.
    pub attempts: Vec<AttemptRecord>,
}

/// The conservation law of notifications, in counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// All that were ever owed.
    pub owed: u64,
    /// Those that a provider took.
    pub accepted: u64,
    /// Those given up.
    pub undeliverable: u64,
    /// Those still to be delivered.
    pub pending: u64,
}

/// Whose due notifications to claim, and until when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    scope: Scope,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
}

/// An attempt that was made.
pub(super) struct Made<'a> {
    pub(super) claimed_epoch: u64,
    pub(super) notification: NotificationId,
    pub(super) number: u32,
    pub(super) at: Timestamp,
    pub(super) attempt: &'a Attempt,
    pub(super) next: &'a Next,
}

impl Records {
    /// Claims up to `limit` notifications that are due, freshest first: nobody else is given them
    /// before `lease_until`, which is at most [`LEASE_MAX`] away.
    pub async fn claim_notifications(
        &self,
        scope: Scope,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>, Error> {
        let claim = Claim { scope, now, lease_until, limit };
        self.ask(|answer| Job::Claim { claim, answer }).await?
    }

    /// When the next notification is due, or a claim lapses; looked for again within a lease while
    /// one is pending that a clock ahead of `now` put off.
    pub async fn next_notification_at(
        &self,
        scope: Scope,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let next = self.wakes(scope, Column::WakeAt.lte(latest_wake(now))).await?;
        let astray = self.wakes(scope, Column::WakeAt.gt(latest_wake(now))).await?;
        let again = astray.map(|_| now + LEASE_MAX);
        Ok(next.into_iter().chain(again).min())
    }

    /// When the first of those that are pending wakes.
    async fn wakes(&self, scope: Scope, which: SimpleExpr) -> Result<Option<Timestamp>, Error> {
        // Unverified: a wrong time costs a tick, and claiming verifies.
        let next: Option<Option<i64>> = Entity::find()
            .select_only()
            .column(Column::WakeAt)
            .filter(Column::Scope.eq(scope.key()))
            .filter(Column::State.eq(PENDING))
            .filter(which)
            .order_by_asc(Column::WakeAt)
            .into_tuple()
            .one(&self.reads)
            .await?;
        next.flatten().map(micros::instant).transpose()
    }

    /// Notifications with their delivery logs, newest first; of one alert or of all.
    pub async fn notifications(
        &self,
        scope: Scope,
        alert: Option<AlertId>,
        page: &PageRequest,
    ) -> Result<Listing<NotificationRecord>, Error> {
        let mut select = Entity::find().filter(Column::Scope.eq(scope.key()));
        if let Some(alert) = alert {
            select = select.filter(Column::Alert.eq(alert.uuid()));
        }
        let key = (Column::CreatedAt, Column::Id);
        let position = |row: &Model| Position { at: row.created_at, id: row.id };
        let tx = open::begin_snapshot(&self.reads).await?;
        let listing = page::newest_first(&tx, select, key, position, page).await?;
        let mut attempts = attempts_of(&tx, scope, &listing.items).await?;
        tx.commit().await?;
        listing.try_map(|row| {
            let attempts = attempts.remove(&row.id).unwrap_or_default();
            read(row, attempts)
        })
    }

    /// How many notifications stand where.
    pub async fn notification_balance(&self, scope: Scope) -> Result<Balance, Error> {
        let counts: Vec<(String, i64)> = Entity::find()
            .select_only()
            .column(Column::State)
            .column_as(Column::State.count(), "count")
            .filter(Column::Scope.eq(scope.key()))
            .group_by(Column::State)
            .into_tuple()
            .all(&self.reads)
            .await?;
        let mut balance = Balance::default();
        for (state, count) in counts {
            let count = micros::count(count);
            balance.owed += count;
            match state.as_str() {
                PENDING => balance.pending += count,
                ACCEPTED => balance.accepted += count,
                UNDELIVERABLE => balance.undeliverable += count,
                _ => return Err(unknown_state(&state)),
            }
        }
        Ok(balance)
    }
}

pub(super) async fn owe(
    tx: &DatabaseTransaction,
    scope: Scope,
    notification: &Notification,
) -> Result<(), CommitError> {
    let created_at = micros::of(notification.created_at);
    let row = Model {
        scope: scope.key(),
        id: notification.id.uuid(),
        alert: notification.alert.uuid(),
        created_at,
        state: PENDING.to_owned(),
        reason: None,
        wake_at: Some(created_at),
        attempts: 0,
        epoch: 0,
        body: blob::encode(notification),
        sum: 0,
    };
    rows::insert_new(tx, row).await?;
    Ok(())
}

/// The latest that a clock which shows `now`, or that of another replica, puts anything off to.
fn latest_wake(now: Timestamp) -> i64 {
    micros::of(now + CLOCKS_APART_MAX + BACK_OFF_MAX + LEASE_MAX)
}

pub(super) async fn claim(tx: &DatabaseTransaction, claim: Claim) -> Result<Vec<Claimed>, Error> {
    let lease_until = micros::of(claim.lease_until);
    let due = Condition::any()
        .add(Column::WakeAt.lte(micros::of(claim.now)))
        .add(Column::WakeAt.gt(latest_wake(claim.now)));
    let due = Entity::find()
        .filter(Column::Scope.eq(claim.scope.key()))
        .filter(Column::State.eq(PENDING))
        .filter(due)
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(u64::from(claim.limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let mut claimed = Vec::with_capacity(due.len());
    for row in due {
        let id = NotificationId::from_uuid(row.id);
        match given(&row) {
            Ok(given) => {
                let (epoch, wake_at) = (row.epoch + 1, Some(lease_until));
                rows::replace(tx, Model { epoch, wake_at, ..row }).await?;
                claimed.push(given);
            }
            // It stays pending, out of the way of the others, and is told about at each turn.
            Err(error) => {
                tracing::error!(%id, %error, "cannot be delivered");
                put_off(tx, row, lease_until).await?;
            }
        }
    }
    Ok(claimed)
}

/// Moves the time of a row that cannot be delivered here. One that is as it was written stays
/// sound, for a newer program may read it; a damaged one keeps its checksum, as wrong as it is.
async fn put_off(tx: &DatabaseTransaction, row: Model, until: i64) -> Result<(), Error> {
    if rows::verified(row.clone()).is_ok() {
        rows::replace(tx, Model { wake_at: Some(until), ..row }).await?;
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::WakeAt, Expr::val(until))
        .filter(Column::Scope.eq(row.scope))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What a claim of the row gives.
fn given(row: &Model) -> Result<Claimed, Error> {
    rows::verified(row.clone())?;
    Ok(Claimed {
        notification: blob::decode("notification", &row.body)?,
        attempt: attempt_number(row.attempts + 1)?,
        epoch: micros::count(row.epoch + 1),
    })
}

/// Records an attempt and what follows. The claim is spent by it, so that it is recorded once.
pub(super) async fn attempted(
    tx: &DatabaseTransaction,
    scope: Scope,
    made: Made<'_>,
) -> Result<(), CommitError> {
    let (state, reason, wake_at) = match made.next {
        Next::Done => (ACCEPTED, None, None),
        Next::GiveUp(reason) => (UNDELIVERABLE, Some(reason.clone()), None),
        Next::RetryAt(at) => (PENDING, None, Some(micros::of(*at))),
    };
    let number = i64::from(made.number);
    let select = Entity::find_by_id((scope.key(), made.notification.uuid()));
    let kept = rows::one_locked(tx, select).await?.filter(|kept| {
        kept.state == PENDING
            && micros::count(kept.epoch) == made.claimed_epoch
            && kept.attempts == number - 1
    });
    let kept = kept.ok_or_else(|| CommitError::conflict(made.notification))?;
    let next = Model {
        state: state.to_owned(),
        reason,
        wake_at,
        attempts: number,
        epoch: kept.epoch + 1,
        ..kept
    };
    rows::replace(tx, next).await?;
    let row = attempt::Model {
        scope: scope.key(),
        notification: made.notification.uuid(),
        number,
        at: micros::of(made.at),
        body: blob::encode(made.attempt),
        sum: 0,
    };
    sealing::append(tx, scope, row, made.notification).await
}

async fn attempts_of(
    tx: &DatabaseTransaction,
    scope: Scope,
    notifications: &[Model],
) -> Result<BTreeMap<Uuid, Vec<AttemptRecord>>, Error> {
    let select = attempt::Entity::find()
        .filter(attempt::Column::Scope.eq(scope.key()))
        .filter(attempt::Column::Notification.is_in(notifications.iter().map(|row| row.id)))
        .order_by_asc(attempt::Column::Number);
    let mut attempts: BTreeMap<Uuid, Vec<AttemptRecord>> = BTreeMap::new();
    for row in rows::all(tx, select).await? {
        attempts.entry(row.notification).or_default().push(AttemptRecord {
            number: attempt_number(row.number)?,
            at: micros::instant(row.at)?,
            attempt: blob::decode("attempt", &row.body)?,
        });
    }
    Ok(attempts)
}

fn read(row: Model, attempts: Vec<AttemptRecord>) -> Result<NotificationRecord, Error> {
    let progress = match row.state.as_str() {
        PENDING => Progress::Pending,
        ACCEPTED => Progress::Accepted,
        UNDELIVERABLE => Progress::Undeliverable { reason: row.reason.unwrap_or_default() },
        state => return Err(unknown_state(state)),
    };
    Ok(NotificationRecord {
        notification: blob::decode("notification", &row.body)?,
        progress,
        next_attempt_at: row.wake_at.map(micros::instant).transpose()?,
        attempts,
    })
}

fn attempt_number(stored: i64) -> Result<u32, Error> {
    u32::try_from(stored)
        .map_err(|error| Error::Corrupt { what: "attempt number", why: error.to_string() })
}

fn unknown_state(state: &str) -> Error {
    Error::Corrupt { what: "notification", why: format!("`{state}` is no state") }
}
