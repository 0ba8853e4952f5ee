use super::*;

fn target(fraction: f64) -> Target {
    Target::from_fraction(fraction).expect("in range")
}

/// What is allowed over so many days, in milliseconds.
fn ms(fraction: f64, days: u32) -> u64 {
    downtime_us(target(fraction), Minutes(days * 1_440)) / 1_000
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// The practice's figures for 30 days: 432, 216, 43.2, 21.6 and 4.32 min, 25.9 s.
#[test]
fn slo_09_allowed_downtime_over_30_days() {
    let allowed = [0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999].map(|share| ms(share, 30));
    let figures = [432 * MINUTE, 216 * MINUTE, 2_592_000, 1_296_000, 259_200, 25_920];
    assert_eq!(allowed, figures);
}

/// The practice's figures for a year: 3.65 d, 8.76 h, 4.38 h, 52.6 min, 5.26 min.
#[test]
fn slo_09_allowed_downtime_over_a_year() {
    assert_eq!(ms(0.99, 365) * 100, 365 * 24 * HOUR);
    assert_eq!([0.999, 0.9995].map(|share| ms(share, 365) * 100), [876 * HOUR, 438 * HOUR]);
    let minutes = [0.9999, 0.99999].map(|share| ms(share, 365) * 1_000);
    assert_eq!(minutes, [52_560 * MINUTE, 5_256 * MINUTE]);
}

#[test]
fn slo_10_a_budget_is_one_minus_the_target_of_the_window() {
    assert_eq!(ms(0.999, 30) * 1_000, 30 * 24 * HOUR);
    assert_eq!(failures_per_million(target(0.999)), 1_000.0);
    assert_eq!(failures_per_million(target(0.999_999_9)), 0.1);
}

/// Z-02: a month is the window that is asked for. 28, 30 and 31 days differ, and none is a constant.
#[test]
fn z_02_the_figures_follow_the_window() {
    assert_eq!([28, 30, 31].map(|days| ms(0.999, days)), [2_419_200, 2_592_000, 2_678_400]);
    let longest = Minutes(u32::MAX);
    assert_eq!(downtime_us(target(0.5), longest), u64::from(u32::MAX) * 30_000_000);
}

#[test]
fn slo_08_each_further_nine_leaves_a_tenth_of_the_budget() {
    assert_eq!(shrinks(target(0.999), target(0.9999)), 10.0);
    assert_eq!(shrinks(target(0.999), target(0.9995)), 2.0);
    assert_eq!(shrinks(target(0.9995), target(0.999)), 0.5);
}
