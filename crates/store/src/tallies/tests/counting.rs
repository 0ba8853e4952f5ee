use plimsoll_domain::slo::tally::{Channel, Measure};

use super::*;

#[test]
fn twenty_five_rounds_count_to_the_unit() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    assert_eq!(reading(&tallies, 375).events, counted());
}

#[test]
fn a_replay_gives_the_same_minutes() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let before = reading(&tallies, 375);
    drop(tallies);
    let (tallies, replayed) = open(dir.path());
    assert_eq!(reading(&tallies, 375), before);
    assert_eq!(replayed, Replayed { frames: 27, ..Replayed::default() });
}

#[test]
fn what_does_not_count_is_dropped_and_counted() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    let batch = [
        series("requests_total", "200", &[(15, 1.0), (15, 1.0), (14, 1.0), (30, -1.0)]),
        series("requests_total", "500", &[(330, 1.0)]),
        series("other_total", "200", &[(15, 1.0), (30, 2.0)]),
    ];
    let outcome = taken(&mut tallies, 15, &batch);
    let expected = Outcome {
        accepted: 1,
        undeclared: 2,
        duplicate_or_late: 2,
        future: 1,
        unfit: 1,
        ..Outcome::default()
    };
    assert_eq!(outcome, expected);
    let again = taken(&mut tallies, 15, &batch[2..]);
    assert_eq!(again.undeclared, 2);
}

#[test]
fn a_whole_batch_sent_again_changes_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let bytes = tallies.log_bytes();
    let batch = [series("requests_total", "200", &[(375, 225.0)])];
    let outcome = taken(&mut tallies, 376, &batch);
    assert_eq!((outcome.accepted, outcome.duplicate_or_late), (0, 1));
    assert_eq!(tallies.log_bytes(), bytes);
    assert_eq!(reading(&tallies, 376).events, counted());
}

#[test]
fn the_same_declarations_again_append_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let bytes = tallies.log_bytes();
    tallies.declare(at(400), &declarations()).expect("declares");
    assert_eq!(tallies.log_bytes(), bytes);
    drop(tallies);
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(500), &declarations()).expect("declares");
    assert_eq!(tallies.log_bytes(), bytes, "not after a restart either");
}

#[test]
fn undeclared_series_are_wanted_once_they_are_declared() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    let early = [series("requests_total", "200", &[(0, 5.0)])];
    assert_eq!(taken(&mut tallies, 0, &early).undeclared, 1);
    tallies.declare(at(10), &declarations()).expect("declares");
    for (at_s, value) in [(15, 6.0), (30, 8.0)] {
        let batch = [series("requests_total", "200", &[(at_s, value)])];
        assert_eq!(taken(&mut tallies, at_s, &batch).accepted, 1);
    }
    assert_eq!(reading(&tallies, 30).events.total, Units::events(2), "the first is a baseline");
}

#[test]
fn a_bad_selector_is_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    let mut wanted = declarations();
    let broken = Channel { selector: selector(Some("5(")), measure: Measure::Increase };
    wanted.tallies[0].channels.push(broken);
    assert!(matches!(tallies.declare(at(0), &wanted), Err(WriteError::Misfit(_))));
    assert_eq!(tallies.log_bytes(), 0);
}

#[test]
fn liveness_survives_a_restart() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    drop(tallies);
    let (tallies, _) = open(dir.path());
    assert_eq!(reading(&tallies, 380).liveness, Liveness::Live { watermark_ms: 375_000 });
    assert_eq!(reading(&tallies, 9_000).liveness, Liveness::Silent { since_ms: 375_000 });
}

#[test]
fn invariant_5_cost_follows_what_is_declared_and_not_what_is_sent() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    taken(&mut tallies, 0, &[series("other_total", "0", &[(0, 1.0)])]);
    let before = (tallies.log_bytes(), tallies.fold().series_count());
    let explosion: Vec<Sent> =
        (0..10_000).map(|i| series("other_total", &i.to_string(), &[(15, 1.0)])).collect();
    let outcome = taken(&mut tallies, 15, &explosion);
    assert_eq!(outcome.undeclared, 10_000);
    assert_eq!((tallies.log_bytes(), tallies.fold().series_count()), before);
}

