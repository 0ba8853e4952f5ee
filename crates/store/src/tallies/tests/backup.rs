//! What is held is everything, stays while the tallies go on, and goes on elsewhere.

use super::*;
use crate::tallies::check;

fn readings(tallies: &Tallies, now_s: i64) -> Vec<Reading> {
    let lengths = [5, 60, 1_440, 3_000, 7 * 1_440 + 17, 28 * 1_440];
    lengths.map(|minutes| window(tallies, Minutes(minutes), now_s)).to_vec()
}

/// Copies what is held, as a restore would lay it down.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("makes");
    for entry in std::fs::read_dir(from).expect("lists").flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copies");
        }
    }
}

#[test]
fn what_is_held_is_everything_appended_and_goes_on_elsewhere() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut tallies, _) = open(&dir.path().join("tallies"));
    tallies.declare(at(0), &declarations()).expect("declares");
    days(&mut tallies, 0, 6);
    let now_s = 6 * DAY_S;
    let held = dir.path().join("held");
    tallies.hold(at(now_s), &held).expect("holds");
    let expected = readings(&tallies, now_s);

    // The original goes on, and lets go of what is held.
    for turn in 6..12 {
        days(&mut tallies, turn * DAY_S, 1);
        tallies.log.rotate().expect("rotates");
        tallies.checkpoint(at((turn + 1) * DAY_S)).expect("writes");
    }
    copied(&held, &other.path().join("tallies"));
    drop((tallies, dir));

    let found = check(&other.path().join("tallies")).expect("it is whole");
    assert_eq!(found.series, 2);
    assert!(found.days > 0, "{found:?}");
    let (mut restored, replayed) = open(&other.path().join("tallies"));
    let begun = Replayed { checkpoint: Some(found.position), ..Replayed::default() };
    assert_eq!(replayed, begun, "nothing but the checkpoint");
    assert_eq!(readings(&restored, now_s), expected);

    // It goes on as the original did, over checkpoints, and over a start without one.
    days(&mut restored, now_s, 1);
    restored.checkpoint(at(7 * DAY_S)).expect("writes");
    days(&mut restored, 7 * DAY_S, 1);
    restored.sync().expect("syncs");
    let later = readings(&restored, 8 * DAY_S);
    drop(restored);
    let (restored, replayed) = open(&other.path().join("tallies"));
    assert!(replayed.frames > 0 && replayed.faults.is_empty(), "{replayed:?}");
    assert_eq!(readings(&restored, 8 * DAY_S), later);
    let all = window(&restored, Minutes(8 * 1_440), 8 * DAY_S);
    assert_eq!(all.events.total, Units::events(9 * (8 * 360 - 1)));
}

#[test]
fn any_damage_to_what_is_held_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(&dir.path().join("tallies"));
    tallies.declare(at(0), &declarations()).expect("declares");
    days(&mut tallies, 0, 4);
    let held = dir.path().join("held");
    tallies.hold(at(4 * DAY_S), &held).expect("holds");
    drop(tallies);
    let mut files = Vec::new();
    for dir in [held.clone(), held.join("segments")] {
        let entries = std::fs::read_dir(dir).expect("lists").flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
    }
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let whole = std::fs::read(&file).expect("reads");
        // The first bytes of a segment say what it is to people, and nothing to us.
        let first = if file.extension().is_some() { 8 } else { 0 };
        for at in (first..whole.len()).step_by(1 + whole.len() / 97) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            std::fs::remove_file(&file).expect("it is there");
            std::fs::write(&file, &bytes).expect("writes");
            let found = check(&held);
            assert!(found.is_err(), "{} at {at}: {found:?}", file.display());
        }
        std::fs::write(&file, &whole).expect("writes");
    }
    assert!(check(&held).is_ok());
}
