//! The log: frames in files of about 64 MiB, each named by the position of its first byte.
//!
//! ```text
//! file  = "PLIMLOG3" · position of the first frame u64 · CRC-32C of these u32 · frames
//! frame = "PLMF" · length u32 · CRC-32C of position, synced, length and what follows synced u32
//!         · synced u64 · payload, packed (Snappy) if the highest bit of the length is set
//! ```
//! Invariant: every frame that was ever synced is whole. Each frame says up to which position the
//! log was durable when it was written; a frame that does not check is a torn write, and cut off
//! with all behind it, unless a whole frame behind it says that it had been durable: then it is
//! damage, and the log refuses to open. A clean close ends with an empty frame that vouches for
//! everything before it. After a sync that failed nothing more is said to be durable: what the
//! kernel kept of the file is unknown, and asking again may be answered as if nothing had happened.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::codec::Frame;
use super::identity::create_with;
use super::{Identity, OpenError};
use plimsoll_domain::slo::fold::Misfit;

const FILE_MAGIC: &[u8; 8] = b"PLIMLOG3";
const FILE_HEAD: usize = 20;
const FRAME_MAGIC: &[u8; 4] = b"PLMF";
const FRAME_HEAD: usize = 20;

/// The size of a file, unless checkpoints come sooner.
const FILE_BYTES: u64 = 64 << 20;

/// A frame holds one request's records, and requests are bounded well below this.
const PAYLOAD_BYTES_MAX: usize = 256 << 20;

/// Says in a frame's length that the payload is packed.
const PACKED: u32 = 1 << 31;

/// A shorter payload is not worth packing.
const PACKED_BYTES_MIN: usize = 512;

/// The log, open for appending.
#[derive(Debug)]
pub(super) struct Log {
    dir: PathBuf,
    file: File,
    /// Position of the file's first frame.
    file_start: u64,
    /// Position of the next frame.
    end: u64,
    /// Everything before is durable.
    synced: u64,
    torn_bytes: u64,
    /// A file that has reached this size is followed by a new one.
    file_bytes: u64,
    /// A sync failed.
    failed: bool,
}

impl Log {
    /// Opens or creates the log under `dir`, handing every frame from position `from` on to
    /// `replay` in order. What lies before `from` is not looked at: a checkpoint vouches for it.
    pub(super) fn open(
        dir: &Path,
        from: u64,
        identity: &Identity,
        replay: &mut dyn FnMut(Frame) -> Result<(), Misfit>,
    ) -> Result<Self, OpenError> {
        std::fs::create_dir_all(dir).map_err(in_path(dir))?;
        let starts = file_starts(dir)?;
        let first = starts.iter().rposition(|start| *start <= from).unwrap_or(0);
        let wanted = &starts[first.min(starts.len())..];
        let (Some(first), Some(last)) = (wanted.first().copied(), wanted.last().copied()) else {
            return Self::start(dir, from);
        };
        if first > from {
            let reason = format!("what was written from position {from} on is missing before it");
            return Err(damaged(&path_of(dir, first), 0, reason));
        }
        let mut end = first;
        let mut torn_bytes = 0;
        for start in wanted.iter().copied() {
            let path = path_of(dir, start);
            if start != end {
                let reason = format!("it should start at position {end}");
                return Err(damaged(&path, 0, reason));
            }
            let bytes = std::fs::read(&path).map_err(in_path(&path))?;
            let known = usize::try_from(from.saturating_sub(start)).unwrap_or(usize::MAX);
            if start == last && known > bytes.len().saturating_sub(FILE_HEAD) {
                // The checkpoint holds all that this file held, and more.
                return Self::start(dir, from);
            }
            let place = Place { path: &path, start, is_last: start == last };
            let read = read_file(&place, &bytes, known, identity, replay)?;
            end = start + read as u64;
            torn_bytes = (bytes.len() - FILE_HEAD.min(bytes.len()) - read) as u64;
        }
        let mut log = Self::reopen(dir, last, end)?;
        log.torn_bytes = torn_bytes;
        Ok(log)
    }

    /// The first file of a log that goes on from a position.
    fn start(dir: &Path, from: u64) -> Result<Self, OpenError> {
        let file = create_file(dir, from).map_err(in_path(dir))?;
        Ok(Self {
            dir: dir.to_owned(),
            file,
            file_start: from,
            end: from,
            synced: from,
            torn_bytes: 0,
            file_bytes: FILE_BYTES,
            failed: false,
        })
    }

    /// The same with files of at most so many bytes, or a frame more.
    pub(super) fn with_files_of(self, bytes: u64) -> Self {
        Self { file_bytes: bytes.min(FILE_BYTES), ..self }
    }

    /// Deletes the files that end before a position.
    pub(super) fn truncate_before(&mut self, position: u64) -> io::Result<()> {
        let starts = file_starts(&self.dir).map_err(io::Error::other)?;
        for two in starts.windows(2).filter(|two| two[1] <= position) {
            std::fs::remove_file(path_of(&self.dir, two[0]))?;
        }
        sync_directory(&self.dir)
    }

