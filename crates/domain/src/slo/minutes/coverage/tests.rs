use proptest::prelude::*;

use super::*;

fn span(from: i64, to: i64) -> Span {
    Span { from: Minute(from), to: Minute(to) }
}

proptest! {
    /// Covered and missing shares agree with a model of single minutes.
    #[test]
    fn coverage_equals_brute_force(
        marks in prop::collection::vec((0_i64..300_000, 1_i64..20_000, 0_u8..3), 0..40),
        settled in 0_i64..6_000,
        from in -5_i64..5_000,
        len in 0_i64..3_000,
    ) {
        let mut coverage = Coverage::default();
        let mut naive = std::collections::BTreeMap::<i64, [u64; 3]>::new();
        for (turn, (start, length, kind)) in marks.into_iter().enumerate() {
            if turn % 10 == 9 {
                coverage.settle_before(Minute(settled));
            }
            let stretch = [Stretch::Covered, Stretch::Bridged, Stretch::Expected][kind as usize];
            coverage.mark(start * 1_000, (start + length) * 1_000, stretch);
            for second in start..start + length {
                naive.entry(second.div_euclid(60)).or_default()[kind as usize] += 1_000;
            }
        }
        let mut expect = Covered::default();
        for minute in from..from + len {
            let [covered, bridged, expected] = naive.get(&minute).copied().unwrap_or_default();
            let share = |ms: u64| match expected {
                0 => if ms > 0 { PPM } else { 0 },
                _ => (ms * PPM / expected).min(PPM),
            };
            expect.covered_ppm += share(covered);
            expect.missing_ppm += PPM - share(covered + bridged);
        }
        prop_assert_eq!(coverage.sum(span(from, from + len)), expect);
    }
}

#[test]
fn a_minute_nobody_was_expected_in_is_missing() {
    let coverage = Coverage::default();
    assert_eq!(coverage.sum(span(0, 3)), Covered { covered_ppm: 0, missing_ppm: 3 * PPM });
}

#[test]
fn hours_outlive_their_minutes() {
    let mut coverage = Coverage::default();
    for stretch in [Stretch::Expected, Stretch::Covered] {
        coverage.mark(0, 90 * MINUTE_MS, stretch);
    }
    let day = span(0, 1_440);
    let before = coverage.sum(day);
    coverage.retain(Day(1), Day(0));
    assert_eq!(coverage.sum(day), before);
    coverage.mark(0, 1_440 * MINUTE_MS, Stretch::Bridged);
    assert_eq!(coverage.sum(day), before, "what is kept as hours changes no more");
    coverage.retain(Day(1), Day(1));
    assert_eq!(coverage.sum(day).missing_ppm, 1_440 * PPM);
}
