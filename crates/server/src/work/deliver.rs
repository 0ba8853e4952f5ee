//! The outbox: what is owed is claimed, sent, and its outcome committed with the timeline.
//!
//! Invariant: at least once. A claim is a lease with a fencing epoch; no attempt starts unless its
//! timeout ends within the lease, and an outcome that comes after the lease is lost conflicts and
//! changes nothing.

use std::sync::Arc;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::notify::{Attempt, LEASE_MAX, Next, after_attempt};
use plimsoll_store::{Claimed, CommitError, Entry, Write};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Reconciler;
use crate::app::alerts::Line;
use crate::app::{Changed, Shared, alerts};
use crate::notify::secrets::Secrets;
use crate::notify::webhook;

/// How long a claim holds: longer than an attempt may take, commit included.
const LEASE: SignedDuration = LEASE_MAX;

/// How many attempts are made at once.
const AT_ONCE: usize = 32;

/// The attempts being made.
pub(crate) struct Deliveries {
    permits: Arc<Semaphore>,
    secrets: Secrets,
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
    for (claimed, permit) in claimed.into_iter().zip(permits) {
        let flight = deliver(shared.clone(), claimed, until, permit);
        shared.work.fly(shared, Reconciler::Deliver, flight);
    }
    Ok(records.next_notification_at(shared.scope, now).await?)
}

/// Makes one attempt and commits its outcome, unless the attempt could outlast its lease.
async fn deliver(shared: Shared, claimed: Claimed, until: Timestamp, permit: OwnedSemaphorePermit) {
    shared.world.turn("send").await;
    if shared.world.now() + webhook::TIMEOUT > until {
        tracing::warn!(notification = %claimed.notification.id, "too late for the lease; again");
        return;
    }
    let attempt = attempt(&shared, &claimed).await;
    shared.world.turn("answered").await;
    if let Err(error) = record(&shared, &claimed, attempt).await {
        // The lease runs out, and the attempt is made again.
        tracing::error!(
            notification = %claimed.notification.id,
            error = format!("{error:#}"),
            "the outcome of an attempt was not stored"
        );
    }
    drop(permit);
}

async fn attempt(shared: &Shared, claimed: &Claimed) -> Attempt {
    let notification = &claimed.notification;
    let definitions = shared.definitions();
    let Some(receiver) = definitions.receivers.get(&notification.receiver) else {
        let reason = format!("no definition names the receiver {}", notification.receiver);
        return Attempt::Failed { reason };
    };
    let owner = definitions.owner_of(&notification.snapshot.service);
    let message = webhook::render(notification, owner, &shared.base_url());
    let (client, secrets) = (&shared.webhook_client, &shared.work.deliveries.secrets);
    let now = shared.world.now();
    webhook::send(client, secrets, &receiver.webhook, notification, &message, now).await
}

async fn record(shared: &Shared, claimed: &Claimed, attempt: Attempt) -> anyhow::Result<()> {
    let notification = &claimed.notification;
    // The clock of who owed it may be ahead of ours: it is waited for by ours, and dated by theirs.
    let now = shared.world.now();
    let (owed_at, at) = (notification.created_at.min(now), notification.created_at.max(now));
    let jitter = shared.world.unit();
    let next = after_attempt(owed_at, now, claimed.attempt, &attempt, jitter);
    let mut writes: Vec<Write> = entry(claimed, at, &next).map(Write::Entry).into_iter().collect();
    writes.push(Write::Attempted {
        claimed_epoch: claimed.epoch,
        notification: notification.id,
        number: claimed.attempt,
        at,
        attempt,
        next,
    });
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
fn entry(claimed: &Claimed, at: Timestamp, next: &Next) -> Option<Entry> {
    let notification = &claimed.notification;
    let receiver = &notification.receiver;
    let what = alerts::transition(notification.transition);
    let (event, message) = match next {
        Next::Done => ("notified", format!("{receiver} was told: {what}")),
        Next::GiveUp(reason) => {
            ("undeliverable", format!("{receiver} could not be told: {what}; {reason}"))
        }
        Next::RetryAt(_) => return None,
    };
    Some(Entry {
        id: alerts::entry_id(&notification.snapshot, Line::Told(receiver), at),
        subject: notification.alert.to_string(),
        at,
        event: event.to_owned(),
        message,
        actor: None,
    })
}
