//! The outbox: what is owed is claimed, looked at once more, sent, and its outcome committed with
//! the timeline.
//!
//! Invariants: at least once. A claim is a lease with a fencing epoch; no attempt starts unless its
//! timeout ends within the lease, and an outcome that comes after the lease is lost conflicts and
//! changes nothing. What is no longer news when its turn comes is not sent, and says why.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::id::{AlertId, NotificationId};
use plimsoll_domain::notify::{
    Arrival, Attempt, Channel, LEASE_MAX, Next, Notification, Other, Progress, Superseded,
    after_attempt,
};
use plimsoll_store::{
    Claimed, CommitError, Entry, NotificationFilter, NotificationRecord, PageRequest, Write,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Reconciler;
use crate::app::alerts::Line;
use crate::app::{Changed, Shared, State, alerts};
use crate::notify::secrets::Secrets;
use crate::notify::{TIMEOUT, mail, webhook};

/// How long a claim holds: longer than an attempt may take, commit included.
const LEASE: SignedDuration = LEASE_MAX;

/// How long it may take to look whether a message is still news: an attempt must fit after it.
const LOOK: Duration = Duration::from_secs(1);

/// How many attempts are made at once.
const AT_ONCE: usize = 32;

/// The attempts being made.
pub(crate) struct Deliveries {
    permits: Arc<Semaphore>,
    pub(crate) secrets: Secrets,
}

impl Deliveries {
    pub(crate) fn new() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)), secrets: Secrets::new() }
    }
}

/// Starts an attempt for everything that is due; returns when the next one is.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let mut permits = Vec::new();
    while let Ok(permit) = shared.work.deliveries.permits.clone().try_acquire_owned() {
        permits.push(permit);
    }
    if permits.is_empty() {
        // All are in the air; the first to land asks again.
        return Ok(None);
    }
    let limit = u32::try_from(permits.len()).unwrap_or(u32::MAX);
    let records = &shared.records;
    shared.world.turn("claim").await;
    let until = now + LEASE;
    let claimed = records.claim_notifications(shared.scope, now, until, limit).await?;
    shared.world.turn("claimed").await;
    let just_now: Arc<HashSet<NotificationId>> =
        Arc::new(claimed.iter().map(|claimed| claimed.notification.id).collect());
    for (claimed, permit) in claimed.into_iter().zip(permits) {
        let flight = settle(shared.clone(), claimed, just_now.clone(), until, permit);
        shared.work.fly(shared, Reconciler::Deliver, flight);
    }
    Ok(records.next_notification_at(shared.scope, now).await?)
}

/// Makes one attempt and commits its outcome, unless the attempt could outlast its lease; or
/// commits that there is nothing to send any more.
async fn settle(
    shared: Shared,
    claimed: Claimed,
    just_now: Arc<HashSet<NotificationId>>,
    until: Timestamp,
    permit: OwnedSemaphorePermit,
) {
    let superseded = look_again(&shared, &claimed.notification, &just_now).await;
    shared.world.turn("looked up").await;
    let settled = match superseded {
        Some(superseded) => drop_one(&shared, &claimed, superseded).await,
        None => deliver(&shared, &claimed, until).await,
    };
    if let Err(error) = settled {
        // The lease runs out, and it is claimed again.
        tracing::error!(
            notification = %claimed.notification.id,
            error = format!("{error:#}"),
            "the outcome of an attempt was not stored"
        );
    }
    drop(permit);
}

/// Why it is no longer news, if so. What cannot be looked up in time is sent: paging waits for
/// nothing.
async fn look_again(
    shared: &Shared,
    mine: &Notification,
    just_now: &HashSet<NotificationId>,
) -> Option<Superseded> {
    let looked = tokio::time::timeout(LOOK, superseded(shared, mine, just_now)).await;
    match looked.map_err(anyhow::Error::from).flatten() {
        Ok(superseded) => superseded,
        Err(error) => {
            let error = format!("{error:#}");
            tracing::error!(notification = %mine.id, error, "whether it is news is not known");
            None
        }
    }
}

/// `just_now` is what was claimed with it, none of which has been sent under that claim: whatever a
/// newer one overtakes is not, and the newest is alone.
async fn superseded(
    shared: &Shared,
    mine: &Notification,
    just_now: &HashSet<NotificationId>,
) -> anyhow::Result<Option<Superseded>> {
    let Some(alert) = shared.records.alert(shared.scope, mine.alert).await? else {
        return Ok(None);
    };
    let owed = owed(shared, mine.alert).await?;
    let same = |other: &&NotificationRecord| {
        let other = &other.notification;
        other.id != mine.id && other.receiver == mine.receiver && other.channel == mine.channel
    };
    let as_it_stands = |record: &NotificationRecord| Other {
        order: record.notification.order(),
        transition: record.notification.transition,
        arrival: arrival(record, just_now.contains(&record.notification.id)),
    };
    let others: Vec<Other> = owed.iter().filter(same).map(as_it_stands).collect();
    Ok(mine.superseded(&alert.value, &others))
}

/// All that was ever owed about an alert, or the last thousand of it, newest first.
pub(super) async fn owed(state: &State, alert: AlertId) -> anyhow::Result<Vec<NotificationRecord>> {
    let filter = NotificationFilter { alert: Some(alert), ..NotificationFilter::default() };
    let page = PageRequest { limit: 1_000, cursor: None };
    Ok(state.records.notifications(state.scope, &filter, &page).await?.items)
}

