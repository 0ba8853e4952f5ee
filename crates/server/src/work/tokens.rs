//! Tokens: when each was last used is stored apart from the requests that use them, so that no
//! request waits for it. Best effort: what a crash loses is a minute of it.

use jiff::Timestamp;
use plimsoll_store::Write;

use crate::app::Shared;

/// Stores the uses that are not stored yet; it is nudged when there are some.
pub(crate) async fn run(shared: &Shared) -> anyhow::Result<Option<Timestamp>> {
    let uses = shared.tokens.take_uses();
    if !uses.is_empty() {
        shared.commit(vec![Write::TokensUsed(uses)], []).await?;
    }
    Ok(None)
}
