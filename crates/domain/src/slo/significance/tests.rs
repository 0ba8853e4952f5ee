use super::*;

/// Exact rational sums of the binomial tail.
#[test]
fn tail_equals_exact_sums() {
    let exact = [
        (1.0, 10.0, 1e-3, 0.009_955_119_790_251_79),
        (2.0, 10.0, 1e-3, 4.476_062_899_304_928e-5),
        (3.0, 50.0, 1e-3, 1.892_165_514_006_133_2e-5),
        (5.0, 1_000.0, 1e-3, 0.003_636_878_029_521_79),
        (14.0, 1_000.0, 1e-3, 4.177_231_429_970_104e-12),
        (3.0, 7_200.0, 1e-3, 0.974_576_793_138_386_2),
        (10.0, 10.0, 0.05, 9.765_625e-14),
    ];
    for (failures, events, rate, tail) in exact {
        let got = binomial_tail(failures, events, rate);
        assert!((got / tail - 1.0).abs() < 1e-9, "{failures} of {events}: {got} v {tail}");
    }
}

#[test]
fn edges_are_certain_or_impossible() {
    assert_eq!(binomial_tail(0.0, 0.0, 1e-3), 1.0);
    assert_eq!(binomial_tail(0.0, 10.0, 1e-3), 1.0);
    assert_eq!(binomial_tail(11.0, 10.0, 1e-3), 0.0);
}

/// Quadrature of the Beta density at 50 digits (mpmath 1.3); Boost's `ibeta` (SciPy 1.17) agrees
/// where it is exact itself.
#[test]
fn tail_holds_for_many_events() {
    let known = [
        (1e7, 1e9, 0.01, 0.500_042_686_700_603),
        (9_999_999.0, 1e9, 0.01, 0.500_169_478_879_295_2),
        (9_990_000.0, 1e9, 0.01, 0.999_260_672_184_253),
        (10_031_465.0, 1e9, 0.01, 8.019_047_860_307_15e-24),
        (1e8, 1e10, 0.01, 0.500_013_498_720_040_3),
        (1e13, 1e15, 0.01, 0.500_000_042_713_094_5),
        (1.000_000_9e13, 1e15, 0.01, 0.002_115_619_997_941_343),
        (1.000_003e13, 1e15, 0.01, 7.521_697_365_716_45e-22),
        (500_000_079_000_000.0, 1e15, 0.5, 2.920_542_215_103_668e-7),
        (1e6, 1e15, 1e-9, 0.500_132_980_761_096_9),
        (1_003_500.0, 1e15, 1e-9, 2.347_072_934_694_578_7e-4),
        (1_020_000.0, 1e15, 1e-9, 1.041_218_709_132_330_3e-88),
        (1_000.0, 1e12, 1e-9, 0.504_205_244_186_523_6),
        (1_300.0, 1e12, 1e-9, 6.887_086_353_195_242e-20),
        (3.0, 1e9, 1e-9, 0.080_301_396_979_424_35),
        (9_800.0, 1e7, 1e-3, 0.977_841_850_877_040_8),
        (10_000.0, 1e7, 1e-3, 0.501_331_804_199_189_2),
        (10_500.0, 1e7, 1e-3, 3.553_266_742_524_032e-7),
        (9_999_990_100.0, 1e10, 0.999_999, 0.159_871_060_156_756_07),
        (0.5, 1_000.0, 1e-3, 0.842_856_476_634_481_2),
        (2.5, 1_000.5, 1e-3, 0.150_924_132_623_475_03),
        (999.75, 1_000.0, 0.999, 0.473_636_504_447_998_25),
    ];
    for (failures, events, rate, tail) in known {
        let got = binomial_tail(failures, events, rate);
        assert!((got / tail - 1.0).abs() < 1e-7, "{failures} of {events}: {got} v {tail}");
    }
}

/// Both ways of summing up meet where one gives way to the other.
#[test]
fn tail_falls_as_failures_grow_and_never_leaves_nought_to_one() {
    for events in [1.0_f64, 40.0, 1e3, 1e6, 2e7, 1e9, 1e12, 1e15, 1e18] {
        for rate in [1e-9, 1e-4, 1e-3, 0.01, 0.3, 0.5, 0.999, 1.0 - 1e-9] {
            let (mean, spread) = (events * rate, (events * rate * (1.0 - rate)).sqrt());
            let mut before = 1.0;
            for step in -400..400 {
                let failures = mean + f64::from(step) * spread / 20.0;
                let tail = binomial_tail(failures, events, rate);
                assert!((0.0..=1.0).contains(&tail), "{failures} of {events}: {tail}");
                let grown = tail > before * (1.0 + 1e-7);
                assert!(!grown, "{failures} of {events} at {rate}: {tail} after {before}");
                before = tail;
            }
        }
    }
}

#[test]
fn tails_too_thin_for_a_number_are_nought() {
    assert_eq!(binomial_tail(2e4, 1e7, 1e-3), 0.0);
    assert_eq!(binomial_tail(1e15, 1e15, 0.5), 0.0);
    assert_eq!(binomial_tail(1.0, 1e15, 0.5), 1.0);
    assert_eq!(binomial_tail(5.0, 10.0, 1.0), 1.0);
}
