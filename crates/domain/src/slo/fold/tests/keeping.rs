//! What is forgotten: state grows with what is there, not with what has ever been.

use super::rules::Bench;
use super::*;
use crate::time::instant;

const DAY_S: i64 = 86_400;

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
            let series = bench.fold.forgettable();
            bench.apply(Record::Forget { series });
        }
    }
    bench
}

#[test]
fn invariant_5_instances_are_forgotten_when_no_sample_of_theirs_is_taken_any_more() {
    let kept = days(300, true).fold;
    assert_eq!(kept.series_count(), 8, "seven days, and the one that was new");
    assert_eq!(kept.instance_count(), KEPT_DAYS as usize + 1);
    assert!(kept.knows_instance(InstanceHash(299)) && !kept.knows_instance(InstanceHash(150)));
    assert!(!kept.has_forgettable_instances());
    let places = kept.instances.places();
    assert!(places <= KEPT_DAYS as usize + 2, "places are taken again: {places}");
    assert!(kept.tallies[0].presence.members() <= KEPT_DAYS as usize + 2);
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
    let read = |bench: &Bench, window| {
        let reading = bench.sli(0).read(window, instant((300 * DAY_S + 60) * 1_000));
        format!("{reading:?}")
    };
    for window in [Minutes(5), Minutes(60), Minutes(30 * 1_440), Minutes(366 * 1_440)] {
        assert_eq!(read(&kept, window), read(&all, window), "{window:?}");
    }
    // What was written down and read back goes on alike.
    let text = postcard::to_allocvec(&kept.fold).unwrap();
    let revived = postcard::from_bytes::<Fold>(&text).unwrap().revived(identity).unwrap();
    assert_eq!(revived.instance_count(), kept.fold.instance_count());
    assert!(revived.knows_instance(InstanceHash(3)) && !revived.knows_instance(InstanceHash(150)));
}