    /// The last file, cut at its last whole frame.
    fn reopen(dir: &Path, file_start: u64, end: u64) -> Result<Self, OpenError> {
        let path = path_of(dir, file_start);
        let cut = || {
            let file = OpenOptions::new().read(true).write(true).open(&path)?;
            file.set_len(FILE_HEAD as u64 + end - file_start)?;
            file.write_all_at(&file_head(file_start), 0)?;
            file.sync_all().map_err(SyncFailed::wrap)?;
            Ok(file)
        };
        let file = cut().map_err(in_path(&path))?;
        let (dir, file_bytes) = (dir.to_owned(), FILE_BYTES);
        let (synced, torn_bytes, failed) = (end, 0, false);
        Ok(Self { dir, file, file_start, end, synced, torn_bytes, file_bytes, failed })
    }

    /// Appends a frame, whole or not at all. Not durable before [`Self::sync`].
    pub(super) fn append(&mut self, frame: &Frame) -> io::Result<()> {
        if self.end - self.file_start >= self.file_bytes {
            self.rotate()?;
        }
        let payload = frame.encode();
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(io::Error::other("one request is too large for a frame"));
        }
        let bytes = framed(self.end, self.synced, payload)?;
        let at = FILE_HEAD as u64 + self.end - self.file_start;
        if let Err(error) = self.file.write_all_at(&bytes, at) {
            // What was written of it must not be taken for a frame, nor hide the next one.
            self.file.set_len(at)?;
            return Err(error);
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Goes on in a new file unless the present one is empty: what lies before can be let go of.
    pub(super) fn rotate_if_begun(&mut self) -> io::Result<()> {
        if self.end > self.file_start { self.rotate() } else { Ok(()) }
    }

    pub(super) fn rotate(&mut self) -> io::Result<()> {
        self.sync()?;
        let created = create_file(&self.dir, self.end);
        self.failed = created.as_ref().is_err_and(SyncFailed::is_in);
        self.file = created?;
        self.file_start = self.end;
        Ok(())
    }

    /// Makes every appended frame durable. Once it has failed it fails for ever.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.failed {
            return Err(io::Error::other("the log could not be made durable before"));
        }
        if self.synced < self.end {
            self.failed = true;
            self.file.sync_data().map_err(SyncFailed::wrap)?;
            self.failed = false;
            self.synced = self.end;
        }
        Ok(())
    }

    /// Opens its file again, for reading alone or for writing too: with the former every append
    /// fails as the operating system fails it.
    #[cfg(test)]
    pub(super) fn open_again(&mut self, writable: bool) {
        let path = path_of(&self.dir, self.file_start);
        let opened = OpenOptions::new().read(true).write(writable).open(path);
        self.file = opened.expect("the file is there");
    }

    /// The position of the next frame.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Bytes of a torn write that were cut off at opening.
    pub(super) fn torn_bytes(&self) -> u64 {
        self.torn_bytes
    }
}

/// Marks the error of a sync among those of the file system.
#[derive(Debug, thiserror::Error)]
#[error("what was written may not be kept: {0}")]
pub(super) struct SyncFailed(io::Error);

impl SyncFailed {
    pub(super) fn wrap(error: io::Error) -> io::Error {
        io::Error::other(Self(error))
    }

    pub(super) fn is_in(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Self>())
    }
}

/// A file of the log.
struct Place<'a> {
    path: &'a Path,
    start: u64,
    is_last: bool,
}

/// Reads the frames of one file from `known` bytes behind its head on; returns how many bytes of
/// whole frames it holds.
fn read_file(
    place: &Place<'_>,
    bytes: &[u8],
    known: usize,
    identity: &Identity,
    replay: &mut dyn FnMut(Frame) -> Result<(), Misfit>,
) -> Result<usize, OpenError> {
    let &Place { path, start, is_last } = place;
    if bytes.get(..FILE_HEAD) != Some(file_head(start).as_slice()) && known == 0 {
        return Err(damaged(path, 0, "its head does not check".to_owned()));
    }
    let frames = bytes.get(FILE_HEAD..).unwrap_or_default();
    let mut at = known;
    while at < frames.len() {
        let position = start + at as u64;
        match frame_at(&frames[at..], position, identity) {
            Ok((frame, length)) => {
                replay(frame)?;
                at += length;
            }
            Err(reason) if is_last && !was_durable(frames, at, start) => {
                tracing::warn!(%reason, position, "cut off a torn write at the end of the log");
                break;
            }
            Err(reason) => return Err(damaged(path, (FILE_HEAD + at) as u64, reason)),
        }
    }
    Ok(at)
}

/// The frame at the start of `bytes`, with its length.
fn frame_at(bytes: &[u8], position: u64, identity: &Identity) -> Result<(Frame, usize), String> {
    let checked = check(bytes, position)?;
    let payload = match checked.length & PACKED {
        0 => Cow::Borrowed(checked.payload),
        _ => Cow::Owned(unpacked(checked.payload)?),
    };
    let frame = Frame::decode(&payload, identity).map_err(|error| error.to_string())?;
    Ok((frame, FRAME_HEAD + checked.payload.len()))
}

