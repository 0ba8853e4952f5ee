//! What is measured: declared tallies, their channels, and the ratio an SLO reads from them.
//!
//! A tally's identity is the hash of (source, kind, selector of the total, grouping): changing a
//! target or a window keeps its history, changing the selector of the total starts a new tally.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Units;
use super::selector::Selector;
use super::slices::Slicing;
use crate::catalog::Name;

/// Identity of a tally or of one of its channels: the first 16 bytes of a SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The hash of lists of texts, each after its length, as is each text: no two write the same.
    pub(super) fn of(lists: &[&[&str]]) -> Self {
        let mut hash = Sha256::new();
        for list in lists {
            hash.update((list.len() as u64).to_be_bytes());
            for text in *list {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Self(bytes)
    }
}

/// What a selector asks for, text by text. What people read is not enough: `a="p",b="q"` is two
/// matchers, or one of an odd label.
fn texts(selector: &Selector) -> Vec<&str> {
    let matchers = selector.matchers().iter();
    matchers.flat_map(|m| [m.label.as_str(), m.comparison.as_str(), m.value.as_str()]).collect()
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

impl Part {
    /// (good, bad) of a total and its part; a part larger than its total, from counters that are
    /// not read in one instant, counts as the whole.
    pub(in crate::slo) fn split(self, total: Units, part: Units) -> (Units, Units) {
        let part = part.min(total);
        match self {
            Self::Good => (part, total.minus(part)),
            Self::Bad => (total.minus(part), part),
        }
    }
}

/// How a gauge is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// `<`
    Lt,
    /// `<=`
    Lte,
    /// `>`
    Gt,
    /// `>=`
    Gte,
}

impl Operator {
    /// Its sign.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Lte => "<=",
            Self::Gt => ">",
            Self::Gte => ">=",
        }
    }
}

/// What a gauge must satisfy for a sample to be good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// How it is compared.
    pub operator: Operator,
    /// With what; finite.
    pub value: f64,
}

impl Condition {
    /// Whether a value satisfies it.
    pub fn holds(self, value: f64) -> bool {
        match self.operator {
            Operator::Lt => value < self.value,
            Operator::Lte => value <= self.value,
            Operator::Gt => value > self.value,
            Operator::Gte => value >= self.value,
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.operator.as_str(), self.value)
    }
}

/// What a series adds to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A counter's increase.
    Increase,
    /// A native histogram's observations.
    Observations,
    /// A native histogram's observations at or below a threshold, in the unit of its metric.
    AtMost(f64),
    /// A gauge's samples.
    Samples,
    /// A gauge's samples that satisfy a condition.
    Meeting(Condition),
}

/// What kind of series a tally counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Counters, classic histogram buckets among them.
    Counter,
    /// Native histograms.
    Histogram,
    /// Gauges.
    Gauge,
}

impl Measure {
    /// The kind of series it measures.
    pub fn kind(self) -> Kind {
        match self {
            Self::Increase => Kind::Counter,
            Self::Observations | Self::AtMost(_) => Kind::Histogram,
            Self::Samples | Self::Meeting(_) => Kind::Gauge,
        }
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Increase => f.write_str("increase"),
            Self::Observations => f.write_str("observations"),
            Self::AtMost(threshold) => write!(f, "observations <= {threshold}"),
            Self::Samples => f.write_str("samples"),
            Self::Meeting(condition) => write!(f, "samples {condition}"),
        }
    }
}

/// One sum per minute: of which series, and what of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Which series.
    pub selector: Selector,
    /// What of them.
    pub measure: Measure,
}

impl Channel {
    /// Its identity within its tally.
    pub fn id(&self) -> Fingerprint {
        Fingerprint::of(&[&["channel", &self.measure.to_string()], &texts(&self.selector)])
    }
}

/// By which labels an SLI is split.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouping {
    /// The labels; none when it is not split.
    pub labels: Vec<String>,
    /// How many groups it may have; what comes later is counted as `__other__`.
    pub groups_max: u32,
}

/// What is measured: all events, and the good or bad ones among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Where the samples come from.
    pub source: Source,
    /// All events.
    pub total: Channel,
    /// Whether `part_channel` counts the good or the bad ones.
    pub part: Part,
    /// The good or bad events.
    pub part_channel: Channel,
    /// Into which groups it is split.
    pub grouping: Grouping,
}

