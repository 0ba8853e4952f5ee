//! Seals: what makes a change to history show.
//!
//! Every sealed row is a leaf of one growing Merkle tree (RFC 9162, section 2.1), as transparency
//! logs keep theirs. A head (size and root) commits to every leaf and to their order, so that a
//! head kept elsewhere proves what came before it. A tree and not a plain chain, since it does all
//! that a chain does, and short proofs besides: that a row is sealed, and that one head extends
//! another.
//!
//! Invariant: equal rows have equal leaves on every database, and no two different rows have.

mod proof;
mod tree;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::id::OrgId;
use crate::time::Timestamp;

pub use proof::{consistency, inclusion, verify_consistency, verify_inclusion};
pub use tree::{Tree, leaf_hash, node_hash};

/// A SHA-256 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// A text that is not a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct NoHash;

impl Hash {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest that a store kept as bytes, if they are 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Hash {
    type Err = NoHash;

    fn from_str(text: &str) -> Result<Self, NoHash> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or(NoHash)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(bytes))
    }
}
impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A line of a timeline or of the audit log.
    Entry,
    /// A gate decision.
    Decision,
    /// An attempt to deliver a notification.
    Attempt,
    /// What one `apply` changed.
    Revision,
    /// A version of a document.
    Document,
    /// What a person was called, by commitment alone.
    Identity,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Entry,
        Self::Decision,
        Self::Attempt,
        Self::Revision,
        Self::Document,
        Self::Identity,
    ];

    /// Its word, which leaves commit to.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Decision => "decision",
            Self::Attempt => "attempt",
            Self::Revision => "revision",
            Self::Document => "document",
            Self::Identity => "identity",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The digest of what a row holds, column by column: canonical, since each value says its type and
/// its length.
#[derive(Debug, Clone)]
pub struct Content(Sha256);

impl Content {
    /// No columns yet.
    #[expect(clippy::new_without_default, reason = "an empty content is a start, not a default")]
    pub fn new() -> Self {
        Self(Sha256::new_with_prefix(b"plimsoll/content/1\0"))
    }

    /// The same and a text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.value(b't', text.as_bytes())
    }

    /// The same and a text that may be absent, which is not the empty one.
    #[must_use]
    pub fn text_or_null(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.value(b'n', &[]),
        }
    }

    /// The same and bytes.
    #[must_use]
    pub fn bytes(self, bytes: &[u8]) -> Self {
        self.value(b'b', bytes)
    }

    /// The same and a whole number.
    #[must_use]
    pub fn number(self, number: i64) -> Self {
        self.value(b'i', &number.to_be_bytes())
    }

    /// The digest.
    pub fn digest(self) -> Hash {
        Hash(self.0.finalize().into())
    }

    fn value(mut self, tag: u8, bytes: &[u8]) -> Self {
        self.0.update([tag]);
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }
}

/// What a leaf commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// Whose row.
    pub scope: OrgId,
    /// Which kind.
    pub kind: Kind,
    /// Its key, as text: unique within scope and kind.
    pub key: &'a str,
    /// When it says it happened, in microseconds since the Unix epoch.
    pub at_us: i64,
    /// The digest of what it holds; none when it was gone before it could be sealed, which is
    /// sealed too, so that it shows for ever.
    pub content: Option<Hash>,
}

impl Leaf<'_> {
    /// Its hash in the tree.
    pub fn hash(&self) -> Hash {
        let mut bytes = Vec::with_capacity(128 + self.key.len());
        bytes.extend_from_slice(b"plimsoll/seal/1\0");
        bytes.extend_from_slice(self.scope.uuid().as_bytes());
        for text in [self.kind.as_str(), self.key] {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.extend_from_slice(&self.at_us.to_be_bytes());
        match self.content {
            Some(Hash(digest)) => {
                bytes.push(1);
                bytes.extend_from_slice(&digest);
            }
            None => bytes.push(0),
        }
        leaf_hash(&bytes)
    }
}

/// A head: how many leaves there were, and the root that commits to all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Whose history.
    pub scope: OrgId,
    /// How many leaves.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// When it was sealed.
    pub sealed_at: Timestamp,
}

impl Head {
    /// The name of the log: what keeps heads of different installations apart.
    pub fn origin(&self) -> String {
        format!("plimsoll/{}", self.scope)
    }
}

/// A commitment to personal data. With the salt it proves what was said; without it, it says
/// nothing: the salt has 256 random bits, and goes when the data goes.
pub fn commitment(salt: &[u8; 32], text: &str) -> Hash {
    Content::new().text("commitment").bytes(salt).text(text).digest()
}

#[cfg(test)]
mod tests;
