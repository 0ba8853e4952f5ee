//! Checkpoints: everything that the log up to a position came to.
//!
//! ```text
//! checkpoint = "PLIMCHK3" · position u64 · payload · payload length u64
//!              · CRC-32C of all of this u32
//! payload    = contents (postcard) in a frame of Zstandard's
//! ```
//! Each is a file of its own, named by its position, there whole or not at all. The newest two are
//! kept, and the log from the older one on: if one is damaged, the other and more of the log say
//! the same. A checkpoint names the segments it counts on.
//!
//! Invariant: nothing of a file is read for what it says before all of it has checked. Neither
//! writing nor reading holds more of it than a buffer.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IntoInnerError, Read as _, Seek as _, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use plimsoll_domain::slo::fold::Fold;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::OpenError;
use super::identity::create_with;
use super::pieces::Pieces;
use super::segments::SegmentName;

const MAGIC: &[u8; 8] = b"PLIMCHK3";
const HEAD: usize = 16;
const TAIL: usize = 12;

/// What is read or written at once.
const BUFFER: usize = 64 << 10;

/// How hard Zstandard tries: labels of many series repeat, and a checkpoint is written between two
/// requests.
const LEVEL: i32 = 1;

/// What the names of the files begin with.
pub(super) const PREFIX: &str = "checkpoint-";

/// How many are kept.
const KEPT: usize = 2;

/// What a checkpoint holds. `F` is the fold, borrowed or owned, or nothing: what comes before it
/// reads alone.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Contents<F> {
    /// The form of what follows.
    pub(super) version: u32,
    /// Declarations that came before.
    pub(super) epoch: u64,
    /// Clusters, with the last time their elected replica was heard, by our clock.
    pub(super) heard: Vec<(String, i64)>,
    /// The segments that hold what the fold put away.
    pub(super) segments: Vec<SegmentName>,
    /// Everything else.
    pub(super) fold: F,
}

pub(super) const VERSION: u32 = 7;

/// A checkpoint that was read.
#[derive(Debug)]
pub(super) struct Found<F = Fold> {
    pub(super) position: u64,
    /// Its size.
    pub(super) bytes: u64,
    pub(super) contents: Contents<F>,
}

/// Writes a checkpoint of everything before `position`, durable when it returns; returns its size.
pub(super) fn write(dir: &Path, position: u64, contents: &Contents<&Fold>) -> io::Result<u64> {
    create_with(&path_of(dir, position), |file| {
        let mut out = Checked::new(file);
        out.write_all(&head_of(position))?;
        // What stopped postcard is known to the file alone.
        pack(contents, &mut out).map_err(|error| out.failed.take().unwrap_or(error))?;
        let length = out.bytes - HEAD as u64;
        out.write_all(&length.to_le_bytes())?;
        let check = out.check;
        out.write_all(&check.to_le_bytes())?;
        Ok(out.bytes)
    })
}

/// Reads the newest checkpoint whose checksum holds. Says what was wrong with newer ones.
pub(super) fn newest(dir: &Path) -> Result<(Option<Found>, Vec<String>), OpenError> {
    let mut faults = Vec::new();
    for position in positions(dir)?.into_iter().rev() {
        let path = path_of(dir, position);
        match read(&path, position).map_err(in_path(&path))? {
            Ok(found) => return Ok((Some(found), faults)),
            Err(reason) => faults.push(format!("{}: {reason}", path.display())),
        }
    }
    Ok((None, faults))
}

/// Deletes all but the newest ones, and what a crash left of one; returns the position of the
/// oldest that is kept.
pub(super) fn prune(dir: &Path) -> Result<u64, OpenError> {
    for path in partials(dir)? {
        std::fs::remove_file(&path).map_err(in_path(&path))?;
    }
    let positions = positions(dir)?;
    let (old, kept) = positions.split_at(positions.len().saturating_sub(KEPT));
    for position in old {
        let path = path_of(dir, *position);
        std::fs::remove_file(&path).map_err(in_path(&path))?;
    }
    // With a single one kept, the log must still say all of it by itself.
    Ok(if kept.len() < KEPT { 0 } else { kept[0] })
}

/// The segments that any kept checkpoint counts on.
pub(super) fn named_segments(dir: &Path) -> Result<Vec<SegmentName>, OpenError> {
    let mut named = Vec::new();
    for position in positions(dir)? {
        let path = path_of(dir, position);
        if let Ok(found) = read::<()>(&path, position).map_err(in_path(&path))? {
            named.extend(found.contents.segments);
        }
    }
    Ok(named)
}

