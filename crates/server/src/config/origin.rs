//! Where each value of the configuration comes from: a flag, the environment, a line of the file,
//! or the default.
//!
//! Invariant: no secret is among the values.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use super::{Config, Mail};

/// One value in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Its key in the file, with its table: `outbound.allow_loopback`.
    pub key: &'static str,
    /// The value; a password in it is left out. Null where there is none.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "from")]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// This line of this file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// This flag.
    Flag {
        /// `--data`
        flag: String,
    },
    /// This variable of the environment.
    Environment {
        /// `PLIMSOLL_STORE`
        variable: String,
    },
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Flag { flag } => f.write_str(flag),
            Self::Environment { variable } => write!(f, "environment {variable}"),
        }
    }
}

/// Every value of a configuration that was loaded from `file`; `given` says which keys came from
/// elsewhere.
///
/// # Errors
/// The file cannot be read any more.
pub fn settings(
    config: &Config,
    file: Option<&Path>,
    given: &[(&str, Origin)],
) -> std::io::Result<Vec<Setting>> {
    let text = file.map(std::fs::read_to_string).transpose()?.unwrap_or_default();
    let written = written(&text);
    let origin = |key: &str| {
        let given = given.iter().find(|(name, _)| *name == key);
        // A secret is a table that says where it is kept.
        let is_of = |name: &str| name.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        let line = written.iter().find(|(name, _)| name == key || is_of(name));
        match (given, line, file) {
            (Some((_, origin)), _, _) => origin.clone(),
            (None, Some((_, line)), Some(path)) => {
                Origin::File { path: path.to_owned(), line: *line }
            }
            (None, _, _) => Origin::Default,
        }
    };
    let setting = |(key, value)| Setting { key, value, origin: origin(key) };
    Ok(values(config).into_iter().map(setting).collect())
}

fn values(config: &Config) -> Vec<(&'static str, Value)> {
    let Config {
        data,
        listen,
        public_url,
        advertise_url,
        store,
        outbound,
        limits,
        tallies,
        disk,
        mail,
        log,
    } = config;
    let mut values = vec![
        ("data", json!(data)),
        ("listen", json!(listen)),
        ("public_url", json!(public_url)),
        ("advertise_url", json!(advertise_url)),
        // Shown without its password.
        ("store", json!(store.as_ref().map(ToString::to_string))),
        ("log", json!(log)),
        ("outbound.allow_loopback", json!(outbound.allow_loopback)),
        ("outbound.allow_private_scrapes", json!(outbound.allow_private_scrapes)),
        ("outbound.allow_private_webhooks", json!(outbound.allow_private_webhooks)),
        ("limits.body_bytes_max", json!(limits.body_bytes_max)),
        ("limits.write_bytes_max", json!(limits.write_bytes_max)),
        ("limits.scrape_bytes_max", json!(limits.scrape_bytes_max)),
        ("limits.intake_bytes_max", json!(limits.intake_bytes_max)),
        ("tallies.minutes_kept_days", json!(tallies.minutes_kept_days)),
        ("tallies.hours_kept_days", json!(tallies.hours_kept_days)),
        ("tallies.series_per_tally_max", json!(tallies.series_per_tally_max)),
        ("tallies.checkpoint_bytes", json!(tallies.checkpoint_bytes)),
        ("tallies.replica_labels", json!(tallies.replica_labels)),
        ("tallies.cluster_label", json!(tallies.cluster_label)),
        ("disk.reserve_bytes", json!(disk.reserve_bytes)),
    ];
    values.extend(of_mail(mail.as_ref()));
    values
}

/// Where the password is kept is said, and never what it is.
fn of_mail(mail: Option<&Mail>) -> [(&'static str, Value); 10] {
    let credentials = mail.and_then(|mail| mail.credentials.as_ref());
    [
        ("mail.server", json!(mail.map(|mail| &mail.server))),
        ("mail.port", json!(mail.map(|mail| mail.port))),
        ("mail.encryption", json!(mail.map(|mail| mail.encryption))),
        ("mail.from", json!(mail.map(|mail| mail.from.to_string()))),
        ("mail.from_name", json!(mail.map(|mail| &mail.from_name))),
        ("mail.username", json!(credentials.map(|credentials| &credentials.username))),
        ("mail.password", json!(credentials.map(|credentials| &credentials.password))),
        ("mail.ca_file", json!(mail.and_then(|mail| mail.ca_file.as_ref()))),
        ("mail.hello", json!(mail.and_then(|mail| mail.hello.as_ref()))),
        ("mail.inbox_url", json!(mail.and_then(|mail| mail.inbox_url.as_ref()))),
    ]
}

/// The keys that a file sets, each with its line.
fn written(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        collect(text, "", table.get_ref(), &mut found);
    }
    found
}

fn collect(text: &str, above: &str, table: &DeTable<'_>, found: &mut Vec<(String, usize)>) {
    for (key, value) in table {
        let line = text[..key.span().start].matches('\n').count() + 1;
        let name = format!("{above}{}", key.get_ref());
        if let DeValue::Table(inner) = value.get_ref() {
            collect(text, &format!("{name}."), inner, found);
        } else {
            found.push((name, line));
        }
    }
}

#[cfg(test)]
mod tests;
