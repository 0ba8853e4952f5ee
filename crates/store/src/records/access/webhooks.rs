//! Those who send signed webhooks, and the messages that were taken from them.
//!
//! Invariant: of all who take a message at once, on whatever replica, one does; the others conflict
//! and find its answer. A message is forgotten only long after its signature is too old.

use std::collections::BTreeSet;

use plimsoll_domain::access::Permission;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::WebhookId;
use plimsoll_domain::time::Timestamp;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::read_team;
use super::tokens::{read_scopes, scope_words};
use crate::records::effects::CommitError;
use crate::records::schema::{webhook, webhook_digest, webhook_message};
use crate::records::{Error, Records, Scope, micros, rows};

/// Who sends signed webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// What its maker called it.
    pub name: String,
    /// The team for what it owns it may do that; none is the whole installation.
    pub team: Option<Name>,
    /// What it may do.
    pub scopes: BTreeSet<Permission>,
    /// Which secret it signs with, from 1.
    pub generation: u64,
    /// Until when the secret before is taken, too.
    pub former_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who sent it.
    pub webhook: WebhookId,
    /// What its sender calls it.
    pub id: String,
    /// A digest of what it says; none of one that was taken before these were kept.
    pub digest: Option<Vec<u8>>,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// How it was answered; none while it is worked on.
    pub answer: Option<Answer>,
}

/// How a message was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Records {
    /// A sender by its id, revoked or not.
    pub async fn webhook(&self, scope: Scope, id: WebhookId) -> Result<Option<Webhook>, Error> {
        let select = webhook::Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.map(read_webhook).transpose()
    }

    /// All senders, revoked or not, oldest first.
    pub async fn webhooks(&self, scope: Scope) -> Result<Vec<Webhook>, Error> {
        let select = webhook::Entity::find()
            .filter(webhook::Column::Scope.eq(scope.key()))
            .order_by_asc(webhook::Column::CreatedAt)
            .order_by_asc(webhook::Column::Id);
        rows::all(&self.reads, select).await?.into_iter().map(read_webhook).collect()
    }

    /// A message, if it was taken and is not forgotten.
    pub async fn webhook_message(
        &self,
        scope: Scope,
        (webhook, id): (WebhookId, &str),
    ) -> Result<Option<Message>, Error> {
        let key = (scope.key(), webhook.uuid(), id.to_owned());
        let select = webhook_message::Entity::find_by_id(key.clone());
        let Some(row) = rows::one(&self.reads, select).await? else { return Ok(None) };
        let digest = rows::one(&self.reads, webhook_digest::Entity::find_by_id(key)).await?;
        read_message(row, digest.map(|row| row.digest)).map(Some)
    }
}

/// Writes a sender, new or changed from that generation; conflicts when it is of another.
pub(in crate::records) async fn write_webhook(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: Option<u64>,
    webhook: &Webhook,
) -> Result<(), CommitError> {
    let row = webhook_row(scope, webhook);
    let Some(expected) = expected else { return rows::insert(tx, row, webhook.id).await };
    let select = webhook::Entity::find_by_id((scope.key(), webhook.id.uuid()));
    match rows::one_locked(tx, select).await? {
        Some(kept) if micros::count(kept.generation) == expected && kept.revoked_at.is_none() => {
            Ok(rows::replace(tx, row).await?)
        }
        Some(_) | None => Err(CommitError::conflict(webhook.id)),
    }
}

/// Takes a message: for the first time, or again from whoever took it then and has not answered.
/// Conflicts when another has it.
pub(in crate::records) async fn take_message(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: Option<Timestamp>,
    message: &Message,
) -> Result<(), CommitError> {
    let row = message_row(scope, message);
    match expected {
        None => rows::insert(tx, row, &message.id).await?,
        Some(at) if taken(tx, scope, message, at).await?.is_some() => {
            rows::replace(tx, row).await?;
        }
        Some(_) => return Err(CommitError::conflict(&message.id)),
    }
    let key = (scope.key(), message.webhook.uuid(), message.id.clone());
    forget_digest(tx, key).await?;
    let Some(digest) = message.digest.clone() else { return Ok(()) };
    let row = webhook_digest::Model {
        scope: scope.key(),
        webhook: message.webhook.uuid(),
        message: message.id.clone(),
        digest,
        sum: 0,
    };
    rows::insert(tx, row, &message.id).await
}

/// Where a message and its digest stand.
type Key = (Uuid, Uuid, String);

async fn forget_digest(tx: &DatabaseTransaction, key: Key) -> Result<(), CommitError> {
    webhook_digest::Entity::delete_by_id(key).exec(tx).await?;
    Ok(())
}

