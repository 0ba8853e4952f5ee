//! What people read: tables fitted to the terminal, colours only on one.
//!
//! Drawing is pure, a text from an answer; [`Screen`] alone knows whether there is a terminal. JSON
//! and YAML are the answer itself, and never pass through a table's types.

mod format;

pub(crate) mod alert;
pub(crate) mod definition;
pub(crate) mod gate;
pub(crate) mod row;
pub(crate) mod seal;
pub(crate) mod slo;

use std::io::{self, IsTerminal as _, Write as _};

use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::Value;

use crate::exit::{Exit, Failure};

pub(crate) use row::Row;

/// Where output goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// Standard output is a terminal, whose width counts.
    terminal: bool,
    colour: bool,
}

/// What a word means to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Caution,
    Bad,
}

/// A text with its tone: the content of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    text: String,
    tone: Tone,
}

/// What stands where there is nothing.
const NOTHING: &str = "–";

impl Word {
    /// A status, a verdict, a phase, in the tone that the word has everywhere.
    pub(crate) fn status(word: &str) -> Self {
        let tone = match word {
            "healthy" | "allow" | "accepted" | "live" | "intact" => Tone::Good,
            "caution" | "warning" | "warn" | "ticket" | "pending" | "stale" => Tone::Caution,
            "exhausted" | "deny" | "firing" | "page" | "no_data" | "undeliverable" | "silent"
            | "failed" | "refused" | "changed" | "edited" | "deleted" | "inserted"
            | "reordered" | "truncated" | "rewritten" => Tone::Bad,
            _ => Tone::Plain,
        };
        Self { text: word.to_owned(), tone }
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self { text, tone: Tone::Plain }
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Option<String>> for Word {
    fn from(text: Option<String>) -> Self {
        text.unwrap_or_else(|| NOTHING.to_owned()).into()
    }
}

impl Screen {
    /// Standard output as it is.
    pub(crate) fn of_terminal(no_color: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        Self { terminal, colour: terminal && !no_color }
    }

    /// Prints a text and ends its line.
    pub(crate) fn print(&self, text: &str) -> Result<Exit, Failure> {
        let mut out = io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        match write!(out, "{text}{end}").and_then(|()| out.flush()) {
            Ok(()) => Ok(Exit::Ok),
            // The reader, such as `head`, has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Ok),
            Err(error) => Err(Failure::of(&error)),
        }
    }

    /// Prints a line beside the output.
    pub(crate) fn warn(&self, text: &str) {
        // With standard error gone there is nobody left to tell.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A text in its tone, bold.
    pub(crate) fn loud(&self, word: &Word) -> String {
        if !self.colour {
            return word.text.clone();
        }
        let colour = match word.tone {
            Tone::Plain => None,
            Tone::Good => Some(AnsiColor::Green.into()),
            Tone::Caution => Some(AnsiColor::Yellow.into()),
            Tone::Bad => Some(AnsiColor::Red.into()),
        };
        let style = Style::new().bold().fg_color(colour);
        format!("{style}{}{style:#}", word.text)
    }

    /// A table of items; a sentence when there is none.
    pub(crate) fn items<T: Row>(&self, items: &[T]) -> String {
        if items.is_empty() {
            return format!("There are no {}.", T::PLURAL);
        }
        self.table(T::HEADS, items.iter().map(Row::cells))
    }

    /// A table with headings.
    pub(crate) fn table(
        &self,
        heads: &[&str],
        rows: impl IntoIterator<Item = Vec<Word>>,
    ) -> String {
        let mut table = self.blank();
        table.set_header(heads.iter().copied());
        if let Some(ids) = table.column_mut(0).filter(|_| heads[0] == "ID") {
            // An id that is cut in two cannot be copied.
            ids.set_constraint(ColumnConstraint::ContentWidth);
        }
        self.fill(table, rows)
    }

    /// What is known of one thing, a line each.
    pub(crate) fn sheet<const N: usize>(&self, lines: [(&str, Word); N]) -> String {
        let rows = lines.into_iter().map(|(label, word)| vec![Word::from(label), word]);
        self.fill(self.blank(), rows)
    }

    fn blank(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        if !self.terminal {
            table.force_no_tty();
        }
        table
    }

    fn fill(&self, mut table: Table, rows: impl IntoIterator<Item = Vec<Word>>) -> String {
        table.add_rows(rows.into_iter().map(|row| row.into_iter().map(|word| self.cell(word))));
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table.trim_fmt()
    }

    fn cell(&self, word: Word) -> Cell {
        let cell = Cell::new(word.text);
        let colour = match word.tone {
            Tone::Plain => None,
            Tone::Good => Some(Color::Green),
            Tone::Caution => Some(Color::Yellow),
            Tone::Bad => Some(Color::Red),
        };
        match colour.filter(|_| self.colour) {
            Some(colour) => cell.fg(colour),
            None => cell,
        }
    }

    /// A screen of no terminal, for tests.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { terminal: false, colour: false };
}

/// An answer as JSON, indented.
pub(crate) fn json(answer: &Value) -> String {
    serde_json::to_string_pretty(answer).expect("a JSON value is JSON")
}

/// An answer as YAML.
pub(crate) fn yaml(answer: &Value) -> Result<String, Failure> {
    serde_saphyr::to_string(answer).map_err(|error| Failure::of(&error))
}

/// Parts of a page, with an empty line between those that say something.
pub(crate) fn page(parts: impl IntoIterator<Item = String>) -> String {
    let said: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join("\n\n")
}

#[cfg(test)]
mod tests;
