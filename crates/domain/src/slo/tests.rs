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
