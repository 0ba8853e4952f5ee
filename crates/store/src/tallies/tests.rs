use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::Units;
use plimsoll_domain::slo::fold::{Events, Liveness, Reading};
use plimsoll_domain::slo::selector::{Comparison, Matcher, Selector};
use plimsoll_domain::slo::tally::{Part, Ratio, Source};
use plimsoll_domain::time::{Minutes, instant};

use super::*;

fn selector(code: Option<&str>) -> Selector {
    let matcher = |label: &str, comparison, value: &str| Matcher {
        label: label.to_owned(),
        comparison,
        value: value.to_owned(),
    };
    let mut matchers = vec![matcher("__name__", Comparison::Equal, "requests_total")];
    matchers.extend(code.map(|code| matcher("code", Comparison::Matches, code)));
    Selector::new(matchers)
}

fn ratio() -> Ratio {
    Ratio {
        source: Source::Ingest,
        total: selector(None),
        part: Part::Bad,
        part_selector: selector(Some("5..")),
    }
}

fn declarations() -> Vec<Declaration> {
    vec![Declaration {
        tally: ratio().tally(),
        service: Name::parse("shop").expect("a name"),
        channels: vec![selector(None), selector(Some("5.."))],
    }]
}

fn series(metric: &str, code: &str, samples: &[(i64, f64)]) -> Incoming {
    let pairs = [("__name__", metric), ("code", code), ("job", "shop"), ("instance", "a:1")];
    let owned = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    let samples = samples.iter().map(|(at_s, v)| (at_s * 1_000, Value::Number(*v))).collect();
    Incoming { labels: Labels::from_pairs(owned).expect("unique"), samples }
}

fn at(seconds: i64) -> Timestamp {
    instant(seconds * 1_000)
}

fn open(dir: &Path) -> (Tallies, Replayed) {
    Tallies::open(dir, [7; 16]).expect("opens")
}

fn reading(tallies: &Tallies, now_s: i64) -> Reading {
    tallies.fold().sli(&ratio()).expect("declared").read(Minutes(60), at(now_s))
}

/// Twenty-five rounds of a good and a bad series, fifteen seconds apart.
fn run(tallies: &mut Tallies) {
    tallies.declare(at(0), declarations()).expect("declares");
    for round in 0..=25_i64 {
        let now_s = 15 * round;
        let batch = [
            series("requests_total", "200", &[(now_s, 9.0 * round as f64)]),
            series("requests_total", "500", &[(now_s, round as f64)]),
            series("other_total", "200", &[(now_s, 1.0)]),
        ];
        tallies.write("tok", at(now_s), &batch).expect("writes");
        tallies.sync().expect("syncs");
    }
}

fn counted() -> Events {
    Events {
        good: Units::events(225),
        bad: Units::events(25),
        total: Units::events(250),
        inferred: Units(0),
    }
}

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
    assert_eq!(replayed, Replayed { frames: 27, torn_bytes: 0 });
}

#[test]
fn what_does_not_count_is_dropped_and_counted() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(0), declarations()).expect("declares");
    let batch = [
        series("requests_total", "200", &[(15, 1.0), (15, 1.0), (14, 1.0), (30, -1.0)]),
        series("requests_total", "500", &[(330, 1.0)]),
        series("other_total", "200", &[(15, 1.0), (30, 2.0)]),
    ];
    let outcome = tallies.write("tok", at(15), &batch).expect("writes");
    let expected = Outcome {
        accepted: 1,
        undeclared: 2,
        duplicate_or_late: 2,
        future: 1,
        over_cap: 0,
        no_counter: 1,
    };
    assert_eq!(outcome, expected);
    let again = tallies.write("tok", at(15), &batch[2..]).expect("writes");
    assert_eq!(again.undeclared, 2);
}

#[test]
fn a_whole_batch_sent_again_changes_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let bytes = tallies.log_bytes();
    let batch = [series("requests_total", "200", &[(375, 225.0)])];
    let outcome = tallies.write("tok", at(376), &batch).expect("writes");
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
    tallies.declare(at(400), declarations()).expect("declares");
    assert_eq!(tallies.log_bytes(), bytes);
    drop(tallies);
    let (mut tallies, _) = open(dir.path());
    tallies.declare(at(500), declarations()).expect("declares");
    assert_eq!(tallies.log_bytes(), bytes, "not after a restart either");
}

#[test]
fn undeclared_series_are_wanted_once_they_are_declared() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    let early = [series("requests_total", "200", &[(0, 5.0)])];
    assert_eq!(tallies.write("tok", at(0), &early).expect("writes").undeclared, 1);
    tallies.declare(at(10), declarations()).expect("declares");
    for (at_s, value) in [(15, 6.0), (30, 8.0)] {
        let batch = [series("requests_total", "200", &[(at_s, value)])];
        assert_eq!(tallies.write("tok", at(at_s), &batch).expect("writes").accepted, 1);
    }
    assert_eq!(reading(&tallies, 30).events.total, Units::events(2), "the first is a baseline");
}

#[test]
fn a_clean_close_vouches_for_the_last_frame() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    run(&mut tallies);
    let end = usize::try_from(tallies.log_bytes()).expect("small");
    tallies.close(at(400)).expect("closes");
    let file = dir.path().join("log").join(format!("{:020}.log", 0));
    let mut bytes = std::fs::read(&file).expect("is there");
    bytes[end + 10] ^= 1;
    std::fs::write(&file, &bytes).expect("writes");
    let opened = Tallies::open(dir.path(), [7; 16]);
    assert!(matches!(opened, Err(OpenError::Damaged { .. })));
}

#[test]
fn a_bad_selector_is_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    let mut wanted = declarations();
    wanted[0].channels.push(selector(Some("5(")));
    assert!(matches!(tallies.declare(at(0), wanted), Err(WriteError::Misfit(_))));
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
    tallies.declare(at(0), declarations()).expect("declares");
    tallies.write("tok", at(0), &[series("other_total", "0", &[(0, 1.0)])]).expect("writes");
    let before = (tallies.log_bytes(), tallies.fold().series_count());
    let explosion: Vec<Incoming> =
        (0..10_000).map(|i| series("other_total", &i.to_string(), &[(15, 1.0)])).collect();
    let outcome = tallies.write("tok", at(15), &explosion).expect("writes");
    assert_eq!(outcome.undeclared, 10_000);
    assert_eq!((tallies.log_bytes(), tallies.fold().series_count()), before);
}

#[test]
fn a_declaration_that_could_not_be_written_is_made_when_it_is_tried_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let (mut tallies, _) = open(dir.path());
    tallies.log.open_again(false);
    let refused = tallies.declare(at(0), declarations());
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
    assert!(tallies.write("tok", at(390), &batch).is_err());
    assert_eq!(reading(&tallies, 390).events, counted(), "nothing of it was taken");
    tallies.log.open_again(true);
    assert_eq!(tallies.write("tok", at(391), &batch).expect("writes").accepted, 1);
    assert_eq!(reading(&tallies, 391).events.total, Units::events(260));
}
