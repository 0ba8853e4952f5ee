//! Senders of signed webhooks: what may do a little without a token, by signing each message
//! (Standard Webhooks 1.0).
//!
//! Invariants: a sender's secret is made of the installation's key, its id and a generation, and
//! stands nowhere; a message is taken within five minutes of its signature, to either side, and
//! once: sent again to its route it is answered as it was the first time, by whichever replica, and
//! another message under its id is refused.

pub(crate) mod signature;

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_api::v1::webhook::{NewWebhook, WebhookRotation};
use plimsoll_domain::access::{Grants, Permission, Principal, Role};
use plimsoll_domain::id::WebhookId;
use plimsoll_store::{Answer, CommitError, Message, Webhook, Write};

use super::access::{Asking, Caller, Key};
use super::{Changed, Failure, State, audit, name, teams, tokens};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use signature::Signed;

/// What a sender's secret is made for.
const PURPOSE: &str = "webhook";

/// How long messages are remembered: longer than a sender tries, which signs again each time.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a message is left to who took it: longer than any answer may take.
const WORKED_ON: SignedDuration = SignedDuration::from_secs(120);

/// How often it is looked again how a message stands, when others take it at the same time.
const TRIES_MAX: u32 = 5;

/// How long the secret before is taken, too, unless something else is asked.
const OVERLAP_HOURS: u32 = 24;
const OVERLAP_HOURS_MAX: u32 = 168;

/// A message of a sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Who sent it.
    pub(crate) webhook: WebhookId,
    /// What its sender calls it: the same when it is sent again.
    pub(crate) id: String,
    /// The SHA-256 digest of its body.
    pub(crate) digest: Vec<u8>,
}

/// How a message stands.
#[derive(Debug)]
pub(crate) enum Taken {
    /// It is to be worked on, and settled then.
    Ours(Message),
    /// It was worked on; this was the answer.
    Answered(Answer),
}

/// The secret of a sender's generation.
fn secret(key: &Key, id: WebhookId, generation: u64) -> Vec<u8> {
    key.hash(PURPOSE, &format!("{id}:{generation}"))
}

