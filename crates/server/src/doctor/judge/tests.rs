use super::*;
use crate::doctor::Grade::{self, Ok, Problem, Warning};

fn graded(findings: impl IntoIterator<Item = (Finding, Grade)>) {
    for (finding, grade) in findings {
        assert_eq!(finding.grade, grade, "{finding:?}");
        assert_eq!(finding.mend.is_some(), grade != Grade::Ok, "{finding:?}");
    }
}

#[test]
fn a_data_directory_is_ours_alone() {
    let found = |mode, writable, lock| {
        let found = Directory { mode, writable, lock, user: None, stranger: None };
        directory("/data", Some(&found))
    };
    graded([
        (directory("/data", None), Ok),
        (found(0o40700, true, Lock::Free), Ok),
        (found(0o40700, true, Lock::Held("7".to_owned())), Ok),
        (found(0o40750, true, Lock::Free), Warning),
        (found(0o40701, true, Lock::Free), Warning),
        (found(0o40500, false, Lock::Free), Problem),
    ]);
    let held = found(0o700, true, Lock::Held("7".to_owned()));
    assert!(held.found.contains("pid 7"), "{held:?}");
}

#[test]
fn all_of_it_belongs_to_who_runs_it() {
    let found = |user, stranger: Option<bool>| {
        let path = "/data/key".to_owned();
        let stranger = stranger.map(|usable| Stranger { path, owner: 8, usable });
        let found = Directory { mode: 0o700, writable: true, lock: Lock::Free, user, stranger };
        ownership("/data", &found)
    };
    assert_eq!(found(None, None), None);
    let [ours, theirs, open] = [None, Some(false), Some(true)].map(|s| found(Some(7), s).unwrap());
    assert!(theirs.found.contains("/data/key belongs to the user 8"), "{theirs:?}");
    assert!(theirs.mend.as_ref().unwrap().contains("chown -R 7 /data"), "{theirs:?}");
    graded([(ours, Ok), (theirs, Problem), (open, Warning)]);
}

#[test]
fn room_is_a_gibibyte_and_a_twentieth() {
    let of = |free_bytes, bytes, free_inodes, inodes| {
        room(Room { free_bytes, bytes, free_inodes, inodes })
    };
    graded([
        (of(50 * GIB, 100 * GIB, 50, 100), Ok),
        (of(5 * GIB, 100 * GIB, 50, 100), Ok),
        (of(5 * GIB - 1, 100 * GIB, 50, 100), Warning),
        (of(50 * GIB, 100 * GIB, 4, 100), Warning),
        (of(50 * GIB, 100 * GIB, 0, 0), Ok),
        (of(GIB - 1, 2 * GIB, 50, 100), Problem),
    ]);
}

#[test]
fn file_systems_by_what_their_fsync_means() {
    graded([
        (file_system(None), Ok),
        (file_system(Some("ext4")), Ok),
        (file_system(Some("xfs")), Ok),
        (file_system(Some("tmpfs")), Problem),
        (file_system(Some("nfs4")), Problem),
        (file_system(Some("9p")), Problem),
        (file_system(Some("drvfs")), Problem),
        (file_system(Some("fuse.sshfs")), Problem),
        (file_system(Some("overlay")), Warning),
        (file_system(Some("novelfs")), Warning),
    ]);
}

#[test]
fn an_fsync_takes_as_long_as_a_device() {
    let of = |micros| fsync(SignedDuration::from_micros(micros));
    graded([(of(2), Warning), (of(14), Warning), (of(15), Ok), (of(50_000), Ok)]);
    graded([(of(50_001), Warning), (rename(true), Ok), (rename(false), Problem)]);
}

#[test]
fn a_clock_is_of_this_century_steady_and_in_step() {
    let of = |now: &str, wall, monotonic, synchronised| {
        let (wall, monotonic) =
            (SignedDuration::from_millis(wall), SignedDuration::from_millis(monotonic));
        clock(Clocks { now: now.parse().expect("an instant"), wall, monotonic, synchronised })
    };
    graded([
        (of("2026-11-20T06:00:00Z", 300, 300, None), Ok),
        (of("2026-11-20T06:00:00Z", 300, 250, Some(true)), Ok),
        (of("2026-11-20T06:00:00Z", 300, 249, Some(true)), Warning),
        (of("2026-11-20T06:00:00Z", -900, 300, Some(true)), Warning),
        (of("2026-11-20T06:00:00Z", 300, 300, Some(false)), Warning),
        (of("1970-01-01T00:00:09Z", 300, 300, Some(true)), Problem),
        (of("2100-01-01T00:00:00Z", 300, 300, Some(true)), Problem),
    ]);
}

#[test]
fn limits_and_versions() {
    let address = SocketAddr::from(([127, 0, 0, 1], 8010));
    let names = ["m0009_later".to_owned()];
    graded([
        (listen(address, &Port::Free), Ok),
        (listen(address, &Port::Plimsoll), Ok),
        (listen(address, &Port::Taken("in use".to_owned())), Problem),
        (open_files(None), Ok),
        (open_files(Some(1_023)), Problem),
        (open_files(Some(1_024)), Warning),
        (open_files(Some(4_096)), Ok),
        (open_files(Some(u64::MAX)), Ok),
        (memory(None), Ok),
        (memory(Some(64 * MIB)), Problem),
        (memory(Some(128 * MIB)), Warning),
        (memory(Some(512 * MIB)), Ok),
        (sqlite("3.51.3", true), Ok),
        (sqlite("3.40.1", false), Problem),
        (migrations(&[], &[]), Ok),
        (migrations(&names, &[]), Ok),
        (migrations(&[], &names), Warning),
    ]);
}
