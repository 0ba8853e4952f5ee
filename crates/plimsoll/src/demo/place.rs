//! Where the demo keeps things: the server's data, its configuration, the
//! webhook's secret, the token and the log.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

/// A directory of one run. A temporary one is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    dir: PathBuf,
    temporary: Option<TempDir>,
}

impl Place {
    /// Takes that directory, which must be empty or new, or a temporary one.
    pub(super) fn prepare(wanted: Option<PathBuf>) -> Result<Self> {
        let Some(dir) = wanted else {
            let temporary = tempfile::Builder::new().prefix("plimsoll-demo-").tempdir();
            let temporary = temporary.context("no temporary directory")?;
            return Ok(Self { dir: temporary.path().to_owned(), temporary: Some(temporary) });
        };
        let shown = dir.display();
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {shown}"))?;
        let mut entries =
            std::fs::read_dir(&dir).with_context(|| format!("cannot read {shown}"))?;
        if entries.next().is_some() {
            bail!(
                "{shown} is not empty: the story starts with a budget that nobody has spent; name \
                 a new directory, or none"
            );
        }
        let dir = dir.canonicalize().with_context(|| format!("cannot find {shown}"))?;
        Ok(Self { dir, temporary: None })
    }

    /// The directory; also the server's data directory.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether the directory is removed at the end.
    pub(super) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// Keeps a secret in a file that only its owner reads.
    pub(super) fn keep(&self, name: &str, secret: &str) -> Result<PathBuf> {
        let path = self.dir.join(name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let written = file.and_then(|mut file| writeln!(file, "{secret}"));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Writes the server's configuration, and returns where.
    pub(super) fn configure(&self, toml: &str) -> Result<PathBuf> {
        let path = self.dir.join("plimsoll.toml");
        std::fs::write(&path, toml).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// A file for the server's log.
    pub(super) fn log(&self) -> Result<File> {
        let path = self.dir.join("server.log");
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))
    }
}
