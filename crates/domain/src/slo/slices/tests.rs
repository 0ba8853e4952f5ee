//! What makes a slice, and what it comes to.

use proptest::prelude::*;

use super::*;

fn slicing(length: u32, judged: Judged) -> Slicing {
    let length = SliceLength::try_from(Minutes(length)).expect("it divides an hour");
    Slicing { length, judged }
}

fn at_least(fraction: f64) -> Judged {
    Judged::AtLeast(SliceTarget::try_from(fraction).expect("a target"))
}

#[test]
fn a_slice_divides_an_hour() {
    let fits = |length: &u32| SliceLength::try_from(Minutes(*length)).is_ok();
    let lengths: Vec<u32> = (0..=1_440).filter(fits).collect();
    assert_eq!(lengths, [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60]);
}

#[test]
fn the_target_of_a_slice_is_compared_exactly() {
    let rule = slicing(5, at_least(0.999));
    assert_eq!(rule.judge(Units::events(999), Units::events(1_000)), Units::events(1));
    assert_eq!(rule.judge(Units(998_999_999), Units::events(1_000)), Units(0));
    let whole = slicing(5, at_least(1.0));
    assert_eq!(whole.judge(Units::events(7), Units::events(7)), Units::events(1));
    assert_eq!(whole.judge(Units(6_999_999), Units::events(7)), Units(0));
}

#[test]
fn the_share_of_a_slice_is_rounded_against_it() {
    let rule = slicing(5, Judged::Share);
    assert_eq!(rule.judge(Units::events(2), Units::events(3)), Units(666_666));
    assert_eq!(rule.judge(Units::events(3), Units::events(3)), Units(1_000_000));
}

#[test]
fn nobody_was_failed_where_nothing_happened() {
    for judged in [at_least(0.999), Judged::Share] {
        assert_eq!(slicing(5, judged).judge(Units(0), Units(0)), Units::events(1));
    }
}

#[test]
fn targets_of_slices_are_refused_with_a_reason() {
    let refused = |fraction: f64| SliceTarget::try_from(fraction).expect_err("it is no target");
    assert_eq!(refused(0.0), SliceTargetError::OutOfRange);
    assert_eq!(refused(1.000_1), SliceTargetError::OutOfRange);
    assert_eq!(refused(f64::NAN), SliceTargetError::OutOfRange);
    assert_eq!(refused(0.999_999_999_9), SliceTargetError::TooFine);
    assert_eq!(refused(1e-10), SliceTargetError::TooFine);
}

proptest! {
    #[test]
    fn every_slice_ends_in_one_of_the_runs_side_by_side(
        length in prop::sample::select(vec![1_u32, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60]),
        from in -10_000_i64..10_000,
        first in 0_i64..500,
        second in 0_i64..500,
    ) {
        let length = SliceLength::try_from(Minutes(length)).expect("it divides an hour");
        let (from, middle) = (Minute(from), Minute(from + first));
        let to = middle.plus(second);
        let ends = |from, to| {
            let run = Span { from, to };
            let slices: Vec<Span> = length.ending_in(run).collect();
            assert_eq!(slices.len() as u64, length.count_ending_in(run));
            slices
        };
        let mut parts = ends(from, middle);
        parts.extend(ends(middle, to));
        let naive: Vec<Span> = (from.0..to.0)
            .filter(|last| (last + 1).rem_euclid(length.count()) == 0)
            .map(|last| Span { from: Minute(last + 1 - length.count()), to: Minute(last + 1) })
            .collect();
        prop_assert_eq!(&parts, &naive);
        prop_assert_eq!(ends(from, to), naive);
    }
}
