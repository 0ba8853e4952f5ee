//! Files to documents: split, header, metadata, body; all faults, sorted by place.

use std::collections::BTreeMap;

use plimsoll_domain::catalog::Name;

use super::fields::{Fields, Reader};
use super::kind::{self, Header, Kind};
use super::position::{At, Fault, Pos};
use super::schema::{Field, Shape, Type};
use super::yaml::{self, Chunk, FILE_BYTES_MAX, Node};
use super::{Body, Document, Origin, Parsed, Source, backstage, openslo, plimsoll};
use crate::v1::definition::Diagnostic;

/// Reads files to their end: each may hold several documents, separated by `---`.
///
/// Documents with errors are returned, too, without a body, so that references to them are not
/// reported as dangling.
pub fn parse(files: &[Source<'_>]) -> Parsed {
    let mut documents = Vec::new();
    let mut diagnostics = Vec::new();
    for source in files {
        let mut found = file(source, &mut documents);
        found.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        diagnostics.append(&mut found);
    }
    diagnostics.append(&mut duplicates(&documents));
    Parsed { documents, diagnostics }
}

fn file(source: &Source<'_>, documents: &mut Vec<Document>) -> Vec<Diagnostic> {
    if source.text.len() > FILE_BYTES_MAX {
        let fault = Fault::error("yaml.limit", "the file is larger than 1 MiB");
        return vec![fault.hint("split it").at(source.path, Pos::START)];
    }
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(source.text);
    let mut diagnostics = Vec::new();
    for chunk in yaml::split(text) {
        let (node, faults) = yaml::read(chunk);
        let whole = faults.is_empty();
        diagnostics.extend(faults.into_iter().map(|(pos, fault)| fault.at(source.path, pos)));
        let Some(node) = node else { continue };
        let mut reader = Reader::new(source.path, chunk.text);
        let mut found = document(&mut reader, source.path, chunk, &node);
        if let Some(document) = found.as_mut().filter(|_| !whole) {
            document.body = None;
        }
        documents.extend(found);
        diagnostics.append(&mut reader.diagnostics);
    }
    diagnostics
}

/// What every document begins with, whatever its kind is.
const HEADER: Shape = Shape::open(&[API_VERSION, KIND, Field::need("metadata", Type::Text, "")]);

/// The two fields that say what a document is.
pub(super) const API_VERSION: Field =
    Field::need("apiVersion", Type::Text, "Whose format it is, and its version");
/// See [`API_VERSION`].
pub(super) const KIND: Field = Field::need("kind", Type::Text, "What it is");

/// What documents of OpenSLO and of Plimsoll say about themselves.
pub(super) const METADATA: Shape = Shape::of(&[
    Field::need("name", Type::Name, "Its name, unique among documents of its kind"),
    Field::may("displayName", Type::Text, "How people call it"),
    Field::ignored("labels", "Labels for other programs"),
    Field::may(
        "annotations",
        Type::Table("key", &[], &Type::Text),
        "Notes for other programs; accepted, and not used",
    ),
]);

fn document(
    reader: &mut Reader<'_>,
    path: &str,
    chunk: Chunk<'_>,
    node: &Node,
) -> Option<Document> {
    let mut fields = reader.fields(node, &HEADER)?;
    let kind = header(reader, &mut fields);
    let metadata_node = fields.need(reader, "metadata");
    let kind = kind?;
    let mut fields = fields.shaped(kind.schema().document);
    // OpenSLO lets a Service say nothing.
    let spec = if kind == Kind::Service { fields.get("spec") } else { fields.need(reader, "spec") };
    fields.close(reader);
    let metadata = metadata_node.and_then(|node| Metadata::read(reader, node, kind));
    let metadata = metadata.unwrap_or_default();
    // Without a name there is no document, but its faults are still told.
    let body = body(reader, kind, &metadata, spec);
    let name = metadata.name?;
    Some(Document {
        api_version: kind.api_version().to_owned(),
        kind: kind.as_str().to_owned(),
        name: name.value,
        yaml: own_text(chunk.text).to_owned(),
        origin: Origin { path: path.to_owned(), line: node.at.line },
        name_at: name.at,
        references: std::mem::take(&mut reader.references),
        body: body.filter(|_| !reader.failed()),
    })
}

fn header(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Kind> {
    let api_version = fields.need(reader, "apiVersion").and_then(|node| reader.text(node));
    let kind = fields.need(reader, "kind").and_then(|node| reader.text(node));
    let (api_version, kind) = (api_version?, kind?);
    match kind::find(&api_version.value, &kind.value) {
        Ok(found) => Some(found),
        Err((Header::ApiVersion, fault)) => {
            reader.report(api_version.at, fault);
            None
        }
        Err((Header::Kind, fault)) => {
            reader.report(kind.at, fault);
            None
        }
    }
}

fn body(
    reader: &mut Reader<'_>,
    kind: Kind,
    metadata: &Metadata<'_>,
    spec: Option<&Node>,
) -> Option<Body> {
    match kind {
        Kind::Service => openslo::service(reader, metadata, spec).map(Body::Service),
        Kind::DataSource => openslo::data_source(reader, spec?).map(|()| Body::DataSource),
        Kind::Sli => openslo::sli::read_spec(reader, spec?).map(Body::Sli),
        Kind::Slo => openslo::slo::read(reader, metadata, spec?).map(Body::Slo),
        Kind::Component => backstage::component(reader, metadata, spec?).map(Body::Component),
        Kind::Group => backstage::group(reader, metadata, spec?).map(Body::Group),
        Kind::BurnPolicy => {
            plimsoll::burn_policy::read(reader, metadata, spec?).map(Body::BurnPolicy)
        }
        Kind::Receiver => plimsoll::receiver::read(reader, metadata, spec?).map(Body::Receiver),
        Kind::ScrapeTarget => {
            plimsoll::scrape_target::read(reader, metadata, spec?).map(Body::ScrapeTarget)
        }
        Kind::ErrorBudgetPolicy => plimsoll::error_budget_policy::read(reader, metadata, spec?)
            .map(Body::ErrorBudgetPolicy),
        Kind::ObjectiveGuide => {
            plimsoll::objective_guide::read(reader, metadata, spec?).map(Body::ObjectiveGuide)
        }
        Kind::AlertTiers => {
            plimsoll::alert_tiers::read(reader, metadata, spec?).map(Body::AlertTiers)
        }
        Kind::KnownViolation => {
            plimsoll::known_violation::read(reader, metadata, spec?).map(Body::KnownViolation)
        }
    }
}

/// The document's text without the marker line it may start with.
fn own_text(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim_end() == "---" => rest,
        _ => text,
    }
}

/// What documents say about themselves.
#[derive(Default)]
pub(super) struct Metadata<'n> {
    /// The name, if it is one.
    pub(super) name: Option<At<Name>>,
    /// How people call it.
    pub(super) display_name: Option<String>,
    /// What it is, where the format says so here.
    pub(super) description: Option<String>,
    /// Notes for programs.
    pub(super) annotations: &'n [(At<String>, Node)],
}

