//! The documents of the demo: what a user would keep in git, with this run's addresses filled in.

use std::path::Path;

use plimsoll_api::v1::definition::{File, Submission};

/// What the documents need to know of this run.
#[derive(Debug)]
pub(super) struct Addresses<'a> {
    /// The base URL of the service `storefront`.
    pub(super) storefront: &'a str,
    /// The base URL of the service `checkout`.
    pub(super) checkout: &'a str,
    /// The base URL of the service `payments`.
    pub(super) payments: &'a str,
    /// The base URL of the webhook's endpoint.
    pub(super) webhook: &'a str,
    /// The file that holds the webhook's secret.
    pub(super) secret: &'a Path,
    /// Seconds between two scrapes.
    pub(super) interval_s: u32,
}

const FILES: [(&str, &str); 4] = [
    ("catalog.yaml", include_str!("definitions/catalog.yaml")),
    ("slos.yaml", include_str!("definitions/slos.yaml")),
    ("policies.yaml", include_str!("definitions/policies.yaml")),
    ("telemetry.yaml", include_str!("definitions/telemetry.yaml")),
];

/// All documents, ready to apply.
pub(super) fn submission(addresses: &Addresses<'_>) -> Submission {
    let Addresses { storefront, checkout, payments, webhook, secret, interval_s } = addresses;
    // A path may hold anything; as JSON text it is YAML, too.
    let secret = serde_json::Value::from(secret.display().to_string()).to_string();
    let filled = |text: &str| {
        text.replace("${storefront}", storefront)
            .replace("${checkout}", checkout)
            .replace("${payments}", payments)
            .replace("${webhook}", webhook)
            .replace("${interval}", &format!("{interval_s}s"))
            .replace("${secret}", &secret)
    };
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: filled(text) };
    Submission { files: FILES.iter().map(file).collect() }
}

#[cfg(test)]
mod tests;
