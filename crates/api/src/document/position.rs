//! Places in files, and faults at them.
//!
//! A [`Fault`] is what is wrong; with a file and a [`Pos`] it becomes a diagnostic. Codes are
//! stable, `noun.what`, so that an editor or a CI rule can rely on them.

use crate::v1::definition::{Diagnostic, Level};

/// A place in a file, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pos {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Pos {
    /// Where every file starts.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place after `text` has been read from here.
    pub(super) fn after(self, text: &str) -> Self {
        text.chars().fold(self, |pos, c| match c {
            '\n' => Self { line: pos.line + 1, column: 1 },
            _ => Self { column: pos.column + 1, ..pos },
        })
    }
}

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq)]
pub struct At<T> {
    /// Where it stands.
    pub at: Pos,
    /// The value.
    pub value: T,
}

/// What is wrong, before it has a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    level: Level,
    code: &'static str,
    message: String,
    hint: Option<String>,
}

impl Fault {
    /// A fault that keeps everything from being applied.
    pub(super) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { level: Level::Error, code, message: message.into(), hint: None }
    }

    /// A fault that is only worth knowing.
    pub(super) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(code, message) }
    }

    /// How to mend it.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The fault, saying at which byte of a text it is: for texts whose places are not known.
    pub(super) fn at_byte(self, offset: usize) -> Self {
        Self { message: format!("{} (at byte {offset} of the text)", self.message), ..self }
    }

    /// The fault at its place.
    pub(super) fn at(self, file: &str, pos: Pos) -> Diagnostic {
        Diagnostic {
            level: self.level,
            code: self.code.to_owned(),
            file: file.to_owned(),
            line: pos.line,
            column: pos.column,
            message: shortened(self.message),
            hint: self.hint,
        }
    }
}

/// At most 500 characters: a message repeats what was written, however long that is.
fn shortened(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(500) {
        message.truncate(end);
        message.push('…');
    }
    message
}
