//! Holds space back again after a full disk.

use std::io;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use plimsoll_store::CommitError;

use crate::app::{Failure, Shared};

/// How soon after there is room again it is held back.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// Whether a reconciler failed for want of space: nothing else is mended by giving the reserve up.
pub(super) fn means_full(error: &anyhow::Error) -> bool {
    use plimsoll_store::Error::Full;
    error.chain().any(|cause| {
        let stored = cause.downcast_ref();
        let io = cause.downcast_ref().map(io::Error::kind);
        matches!(stored, Some(Full { .. }))
            || matches!(cause.downcast_ref(), Some(CommitError::Store(Full { .. })))
            || matches!(cause.downcast_ref(), Some(Failure::StorageFull { .. }))
            || matches!(io, Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    })
}

/// Makes the reserve if it is gone and fits; returns when to look again.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let keeper = shared.clone();
    let kept = tokio::task::spawn_blocking(move || keeper.reserve.keep()).await?;
    kept.context("the reserve on the disk")?;
    Ok(Some(now + PAUSE))
}

#[cfg(test)]
mod tests;
