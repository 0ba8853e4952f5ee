//! Checkpoints, segments, retention: what is written down is what was, and goes on as it would have.

use plimsoll_domain::slo::Budgeting;
use plimsoll_domain::slo::slices::{Judged, SliceLength, SliceTarget, Slicing};

use super::*;

fn readings(tallies: &Tallies, now_s: i64) -> Vec<Reading> {
    let lengths = [5, 60, 1_439, 1_440, 1_441, 3_000, 7 * 1_440 + 17, 28 * 1_440];
    lengths.map(|minutes| window(tallies, Minutes(minutes), now_s)).to_vec()
}

#[test]
fn a_checkpoint_goes_on_as_the_log_would_have() {
    let (with, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut checked, _) = open(with.path());
    let (mut plain, _) = open(without.path());
    for tallies in [&mut checked, &mut plain] {
        tallies.declare(at(0), &declarations()).expect("declares");
    }
    for turn in 0..6 {
        for tallies in [&mut checked, &mut plain] {
            days(tallies, turn * 2 * DAY_S, 2);
        }
        checked.checkpoint(at((turn + 1) * 2 * DAY_S)).expect("writes");
        if turn % 2 == 0 {
            drop(checked);
            let (reopened, replayed) = open(with.path());
            assert!(replayed.checkpoint.is_some());
            assert_eq!((replayed.frames, replayed.faults.len()), (0, 0), "{replayed:?}");
            checked = reopened;
        }
        let now_s = (turn + 1) * 2 * DAY_S;
        assert_eq!(readings(&checked, now_s), readings(&plain, now_s), "turn {turn}");
    }
    let all = window(&checked, Minutes(12 * 1_440), 12 * DAY_S);
    assert_eq!(all.events.total, Units::events(9 * (12 * 360 - 1)));
}

#[test]
fn a_checkpoint_lets_go_of_the_log_before_the_one_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { checkpoint_bytes: 4_096, ..Settings::default() };
    let (mut tallies, _) = Tallies::open(dir.path(), [7; 16], settings).expect("opens");
    run(&mut tallies);
    assert!(!tallies.checkpoint_is_due());
    days(&mut tallies, 3_600, 1);
    assert!(tallies.checkpoint_is_due());
    tallies.checkpoint(at(DAY_S)).expect("writes");
    assert!(!tallies.checkpoint_is_due());
    let positions = |dir: &std::path::Path| {
        let entries = std::fs::read_dir(dir).expect("lists").flatten();
        let names = entries.map(|entry| entry.file_name().into_string().expect("text"));
        let digits = |name: String| name.trim_matches(|c: char| !c.is_ascii_digit()).parse();
        let mut positions: Vec<u64> = names.filter_map(|name| digits(name).ok()).collect();
        positions.sort_unstable();
        positions
    };
    for day in 1..4 {
        days(&mut tallies, 3_600 + day * DAY_S, 1);
        tallies.checkpoint(at((day + 1) * DAY_S)).expect("writes");
    }
    let (checkpoints, files) = (positions(dir.path()), positions(&dir.path().join("log")));
    assert_eq!(checkpoints.len(), 2);
    assert_eq!(files[0], checkpoints[0], "the log from the older one on, and no byte before it");
    assert!(files.contains(&checkpoints[1]), "a file begins at each: {checkpoints:?} {files:?}");
}

#[test]
fn a_checkpoint_of_many_series_takes_less_than_their_labels() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    let path = |i: u32| format!("/shop/checkout/basket/items/of/customer/{i:08}");
    let paths: Vec<String> = (0..1_000).map(path).collect();
    let one = |path: &String| series("requests_total", "200", &[(0, 1.0)]).with("path", path);
    taken(&mut tallies, 0, &paths.iter().map(one).collect::<Vec<_>>());
    tallies.checkpoint(at(60)).expect("writes");
    let texts = "__name__requests_totalcode200jobshopinstancea:1path".len() + paths[0].len();
    let size = usize::try_from(tallies.checkpoint_size).expect("small");
    assert!(size < paths.len() * texts, "{size} bytes");
    drop(tallies);
    let (tallies, replayed) = open(dir.path());
    assert_eq!((replayed.faults.len(), tallies.fold().series_count()), (0, 1_000));
}

