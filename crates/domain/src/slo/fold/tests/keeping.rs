//! What is forgotten: state grows with what is there, not with what has ever been.

use super::rules::Bench;
use super::*;
use crate::slo::minutes::Span;
use crate::slo::{Units, Window};
use crate::time::{Minute, instant};

const DAY_S: i64 = 86_400;

/// No sample that is older by so many days is taken.
const TAKEN_DAYS: i64 = 100;

fn forget(bench: &mut Bench, oldest_s: i64) {
    let record = bench.fold.forgettable(oldest_s * 1_000);
    record.into_iter().for_each(|record| bench.apply(record));
}

/// Each day an instance of its own, a minute of samples, gone the next day. `forgetful` at the end
/// of each, as a checkpoint is.
fn days(days: u32, forgetful: bool) -> Bench {
    let mut bench = Bench::new();
    for day in 0..days {
        for round in 0..=4 {
            let at_s = i64::from(day) * DAY_S + 15 * round;
            bench.sample_of(u128::from(day), "200", at_s, 10.0 * round as f64).expect("newer");
        }
        if forgetful {
            forget(&mut bench, (i64::from(day) - TAKEN_DAYS) * DAY_S);
        }
    }
    bench
}

#[test]
fn invariant_5_instances_are_forgotten_when_no_sample_of_theirs_is_taken_any_more() {
    let kept = days(300, true).fold;
    assert_eq!(kept.series_count(), 8, "seven days, and the one that was new");
    let week_more = TAKEN_DAYS as usize + 7;
    assert_eq!(
        kept.instance_count(),
        week_more + 1,
        "a later sample of a week would go on from it"
    );
    let seen = |day| kept.instance_seen_ms(InstanceHash(day as u128)).is_some();
    assert!(seen(299) && seen(299 - week_more) && !seen(298 - week_more));
    assert_eq!(kept.forgettable((299 - TAKEN_DAYS) * DAY_S * 1_000), None);
    let places = kept.instances.places();
    assert!(places <= week_more + 2, "places are taken again: {places}");
    assert!(kept.tallies[0].presence.members() <= week_more + 2);
}

#[test]
fn what_is_forgotten_changes_no_number() {
    let (mut kept, mut all) = (days(300, true), days(300, false));
    // One of the first comes back, and one that was there all along.
    for bench in [&mut kept, &mut all] {
        for round in 0..=4 {
            let at_s = 300 * DAY_S + 15 * round;
            for instance in [3, 299] {
                bench.sample_of(instance, "200", at_s, 1_000.0 + round as f64).expect("newer");
            }
        }
    }
    let read = |bench: &Bench, window: &Window| {
        let reading = bench.sli(0).read(window, instant((300 * DAY_S + 60) * 1_000));
        format!("{reading:?}")
    };
    for window in [5, 60, 30 * 1_440, 366 * 1_440].map(|it| Window::Rolling(Minutes(it))) {
        assert_eq!(read(&kept, &window), read(&all, &window), "{window:?}");
    }
    // What was written down and read back goes on alike.
    let text = postcard::to_allocvec(&kept.fold).unwrap();
    let revived = postcard::from_bytes::<Fold>(&text).unwrap().revived(identity).unwrap();
    assert_eq!(revived.instance_count(), kept.fold.instance_count());
    let seen_ms = |fold: &Fold, instance| fold.instance_seen_ms(InstanceHash(instance));
    assert_eq!(seen_ms(&revived, 3), Some((300 * DAY_S + 60) * 1_000));
    assert_eq!(seen_ms(&revived, 150), None);
}

#[test]
fn a_series_that_never_had_a_sample_is_forgotten() {
    let mut bench = Bench::new();
    let silent = bench.series(1, "200");
    bench.sample("500", 0, 1.0).expect("first");
    let forgettable = bench.fold.forgettable(0);
    assert_eq!(forgettable, Some(Record::Forget { oldest_ms: 0, series: vec![silent] }));
}

