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
        until: Minute(61),
        ripe: true,
        liveness: Liveness::Live { watermark_ms: 60 * 60_000 },
        events: Events {
            good: total.minus(bad),
            bad,
            total,
            inferred: Units(0),
            bad_inferred: Units(0),
            corrected: Units(0),
        },
        idle: total == Units(0),
        unjudged: None,
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
    let status = |bad| evaluate(target(), Terms::default(), &reading(bad, 100_000)).status;
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
    let budget = evaluate(target(), Terms::default(), &reading(300, 100_000));
    assert_eq!(budget.error_ratio, Some(0.003));
    assert!((budget.remaining.expect("traffic") + 2.0).abs() < 1e-9);
}

#[test]
fn without_traffic_the_budget_is_undefined() {
    let budget = evaluate(target(), Terms::default(), &reading(0, 0));
    assert_eq!(budget.status, Status::NoTraffic);
    assert_eq!((budget.remaining, budget.error_ratio), (None, None));
}

#[test]
fn silence_is_never_healthy() {
    let silent = Reading { liveness: Liveness::Silent { since_ms: 0 }, ..reading(0, 100_000) };
    let budget = evaluate(target(), Terms::default(), &silent);
    assert_eq!((budget.status, budget.status_worst), (Status::NoData, Status::NoData));
    assert!(budget.remaining.is_some(), "what was measured is still shown");
    let never = Reading { liveness: Liveness::Unmeasured, ..reading(0, 0) };
    assert_eq!(evaluate(target(), Terms::default(), &never).status, Status::Unmeasured);
    assert_eq!(evaluate(target(), Terms::default(), &never).unmeasured, 1.0);
}

#[test]
fn gaps_make_an_interval_around_the_headline() {
    let gappy = Reading { covered_ppm: 50 * PPM, missing_ppm: 10 * PPM, ..reading(10, 25_000) };
    let budget = evaluate(target(), Terms::default(), &gappy);
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
    let budget = evaluate(target(), Terms::default(), &young);
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
        let budget =
            evaluate(target(), Terms::default(), &Reading { events, idle: false, ..reading(0, 0) });
        assert_eq!(budget.status, Status::Exhausted, "2^{bits}");
    }
}

fn share(fraction: f64) -> Share {
    Share::new(fraction).expect("from 0 to 1")
}

/// BUD-02: the bounds are numbers of a policy, met exactly.
#[test]
fn bud_02_a_policy_of_its_own_moves_the_bounds() {
    let marks = Marks::new(share(0.8), share(0.4), share(0.2)).expect("they fall");
    let terms = Terms { marks, ..Terms::default() };
    let status = |bad| evaluate(target(), terms, &reading(bad, 100_000)).status;
    assert_eq!([19, 20].map(status), [Status::Healthy, Status::Caution]);
    assert_eq!([59, 60].map(status), [Status::Caution, Status::Warning]);
    assert_eq!([79, 80].map(status), [Status::Warning, Status::Exhausted]);
}

#[test]
fn marks_fall_and_lie_within_the_budget() {
    let marks = |healthy, caution, warning| {
        Marks::new(share(healthy), share(caution), share(warning)).map_err(|error| error.0)
    };
    assert!(marks(0.5, 0.25, 0.0).is_ok_and(|marks| marks == Marks::PRACTICE));
    assert_eq!(marks(1.0, 0.25, 0.0), Err("healthy"), "nothing would ever be healthy");
    assert_eq!(marks(0.5, 0.5, 0.0), Err("caution"));
    assert_eq!(marks(0.5, 0.25, 0.3), Err("warning"));
    for outside in [-0.1, 1.1, f64::NAN] {
        assert_eq!(Share::new(outside), Err(ShareError));
    }
    let stored = serde_json::to_string(&Marks::PRACTICE).expect("serialises");
    assert_eq!(serde_json::from_str::<Marks>(&stored).expect("reads back"), Marks::PRACTICE);
    let unordered = stored.replace("0.25", "0.75");
    assert!(serde_json::from_str::<Marks>(&unordered).is_err());
}

/// Z-01: the source's 10 % is the escalation mark of ALR-02, not a bound of a status.
#[test]
fn z_01_less_than_the_mark_escalates_whatever_the_status() {
    let terms = Terms { escalate_below: Some(share(0.1)), ..Terms::default() };
    let read = |bad| evaluate(target(), terms, &reading(bad, 100_000));
    assert_eq!(read(90).remark, None, "a tenth is not less than a tenth");
    assert_eq!((read(91).remark, read(91).status), (Some(Remark::Escalate), Status::Warning));
    assert_eq!((read(200).remark, read(200).status), (Some(Remark::Escalate), Status::Exhausted));
    let silent = Reading { liveness: Liveness::Silent { since_ms: 0 }, ..reading(200, 100_000) };
    assert_eq!(evaluate(target(), terms, &silent).remark, None, "no remark out of ignorance");
}

#[test]
fn bud_13_a_budget_is_unused_only_over_a_window_that_was_measured_whole() {
    let terms = Terms { unused_above: Some(share(0.9)), ..Terms::default() };
    let remark = |reading: &Reading| evaluate(target(), terms, reading).remark;
    assert_eq!(remark(&reading(9, 100_000)), Some(Remark::Unused));
    assert_eq!(remark(&reading(10, 100_000)), None, "nine tenths is not more than that");
    assert_eq!(remark(&reading(0, 0)), None, "nobody could have spent it");
    let young = Reading { unmeasured_minutes: 1, ..reading(0, 100_000) };
    assert_eq!(remark(&young), None, "what came before is not known");
    let gappy = Reading { missing_ppm: 10 * PPM, ..reading(0, 100_000) };
    assert_eq!(remark(&gappy), None, "it may have been spent unseen");
    let early = Reading { ripe: false, ..reading(0, 100_000) };
    assert_eq!(remark(&early), None, "the month has just begun");
}

#[test]
fn the_bounds_of_slices_are_those_that_could_not_be_judged() {
    let slices = |bad, judged, unjudged| Reading {
        unjudged: Some(Units::events(unjudged)),
        missing_ppm: 60 * PPM,
        ..reading(bad, judged)
    };
    // Of 8,640 slices of a month 8.64 may be bad; four were, and two nobody saw.
    let budget = evaluate(target(), Terms::default(), &slices(4, 8_638, 2));
    let rounded = |left: Option<f64>| left.map(|left| (left * 1e4).round() / 1e4);
    assert_eq!(rounded(budget.remaining_worst), Some(0.3056));
    assert_eq!(rounded(budget.remaining_best), Some(0.537));
    assert_eq!(budget.unseen_max, Units::events(2));
}

#[test]
fn slices_in_which_nothing_happened_are_no_traffic() {
    let idle = Reading { idle: true, unjudged: Some(Units(0)), ..reading(0, 288) };
    let budget = evaluate(target(), Terms::default(), &idle);
    assert_eq!((budget.status, budget.status_worst), (Status::NoTraffic, Status::NoTraffic));
    assert_eq!(budget.remark, None);
    // What nobody saw may have been an outage all the same.
    let unseen = Reading { unjudged: Some(Units::events(2)), ..idle };
    let budget = evaluate(target(), Terms::default(), &unseen);
    assert_eq!((budget.status, budget.status_worst), (Status::NoTraffic, Status::Exhausted));
}
