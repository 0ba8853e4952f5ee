use super::*;

const MIB: u64 = 1 << 20;

fn disk(total: u64) -> Space {
    Space { total, free: total }
}

/// On a disk that counts as one that is not far from full, whatever the machine has.
fn soon_full(data: &Path) -> Reserve {
    Reserve { ample_bytes: u64::MAX, ..Reserve::new(data, MIB) }
}

#[test]
fn a_small_disk_holds_back_less_and_a_large_one_refuses_later() {
    assert_eq!(disk(64 * MIB).reserve(64 * MIB), 8 * MIB);
    assert_eq!(disk(100 << 30).reserve(64 * MIB), 64 * MIB);
    assert_eq!(disk(100 * MIB).low(), 5 * MIB);
    assert_eq!(disk(4 << 40).low(), 1 << 30);
}

#[test]
fn it_is_made_once_and_takes_the_space_it_says() {
    let data = tempfile::tempdir().expect("a directory");
    let reserve = soon_full(data.path());
    reserve.keep().expect("it fits");
    let path = data.path().join("reserve");
    let made = fs::metadata(&path).expect("it is there");
    let blocks = std::os::unix::fs::MetadataExt::blocks(&made);
    assert_eq!((made.len(), blocks * 512 >= MIB), (MIB, true));
    fs::write(&path, "kept").expect("writes");
    reserve.keep().expect("nothing to do");
    assert_eq!(fs::read(&path).expect("it is there"), b"kept");
}

#[test]
fn none_is_asked_for_none_is_made() {
    let data = tempfile::tempdir().expect("a directory");
    Reserve { bytes: 0, ..soon_full(data.path()) }.keep().expect("nothing to do");
    assert!(!data.path().join("reserve").exists());
}

#[test]
fn a_disk_with_ample_room_holds_nothing_back() {
    let data = tempfile::tempdir().expect("a directory");
    let reserve = Reserve { ample_bytes: 0, ..soon_full(data.path()) };
    reserve.keep().expect("nothing to do");
    assert!(reserve.leaves_room() && !data.path().join("reserve").exists());
}

#[test]
fn it_is_not_given_up_while_there_is_room() {
    let data = tempfile::tempdir().expect("a directory");
    let reserve = soon_full(data.path());
    reserve.keep().expect("it fits");
    assert!(reserve.leaves_room() && !reserve.relieve());
    assert!(data.path().join("reserve").exists());
}
