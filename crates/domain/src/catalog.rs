//! The catalog: which services there are, who owns them, what they depend on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a definition, unique per kind: 1–63 of `a–z A–Z 0–9 - _ .`, starting and ending
/// with a letter or digit (the meet of OpenSLO's and Backstage's rules).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name: 1 to 63 letters, digits, `-`, `_` or `.`, first and last a letter or digit"
)]
pub struct NameError(String);

impl Name {
    /// Checks and keeps a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let fits = text.len() <= 63
            && text.chars().all(inner)
            && edge(text.chars().next())
            && edge(text.chars().next_back());
        if fits { Ok(Self(text.to_owned())) } else { Err(NameError(text.to_owned())) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Name {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}
impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}
impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// How much depends on a service: 1 (most critical) to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Tier(u8);

impl Tier {
    /// The tier of that number, 1 to 4.
    pub fn new(number: u8) -> Option<Self> {
        (1..=4).contains(&number).then_some(Self(number))
    }
}
impl TryFrom<u8> for Tier {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        Self::new(number).ok_or_else(|| format!("tier {number} is not one of 1 to 4"))
    }
}
impl From<Tier> for u8 {
    fn from(tier: Tier) -> Self {
        tier.0
    }
}

/// A team that owns services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its name.
    pub name: Name,
    /// How people call it.
    pub display_name: Option<String>,
}

/// A service: what SLOs, deployments and gates are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// How people call it.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// The owning team; none is `unowned`, accepted with a warning.
    pub owner: Option<Name>,
    /// Its tier, when stated.
    pub tier: Option<Tier>,
    /// The services it calls.
    pub depends_on: Vec<Name>,
    /// The error-budget policy its gates use; none is the one named `default`.
    pub budget_policy: Option<Name>,
}
