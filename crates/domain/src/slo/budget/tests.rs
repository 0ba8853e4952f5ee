use super::*;
use crate::slo::fold::Events;
use crate::slo::minutes::Span;
use crate::time::Minute;

fn target() -> Target {
    Target::from_fraction(0.999).expect("in range")
}

fn reading(bad: u64, total: u64) -> Reading {
    let (bad, total) = (Units::events(bad), Units::events(total));
    Reading {
        span: Span { from: Minute(0), to: Minute(61) },
        open: Minute(60),
        liveness: Liveness::Live { watermark_ms: 60 * 60_000 },
        events: Events {
            good: total.minus(bad),
            bad,
            total,
            inferred: Units(0),
            corrected: Units(0),
        },
        unmeasured_minutes: 0,
        measured_minutes: 60,
        covered_ppm: 60 * PPM,
        missing_ppm: 0,
        busiest: Units::events(500),
        aligned_to_hours: false,
    }
}

/// BUD-02 with the bounds of Z-01: Warning is (0, 25], Exhausted is ≤ 0.
#[test]
fn bud_02_statuses_have_exact_bounds() {
    let status = |bad| evaluate(target(), &reading(bad, 100_000)).status;
    assert_eq!(status(0), Status::Healthy);
    assert_eq!(status(49), Status::Healthy);
    assert_eq!(status(50), Status::Caution, "half is not more than half");
    assert_eq!(status(74), Status::Caution);
    assert_eq!(status(75), Status::Warning);
    assert_eq!(status(99), Status::Warning);
    assert_eq!(status(100), Status::Exhausted, "nothing left");
    assert_eq!(status(500), Status::Exhausted);
}

#[test]
fn an_overspent_budget_is_negative() {
    let budget = evaluate(target(), &reading(300, 100_000));
    assert_eq!(budget.error_ratio, Some(0.003));
    assert!((budget.remaining.expect("traffic") + 2.0).abs() < 1e-9);
}

#[test]
fn without_traffic_the_budget_is_undefined() {
    let budget = evaluate(target(), &reading(0, 0));
    assert_eq!(budget.status, Status::NoTraffic);
    assert_eq!((budget.remaining, budget.error_ratio), (None, None));
}

#[test]
fn silence_is_never_healthy() {
    let silent = Reading { liveness: Liveness::Silent { since_ms: 0 }, ..reading(0, 100_000) };
    let budget = evaluate(target(), &silent);
    assert_eq!((budget.status, budget.status_worst), (Status::NoData, Status::NoData));
    assert!(budget.remaining.is_some(), "what was measured is still shown");
    let never = Reading { liveness: Liveness::Unmeasured, ..reading(0, 0) };
    assert_eq!(evaluate(target(), &never).status, Status::Unmeasured);
    assert_eq!(evaluate(target(), &never).unmeasured, 1.0);
}

#[test]
fn gaps_make_an_interval_around_the_headline() {
    let gappy = Reading { covered_ppm: 50 * PPM, missing_ppm: 10 * PPM, ..reading(10, 25_000) };
    let budget = evaluate(target(), &gappy);
    assert_eq!(budget.unseen_max, Units::events(5_000), "ten minutes of the busiest, 500");
    let (worst, best) = (budget.remaining_worst, budget.remaining_best);
    assert_eq!(worst, Some(1.0 - 5_010.0 / 30.0));
    assert_eq!(best, Some(1.0 - 10.0 / 30.0));
    assert!(worst < budget.remaining && budget.remaining < best);
    assert_eq!(budget.status_worst, Status::Exhausted);
    assert_eq!(budget.coverage, Some(50.0 / 60.0));
    assert_eq!(budget.gap_minutes, 10.0);
}

#[test]
fn time_before_the_first_sample_is_a_share_and_not_a_gap() {
    let young = Reading {
        unmeasured_minutes: 45,
        measured_minutes: 15,
        covered_ppm: 15 * PPM,
        ..reading(0, 1_000)
    };
    let budget = evaluate(target(), &young);
    assert_eq!(budget.unmeasured, 0.75);
    assert_eq!(budget.coverage, Some(1.0));
    assert_eq!(budget.remaining, budget.remaining_worst);
}

/// A counter may say 1e300, again and again.
#[test]
fn no_number_of_failures_is_so_large_that_the_budget_looks_healthy() {
    for bits in [64, 70, 84, 96, 127] {
        let (bad, total) = (Units(1 << bits), Units((1 << bits) + 1));
        let events = Events { good: Units(1), bad, total, ..reading(0, 0).events };
        let budget = evaluate(target(), &Reading { events, ..reading(0, 0) });
        assert_eq!(budget.status, Status::Exhausted, "2^{bits}");
    }
}
