//! `plimsoll lint`: every fault of the files, without a server.

use std::path::PathBuf;

use plimsoll_api::document::{self, Source};
use plimsoll_api::v1::definition::{Diagnostic, File};
use serde_json::json;

use crate::args::Report;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::render::{self, Screen, definition};

/// What `lint` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    /// How to print what was found.
    #[arg(long, short, value_enum, default_value_t = Report::Text)]
    output: Report,
}

/// Files of definitions.
#[derive(Debug, clap::Args)]
pub(super) struct Files {
    /// A file, a directory (its *.yaml and *.yml files), or `-` for standard input.
    #[arg(long = "file", short = 'f', value_name = "FILE-or-DIR", num_args = 1.., required = true)]
    named: Vec<PathBuf>,
}

impl Files {
    /// The files with their texts; what cannot be read is wrong usage.
    pub(super) fn read(&self) -> Result<Vec<File>, Failure> {
        files::read(&self.named, &mut std::io::stdin().lock())
            .map_err(|error| Failure::of(&error).ending(Exit::Unasked))
    }
}

/// Prints what is wrong; fails when something is an error.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let files = args.files.read()?;
    let found = faults(&files);
    match args.output {
        Report::Json => screen.print(&render::json(&json!({ "diagnostics": found })))?,
        Report::Text => {
            let summary = format!("{} files: {}", files.len(), definition::tally(&found));
            let summary = summary.replace("1 files", "1 file");
            screen.print(&render::page([definition::diagnostics(screen, &found), summary]))?
        }
    };
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
