mod workbook;

use super::*;
use crate::slo::Budgeting;

fn target(fraction: f64) -> Target {
    Target::from_fraction(fraction).expect("in range")
}

fn spends(long: u32, share: f64, severity: Severity) -> PolicyArm {
    let pace = Pace::Spends(Share::new(share).expect("a share"));
    PolicyArm { long: Minutes(long), short: Minutes(long / 12), pace, severity }
}

/// 2 % in 1 h and 5 % in 6 h page; 10 % in 1 d and in 3 d are a ticket.
pub(in crate::slo) fn workbook() -> Policy {
    let arms = [
        spends(60, 0.02, Severity::Page),
        spends(360, 0.05, Severity::Page),
        spends(1_440, 0.1, Severity::Ticket),
        spends(4_320, 0.1, Severity::Ticket),
    ];
    Policy::new(Name::parse("workbook").expect("a name"), arms.to_vec())
}

fn arms(period: u32) -> Resolved {
    workbook().resolve(&Window::Rolling(Minutes(period)), target(0.999))
}

fn table(resolved: &Resolved) -> Vec<(u32, u32, f64, Severity)> {
    let row = |arm: &Arm| (arm.long.0, arm.short.0, arm.factor.as_f64(), arm.severity);
    resolved.arms.iter().map(row).collect()
}

/// The Site Reliability Workbook, table 5-8.
#[test]
fn thirty_days_have_the_workbooks_arms() {
    use Severity::{Page, Ticket};
    assert_eq!(
        table(&arms(43_200)),
        [
            (60, 5, 14.4, Page),
            (360, 30, 6.0, Page),
            (1_440, 120, 3.0, Ticket),
            (4_320, 360, 1.0, Ticket)
        ]
    );
}

/// Sloth's `internal/alert/alert_test.go` has the same factors for 28 days.
#[test]
fn twenty_eight_days_fit_the_factors() {
    let factors: Vec<f64> = table(&arms(28 * 1_440)).iter().map(|row| row.2).collect();
    assert_eq!(factors, [13.44, 5.6, 2.8, 0.933_333]);
}

#[test]
fn ninety_days_keep_the_factors_of_thirty() {
    assert_eq!(table(&arms(90 * 1_440)), table(&arms(43_200)));
}

#[test]
fn short_periods_fit_the_windows_and_drop_those_under_five_minutes() {
    let week = arms(7 * 1_440);
    let rows: Vec<_> = table(&week).iter().map(|row| (row.0, row.1, row.2)).collect();
    assert_eq!(rows, [(14, 1, 14.4), (84, 7, 6.0), (336, 28, 3.0), (1_008, 84, 1.0)]);
    let hour = arms(60);
    assert_eq!(table(&hour), [(6, 1, 1.0, Severity::Ticket)]);
    assert_eq!(hour.dropped.len(), 3);
}

#[test]
fn a_scaled_window_is_judged_before_it_is_rounded() {
    let hours = |count: u32| arms(count * 60);
    let dropped = |count| hours(count).dropped.iter().map(|(long, _)| long.0).collect::<Vec<_>>();
    assert_eq!(dropped(60), [0; 0], "an hour scales to 5 minutes");
    assert_eq!(dropped(59), [60], "to 4.92");
    assert_eq!(dropped(55), [60], "to 4.58");
    assert_eq!(dropped(9), [60, 360], "six hours scale to 4.5");
    assert_eq!(hours(59).arms[0].long, Minutes(30), "29.5, rounded");
}

#[test]
fn written_arms_are_used_as_they_are() {
    let pace = Pace::Factor(Factor::new(2.0));
    let severity = Severity::Page;
    let arm = PolicyArm { long: Minutes(1), short: Minutes(1), pace, severity };
    let policy = Policy::new(Name::parse("p").expect("a name"), vec![arm]);
    for period in [60, 7 * 1_440, 43_200] {
        let resolved = policy.resolve(&Window::Rolling(Minutes(period)), target(0.999));
        assert_eq!(table(&resolved), [(1, 1, 2.0, Severity::Page)]);
    }
}

