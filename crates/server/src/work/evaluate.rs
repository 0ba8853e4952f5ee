//! Readings become alerts: every SLO is evaluated, and what changed is committed with what is owed.

use jiff::Timestamp;

use crate::app::Shared;

/// Evaluates what is due; returns when it wants to be asked again.
#[expect(clippy::unused_async, reason = "evaluation commits")]
pub(crate) async fn run(_shared: &Shared, _now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    Ok(None)
}
