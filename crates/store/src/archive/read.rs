//! Reading a backup: strictly, front to back, once.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{
    ArchiveError, BLOCK, CHUNK, FORMAT, MANIFEST, Manifest, Member, SUMS, TALLIES, header, hex,
    padding,
};

/// No manifest is longer; it has a hundred and fifty bytes for each segment.
const MANIFEST_MAX: u64 = 64 << 20;

/// Reads a backup to its end and keeps nothing of it.
///
/// # Errors
/// Refused unless every bit is what was written.
pub fn check(input: &mut dyn Read) -> Result<Manifest, ArchiveError> {
    members(input, &mut |_| Ok(Box::new(std::io::sink())))
}

/// Unpacks a backup into `root`, durably; what is there when it fails is the caller's to remove.
///
/// # Errors
/// Refused unless every bit is what was written, and when a file cannot be.
pub fn extract(input: &mut dyn Read, root: &Path) -> Result<Manifest, ArchiveError> {
    let tallies = root.join(TALLIES);
    let segments = tallies.join("segments");
    DirBuilder::new().recursive(true).mode(0o700).create(&segments)?;
    let manifest = members(input, &mut |member| {
        let mut options = OpenOptions::new();
        let file =
            options.write(true).create_new(true).mode(0o600).open(root.join(&member.name))?;
        Ok(Box::new(Synced(file)))
    })?;
    for dir in [segments.as_path(), &tallies, root] {
        File::open(dir)?.sync_all()?;
    }
    Ok(manifest)
}

/// A file that is durable once it is flushed.
struct Synced(File);

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.sync_all()
    }
}

type Sink<'a> = &'a mut dyn FnMut(&Member) -> Result<Box<dyn Write>, ArchiveError>;

fn members(input: &mut dyn Read, sink: Sink<'_>) -> Result<Manifest, ArchiveError> {
    let text = read_manifest(input)?;
    let manifest = parse(&text)?;
    manifest.check()?;
    for member in &manifest.members {
        expect(input, &header(&member.name, member.bytes)?, "a header")?;
        let mut out = sink(member)?;
        copy(input, member, &mut out)?;
        out.flush()?;
        expect(input, &[0; BLOCK][..padding(member.bytes)], "what fills a block")?;
    }
    let sums = manifest.sums(&text);
    expect(input, &header(SUMS, sums.len() as u64)?, "the header of the checksums")?;
    expect(input, sums.as_bytes(), "the checksums")?;
    expect(input, &[0; BLOCK][..padding(sums.len() as u64)], "what fills a block")?;
    expect(input, &[0; 2 * BLOCK], "the end")?;
    if input.read(&mut [0])? != 0 {
        return Err(damaged("it goes on behind its end"));
    }
    Ok(manifest)
}

fn read_manifest(input: &mut dyn Read) -> Result<String, ArchiveError> {
    let mut first = tar::Header::new_ustar();
    fill(input, first.as_mut_bytes())?;
    let bytes = first.size().map_err(|_| damaged("it does not begin as one"))?;
    if bytes > MANIFEST_MAX || *first.as_bytes() != header(MANIFEST, bytes)? {
        return Err(damaged("it does not begin as one"));
    }
    let mut text = Vec::new();
    input.take(bytes).read_to_end(&mut text)?;
    if text.len() as u64 != bytes {
        return Err(damaged("it is cut short"));
    }
    expect(input, &[0; BLOCK][..padding(bytes)], "what fills a block")?;
    String::from_utf8(text).map_err(|_| damaged("its manifest is no text"))
}

fn parse(text: &str) -> Result<Manifest, ArchiveError> {
    #[derive(serde::Deserialize)]
    struct Version {
        format: u32,
        program: String,
    }
    let unreadable = |error: serde_json::Error| damaged(&format!("its manifest: {error}"));
    let Version { format, program } = serde_json::from_str(text).map_err(unreadable)?;
    if format != FORMAT {
        return Err(ArchiveError::Format { found: format, program });
    }
    serde_json::from_str(text).map_err(unreadable)
}

fn copy(input: &mut dyn Read, member: &Member, out: &mut dyn Write) -> Result<(), ArchiveError> {
    let mut sum = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut left = member.bytes;
    while left > 0 {
        let part = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
        fill(input, &mut chunk[..part])?;
        sum.update(&chunk[..part]);
        out.write_all(&chunk[..part])?;
        left -= part as u64;
    }
    if hex(&sum.finalize()) == member.sha256 {
        Ok(())
    } else {
        Err(damaged(&format!("{} does not check", member.name)))
    }
}

/// Reads what must be there.
fn expect(input: &mut dyn Read, expected: &[u8], what: &str) -> Result<(), ArchiveError> {
    let mut read = vec![0; expected.len()];
    fill(input, &mut read)?;
    if read == expected {
        Ok(())
    } else {
        Err(damaged(&format!("{what} is not as it was written")))
    }
}

fn fill(input: &mut dyn Read, bytes: &mut [u8]) -> Result<(), ArchiveError> {
    input.read_exact(bytes).map_err(|error| {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            damaged("it is cut short")
        } else {
            ArchiveError::Io(error)
        }
    })
}

fn damaged(what: &str) -> ArchiveError {
    ArchiveError::Damaged(what.to_owned())
}
