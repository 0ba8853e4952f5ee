//! A backup as one file: a tar archive that any `tar` unpacks and `sha256sum -c SHA256SUMS` checks.
//!
//! ```text
//! manifest.json                    what follows: names, lengths, SHA-256
//! key                              the installation's key
//! records                          the records, as `records::backup` writes them
//! tallies/key · tallies/checkpoint-… · tallies/segments/…
//! SHA256SUMS                       of all of these, the manifest included
//! ```
//! Invariant: there is one way to write a backup, byte for byte, and only what was written that way
//! is read. Headers, padding and the end are compared with what they must be, so that no bit of the
//! file can change unseen, and a member is one of the names above or the file is refused: none can
//! lead elsewhere.

mod read;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::records::backup::Exported;

pub use read::{check, extract};

/// The form of the file.
pub const FORMAT: u32 = 1;

/// The installation's key.
pub const KEY: &str = "key";

/// The records.
pub const RECORDS: &str = "records";

/// The directory of the tallies.
pub const TALLIES: &str = "tallies";

const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";
const BLOCK: usize = 512;
const CHUNK: usize = 64 << 10;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the file.
    pub format: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// Everything acknowledged before is in it.
    pub created_at: Timestamp,
    /// The migrations that made the tables of the records.
    pub migrations: Vec<String>,
    /// The tables of the records, each with its rows.
    pub tables: Vec<(String, u64)>,
    /// The files, in their order.
    pub members: Vec<Member>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path in the archive.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Why a backup was not written, or not read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file cannot be read or written.
    #[error("the backup cannot be read or written")]
    Io(#[from] io::Error),
    /// It is not what this program writes.
    #[error("this is no whole backup: {0}")]
    Damaged(String),
    /// Another program wrote it.
    #[error(
        "the backup has format {found} (written by Plimsoll {program}), and this program reads \
         format {FORMAT}"
    )]
    Format {
        /// Its format.
        found: u32,
        /// Who wrote it.
        program: String,
    },
}

impl Manifest {
    /// Describes the files that lie under `root`, which must not change from then on.
    ///
    /// # Errors
    /// Refused when one cannot be read.
    pub fn of(root: &Path, created_at: Timestamp, records: Exported) -> Result<Self, ArchiveError> {
        let mut names = vec![KEY.to_owned(), RECORDS.to_owned()];
        let mut tallies = BTreeSet::new();
        for dir in [TALLIES.to_owned(), format!("{TALLIES}/segments")] {
            for entry in std::fs::read_dir(root.join(&dir))? {
                let entry = entry?;
                if entry.file_type()?.is_file() {
                    let file = entry.file_name();
                    tallies.insert(format!("{dir}/{}", file.to_string_lossy()));
                }
            }
        }
        names.extend(tallies);
        let members: Result<Vec<_>, io::Error> =
            names.into_iter().map(|name| Member::of(root, name)).collect();
        let Exported { migrations, tables } = records;
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let members = members?;
        let manifest = Self { format: FORMAT, program, created_at, migrations, tables, members };
        manifest.check()?;
        Ok(manifest)
    }

    /// Bytes of the whole file.
    pub fn total_bytes(&self) -> u64 {
        let text = self.text();
        let lengths = self.members.iter().map(|member| member.bytes);
        let ends = [text.len() as u64, self.sums(&text).len() as u64];
        let padded = |bytes: u64| BLOCK as u64 + bytes.next_multiple_of(BLOCK as u64);
        lengths.chain(ends).map(padded).sum::<u64>() + 2 * BLOCK as u64
    }

    fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("it is plain data") + "\n"
    }

    fn sums(&self, text: &str) -> String {
        let own = format!("{}  {MANIFEST}\n", hex(&Sha256::digest(text)));
        let lines =
            self.members.iter().map(|member| format!("{}  {}\n", member.sha256, member.name));
        std::iter::once(own).chain(lines).collect()
    }

    /// Refuses names that are no part of a backup, and a backup that lacks a part.
    fn check(&self) -> Result<(), ArchiveError> {
        let mut names = BTreeSet::new();
        for Member { name, .. } in &self.members {
            if !is_known(name) || !names.insert(name.as_str()) {
                let name: String = name.chars().take(80).collect();
                return Err(ArchiveError::Damaged(format!("{name:?} is no part of one")));
            }
        }
        let checkpoints = names.iter().filter(|name| name.starts_with(CHECKPOINT)).count();
        for (name, there) in [
            (KEY, names.contains(KEY)),
            (RECORDS, names.contains(RECORDS)),
            ("tallies/key", names.contains("tallies/key")),
            (CHECKPOINT, checkpoints == 1),
        ] {
            if !there {
                return Err(ArchiveError::Damaged(format!("it has no `{name}`")));
            }
        }
        Ok(())
    }
}

const CHECKPOINT: &str = "tallies/checkpoint-";

fn is_known(name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbered = |before: &str, after: &str| {
        name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(digits)
    };
    matches!(name, KEY | RECORDS | "tallies/key")
        || numbered(CHECKPOINT, "")
        || numbered("tallies/segments/", ".segment")
}

impl Member {
    fn of(root: &Path, name: String) -> io::Result<Self> {
        let mut file = File::open(root.join(&name))?;
        let (mut sum, mut bytes) = (Sha256::new(), 0);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk)?;
            if read == 0 {
                return Ok(Self { name, bytes, sha256: hex(&sum.finalize()) });
            }
            sum.update(&chunk[..read]);
            bytes += read as u64;
        }
    }
}

/// Writes the files under `root` that the manifest describes.
///
/// # Errors
/// Refused when one is not what the manifest says, or cannot be read, or the other side is gone.
pub fn write(root: &Path, manifest: &Manifest, out: &mut dyn Write) -> Result<(), ArchiveError> {
    let text = manifest.text();
    write_member(out, MANIFEST, text.len() as u64, &mut text.as_bytes())?;
    for member in &manifest.members {
        let mut file = File::open(root.join(&member.name))?;
        let sum = write_member(out, &member.name, member.bytes, &mut file)?;
        if sum != member.sha256 {
            return Err(ArchiveError::Damaged(format!("{} changed meanwhile", member.name)));
        }
    }
    let sums = manifest.sums(&text);
    write_member(out, SUMS, sums.len() as u64, &mut sums.as_bytes())?;
    out.write_all(&[0; 2 * BLOCK])?;
    Ok(out.flush()?)
}

/// Writes one file; says what its checksum is.
fn write_member(
    out: &mut dyn Write,
    name: &str,
    bytes: u64,
    input: &mut dyn Read,
) -> Result<String, ArchiveError> {
    out.write_all(&header(name, bytes)?)?;
    let mut sum = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut left = bytes;
    while left > 0 {
        let part = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
        input.read_exact(&mut chunk[..part])?;
        sum.update(&chunk[..part]);
        out.write_all(&chunk[..part])?;
        left -= part as u64;
    }
    out.write_all(&[0; BLOCK][..padding(bytes)])?;
    Ok(hex(&sum.finalize()))
}

/// The header of a member: the same for the same name and length.
fn header(name: &str, bytes: u64) -> io::Result<[u8; BLOCK]> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(bytes);
    header.set_cksum();
    Ok(*header.as_bytes())
}

/// Zeros behind a member of that length.
fn padding(bytes: u64) -> usize {
    let over = usize::try_from(bytes % BLOCK as u64).expect("less than a block");
    (BLOCK - over) % BLOCK
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
