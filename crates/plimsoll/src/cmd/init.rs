//! `plimsoll init`: a starter set of definitions, to be edited and kept in git.

use std::fs;
use std::path::PathBuf;

use plimsoll_api::document;

use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `init` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them.
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
    /// Write the SLIs and SLOs of this type of service.
    #[arg(long = "type", value_name = "TYPE", value_parser = known_type)]
    of: Option<String>,
    /// The service.
    #[arg(long, default_value = SERVICE)]
    service: String,
    /// Overwrite what is there.
    #[arg(long)]
    force: bool,
}

/// The service of the starter set.
const SERVICE: &str = "checkout";

/// A type of service that the shipped guide has.
fn known_type(word: &str) -> Result<String, String> {
    let known = document::shipped_types();
    if known.iter().any(|known| known == word) {
        return Ok(word.to_owned());
    }
    Err(format!("types of service are {}", known.join(", ")))
}

/// The starter set, for the service and its type.
fn starter(args: &Args) -> Result<Vec<(&'static str, String)>, Failure> {
    if let Err(fault) = document::shipped_suggestion("http", &args.service) {
        let what = format!("no documents can be named for the service `{}`", args.service);
        let failure = Failure::unasked(what).detail(fault);
        return Err(failure.hint("give another name with --service, such as checkout"));
    }
    let mut files = document::starter();
    for (path, text) in &mut files {
        if !path.starts_with("defaults/") && args.service != SERVICE {
            *text = text.replace(SERVICE, &args.service).replace("Checkout", &args.service);
        }
        if let Some(of) = args.of.as_deref().filter(|_| *path == "slos.yaml") {
            *text = document::shipped_suggestion(of, &args.service).map_err(Failure::unasked)?;
        }
    }
    Ok(files)
}

/// Writes the files, all or none when some are there already.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let starter = starter(args)?.into_iter();
    let files: Vec<_> = starter.map(|(path, text)| (args.directory.join(path), text)).collect();
    let there: Vec<_> = files.iter().filter(|(path, _)| path.exists()).collect();
    if !args.force && !there.is_empty() {
        let failure = there.iter().fold(
            Failure::refused("some of the files are there already; nothing was written"),
            |failure, (path, _)| failure.detail(path.display().to_string()),
        );
        return Err(failure.hint("name another directory, or overwrite them with --force"));
    }
    let mut told = String::new();
    for (path, text) in &files {
        let parent = path.parent().expect("every file is written below the directory");
        fs::create_dir_all(parent).and_then(|()| fs::write(path, text)).map_err(|error| {
            Failure::refused(format!("cannot write {}", path.display())).detail(error.to_string())
        })?;
        told += &format!("wrote {}\n", path.display());
    }
    let directory = args.directory.display();
    screen.print(&format!(
        "{told}\n\
         Next: put your own service, metric and labels into catalog.yaml and slos.yaml, then\n  \
         plimsoll lint -f {directory}\n  \
         plimsoll apply -f {directory}"
    ))
}