impl<'n> Metadata<'n> {
    fn read(reader: &mut Reader<'_>, node: &'n Node, kind: Kind) -> Option<Self> {
        let is_entity = matches!(kind, Kind::Component | Kind::Group);
        let shape = if is_entity { &backstage::METADATA } else { &METADATA };
        let mut fields = reader.fields(node, shape)?;
        let name = fields.need(reader, "name").and_then(|node| reader.name(node));
        let annotations = fields.get("annotations").and_then(|node| reader.entries(node));
        let annotations = annotations.unwrap_or_default();
        if is_entity {
            let display_name = fields.text(reader, "title");
            let description = fields.text(reader, "description");
            fields.close(reader);
            return Some(Self { name, display_name, description, annotations });
        }
        let display_name = fields.text(reader, "displayName");
        fields.close(reader);
        Some(Self { name, display_name, description: None, annotations })
    }
}

/// Documents that are there twice: a fault at the second, naming the first.
fn duplicates(documents: &[Document]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(&str, &Name), &Document> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for document in documents {
        let key = (document.kind.as_str(), &document.name);
        let Some(first) = seen.get(&key) else {
            seen.insert(key, document);
            continue;
        };
        let (kind, name) = key;
        let (path, line) = (&first.origin.path, first.name_at.line);
        let message = format!("the {kind} `{name}` is defined twice: first at {path}:{line}");
        let fault = Fault::error("document.duplicate", message).hint("keep one, or rename one");
        diagnostics.push(fault.at(&document.origin.path, document.name_at));
    }
    diagnostics
}