/// The same as its sender is told it.
fn written(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// What a sender may do.
fn grants(webhook: &Webhook) -> Grants {
    // The least role that has all of what senders may do.
    let whole = match &webhook.team {
        Some(team) => teams::in_team(team, Role::Responder),
        None => Grants::of(Role::Responder),
    };
    Grants { scopes: Some(webhook.scopes.clone()), ..whole }
}

fn is_sound(webhook: &Webhook, now: Timestamp) -> bool {
    webhook.revoked_at.is_none() && webhook.expires_at.is_none_or(|at| at > now)
}

/// The caller behind a signed message, if a sender signed it that is known here and goes on.
pub(super) async fn caller(
    state: &State,
    now: Timestamp,
    signed: &Signed,
) -> Result<Option<Caller>, Failure> {
    let webhook = state.records.webhook(state.scope, signed.webhook).await?;
    let Some(webhook) = webhook.filter(|webhook| is_sound(webhook, now)) else { return Ok(None) };
    let with = |generation| signed.is_signed_with(&secret(&state.key, webhook.id, generation));
    let former = webhook.former_until.is_some_and(|until| until > now);
    let known = with(webhook.generation) || former && with(webhook.generation - 1);
    if !known {
        return Ok(None);
    }
    let grants = grants(&webhook);
    let principal = Principal::Webhook { id: webhook.id, name: webhook.name };
    let digest = Sha256::digest(&signed.body).to_vec();
    let message = Some(Sent { webhook: webhook.id, id: signed.id.clone(), digest });
    Ok(Some(Caller { principal, grants, session: None, message, until: webhook.expires_at }))
}

/// Takes a message to a route, unless it was taken before. To another route it is another message:
/// senders name what they ask and what they tell after the same build.
///
/// # Errors
/// Another is at it, or it says something else than the one before.
pub(crate) async fn take(
    state: &State,
    now: Timestamp,
    sent: &Sent,
    route: &str,
) -> Result<Taken, Failure> {
    let Sent { webhook, id, digest } = sent;
    let digest = Some(digest.clone());
    // No id has a space in it.
    let id_here = format!("{id} {route}");
    let message = Message { webhook: *webhook, id: id_here, digest, taken_at: now, answer: None };
    for _ in 0..TRIES_MAX {
        let before = state.records.webhook_message(state.scope, (*webhook, &message.id)).await?;
        let said = before.as_ref().and_then(|before| before.digest.as_ref());
        if said.is_some() && said != message.digest.as_ref() {
            return Err(differs(id));
        }
        let expected = match before {
            Some(Message { answer: Some(answer), .. }) => return Ok(Taken::Answered(answer)),
            Some(Message { taken_at, .. }) if now.duration_since(taken_at) < WORKED_ON => break,
            Some(Message { taken_at, .. }) => Some(taken_at),
            None => None,
        };
        let writes = vec![
            Write::TakeMessage { expected, message: message.clone() },
            Write::ForgetMessages { before: now - REMEMBERED },
        ];
        match state.commit(writes, []).await {
            Ok(()) => return Ok(Taken::Ours(message)),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Failure::Conflict {
        code: "message_in_progress",
        message: format!("the message `{id}` is being worked on; send it again later"),
    })
}

/// Another message came under the same id before: which of the two is meant cannot be told.
fn differs(id: &str) -> Failure {
    Failure::invalid_with_hint(
        "message_differs",
        format!("another message was sent here as `{id}` before, with another body"),
        "give each message an id of its own; only one that is sent again keeps it",
    )
}

/// Writes down how a message was answered. Without an answer it did nothing, and may come again.
pub(crate) async fn settle(
    state: &State,
    message: Message,
    answer: Option<Answer>,
) -> Result<(), Failure> {
    let settled = Write::SettleMessage(Message { answer, ..message });
    Ok(state.commit(vec![settled], []).await?)
}

/// Makes a sender: by whoever may do all that it may, and manages who it is for.
pub(crate) async fn create(
    state: &State,
    asking: Asking,
    new: &NewWebhook,
) -> Result<v1::webhook::Webhook, Failure> {
    let now = state.world.now();
    if new.expires_at.is_some_and(|at| at <= now) {
        return Err(Failure::invalid("already_expired", "expires_at lies in the past"));
    }
    let scopes: Result<_, _> = new.scopes.iter().map(|word| scope(word)).collect();
    let webhook = Webhook {
        id: state.world.fresh(now),
        name: tokens::checked_name(&new.name)?.to_owned(),
        team: new.team.as_ref().map(|team| name("team", team)).transpose()?,
        scopes: scopes?,
        generation: 1,
        former_until: None,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
    };
    if webhook.scopes.is_empty() {
        return Err(Failure::invalid_with_hint(
            "no_scopes",
            "a sender without scopes may do nothing",
            format!("scopes are {}", words(Permission::of_webhooks()).join(", ")),
        ));
    }
    let caller = asking.at(webhook.team.as_ref())?;
    if let Some(team) = &webhook.team {
        teams::get(state, team.as_str()).await?;
    }
    caller.may_give(&grants(&webhook))?;
    caller.may_make_until(webhook.expires_at)?;
    let message = format!("the webhook sender {:?} was made: {}", webhook.name, told(&webhook));
    write(state, &caller, (None, webhook), "webhook_created", message).await
}

/// The senders that the caller manages, without their secrets.
pub(crate) async fn list(
    state: &State,
    asking: Asking,
) -> Result<v1::Page<v1::webhook::Webhook>, Failure> {
    let now = state.world.now();
    let caller = asking.unchecked();
    let webhooks = state.records.webhooks(state.scope).await?;
    let manages = |webhook: &&Webhook| {
        caller.grants.check(Permission::ManageTeam, webhook.team.as_ref()).is_ok()
    };
    let items = webhooks.iter().filter(manages).map(|webhook| wire(webhook, now)).collect();
    Ok(v1::Page { items, next_cursor: None })
}

/// Makes a sender's next secret; the one until now is taken for a while, too.
pub(crate) async fn rotate(
    state: &State,
    asking: Asking,
    id: WebhookId,
    rotation: &WebhookRotation,
) -> Result<v1::webhook::Webhook, Failure> {
    let now = state.world.now();
    let (caller, before) = managed(state, asking, id).await?;
    let hours = rotation.overlap_hours.unwrap_or(OVERLAP_HOURS);
    if hours > OVERLAP_HOURS_MAX {
        let message = format!("overlap_hours is {hours}, and is to be 0 to {OVERLAP_HOURS_MAX}");
        return Err(Failure::invalid("invalid_overlap", message));
    }
    if before.revoked_at.is_some() {
        let message = format!("the webhook sender `{id}` is revoked");
        return Err(Failure::Conflict { code: "revoked", message });
    }
    let expected = before.generation;
    let after = Webhook {
        generation: expected + 1,
        former_until: (hours > 0).then(|| now + SignedDuration::from_hours(hours.into())),
        ..before
    };
    caller.may_give(&grants(&after))?;
    caller.may_make_until(after.expires_at)?;
    let message = format!(
        "the webhook sender {:?} got its secret number {}; the one before is taken for {hours} h",
        after.name, after.generation
    );
    write(state, &caller, (Some(expected), after), "webhook_rotated", message).await
}

/// Revokes a sender; one that is revoked stays so.
pub(crate) async fn revoke(state: &State, asking: Asking, id: WebhookId) -> Result<(), Failure> {
    let now = state.world.now();
    let (caller, before) = managed(state, asking, id).await?;
    if before.revoked_at.is_none() {
        let message = format!("the webhook sender {:?} was revoked", before.name);
        let expected = Some(before.generation);
        let after = Webhook { revoked_at: Some(now), ..before };
        write(state, &caller, (expected, after), "webhook_revoked", message).await?;
    }
    Ok(())
}

/// A sender, and the caller who manages it.
async fn managed(
    state: &State,
    asking: Asking,
    id: WebhookId,
) -> Result<(Caller, Webhook), Failure> {
    let webhook = state.records.webhook(state.scope, id).await?;
    let caller = asking.at(webhook.as_ref().and_then(|webhook| webhook.team.as_ref()))?;
    Ok((caller, webhook.ok_or_else(|| Failure::not_found("webhook", id))?))
}

/// Commits a sender with its line of the audit log; it with its secret.
async fn write(
    state: &State,
    caller: &Caller,
    (expected, webhook): (Option<u64>, Webhook),
    event: &str,
    message: String,
) -> Result<v1::webhook::Webhook, Failure> {
    let now = state.world.now();
    let text = written(&secret(&state.key, webhook.id, webhook.generation));
    let wire = v1::webhook::Webhook { secret: Some(text), ..wire(&webhook, now) };
    let line = audit::line(state, now, caller, webhook.id, event, message);
    let changed = [Changed::new("webhook", webhook.id)];
    state.commit(vec![Write::Webhook { expected, webhook }, line], changed).await?;
    Ok(wire)
}

fn scope(word: &str) -> Result<Permission, Failure> {
    let found = Permission::of_webhooks().find(|scope| scope.as_str() == word);
    found.ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_scope",
            format!("`{word}` is no scope that a sender of webhooks may have"),
            format!("scopes are {}", words(Permission::of_webhooks()).join(", ")),
        )
    })
}

fn words(scopes: impl Iterator<Item = Permission>) -> Vec<String> {
    scopes.map(|scope| scope.as_str().to_owned()).collect()
}

/// A sender in a sentence.
fn told(webhook: &Webhook) -> String {
    let mut text = words(webhook.scopes.iter().copied()).join(", ");
    if let Some(team) = &webhook.team {
        text += &format!(", for the team {team}");
    }
    if let Some(at) = webhook.expires_at {
        text += &format!(", until {}", at.strftime("%FT%TZ"));
    }
    text
}

fn wire(webhook: &Webhook, now: Timestamp) -> v1::webhook::Webhook {
    let state = match webhook.revoked_at {
        Some(_) => "revoked",
        None if is_sound(webhook, now) => "active",
        None => "expired",
    };
    v1::webhook::Webhook {
        id: webhook.id.to_string(),
        name: webhook.name.clone(),
        scopes: words(webhook.scopes.iter().copied()),
        team: webhook.team.as_ref().map(ToString::to_string),
        state: state.to_owned(),
        generation: webhook.generation,
        former_until: webhook.former_until,
        created_at: webhook.created_at,
        expires_at: webhook.expires_at,
        revoked_at: webhook.revoked_at,
        secret: None,
    }
}
