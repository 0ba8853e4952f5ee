//! The outbox: what is owed to receivers, who tries it now, and what became of each attempt.
//!
//! Invariants: owed = accepted + superseded + undeliverable + pending, for each receiver and
//! channel. A claim holds until its lease ends, since it moves `wake_at` there; each claim has its
//! own epoch, and an attempt is recorded only under the epoch it was claimed with, once. A clock
//! that was ahead keeps nothing waiting once it is put right: what would be due later than any wait
//! lasts is due now.
//!
//! Beside a program of before there were channels: messages about transitions over the plain
//! webhook, and their attempts, are stored as that program stores them, so either delivers what the
//! other owes. Other channels, reminders and answers of mail servers have version 2: it leaves
//! them to newer programs, a lease at a time. Its delivery log and its balance fail while there are
//! such rows, or superseded ones; what it owes and delivers does not rest on them. What it writes
//! is found by receiver and channel once a newer program has claimed it, or opened the records.

mod listing;

use plimsoll_domain::id::NotificationId;
use plimsoll_domain::notify::{
    Attempt, BACK_OFF_MAX, CLOCKS_APART_MAX, LEASE_MAX, Next, Notification,
};
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::{Expr, LockBehavior, LockType, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::effects::CommitError;
use super::schema::attempt;
use super::schema::notification::{Column, Entity, Model};
use super::writer::Job;
use super::{Error, Records, Scope, blob, micros, rows, sealing};

pub(super) use listing::fill_in;
pub use listing::{ChannelBalance, NotificationFilter, NotificationRecord, NotificationState};

const PENDING: &str = "pending";
const ACCEPTED: &str = "accepted";
const SUPERSEDED: &str = "superseded";
const UNDELIVERABLE: &str = "undeliverable";

/// The version of blobs that only programs with channels can act on.
const BLOB: u32 = 2;

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

/// The conservation law of notifications, in counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// All that were ever owed.
    pub owed: u64,
    /// Those that a provider took.
    pub accepted: u64,
    /// Those that were no longer news when their turn came.
    pub superseded: u64,
    /// Those given up.
    pub undeliverable: u64,
    /// Those still to be delivered.
    pub pending: u64,
}

impl Balance {
    fn add(&mut self, state: &str, count: u64) -> Result<(), Error> {
        self.owed += count;
        match state {
            PENDING => self.pending += count,
            ACCEPTED => self.accepted += count,
            SUPERSEDED => self.superseded += count,
            UNDELIVERABLE => self.undeliverable += count,
            _ => return Err(unknown_state(state)),
        }
        Ok(())
    }
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
        body: blob::encode_as(version(notification), notification),
        by_receiver: Some(notification.receiver.to_string()),
        by_channel: Some(notification.channel.to_string()),
        sum: 0,
    };
    rows::insert_new(tx, row).await?;
    Ok(())
}

/// The version of its blob: 1 if programs of before there were channels deliver it as it is meant.
fn version(notification: &Notification) -> u32 {
    if notification.channel.is_plain() && notification.reminder == 0 { 1 } else { BLOB }
}

fn attempt_version(attempt: &Attempt) -> u32 {
    match attempt {
        Attempt::Accepted { .. } | Attempt::Refused { .. } | Attempt::Failed { .. } => 1,
        Attempt::Mailed { .. } | Attempt::MailRefused { .. } => BLOB,
    }
}

/// What a row owes, if it is found by what it says.
fn notification(row: &Model) -> Result<Notification, Error> {
    let owed: Notification = blob::decode_up_to(BLOB, "notification", &row.body)?;
    let is_found = |by: &Option<String>, said: &str| by.as_deref().is_none_or(|by| by == said);
    if is_found(&row.by_receiver, owed.receiver.as_str())
        && is_found(&row.by_channel, &owed.channel.to_string())
    {
        return Ok(owed);
    }
    let why = "it is found by another receiver or channel than it says".to_owned();
    Err(Error::Corrupt { what: "notification", why })
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
                let next = Model {
                    epoch: row.epoch + 1,
                    wake_at: Some(lease_until),
                    by_receiver: Some(given.notification.receiver.to_string()),
                    by_channel: Some(given.notification.channel.to_string()),
                    ..row
                };
                rows::replace(tx, next).await?;
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
        notification: notification(row)?,
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
        body: blob::encode_as(attempt_version(made.attempt), made.attempt),
        sum: 0,
    };
    sealing::append(tx, scope, row, made.notification).await
}

/// Ends a notification that is no longer news. The claim is spent by it.
pub(super) async fn supersede(
    tx: &DatabaseTransaction,
    scope: Scope,
    claimed_epoch: u64,
    id: NotificationId,
    reason: &str,
) -> Result<(), CommitError> {
    let select = Entity::find_by_id((scope.key(), id.uuid()));
    let kept = rows::one_locked(tx, select).await?;
    let kept =
        kept.filter(|kept| kept.state == PENDING && micros::count(kept.epoch) == claimed_epoch);
    let kept = kept.ok_or_else(|| CommitError::conflict(id))?;
    let next = Model {
        state: SUPERSEDED.to_owned(),
        reason: Some(reason.to_owned()),
        wake_at: None,
        ..kept
    };
    Ok(rows::replace(tx, next).await?)
}

fn attempt_number(stored: i64) -> Result<u32, Error> {
    u32::try_from(stored)
        .map_err(|error| Error::Corrupt { what: "attempt number", why: error.to_string() })
}

fn unknown_state(state: &str) -> Error {
    Error::Corrupt { what: "notification", why: format!("`{state}` is no state") }
}
