//! Seals as they are shown: the head, and proofs against it.

pub(crate) mod kept;
mod note;
mod verify;

use plimsoll_api::v1;
use plimsoll_domain::seal::{self, Hash, Kind};
use plimsoll_store::SealedHead;

use super::{Failure, State};

pub(crate) use note::Signer;
pub use verify::{VerifyError, extends, verify};

/// The head that holds everything sealed so far.
pub(crate) async fn head(state: &State) -> Result<v1::seal::Head, Failure> {
    Ok(wire(&last(state).await?))
}

/// The proof that the head extends the one of that size.
pub(crate) async fn consistency(
    state: &State,
    from: u64,
) -> Result<v1::seal::Consistency, Failure> {
    let sealed = last(state).await?;
    let leaves = state.records.leaves(state.scope, sealed.head.size).await?;
    let old_size = usize::try_from(from).unwrap_or(usize::MAX);
    let path = seal::consistency(&leaves, old_size).ok_or_else(|| {
        let message = format!("the head holds {} seals, and {from} are more", sealed.head.size);
        Failure::invalid("head_is_older", message)
    })?;
    Ok(v1::seal::Consistency { from, head: wire(&sealed), path: digests(&path) })
}

/// The proof that a row is sealed.
pub(crate) async fn inclusion(
    state: &State,
    kind: &str,
    key: &str,
) -> Result<v1::seal::Inclusion, Failure> {
    let known = Kind::parse(kind).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_kind",
            format!("`{kind}` is no kind of history"),
            format!("kinds are {}", Kind::ALL.map(Kind::as_str).join(", ")),
        )
    })?;
    // The head after the seal, so that it holds it.
    let number = state.records.seal_number(state.scope, known, key).await?;
    let number = number.ok_or_else(|| Failure::not_found("seal", key))?;
    let sealed = last(state).await?;
    let leaves = state.records.leaves(state.scope, sealed.head.size).await?;
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    let missing = || Failure::not_found("seal", key);
    let path = seal::inclusion(&leaves, index).ok_or_else(missing)?;
    Ok(v1::seal::Inclusion {
        kind: kind.to_owned(),
        key: key.to_owned(),
        number,
        leaf: leaves[index].to_string(),
        head: wire(&sealed),
        path: digests(&path),
    })
}

async fn last(state: &State) -> Result<SealedHead, Failure> {
    let sealed = state.records.seal_head(state.scope).await?;
    sealed.ok_or_else(|| Failure::not_found("seal", "head"))
}

fn digests(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(ToString::to_string).collect()
}

/// A head on the wire.
pub(crate) fn wire(sealed: &SealedHead) -> v1::seal::Head {
    let head = &sealed.head;
    v1::seal::Head {
        origin: head.origin(),
        size: head.size,
        root: head.root.to_string(),
        sealed_at: head.sealed_at,
        key: note::verifier_key(&head.origin(), &sealed.signature.public_key),
        note: note::signed(head, &sealed.signature),
    }
}
