//! What facts mean: pure functions from a fact to a finding, with the reason for every threshold.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};

use super::Finding;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Who holds a data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lock {
    Free,
    Held(String),
}

/// A data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) mode: u32,
    pub(super) writable: bool,
    pub(super) lock: Lock,
    /// Who runs this; none when nothing could be written to tell by.
    pub(super) user: Option<u32>,
    /// Itself, or something that a server made in it, if that is not theirs.
    pub(super) stranger: Option<Stranger>,
}

/// A path that belongs to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stranger {
    pub(super) path: String,
    pub(super) owner: u32,
    /// Whether it can be read and written all the same.
    pub(super) usable: bool,
}

pub(super) fn directory(path: &str, found: Option<&Directory>) -> Finding {
    const CHECK: &str = "data directory";
    let Some(found) = found else {
        let said = format!("{path} is not there; the first start makes it");
        return Finding::ok(CHECK, said);
    };
    let said = match &found.lock {
        Lock::Free => format!("{path}, mode {:o}, no server on it", found.mode & 0o777),
        Lock::Held(pid) => format!("{path}, mode {:o}, held by pid {pid}", found.mode & 0o777),
    };
    if !found.writable {
        let mend = "give it to the user that Plimsoll runs as (chown), or name another with --data";
        return Finding::problem(CHECK, format!("{said}; it cannot be written"), mend);
    }
    // It holds the installation's key.
    if found.mode & 0o077 != 0 {
        let mend = format!("chmod 700 {path}");
        return Finding::warning(CHECK, format!("{said}; others can look into it"), mend);
    }
    Finding::ok(CHECK, said)
}

/// What one user made, another cannot open: that a server once ran as somebody else, or that root
/// restored it, is told here and not by the next start. What can be opened all the same, as root
/// can all of it, is told too: whatever is made beside it is lost to the one that it belongs to.
pub(super) fn ownership(path: &str, found: &Directory) -> Option<Finding> {
    const CHECK: &str = "owner";
    let user = found.user?;
    let Some(Stranger { path: strange, owner, usable }) = &found.stranger else {
        return Some(Finding::ok(CHECK, format!("all of it is of the user {user}, as this runs")));
    };
    let said = format!("{strange} belongs to the user {owner}, and this runs as {user}");
    let mend = format!("run Plimsoll as the user {owner}, or `chown -R {user} {path}`");
    Some(if *usable {
        Finding::warning(CHECK, said, mend)
    } else {
        Finding::problem(CHECK, format!("{said}, which may not write it"), mend)
    })
}

/// Room on a file system; zero inodes in all where it does not count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) free_bytes: u64,
    pub(super) bytes: u64,
    pub(super) free_inodes: u64,
    pub(super) inodes: u64,
}

/// A checkpoint and a rewritten segment need room beside what is there, and a full disk stops
/// telemetry: a gibibyte is hours of log of a busy server.
pub(super) fn room(room: Room) -> Finding {
    const CHECK: &str = "room";
    const MEND: &str = "make room, or move the data directory to a larger disk";
    let share = |free: u64, all: u64| 100.0 * free as f64 / all.max(1) as f64;
    let (bytes, inodes) =
        (share(room.free_bytes, room.bytes), share(room.free_inodes, room.inodes));
    let said = format!("{:.1} GiB free ({bytes:.0} %)", room.free_bytes as f64 / GIB as f64);
    if room.free_bytes < GIB {
        return Finding::problem(CHECK, said, MEND);
    }
    if room.inodes > 0 && inodes < 5.0 {
        return Finding::warning(CHECK, format!("{said}, {inodes:.1} % of inodes"), MEND);
    }
    if bytes < 5.0 {
        return Finding::warning(CHECK, said, MEND);
    }
    Finding::ok(CHECK, said)
}

/// By what a file system is, whether an fsync means anything there.
pub(super) fn file_system(kind: Option<&str>) -> Finding {
    const CHECK: &str = "file system";
    const MEND: &str = "put the data directory on a local disk (ext4, xfs, btrfs, zfs)";
    let Some(kind) = kind else {
        return Finding::ok(CHECK, "which one is not known here".to_owned());
    };
    let is = |kinds: &[&str]| kinds.contains(&kind);
    if is(&["ext4", "ext3", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "apfs"]) {
        return Finding::ok(CHECK, kind.to_owned());
    }
    if is(&["tmpfs", "ramfs"]) {
        let said = format!("{kind}: memory, gone at the next restart of the machine");
        return Finding::problem(CHECK, said, MEND);
    }
    if is(&["nfs", "nfs4", "cifs", "smb3", "9p", "drvfs", "vboxsf"]) || kind.starts_with("fuse") {
        let said = format!("{kind}: neither locks nor fsync can be relied on over it");
        return Finding::problem(CHECK, said, MEND);
    }
    if kind == "overlay" {
        let said = "overlay: the layer of a container, gone with the container".to_owned();
        return Finding::warning(CHECK, said, "mount a volume for the data directory");
    }
    Finding::warning(CHECK, format!("{kind}, which nothing is known of"), MEND)
}