#[test]
fn senders_are_forgotten_with_the_series_they_sent_last() {
    let mut bench = Bench::new();
    for instance in 0..20 {
        bench.fold.hear(&format!("cluster/{instance}"));
        let replica = instance.to_string();
        bench.apply(Record::Elect { cluster: format!("of {instance}"), replica });
        bench.sample_of(instance, "200", 0, 1.0).expect("first");
    }
    // One of them goes on, and another takes over from one.
    for day in 1..=8 {
        bench.fold.hear("cluster/5");
        bench.sample_of(5, "200", day * DAY_S, 1.0).expect("newer");
        bench.fold.hear("taker");
        bench.sample_of(6, "200", day * DAY_S, 1.0).expect("newer");
    }
    assert_eq!(bench.fold.senders.places(), 21);
    forget(&mut bench, 0);
    let elected = |bench: &Bench, of: u8| bench.fold.elected(&format!("of {of}")).is_some();
    assert_eq!([4, 5, 6].map(|of| elected(&bench, of)), [false, true, false]);
    assert_eq!(bench.fold.forgettable(0), None, "those that are left are of its series");
    // Who is new takes the place of who is gone, and a fall is judged as before.
    for instance in 0..19 {
        bench.fold.hear(&format!("new/{instance}"));
        bench.sample_of(100 + instance, "200", 8 * DAY_S, 1.0).expect("first");
    }
    assert_eq!(bench.fold.senders.places(), 21);
    let written = postcard::to_allocvec(&bench.fold).expect("it can be written");
    let read: Fold = postcard::from_bytes(&written).expect("it can be read");
    let mut bench = Bench { fold: read.revived(identity).expect("its selectors compile") };
    let count = |bench: &Bench| {
        let all = Span { from: Minute(0), to: Minute(20 * 1_440) };
        bench.sli(0).events(all).total
    };
    let before = count(&bench);
    let series = SeriesNo(5);
    for (sender, at_s, value) in [("new/3", 15, 0.5), ("new/3", 30, 0.25), ("cluster/5", 45, 0.0)] {
        bench.fold.hear(sender);
        bench.apply(Record::Sample { series, at_ms: (8 * DAY_S + at_s) * 1_000, value });
    }
    let grown = count(&bench).minus(before);
    assert_eq!(grown, Units(Units::PER_EVENT / 4), "one fall of three is of the same sender");
}

/// So many stretches of delta temporality, `step_ms` apart.
fn stretches(count: i64, step_ms: i64) -> Bench {
    let mut bench = Bench::new();
    let series = bench.series(1, "200");
    for at_ms in (1..=count).map(|number| 100_000_000 + number * step_ms) {
        let start_ms = at_ms - step_ms;
        assert!(bench.fold.accepts_delta(series, start_ms, at_ms));
        bench.apply(Record::Delta { series, start_ms, at_ms, value: 1.0 });
    }
    bench
}

#[test]
fn stretches_that_are_remembered_are_bounded_and_count_once_all_the_same() {
    let size = |bench: &Bench| postcard::to_allocvec(&bench.fold).expect("it can be written").len();
    let (many, more) = (stretches(2_000, 100), stretches(20_000, 100));
    // Half an hour more of minutes is held, but of all the stretches no more.
    assert!(size(&more) < size(&many) + 1_000, "{} and {}", size(&many), size(&more));
    let series = SeriesNo(0);
    let again = (1..=20_000).map(|number| 100_000_000 + number * 100);
    let taken = again.filter(|at_ms| more.fold.accepts_delta(series, at_ms - 100, *at_ms)).count();
    assert_eq!(taken, 0, "none of them twice");
}

#[test]
fn a_stretch_that_was_forgotten_for_want_of_room_is_not_taken_when_there_is_room_again() {
    let mut bench = stretches(3_000, 100);
    let series = SeriesNo(0);
    let (start_ms, at_ms) = (107_000_000, 107_000_100);
    bench.apply(Record::Delta { series, start_ms, at_ms, value: 1.0 });
    assert!(!bench.fold.accepts_delta(series, 100_000_000, 100_000_100), "within two hours");
    assert!(bench.fold.accepts_delta(series, 100_299_950, 100_300_000), "this one is new");
}
