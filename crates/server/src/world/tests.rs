use plimsoll_domain::id::Alert;

use super::*;

fn world(seed: u64) -> World {
    let start = "2026-11-20T06:00:00Z".parse().unwrap();
    World::new(Arc::new(SimClock::new(start)), Arc::new(SeededRng::new(seed)))
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    let now = world(1).now();
    let ids = |seed| [(); 3].map(|()| world(seed)).map(|world| world.fresh::<Alert>(now));
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
}

#[test]
fn ids_of_one_instant_ascend_as_they_are_made() {
    let world = world(3);
    let now = world.now();
    let ids: Vec<_> = (0..5_000).map(|_| world.fresh::<Alert>(now)).collect();
    assert!(ids[..4_096].is_sorted());
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
    assert!(world.fresh::<Alert>(now + jiff::SignedDuration::from_millis(1)) > ids[4_999]);
}

#[test]
fn unit_numbers_lie_below_one() {
    let world = world(7);
    let numbers: Vec<f64> = (0..1_000).map(|_| world.unit()).collect();
    assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
    assert!(numbers.iter().any(|number| *number > 0.9));
    assert!(numbers.iter().any(|number| *number < 0.1));
}
