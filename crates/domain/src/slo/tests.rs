use proptest::prelude::*;

use super::*;

#[test]
fn targets_are_exact_to_nine_decimals() {
    let budget = |fraction| Target::from_fraction(fraction).map(Target::budget_ppb);
    assert_eq!(budget(0.999), Ok(1_000_000));
    assert_eq!(budget(0.99999), Ok(10_000));
    assert_eq!(budget(0.999_999_999), Ok(1));
    assert_eq!(budget(1.0), Err(TargetError::OutOfRange));
    assert_eq!(budget(0.0), Err(TargetError::OutOfRange));
    assert_eq!(budget(f64::NAN), Err(TargetError::OutOfRange));
    assert_eq!(budget(0.999_999_999_5), Err(TargetError::TooFine));
}

#[test]
fn units_show_whole_events_exactly() {
    assert_eq!(Units::events(25).as_events(), 25.0);
    assert_eq!(Units(1_500_000).as_events(), 1.5);
    assert_eq!(Units(1).minus(Units(2)), Units(0));
}

proptest! {
    #[test]
    fn products_compare_as_the_numbers_they_are(a: u64, b: u64, c: u64, d: u64, shift in 0_u32..64) {
        let exact = (u128::from(a) * u128::from(b)).cmp(&(u128::from(c) * u128::from(d)));
        let large = |number: u64| u128::from(number) << shift;
        let found = product(large(a), large(b)).cmp(&product(large(c), large(d)));
        prop_assert_eq!(found, exact);
    }
}

#[test]
fn a_product_of_the_largest_numbers_is_whole() {
    assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
    assert_eq!(product(u128::MAX, 1), (0, u128::MAX));
}
