//! `plimsoll lint`: every fault of the files, without a server.

use std::path::PathBuf;

use plimsoll_api::document::{self, Source};
use plimsoll_api::v1::definition::{Diagnostic, File};
use serde_json::json;

use crate::args::Printed;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::render::{self, Screen, definition};

/// What `lint` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    printed: Printed,
}

/// Files of definitions.
#[derive(Debug, clap::Args)]
pub(super) struct Files {
    /// A file, a directory (its *.yaml and *.yml files), or `-` for standard input.
    #[arg(value_name = "FILE-or-DIR", required_unless_present = "file")]
    named: Vec<PathBuf>,
    /// The same, as other programs take it.
    #[arg(long = "file", short = 'f', value_name = "FILE-or-DIR", num_args = 1..)]
    file: Vec<PathBuf>,
}

impl Files {
    /// The files with their texts; what cannot be read is wrong usage.
    pub(super) fn read(&self) -> Result<Vec<File>, Failure> {
        let named = [self.named.as_slice(), &self.file].concat();
        files::read(&named, &mut std::io::stdin().lock()).map_err(|error| {
            let failure = Failure::of(&error).ending(Exit::Unasked);
            failure.hint("name files or directories of YAML, or - for standard input")
        })
    }
}

/// Prints what is wrong; fails when something is an error.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let files = args.files.read()?;
    let found = faults(&files);
    screen.show(args.printed.output, json!({ "diagnostics": found }), |_| {
        let noun = if files.len() == 1 { "file" } else { "files" };
        let summary = format!("{} {noun}: {}", files.len(), definition::tally(&found));
        Ok(render::page([definition::diagnostics(screen, &found, &files), summary]))
    })?;
    Ok(if definition::has_errors(&found) { Exit::Refused } else { Exit::Ok })
}

/// What each document says wrong, and what they say wrong together.
fn faults(files: &[File]) -> Vec<Diagnostic> {
    let sources: Vec<_> =
        files.iter().map(|file| Source { path: &file.path, text: &file.text }).collect();
    let document::Parsed { documents, mut diagnostics } = document::parse(&sources);
    let (_, together) = document::resolve(&documents);
    diagnostics.extend(together);
    let place = |path: &str| files.iter().position(|file| file.path == path);
    diagnostics.sort_by_key(|found| (place(&found.file), found.line, found.column));
    diagnostics
}

#[cfg(test)]
mod tests;
