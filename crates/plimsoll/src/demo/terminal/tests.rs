use super::*;

#[test]
fn a_budget_is_a_bar() {
    assert_eq!(bar(1.0), "█".repeat(20));
    assert_eq!(bar(0.5), "█".repeat(10) + &"░".repeat(10));
    assert_eq!(bar(-3.0), "░".repeat(20));
}

#[test]
fn thousands_stand_apart() {
    let shown = [0.0, 999.0, 1_000.0, 1_234_567.0].map(thousands);
    assert_eq!(shown, ["0", "999", "1,000", "1,234,567"]);
}

#[test]
fn times_since_the_start_are_minutes_and_seconds() {
    assert_eq!(since(SignedDuration::from_secs(65)), "+1:05");
    assert_eq!(since(SignedDuration::from_secs(3_600)), "+60:00");
}
