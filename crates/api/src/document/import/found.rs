//! One SLO, as any of the formats has it.

use super::super::position::{At, Pos};
use super::super::yaml::{Node, Value};

/// An SLO that was found.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it stands.
    pub(super) at: Pos,
    /// What it was called there.
    pub(super) called: String,
    /// The name it gets.
    pub(super) name: String,
    /// How people call it.
    pub(super) display_name: Option<String>,
    /// What it promises, in words.
    pub(super) description: Option<String>,
    /// Whose it is.
    pub(super) service: At<String>,
    /// Notes for other programs.
    pub(super) labels: Vec<(String, String)>,
    /// Longer notes for other programs.
    pub(super) annotations: Vec<(String, String)>,
    /// What share of events must be good, as a field of an objective: `targetPercent: 99.9`.
    pub(super) target: String,
    /// The window, as a mapping in one line.
    pub(super) window: String,
    /// What counts.
    pub(super) budgeting: Budgeting,
    /// What is measured.
    pub(super) metric: Metric,
    /// Who is alerted.
    pub(super) alerts: Alerts,
}

/// What counts.
#[derive(Debug, Clone)]
pub(super) struct Budgeting {
    /// The budgeting method.
    pub(super) method: &'static str,
    /// What it adds to the objective, as fields: `timeSliceWindow: 1m`.
    pub(super) fields: String,
}

impl Budgeting {
    /// Every event counts the same.
    pub(super) fn occurrences() -> Self {
        Self { method: "Occurrences", fields: String::new() }
    }
}

/// What is measured.
#[derive(Debug)]
pub(super) enum Metric {
    /// Good or bad events of all.
    Ratio {
        /// `good` or `bad`.
        part: &'static str,
        /// What counts them.
        query: String,
        /// What counts all.
        total: String,
    },
    /// A share as one query.
    Raw {
        /// The query.
        query: String,
        /// `success` or `failure`.
        of: &'static str,
    },
    /// A gauge.
    Gauge {
        /// The gauge.
        query: String,
        /// What a good sample satisfies, as fields of an objective: `op: gte, value: 1`.
        condition: String,
    },
}

/// Whether an SLO's alerts are wanted, by what they ask of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alerts {
    /// Pages.
    pub(super) pages: bool,
    /// Tickets.
    pub(super) tickets: bool,
}

impl Alerts {
    /// All of them.
    pub(super) const ALL: Self = Self { pages: true, tickets: true };
    /// None of them.
    pub(super) const NONE: Self = Self { pages: false, tickets: false };
}

/// The entries of a table of texts; what is no text is left out.
pub(super) fn table(node: Option<&Node>) -> Vec<(String, String)> {
    let Some(Value::Map(entries)) = node.map(|node| &node.value) else { return Vec::new() };
    let text = |node: &Node| match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    };
    entries.iter().filter_map(|(key, node)| Some((key.value.clone(), text(node)?))).collect()
}

/// A name of what a text says: what a name cannot hold becomes a dash.
pub(super) fn name_of(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let words: Vec<_> = text.split(|c| !fits(c)).filter(|word| !word.is_empty()).collect();
    let edge = |c: char| !c.is_ascii_alphanumeric();
    let mut name = words.join("-").trim_matches(edge).to_owned();
    name.truncate(63);
    name.trim_end_matches(edge).to_owned()
}
