//! The files that `-f` names: read whole, directories walked for `*.yaml` and `*.yml` in name
//! order.
//!
//! Hidden entries and links to directories are left out, so a walk ends and finds what a person
//! would see.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plimsoll_api::v1::definition::File;

/// Standard input's path.
const STDIN: &str = "-";

/// Why the files were not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such file, or it cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A directory in which nothing is to be read.
    #[error("{} holds no *.yaml or *.yml file", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
}

/// Reads every file named, in the order named; one named twice is read once.
///
/// # Errors
/// The first that cannot be read, a directory without definitions among them.
pub(crate) fn read(named: &[PathBuf], stdin: &mut dyn Read) -> Result<Vec<File>, Error> {
    let mut files: Vec<File> = Vec::new();
    for path in named {
        for path in expand(path)? {
            let name = path.display().to_string();
            if files.iter().all(|file| file.path != name) {
                let text =
                    text(&path, stdin).map_err(|source| Error::Unreadable { path, source })?;
                files.push(File { path: name, text });
            }
        }
    }
    Ok(files)
}

fn expand(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if path.as_os_str() == STDIN || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    walk(path, &mut found)?;
    if found.is_empty() { Err(Error::Empty { path: path.to_owned() }) } else { Ok(found) }
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |source| Error::Unreadable { path: directory.to_owned(), source };
    let mut entries =
        fs::read_dir(directory).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(&path, found)?;
        } else if is_yaml(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn text(path: &Path, stdin: &mut dyn Read) -> io::Result<String> {
    if path.as_os_str() != STDIN {
        return fs::read_to_string(path);
    }
    let mut text = String::new();
    stdin.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests;
