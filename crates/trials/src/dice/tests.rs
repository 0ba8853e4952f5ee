use super::*;

#[test]
fn the_same_seed_throws_the_same_and_another_does_not() {
    let throws = |seed| {
        let mut dice = Dice::new(seed);
        let mut other = dice.split();
        let thrown: Vec<u64> = (0..20).map(|_| dice.below(1_000)).collect();
        (thrown, dice.seed(), other.while_of(50))
    };
    assert_eq!(throws(1), throws(1));
    assert_ne!(throws(1), throws(2));
}

#[test]
fn throws_stay_within_their_bounds_and_reach_them() {
    let mut dice = Dice::new(1);
    let seen = |mut throw: Box<dyn FnMut() -> i64>| {
        let mut seen: Vec<i64> = (0..200).map(|_| throw()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    };
    let mut other = dice.split();
    assert_eq!(seen(Box::new(move || other.below(3))), [0, 1, 2]);
    let mut other = dice.split();
    assert_eq!(seen(Box::new(move || other.within(-1, 1))), [-1, 0, 1]);
    let mut other = dice.split();
    assert_eq!(seen(Box::new(move || other.pick(&[4, 6]))), [4, 6]);
    assert!((0..200).any(|_| dice.one_in(20)) && !(0..200).any(|_| dice.one_in(0)));
}
