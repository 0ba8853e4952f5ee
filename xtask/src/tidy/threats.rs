//! The threat model names the tests that show what is done: each of them exists, and so does each
//! file that it names. Every threat says by which tests, or that nothing is done.

use std::collections::BTreeSet;

use super::Finding;

/// The document.
pub(super) const MODEL: &str = "docs/threat-model.md";

/// The tests that there are, by name.
#[derive(Debug, Default)]
pub(super) struct Tests(BTreeSet<String>);

impl Tests {
    /// Notes those of one file: a function after an attribute that makes it a test.
    pub(super) fn note(&mut self, path: &str, text: &str) {
        if !path.ends_with(".rs") {
            return;
        }
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some(name) = function(line) {
                if is_test {
                    self.0.insert(name.to_owned());
                }
                is_test = false;
            }
        }
    }
}

/// The name of the function that begins on this line.
fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?.split('(').next()
}

/// Checks the document against the tests and files that there are.
pub(super) fn check(model: &str, tests: &Tests, paths: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if model.is_empty() {
        let complaint = "there is no threat model, or it is empty".to_owned();
        return vec![Finding::file(MODEL, complaint)];
    }
    for (number, line) in (1..).zip(model.lines()) {
        for word in line.split('`').skip(1).step_by(2) {
            if is_file(word) && !paths.iter().any(|path| path == word) {
                findings.push(Finding::line(MODEL, number, format!("there is no file `{word}`")));
            } else if is_name(word) && !tests.0.contains(word) {
                findings.push(Finding::line(MODEL, number, format!("there is no test `{word}`")));
            }
        }
    }
    for threat in model.split("\n### ").skip(1) {
        let (title, body) = threat.split_once('\n').unwrap_or((threat, ""));
        if !body.contains("\nTests: ") && !body.contains("\nNot done: ") {
            let complaint = format!("{title} names neither tests nor what is not done");
            findings.push(Finding::file(MODEL, complaint));
        }
    }
    findings
}

fn is_file(word: &str) -> bool {
    word.contains('/') && word.contains('.') && !word.starts_with('/')
}

/// Names of tests are sentences; scopes and codes are a word or two.
fn is_name(word: &str) -> bool {
    let of_a_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let fuzzes = word.starts_with("fuzz_") || word.starts_with("hostile_");
    word.chars().all(of_a_name) && (word.matches('_').count() > 1 || fuzzes)
}
