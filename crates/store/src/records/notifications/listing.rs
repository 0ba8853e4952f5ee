//! The outbox as it is looked at: the delivery log, its balance, and who was told how often.

use std::collections::BTreeMap;

use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::AlertId;
use plimsoll_domain::notify::{ChannelName, Notification, Progress};
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde::Deserialize;
use uuid::Uuid;

use super::super::page::{self, Position};
use super::super::schema::attempt;
use super::super::schema::notification::{Column, Entity, Model};
use super::super::{Error, Listing, PageRequest, Records, Scope, blob, micros, open, rows};
use super::{
    ACCEPTED, AttemptRecord, BLOB, Balance, PENDING, SUPERSEDED, UNDELIVERABLE, attempt_number,
    notification,
};

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
    /// The claims of which no outcome was recorded, one that holds now among them.
    pub claims_open: u64,
}

/// How far a notification has come, as a word of the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationState {
    /// Still to be delivered.
    Pending,
    /// Taken by a provider.
    Accepted,
    /// No longer news when its turn came.
    Superseded,
    /// Given up.
    Undeliverable,
}

impl NotificationState {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Pending, Self::Accepted, Self::Superseded, Self::Undeliverable];

    /// Its stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => PENDING,
            Self::Accepted => ACCEPTED,
            Self::Superseded => SUPERSEDED,
            Self::Undeliverable => UNDELIVERABLE,
        }
    }
}

/// Which notifications to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    /// Those about this alert.
    pub alert: Option<AlertId>,
    /// Those for this receiver.
    pub receiver: Option<Name>,
    /// Those over this channel.
    pub channel: Option<ChannelName>,
    /// Those that have come so far.
    pub state: Option<NotificationState>,
    /// Those owed then or later.
    pub from: Option<Timestamp>,
    /// Those owed before then.
    pub to: Option<Timestamp>,
}

impl NotificationFilter {
    fn select(&self, scope: Scope) -> Select<Entity> {
        let conditions = [
            self.alert.map(|alert| Column::Alert.eq(alert.uuid())),
            self.receiver.as_ref().map(|name| Column::ByReceiver.eq(name.as_str())),
            self.channel.as_ref().map(|channel| Column::ByChannel.eq(channel.to_string())),
            self.state.map(|state| Column::State.eq(state.as_str())),
            self.from.map(|from| Column::CreatedAt.gte(micros::of(from))),
            self.to.map(|to| Column::CreatedAt.lt(micros::of(to))),
        ];
        let all = Entity::find().filter(Column::Scope.eq(scope.key()));
        conditions.into_iter().flatten().fold(all, QueryFilter::filter)
    }
}

/// How many notifications of one receiver's channel stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelBalance {
    /// The receiver.
    pub receiver: Name,
    /// Its channel.
    pub channel: ChannelName,
    /// The counts.
    pub balance: Balance,
}

impl Records {
    /// Notifications with their delivery logs, newest first.
    pub async fn notifications(
        &self,
        scope: Scope,
        filter: &NotificationFilter,
        page: &PageRequest,
    ) -> Result<Listing<NotificationRecord>, Error> {
        let key = (Column::CreatedAt, Column::Id);
        let position = |row: &Model| Position { at: row.created_at, id: row.id };
        let tx = open::begin_snapshot(&self.reads).await?;
        let listing = page::newest_first(&tx, filter.select(scope), key, position, page).await?;
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
            balance.add(&state, micros::count(count))?;
        }
        Ok(balance)
    }

    /// The same of each receiver and channel that was ever owed one.
    pub async fn channel_balances(&self, scope: Scope) -> Result<Vec<ChannelBalance>, Error> {
        let counts: Vec<(String, String, String, i64)> = Entity::find()
            .select_only()
            .column(Column::ByReceiver)
            .column(Column::ByChannel)
            .column(Column::State)
            .column_as(Column::State.count(), "count")
            .filter(Column::Scope.eq(scope.key()))
            .filter(Column::ByReceiver.is_not_null())
            .group_by(Column::ByReceiver)
            .group_by(Column::ByChannel)
            .group_by(Column::State)
            .into_tuple()
            .all(&self.reads)
            .await?;
        let mut balances: BTreeMap<(String, String), Balance> = BTreeMap::new();
        for (receiver, channel, state, count) in counts {
            let balance = balances.entry((receiver, channel)).or_default();
            balance.add(&state, micros::count(count))?;
        }
        let corrupt = |why: String| Error::Corrupt { what: "notification", why };
        balances
            .into_iter()
            .map(|((receiver, channel), balance)| {
                let receiver = Name::parse(&receiver).map_err(|e| corrupt(e.to_string()))?;
                let channel = channel.parse::<ChannelName>().map_err(|e| corrupt(e.to_string()))?;
                Ok(ChannelBalance { receiver, channel, balance })
            })
            .collect()
    }
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
            attempt: blob::decode_up_to(BLOB, "attempt", &row.body)?,
        });
    }
    Ok(attempts)
}

fn read(row: Model, attempts: Vec<AttemptRecord>) -> Result<NotificationRecord, Error> {
    // A claim counts one, and an attempt under it another; what is superseded was claimed for it.
    let settled = 2 * row.attempts + i64::from(row.state == SUPERSEDED);
    let notification = notification(&row)?;
    let reason = row.reason.unwrap_or_default();
    let progress = match row.state.as_str() {
        PENDING => Progress::Pending,
        ACCEPTED => Progress::Accepted,
        SUPERSEDED => Progress::Superseded { reason },
        UNDELIVERABLE => Progress::Undeliverable { reason },
        state => return Err(super::unknown_state(state)),
    };
    Ok(NotificationRecord {
        notification,
        progress,
        next_attempt_at: row.wake_at.map(micros::instant).transpose()?,
        attempts,
        claims_open: micros::count((row.epoch - settled).max(0)),
    })
}

/// What a blob says that its row is found by.
#[derive(Deserialize)]
struct Route {
    receiver: Name,
    #[serde(default)]
    channel: ChannelName,
}

/// How many rows are filled in at once.
const FILLED_AT_ONCE: u64 = 500;

/// Fills in what rows are found by that programs of before there were channels have written. A blob
/// that cannot be read is left alone, and found by neither.
pub(in super::super) async fn fill_in(db: &DatabaseConnection) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let tx = open::begin_write(db).await?;
        let bare: Vec<(Uuid, Uuid, String)> = Entity::find()
            .select_only()
            .column(Column::Scope)
            .column(Column::Id)
            .column(Column::Body)
            .filter(Column::ByReceiver.is_null())
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(FILLED_AT_ONCE)
            .into_tuple()
            .all(&tx)
            .await?;
        let Some((_, last, _)) = bare.last() else { return Ok(tx.commit().await?) };
        after = *last;
        for (scope, id, body) in bare {
            let Ok(route) = blob::decode_up_to::<Route>(BLOB, "notification", &body) else {
                continue;
            };
            Entity::update_many()
                .col_expr(Column::ByReceiver, Expr::val(route.receiver.as_str()))
                .col_expr(Column::ByChannel, Expr::val(route.channel.to_string()))
                .filter(Column::Scope.eq(scope))
                .filter(Column::Id.eq(id))
                .exec(&tx)
                .await?;
        }
        tx.commit().await?;
    }
}
