//! Series selectors: Prometheus label matchers, and the labels they match.

mod labels;

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

/// A series selector: all matchers hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Selector {
    matchers: Vec<Matcher>,
}

impl Selector {
    /// A selector in canonical order, so that equal conditions make equal selectors.
    pub fn new(mut matchers: Vec<Matcher>) -> Self {
        matchers.sort();
        matchers.dedup();
        Self { matchers }
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
        self.matchers
            .iter()
            .map(|matcher| Ok((matcher.label.clone(), Test::compile(matcher)?)))
            .collect::<Result<_, _>>()
            .map(Compiled)
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

/// A selector with its regular expressions compiled.
#[derive(Debug)]
pub struct Compiled(Vec<(String, Test)>);

impl Compiled {
    /// Whether a series with these labels is selected.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|(label, test)| test.holds(labels.get(label).unwrap_or_default()))
    }
}

#[derive(Debug)]
enum Test {
    Equal(String),
    /// The bound of a classic histogram's bucket: `1` and `1.0` are the same.
    EqualBound(f64),
    NotEqualBound(f64),
    NotEqual(String),
    Matches(regex::Regex),
    NotMatches(regex::Regex),
}

impl Test {
    fn compile(matcher: &Matcher) -> Result<Self, RegexError> {
        let regex = || {
            // By itself first: an expression that closes what it never opened would close the
            // group that anchors it.
            let alone = expression(&matcher.value);
            let anchored = || expression(&format!("^(?s:{})$", matcher.value));
            alone.and_then(|_| anchored()).map_err(|error| RegexError {
                pattern: matcher.value.clone(),
                reason: error.to_string(),
            })
        };
        let bound = matcher.value.parse::<f64>().ok().filter(|_| matcher.label == "le");
        Ok(match (matcher.comparison, bound) {
            (Comparison::Equal, Some(bound)) => Self::EqualBound(bound),
            (Comparison::NotEqual, Some(bound)) => Self::NotEqualBound(bound),
            (Comparison::Equal, None) => Self::Equal(matcher.value.clone()),
            (Comparison::NotEqual, None) => Self::NotEqual(matcher.value.clone()),
            (Comparison::Matches, _) => Self::Matches(regex()?),
            (Comparison::NotMatches, _) => Self::NotMatches(regex()?),
        })
    }

    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Equal(text) => value == text,
            Self::EqualBound(bound) => value.parse() == Ok(*bound),
            Self::NotEqualBound(bound) => value.parse() != Ok(*bound),
            Self::NotEqual(text) => value != text,
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
