//! Facts of this machine: its disk, its limits, its clocks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rustix::fs::Access;

use super::Finding;
use super::judge::{self, Clocks, Directory, Lock, Room, Stranger};
use crate::config::Config;
use crate::world::{World, machine};

/// Appends that are measured.
const APPENDS: usize = 50;

/// The data directory, if it is there.
pub(super) fn directory(data: &Path) -> Option<Directory> {
    let mode = fs::metadata(data).ok()?.permissions().mode();
    let probe = Probe::make(data);
    let made = probe.as_ref().ok().and_then(|probe| probe.file.metadata().ok());
    let user = made.map(|made| made.uid());
    let stranger = user.and_then(|user| stranger(data, user));
    Some(Directory { mode, writable: probe.is_ok(), lock: lock(data), user, stranger })
}

/// What a server makes in its data directory. What else lies there is its owner's own concern.
const MADE: [&str; 8] = [
    "key",
    "lock",
    "records.db",
    "records.db-wal",
    "records.db-shm",
    "reserve",
    "seal-head.json",
    "tallies",
];

/// What of a data directory does not belong to `user`; first what they cannot use.
fn stranger(data: &Path, user: u32) -> Option<Stranger> {
    let mut found = Vec::new();
    note_stranger(data, user, &mut found);
    MADE.iter().for_each(|name| note_strangers(&data.join(name), user, &mut found));
    found.into_iter().min_by_key(|stranger| stranger.usable)
}

/// The same for a path and all that is in it, as far as it can be looked into.
fn note_strangers(path: &Path, user: u32, found: &mut Vec<Stranger>) {
    note_stranger(path, user, found);
    let Ok(entries) = fs::read_dir(path) else { return };
    entries.flatten().for_each(|entry| note_strangers(&entry.path(), user, found));
}

fn note_stranger(path: &Path, user: u32, found: &mut Vec<Stranger>) {
    let Ok(owner) = fs::metadata(path).map(|found| found.uid()) else { return };
    if owner != user {
        let usable = rustix::fs::access(path, Access::READ_OK | Access::WRITE_OK).is_ok();
        found.push(Stranger { path: path.display().to_string(), owner, usable });
    }
}

/// Whether a process holds the lock. It is tried for as long as this takes.
fn lock(data: &Path) -> Lock {
    let Ok(mut file) = File::open(data.join("lock")) else { return Lock::Free };
    match file.try_lock_shared() {
        Ok(()) => Lock::Free,
        Err(_) => {
            let mut pid = String::new();
            // Whoever holds it may be writing it.
            let _ = file.read_to_string(&mut pid);
            Lock::Held(pid.trim().to_owned())
        }
    }
}

/// What the disk of the data directory is like; of its parent while there is none.
pub(super) fn disk(config: &Config, world: &World) -> Vec<Finding> {
    let there = config.data.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("."));
    let mut findings = vec![judge::file_system(file_system(there).as_deref())];
    if let Ok(found) = rustix::fs::statvfs(there) {
        findings.push(judge::room(Room {
            free_bytes: found.f_bavail * found.f_frsize,
            bytes: found.f_blocks * found.f_frsize,
            free_inodes: found.f_favail,
            inodes: found.f_files,
        }));
    }
    let measured = Probe::make(there)
        .and_then(|probe| Ok([judge::fsync(probe.fsync(world)?), judge::rename(probe.renames()?)]));
    match measured {
        Ok(measured) => findings.extend(measured),
        Err(error) => {
            let said = format!("{} cannot be written: {error}", there.display());
            findings.push(Finding::problem("fsync", said, "see the data directory"));
        }
    }
    findings
}

/// The type of the file system that a path is on, as the kernel lists it.
fn file_system(path: &Path) -> Option<String> {
    let path = fs::canonicalize(path).ok()?;
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let lines = mounts.lines().filter_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let point = place.split(' ').nth(4)?.replace("\\040", " ");
        let kind = kind.split(' ').next()?.to_owned();
        path.starts_with(&point).then_some((point.len(), kind))
    });
    // Of two at one place the later lies over the earlier.
    lines.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

/// A file of our own, which goes with the value.
struct Probe {
    path: PathBuf,
    file: File,
}

impl Probe {
    fn make(dir: &Path) -> io::Result<Self> {
        let path = dir.join(format!("doctor-{}", std::process::id()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&path)?;
        Ok(Self { path, file })
    }

    /// How long an append waits until it is durable, in the median.
    fn fsync(&self, world: &World) -> io::Result<SignedDuration> {
        let mut waits = Vec::with_capacity(APPENDS);
        for _ in 0..APPENDS {
            let began = world.now();
            (&self.file).write_all(&[7; 512])?;
            self.file.sync_data()?;
            waits.push(world.now().duration_since(began));
        }
        waits.sort_unstable();
        Ok(waits[APPENDS / 2])
    }

    /// Whether a file that is replaced by a rename reads as the new one, whole.
    fn renames(&self) -> io::Result<bool> {
        let beside = self.path.with_added_extension("new");
        let text = [42; 4_096];
        fs::write(&beside, text)?;
        File::open(&beside)?.sync_all()?;
        fs::rename(&beside, &self.path)?;
        if let Some(dir) = self.path.parent() {
            File::open(dir)?.sync_all()?;
        }
        Ok(fs::read(&self.path)? == text && !beside.exists())
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // It was somebody else's to remove, or there was none.
        let _ = fs::remove_file(&self.path);
    }
}

/// The soft limit of open files.
pub(super) fn open_files() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        soft => soft.parse().ok(),
    }
}

/// What this process's control group may take.
pub(super) fn memory_limit() -> Option<u64> {
    let own = fs::read_to_string("/proc/self/cgroup").ok()?;
    let group = own.lines().find_map(|line| line.strip_prefix("0::"))?;
    let root = Path::new("/sys/fs/cgroup");
    let dir = root.join(group.trim_start_matches('/'));
    let limits = dir
        .ancestors()
        .take_while(|dir| dir.starts_with(root))
        .filter_map(|dir| fs::read_to_string(dir.join("memory.max")).ok()?.trim().parse().ok());
    limits.min()
}

/// Whether there is a checkpoint to be read.
pub(super) fn has_checkpoint(tallies: &Path) -> bool {
    fs::read_dir(tallies).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("checkpoint-"))
    })
}

/// When two clocks were read.
pub(super) struct Instant {
    wall: Timestamp,
    monotonic: std::time::Instant,
}

impl Instant {
    /// Reads them.
    pub(super) fn now() -> Self {
        let (wall, monotonic) = machine();
        Self { wall, monotonic }
    }

    /// What they say since.
    pub(super) fn clocks(&self, now: Timestamp) -> Clocks {
        let later = Self::now();
        let elapsed = later.monotonic.saturating_duration_since(self.monotonic);
        Clocks {
            now,
            wall: later.wall.duration_since(self.wall),
            monotonic: SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX),
            synchronised: Path::new("/run/systemd/timesync")
                .is_dir()
                .then(|| Path::new("/run/systemd/timesync/synchronized").exists()),
        }
    }
}

#[cfg(test)]
mod tests;
