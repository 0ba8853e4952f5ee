//! The tables of *The Site Reliability Workbook*, chapter 5, to the digit, at 99.9 % over 30 days.

use super::*;

const WINDOW_S: f64 = 30.0 * 86_400.0;

fn thirty_days() -> Vec<Arm> {
    arms(43_200).arms
}

/// (1 − target) / error ratio × long window × factor; none when the burn does not exceed it.
fn detection_s(arm: &Arm, ratio: f64) -> Option<f64> {
    let share = target(0.999).budget_fraction() * arm.factor.as_f64() / ratio;
    (share < 1.0).then(|| share * arm.long.ms() as f64 / 1e3)
}

/// Short window × (1 − factor × (1 − target) / error ratio), after an outage as long as it.
fn reset_s(window: Minutes, factor: f64, ratio: f64) -> f64 {
    window.ms() as f64 / 1e3 * (1.0 - factor * target(0.999).budget_fraction() / ratio)
}

#[test]
fn detection_times_by_constant_error_ratio() {
    const NEVER: f64 = f64::INFINITY;
    let printed = [
        (1.0, [51.84, 129.6, 259.2, 259.2]),
        (0.5, [103.68, 259.2, 518.4, 518.4]),
        (0.15, [345.6, 864.0, 1_728.0, 1_728.0]),
        (0.10, [518.4, 1_296.0, 2_592.0, 2_592.0]),
        (0.05, [1_036.8, 2_592.0, 5_184.0, 5_184.0]),
        (0.02, [2_592.0, 6_480.0, 12_960.0, 12_960.0]),
        (0.01, [NEVER, 12_960.0, 25_920.0, 25_920.0]),
        (0.005, [NEVER, NEVER, 51_840.0, 51_840.0]),
        (0.002, [NEVER, NEVER, NEVER, 129_600.0]),
    ];
    for (ratio, row) in printed {
        for (arm, expected_s) in thirty_days().iter().zip(row) {
            let found_s = detection_s(arm, ratio).unwrap_or(NEVER);
            let same = found_s == expected_s || (found_s - expected_s).abs() < 0.005;
            assert!(same, "{ratio} at {}: {found_s} for {expected_s}", arm.factor.as_f64());
        }
    }
}

#[test]
fn budget_spent_at_fire() {
    let spent = |arm: &Arm| arm.factor.as_f64() * arm.long.ms() as f64 / 1e3 / WINDOW_S;
    let percent: Vec<f64> =
        thirty_days().iter().map(|arm| (spent(arm) * 1e4).round() / 100.0).collect();
    assert_eq!(percent, [2.0, 5.0, 10.0, 10.0]);
}

/// Rounded up, as a rule that is looked at every second sees it.
#[test]
fn reset_times() {
    let [fast, slow, _, longest] = thirty_days()[..] else { panic!("four arms") };
    let up = |s: f64| s.ceil();
    assert_eq!(up(reset_s(fast.short, 14.4, 0.15)), 272.0);
    assert_eq!(up(reset_s(fast.short, 14.4, 1.0)), 296.0);
    assert_eq!(up(reset_s(slow.short, 6.0, 1.0)), 1_790.0);
    assert_eq!(up(reset_s(longest.short, 1.0, 1.0)), 21_579.0);
    let long_alone = |ratio| 3_600.0 - detection_s(&fast, ratio).expect("it fires");
    assert_eq!(up(long_alone(0.15)), 3_255.0);
    assert_eq!(up(long_alone(1.0)), 3_549.0);
}

/// Targets at or below 1 − 1/factor.
#[test]
fn unreachable_factors() {
    let bound = |factor: f64| ((1.0 - 1.0 / factor) * 1e4).round() / 100.0;
    let printed = [(14.4, 93.06), (14.0, 92.86), (13.44, 92.56), (7.0, 85.71), (6.0, 83.33)];
    let more = [(5.6, 82.14), (3.0, 66.67), (2.8, 64.29), (2.0, 50.0)];
    for (factor, percent) in printed.into_iter().chain(more) {
        assert_eq!(bound(factor), percent);
        let (below, above) = (percent / 100.0 - 0.001, percent / 100.0 + 0.001);
        assert!(!reachable(Factor::new(factor), target((below * 1e4).round() / 1e4)));
        assert!(reachable(Factor::new(factor), target((above * 1e4).round() / 1e4)));
    }
}

/// Table 5-4: time to exhaustion by burn.
#[test]
fn exhaustion() {
    let days = |burn: f64| WINDOW_S / burn / 86_400.0;
    assert_eq!((days(1.0), days(2.0), days(10.0)), (30.0, 15.0, 3.0));
    assert!((days(1_000.0) * 1_440.0 - 43.2).abs() < 1e-9);
}
