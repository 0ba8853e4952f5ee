//! What people read: tables fitted to the terminal, colours only on one.
//!
//! Drawing is pure, a text from an answer; [`Screen`] alone knows whether there is a terminal. JSON
//! and YAML are the answer itself, and never pass through a table's types.

mod format;
mod table;

pub(crate) mod alert;
pub(crate) mod csv;
pub(crate) mod definition;
pub(crate) mod gate;
pub(crate) mod ledger;
pub(crate) mod objective;
pub(crate) mod row;
pub(crate) mod seal;
pub(crate) mod service;
pub(crate) mod slo;
pub(crate) mod text;

use std::io::{self, IsTerminal as _, Write as _};

use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde_json::Value;

use crate::args::{Colours, Output};
use crate::exit::{Exit, Failure};
use table::{GAP, Plan, plan};

pub(crate) use row::Row;
pub(crate) use table::Fit;

/// Where output goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// As many columns as the terminal has; none when there is no terminal, and room for anything.
    width: Option<usize>,
    colour: bool,
    /// Whether standard error has colours.
    loud_errors: bool,
}

/// Of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

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
        Self { text: text::on_one_line(word), tone }
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self { text: text::on_one_line(&text), tone: Tone::Plain }
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
    pub(crate) fn new(colours: Colours) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let size = terminal_size::terminal_size_of(io::stdout());
        let width = size.map_or(COLUMNS, |(terminal_size::Width(columns), _)| columns.into());
        let width = out.then_some(width);
        Self { width, colour: colours.on(out), loud_errors: colours.on(err) }
    }

    /// The same for a terminal whose size may have changed.
    pub(crate) fn again(self) -> (Self, Option<usize>) {
        let Some((terminal_size::Width(columns), terminal_size::Height(lines))) =
            terminal_size::terminal_size_of(io::stdout())
        else {
            return (self, None);
        };
        (Self { width: Some(columns.into()), ..self }, Some(lines.into()))
    }

    /// Whether standard output is a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    /// As many columns as there are.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }

    /// Whether standard output has colours.
    pub(crate) fn has_colours(&self) -> bool {
        self.colour
    }

    /// Prints a text and ends its line.
    pub(crate) fn print(&self, text: &str) -> Result<Exit, Failure> {
        self.write(&self.line(text)).map(|_| Exit::Ok)
    }

    /// A text as it is printed: with its line ended, and harmless to a terminal. Programs get what
    /// there is, to the last character.
    pub(crate) fn line(&self, text: &str) -> String {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        // The line ends of CSV, which a terminal needs no more than it needs to obey a return.
        let text = if self.is_terminal() { text.replace("\r\n", "\n") } else { text.to_owned() };
        self.harmless(&text) + end
    }

    /// Writes what is for a terminal, or was made harmless; whether anyone still reads it.
    pub(crate) fn write(&self, text: &str) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(true),
            // The reader, such as `head`, has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Failure::of(&error)),
        }
    }

    /// A text with nothing in it that this terminal, if it is one, obeys but colours.
    pub(crate) fn harmless(&self, text: &str) -> String {
        if self.is_terminal() { text::harmless(text, self.colour) } else { text.to_owned() }
    }

    /// Prints an answer as asked; `draw` makes the text for people.
    pub(crate) fn show(
        &self,
        output: Output,
        answer: Value,
        draw: impl FnOnce(Value) -> Result<String, Failure>,
    ) -> Result<Exit, Failure> {
        let text = match output {
            Output::Table => draw(answer)?,
            Output::Json => json(&answer),
            Output::Yaml => yaml(&answer)?,
            Output::Csv => csv::csv(&answer, &[])?,
        };
        self.print(&text)
    }

    /// Prints a line beside the output.
    pub(crate) fn warn(&self, text: &str) {
        let text = text::harmless(text, self.loud_errors);
        // With standard error gone there is nobody left to tell.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Prints why a command failed.
    pub(crate) fn fail(&self, failure: &Failure) {
        self.warn(&failure.drawn(self.loud_errors));
    }

    /// A text in its tone, bold.
    pub(crate) fn loud(&self, word: &Word) -> String {
        let Word { text, tone } = word;
        if !self.colour {
            return text.clone();
        }
        let style = tone.style().bold();
        format!("{style}{text}{style:#}")
    }

    /// A line in a tone; for texts that are escaped already.
    pub(crate) fn toned(&self, tone: Tone, line: &str) -> String {
        if !self.colour || tone == Tone::Plain {
            return line.to_owned();
        }
        let style = tone.style();
        format!("{style}{line}{style:#}")
    }

    /// Sentences, broken between words where the terminal ends.
    pub(crate) fn prose(&self, text: &str) -> String {
        self.width.map_or_else(|| text.to_owned(), |room| text::wrapped(text, room))
    }

    /// A table of items; a sentence when there is none.
    pub(crate) fn items<T: Row>(&self, items: &[T]) -> String {
        if items.is_empty() {
            return format!("There are no {}.", T::PLURAL);
        }
        self.fitted(T::HEADS, &T::FIT, items.iter().map(Row::cells).collect())
    }

    /// A table with headings.
    pub(crate) fn table(
        &self,
        heads: &[&str],
        rows: impl IntoIterator<Item = Vec<Word>>,
    ) -> String {
        self.fitted(heads, &Fit::default(), rows.into_iter().collect())
    }

    /// What is known of one thing, a line each.
    pub(crate) fn sheet<const N: usize>(&self, lines: [(&str, Word); N]) -> String {
        self.lines(lines.into_iter())
    }

    fn lines<'a>(&self, lines: impl Iterator<Item = (&'a str, Word)>) -> String {
        let rows: Vec<_> = lines.map(|(label, word)| vec![Word::from(label), word]).collect();
        let widths = widths(&["", ""], &rows);
        // A label without a text beside it is of no use, however narrow the terminal is.
        let room = self.width.map(|room| room.saturating_sub(widths[0] + GAP).max(10));
        let wrapping = room.filter(|room| *room < widths[1]).map(|room| (1, room));
        self.fill(self.blank(), rows, wrapping)
    }

    fn fitted(&self, heads: &[&str], fit: &Fit, rows: Vec<Vec<Word>>) -> String {
        match plan(heads, &widths(heads, &rows), fit, self.width) {
            Plan::Table { columns, wrapping } => {
                let place = |(wraps, room)| {
                    let place = columns.iter().position(|column| *column == wraps);
                    place.map(|place| (place, room))
                };
                let mut table = self.blank();
                table.set_header(columns.iter().map(|column| heads[*column]));
                let shown = |row: Vec<Word>| {
                    columns.iter().map(|column| row[*column].clone()).collect::<Vec<_>>()
                };
                self.fill(table, rows.into_iter().map(shown).collect(), wrapping.and_then(place))
            }
            Plan::Blocks => {
                let block = |row: Vec<Word>| self.lines(heads.iter().copied().zip(row));
                rows.into_iter().map(block).collect::<Vec<_>>().join("\n\n")
            }
        }
    }

    fn blank(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.force_no_tty();
        if self.colour {
            table.enforce_styling();
        }
        table
    }

    /// The table with its rows. How wide a column is, is settled by the plan, and by nothing else.
    fn fill(
        &self,
        mut table: Table,
        rows: Vec<Vec<Word>>,
        wrapping: Option<(usize, usize)>,
    ) -> String {
        table.add_rows(rows.into_iter().map(|row| row.into_iter().map(|word| self.cell(word))));
        let last = table.column_count().saturating_sub(1);
        for (place, column) in table.column_iter_mut().enumerate() {
            let gap = if place == last { 0 } else { GAP };
            column.set_padding((0, gap as u16));
            let room = wrapping.filter(|(wraps, _)| *wraps == place).map(|(_, room)| room + gap);
            column.set_constraint(match room.map(u16::try_from) {
                Some(Ok(fixed)) => ColumnConstraint::Absolute(Width::Fixed(fixed)),
                Some(Err(_)) | None => ColumnConstraint::ContentWidth,
            });
        }
        if wrapping.is_some() {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(u16::MAX);
        }
        table.trim_fmt()
    }

    fn cell(&self, word: Word) -> Cell {
        let cell = Cell::new(word.text);
        let colour = match word.tone {
            Tone::Plain => None,
            Tone::Good => Some(Color::DarkGreen),
            Tone::Caution => Some(Color::DarkYellow),
            Tone::Bad => Some(Color::DarkRed),
        };
        match colour.filter(|_| self.colour) {
            Some(colour) => cell.fg(colour),
            None => cell,
        }
    }

    /// A screen of no terminal, for tests.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { width: None, colour: false, loud_errors: false };
}

impl Tone {
    fn style(self) -> Style {
        let colour = match self {
            Self::Plain => None,
            Self::Good => Some(AnsiColor::Green.into()),
            Self::Caution => Some(AnsiColor::Yellow.into()),
            Self::Bad => Some(AnsiColor::Red.into()),
        };
        Style::new().fg_color(colour)
    }
}

/// The width of each column: of its heading or its widest cell.
fn widths(heads: &[&str], rows: &[Vec<Word>]) -> Vec<usize> {
    let mut widths: Vec<usize> = heads.iter().map(|head| text::width(head)).collect();
    for row in rows {
        for (width, word) in widths.iter_mut().zip(row) {
            *width = (*width).max(text::width(&word.text));
        }
    }
    widths
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
