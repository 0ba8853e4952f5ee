//! Lists as CSV: a line of headings, then a line for each item, ended by CR LF (RFC 4180).
//!
//! Columns are the fields of the API's items, in the order in which their type has them, whether
//! there are items or not; what this version does not know comes last. What is itself a list or an
//! object is JSON within its cell.
//!
//! Invariant: no cell is a formula to a spreadsheet (OWASP, "CSV injection"): a text that begins as
//! one has an apostrophe before it. No cell has a control character in it: they are written out, so
//! that each item is one line and a terminal obeys nothing.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::text;
use crate::exit::Failure;

/// What spreadsheets take for the beginning of a formula, in their narrow and wide forms.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A list, or one thing as a list of one, with `columns` first.
pub(crate) fn csv(answer: &Value, columns: &[&str]) -> Result<String, Failure> {
    let items = answer.as_array().map_or(std::slice::from_ref(answer), Vec::as_slice);
    let known: BTreeSet<&str> = columns.iter().copied().collect();
    let fields = items.iter().filter_map(Value::as_object).flat_map(|item| item.keys());
    let more: BTreeSet<&str> =
        fields.map(String::as_str).filter(|field| !known.contains(field)).collect();
    let columns: Vec<&str> = columns.iter().copied().chain(more).collect();
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    let failure = |error: csv::Error| Failure::of(&error);
    writer.write_record(&columns).map_err(failure)?;
    for item in items {
        let cells = columns.iter().map(|column| cell(&item[*column]));
        writer.write_record(cells).map_err(failure)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failure::of(error.error()))?;
    Ok(String::from_utf8(bytes).expect("texts make text"))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => neutral(text),
        // Begins with a bracket.
        Value::Array(_) | Value::Object(_) => text::on_one_line(&value.to_string()),
    }
}

/// A text that no spreadsheet computes. White space before a formula is skipped by some.
fn neutral(text: &str) -> String {
    let begins = text.trim_start_matches(|letter: char| {
        letter.is_whitespace() || letter.is_control() || letter == '\u{feff}'
    });
    let formula = begins.starts_with(FORMULAS) || text.starts_with(['\t', '\r', '\n']);
    let mark = if formula { "'" } else { "" };
    format!("{mark}{}", text::on_one_line(text))
}

/// The fields of a type, as its definition has them.
pub(crate) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // It ends with an error whatever happens: it is asked for nothing but the fields.
    let _ = T::deserialize(Asked(&mut fields));
    fields
}

/// Hears which fields a type wants, and has none of them.
struct Asked<'a>(&'a mut &'static [&'static str]);

/// There is nothing here.
#[derive(Debug)]
struct Nothing;

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }
}

impl std::error::Error for Nothing {}

impl serde::de::Error for Nothing {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Nothing;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Nothing> {
        Err(Nothing)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Nothing> {
        *self.0 = fields;
        Err(Nothing)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
