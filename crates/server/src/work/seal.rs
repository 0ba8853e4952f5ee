//! The sealer: seals what was committed, a batch at a time, and keeps the head beside it.
//!
//! Invariant: nothing waits for it. Its failure is a metric and a line in the log; what was not
//! sealed is still queued, and two sealers race for the number of the next head, so that each row
//! is sealed once.

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1::seal::Head;
use plimsoll_store::{CommitError, Effects, Sealing, Write};

use crate::app::Shared;
use crate::app::seals::{self, kept};

/// How long it waits for more to come before it seals again.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// How long it leaves the writer to others when more than a batch waits.
const BREATH: SignedDuration = SignedDuration::from_millis(100);

/// How long it rests after a failure.
const REST: SignedDuration = SignedDuration::from_secs(5);

/// When it may look again, in microseconds since the Unix epoch.
#[derive(Default)]
pub(crate) struct Seals(AtomicI64);

/// Seals what waits, unless it has just done so; returns when it wants to look again.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> Option<Timestamp> {
    let next_us = shared.work.seals.0.load(Ordering::Relaxed);
    if let Some(next) = Timestamp::from_microsecond(next_us).ok().filter(|next| *next > now) {
        return Some(next);
    }
    let wait = pass(shared, now).await.unwrap_or_else(|error| {
        shared.metrics.count_sealing_failure();
        tracing::error!(error = format!("{error:#}"), "history was not sealed");
        Some(REST)
    });
    let next = now + wait?;
    shared.work.seals.0.store(next.as_microsecond(), Ordering::Relaxed);
    Some(next)
}

/// Seals one batch; returns how long to wait for the next, or none when a commit must come first.
async fn pass(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<SignedDuration>> {
    let batch = shared.records.unsealed(shared.scope).await.context("what waits to be sealed")?;
    let waiting = shared.records.unsealed_count(shared.scope).await?;
    shared.metrics.set_sealing(batch.sealed(), waiting);
    if batch.is_empty() {
        return Ok(None);
    }
    for (kind, key) in batch.gone() {
        tracing::error!(kind = kind.as_str(), key, "deleted before it was sealed");
    }
    let wait = if batch.is_full() { BREATH } else { PAUSE };
    shared.world.turn("unsealed loaded").await;
    let head = batch.head(now);
    let signature = shared.signer.sign(&head);
    let sealing = Sealing { batch, sealed_at: head.sealed_at, signature };
    let effects = Effects::new(shared.scope).write(Write::Seal(sealing));
    match shared.records.commit(effects).await {
        Ok(()) => {
            shared.world.turn("sealed").await;
            shared.metrics.set_sealing(head.size, waiting);
        }
        // Another replica was first: what it has sealed is not in the next batch.
        Err(CommitError::Conflict { .. }) => return Ok(Some(PAUSE)),
        Err(CommitError::Store(error)) => return Err(error).context("commit of seals"),
    }
    if let Err(error) = keep(shared).await {
        shared.metrics.count_sealing_failure();
        let error = format!("{error:#}");
        tracing::error!(error, "history was sealed, and its head was not kept beside the database");
        return Ok(Some(REST));
    }
    Ok(Some(wait))
}

/// Keeps the last head in the data directory, unless the one there is not known to the records.
async fn keep(shared: &Shared) -> anyhow::Result<()> {
    let Some(sealed) = shared.records.seal_head(shared.scope).await? else { return Ok(()) };
    let data = shared.config.data.clone();
    let kept = tokio::task::spawn_blocking(move || kept::load(&data)).await??;
    if let Some(kept) = kept
        && !knows(shared, &kept).await?
    {
        let path = kept::path(&shared.config.data);
        anyhow::bail!(
            "{} says that history held {} seals, and these records do not know it; run `plimsoll \
             verify`, and move the file away if this is right",
            path.display(),
            kept.size
        );
    }
    let (data, head) = (shared.config.data.clone(), seals::wire(&sealed));
    tokio::task::spawn_blocking(move || kept::store(&data, &head)).await??;
    Ok(())
}

async fn knows(shared: &Shared, kept: &Head) -> anyhow::Result<bool> {
    let Ok(root) = kept.root.parse() else { return Ok(false) };
    Ok(shared.records.knows_head(shared.scope, kept.size, root).await?)
}