#[test]
fn a_short_window_keeps_its_part_of_the_long_one() {
    let arm = PolicyArm { short: Minutes(20), ..spends(60, 0.02, Severity::Page) };
    let fitted = arm.fitted(Minutes(14 * 1_440)).expect("28 minutes");
    assert_eq!((fitted.long, fitted.short), (Minutes(28), Minutes(9)));
}

#[test]
fn arms_that_a_total_outage_cannot_reach_are_reported() {
    let resolved = workbook().resolve(&Window::Rolling(Minutes(43_200)), target(0.9));
    let factors: Vec<f64> = resolved.unreachable.iter().map(|arm| arm.factor.as_f64()).collect();
    assert_eq!(factors, [14.4], "at 90 % a total outage burns 10");
}

fn counts(bad: u64, total: u64) -> Counts {
    Counts { bad: Units::events(bad), total: Units::events(total) }
}

#[test]
fn exceeding_is_strict_and_exact() {
    let factor = Factor::new(14.4);
    assert!(!counts(144, 10_000).exceeds(factor, target(0.999)), "equal does not exceed");
    assert!(counts(145, 10_000).exceeds(factor, target(0.999)));
    assert!(!counts(0, 0).exceeds(Factor::new(0.0), target(0.999)), "nothing exceeds nothing");
}

fn page_arm(long: u32, short: u32, factor: f64) -> Arm {
    Arm {
        long: Minutes(long),
        short: Minutes(short),
        factor: Factor::new(factor),
        severity: Severity::Page,
    }
}

#[test]
fn one_failure_at_ten_requests_an_hour_pages_no_one() {
    let arm = page_arm(60, 5, 14.4);
    let fires =
        |bad, total| evaluate(&[arm], target(0.999), 1e-3, None, &|_| counts(bad, total))[0].firing;
    assert!(!fires(1, 10), "burn 100, and nothing to worry about yet");
    assert!(fires(2, 10), "two of ten are beyond chance at 99.9 %");
    assert!(fires(150, 10_000), "busy services are as fast as the plain rule");
}

#[test]
fn both_windows_must_exceed() {
    let arm = page_arm(60, 5, 14.4);
    let read = |long: Counts, short: Counts| {
        let count = |span: Span| if span.minutes == arm.long { long } else { short };
        evaluate(&[arm], target(0.999), 1e-3, None, &count)[0].firing
    };
    let (hot, cold) = (counts(500, 10_000), counts(0, 10_000));
    assert!(read(hot, hot));
    assert!(!read(hot, cold), "it is over");
    assert!(!read(cold, hot), "it does not matter yet");
}

#[test]
fn a_page_closes_on_five_calm_minutes_with_data() {
    let arm = page_arm(60, 5, 14.4);
    let asked = std::cell::Cell::new(0);
    let calm_with = |of: &dyn Fn(u32) -> Counts| {
        calm(&[arm], target(0.999), Budgeting::Occurrences.enough(), None, &|span| {
            asked.set(span.minutes.0);
            of(span.minutes.0)
        })
    };
    assert!(calm_with(&|_| counts(0, 1_000)));
    assert_eq!(asked.get(), 5);
    assert!(calm_with(&|_| counts(1, 1_000)), "a burn of exactly 1 is calm");
    assert!(!calm_with(&|_| counts(2, 1_000)));
    assert!(!calm_with(&|_| counts(0, 0)), "no data is not calm");
}

#[test]
fn at_low_traffic_a_page_closes_on_the_shortest_run_with_ten_events() {
    let arm = page_arm(60, 5, 14.4);
    let asked = std::cell::Cell::new(0);
    let one_event_in_two_minutes = |span: Span| {
        asked.set(span.minutes.0);
        counts(0, u64::from(span.minutes.0 / 2))
    };
    assert!(calm(
        &[arm],
        target(0.999),
        Budgeting::Occurrences.enough(),
        None,
        &one_event_in_two_minutes
    ));
    assert_eq!(asked.get(), 20);
}

#[test]
fn a_ticket_closes_on_its_own_short_window() {
    let arm = Arm { severity: Severity::Ticket, ..page_arm(1_440, 120, 3.0) };
    let asked = std::cell::Cell::new(0);
    calm(&[arm], target(0.999), Budgeting::Occurrences.enough(), None, &|span| {
        asked.set(span.minutes.0);
        counts(0, 1_000)
    });
    assert_eq!(asked.get(), 120);
}
