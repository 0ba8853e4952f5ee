//! The commands, a verb a file: its arguments, and what it does with them.

pub(crate) mod apply;
pub(crate) mod backup;
pub(crate) mod completions;
pub(crate) mod deployment;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod gate;
pub(crate) mod get;
pub(crate) mod head;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod notifications;
pub(crate) mod receivers;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod token;
pub(crate) mod verify;

use clap::builder::{PossibleValue, PossibleValuesParser};

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
