use super::*;

fn odd_seeds_fail(seed: u64) -> Result<u64, String> {
    assert_ne!(seed, 13);
    if seed.is_multiple_of(2) { Ok(seed) } else { Err("it is odd".to_owned()) }
}

#[test]
fn every_seed_is_checked_once() {
    let mut outcome = run(5..205, Ok);
    outcome.found.sort_unstable();
    assert_eq!((outcome.failures(), &outcome.found), (0, &(5..205).collect()));
    outcome.holds();
}

#[test]
fn failures_and_panics_are_told_with_their_seeds() {
    let outcome = run(10..16, odd_seeds_fail);
    assert_eq!((outcome.failures(), outcome.found.len()), (3, 3));
    let panic = catch_unwind(AssertUnwindSafe(|| outcome.holds())).unwrap_err();
    assert_eq!(
        *panic.downcast::<String>().unwrap(),
        "3 of 6 failed: [11, 13, 15]\nPLIMSOLL_SEED=11: it is odd\n\
         PLIMSOLL_SEED=13: it panicked, see above\nPLIMSOLL_SEED=15: it is odd"
    );
}
