//! Typed ids: a UUID with the noun it names, written as `alt_0190f3…` on the wire.
//!
//! Invariant: an id never changes its noun. Fresh ids are UUIDv7 made from the caller's clock and
//! randomness; ids of children derive from (parent, parts), so a retry makes the same child again.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A noun that has ids.
pub trait Noun {
    /// What its ids start with on the wire, without the underscore.
    const PREFIX: &'static str;
}

/// An id of one noun.
pub struct Id<N>(Uuid, PhantomData<fn() -> N>);

/// Why a text is not an id of the noun asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of the form {prefix}_ followed by 32 hexadecimal digits")]
pub struct ParseError {
    prefix: &'static str,
    text: String,
}

impl<N: Noun> Id<N> {
    /// A fresh id: UUIDv7 from Unix milliseconds and ten random bytes.
    pub fn fresh(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid(), PhantomData)
    }

    /// The id of a child that exists once per (parent, parts): UUIDv8 of a SHA-256.
    pub fn derived<P: Noun>(parent: Id<P>, parts: &[&str]) -> Self {
        let bytes = digest::<N, P>(parent, parts);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid(), PhantomData)
    }

    /// The same, ordered: by Unix milliseconds, then by `rank` (12 bits of it), as children are
    /// that are read in the order in which they happened.
    pub fn derived_at<P: Noun>(unix_ms: u64, rank: u32, parent: Id<P>, parts: &[&str]) -> Self {
        let mut bytes = digest::<N, P>(parent, parts);
        bytes[..6].copy_from_slice(&unix_ms.to_be_bytes()[2..]);
        bytes[6..8].copy_from_slice(&rank.to_be_bytes()[2..]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid(), PhantomData)
    }

    /// The id that a store kept as a plain UUID.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The plain UUID, as a store keeps it.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

fn digest<N: Noun, P: Noun>(parent: Id<P>, parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(N::PREFIX.as_bytes());
    hash.update(parent.0.as_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes
}

impl<N> Clone for Id<N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N> Copy for Id<N> {}
impl<N> PartialEq for Id<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<N> Eq for Id<N> {}
impl<N> PartialOrd for Id<N> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<N> Ord for Id<N> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<N> Hash for Id<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<N: Noun> fmt::Display for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", N::PREFIX, self.0.simple())
    }
}
impl<N: Noun> fmt::Debug for Id<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<N: Noun> FromStr for Id<N> {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.strip_prefix(N::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .filter(|hex| hex.len() == 32)
            .and_then(|hex| Uuid::try_parse(hex).ok())
            .map(Self::from_uuid)
            .ok_or_else(|| ParseError { prefix: N::PREFIX, text: text.to_owned() })
    }
}
impl<N: Noun> Serialize for Id<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, N: Noun> Deserialize<'de> for Id<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! nouns {
    ($($(#[$doc:meta])* $noun:ident, $alias:ident, $prefix:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $noun {}
            impl Noun for $noun {
                const PREFIX: &'static str = $prefix;
            }
            $(#[$doc])*
            pub type $alias = Id<$noun>;
        )+
    };
}

nouns! {
    /// An organisation: the scope of every key.
    Organisation, OrgId, "org";
    /// One alert of one SLO, from firing to closing and reopening.
    Alert, AlertId, "alt";
    /// One entry of the timeline or the audit log.
    Entry, EntryId, "ent";
    /// One notification owed to one receiver.
    Notification, NotificationId, "ntf";
    /// One deployment of one artifact.
    Deployment, DeploymentId, "dep";
    /// One gate decision.
    Decision, DecisionId, "dec";
    /// One API token.
    Token, TokenId, "tok";
    /// One sender of signed webhooks.
    Webhook, WebhookId, "whk";
    /// One person.
    Person, PersonId, "per";
    /// One browser session.
    Session, SessionId, "ses";
    /// One revision of the definitions: everything one `apply` changed.
    Revision, RevisionId, "rev";
}

#[cfg(test)]
mod tests;