/// The bytes of a frame, its payload packed if that is shorter.
fn framed(position: u64, synced: u64, payload: Vec<u8>) -> io::Result<Vec<u8>> {
    let (flag, payload) = if payload.len() < PACKED_BYTES_MIN {
        (0, payload)
    } else {
        let packed = snap::raw::Encoder::new().compress_vec(&payload)?;
        if packed.len() < payload.len() { (PACKED, packed) } else { (0, payload) }
    };
    let length = u32::try_from(payload.len()).expect("it is at most PAYLOAD_BYTES_MAX") | flag;
    let mut bytes = Vec::with_capacity(FRAME_HEAD + payload.len());
    bytes.extend(FRAME_MAGIC);
    bytes.extend(length.to_le_bytes());
    bytes.extend(checksum(position, synced, length, &payload).to_le_bytes());
    bytes.extend(synced.to_le_bytes());
    bytes.extend(&payload);
    Ok(bytes)
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, String> {
    let length = snap::raw::decompress_len(packed).map_err(|error| error.to_string())?;
    if length > PAYLOAD_BYTES_MAX {
        return Err(format!("a frame would unpack to {length} bytes"));
    }
    snap::raw::Decoder::new().decompress_vec(packed).map_err(|error| error.to_string())
}

/// A frame whose checksum holds.
struct Checked<'a> {
    synced: u64,
    /// As it is written, with the flag.
    length: u32,
    payload: &'a [u8],
}

fn check(bytes: &[u8], position: u64) -> Result<Checked<'_>, String> {
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or("a frame's head is short")?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or("a frame's head is short")?;
    let (checksum_read, rest) = rest.split_first_chunk::<4>().ok_or("a frame's head is short")?;
    let (synced, rest) = rest.split_first_chunk::<8>().ok_or("a frame's head is short")?;
    if magic != FRAME_MAGIC {
        return Err("no frame starts here".to_owned());
    }
    let length = u32::from_le_bytes(*length);
    let payload = rest.get(..(length & !PACKED) as usize).ok_or("a frame is cut short")?;
    let synced = u64::from_le_bytes(*synced);
    if checksum(position, synced, length, payload) == u32::from_le_bytes(*checksum_read) {
        Ok(Checked { synced, length, payload })
    } else {
        Err("a frame does not check".to_owned())
    }
}

/// Whether a whole frame behind `at` says that the log was durable beyond `at`. A frame's checksum
/// holds its position, so nothing else passes for one.
fn was_durable(frames: &[u8], at: usize, start: u64) -> bool {
    let behind = &frames[at + 1..];
    let starts = behind.windows(4).enumerate().filter(|(_, four)| four == FRAME_MAGIC);
    starts.map(|(i, _)| at + 1 + i).any(|later| {
        check(&frames[later..], start + later as u64)
            .is_ok_and(|frame| frame.synced > start + at as u64)
    })
}

fn checksum(position: u64, synced: u64, length: u32, payload: &[u8]) -> u32 {
    let mut head = [0; 20];
    head[..8].copy_from_slice(&position.to_le_bytes());
    head[8..16].copy_from_slice(&synced.to_le_bytes());
    head[16..].copy_from_slice(&length.to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head), payload)
}

fn file_head(start: u64) -> [u8; FILE_HEAD] {
    let mut head = [0; FILE_HEAD];
    head[..8].copy_from_slice(FILE_MAGIC);
    head[8..16].copy_from_slice(&start.to_le_bytes());
    let check = crc32c::crc32c(&head[..16]);
    head[16..].copy_from_slice(&check.to_le_bytes());
    head
}

/// A file with its head, which is there whole or not at all: an empty one would hide that the log
/// goes on in the file before it.
fn create_file(dir: &Path, start: u64) -> io::Result<File> {
    create_with(&path_of(dir, start), |file| {
        file.write_all(&file_head(start))?;
        file.try_clone()
    })
}

/// Makes the names in a directory durable.
pub(super) fn sync_directory(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all().map_err(SyncFailed::wrap)
}

fn path_of(dir: &Path, start: u64) -> PathBuf {
    dir.join(format!("{start:020}.log"))
}

/// The positions that files start at, in order.
fn file_starts(dir: &Path) -> Result<Vec<u64>, OpenError> {
    let mut starts = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(in_path(dir))? {
        let name = entry.map_err(in_path(dir))?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".log"));
        starts.extend(stem.and_then(|stem| stem.parse::<u64>().ok()));
    }
    starts.sort_unstable();
    Ok(starts)
}

fn in_path(path: &Path) -> impl Fn(io::Error) -> OpenError {
    let path = path.display().to_string();
    move |source| OpenError::Io { path: path.clone(), source }
}

fn damaged(path: &Path, offset: u64, reason: String) -> OpenError {
    OpenError::Damaged { file: path.display().to_string(), offset, reason }
}

#[cfg(test)]
mod tests;
