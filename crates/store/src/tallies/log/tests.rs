use plimsoll_domain::slo::fold::{InstanceHash, Record, SeriesNo};
use plimsoll_domain::slo::selector::Labels;

use super::super::Replicas;
use super::*;

fn identity() -> Identity {
    Identity::new([7; 16], Replicas::default())
}

fn frame(number: u32) -> Frame {
    let sample = Record::Sample { series: SeriesNo(number), at_ms: 1_000, value: 1.0 };
    Frame { arrival_ms: 1_000, epoch: 1, sender: "test".to_owned(), records: vec![sample] }
}

/// The same with so many new series before the sample that packing pays.
fn frame_of_series(number: u32) -> Frame {
    let series = (0..20_u32).map(|i| {
        let pairs = [("__name__", "requests_total".to_owned()), ("path", format!("/items/{i}"))];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
        let labels = Labels::from_pairs(pairs.into()).expect("names are unique");
        Record::Series { hash: identity().of(&labels), instance: InstanceHash(7), labels }
    });
    let plain = frame(number);
    Frame { records: series.chain(plain.records).collect(), ..plain }
}

/// Opens the log and returns the series numbers it replays.
fn open(dir: &Path) -> Result<(Log, Vec<u32>), OpenError> {
    let mut seen = Vec::new();
    let log = Log::open(dir, 0, &identity(), &mut |frame| {
        for record in &frame.records {
            if let Record::Sample { series, .. } = record {
                seen.push(series.0);
            }
        }
        Ok(())
    })?;
    Ok((log, seen))
}

/// A log of that many frames, each synced, and the bytes of its file.
fn written(dir: &Path, frames: u32) -> Vec<u8> {
    written_of(dir, (0..frames).map(frame))
}

fn written_of(dir: &Path, frames: impl IntoIterator<Item = Frame>) -> Vec<u8> {
    let (mut log, _) = open(dir).expect("opens");
    for frame in frames {
        log.append(&frame).expect("appends");
        log.sync().expect("syncs");
    }
    std::fs::read(path_of(dir, 0)).expect("is there")
}

#[test]
fn frames_replay_in_order_and_appending_goes_on() {
    let dir = tempfile::tempdir().expect("a directory");
    written(dir.path(), 3);
    let (mut log, seen) = open(dir.path()).expect("opens");
    assert_eq!(seen, [0, 1, 2]);
    log.append(&frame(3)).expect("appends");
    log.sync().expect("syncs");
    assert_eq!(open(dir.path()).expect("opens").1, [0, 1, 2, 3]);
}

#[test]
fn a_write_torn_anywhere_costs_only_itself() {
    let dir = tempfile::tempdir().expect("a directory");
    let bytes = written(dir.path(), 3);
    let two = bytes.len() - (bytes.len() - FILE_HEAD) / 3;
    for cut in two..bytes.len() {
        std::fs::write(path_of(dir.path(), 0), &bytes[..cut]).expect("writes");
        let (log, seen) = open(dir.path()).expect("opens");
        assert_eq!(seen, [0, 1], "cut at {cut}");
        assert_eq!(log.torn_bytes(), (cut - two) as u64);
    }
}

#[test]
fn every_flipped_bit_before_the_last_frame_is_found() {
    let dir = tempfile::tempdir().expect("a directory");
    let bytes = written(dir.path(), 3);
    let last = bytes.len() - (bytes.len() - FILE_HEAD) / 3;
    for bit in 0..last * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(path_of(dir.path(), 0), &flipped).expect("writes");
        assert!(matches!(open(dir.path()), Err(OpenError::Damaged { .. })), "bit {bit}");
    }
}

#[test]
fn packed_frames_take_less_and_replay_as_they_were() {
    let dir = tempfile::tempdir().expect("a directory");
    let frames: Vec<Frame> = (0..3).map(frame_of_series).collect();
    let bytes = written_of(dir.path(), frames.clone());
    let plain: usize = frames.iter().map(|frame| frame.encode().len()).sum();
    assert!(bytes.len() * 2 < plain, "{} of {plain}", bytes.len());
    let mut replayed = Vec::new();
    Log::open(dir.path(), 0, &identity(), &mut |frame| {
        replayed.push(frame);
        Ok(())
    })
    .expect("opens");
    assert_eq!(replayed, frames);
}

#[test]
fn every_flipped_bit_of_packed_frames_is_found_and_every_cut_costs_the_last_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let bytes = written_of(dir.path(), [0, 1].map(frame_of_series));
    let last = bytes.len() - (bytes.len() - FILE_HEAD) / 2;
    for bit in 0..last * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(path_of(dir.path(), 0), &flipped).expect("writes");
        assert!(matches!(open(dir.path()), Err(OpenError::Damaged { .. })), "bit {bit}");
    }
    for cut in last..bytes.len() {
        std::fs::write(path_of(dir.path(), 0), &bytes[..cut]).expect("writes");
        let (log, seen) = open(dir.path()).expect("opens");
        assert_eq!((seen, log.torn_bytes()), (vec![0], (cut - last) as u64), "cut at {cut}");
    }
}

