//! What is measured: declared tallies, their channels, and the ratio an SLO reads from them.
//!
//! A tally's identity is the hash of (source, kind, selector of the total, grouping): changing a
//! target or a window keeps its history, changing the selector of the total starts a new tally.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::selector::Selector;
use crate::catalog::Name;

/// Identity of a tally or of one of its channels: the first 16 bytes of a SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Self(bytes)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}
impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}
impl TryFrom<String> for Fingerprint {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| text.len() == 32);
        number.map(|n| Self(n.to_be_bytes())).ok_or_else(|| format!("`{text}` is no fingerprint"))
    }
}

/// Where the samples of a tally come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Pushed to or scraped by this server.
    Ingest,
}

/// Which events the second channel of a ratio counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The good ones: bad = total − good.
    Good,
    /// The bad ones: good = total − bad.
    Bad,
}

/// A ratio SLI on counters: a total, and the good or bad ones among it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// Where the samples come from.
    pub source: Source,
    /// Counters of all events.
    pub total: Selector,
    /// Whether `part_selector` counts the good or the bad ones.
    pub part: Part,
    /// Counters of the good or bad events.
    pub part_selector: Selector,
}

impl Ratio {
    /// The tally it reads.
    pub fn tally(&self) -> Fingerprint {
        let Source::Ingest = self.source;
        Fingerprint::of(&["ingest", "counter", &self.total.to_string(), ""])
    }

    /// The channel of the total.
    pub fn total_channel(&self) -> Fingerprint {
        channel(&self.total)
    }

    /// The channel of the good or bad events.
    pub fn part_channel(&self) -> Fingerprint {
        channel(&self.part_selector)
    }
}

/// The identity of a channel within its tally.
pub fn channel(selector: &Selector) -> Fingerprint {
    Fingerprint::of(&["channel", &selector.to_string()])
}

/// What is to be counted: one tally with its channels, the total first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// Its identity.
    pub tally: Fingerprint,
    /// The service it belongs to.
    pub service: Name,
    /// Channel selectors, each once, the total's first.
    pub channels: Vec<Selector>,
}

/// All tallies that a set of SLOs needs, one per identity, in a stable order.
pub fn declarations<'a>(slos: impl Iterator<Item = &'a super::Slo>) -> Vec<Declaration> {
    let mut declared = std::collections::BTreeMap::new();
    for slo in slos {
        let ratio = &slo.indicator;
        let declaration: &mut Declaration =
            declared.entry(ratio.tally()).or_insert_with(|| Declaration {
                tally: ratio.tally(),
                service: slo.service.clone(),
                channels: vec![ratio.total.clone()],
            });
        if !declaration.channels.contains(&ratio.part_selector) {
            declaration.channels.push(ratio.part_selector.clone());
        }
    }
    declared.into_values().collect()
}
