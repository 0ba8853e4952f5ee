//! `plimsoll backup`: everything that an installation keeps, in one file.
//!
//! Invariant: at FILE there is what was there before, or a backup that was checked to its last bit
//! and is on disk. It is readable by its owner alone, since it holds the installation's secrets.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use indicatif::HumanBytes;
use plimsoll_server::app::backup::{Manifest, OfflineError, check, stage_offline};
use plimsoll_server::config::Config;
use plimsoll_server::world::World;
use tokio::sync::mpsc;

use crate::args::{Connection, Offline};
use crate::client::Client;
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::render::Screen;

/// What `backup` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write it; what is there is replaced once the new one is whole.
    file: PathBuf,
    #[command(flatten)]
    offline: Offline,
}

/// Chunks that may wait to be checked and written.
const CHUNKS: usize = 16;

/// Makes the backup, checks it, and puts it in its place.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let config = args.offline.config()?;
    let target = Target::open(&args.file)?;
    let manifest = match config {
        Some(config) => offline(&config, &target).await?,
        None => online(connection, &target).await?,
    };
    let size = manifest.total_bytes();
    target.settle()?;
    screen.print(&screen.prose(&told(&args.file, size, &manifest)))
}

/// From a running server, checked while it comes.
async fn online(connection: &Connection, target: &Target) -> Result<Manifest, Failure> {
    let mut response = Client::new(connection)?.download(&["backup"]).await?;
    let (chunks, taken) = mpsc::channel(CHUNKS);
    let file = target.handle()?;
    let checked = tokio::task::spawn_blocking(move || {
        let mut tee = Tee { taken, chunk: Vec::new(), at: 0, file: BufWriter::new(file) };
        let manifest = check(&mut tee)?;
        tee.file.flush()?;
        Ok::<_, plimsoll_server::app::backup::ArchiveError>(manifest)
    });
    let progress = Progress::of_bytes("backing up");
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                progress.took(chunk.len());
                if chunks.send(chunk.to_vec()).await.is_err() {
                    break None;
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    drop(chunks);
    let checked = checked.await.map_err(|error| Failure::of(&error))?;
    checked.map_err(|error| match broken {
        Some(broken) => Failure::of(&broken).hint("the server's log may say why; try again"),
        None => Failure::of(&error),
    })
}

/// From a data directory that nobody holds.
async fn offline(config: &Config, target: &Target) -> Result<Manifest, Failure> {
    let _progress = Progress::of("backing up");
    let staged = stage_offline(config, &World::system()).await.map_err(|error| {
        let failure = Failure::of(&error);
        match error {
            OfflineError::Lock(_) => failure.hint("a running server is backed up without --data"),
            OfflineError::Nothing(_)
            | OfflineError::Io(_)
            | OfflineError::Tallies(_)
            | OfflineError::Checkpoint(_)
            | OfflineError::Records(_)
            | OfflineError::Archive(_) => failure,
        }
    })?;
    let mut out = BufWriter::new(target.handle()?);
    staged.write(&mut out).map_err(|error| Failure::of(&error))?;
    Ok(staged.manifest.clone())
}

fn told(file: &Path, size: u64, manifest: &Manifest) -> String {
    let rows: u64 = manifest.tables.iter().map(|(_, rows)| rows).sum();
    let tallies = manifest.members.iter().filter(|member| member.name.starts_with("tallies/"));
    let tallies: u64 = tallies.map(|member| member.bytes).sum();
    format!(
        "Backup of {} in {} ({}): {rows} rows in {} tables, {} of tallies.\n\
         It holds the installation's key and hashes of its secrets: keep it as you keep those.",
        manifest.created_at,
        file.display(),
        HumanBytes(size),
        manifest.tables.len(),
        HumanBytes(tallies),
    )
}

/// The file beside the one asked for, gone unless it is settled.
struct Target {
    partial: PathBuf,
    file: PathBuf,
    open: File,
}

impl Target {
    fn open(file: &Path) -> Result<Self, Failure> {
        let partial = file.with_added_extension("partial");
        // What a run that was killed left there may be readable by others, and stay so.
        let _ = std::fs::remove_file(&partial);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let open = options.open(&partial).map_err(|error| unwritable(&partial, &error))?;
        Ok(Self { partial, file: file.to_owned(), open })
    }

    fn handle(&self) -> Result<File, Failure> {
        self.open.try_clone().map_err(|error| unwritable(&self.partial, &error))
    }

    /// Makes it durable under its name.
    fn settle(self) -> Result<(), Failure> {
        let parent = self.file.parent().filter(|parent| !parent.as_os_str().is_empty());
        let settled = self
            .open
            .sync_all()
            .and_then(|()| std::fs::rename(&self.partial, &self.file))
            .and_then(|()| File::open(parent.unwrap_or(Path::new(".")))?.sync_all());
        settled.map_err(|error| unwritable(&self.file, &error))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Once it is settled there is none.
        let _ = std::fs::remove_file(&self.partial);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::refused(format!("cannot write {}", path.display())).detail(error.to_string())
}

/// Bytes that come from a channel, and go into a file as they are read.
struct Tee {
    taken: mpsc::Receiver<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
    file: BufWriter<File>,
}

impl Read for Tee {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() {
            let Some(chunk) = self.taken.blocking_recv() else { return Ok(0) };
            self.chunk = chunk;
            self.at = 0;
        }
        let length = bytes.len().min(self.chunk.len() - self.at);
        bytes[..length].copy_from_slice(&self.chunk[self.at..self.at + length]);
        self.file.write_all(&bytes[..length])?;
        self.at += length;
        Ok(length)
    }
}
