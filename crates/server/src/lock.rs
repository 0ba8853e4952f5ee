//! One process per data directory: an advisory lock on `<data>/lock`, which holds the owner's pid.
//!
//! The lock lives as long as the value and goes with the process, however it ends.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// The held lock.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error(
        "another process (pid {pid}) uses the data directory {}: stop it, or name another \
         directory with --data; commands against a running server take --url",
        data.display()
    )]
    Held {
        /// The directory.
        data: PathBuf,
        /// The pid written in the lock file.
        pid: String,
    },
    /// The directory or the file cannot be made.
    #[error("the data directory {} cannot be used", data.display())]
    Io {
        /// The directory.
        data: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl DataLock {
    /// Makes the directory if need be, and takes its lock.
    pub(crate) fn take(data: &Path) -> Result<Self, LockError> {
        let io = |source| LockError::Io { data: data.to_owned(), source };
        // What is in it is nobody else's to read.
        DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(io)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(data.join("lock"))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid).map_err(io)?;
                return Err(LockError::Held { data: data.to_owned(), pid: pid.trim().to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        write_pid(&mut file).map_err(io)?;
        Ok(Self { _file: file })
    }
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    file.sync_all()
}
