use super::*;

#[test]
fn bud_18_a_debt_is_overdue_on_the_day_after_its_last_by_utc() {
    let debt = KnownViolation {
        name: Name::parse("slow-imports").unwrap(),
        slo: Name::parse("checkout-latency").unwrap(),
        cause: String::new(),
        remedy: String::new(),
        mend_by: "2027-01-31".parse().unwrap(),
        tracker: None,
    };
    let left = |at: &str| debt.days_left(at.parse().unwrap());
    assert_eq!(left("2026-12-31T23:59:59Z"), 31);
    assert_eq!(left("2027-01-31T00:00:00Z"), 0);
    assert_eq!(left("2027-01-31T23:59:59.999999999Z"), 0);
    assert_eq!(left("2027-02-01T00:00:00Z"), -1);
}
