//! The Site Reliability Workbook's alerts through the fold: never early against the exact formula,
//! and at most a minute and an interval late.

use super::*;
use crate::slo::burn;
use crate::slo::minutes::NothingArchived;
use crate::slo::tally::Part;
use crate::slo::{Budgeting, Target, Window};
use crate::time::{Minutes, instant};

const WARM_S: i64 = 3 * 86_400 + 7_200;
const PER_SECOND: f64 = 10.0;

/// A service that fails at a ratio for a while; its samples arrive at their times.
struct Service {
    fold: Fold,
    interval_s: i64,
    at_s: i64,
    bad: f64,
}

fn target() -> Target {
    Target::from_fraction(0.999).expect("in range")
}

fn arms() -> Vec<burn::Arm> {
    let policy = burn::tests::workbook();
    policy.resolve(&Window::Rolling(Minutes(43_200)), target()).arms
}

impl Service {
    /// Three days without a failure, at 60 s and in the end at the interval.
    fn warm(interval_s: i64) -> Self {
        let of = |code| selector("requests_total", code);
        let indicator = Indicator::ratio(of(None), Part::Bad, of(Some("5..")));
        let mut fold = Fold::default();
        let declarations = declarations([(name("slo"), &indicator)]);
        fold.apply(&declare(&fold, 0, &declarations)).expect("it compiles");
        for code in ["200", "500"] {
            let pairs = [("__name__", "requests_total"), ("code", code)];
            let owned = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
            let labels = Labels::from_pairs(owned).expect("unique");
            let hash = identity(&labels);
            let series = Record::Series { hash, instance: InstanceHash(1), labels };
            fold.apply(&series).expect("it is new");
        }
        let mut service = Self { fold, interval_s: 60, at_s: 0, bad: 0.0 };
        while service.at_s < WARM_S - 1_800 {
            service.pass(0.0);
        }
        service.interval_s = interval_s;
        while service.at_s < WARM_S {
            service.pass(0.0);
        }
        service
    }

    fn again(&self) -> Self {
        let bytes = postcard::to_allocvec(&self.fold).expect("it can be written");
        let read: Fold = postcard::from_bytes(&bytes).expect("it can be read");
        let fold = read.revived(identity).expect("its selectors compile");
        Self { fold, interval_s: self.interval_s, at_s: self.at_s, bad: self.bad }
    }

    /// One interval in which this share of the events fails.
    fn pass(&mut self, ratio: f64) {
        self.at_s += self.interval_s;
        self.bad += ratio * PER_SECOND * self.interval_s as f64;
        let all = PER_SECOND * self.at_s as f64;
        // Sums of a decimal ratio, as a service counts them: in whole millionths.
        let bad = (self.bad * 1e6).round() / 1e6;
        for (series, value) in [(0, all - bad), (1, bad)] {
            let (series, at_ms) = (SeriesNo(series), self.at_s * 1_000);
            self.fold.apply(&Record::Sample { series, at_ms, value }).expect("it is known");
        }
    }

    /// What a sweep sees: which arms fire by the plain rule, without significance.
    fn firing(&self, arms: &[burn::Arm]) -> Vec<bool> {
        let sli = self.fold.sli(&name("slo"), &NothingArchived).expect("declared");
        let reading = sli.read(&Window::Rolling(Minutes(4_320)), instant(self.at_s * 1_000));
        let count = |span| sli.burn_counts(&reading, span);
        let readings = burn::evaluate(arms, target(), 2.0, None, &count);
        readings.iter().map(|reading| reading.firing).collect()
    }

    fn calm(&self, fired: &[burn::Arm]) -> bool {
        let sli = self.fold.sli(&name("slo"), &NothingArchived).expect("declared");
        let reading = sli.read(&Window::Rolling(Minutes(4_320)), instant(self.at_s * 1_000));
        let enough = Budgeting::Occurrences.enough();
        burn::calm(fired, target(), enough, None, &|span| sli.burn_counts(&reading, span))
    }
}

/// By the exact formula: seconds of a constant error ratio until the burn over the long window
/// exceeds the factor; none when it never does.
fn exact_s(arm: &burn::Arm, ratio: f64) -> Option<f64> {
    let share = arm.factor.as_f64() * target().budget_fraction() / ratio;
    (share < 1.0 - 1e-9).then(|| share * f64::from(arm.long.0) * 60.0)
}