async fn forget(tx: &DatabaseTransaction, key: Key) -> Result<(), CommitError> {
    webhook_message::Entity::delete_by_id(key.clone()).exec(tx).await?;
    forget_digest(tx, key).await
}

/// Writes how a message was answered; without an answer it is given back, so that it can be taken
/// again. Who has lost it changes nothing.
pub(in crate::records) async fn settle_message(
    tx: &DatabaseTransaction,
    scope: Scope,
    message: &Message,
) -> Result<(), CommitError> {
    let Some(kept) = taken(tx, scope, message, message.taken_at).await? else { return Ok(()) };
    if message.answer.is_some() {
        return Ok(rows::replace(tx, message_row(scope, message)).await?);
    }
    forget(tx, (kept.scope, kept.webhook, kept.message)).await
}

/// The row of a message that was taken then, and is not answered.
async fn taken(
    tx: &DatabaseTransaction,
    scope: Scope,
    message: &Message,
    at: Timestamp,
) -> Result<Option<webhook_message::Model>, Error> {
    let key = (scope.key(), message.webhook.uuid(), message.id.clone());
    let kept = rows::one_locked(tx, webhook_message::Entity::find_by_id(key)).await?;
    Ok(kept.filter(|kept| kept.status.is_none() && kept.taken_at == micros::of(at)))
}

/// How many messages are forgotten at once, so that no message waits for many.
const FORGOTTEN_MAX: u64 = 100;

/// Forgets messages that were taken before then, a bounded number of them.
pub(in crate::records) async fn forget_messages(
    tx: &DatabaseTransaction,
    scope: Scope,
    before: Timestamp,
) -> Result<(), CommitError> {
    let old: Vec<(Uuid, String)> = webhook_message::Entity::find()
        .select_only()
        .columns([webhook_message::Column::Webhook, webhook_message::Column::Message])
        .filter(webhook_message::Column::Scope.eq(scope.key()))
        .filter(webhook_message::Column::TakenAt.lt(micros::of(before)))
        .order_by_asc(webhook_message::Column::TakenAt)
        .limit(FORGOTTEN_MAX)
        .into_tuple()
        .all(tx)
        .await?;
    for (webhook, message) in old {
        forget(tx, (scope.key(), webhook, message)).await?;
    }
    Ok(())
}

fn webhook_row(scope: Scope, webhook: &Webhook) -> webhook::Model {
    webhook::Model {
        scope: scope.key(),
        id: webhook.id.uuid(),
        name: webhook.name.clone(),
        team: webhook.team.as_ref().map(ToString::to_string),
        scopes: scope_words(&webhook.scopes),
        generation: webhook.generation.cast_signed(),
        former_until: webhook.former_until.map(micros::of),
        created_at: micros::of(webhook.created_at),
        expires_at: webhook.expires_at.map(micros::of),
        revoked_at: webhook.revoked_at.map(micros::of),
        sum: 0,
    }
}

fn read_webhook(row: webhook::Model) -> Result<Webhook, Error> {
    Ok(Webhook {
        id: WebhookId::from_uuid(row.id),
        name: row.name,
        team: row.team.map(read_team).transpose()?,
        scopes: read_scopes(&row.scopes)?,
        generation: micros::count(row.generation),
        former_until: row.former_until.map(micros::instant).transpose()?,
        created_at: micros::instant(row.created_at)?,
        expires_at: row.expires_at.map(micros::instant).transpose()?,
        revoked_at: row.revoked_at.map(micros::instant).transpose()?,
    })
}

fn message_row(scope: Scope, message: &Message) -> webhook_message::Model {
    let answer = message.answer.as_ref();
    webhook_message::Model {
        scope: scope.key(),
        webhook: message.webhook.uuid(),
        message: message.id.clone(),
        taken_at: micros::of(message.taken_at),
        status: answer.map(|answer| answer.status.into()),
        answer: answer.map(|answer| answer.body.clone()),
        sum: 0,
    }
}

fn read_message(row: webhook_message::Model, digest: Option<Vec<u8>>) -> Result<Message, Error> {
    let unknown = |status| Error::Corrupt {
        what: "message of a webhook",
        why: format!("{status} is no status of HTTP"),
    };
    let answer = match row.status {
        Some(status) => {
            let status = u16::try_from(status).map_err(|_| unknown(status))?;
            Some(Answer { status, body: row.answer.unwrap_or_default() })
        }
        None => None,
    };
    Ok(Message {
        webhook: WebhookId::from_uuid(row.webhook),
        id: row.message,
        digest,
        taken_at: micros::instant(row.taken_at)?,
        answer,
    })
}
