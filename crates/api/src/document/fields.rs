//! From the tree to typed values, collecting every fault on the way.
//!
//! A reader never stops: a field that cannot be read is reported and is `None`, and its neighbours
//! are still read. A mapping is read together with its shape, and what the shape does not have is
//! reported when the mapping is closed.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::budget::Share;
use plimsoll_domain::time::Minutes;

use super::position::{At, Fault, Pos};
use super::schema::{Presence, Range, Shape};
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

    /// A mapping with the fields of a shape, to be closed when they were asked for.
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node,
        shape: &'static Shape,
    ) -> Option<Fields<'n>> {
        let entries = self.entries(node)?;
        Some(Fields { at: node.at, entries, shape })
    }

    /// A mapping whose keys are of the writer's choice.
    pub(super) fn entries<'n>(&mut self, node: &'n Node) -> Option<&'n [(At<String>, Node)]> {
        if let Value::Map(entries) = &node.value {
            return Some(entries);
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

    /// A number within a range.
    pub(super) fn within(&mut self, node: &Node, range: Range) -> Option<At<f64>> {
        let number = self.number(node)?;
        if range.holds(number.value) {
            return Some(number);
        }
        let message = format!("{} is not {}", number.value, range.words());
        self.report(number.at, Fault::error("field.value", message));
        None
    }

    /// A whole number from one to another.
    pub(super) fn whole(&mut self, node: &Node, from: u32, to: u32) -> Option<u32> {
        let number = self.number(node)?;
        let fits = number.value.fract() == 0.0
            && (f64::from(from)..=f64::from(to)).contains(&number.value);
        if !fits {
            let message = format!("{} is no whole number from {from} to {to}", number.value);
            self.report(number.at, Fault::error("field.value", message));
        }
        fits.then_some(number.value as u32)
    }

    /// The share of a budget.
    pub(super) fn share(&mut self, node: &Node) -> Option<At<Share>> {
        let number = self.within(node, Range::SHARE)?;
        let share = Share::new(number.value).ok()?;
        Some(At { at: number.at, value: share })
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, node: &Node) -> Option<Vec<String>> {
        let nodes = self.list(node)?;
        Some(nodes.iter().filter_map(|node| self.text(node)).map(|text| text.value).collect())
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
    shape: &'static Shape,
}

impl<'n> Fields<'n> {
    /// A field that may be left out; written without a value it is left out, too.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'n Node> {
        debug_assert!(self.shape.field(key).is_some(), "`{key}` is in the shape");
        self.look(key)
    }

    /// A field that must be there, at least in the case at hand.
    pub(super) fn need(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<&'n Node> {
        debug_assert!(
            self.shape.field(key).is_some_and(|field| match field.presence {
                Presence::Needed | Presence::NeededIf(_) => true,
                Presence::Optional
                | Presence::Default(_)
                | Presence::Ignored
                | Presence::Refused => false,
            }),
            "`{key}` is in the shape as a field that must be there"
        );
        let found = self.look(key);
        if found.is_none() {
            let written = self.entries.iter().find(|(written, _)| written.value == key);
            let at = written.map_or(self.at, |(key, _)| key.at);
            reader.report(at, Fault::error("field.missing", format!("`{key}` is missing")));
        }
        found
    }

    fn look(&self, key: &str) -> Option<&'n Node> {
        let (_, node) = self.entries.iter().find(|(written, _)| written.value == key)?;
        (node.value != Value::Null).then_some(node)
    }

    /// The same mapping, of which its kind is known by now.
    pub(super) fn shaped(self, shape: &'static Shape) -> Self {
        Self { shape, ..self }
    }

    /// An optional text.
    pub(super) fn text(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<String> {
        self.get(key).and_then(|node| reader.text(node)).map(|text| text.value)
    }

    /// Reports the fields that the shape does not have, unless it is open.
    pub(super) fn close(self, reader: &mut Reader<'_>) {
        if self.shape.open {
            return;
        }
        let known = || self.shape.fields.iter().map(|field| field.name);
        for (key, _) in self.entries {
            if known().any(|known| known == key.value) {
                continue;
            }
            let fault = Fault::error("field.unknown", format!("`{}` is no field here", key.value));
            let fault = match nearest(&key.value, known()) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => {
                    let known: Vec<_> = known().collect();
                    fault.hint(format!("known fields: {}", known.join(", ")))
                }
            };
            reader.report(key.at, fault);
        }
    }
}
