//! The shape of source files: length, width, module docs, tests beside the code.
//!
//! Works on text as rustfmt leaves it, where a function ends at the first closing brace that stands
//! as far in as its first line.

use super::Finding;
use std::path::Path;

/// Lines of one file.
const FILE_LINES_MAX: usize = 600;
/// Lines of one function, signature included.
const FUNCTION_LINES_MAX: usize = 60;
/// Characters of one line.
const COLUMNS_MAX: usize = 100;

/// What counts as source.
const SOURCE: [&str; 7] = ["rs", "ts", "tsx", "mjs", "js", "css", "sh"];

/// Checks one file.
pub(super) fn check(path: &str, text: &str) -> Vec<Finding> {
    let kind = Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let mut findings = Vec::new();
    let lines = text.lines().count();
    if SOURCE.contains(&kind) && lines > FILE_LINES_MAX {
        let complaint = format!("{lines} lines, {FILE_LINES_MAX} are allowed");
        findings.push(Finding::file(path, complaint));
    }
    if kind == "rs" {
        findings.extend(long_functions(path, text));
        findings.extend(inline_tests(path, text));
    }
    if kind == "rs" && !is_test(path) {
        findings.extend(wide_lines(path, text));
        findings.extend(missing_docs(path, text));
    }
    findings
}

/// A `foo/tests.rs` belongs to a `foo.rs`, a `foo/mod.rs` or a crate's root.
pub(super) fn check_siblings(paths: &[String]) -> Vec<Finding> {
    let exists = |path: String| paths.contains(&path);
    let lonely = paths.iter().filter(|path| {
        path.strip_suffix("/tests.rs").is_some_and(|folder| {
            let roots = ["mod", "lib", "main"].map(|root| format!("{folder}/{root}.rs"));
            !exists(format!("{folder}.rs")) && !roots.into_iter().any(exists)
        })
    });
    let complaint = "tests of nothing: no file beside it has this name".to_owned();
    lonely.map(|path| Finding::file(path, complaint.clone())).collect()
}

/// Test code: what it expects stands in it verbatim, however wide.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests")
}

fn long_functions(path: &str, text: &str) -> Vec<Finding> {
    let lines: Vec<&str> = text.lines().collect();
    let mut findings = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let length = function_lines(&lines[start..]);
        if length > FUNCTION_LINES_MAX {
            let complaint = format!("`{name}`: {length} lines, {FUNCTION_LINES_MAX} are allowed");
            findings.push(Finding::line(path, start + 1, complaint));
        }
    }
    findings
}

/// The name, if a function's first line is this.
fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("fn ")?;
    let qualifies = |word: &str| {
        word.starts_with("pub")
            || ["const", "async", "unsafe", "in"].contains(&word)
            || word.starts_with("extern")
            || word.starts_with('"')
            || word.ends_with(')')
    };
    let name = after.split(['(', '<']).next().unwrap_or_default();
    let named = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (named && before.split_whitespace().all(qualifies)).then_some(name)
}

/// How many lines the function takes that starts at the first line.
fn function_lines(lines: &[&str]) -> usize {
    let indent = lines[0].len() - lines[0].trim_start().len();
    let margin = &lines[0][..indent];
    if lines[0].ends_with([';', '}']) {
        return 1;
    }
    let ends = |line: &&str| {
        let own = line.strip_prefix(margin).unwrap_or_default();
        // A body's end, or a required method whose signature took several lines.
        own == "}" || (own.starts_with(')') && own.ends_with(';'))
    };
    lines.iter().position(ends).map_or(lines.len(), |last| last + 1)
}

fn inline_tests(path: &str, text: &str) -> Vec<Finding> {
    let inline = |line: &str| line.trim_start().starts_with("mod tests {");
    let found = (1..).zip(text.lines()).filter(|(_, line)| inline(line));
    let complaint = "tests live in a sibling `tests.rs`".to_owned();
    found.map(|(number, _)| Finding::line(path, number, complaint.clone())).collect()
}

fn wide_lines(path: &str, text: &str) -> Vec<Finding> {
    let widths = (1..).zip(text.lines().map(|line| line.chars().count()));
    let wide = widths.filter(|&(_, width)| width > COLUMNS_MAX);
    wide.map(|(number, width)| {
        Finding::line(path, number, format!("{width} columns, {COLUMNS_MAX} are allowed"))
    })
    .collect()
}

fn missing_docs(path: &str, text: &str) -> Option<Finding> {
    let complaint = "starts without module docs: what it is, its invariant, what it must not do";
    (!text.starts_with("//!")).then(|| Finding::file(path, complaint.to_owned()))
}
