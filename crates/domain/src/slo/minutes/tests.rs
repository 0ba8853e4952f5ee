use proptest::prelude::*;

use super::*;

fn span(from: i64, to: i64) -> Span {
    Span { from: Minute(from), to: Minute(to) }
}

proptest! {
    /// Block totals and partial blocks agree with adding minute by minute.
    #[test]
    fn sums_equal_brute_force(
        adds in prop::collection::vec((-400_i64..400, 0_u64..1_000, any::<bool>()), 0..200),
        from in -450_i64..450,
        len in 0_i64..600,
    ) {
        let mut column = Column::default();
        let mut naive = std::collections::BTreeMap::<i64, (u64, u64)>::new();
        for (minute, units, inferred) in adds {
            let cell = naive.entry(minute).or_default();
            cell.0 += units;
            if inferred {
                cell.1 += units;
                column.add_inferred(Minute(minute), Units(units));
            } else {
                column.add(Minute(minute), Units(units));
            }
        }
        let within: Vec<_> = naive.range(from..from + len).map(|(_, cell)| *cell).collect();
        let sum = column.sum(span(from, from + len));
        prop_assert_eq!(sum.units.0, within.iter().map(|c| c.0).sum::<u64>());
        prop_assert_eq!(sum.inferred.0, within.iter().map(|c| c.1).sum::<u64>());
        let busiest = within.iter().map(|c| c.0).max().unwrap_or(0);
        prop_assert_eq!(column.busiest(span(from, from + len)).0, busiest);
    }

    /// Covered and missing shares agree with a model of single minutes.
    #[test]
    fn coverage_equals_brute_force(
        marks in prop::collection::vec((0_i64..300, 1_i64..200, 0_u8..3), 0..40),
        from in -5_i64..10,
        len in 0_i64..300,
    ) {
        let mut coverage = Coverage::default();
        let mut naive = std::collections::BTreeMap::<i64, [u64; 3]>::new();
        for (start, length, kind) in marks {
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
fn a_fresh_column_has_no_last_minute() {
    let mut column = Column::default();
    assert_eq!(column.last(), None);
    column.add(Minute(-1), Units(5));
    assert_eq!(column.last(), Some(Minute(-1)));
}