#[test]
fn a_checkpoint_that_was_not_written_to_the_end_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(&dir.path().join("tallies"));
    run(&mut tallies);
    let position = tallies.log_bytes();
    let whole = checkpoint::path_of(&dir.path().join("tallies"), position);
    tallies.checkpoint(at(400)).expect("writes");
    let before = std::fs::read(&whole).expect("is there");
    let cut = identity::create_with(&whole, |file| {
        io::Write::write_all(file, b"a part of it")?;
        Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
    });
    assert_eq!(cut.expect_err("it is full").kind(), io::ErrorKind::StorageFull);
    assert_eq!(std::fs::read(&whole).expect("is there"), before);
    assert!(!whole.with_extension("partial").exists());

    // A crash leaves it until the next one is written.
    let left = whole.with_file_name(format!("checkpoint-{:020}.partial", 17));
    std::fs::write(&left, b"a part of it").expect("writes");
    tallies.checkpoint(at(460)).expect("writes");
    assert!(!left.exists());
}

#[test]
fn a_checkpoint_that_is_damaged_is_done_without() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    for day in 0..3 {
        days(&mut tallies, day * DAY_S, 1);
        tallies.checkpoint(at((day + 1) * DAY_S)).expect("writes");
    }
    let before = readings(&tallies, 3 * DAY_S);
    let newest = dir.path().join(format!("checkpoint-{:020}", tallies.log_bytes()));
    drop(tallies);
    let mut bytes = std::fs::read(&newest).expect("is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&newest, &bytes).expect("writes");
    let (tallies, replayed) = open(dir.path());
    assert_eq!(replayed.faults.len(), 1, "{replayed:?}");
    assert!(replayed.frames >= 360, "the day since the older one: {replayed:?}");
    assert_eq!(readings(&tallies, 3 * DAY_S), before);
}

#[test]
fn minutes_outlive_a_hundred_days_as_hours_and_windows_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { minutes_kept_days: 10, hours_kept_days: 40, ..Settings::default() };
    let (mut tallies, _) = Tallies::open(dir.path(), [7; 16], settings).expect("opens");
    tallies.declare(at(0), &declarations()).expect("declares");
    for week in 0..8 {
        days(&mut tallies, week * 7 * DAY_S, 7);
        tallies.checkpoint(at((week + 1) * 7 * DAY_S)).expect("writes");
    }
    let now_s = 56 * DAY_S - 240;
    let young = window(&tallies, Minutes(9 * 1_440 + 13), now_s);
    assert!(!young.aligned_to_hours);
    let old = window(&tallies, Minutes(30 * 1_440 + 13), now_s);
    assert!(old.aligned_to_hours, "{old:?}");
    let kept = window(&tallies, Minutes(50 * 1_440), now_s);
    let per_day = 9 * 360;
    let days_kept = kept.events.total.0 as f64 / Units::events(per_day).0 as f64;
    assert!((40.0..=41.0).contains(&days_kept), "{days_kept}");
}

#[test]
fn a_series_silent_for_a_week_is_forgotten_and_its_place_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    assert_eq!(tallies.fold().series_count(), 2);
    for day in 0..9 {
        let value = day as f64;
        taken(
            &mut tallies,
            400 + day * DAY_S,
            &[series("requests_total", "404", &[(400 + day * DAY_S, value)])],
        );
    }
    tallies.checkpoint(at(9 * DAY_S)).expect("writes");
    assert_eq!(tallies.fold().series_count(), 1);
    let sent = [series("requests_total", "201", &[(9 * DAY_S, 1.0)])];
    assert_eq!(taken(&mut tallies, 9 * DAY_S, &sent).accepted, 1);
    assert_eq!(tallies.fold().series_count(), 2);
    let before = readings(&tallies, 9 * DAY_S);
    tallies.sync().expect("syncs");
    drop(tallies);
    assert_eq!(readings(&open(dir.path()).0, 9 * DAY_S), before);
}

#[test]
fn a_definition_changed_in_mid_replay_counts_as_it_did() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let narrower = Indicator::ratio(selector(Some("[25]..")), Part::Bad, selector(Some("500")));
    tallies.declare(at(380), &of(&narrower)).expect("declares");
    for round in 26..60_i64 {
        let sent = [
            series("requests_total", "200", &[(15 * round, 9.0 * round as f64)]),
            series("requests_total", "500", &[(15 * round, round as f64)]),
        ];
        taken(&mut tallies, 15 * round, &sent);
        tallies.sync().expect("syncs");
    }
    let before = readings(&tallies, 900);
    drop(tallies);
    let (mut tallies, replayed) = open(dir.path());
    assert_eq!(replayed.frames, 27 + 1 + 34);
    assert_eq!(readings(&tallies, 900), before);
    tallies.declare(at(900), &of(&narrower)).expect("declares");
    assert_eq!(readings(&tallies, 900), before, "it is the one in force");
    let minutes = reading(&tallies, 885).measured_minutes;
    assert_eq!(minutes, 7 + 7, "both generations, each with its own minutes");
}