#[test]
fn a_frame_that_would_unpack_to_more_than_a_frame_holds_is_refused() {
    // Four gigabytes less one, says the payload.
    let payload = [0xff, 0xff, 0xff, 0xff, 0x0f, 0];
    let length = payload.len() as u32 | PACKED;
    let mut bytes = FRAME_MAGIC.to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(checksum(0, 0, length, &payload).to_le_bytes());
    bytes.extend(0_u64.to_le_bytes());
    bytes.extend(payload);
    let refused = frame_at(&bytes, 0, &identity()).expect_err("it holds no such frame");
    assert_eq!(refused, "a frame would unpack to 4294967295 bytes");
}

#[test]
fn frames_that_were_never_durable_may_be_lost_in_any_order() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut log, _) = open(dir.path()).expect("opens");
    log.append(&frame(0)).expect("appends");
    log.sync().expect("syncs");
    let durable = FILE_HEAD + usize::try_from(log.end()).expect("small");
    log.append(&frame(1)).expect("appends");
    log.append(&frame(2)).expect("appends");
    let mut bytes = std::fs::read(path_of(dir.path(), 0)).expect("is there");
    bytes[durable..durable + 8].fill(0);
    std::fs::write(path_of(dir.path(), 0), &bytes).expect("writes");
    assert_eq!(open(dir.path()).expect("opens").1, [0], "the page of frame 1 never got out");
}

#[test]
fn a_file_that_is_missing_is_damage() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut log, _) = open(dir.path()).expect("opens");
    for number in 0..3 {
        log.append(&frame(number)).expect("appends");
        log.rotate().expect("rotates");
    }
    let starts = file_starts(dir.path()).expect("lists");
    assert_eq!(starts.len(), 4);
    assert_eq!(open(dir.path()).expect("opens").1, [0, 1, 2]);
    std::fs::remove_file(path_of(dir.path(), starts[1])).expect("removes");
    assert!(matches!(open(dir.path()), Err(OpenError::Damaged { .. })));
}

#[test]
fn a_file_that_a_crash_left_without_its_name_is_begun_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut log, _) = open(dir.path()).expect("opens");
    log.append(&frame(0)).expect("appends");
    log.sync().expect("syncs");
    let partial = path_of(dir.path(), log.end()).with_extension("partial");
    std::fs::write(partial, b"PLIM").expect("writes");
    let (mut log, seen) = open(dir.path()).expect("opens");
    log.rotate().expect("rotates");
    assert_eq!(seen, [0]);
    log.append(&frame(1)).expect("appends");
    assert_eq!(open(dir.path()).expect("opens").1, [0, 1]);
}

/// A sync of this fails, whatever was written.
fn no_disk() -> File {
    OpenOptions::new().write(true).open("/dev/null").expect("it is always there")
}

#[test]
fn invariant_1_after_a_failed_sync_no_later_one_succeeds() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut log, _) = open(dir.path()).expect("opens");
    log.append(&frame(0)).expect("appends");
    let disk = std::mem::replace(&mut log.file, no_disk());
    log.sync().expect_err("there is nothing to keep it");
    log.file = disk;
    log.sync().expect_err("what was kept is unknown");
}

#[test]
fn invariant_1_a_sync_that_fails_between_two_files_is_not_forgotten() {
    let dir = tempfile::tempdir().expect("a directory");
    let (log, _) = open(dir.path()).expect("opens");
    let mut log = log.with_files_of(1);
    log.append(&frame(0)).expect("appends");
    let disk = std::mem::replace(&mut log.file, no_disk());
    log.append(&frame(1)).expect_err("the file before is not durable");
    log.file = disk;
    log.sync().expect_err("the first frame may be gone");
}

#[test]
fn a_log_of_small_files_replays_in_order() {
    let dir = tempfile::tempdir().expect("a directory");
    let (log, _) = open(dir.path()).expect("opens");
    let mut log = log.with_files_of(1);
    for number in 0..4 {
        log.append(&frame(number)).expect("appends");
    }
    log.sync().expect("syncs");
    assert_eq!(std::fs::read_dir(dir.path()).expect("lists").count(), 4);
    assert_eq!(open(dir.path()).expect("opens").1, [0, 1, 2, 3]);
}

/// The head of the next file meets a full disk: `/dev/full` is one.
#[test]
fn a_file_that_cannot_be_begun_leaves_the_log_where_it_was() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut log, _) = open(dir.path()).expect("opens");
    log.append(&frame(0)).expect("appends");
    let next = path_of(dir.path(), log.end());
    std::os::unix::fs::symlink("/dev/full", next.with_extension("partial")).expect("links");
    let refused = log.rotate_if_begun().expect_err("it is full");
    assert_eq!(refused.kind(), io::ErrorKind::StorageFull);
    log.append(&frame(1)).expect("appends");
    log.sync().expect("syncs");
    assert!(!next.exists());
    assert_eq!(open(dir.path()).expect("opens").1, [0, 1]);
    log.rotate_if_begun().expect("there is room again");
    log.append(&frame(2)).expect("appends");
    log.sync().expect("syncs");
    assert_eq!(open(dir.path()).expect("opens").1, [0, 1, 2]);
}
