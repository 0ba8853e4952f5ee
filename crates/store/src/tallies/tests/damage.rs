//! Flipped bits, cut files, missing files: found, or harmless; never another answer.

use std::path::PathBuf;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use super::*;

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("lists").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Four days with checkpoints, closed cleanly.
fn history(dir: &Path) -> Vec<Reading> {
    let (mut tallies, _) = open(dir);
    tallies.declare(at(0), &declarations()).expect("declares");
    for at_s in (0..4 * DAY_S).step_by(240) {
        count_up(&mut tallies, at_s);
        if at_s % (DAY_S / 2) == 0 {
            tallies.checkpoint(at(at_s)).expect("writes");
        }
    }
    let answers = answers(&tallies);
    tallies.close(at(4 * DAY_S)).expect("closes");
    answers
}

fn answers(tallies: &Tallies) -> Vec<Reading> {
    let lengths = [60, 1_440, 2_000, 3_333, 4 * 1_440];
    lengths.map(|minutes| window(tallies, Minutes(minutes), 4 * DAY_S)).to_vec()
}

/// What became of a start on damaged files.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Refused,
    Told,
    Harmless,
    Wrong,
}

fn fate(dir: &Path, right: &[Reading]) -> Fate {
    let Ok((tallies, replayed)) = Tallies::open(dir, [9; 16], Settings::default()) else {
        return Fate::Refused;
    };
    let told = !replayed.faults.is_empty();
    let found = answers(&tallies);
    let told = told || tallies.unreadable() > 0;
    let incomplete = |(found, right): (&Reading, &Reading)| {
        found == right || (told && found.missing_ppm > right.missing_ppm)
    };
    if found == right {
        if told { Fate::Told } else { Fate::Harmless }
    } else if found.iter().zip(right).all(incomplete) {
        Fate::Told
    } else {
        Fate::Wrong
    }
}

#[test]
fn invariant_1_no_flipped_bit_and_no_cut_file_gives_another_answer() {
    let pristine = tempfile::tempdir().unwrap();
    let right = history(pristine.path());
    assert_eq!(fate(pristine.path(), &right), Fate::Harmless);
    let all = files(pristine.path());
    let mut fates = std::collections::BTreeMap::<String, u32>::new();
    let mut dice = Dice::new(2_026);
    let dir = tempfile::tempdir().unwrap();
    for round in 0..campaign::amount(500, 10_000) {
        let victim = &all[dice.below(all.len())];
        let mut bytes = std::fs::read(victim).expect("is there");
        let kind = if round % 5 == 4 || bytes.is_empty() {
            bytes.truncate(dice.below(bytes.len().max(1)));
            "cut"
        } else {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
            "flip"
        };
        std::fs::remove_dir_all(dir.path()).expect("is ours");
        for file in &all {
            let copy = dir.path().join(file.strip_prefix(pristine.path()).expect("within"));
            std::fs::create_dir_all(copy.parent().expect("has one")).expect("makes");
            if file == victim {
                std::fs::write(copy, &bytes).expect("writes");
            } else {
                std::fs::copy(file, copy).expect("copies");
            }
        }
        let fate = fate(dir.path(), &right);
        assert_ne!(fate, Fate::Wrong, "round {round}: {kind} of {}", victim.display());
        *fates.entry(format!("{kind} {fate:?}")).or_default() += 1;
    }
    assert!(fates.keys().any(|fate| fate.contains("Refused") || fate.contains("Told")));
}

#[test]
fn a_segment_that_is_gone_widens_the_interval_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let right = history(dir.path());
    std::fs::remove_dir_all(dir.path().join("segments")).expect("is there");
    let (tallies, replayed) = open(dir.path());
    assert!(!replayed.faults.is_empty());
    let found = answers(&tallies);
    assert_eq!(found[4], right[4], "whole days are known by their totals");
    assert!(found[3].missing_ppm > right[3].missing_ppm, "a part of a day is not");
    assert!(tallies.unreadable() > 0);
}

#[test]
fn a_damaged_log_refuses_to_open_and_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let end = usize::try_from(tallies.log_bytes()).expect("small");
    tallies.append("close".to_owned(), at(400), 1, Vec::new()).expect("appends");
    tallies.sync().expect("syncs");
    drop(tallies);
    let file = dir.path().join("log").join(format!("{:020}.log", 0));
    let mut bytes = std::fs::read(&file).expect("is there");
    bytes[end + 10] ^= 1;
    std::fs::write(&file, &bytes).expect("writes");
    let opened = Tallies::open(dir.path(), [7; 16], Settings::default());
    assert!(matches!(opened, Err(OpenError::Damaged { .. })));
    assert_eq!(std::fs::read(&file).expect("is there"), bytes);
}

#[test]
fn a_key_that_does_not_check_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    run(&mut open(dir.path()).0);
    let file = dir.path().join("key");
    let mut bytes = std::fs::read(&file).expect("is there");
    bytes[3] ^= 16;
    std::fs::write(&file, &bytes).expect("writes");
    let opened = Tallies::open(dir.path(), [7; 16], Settings::default());
    assert!(matches!(opened, Err(OpenError::Damaged { .. })));
}

#[test]
fn a_segment_that_cannot_be_read_for_a_while_is_kept_for_when_it_can() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    for day in 0..4 {
        days(&mut tallies, day * DAY_S, 1);
        tallies.checkpoint(at((day + 1) * DAY_S)).expect("writes");
    }
    let whole = Minutes(4 * 1_440);
    let before = window(&tallies, whole, 4 * DAY_S);
    drop(tallies);
    let segment = segments::path_of(&dir.path().join("segments"), 0);
    let bytes = std::fs::read(&segment).expect("is there");
    std::fs::write(&segment, b"not now").expect("writes");
    let (mut tallies, replayed) = open(dir.path());
    assert_eq!(replayed.faults.len(), 1, "{replayed:?}");
    for minute in 1..4 {
        tallies.checkpoint(at(4 * DAY_S + minute * 60)).expect("writes");
    }
    drop(tallies);
    std::fs::write(&segment, bytes).expect("nobody took its name");
    let (tallies, replayed) = open(dir.path());
    assert!(replayed.faults.is_empty(), "{replayed:?}");
    assert_eq!(window(&tallies, whole, 4 * DAY_S), before);
}
