//! SLOs of other programs as documents of ours, with a report, by line, of what became of them.
//!
//! ```text
//! text ─yaml→ nodes ─ sloth | pyrra | alpha ─→ Found, one for each SLO ─written→ YAML
//!                          └─ what was kept, changed, refused ─→ notes ←─faults─ parse ┘
//! ```
//!
//! Invariants: what is written has no faults, since whatever the reader of documents does not take
//! is refused here, at the line it came from; and what the other program would have done otherwise
//! is in the notes.

mod alpha;
mod found;
mod notes;
mod pyrra;
mod queries;
mod sloth;
mod written;

use plimsoll_domain::catalog::Name;
use plimsoll_domain::time::Minutes;

use super::fields::Reader;
use super::position::{Fault, Pos};
use super::yaml::{self, FILE_BYTES_MAX, Node, Value};
use super::{Source, parse, window_of};
use crate::v1::definition::{Import, ImportNote};
use notes::Notes;
use written::Documents;

/// What the files do not say.
#[derive(Debug, Clone)]
pub struct Assumed {
    /// The service of SLOs that name none.
    pub service: Option<Name>,
    /// The window of SLOs that name none.
    pub window: Minutes,
}

impl Assumed {
    /// How a window is written.
    pub const WINDOW_HINT: &str = "one number and one unit: 7d, 30d, 365d";

    /// Reads what was said of them; a window that is left out is 30 days.
    ///
    /// # Errors
    /// In words: the service is no name, or the window none.
    pub fn read(service: Option<&str>, window: Option<&str>) -> Result<Self, String> {
        let service = service.map(Name::parse).transpose().map_err(|error| error.to_string())?;
        let Some(text) = window else { return Ok(Self { service, ..Self::default() }) };
        let window = window_of(text);
        let window = window.ok_or_else(|| format!("`{text}` is not a window from 1h to 366d"))?;
        Ok(Self { service, window })
    }
}

impl Default for Assumed {
    fn default() -> Self {
        Self { service: None, window: Minutes(30 * 1_440) }
    }
}

/// Reads files of Sloth, Pyrra or OpenSLO, each document in the format that it says it is in.
pub fn import(files: &[Source<'_>], assumed: &Assumed) -> Import {
    let mut documents = Documents::default();
    let mut notes = Vec::new();
    for source in files {
        let mut found = file(source, assumed, &mut documents);
        found.sort_by_key(|note| (note.line, note.column));
        notes.append(&mut found);
    }
    Import { yaml: documents.yaml(), notes }
}

fn file(source: &Source<'_>, assumed: &Assumed, documents: &mut Documents) -> Vec<ImportNote> {
    let mut notes = Notes::new(source.path);
    if source.text.len() > FILE_BYTES_MAX {
        notes.refused(Pos::START, "the file is larger than 1 MiB", Some("split it"));
        return notes.into();
    }
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(source.text);
    for chunk in yaml::split(text) {
        let (node, faults) = yaml::read(chunk);
        let whole = faults.is_empty();
        for (pos, fault) in faults {
            notes.fault(fault.at(source.path, pos));
        }
        let Some(node) = node.filter(|_| whole) else { continue };
        let mut reader = Reader::new(source.path, chunk.text);
        let mut at = Reading { reader: &mut reader, notes: &mut notes, assumed, documents };
        at.document(&node, chunk.text);
        for fault in reader.diagnostics {
            notes.fault(fault);
        }
    }
    notes.into()
}

/// Everything that reading one document needs.
struct Reading<'r, 'd> {
    reader: &'r mut Reader<'d>,
    notes: &'r mut Notes,
    assumed: &'r Assumed,
    documents: &'r mut Documents,
}

impl Reading<'_, '_> {
    /// Reads one document, or what a list of `kubectl get -o yaml` holds.
    fn document(&mut self, node: &Node, text: &str) {
        let said = |key: &str| text_at(node, key).unwrap_or_default();
        match (said("version"), said("apiVersion"), said("kind")) {
            ("prometheus/v1", "", _) => sloth::file(self, node),
            (_, "sloth.slok.dev/v1", "PrometheusServiceLevel") => sloth::resource(self, node),
            (_, "pyrra.dev/v1alpha1", "ServiceLevelObjective") => pyrra::resource(self, node),
            (_, "openslo/v1alpha", kind) => alpha::document(self, node, kind),
            (_, "openslo/v1", _) => self.as_it_is(node, text),
            (_, _, kind) if kind.ends_with("List") => self.list(node),
            (version, api_version, kind) => {
                let what = [version, api_version, kind].join(" ");
                let message = match what.trim() {
                    "" => "this says neither `version`, nor `apiVersion` and `kind`".to_owned(),
                    what => format!("`{what}` is no format that is read here"),
                };
                let hint = "read are Sloth (prometheus/v1 and PrometheusServiceLevel), Pyrra \
                            (ServiceLevelObjective), OpenSLO v1alpha and v1";
                self.notes.refused(node.at, message, Some(hint));
            }
        }
    }

    fn list(&mut self, node: &Node) {
        let Some(Value::List(items)) = node.get("items").map(|items| &items.value) else {
            return self.notes.refused(node.at, "this list has no `items`", None);
        };
        for item in items {
            // What is read as it stands has no text of its own within a list.
            if text_at(item, "apiVersion") == Some("openslo/v1") {
                let hint = "write it as a document of its own, after `---`";
                self.notes.refused(item.at, "OpenSLO v1 is not read out of a list", Some(hint));
            } else {
                self.document(item, "");
            }
        }
    }

    /// A document that needs no translation, if it has no faults.
    fn as_it_is(&mut self, node: &Node, text: &str) {
        let parsed = parse(&[Source { path: "", text }]);
        let lines_before = node.at.line.saturating_sub(first_line(text));
        for fault in parsed.diagnostics {
            let line = fault.line + lines_before;
            self.notes.fault(crate::v1::definition::Diagnostic { line, ..fault });
        }
        for document in parsed.documents.into_iter().filter(|document| document.body.is_some()) {
            let what = format!("the {} `{}` stays as it is", document.kind, document.name);
            if self.documents.add(&document.kind, &document.name, &document.yaml) {
                self.notes.kept(node.at, what);
            } else {
                self.notes.twice(node.at, &document.kind, document.name.as_str());
            }
        }
    }

    /// Writes an SLO that was read, or says that it is missing, for what is said at its lines.
    fn write_or_miss(&mut self, at: Pos, called: &str, found: Option<&found::Found>) {
        match found {
            Some(found) => self.write(found),
            None => {
                let message = format!("`{called}` is not written, for what is said of it");
                self.notes.refused(at, message, None);
            }
        }
    }

    /// Notes a fault at its place.
    fn fault(&mut self, at: Pos, fault: Fault) {
        self.reader.report(at, fault);
    }
}

/// The line of a text's first key, as the reader of documents counts it.
fn first_line(text: &str) -> u32 {
    let before = text.lines().take_while(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#') || line.starts_with("---")
    });
    u32::try_from(before.count()).unwrap_or(0) + 1
}

fn text_at<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    match &node.get(key)?.value {
        Value::Text(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Map(_) => None,
    }
}

#[cfg(test)]
mod tests;
