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
    /// Overwrite what is there.
    #[arg(long)]
    force: bool,
}

/// Writes the files, all or none when some are there already.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let starter = document::starter().into_iter();
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
