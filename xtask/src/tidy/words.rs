//! Words that no committed file holds.
//!
//! They are put together from halves, so that this file obeys its own rule.

use super::Finding;

/// A word, and why it is not wanted.
struct Banned {
    word: &'static str,
    why: &'static str,
}

const UNFINISHED: &str = "finish it, or leave it out";
const PATIENCE: &str = "wait on World's clock or on an event";
const MIRRORS: &str = "builds go through whatever registry the machine is configured for";

const BANNED: [Banned; 10] = [
    Banned { word: concat!("TO", "DO"), why: UNFINISHED },
    Banned { word: concat!("FIX", "ME"), why: UNFINISHED },
    Banned { word: concat!("XX", "X"), why: UNFINISHED },
    Banned { word: concat!("to", "do!"), why: UNFINISHED },
    Banned { word: concat!("unimple", "mented!"), why: UNFINISHED },
    Banned { word: concat!("#[ign", "ore"), why: "a test that does not run is no test" },
    Banned { word: concat!("thread::", "sleep("), why: PATIENCE },
    Banned { word: concat!("crates", ".io"), why: MIRRORS },
    Banned { word: concat!("npm", "js"), why: MIRRORS },
    Banned { word: concat!("py", "pi"), why: MIRRORS },
];

/// Checks one file, line by line.
pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for Banned { word, why } in BANNED.iter().filter(|banned| occurs(banned.word, line)) {
            findings.push(Finding::line(path, number, format!("`{word}`: {why}")));
        }
    }
    findings
}

/// Whether a line holds a word that is not a part of a longer one.
fn occurs(word: &str, line: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let opens = word.starts_with(joins);
    let closes = word.ends_with(joins);
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(joins);
        let after = line[at + word.len()..].chars().next().is_some_and(joins);
        !(opens && before || closes && after)
    })
}
