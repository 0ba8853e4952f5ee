//! The head kept in the data directory: a witness beside the database, for when that alone is
//! changed or set back.
//!
//! Invariant: it only moves on to a head that extends it. One that the database does not know is
//! evidence, and stays.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use plimsoll_api::v1::seal::Head;

use crate::durable;

/// Where it is.
pub(crate) fn path(data: &Path) -> PathBuf {
    data.join("seal-head.json")
}

/// Reads it, if there is one.
pub(crate) fn load(data: &Path) -> io::Result<Option<Head>> {
    match fs::read(path(data)) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes it so that it is there whole or not at all.
pub(crate) fn store(data: &Path, head: &Head) -> io::Result<()> {
    let path = path(data);
    let partial = path.with_extension("partial");
    let mut file = File::create(&partial)?;
    serde_json::to_writer_pretty(&mut file, head).map_err(io::Error::other)?;
    file.write_all(b"\n")?;
    durable::sync(&file, "the head beside the database");
    fs::rename(&partial, &path)?;
    durable::sync(&File::open(data)?, "the data directory");
    Ok(())
}
