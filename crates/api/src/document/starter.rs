//! Documents that ship with Plimsoll: the defaults, and what `plimsoll init` writes.

use super::{Document, Source, parse};

/// The numbers of the practice, as documents.
const DEFAULTS: [(&str, &str); 2] = [
    ("defaults/burn-policies.yaml", include_str!("../../../../defaults/burn-policies.yaml")),
    (
        "defaults/error-budget-policy.yaml",
        include_str!("../../../../defaults/error-budget-policy.yaml"),
    ),
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

/// The files that `plimsoll init` writes: path and text, ready to lint and apply.
pub fn starter() -> Vec<(&'static str, String)> {
    let files = EXAMPLES.into_iter().chain(DEFAULTS);
    files.map(|(path, text)| (path, text.to_owned())).collect()
}
