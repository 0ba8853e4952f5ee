//! Reminders: who was told of an alert that goes on is told again after a while.
//!
//! Invariants: a reminder is owed a period after the message before it was settled, never sooner,
//! and only while the alert fires as it was loaded. Its id derives from that message's, so that of
//! two replicas one owes it. Deadlines follow from what is recorded, so that a restart forgets
//! none, and a change of the period holds at once.

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::alert::{Alert, Phase};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::notify::{Notification, Progress, Repeat, receivers_for};
use plimsoll_store::{CommitError, NotificationRecord, Read, Write};

use super::deliver;
use crate::app::{Changed, Shared};

/// Between two looks: a tenth of the shortest period.
const SWEEP: SignedDuration = SignedDuration::from_secs(30);

/// Owes the reminders that are due; returns when it wants to be asked again.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let definitions = shared.definitions();
    let mut next_at = now + SWEEP;
    if definitions.receivers.values().all(|receiver| receiver.repeat == Repeat::Off) {
        return Ok(Some(next_at));
    }
    for latest in shared.records.latest_alerts(shared.scope).await? {
        // One that is damaged reminds nobody, and is told of where it is evaluated.
        let Ok(latest) = latest else { continue };
        if latest.value.phase != Phase::Firing {
            continue;
        }
        let owed = deliver::owed(shared, latest.value.id).await?;
        shared.world.turn("reminders looked up").await;
        let (due, later): (Vec<_>, Vec<_>) = reminders(&definitions, &latest.value, &owed)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        next_at = later.iter().map(|(at, _)| *at).fold(next_at, Timestamp::min);
        if due.is_empty() {
            continue;
        }
        let owe = due.iter().map(|(_, last)| Write::Owe(last.again(&latest.value, now)));
        let read = Read::Alert { id: latest.value.id, version: latest.version };
        let changed = [Changed::new("alert", latest.value.id)];
        match shared.commit_reckoned(vec![read], owe.collect(), changed).await {
            // Something happened to it, of which everyone is told anyway.
            Ok(()) | Err(CommitError::Conflict { .. }) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Ok(Some(next_at))
}

/// For each channel that hears of this alert and was told: when it is reminded, and after which
/// message. `owed` is newest first.
fn reminders<'a>(
    definitions: &Definitions,
    alert: &Alert,
    owed: &'a [NotificationRecord],
) -> Vec<(Timestamp, &'a Notification)> {
    let owner = definitions.owner_of(&alert.service);
    let mut found = Vec::new();
    if !definitions.tells(alert.severity) {
        return found;
    }
    for receiver in receivers_for(owner, definitions.receivers.values()) {
        for channel in receiver.channels.keys() {
            let over = |record: &&NotificationRecord| {
                let Notification { receiver: name, channel: over, .. } = &record.notification;
                *name == receiver.name && over == channel
            };
            let last = owed.iter().filter(over).max_by_key(|record| record.notification.order());
            let due = last.and_then(|last| {
                let at = last.notification.remind_at(alert, settled_at(last)?, receiver.repeat)?;
                Some((at, &last.notification))
            });
            found.extend(due);
        }
    }
    found
}

/// When it came to an end; none while it has not. What was no longer news is followed by what is.
fn settled_at(record: &NotificationRecord) -> Option<Timestamp> {
    let last = record.attempts.last().map(|attempt| attempt.at);
    match record.progress {
        Progress::Accepted | Progress::Undeliverable { .. } => {
            Some(last.unwrap_or(record.notification.created_at))
        }
        Progress::Pending | Progress::Superseded { .. } => None,
    }
}