impl Indicator {
    /// A ratio of counters: all events, and the good or bad ones.
    pub fn ratio(total: Selector, part: Part, part_selector: Selector) -> Self {
        let measure = Measure::Increase;
        Self::of(
            Channel { selector: total, measure },
            part,
            Channel { selector: part_selector, measure },
        )
    }

    /// Observations of native histograms: those at or below the threshold are good.
    pub fn latency(histogram: Selector, threshold: f64) -> Self {
        let channel = |measure| Channel { selector: histogram.clone(), measure };
        Self::of(channel(Measure::Observations), Part::Good, channel(Measure::AtMost(threshold)))
    }

    /// Samples of gauges: those that satisfy the condition are good.
    pub fn gauge(gauge: Selector, condition: Condition) -> Self {
        let channel = |measure| Channel { selector: gauge.clone(), measure };
        Self::of(channel(Measure::Samples), Part::Good, channel(Measure::Meeting(condition)))
    }

    fn of(total: Channel, part: Part, part_channel: Channel) -> Self {
        Self { source: Source::Ingest, total, part, part_channel, grouping: Grouping::default() }
    }

    /// What kind of series it reads.
    pub fn kind(&self) -> Kind {
        self.total.measure.kind()
    }

    /// The tally it reads: the hash of (source, kind, selector of the total, grouping).
    pub fn tally(&self) -> Fingerprint {
        let Source::Ingest = self.source;
        let kind = match self.kind() {
            Kind::Counter => "counter",
            Kind::Histogram => "histogram",
            Kind::Gauge => "gauge",
        };
        let labels: Vec<&str> = self.grouping.labels.iter().map(String::as_str).collect();
        Fingerprint::of(&[&["ingest", kind], &texts(&self.total.selector), &labels])
    }
}

/// What is to be counted: one tally with its channels, the total first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    /// Its identity.
    pub tally: Fingerprint,
    /// The service it belongs to.
    pub service: Name,
    /// Its channels, each once, the total first.
    pub channels: Vec<Channel>,
    /// Into which groups it is split.
    pub grouping: Grouping,
}

/// What an SLO reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reads {
    /// What is measured.
    #[serde(flatten)]
    pub indicator: Indicator,
    /// Into which slices it is cut, if these count and not the events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slicing: Option<Slicing>,
}

impl From<Indicator> for Reads {
    fn from(indicator: Indicator) -> Self {
        Self { indicator, slicing: None }
    }
}

/// Everything that is to be counted, and which SLO reads what of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Declarations {
    /// The tallies, one per identity, in a stable order.
    pub tallies: Vec<Declaration>,
    /// The SLOs by name: what each reads from now on.
    pub readers: BTreeMap<Name, Reads>,
}

/// What is to be counted otherwise than before.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The tallies that are new, or have other channels than before.
    pub tallies: Vec<Declaration>,
    /// The tallies that are wanted no longer.
    pub ended: Vec<Fingerprint>,
    /// What SLOs read from now on, if not the same as before; nothing, when they are gone.
    pub readers: BTreeMap<Name, Option<Reads>>,
}

impl Change {
    /// Whether everything stays as it is.
    pub fn is_empty(&self) -> bool {
        self.tallies.is_empty() && self.ended.is_empty() && self.readers.is_empty()
    }
}

impl Declarations {
    /// What a set of SLOs needs.
    pub fn of<'a>(slos: impl IntoIterator<Item = &'a super::Slo>) -> Self {
        let mut declared = BTreeMap::new();
        let mut readers = BTreeMap::new();
        for slo in slos {
            let indicator = &slo.indicator;
            let slicing = slo.budgeting.slicing();
            readers.insert(slo.name.clone(), Reads { indicator: indicator.clone(), slicing });
            let declaration: &mut Declaration =
                declared.entry(indicator.tally()).or_insert_with(|| Declaration {
                    tally: indicator.tally(),
                    service: slo.service.clone(),
                    channels: vec![indicator.total.clone()],
                    grouping: indicator.grouping.clone(),
                });
            if !declaration.channels.contains(&indicator.part_channel) {
                declaration.channels.push(indicator.part_channel.clone());
            }
        }
        Self { tallies: declared.into_values().collect(), readers }
    }
}

#[cfg(test)]
mod tests;