/// Packs contents into what follows the head.
fn pack(contents: &Contents<&Fold>, out: &mut Checked<&mut File>) -> io::Result<()> {
    let packed = zstd::Encoder::new(out, LEVEL)?;
    let packed = BufWriter::with_capacity(BUFFER, packed);
    let packed = postcard::to_io(contents, packed).map_err(io::Error::other)?;
    let packed = packed.into_inner().map_err(IntoInnerError::into_error)?;
    packed.finish()?;
    Ok(())
}

/// Reads a checkpoint as far as `F` goes. The inner error says what is wrong with it.
fn read<F: DeserializeOwned>(path: &Path, position: u64) -> io::Result<Result<Found<F>, String>> {
    let mut file = File::open(path)?;
    let length = match verified(&mut file, position)? {
        Ok(length) => length,
        Err(reason) => return Ok(Err(reason.to_owned())),
    };
    file.seek(io::SeekFrom::Start(HEAD as u64))?;
    let payload = zstd::Decoder::new(file.take(length))?;
    let input = Pieces::new(BufReader::with_capacity(BUFFER, payload));
    let mut input = postcard::Deserializer::from_flavor(input);
    Ok(match Contents::<F>::deserialize(&mut input) {
        Ok(contents) if contents.version == VERSION => {
            Ok(Found { position, bytes: length + (HEAD + TAIL) as u64, contents })
        }
        Ok(contents) => {
            Err(format!("a program with another format wrote it ({})", contents.version))
        }
        Err(error) => Err(format!("it does not read: {error}")),
    })
}

/// Reads all of a file and returns the length of its payload, or what is wrong with it.
fn verified(file: &mut File, position: u64) -> io::Result<Result<u64, &'static str>> {
    let size = file.metadata()?.len();
    let Some(length) = size.checked_sub((HEAD + TAIL) as u64) else {
        return Ok(Err("it is cut short"));
    };
    let (mut head, mut tail) = ([0; HEAD], [0; TAIL]);
    file.read_exact_at(&mut head, 0)?;
    file.read_exact_at(&mut tail, size - TAIL as u64)?;
    if head != head_of(position) {
        return Ok(Err("it is no checkpoint of this position"));
    }
    let mut checked = Checked::new(io::sink());
    let mut all_but_check = BufReader::with_capacity(BUFFER, file.take(size - 4));
    io::copy(&mut all_but_check, &mut checked)?;
    let holds = tail[..8] == length.to_le_bytes() && tail[8..] == checked.check.to_le_bytes();
    Ok(if holds { Ok(length) } else { Err("it does not check") })
}

fn head_of(position: u64) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..8].copy_from_slice(MAGIC);
    head[8..].copy_from_slice(&position.to_le_bytes());
    head
}

fn in_path(path: &Path) -> impl Fn(io::Error) -> OpenError {
    move |source| OpenError::Io { path: path.display().to_string(), source }
}

/// Counts and checks what passes through.
struct Checked<W> {
    out: W,
    bytes: u64,
    /// The CRC-32C of these bytes.
    check: u32,
    /// What first went wrong.
    failed: Option<io::Error>,
}

impl<W: Write> Checked<W> {
    fn new(out: W) -> Self {
        Self { out, bytes: 0, check: 0, failed: None }
    }
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.out.write(bytes) {
            Ok(written) => {
                self.check = crc32c::crc32c_append(self.check, &bytes[..written]);
                self.bytes += written as u64;
                Ok(written)
            }
            Err(error) => {
                let kind = error.kind();
                self.failed.get_or_insert(error);
                Err(kind.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The file of a position.
pub(super) fn path_of(dir: &Path, position: u64) -> PathBuf {
    dir.join(format!("{PREFIX}{position:020}"))
}

fn positions(dir: &Path) -> Result<Vec<u64>, OpenError> {
    let named = names(dir)?;
    let mut positions: Vec<u64> = named.iter().filter_map(|name| name.parse().ok()).collect();
    positions.sort_unstable();
    Ok(positions)
}

/// Files that were being written when the process or the machine ended.
fn partials(dir: &Path) -> Result<Vec<PathBuf>, OpenError> {
    let named = names(dir)?.into_iter().filter(|name| name.ends_with(".partial"));
    Ok(named.map(|name| dir.join(format!("{PREFIX}{name}"))).collect())
}

/// What follows the prefix in the names of our files.
fn names(dir: &Path) -> Result<Vec<String>, OpenError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(in_path(dir))? {
        let name = entry.map_err(in_path(dir))?.file_name();
        let ours = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        names.extend(ours.map(str::to_owned));
    }
    Ok(names)
}
