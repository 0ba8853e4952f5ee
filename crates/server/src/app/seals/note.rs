//! Heads as signed checkpoints (C2SP tlog-checkpoint and signed-note, Ed25519), so that a witness
//! needs nothing of ours to keep and check them.
//!
//! The key pair derives from the installation's key: replicas, which share that key, sign alike.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_api::v1;
use plimsoll_domain::seal::{Hash, Head};
use plimsoll_store::Signature;
use sha2::{Digest as _, Sha256};

use crate::app::access::Key;

/// What the seed of the key pair is derived for.
const PURPOSE: &str = "seal";

/// The algorithm byte of Ed25519 in signed notes.
const ED25519_NOTE: u8 = 1;

/// What signs heads.
pub(crate) struct Signer(Ed25519KeyPair);

impl Signer {
    /// The signer of an installation.
    pub(crate) fn new(key: &Key) -> Self {
        let seed = key.hash(PURPOSE, "ed25519");
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed"))
    }

    /// Its public key.
    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    /// Signs a head.
    pub(crate) fn sign(&self, head: &Head) -> Signature {
        let signature = self.0.sign(text(head).as_bytes()).as_ref().to_vec();
        Signature { public_key: self.public_key(), signature }
    }
}

/// Whether a head was signed with the key that its signature names.
pub(super) fn is_signed(head: &Head, signature: &Signature) -> bool {
    verifies(&signature.public_key, &text(head), &signature.signature)
}

fn verifies(public_key: &[u8], text: &str, signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(text.as_bytes(), signature).is_ok()
}

/// The text that is signed: origin, size, root, and when it was sealed as an extension line.
fn text(head: &Head) -> String {
    let Head { size, root, sealed_at, .. } = head;
    format!("{}\n{size}\n{}\nsealed_at {sealed_at}\n", head.origin(), STANDARD.encode(root.0))
}

/// The signed note.
pub(super) fn signed(head: &Head, signature: &Signature) -> String {
    let origin = head.origin();
    let mut bytes = key_id(&origin, &signature.public_key).to_vec();
    bytes.extend_from_slice(&signature.signature);
    format!("{}\n— {origin} {}\n", text(head), STANDARD.encode(bytes))
}

/// A public key as signed notes write it: name, hash, key.
pub(super) fn verifier_key(origin: &str, public_key: &[u8]) -> String {
    let id = u32::from_be_bytes(key_id(origin, public_key));
    format!("{origin}+{id:08x}+{}", STANDARD.encode(typed(public_key)))
}

fn key_id(origin: &str, public_key: &[u8]) -> [u8; 4] {
    let hash =
        Sha256::new().chain_update(origin).chain_update("\n").chain_update(typed(public_key));
    let hash = hash.finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn typed(public_key: &[u8]) -> Vec<u8> {
    [&[ED25519_NOTE], public_key].concat()
}

/// A head as a file or a server gives it, if its note says the same and is signed with its key:
/// the root, and the public key.
pub(super) fn read(head: &v1::seal::Head) -> Option<(Hash, Vec<u8>)> {
    let root: Hash = head.root.parse().ok()?;
    let (text, signature) = head.note.split_once("\n\n")?;
    let (text, sealed_at) = (format!("{text}\n"), head.sealed_at);
    let said = format!("{}\n{}\n{}\n", head.origin, head.size, STANDARD.encode(root.0));
    let rest = text.strip_prefix(&said)?;
    let said_when = rest == format!("sealed_at {sealed_at}\n");
    let encoded = signature.trim_end().strip_prefix("— ")?.strip_prefix(&head.origin)?;
    let signature = STANDARD.decode(encoded.trim_start()).ok()?;
    // Base64 has a `+` of its own; what stands before it has none.
    let typed_key = STANDARD.decode(head.key.splitn(3, '+').nth(2)?).ok()?;
    let public_key = typed_key.strip_prefix(&[ED25519_NOTE])?.to_vec();
    let same_key = signature.starts_with(&key_id(&head.origin, &public_key))
        && head.key == verifier_key(&head.origin, &public_key);
    let sound = said_when && same_key && verifies(&public_key, &text, signature.get(4..)?);
    sound.then_some((root, public_key))
}

#[cfg(test)]
mod tests;