/// Once none of its time is taken any more, and a week later: its next sample would be a first one.
#[test]
fn instances_are_kept_for_as_long_as_samples_of_their_time_are_taken() {
    for (minutes_kept_days, silent_days, kept) in
        [(200, 120, true), (200, 206, true), (200, 208, false), (10, 16, true), (10, 18, false)]
    {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings { minutes_kept_days, ..Settings::default() };
        let (mut tallies, _) = Tallies::open(dir.path(), [7; 16], settings).expect("opens");
        tallies.declare(at(0), &declarations()).expect("declares");
        let other = |at_s| {
            let mut sent = series("requests_total", "200", &[(at_s, 1.0)]);
            sent.labels.retain(|(name, _)| name != "instance");
            [sent.with("instance", "b:1")]
        };
        taken(&mut tallies, 0, &[series("requests_total", "200", &[(0, 1.0)])]);
        for day in [0, silent_days - 1, silent_days] {
            taken(&mut tallies, day * DAY_S + 1, &other(day * DAY_S));
        }
        tallies.checkpoint(at(silent_days * DAY_S)).expect("writes");
        let case = format!("{minutes_kept_days} days, silent for {silent_days}");
        assert_eq!(tallies.fold().series_count(), 1, "{case}");
        assert_eq!(tallies.fold().instance_count(), 1 + usize::from(kept), "{case}");
    }
}

/// What an SLO counts that judges slices of five minutes.
fn slicing() -> Slicing {
    let target = SliceTarget::try_from(0.9).expect("a share");
    let length = SliceLength::try_from(Minutes(5)).expect("a part of an hour");
    Slicing { length, judged: Judged::AtLeast(target) }
}

fn slices(tallies: &Tallies, now_s: i64) -> Vec<Reading> {
    let sli = tallies.fold().sli(&slo(), tallies.archive()).expect("declared");
    let sli = sli.by(Budgeting::Slices(slicing()));
    let lengths = [5, 61, 1_440, 3_000, 7 * 1_440 + 17, 28 * 1_440];
    lengths.map(|minutes| sli.read(&Window::Rolling(Minutes(minutes)), at(now_s))).to_vec()
}

#[test]
fn slices_are_the_same_whenever_they_were_judged() {
    let (with, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut checked, _) = open(with.path());
    let (mut plain, _) = open(without.path());
    for tallies in [&mut checked, &mut plain] {
        tallies.declare(at(0), &declarations()).expect("declares");
    }
    let mut sliced = declarations();
    sliced.readers.values_mut().for_each(|reads| reads.slicing = Some(slicing()));
    for turn in 0..6 {
        for tallies in [&mut checked, &mut plain] {
            days(tallies, turn * 2 * DAY_S, 2);
        }
        let now_s = (turn + 1) * 2 * DAY_S;
        if turn == 2 {
            // By then four days are put away; nobody ever counts slices of the other's.
            checked.declare(at(now_s), &sliced).expect("declares");
            checked.look_back();
            assert!(!checked.looks_back, "six days are looked at in one go");
        }
        checked.checkpoint(at(now_s)).expect("writes");
        if turn % 2 == 0 {
            drop(checked);
            (checked, _) = open(with.path());
        }
        assert_eq!(slices(&checked, now_s), slices(&plain, now_s), "turn {turn}");
    }
    let all = slices(&checked, 12 * DAY_S).pop().expect("the longest");
    // A sample every four minutes: each slice has a failure among nine or eighteen, and is bad.
    assert_eq!(all.events.bad, all.events.total);
    assert_eq!(all.events.total.plus(all.unjudged.expect("slices")), Units::events(12 * 288 - 1));
}

#[test]
fn slices_of_a_year_outlive_their_minutes_over_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let kept = Settings { minutes_kept_days: 3, ..Settings::default() };
    let mut sliced = declarations();
    sliced.readers.values_mut().for_each(|reads| reads.slicing = Some(slicing()));
    for turn in 0..5 {
        let (mut tallies, _) = Tallies::open(dir.path(), [7; 16], kept.clone()).expect("opens");
        tallies.declare(at(0), &sliced).expect("declares");
        days(&mut tallies, turn * 2 * DAY_S, 2);
        tallies.checkpoint(at((turn + 1) * 2 * DAY_S)).expect("writes");
    }
    let (tallies, _) = Tallies::open(dir.path(), [7; 16], kept).expect("opens");
    let all = slices(&tallies, 10 * DAY_S).pop().expect("the longest");
    assert_eq!(all.events.total.plus(all.unjudged.expect("slices")), Units::events(10 * 288 - 1));
    assert_eq!(all.unjudged, Some(Units(0)), "minutes of seven days are gone, their verdicts stay");
}
