//! From the tree to typed values, collecting every fault on the way.
//!
//! A reader never stops: a field that cannot be read is reported and is `None`, and its neighbours
//! are still read. Fields that nobody asked for are reported when a mapping is closed.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::time::Minutes;

use super::position::{At, Fault, Pos};
use super::spelling::nearest;
use super::yaml::{Node, Value};
use super::{Reference, Referent};
use crate::v1::definition::{Diagnostic, Level};

/// What reading one document collects.
pub(super) struct Reader<'a> {
    file: &'a str,
    document: &'a str,
    /// The faults so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What the document names.
    pub(super) references: Vec<Reference>,
}

impl<'a> Reader<'a> {
    /// A reader of one document's text.
    pub(super) fn new(file: &'a str, document: &'a str) -> Self {
        Self { file, document, diagnostics: Vec::new(), references: Vec::new() }
    }

    /// Notes a fault.
    pub(super) fn report(&mut self, at: Pos, fault: Fault) {
        self.diagnostics.push(fault.at(self.file, at));
    }

    /// Notes a fault at a byte of a text.
    pub(super) fn report_inside(&mut self, node: &Node, offset: usize, fault: Fault) {
        match node.inside(self.document, offset) {
            Some(pos) => self.report(pos, fault),
            None => self.report(node.at, fault.at_byte(offset)),
        }
    }

    /// Whether a fault so far is an error.
    pub(super) fn failed(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// Notes that the document needs what is named.
    pub(super) fn refer(&mut self, referent: Referent, name: &At<Name>) {
        self.references.push(Reference { referent, name: name.clone() });
    }

    fn mistyped(&mut self, node: &Node, expected: &str, hint: Option<&str>) {
        let found = node.value.describe();
        let fault = Fault::error("field.type", format!("expected {expected}, found {found}"));
        self.report(node.at, hint.map_or(fault.clone(), |hint| fault.hint(hint)));
    }

    /// A text.
    pub(super) fn text(&mut self, node: &Node) -> Option<At<String>> {
        let hint = match &node.value {
            Value::Text(text) => return Some(At { at: node.at, value: text.clone() }),
            Value::Number(_) | Value::Bool(_) => Some("put it in quotes"),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        };
        self.mistyped(node, "a text", hint);
        None
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, node: &Node) -> Option<bool> {
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        let hint = "YAML 1.2 knows only `true` and `false`, without quotes";
        self.mistyped(node, "true or false", Some(hint));
        None
    }

    /// A number.
    pub(super) fn number(&mut self, node: &Node) -> Option<At<f64>> {
        if let Value::Number(value) = node.value {
            return Some(At { at: node.at, value });
        }
        self.mistyped(node, "a number", None);
        None
    }

    /// A list.
    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        let hint = match &node.value {
            Value::List(items) => return Some(items),
            Value::Map(_) => Some("start each item with `- `"),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => None,
        };
        self.mistyped(node, "a list", hint);
        None
    }

    /// A mapping, to be closed when all of its fields were asked for.
    pub(super) fn fields<'n>(&mut self, node: &'n Node) -> Option<Fields<'n>> {
        if let Value::Map(entries) = &node.value {
            return Some(Fields { at: node.at, entries, known: Vec::new() });
        }
        self.mistyped(node, "a mapping", None);
        None
    }

    /// A name.
    pub(super) fn name(&mut self, node: &Node) -> Option<At<Name>> {
        let text = self.text(node)?;
        self.name_of(text.at, &text.value)
    }

    /// The name that a text is.
    pub(super) fn name_of(&mut self, at: Pos, text: &str) -> Option<At<Name>> {
        match Name::parse(text) {
            Ok(value) => Some(At { at, value }),
            Err(error) => {
                self.report(at, Fault::error("name.invalid", error.to_string()));
                None
            }
        }
    }

    /// A text that is a length of time.
    pub(super) fn length(&mut self, node: &Node) -> Option<At<String>> {
        if let Value::Number(number) = node.value {
            let fault = Fault::error("field.value", format!("the length {number} has no unit"));
            self.report(node.at, fault.hint("one number and one unit, such as 5m or 30d"));
            return None;
        }
        self.text(node)
    }

    /// A length of whole minutes.
    pub(super) fn minutes(&mut self, node: &Node) -> Option<At<Minutes>> {
        let text = self.length(node)?;
        let parsed = Minutes::parse(&text.value).map(|value| At { at: text.at, value });
        if parsed.is_none() {
            let message = format!("`{}` is not a length in whole minutes", text.value);
            let hint = "one number and one unit: 5m (minutes), 6h, 30d or 4w";
            self.report(text.at, Fault::error("field.value", message).hint(hint));
        }
        parsed
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let meant = words.iter().find(|(word, _)| *word == text.value);
        if meant.is_none() {
            let all: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let fault = Fault::error(
                "field.value",
                format!("`{}` is not one of {}", text.value, all.join(", ")),
            );
            let near = nearest(&text.value, words.iter().map(|(word, _)| *word));
            self.report(text.at, meaning(fault, near));
        }
        meant.map(|(_, value)| *value)
    }

    /// A number strictly between two bounds.
    pub(super) fn between(&mut self, node: &Node, low: f64, high: f64) -> Option<f64> {
        let number = self.number(node)?;
        if number.value > low && number.value < high {
            return Some(number.value);
        }
        let message = format!("{} does not lie above {low} and below {high}", number.value);
        self.report(number.at, Fault::error("field.value", message));
        None
    }
}

/// The fault with "did you mean", if something near was found.
pub(super) fn meaning(fault: Fault, near: Option<&str>) -> Fault {
    match near {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault,
    }
}

/// A mapping being read.
pub(super) struct Fields<'n> {
    /// Where it starts.
    pub(super) at: Pos,
    entries: &'n [(At<String>, Node)],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// A field that may be left out; written without a value it is left out, too.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        let (_, node) = self.entries.iter().find(|(written, _)| written.value == key)?;
        (node.value != Value::Null).then_some(node)
    }

    /// A field that must be there.
    pub(super) fn need(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            let written = self.entries.iter().find(|(written, _)| written.value == key);
            let at = written.map_or(self.at, |(key, _)| key.at);
            reader.report(at, Fault::error("field.missing", format!("`{key}` is missing")));
        }
        found
    }

    /// Fields that are allowed and mean nothing here.
    pub(super) fn allow(&mut self, keys: &[&'static str]) {
        self.known.extend_from_slice(keys);
    }

    /// An optional text.
    pub(super) fn text(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<String> {
        self.get(key).and_then(|node| reader.text(node)).map(|text| text.value)
    }

    /// All fields as they stand.
    pub(super) fn entries(&self) -> &'n [(At<String>, Node)] {
        self.entries
    }

    /// Reports the fields that nobody asked for.
    pub(super) fn close(self, reader: &mut Reader<'_>) {
        for (key, _) in self.entries {
            if self.known.contains(&key.value.as_str()) {
                continue;
            }
            let fault = Fault::error("field.unknown", format!("`{}` is no field here", key.value));
            let fault = match nearest(&key.value, self.known.iter().copied()) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault.hint(format!("known fields: {}", self.known.join(", "))),
            };
            reader.report(key.at, fault);
        }
    }
}
