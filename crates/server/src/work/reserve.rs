//! Holds space back again after a full disk.

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};

use crate::app::Shared;

/// How soon after there is room again it is held back.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// Makes the reserve if it is gone and fits; returns when to look again.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let keeper = shared.clone();
    let kept = tokio::task::spawn_blocking(move || keeper.reserve.keep()).await?;
    kept.context("the reserve on the disk")?;
    Ok(Some(now + PAUSE))
}
