//! The documents of the demo: what a user would keep in git, with this run's addresses filled in.

use std::path::Path;

use plimsoll_api::v1::definition::{File, Submission};

/// What the documents need to know of this run.
#[derive(Debug)]
pub(super) struct Addresses<'a> {
    /// The base URL of the service `checkout`.
    pub(super) checkout: &'a str,
    /// The base URL of the service `payments`.
    pub(super) payments: &'a str,
    /// The base URL of the webhook inbox.
    pub(super) inbox: &'a str,
    /// The file that holds the webhook's secret.
    pub(super) secret: &'a Path,
}

const FILES: [(&str, &str); 4] = [
    ("catalog.yaml", include_str!("definitions/catalog.yaml")),
    ("slos.yaml", include_str!("definitions/slos.yaml")),
    ("policies.yaml", include_str!("definitions/policies.yaml")),
    ("telemetry.yaml", include_str!("definitions/telemetry.yaml")),
];

/// All documents, ready to apply.
pub(super) fn submission(addresses: &Addresses<'_>) -> Submission {
    let Addresses { checkout, payments, inbox, secret } = addresses;
    // A path may hold anything; as JSON text it is YAML, too.
    let secret = serde_json::Value::from(secret.display().to_string()).to_string();
    let filled = |text: &str| {
        text.replace("${checkout}", checkout)
            .replace("${payments}", payments)
            .replace("${inbox}", inbox)
            .replace("${secret}", &secret)
    };
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: filled(text) };
    Submission { files: FILES.iter().map(file).collect() }
}

#[cfg(test)]
mod tests;
