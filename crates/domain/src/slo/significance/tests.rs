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
