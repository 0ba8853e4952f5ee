//! `plimsoll export`: the definitions in force as files that `apply` takes back.
//!
//! One file a document, `slo/checkout-availability.yaml`, with its text as it was applied, so that
//! applying them changes nothing. Invariants: a file that is there and says something else is not
//! written over unless that was asked for, and no name leads out of the directory.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_api::document::Kind;
use plimsoll_api::v1::definition::Definition;

use crate::args::Connection;
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `export` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them; `-` writes them to standard output, one after the other.
    #[arg(value_name = "DIR", default_value = "-")]
    to: PathBuf,
    /// Whose.
    #[arg(long, value_parser = ["yours", "default", "all"], default_value = "yours")]
    origin: String,
    /// Write over files that say something else.
    #[arg(long)]
    force: bool,
}

/// Writes the definitions.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let filter = (args.origin != "all").then(|| ("origin", args.origin.clone()));
    let client = Client::new(connection)?;
    let answer = client.list(&["definitions"], filter.as_slice(), usize::MAX).await?;
    // The texts are to be written as they are.
    let found: Vec<Definition> = client::parse(answer.items.into())?;
    if args.to.as_os_str() == "-" {
        let texts: Vec<_> = found.iter().map(|definition| text(&definition.yaml)).collect();
        return screen.print(&texts.join("---\n"));
    }
    let files: Vec<_> = found.iter().map(file).collect::<Result<_, _>>()?;
    let files: Vec<_> = files.into_iter().map(|(path, text)| (args.to.join(path), text)).collect();
    let written = write(&files, args.force)?;
    let (all, to) = (files.len(), args.to.display());
    screen.print(&format!(
        "{all} definitions in {to}: {written} files written, {} as they were.",
        all - written
    ))
}

/// Where a definition goes, and its text.
fn file(definition: &Definition) -> Result<(PathBuf, String), Failure> {
    let Definition { kind, name, yaml, .. } = definition;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let plain = !name.starts_with('.') && !name.is_empty() && name.chars().all(is_plain);
    let known = Kind::parse(kind).filter(|_| plain);
    let Some(known) = known else {
        return Err(Failure::refused(format!("`{kind} {name}` cannot be the name of a file"))
            .hint("write all of them to standard output with `plimsoll export -`"));
    };
    let path = Path::new(&known.as_str().to_lowercase()).join(format!("{name}.yaml"));
    Ok((path, text(yaml)))
}

/// The text with one line end after it.
fn text(yaml: &str) -> String {
    format!("{}\n", yaml.trim_end())
}

/// Writes what is not there as it should be; how many that were.
fn write(files: &[(PathBuf, String)], force: bool) -> Result<usize, Failure> {
    let there = |path: &Path| fs::read(path).ok();
    let is_new =
        |(path, text): &&(PathBuf, String)| there(path).as_deref() != Some(text.as_bytes());
    let new: Vec<_> = files.iter().filter(is_new).collect();
    let others: Vec<_> = new.iter().filter(|(path, _)| !force && path.exists()).collect();
    if !others.is_empty() {
        let failure = Failure::refused("some files are there already and say something else");
        let failure = others
            .iter()
            .fold(failure, |failure, (path, _)| failure.detail(path.display().to_string()));
        return Err(failure.hint("nothing was written; write over them with --force"));
    }
    for (path, text) in &new {
        let parent = path.parent().expect("every file is written below the directory");
        fs::create_dir_all(parent).and_then(|()| fs::write(path, text)).map_err(|error| {
            Failure::refused(format!("cannot write {}", path.display())).detail(error.to_string())
        })?;
    }
    Ok(new.len())
}

#[cfg(test)]
mod tests;
