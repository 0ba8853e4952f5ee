//! The house rules that no compiler checks: dependency edges, sizes, words, module docs.
//!
//! Invariant: every rule is a function from text to findings, so that each is tested on texts that
//! break it. Only [`findings`] reads files.

mod edges;
mod glossary;
mod source;
mod threats;
mod words;

use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::Command;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; `None` when the whole file is meant.
    line: Option<usize>,
    complaint: String,
}

impl Finding {
    fn file(path: &str, complaint: String) -> Self {
        Self { path: path.to_owned(), line: None, complaint }
    }

    fn line(path: &str, line: usize, complaint: String) -> Self {
        Self { path: path.to_owned(), line: Some(line), complaint }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, line, complaint } = self;
        match line {
            Some(line) => write!(f, "{path}:{line}: {complaint}"),
            None => write!(f, "{path}: {complaint}"),
        }
    }
}

/// Files written by tools: nobody reads them, so no rule applies.
const GENERATED: [&str; 4] =
    ["Cargo.lock", "openapi/v1.json", "ui/package-lock.json", "ui/src/api/schema.ts"];

/// Every breach in the files that are, or could be, committed.
pub(crate) fn findings(root: &Path) -> Result<Vec<Finding>> {
    let paths = files(root)?;
    let mut findings = Vec::new();
    let mut tests = threats::Tests::default();
    let mut model = None;
    for path in paths.iter().filter(|path| !GENERATED.contains(&path.as_str())) {
        let bytes = std::fs::read(root.join(path)).with_context(|| path.clone())?;
        // What is not text is a picture or a golden body.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        findings.extend(words::check(path, &text));
        findings.extend(source::check(path, &text));
        findings.extend(glossary::check(path, &text));
        if path.ends_with("Cargo.toml") {
            findings.extend(edges::check(path, &text)?);
        }
        tests.note(path, &text);
        if path == threats::MODEL {
            model = Some(text);
        }
    }
    findings.extend(source::check_siblings(&paths));
    findings.extend(threats::check(&model.unwrap_or_default(), &tests, &paths));
    Ok(findings)
}

/// What git knows or would add, from the workspace's directory; deleted files left out.
fn files(root: &Path) -> Result<Vec<String>> {
    let mut command = Command::new("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = command.current_dir(root).output().context("git cannot be run")?;
    ensure!(output.status.success(), "`git ls-files` failed: {}", output.status);
    let listed = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let paths = listed.split('\0').filter(|path| root.join(path).is_file());
    Ok(paths.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
