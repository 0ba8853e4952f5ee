//! The commands, a verb or a noun a file: its arguments, and what it does with them.

pub(crate) mod alerts;
pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod decisions;
pub(crate) mod definitions;
pub(crate) mod delete;
pub(crate) mod deployments;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod gate;
pub(crate) mod get;
pub(crate) mod head;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod notifications;
pub(crate) mod people;
pub(crate) mod receivers;
pub(crate) mod reference;
pub(crate) mod restore;
mod revoke;
pub(crate) mod serve;
pub(crate) mod services;
pub(crate) mod slos;
pub(crate) mod standing;
pub(crate) mod storage;
pub(crate) mod teams;
pub(crate) mod telemetry;
pub(crate) mod tokens;
pub(crate) mod verify;
pub(crate) mod violations;
pub(crate) mod webhooks;
pub(crate) mod whoami;

use clap::builder::{PossibleValue, PossibleValuesParser};

/// Reads a role.
fn role() -> PossibleValuesParser {
    PossibleValuesParser::new(plimsoll_server::Role::ALL.map(plimsoll_server::Role::as_str))
}

/// The change classes, as `--class` takes them.
const CLASSES: [&str; 9] = [
    "feature",
    "reliability_fix",
    "security_patch",
    "compliance",
    "migration",
    "refactor",
    "configuration",
    "experiment",
    "rollback",
];

/// Reads a change class, also with a hyphen, as pipelines tend to write it.
fn class() -> PossibleValuesParser {
    PossibleValuesParser::new(CLASSES.map(|class| {
        let value = PossibleValue::new(class);
        match class {
            "reliability_fix" => value.alias("reliability-fix"),
            "security_patch" => value.alias("security-patch"),
            _ => value,
        }
    }))
}

#[cfg(test)]
mod tests;
