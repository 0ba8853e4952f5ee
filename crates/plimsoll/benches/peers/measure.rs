//! What a process took: CPU time, memory, and bytes on disk, as the kernel counts them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::peer::Peer;

/// A process is at rest when it takes less than a twentieth of a CPU for this long.
const REST: Duration = Duration::from_secs(10);

/// It is waited for no longer.
const REST_MAX: Duration = Duration::from_secs(150);

/// A stretch of a process' life.
pub(crate) struct Meter {
    pid: u32,
    cpu: Duration,
    started: Instant,
}

/// What it took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
}

impl Meter {
    pub(crate) fn start(peer: &Peer) -> Self {
        Self { pid: peer.pid(), cpu: cpu_of(peer.pid()), started: Instant::now() }
    }

    pub(crate) fn stop(&self) -> Spent {
        Spent { cpu: cpu_of(self.pid).saturating_sub(self.cpu), wall: self.started.elapsed() }
    }
}

/// Memory of a process, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Resident, mapped files included.
    pub(crate) resident: f64,
    /// Resident and its own: what the system cannot drop and read again.
    pub(crate) own: f64,
    /// The most that was ever resident.
    pub(crate) peak: f64,
}

impl Memory {
    pub(crate) fn of(peer: &Peer) -> Self {
        let status = fs::read_to_string(format!("/proc/{}/status", peer.pid()));
        let status = status.expect("it runs");
        let bytes = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let kib = line.and_then(|line| line.split_whitespace().next());
            kib.and_then(|kib| kib.parse::<f64>().ok()).expect("the kernel tells") * 1024.0
        };
        Self { resident: bytes("VmRSS:"), own: bytes("RssAnon:"), peak: bytes("VmHWM:") }
    }
}

/// User and system time of a process so far, at the kernel's hundred ticks a second.
pub(crate) fn cpu_of(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("a state").split(' ').collect();
    let ticks = |at: usize| fields[at].parse::<u64>().expect("a number");
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// Bytes of all files below a directory but those of that name: allocated blocks, and no more than
/// their length.
pub(crate) fn disk_of(dir: &Path, but: &str) -> f64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = fs::read_dir(dir) else { return 0.0 };
    let bytes = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => disk_of(&entry.path(), but),
        Ok(_) if entry.file_name() == but => 0.0,
        Ok(meta) => (meta.blocks() * 512).min(meta.len()) as f64,
        // It was deleted meanwhile.
        Err(_) => 0.0,
    };
    entries.flatten().map(bytes).sum()
}

/// Watches a program until it has done by itself what it does after a load.
pub(crate) struct Watch {
    begun: Instant,
    quiet: Meter,
}

impl Watch {
    pub(crate) fn start(peer: &Peer) -> Self {
        Self { begun: Instant::now(), quiet: Meter::start(peer) }
    }

    /// Whether it is at rest, or has been waited for long enough.
    pub(crate) fn is_over(&mut self, peer: &Peer) -> bool {
        let spent = self.quiet.stop();
        if spent.cpu * 20 > spent.wall + Duration::from_secs(1) {
            self.quiet = Meter::start(peer);
        }
        self.quiet.stop().wall >= REST || self.begun.elapsed() >= REST_MAX
    }
}

/// Waits until a program is at rest.
pub(crate) async fn rest(peer: &Peer) {
    let mut watch = Watch::start(peer);
    while !watch.is_over(peer) {
        a_second().await;
    }
}

/// A second goes by.
pub(crate) async fn a_second() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}
