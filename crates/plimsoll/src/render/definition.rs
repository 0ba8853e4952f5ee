//! Diagnostics as compilers print them, and what an apply changed.

use plimsoll_api::v1::definition::{
    Definition, DefinitionChange, Diagnostic, File, ImportNote, ImportOutcome, Level, Provenance,
    Report,
};
use similar::TextDiff;

use super::{Screen, Tone, Word, objective, page, text};

/// `file:line:column: error[code]: message`, the line at fault with a caret, and the hint below.
pub(crate) fn diagnostics(screen: &Screen, found: &[Diagnostic], files: &[File]) -> String {
    found.iter().map(|found| diagnostic(screen, found, files)).collect::<Vec<_>>().join("\n")
}

/// What became of a submission.
pub(crate) fn report(screen: &Screen, report: &Report, files: &[File]) -> String {
    let changes = changes(screen, &report.changes);
    let summary = match (&report.revision, report.applied) {
        (Some(revision), true) => {
            format!("Applied as {revision}: {}.", changed(&report.changes))
        }
        (None, true) => "In force already: nothing changed.".to_owned(),
        (_, false) => format!("Nothing was applied: {}.", tally(&report.diagnostics)),
    };
    page([diagnostics(screen, &report.diagnostics, files), changes, summary])
}

/// What applying would do.
pub(crate) fn plan(screen: &Screen, report: &Report, files: &[File]) -> String {
    let summary = if has_errors(&report.diagnostics) {
        format!("Nothing would be applied: {}.", tally(&report.diagnostics))
    } else {
        format!("Would be applied: {}.", changed(&report.changes))
    };
    let changes = changes(screen, &report.changes);
    page([diagnostics(screen, &report.diagnostics, files), changes, summary])
}

/// The same, with the lines that would change.
pub(crate) fn differences(screen: &Screen, report: &Report, files: &[File]) -> String {
    let differences = report.changes.iter().filter_map(|change| difference(screen, change));
    let differences = differences.collect::<Vec<_>>().join("\n\n");
    let summary = if has_errors(&report.diagnostics) {
        format!("Nothing would be applied: {}.", tally(&report.diagnostics))
    } else {
        format!("{}.", changed(&report.changes))
    };
    page([diagnostics(screen, &report.diagnostics, files), differences, summary])
}

/// Whether applying would change something.
pub(crate) fn differs(report: &Report) -> bool {
    report.changes.iter().any(|change| change.action != UNCHANGED)
}

/// One definition: whose it is, and its text.
pub(crate) fn one(definition: &Definition) -> String {
    let Definition { kind, name, yaml, .. } = definition;
    let origin = objective::origin(&Provenance::from(definition));
    format!("# {kind} {name} ({origin})\n{}", yaml.trim_end())
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

/// What became of what was imported: `file:line:column: kept: message`, and the hint below.
pub(crate) fn imported(screen: &Screen, notes: &[ImportNote]) -> String {
    let line = |note: &ImportNote| {
        let ImportNote { file, line, column, message, hint, .. } = note;
        let (word, tone) = match note.outcome {
            ImportOutcome::Kept => ("kept", Tone::Good),
            ImportOutcome::Changed => ("changed", Tone::Caution),
            ImportOutcome::Refused => ("refused", Tone::Bad),
        };
        let word = screen.loud(&Word { text: word.to_owned(), tone });
        let (place, message) = (text::on_one_line(file), text::escaped(message));
        let hint = hint.as_ref().map(|hint| format!("\n  hint: {}", text::escaped(hint)));
        format!("{place}:{line}:{column}: {word}: {message}{}", hint.unwrap_or_default())
    };
    let of = |outcome| notes.iter().filter(|note| note.outcome == outcome).count();
    let summary = format!(
        "{} kept, {} changed, {} refused",
        of(ImportOutcome::Kept),
        of(ImportOutcome::Changed),
        of(ImportOutcome::Refused)
    );
    let lines = notes.iter().map(line).collect::<Vec<_>>().join("\n");
    page([lines, summary])
}

/// Whether one of them is an error.
pub(crate) fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|found| found.level == Level::Error)
}

const UNCHANGED: &str = "unchanged";

