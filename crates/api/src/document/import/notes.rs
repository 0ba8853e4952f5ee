//! The report of an import: what was kept, changed or refused, each at its line.

use super::super::position::Pos;
use crate::v1::definition::{Diagnostic, ImportNote, ImportOutcome, Level};

/// The notes on one file.
pub(super) struct Notes {
    file: String,
    notes: Vec<ImportNote>,
}

impl Notes {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), notes: Vec::new() }
    }

    /// It means the same here.
    pub(super) fn kept(&mut self, at: Pos, message: impl Into<String>) {
        self.note(ImportOutcome::Kept, at, message.into(), None);
    }

    /// It means something else here, or nothing.
    pub(super) fn changed(&mut self, at: Pos, message: impl Into<String>, hint: Option<&str>) {
        self.note(ImportOutcome::Changed, at, message.into(), hint);
    }

    /// It is not written.
    pub(super) fn refused(&mut self, at: Pos, message: impl Into<String>, hint: Option<&str>) {
        self.note(ImportOutcome::Refused, at, message.into(), hint);
    }

    /// Another of that kind and name was written before.
    pub(super) fn twice(&mut self, at: Pos, kind: &str, name: &str) {
        let message = format!("there is another {kind} `{name}` before it");
        self.refused(at, message, Some("rename one of the two"));
    }

    /// What a reader of documents found. A field that it does not know is not read; anything else
    /// that is wrong keeps the SLO from being written.
    pub(super) fn fault(&mut self, fault: Diagnostic) {
        let known = fault.code != "field.unknown";
        let outcome = match fault.level {
            Level::Error if known => ImportOutcome::Refused,
            Level::Error | Level::Warning => ImportOutcome::Changed,
        };
        let Diagnostic { line, column, message, hint, .. } = fault;
        let (message, hint) = if known {
            (message, hint)
        } else {
            (message.replace(" is no field here", " is not read, and left out"), None)
        };
        self.notes.push(ImportNote {
            outcome,
            file: self.file.clone(),
            line,
            column,
            message,
            hint,
        });
    }

    fn note(&mut self, outcome: ImportOutcome, at: Pos, message: String, hint: Option<&str>) {
        let Pos { line, column } = at;
        let (file, hint) = (self.file.clone(), hint.map(str::to_owned));
        self.notes.push(ImportNote { outcome, file, line, column, message, hint });
    }
}

impl From<Notes> for Vec<ImportNote> {
    fn from(notes: Notes) -> Self {
        notes.notes
    }
}
