//! Series selectors: Prometheus label matchers, and the labels they match.

mod labels;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use labels::Labels;

/// How a matcher compares. An absent label reads as the empty text, as in Prometheus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Comparison {
    /// `=`
    #[serde(rename = "=")]
    Equal,
    /// `!=`
    #[serde(rename = "!=")]
    NotEqual,
    /// `=~`, anchored at both ends.
    #[serde(rename = "=~")]
    Matches,
    /// `!~`, anchored at both ends.
    #[serde(rename = "!~")]
    NotMatches,
}

impl Comparison {
    /// Its operator.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::NotMatches => "!~",
        }
    }
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what: a text, or a regular expression.
    pub value: String,
}

/// A series selector: all matchers hold. Clones share them: what an SLO is declared by stands in
/// its definition, in its tally and in its history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "Vec<Matcher>")]
pub struct Selector {
    matchers: Arc<[Matcher]>,
}

impl From<Vec<Matcher>> for Selector {
    fn from(matchers: Vec<Matcher>) -> Self {
        Self { matchers: matchers.into() }
    }
}
impl Serialize for Selector {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.matchers.serialize(serializer)
    }
}

impl Selector {
    /// A selector in canonical order, so that equal conditions make equal selectors.
    pub fn new(mut matchers: Vec<Matcher>) -> Self {
        matchers.sort();
        matchers.dedup();
        matchers.into()
    }

    /// Its matchers, sorted.
    pub fn matchers(&self) -> &[Matcher] {
        &self.matchers
    }

    /// The one metric it can select, if it names one.
    pub fn metric(&self) -> Option<&str> {
        let named = |m: &&Matcher| m.label == "__name__" && m.comparison == Comparison::Equal;
        self.matchers.iter().find(named).map(|matcher| matcher.value.as_str())
    }

    /// The selector made ready for matching; an error names the regular expression at fault.
    pub fn compile(&self) -> Result<Compiled, RegexError> {
        self.compile_with(&mut Patterns::default())
    }

    /// The same, for many selectors, of which some have the same regular expressions.
    pub fn compile_with(&self, patterns: &mut Patterns) -> Result<Compiled, RegexError> {
        let tests = self.matchers.iter().map(|matcher| Test::compile(matcher, patterns));
        Ok(Compiled { matchers: self.matchers.clone(), tests: tests.collect::<Result<_, _>>()? })
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.metric();
        f.write_str(name.unwrap_or_default())?;
        f.write_str("{")?;
        let is_name = |m: &Matcher| m.label == "__name__" && m.comparison == Comparison::Equal;
        let rest = self.matchers.iter().filter(|m| !(is_name(m) && Some(&*m.value) == name));
        for (i, matcher) in rest.enumerate() {
            let comma = if i > 0 { "," } else { "" };
            let Matcher { label, comparison, value } = matcher;
            write!(f, "{comma}{label}{}{value:?}", comparison.as_str())?;
        }
        f.write_str("}")
    }
}

/// A regular expression that does not compile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the regular expression `{pattern}` does not compile: {reason}")]
pub struct RegexError {
    pattern: String,
    reason: String,
}

/// Regular expressions that were compiled, each once: `5..` is in the selectors of many thousands
/// of objectives, and takes as much room as the rest of one.
#[derive(Debug, Default)]
pub struct Patterns(HashMap<String, Arc<regex::Regex>>);

impl Patterns {
    /// Anchored at both ends, as Prometheus does.
    fn compile(&mut self, pattern: &str) -> Result<Arc<regex::Regex>, RegexError> {
        if let Some(known) = self.0.get(pattern) {
            return Ok(known.clone());
        }
        // By itself first: an expression that closes what it never opened would close the group
        // that anchors it.
        let alone = expression(pattern);
        let anchored = || expression(&format!("^(?s:{pattern})$"));
        let compiled = alone.and_then(|_| anchored()).map_err(|error| RegexError {
            pattern: pattern.to_owned(),
            reason: error.to_string(),
        })?;
        let compiled = Arc::new(compiled);
        self.0.insert(pattern.to_owned(), compiled.clone());
        Ok(compiled)
    }
}

/// A selector with its regular expressions compiled.
#[derive(Debug)]
pub struct Compiled {
    matchers: Arc<[Matcher]>,
    /// One for each of them.
    tests: Box<[Test]>,
}

impl Compiled {
    /// Whether a series with these labels is selected.
    pub fn matches(&self, labels: &Labels) -> bool {
        let mut tests = self.matchers.iter().zip(&self.tests);
        tests.all(|(matcher, test)| {
            test.holds(&matcher.value, labels.get(&matcher.label).unwrap_or_default())
        })
    }
}

/// How the value of a label is compared with that of a matcher.
#[derive(Debug)]
enum Test {
    Equal,
    /// The bound of a classic histogram's bucket: `1` and `1.0` are the same.
    EqualBound(f64),
    NotEqualBound(f64),
    NotEqual,
    Matches(Arc<regex::Regex>),
    NotMatches(Arc<regex::Regex>),
}

impl Test {
    fn compile(matcher: &Matcher, patterns: &mut Patterns) -> Result<Self, RegexError> {
        let bound = matcher.value.parse::<f64>().ok().filter(|_| matcher.label == "le");
        Ok(match (matcher.comparison, bound) {
            (Comparison::Equal, Some(bound)) => Self::EqualBound(bound),
            (Comparison::NotEqual, Some(bound)) => Self::NotEqualBound(bound),
            (Comparison::Equal, None) => Self::Equal,
            (Comparison::NotEqual, None) => Self::NotEqual,
            (Comparison::Matches, _) => Self::Matches(patterns.compile(&matcher.value)?),
            (Comparison::NotMatches, _) => Self::NotMatches(patterns.compile(&matcher.value)?),
        })
    }

    fn holds(&self, wanted: &str, value: &str) -> bool {
        match self {
            Self::Equal => value == wanted,
            Self::EqualBound(bound) => value.parse() == Ok(*bound),
            Self::NotEqualBound(bound) => value.parse() != Ok(*bound),
            Self::NotEqual => value != wanted,
            Self::Matches(regex) => regex.is_match(value),
            Self::NotMatches(regex) => !regex.is_match(value),
        }
    }
}

fn expression(pattern: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(pattern).size_limit(REGEX_BYTES_MAX).build()
}

/// Memory one compiled expression may take.
const REGEX_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests;
