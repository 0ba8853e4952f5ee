use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

#[test]
fn a_scrape_that_breaks_leaves_its_target_due_again() {
    let (scrapes, world) = (Scrapes::default(), World::system());
    let target = ScrapeTarget {
        name: Name::parse("checkout").unwrap(),
        url: "http://127.0.0.1:1/metrics".to_owned(),
        interval_seconds: 15,
        labels: Labels::default(),
    };
    let targets = BTreeMap::from([(target.name.clone(), target.clone())]);
    let began_at = scrapes.take_due(&targets, world.now()).next_at.unwrap();
    assert_eq!(scrapes.take_due(&targets, began_at).targets.len(), 1);
    assert_eq!(scrapes.take_due(&targets, began_at).next_at, None, "it is in the air");
    let (air, on) = (&scrapes, &world);
    let broke = catch_unwind(AssertUnwindSafe(|| {
        let _due_again = InTheAir { scrapes: air, world: on, target: &target, began_at };
        panic!("as asked");
    }));
    assert!(broke.is_err());
    let next_at = scrapes.take_due(&targets, began_at).next_at.unwrap();
    assert_eq!(next_at.duration_since(began_at), jiff::SignedDuration::from_secs(15));
}
