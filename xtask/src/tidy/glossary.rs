//! The glossary: each word has a paragraph of its own, with the pitfall that goes with it.

use std::collections::BTreeSet;

use super::Finding;

const PATH: &str = "docs/glossary.md";

/// Checks the glossary; nothing else is one.
pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    if path != PATH {
        return Vec::new();
    }
    let mut known = BTreeSet::new();
    let mut findings = Vec::new();
    for (number, paragraph) in paragraphs(text) {
        let Some((word, meaning)) = entry(&paragraph) else { continue };
        let mut complain = |complaint| findings.push(Finding::line(path, number, complaint));
        if !known.insert(word.to_lowercase()) {
            complain(format!("`{word}` is there twice: one line per word"));
        }
        match meaning.split_once("*Pitfall:*") {
            Some((meaning, pitfall)) if meaning.trim().is_empty() || pitfall.trim().is_empty() => {
                complain(format!("`{word}` lacks its meaning or its pitfall's text"));
            }
            Some(_) => {}
            None => complain(format!("`{word}` has no pitfall")),
        }
    }
    findings
}

/// Each paragraph in one line, with the number of its first.
fn paragraphs(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        match found.last_mut().filter(|_| goes_on) {
            Some((_, paragraph)) => *paragraph += &format!(" {line}"),
            None => found.push((number, line.to_owned())),
        }
        goes_on = !line.trim().is_empty();
    }
    found
}

/// The word and what is said of it, in `**Word.** What it means.`
fn entry(paragraph: &str) -> Option<(&str, &str)> {
    paragraph.strip_prefix("**")?.split_once(".**")
}