/// A flush that waits crosses to the device and back. The fastest that keep what they have without
/// power (Optane, NVMe with capacitors) take 15 µs and more for a write and its flush, system calls
/// and block layer included; disks of clouds 200 µs and more. Less is a cache that answers for
/// the medium, which is harmless only if it outlives the power.
pub(super) fn fsync(median: SignedDuration) -> Finding {
    const CHECK: &str = "fsync";
    let said = format!("{} µs in the median", median.as_micros());
    if median < SignedDuration::from_micros(15) {
        let mend = "have the disk or the hypervisor write through, or give its cache a battery";
        let said = format!("{said}: suspiciously fast, a write cache may lie");
        return Finding::warning(CHECK, said, mend);
    }
    if median > SignedDuration::from_millis(50) {
        let mend = "every acknowledgement waits for it: use a faster disk";
        return Finding::warning(CHECK, format!("{said}: slow"), mend);
    }
    Finding::ok(CHECK, said)
}

pub(super) fn rename(whole: bool) -> Finding {
    const CHECK: &str = "rename";
    if whole {
        return Finding::ok(CHECK, "a file is replaced whole".to_owned());
    }
    let mend = "put the data directory on a local disk";
    Finding::problem(CHECK, "a file that was replaced is neither old nor new".to_owned(), mend)
}

/// What two clocks said over one stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clocks {
    pub(super) now: Timestamp,
    pub(super) wall: SignedDuration,
    pub(super) monotonic: SignedDuration,
    /// Whether a time service says that it is in step; none where nothing is known.
    pub(super) synchronised: Option<bool>,
}

pub(super) fn clock(clocks: Clocks) -> Finding {
    const CHECK: &str = "clock";
    const MEND: &str = "run a time service (chrony, systemd-timesyncd)";
    let year = clocks.now.to_zoned(jiff::tz::TimeZone::UTC).year();
    if !(2026..2100).contains(&year) {
        return Finding::problem(CHECK, format!("it is the year {year}, says the clock"), MEND);
    }
    let step = clocks.wall - clocks.monotonic;
    if step.abs() > SignedDuration::from_millis(50) {
        let said = format!("it stepped by {} ms while it was looked at", step.as_millis());
        return Finding::warning(CHECK, said, MEND);
    }
    match clocks.synchronised {
        Some(true) => Finding::ok(CHECK, format!("{}, synchronised", clocks.now)),
        Some(false) => Finding::warning(CHECK, "it is not synchronised".to_owned(), MEND),
        None => {
            let said = format!("{}; whether it is synchronised is not known here", clocks.now);
            Finding::ok(CHECK, said)
        }
    }
}

/// What became of listening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Port {
    Free,
    Plimsoll,
    Taken(String),
}

pub(super) fn listen(address: SocketAddr, port: &Port) -> Finding {
    const CHECK: &str = "listen";
    match port {
        Port::Free => Finding::ok(CHECK, format!("{address} is free")),
        Port::Plimsoll => Finding::ok(CHECK, format!("a Plimsoll answers on {address}")),
        Port::Taken(why) => {
            let mend = "name another address with --listen, or stop what holds it";
            Finding::problem(CHECK, format!("{address}: {why}"), mend)
        }
    }
}

/// Connections of senders, people and targets are a file each.
pub(super) fn open_files(soft: Option<u64>) -> Finding {
    const CHECK: &str = "open files";
    const MEND: &str = "raise it: `ulimit -n 65536`, or LimitNOFILE= in the unit";
    match soft {
        None => Finding::ok(CHECK, "the limit is not known here".to_owned()),
        Some(soft) if soft < 1_024 => Finding::problem(CHECK, format!("at most {soft}"), MEND),
        Some(soft) if soft < 4_096 => Finding::warning(CHECK, format!("at most {soft}"), MEND),
        Some(u64::MAX) => Finding::ok(CHECK, "no limit".to_owned()),
        Some(soft) => Finding::ok(CHECK, format!("at most {soft}")),
    }
}

/// A server that counts nothing takes 30 MiB; decoding may hold a few requests besides.
pub(super) fn memory(limit: Option<u64>) -> Finding {
    const CHECK: &str = "memory";
    const MEND: &str = "raise the limit of the container or the unit to 512 MiB or more";
    match limit {
        None => Finding::ok(CHECK, "no limit but the machine's".to_owned()),
        Some(limit) => {
            let said = format!("at most {} MiB", limit / MIB);
            match limit {
                limit if limit < 128 * MIB => Finding::problem(CHECK, said, MEND),
                limit if limit < 512 * MIB => Finding::warning(CHECK, said, MEND),
                _ => Finding::ok(CHECK, said),
            }
        }
    }
}

pub(super) fn sqlite(version: &str, sound: bool) -> Finding {
    const CHECK: &str = "sqlite";
    if sound {
        return Finding::ok(CHECK, format!("{version}, linked in"));
    }
    let said = format!("{version}, which can corrupt a database when its log is reset");
    Finding::problem(CHECK, said, "use a program that was built with 3.51.3 or later")
}

pub(super) fn migrations(pending: &[String], unknown: &[String]) -> Finding {
    const CHECK: &str = "records";
    if !unknown.is_empty() {
        let said = format!("a newer program has taken them further ({})", unknown.join(", "));
        return Finding::warning(CHECK, said, "use that program, or a newer one");
    }
    if pending.is_empty() {
        return Finding::ok(CHECK, "they open, and are of this version".to_owned());
    }
    let said = format!("they open; the next start applies {}", pending.join(", "));
    Finding::ok(CHECK, said)
}

#[cfg(test)]
mod tests;