/// A sender whose clock is ten minutes ahead must not fill a tally's cap with what is dropped.
#[test]
fn a_series_takes_a_place_with_its_first_accepted_sample_only() {
    let dir = tempfile::tempdir().expect("a directory");
    let settings = Settings { series_per_tally_max: 3, ..Settings::default() };
    let (mut tallies, _) = Tallies::open(dir.path(), [7; 16], settings).expect("opens");
    tallies.declare(at(0), &declarations()).expect("declares");
    let bytes = tallies.log_bytes();
    let ahead: Vec<Sent> =
        (0..10).map(|i| series("requests_total", &format!("{}", 400 + i), &[(615, 1.0)])).collect();
    for at_s in [15, 30] {
        let outcome = taken(&mut tallies, at_s - 15, &ahead);
        assert_eq!((outcome.future, outcome.over_cap), (10, 0), "{at_s}");
    }
    assert_eq!((tallies.log_bytes(), tallies.fold().series_count()), (bytes, 0));
    // In one batch: what is dropped of a series first, and of others, hinders nobody.
    let batch = [
        series("requests_total", "200", &[(900, 1.0)]),
        series("requests_total", "201", &[(30, -1.0)]),
        series("requests_total", "500", &[(30, 1.0), (45, 2.0)]),
        series("requests_total", "200", &[(45, 5.0)]),
        series("requests_total", "200", &[(45, 5.0), (60, 6.0)]),
        series("requests_total", "404", &[(30, 1.0)]),
        series("requests_total", "301", &[(30, 1.0)]),
    ];
    let outcome = taken(&mut tallies, 60, &batch);
    let expected = Outcome {
        accepted: 5,
        duplicate_or_late: 1,
        future: 1,
        over_cap: 1,
        unfit: 1,
        ..Outcome::default()
    };
    assert_eq!(outcome, expected);
    assert_eq!(tallies.fold().series_count(), 3);
    let before = reading(&tallies, 60);
    assert_eq!(before.events.total, Units::events(2));
    tallies.sync().expect("syncs");
    drop(tallies);
    assert_eq!(reading(&open(dir.path()).0, 60), before);
}

/// Its only series are undeclared, and it speaks every few hours: for as long as it does, a counter
/// that is born then counts from zero.
#[test]
fn an_instance_is_alive_for_as_long_as_its_undeclared_series_speak() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), &declarations()).expect("declares");
    let step_s = 6 * 3_600;
    let mut bytes = Vec::new();
    for round in 0..=200 {
        let at_s = round * step_s;
        let undeclared = series("other_total", "200", &[(at_s, 1.0)]);
        assert_eq!(taken(&mut tallies, at_s, &[undeclared]).undeclared, 1);
        bytes.push(tallies.log_bytes());
    }
    bytes.dedup();
    assert!((45..=52).contains(&bytes.len()), "noted about once a day: {}", bytes.len());
    let at_s = 200 * step_s + 60;
    let born = series("requests_total", "500", &[(at_s, 3.0)]);
    assert_eq!(taken(&mut tallies, at_s, &[born]).accepted, 1);
    assert_eq!(reading(&tallies, at_s).events.total, Units::events(3));
}

#[test]
fn a_declaration_that_could_not_be_written_is_made_when_it_is_tried_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    tallies.log.open_again(false);
    let refused = tallies.declare(at(0), &declarations());
    assert!(matches!(refused, Err(WriteError::Append(_))));
    tallies.log.open_again(true);
    run(&mut tallies);
    assert_eq!(reading(&tallies, 375).events, counted());
}

#[test]
fn a_batch_that_could_not_be_written_counts_when_it_is_sent_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let batch = [series("requests_total", "200", &[(390, 235.0)])];
    tallies.log.open_again(false);
    assert!(write(&mut tallies, "tok", 390, &batch).is_err());
    assert_eq!(reading(&tallies, 390).events, counted(), "nothing of it was taken");
    tallies.log.open_again(true);
    assert_eq!(taken(&mut tallies, 391, &batch).accepted, 1);
    assert_eq!(reading(&tallies, 391).events.total, Units::events(260));
}

/// Series are remembered by it: one that changed would make a stranger of each.
#[test]
fn a_series_hash_is_of_the_lengths_and_texts_of_its_labels() {
    use std::hash::Hasher as _;

    use siphasher::sip128::{Hasher128 as _, SipHasher24};
    let dir = tempfile::tempdir().expect("a directory");
    let (tallies, _) = open(dir.path());
    let mut batch = Batch::default();
    let pairs = [("__name__", "requests_total"), ("__replica__", "a"), ("code", "200")];
    let mut labels: Vec<LabelSpan> = Vec::new();
    for (name, value) in pairs {
        let mut span = |text: &str| batch.append(text).expect("it is small");
        labels.push(LabelSpan { name: span(name), value: span(value) });
    }
    let point = Point { at_ms: 1, start_ms: None, value: Value::Number(1.0) };
    batch.push_series(&mut labels, [point]).expect("labels");
    let mut pieces = SipHasher24::new_with_key(&[7; 16]);
    for piece in ["__name__", "requests_total", "code", "200"] {
        // Shorter than 128: one byte of a varint.
        pieces.write_u8(u8::try_from(piece.len()).expect("it is short"));
        pieces.write(piece.as_bytes());
    }
    let prepared = tallies.identity().prepare(batch);
    assert_eq!(prepared.hashes[0].0, pieces.finish128().as_u128());
    assert!(prepared.names_replicas);
}