/// Feeds a ratio and checks when each arm fires first.
fn check(warm: &Service, ratio: f64) {
    let (mut service, arms) = (warm.again(), arms());
    let exact: Vec<Option<f64>> = arms.iter().map(|arm| exact_s(arm, ratio)).collect();
    let longest_s = exact.iter().flatten().copied().fold(3_660.0, f64::max);
    let late_s = (service.interval_s + 60) as f64;
    let mut first = vec![None; arms.len()];
    let mut passes = 0;
    while ((service.at_s - warm.at_s) as f64) < longest_s + late_s {
        service.pass(ratio);
        let for_s = (service.at_s - warm.at_s) as f64;
        passes += 1;
        let due = exact.iter().flatten().any(|due_s| (due_s - for_s).abs() < 300.0);
        if !due && passes % 16 != 0 {
            continue;
        }
        let firing = service.firing(&arms);
        let newly = first.iter_mut().zip(firing).filter(|(first, fires)| first.is_none() && *fires);
        newly.for_each(|(first, _)| *first = Some(for_s));
    }
    for ((arm, exact), first) in arms.iter().zip(exact).zip(first) {
        let of = format!("{} at {ratio}, every {} s", arm.factor.as_f64(), service.interval_s);
        match (exact, first) {
            (None, first) => assert_eq!(first, None, "{of} never fires"),
            (Some(exact_s), None) => panic!("{of}: due after {exact_s} s"),
            (Some(exact_s), Some(first_s)) => {
                assert!(first_s > exact_s, "{of}: {first_s} is before {exact_s}");
                assert!(first_s <= exact_s + late_s, "{of}: {first_s} for {exact_s}");
            }
        }
    }
}

#[test]
fn constant_ratios_fire_never_early_and_a_minute_and_an_interval_late_at_most() {
    for interval_s in [15, 60] {
        let warm = Service::warm(interval_s);
        for ratio in [1.0, 0.5, 0.15, 0.1, 0.05, 0.02, 0.01] {
            check(&warm, ratio);
        }
    }
}

#[test]
fn slow_ratios_fire_in_time_too() {
    let warm = Service::warm(60);
    [0.005, 0.002].into_iter().for_each(|ratio| check(&warm, ratio));
}

/// A ratio of exactly factor × budget does not exceed it.
#[test]
fn a_ratio_on_the_boundary_never_fires() {
    let warm = Service::warm(60);
    for ratio in [0.0144, 0.006] {
        check(&warm, ratio);
    }
}

/// §3.4's scenario: all fails for ten minutes. Each arm is silent again when its short window is,
/// the alert is closed after five calm minutes.
#[test]
fn arms_reset_with_their_short_windows_and_the_page_closes_in_five_minutes() {
    let (mut service, arms) = (Service::warm(15), arms());
    while service.at_s < WARM_S + 600 {
        service.pass(1.0);
    }
    let page: Vec<burn::Arm> =
        arms.iter().filter(|arm| arm.severity == burn::Severity::Page).copied().collect();
    let (mut silent, mut closed) = (vec![None; arms.len()], None);
    assert_eq!(service.firing(&arms), [true; 4]);
    while service.at_s < WARM_S + 600 + 21_800 {
        service.pass(0.0);
        let for_s = service.at_s - WARM_S - 600;
        let near = [296, 1_790, 7_179, 21_579].iter().any(|s| (for_s - s).abs() < 150);
        if !near {
            continue;
        }
        let firing = service.firing(&arms);
        let newly =
            silent.iter_mut().zip(firing).filter(|(silent, fires)| silent.is_none() && !fires);
        newly.for_each(|(silent, _)| *silent = Some(for_s));
        if closed.is_none() && service.calm(&page) {
            closed = Some(for_s);
        }
    }
    for (exact_s, silent) in [296, 1_790, 7_179, 21_579].into_iter().zip(silent) {
        let silent_s = silent.expect("it was silent in the end");
        assert!((exact_s..=exact_s + 75).contains(&silent_s), "{silent_s} for {exact_s}");
    }
    let closed_s = closed.expect("it closed");
    assert!((300..=375).contains(&closed_s), "closed after {closed_s} s");
}
