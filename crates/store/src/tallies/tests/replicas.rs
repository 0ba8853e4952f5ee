//! Pairs of senders that scrape the same targets.

use super::*;

fn round(tallies: &mut Tallies, replica: &str, at_s: i64, value: f64) -> Outcome {
    let sent = series("requests_total", "200", &[(at_s, value)]);
    taken(tallies, at_s, &[sent.with("__replica__", replica).with("cluster", "eu")])
}

#[test]
fn one_of_a_pair_is_heard_until_it_is_silent() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    for step in 0..8 {
        let (at_s, value) = (15 * step, 10.0 * step as f64);
        assert_eq!(round(&mut tallies, "a", at_s, value).accepted, 1);
        assert_eq!(round(&mut tallies, "b", at_s + 2, value + 1.0).not_elected, 1);
    }
    assert_eq!(tallies.fold().series_count(), 1, "the replica is no part of a series");
    // `a` falls silent at 105 s; three intervals later `b` takes over.
    assert_eq!(round(&mut tallies, "b", 150, 95.0).not_elected, 1);
    assert_eq!(round(&mut tallies, "b", 152, 97.0).accepted, 1);
    assert_eq!(round(&mut tallies, "a", 153, 99.0).not_elected, 1, "and back only likewise");
    assert_eq!(round(&mut tallies, "b", 167, 110.0).accepted, 1);
    assert_eq!(reading(&tallies, 167).events.total, Units::events(110));
}

#[test]
fn a_fall_at_the_hand_over_is_no_reset() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    round(&mut tallies, "a", 0, 100.0);
    round(&mut tallies, "a", 60, 200.0);
    round(&mut tallies, "b", 300, 190.0);
    round(&mut tallies, "b", 315, 195.0);
    assert_eq!(reading(&tallies, 315).events.total, Units::events(105));
    round(&mut tallies, "b", 330, 5.0);
    assert_eq!(reading(&tallies, 330).events.total, Units::events(110), "from the same it is one");
}

#[test]
fn an_election_outlives_a_restart_and_a_checkpoint() {
    for checkpoint in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let (mut tallies, _) = open(dir.path());
        tallies.declare(at(0), &declarations()).expect("declares");
        round(&mut tallies, "a", 0, 1.0);
        round(&mut tallies, "a", 60, 2.0);
        tallies.sync().expect("syncs");
        if checkpoint {
            tallies.checkpoint(at(61)).expect("writes");
        }
        drop(tallies);
        let (mut tallies, _) = open(dir.path());
        assert_eq!(round(&mut tallies, "b", 75, 3.0).not_elected, 1);
        assert_eq!(round(&mut tallies, "a", 76, 3.0).accepted, 1);
    }
}

#[test]
fn clusters_and_senders_elect_for_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    round(&mut tallies, "a", 0, 1.0);
    let of = |cluster: &str, code: &str| {
        let sent = series("requests_total", code, &[(15, 1.0)]);
        [sent.with("__replica__", "b").with("cluster", cluster)]
    };
    assert_eq!(taken(&mut tallies, 15, &of("us", "200")).accepted, 1);
    assert_eq!(taken(&mut tallies, 15, &of("eu", "200")).not_elected, 1);
    assert_eq!(write(&mut tallies, "other", 15, &of("eu", "201")).expect("writes").accepted, 1);
}

const DAY_S: i64 = 86_400;

/// What is remembered of senders grows with the series that are, not with all that ever spoke.
#[test]
fn senders_and_elections_are_forgotten_with_their_series() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    let of = |cluster: &str, replica: &str, at_s| {
        let sent = series("requests_total", "200", &[(at_s, 1.0)]);
        sent.with("__replica__", replica).with("cluster", cluster)
    };
    let crowd: Vec<Sent> = (0..50).map(|i| of(&format!("c{i}"), &format!("r{i}/x"), 0)).collect();
    assert_eq!(taken(&mut tallies, 0, &crowd).accepted, 50);
    tallies.checkpoint(at(0)).expect("writes");
    for day in 0..=9 {
        assert_eq!(taken(&mut tallies, day * DAY_S, &[of("eu", "a", day * DAY_S)]).accepted, 1);
    }
    assert_eq!(tallies.fold().elected("tok c7"), Some("r7/x"));
    assert_eq!(tallies.hearing.list().len(), 51);
    tallies.checkpoint(at(9 * DAY_S)).expect("writes");
    assert_eq!(tallies.fold().elected("tok c7"), None);
    assert_eq!(tallies.fold().elected("tok eu"), Some("a"));
    let live = tallies.hearing.list();
    assert_eq!(live, [("tok eu".to_owned(), 9 * DAY_S * 1_000)]);
    let newest = dir.path().join(format!("checkpoint-{:020}", tallies.log_bytes()));
    drop(tallies);
    // From this checkpoint, and from the one before and the log, it is the same.
    let (tallies, replayed) = open(dir.path());
    assert_eq!((replayed.frames, tallies.hearing.list()), (0, live.to_vec()));
    drop(tallies);
    std::fs::remove_file(newest).unwrap();
    let (mut tallies, replayed) = open(dir.path());
    assert!(replayed.frames > 10, "{replayed:?}");
    assert_eq!(tallies.hearing.list(), live);
    assert_eq!(tallies.fold().elected("tok c7"), None);
    let at_s = 9 * DAY_S + 1;
    assert_eq!(taken(&mut tallies, at_s, &[of("c7", "another", at_s)]).accepted, 1);
    assert_eq!(taken(&mut tallies, at_s, &[of("eu", "b", at_s)]).not_elected, 1);
}

#[test]
fn a_replica_none_of_whose_samples_is_accepted_is_not_elected() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    let bytes = tallies.log_bytes();
    let ahead = series("requests_total", "200", &[(900, 1.0)]);
    let sent = [ahead.with("__replica__", "a").with("cluster", "eu")];
    assert_eq!(taken(&mut tallies, 0, &sent).future, 1);
    assert_eq!(tallies.fold().elected("tok eu"), None);
    assert_eq!((tallies.hearing.list().len(), tallies.log_bytes()), (0, bytes));
    assert_eq!(round(&mut tallies, "b", 1, 1.0).accepted, 1);
    assert_eq!(tallies.fold().elected("tok eu"), Some("b"));
}

#[test]
fn a_start_says_that_a_counter_counts_from_zero() {
    let dir = tempfile::tempdir().unwrap();
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    let started = |at_s, value, start_s| {
        [series("requests_total", "200", &[(at_s, value)]).starting(start_s)]
    };
    taken(&mut tallies, 30, &started(30, 7.0, 20));
    taken(&mut tallies, 45, &started(45, 9.0, 20));
    // It started again, and has passed its old height already.
    taken(&mut tallies, 60, &started(60, 11.0, 50));
    tallies.sync().expect("syncs");
    assert_eq!(reading(&tallies, 60).events.total, Units::events(7 + 2 + 11));
    drop(tallies);
    assert_eq!(reading(&open(dir.path()).0, 60).events.total, Units::events(20));
}
