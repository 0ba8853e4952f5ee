//! What the tallies take on the disk, by what it is for.

use std::io;
use std::path::Path;

/// Files of one sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Files {
    /// How many.
    pub count: u64,
    /// All of them together.
    pub bytes: u64,
}

/// The files of one data directory's tallies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// The sample log.
    pub log: Files,
    /// What the log up to a position came to.
    pub checkpoints: Files,
    /// Sealed days.
    pub segments: Files,
}

/// Looks at the tallies under `dir`; what is not there takes nothing.
pub fn usage(dir: &Path) -> io::Result<Usage> {
    let is_checkpoint = |name: &str| name.starts_with(super::checkpoint::PREFIX);
    Ok(Usage {
        log: files(&dir.join("log"), |name| name.ends_with(".log"))?,
        checkpoints: files(dir, is_checkpoint)?,
        segments: files(&dir.join("segments"), |name| name.ends_with(".segment"))?,
    })
}

fn files(dir: &Path, of_sort: impl Fn(&str) -> bool) -> io::Result<Files> {
    let mut found = Files::default();
    let Some(entries) = unless_missing(std::fs::read_dir(dir))? else { return Ok(found) };
    for entry in entries {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(&of_sort) {
            continue;
        }
        // A checkpoint may be gone by now, with what another took the place of.
        if let Some(file) = unless_missing(entry.metadata())? {
            found.count += 1;
            found.bytes += file.len();
        }
    }
    Ok(found)
}

fn unless_missing<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
