//! Diagnostics as compilers print them, and what an apply changed.

use plimsoll_api::v1::definition::{Definition, DefinitionChange, Diagnostic, Level, Report};

use super::format::maybe_instant;
use super::{Screen, Word, page};

/// `file:line:column: error[code]: message`, with the hint below.
pub(crate) fn diagnostics(screen: &Screen, found: &[Diagnostic]) -> String {
    found.iter().map(|found| diagnostic(screen, found)).collect::<Vec<_>>().join("\n")
}

/// What became of a submission.
pub(crate) fn report(screen: &Screen, report: &Report) -> String {
    let changes = changes(screen, &report.changes);
    let summary = match (&report.revision, report.applied) {
        (Some(revision), true) => format!("Applied as {revision}."),
        (None, true) => "In force already: nothing changed.".to_owned(),
        (_, false) => format!("Nothing was applied: {}.", tally(&report.diagnostics)),
    };
    page([diagnostics(screen, &report.diagnostics), changes, summary])
}

/// One definition: whose it is, and its text.
pub(crate) fn one(definition: &Definition) -> String {
    let Definition { kind, name, origin, yaml, .. } = definition;
    let by = definition.changed_by.as_deref();
    let changed =
        by.map(|by| format!(", changed {} by {by}", maybe_instant(definition.changed_at)));
    format!("# {kind} {name} ({origin}{})\n{}", changed.unwrap_or_default(), yaml.trim_end())
}

/// `2 errors, 1 warning`.
pub(crate) fn tally(found: &[Diagnostic]) -> String {
    let of = |level| found.iter().filter(|found| found.level == level).count();
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    };
    format!("{}, {}", counted(of(Level::Error), "error"), counted(of(Level::Warning), "warning"))
}

/// Whether one of them is an error.
pub(crate) fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|found| found.level == Level::Error)
}

fn diagnostic(screen: &Screen, found: &Diagnostic) -> String {
    let Diagnostic { file, line, column, code, message, .. } = found;
    let level = match found.level {
        Level::Error => Word { text: "error".to_owned(), tone: super::Tone::Bad },
        Level::Warning => Word { text: "warning".to_owned(), tone: super::Tone::Caution },
    };
    let level = screen.loud(&level);
    let hint = found.hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    format!("{file}:{line}:{column}: {level}[{code}]: {message}{hint}")
}

fn changes(screen: &Screen, changes: &[DefinitionChange]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let rows = changes.iter().map(|change| {
        let DefinitionChange { action, kind, name } = change;
        vec![action.as_str().into(), kind.as_str().into(), name.as_str().into()]
    });
    screen.table(&["CHANGE", "KIND", "NAME"], rows)
}

#[cfg(test)]
mod tests;
