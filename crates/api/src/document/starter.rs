//! Documents that ship with Plimsoll: the defaults, and what `plimsoll init` writes.

use serde_json::Value;

use super::{Document, Source, parse};
use crate::v1::definition::Definition;

/// The numbers of the practice, as documents.
const DEFAULTS: [(&str, &str); 4] = [
    ("defaults/alert-tiers.yaml", include_str!("../../../../defaults/alert-tiers.yaml")),
    ("defaults/burn-policies.yaml", include_str!("../../../../defaults/burn-policies.yaml")),
    (
        "defaults/error-budget-policy.yaml",
        include_str!("../../../../defaults/error-budget-policy.yaml"),
    ),
    ("defaults/objective-guide.yaml", include_str!("../../../../defaults/objective-guide.yaml")),
];

/// A first catalog, a first SLO, and the rest as comments.
const EXAMPLES: [(&str, &str); 3] = [
    ("catalog.yaml", include_str!("../../../../defaults/starter/catalog.yaml")),
    ("slos.yaml", include_str!("../../../../defaults/starter/slos.yaml")),
    ("telemetry.yaml", include_str!("../../../../defaults/starter/telemetry.yaml")),
];

/// The shipped defaults; [`super::resolve`] puts them beneath whatever is applied.
pub fn defaults() -> Vec<Document> {
    let sources = DEFAULTS.map(|(path, text)| Source { path, text });
    parse(&sources).documents
}

/// The shipped defaults as the API shows definitions.
pub fn shipped_definitions() -> Vec<Definition> {
    let definition = |document: Document| Definition {
        api_version: document.api_version,
        kind: document.kind,
        name: document.name.to_string(),
        yaml: document.yaml,
        origin: "default".to_owned(),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        changed_at: None,
        changed_by: None,
    };
    defaults().into_iter().map(definition).collect()
}

/// The longest word that counts as one: longer texts are for people, or queries.
const WORD_MAX: usize = 20;

/// The numbers and words of a document's `spec`, each with its path; texts are left out.
pub fn numbers(yaml: &str) -> Vec<(String, Value)> {
    let read: Result<Value, _> = serde_saphyr::from_str(yaml);
    let mut found = Vec::new();
    if let Some(spec) = read.ok().as_ref().and_then(|document| document.get("spec")) {
        gather(spec, "spec", &mut found);
    }
    found
}

fn gather(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Number(_) | Value::Bool(_) => found.push((path.to_owned(), value.clone())),
        Value::String(text) if text.len() <= WORD_MAX && !text.contains(char::is_whitespace) => {
            found.push((path.to_owned(), value.clone()));
        }
        Value::String(_) | Value::Null => {}
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                gather(item, &format!("{path}[{number}]"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                gather(item, &format!("{path}.{key}"), found);
            }
        }
    }
}

/// The files that `plimsoll init` writes: path and text, ready to lint and apply.
pub fn starter() -> Vec<(&'static str, String)> {
    let files = EXAMPLES.into_iter().chain(DEFAULTS);
    files.map(|(path, text)| (path, text.to_owned())).collect()
}
