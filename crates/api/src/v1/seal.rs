//! Seals: the head that holds all of history, and proofs against it. Digests are 64 hexadecimal
//! digits; trees are those of RFC 9162.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A head: whoever keeps one can prove later that nothing before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// Whose history.
    pub origin: String,
    /// How many seals it holds.
    pub size: u64,
    /// The root of their tree.
    pub root: String,
    /// When the last of them was made.
    #[schema(value_type = String, format = DateTime)]
    pub sealed_at: Timestamp,
    /// The key it is signed with, as a C2SP verifier key.
    pub key: String,
    /// The same as a signed checkpoint (C2SP tlog-checkpoint), for witnesses that speak it.
    pub note: String,
}

/// The proof that the head begins with an older one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Consistency {
    /// The size of the older head.
    pub from: u64,
    /// The head that extends it.
    pub head: Head,
    /// The consistency proof (RFC 9162, section 2.1.4).
    pub path: Vec<String>,
}

/// The proof that a row is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inclusion {
    /// The kind of row.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// The number of its seal, from 0.
    pub number: u64,
    /// Its leaf.
    pub leaf: String,
    /// The head that holds it.
    pub head: Head,
    /// The inclusion proof (RFC 9162, section 2.1.3).
    pub path: Vec<String>,
}

/// What `plimsoll verify` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verification {
    /// Whether history is what was sealed.
    pub intact: bool,
    /// How many rows are sealed.
    pub sealed: u64,
    /// How many wait to be sealed.
    pub waiting: u64,
    /// How many stand for personal data that was erased.
    pub erased: u64,
    /// The last head; `null` before the first.
    pub head: Option<Head>,
    /// Whose key the head is signed with: `installation`, `witness`, or `unchecked` when no key was
    /// at hand to compare.
    pub signer: String,
    /// The heads kept elsewhere that history was compared with.
    pub against: Vec<Kept>,
    /// What is not as it was sealed; at most a thousand.
    pub violations: Vec<Violation>,
    /// How many violations more there are.
    pub more: u64,
}

/// A head that was kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Kept {
    /// Where.
    pub place: String,
    /// How many seals it holds.
    pub size: u64,
}

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Violation {
    /// `edited`, `deleted`, `inserted`, `reordered`, `truncated` or `rewritten`.
    pub fault: String,
    /// The kind of row; `null` when it is about many.
    pub kind: Option<String>,
    /// The key of the row.
    pub key: Option<String>,
    /// The number of its seal, from 0.
    pub number: Option<u64>,
    /// In words.
    pub detail: String,
}