/// `1 created, 2 updated, 3 unchanged`.
fn changed(changes: &[DefinitionChange]) -> String {
    let counted = ["created", "updated", UNCHANGED].map(|action| {
        let count = changes.iter().filter(|change| change.action == action).count();
        format!("{count} {action}")
    });
    counted.join(", ")
}

fn diagnostic(screen: &Screen, found: &Diagnostic, files: &[File]) -> String {
    let Diagnostic { file, line, column, code, message, .. } = found;
    let (word, tone) = match found.level {
        Level::Error => ("error", Tone::Bad),
        Level::Warning => ("warning", Tone::Caution),
    };
    let level = screen.loud(&Word { text: word.to_owned(), tone });
    let (place, message) = (text::on_one_line(file), text::escaped(message));
    let source = files.iter().find(|source| text::escaped(&source.path) == text::escaped(file));
    let source = source.and_then(|source| source.text.lines().nth(*line as usize - 1));
    let snippet = source.map(|source| snippet(screen, source, *line, *column, tone));
    let hint = found.hint.as_ref().map(|hint| format!("\n  hint: {}", text::escaped(hint)));
    format!(
        "{place}:{line}:{column}: {level}[{code}]: {message}{}{}",
        snippet.unwrap_or_default(),
        hint.unwrap_or_default()
    )
}

/// A line longer than this is shown around its fault alone.
const SNIPPET_MAX: usize = 100;
/// What is shown of it before the fault.
const SNIPPET_BEFORE: usize = 40;

/// The line at fault, and a caret below the column at fault.
fn snippet(screen: &Screen, source: &str, line: u32, column: u32, tone: Tone) -> String {
    let column = column as usize - 1;
    let skipped = if source.chars().count() > SNIPPET_MAX {
        column.saturating_sub(SNIPPET_BEFORE)
    } else {
        0
    };
    let part = |from: usize, count: usize| {
        let part: String = source.chars().skip(from).take(count).collect();
        text::on_one_line(&part.replace('\t', "    "))
    };
    let shown = part(skipped, SNIPPET_MAX);
    let cut = if skipped > 0 { "…" } else { "" };
    let before = text::width(cut) + text::width(&part(skipped, column - skipped));
    let margin = " ".repeat(line.to_string().len());
    let caret = screen.toned(tone, "^");
    format!("\n  {line} | {cut}{shown}\n  {margin} | {}{caret}", " ".repeat(before))
}

fn changes(screen: &Screen, changes: &[DefinitionChange]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let rows = changes.iter().map(|change| {
        let DefinitionChange { action, kind, name, .. } = change;
        vec![Word::status(action), kind.as_str().into(), name.as_str().into()]
    });
    screen.table(&["CHANGE", "KIND", "NAME"], rows)
}

/// What would change in one document, as a unified diff.
fn difference(screen: &Screen, change: &DefinitionChange) -> Option<String> {
    let DefinitionChange { action, kind, name, before, before_origin, after } = change;
    let after = after.as_deref().filter(|_| action != UNCHANGED)?;
    let title = match before_origin.as_deref() {
        Some("default") => format!("{action} {kind} {name}, in place of the default"),
        Some(_) | None => format!("{action} {kind} {name}"),
    };
    let title = screen.loud(&Word { text: title, tone: Tone::Plain });
    // Texts are kept with or without a last line end, as files were cut.
    let whole = |text: &str| format!("{}\n", text.trim_matches(['\r', '\n']));
    let before = before.as_deref().map(whole).unwrap_or_default();
    let after = whole(after);
    let diff = TextDiff::from_lines(&before, &after);
    let (from, to) = match before.is_empty() {
        true => ("/dev/null".to_owned(), format!("{kind}/{name}")),
        false => (format!("{kind}/{name} (in force)"), format!("{kind}/{name}")),
    };
    let text = diff.unified_diff().context_radius(3).header(&from, &to).to_string();
    let lines = text.lines().map(|line| {
        let tone = match line.as_bytes().first() {
            Some(b'+') => Tone::Good,
            Some(b'-') => Tone::Bad,
            Some(b'@') => Tone::Caution,
            Some(_) | None => Tone::Plain,
        };
        screen.toned(tone, &text::escaped(line))
    });
    Some(format!("{title}\n{}", lines.collect::<Vec<_>>().join("\n")))
}

#[cfg(test)]
mod tests;