fn arrival(record: &NotificationRecord, just_now: bool) -> Arrival {
    if record.progress == Progress::Accepted {
        return Arrival::Certain;
    }
    // A claim without an outcome may have been cut off after the message was sent.
    if record.claims_open > u64::from(just_now) {
        return Arrival::Unknown;
    }
    let attempts = record.attempts.iter().map(|made| made.attempt.arrival());
    attempts.max().unwrap_or(Arrival::RuledOut)
}

async fn deliver(shared: &Shared, claimed: &Claimed, until: Timestamp) -> anyhow::Result<()> {
    shared.world.turn("send").await;
    if shared.world.now() + TIMEOUT > until {
        tracing::warn!(notification = %claimed.notification.id, "too late for the lease; again");
        return Ok(());
    }
    let attempt = attempt(shared, &claimed.notification).await;
    shared.world.turn("answered").await;
    record(shared, claimed, attempt).await
}

async fn attempt(shared: &Shared, notification: &Notification) -> Attempt {
    let definitions = shared.definitions();
    let Notification { receiver: name, channel, .. } = notification;
    let Some(receiver) = definitions.receivers.get(name) else {
        return Attempt::failed(format!("no definition names the receiver {name}"));
    };
    let Some(found) = receiver.channels.get(channel) else {
        return Attempt::failed(format!("the receiver {name} has no channel {channel} any more"));
    };
    let owner = definitions.owner_of(&notification.snapshot.service);
    let (secrets, base_url) = (&shared.work.deliveries.secrets, shared.base_url());
    let now = shared.world.now();
    match found {
        Channel::Webhook(webhook) => {
            let message = webhook::render(notification, owner, &base_url);
            let client = &shared.webhook_client;
            webhook::send(client, secrets, webhook, notification.id, &message, now).await
        }
        Channel::Email(email) => {
            let cover = mail::message::Cover::of(notification, &email.to, now);
            let letter = mail::letter::about(notification, owner, &base_url, now);
            mail::post(shared.mailer.as_ref(), secrets, &cover, &letter).await
        }
    }
}

/// Commits that a message is no longer news.
async fn drop_one(
    shared: &Shared,
    claimed: &Claimed,
    superseded: Superseded,
) -> anyhow::Result<()> {
    let notification = &claimed.notification;
    let reason = superseded.reason();
    let at = notification.created_at.max(shared.world.now());
    let told = format!("{} was not told: {}; {reason}", whom(notification), what(notification));
    let writes = vec![
        Write::Entry(entry(notification, at, "superseded", told)),
        Write::Supersede {
            claimed_epoch: claimed.epoch,
            notification: notification.id,
            reason: reason.to_owned(),
        },
    ];
    commit(shared, notification, writes).await
}

async fn record(shared: &Shared, claimed: &Claimed, attempt: Attempt) -> anyhow::Result<()> {
    let notification = &claimed.notification;
    // The clock of who owed it may be ahead of ours: it is waited for by ours, and dated by theirs.
    let now = shared.world.now();
    let (owed_at, at) = (notification.created_at.min(now), notification.created_at.max(now));
    let jitter = shared.world.unit();
    let next = after_attempt(owed_at, now, claimed.attempt, &attempt, jitter);
    let told = told(notification, &next);
    let entry = told.map(|(event, message)| entry(notification, at, event, message));
    let mut writes: Vec<Write> = entry.map(Write::Entry).into_iter().collect();
    writes.push(Write::Attempted {
        claimed_epoch: claimed.epoch,
        notification: notification.id,
        number: claimed.attempt,
        at,
        attempt,
        next,
    });
    commit(shared, notification, writes).await
}

async fn commit(
    shared: &Shared,
    notification: &Notification,
    writes: Vec<Write>,
) -> anyhow::Result<()> {
    let changed =
        [Changed::new("notification", notification.id), Changed::new("alert", notification.alert)];
    match shared.commit(writes, changed).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict { .. }) => {
            tracing::warn!(notification = %notification.id, "the lease was lost; another has it");
            Ok(())
        }
        Err(CommitError::Store(error)) => Err(error).context("commit of an attempt"),
    }
}

/// What the timeline of the alert says once a notification is settled.
fn told(notification: &Notification, next: &Next) -> Option<(&'static str, String)> {
    let (whom, what) = (whom(notification), what(notification));
    match next {
        Next::Done => Some(("notified", format!("{whom} was told: {what}"))),
        Next::GiveUp(reason) => {
            Some(("undeliverable", format!("{whom} could not be told: {what}; {reason}")))
        }
        Next::RetryAt(_) => None,
    }
}

fn what(notification: &Notification) -> &'static str {
    match notification.reminder {
        0 => alerts::transition(notification.transition),
        _ => "it still fires",
    }
}

/// The receiver, with its channel where it may have several.
fn whom(notification: &Notification) -> String {
    let Notification { receiver, channel, .. } = notification;
    if channel.is_plain() { receiver.to_string() } else { format!("{receiver} ({channel})") }
}

fn entry(notification: &Notification, at: Timestamp, event: &str, message: String) -> Entry {
    Entry {
        id: alerts::entry_id(&notification.snapshot, Line::Told(notification.id), at),
        subject: notification.alert.to_string(),
        at,
        event: event.to_owned(),
        message,
        actor: None,
    }
}
