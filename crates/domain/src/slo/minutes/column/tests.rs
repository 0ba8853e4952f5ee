use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::NothingArchived;
use super::*;
use crate::slo::tally::Fingerprint;

const EDGE: Edge = Edge::WholeHour;

fn cell() -> CellKey {
    let fingerprint = Fingerprint::try_from("00".repeat(16)).expect("32 digits");
    CellKey { tally: fingerprint, channel: fingerprint, group: 0 }
}

/// The days that were put away.
#[derive(Default)]
struct Shelf(BTreeMap<Day, Arc<SealedDay>>);

impl Archive for Shelf {
    fn day(&self, _: CellKey, day: Day) -> Option<Arc<SealedDay>> {
        self.0.get(&day).cloned()
    }
}

fn span(from: i64, to: i64) -> Span {
    Span { from: Minute(from), to: Minute(to) }
}

proptest! {
    /// Day totals, parts of days, days put away and corrections agree with adding minute by minute.
    #[test]
    fn sums_equal_brute_force(
        adds in prop::collection::vec((-4_000_i64..4_000, 0_u128..1_000, any::<bool>()), 0..200),
        sealed in -4_500_i64..2_000,
        from in -4_500_i64..4_500,
        len in 0_i64..6_000,
    ) {
        let mut column = Column::default();
        let mut shelf = Shelf::default();
        let mut naive = BTreeMap::<i64, (u128, u128, u128)>::new();
        for (turn, (minute, units, inferred)) in adds.iter().enumerate() {
            if turn == adds.len() / 2 {
                for (day, packed) in column.ripe(Minute(sealed)) {
                    shelf.0.insert(day, Arc::new(packed));
                    column.put_away(day);
                }
            }
            let sealed = if turn < adds.len() / 2 { i64::MIN } else { sealed };
            let inferred = if *inferred { *units } else { 0 };
            let held = naive.entry(*minute).or_default();
            *held = (held.0 + units, held.1 + inferred, held.2);
            if *minute < sealed {
                held.2 += units;
            }
            let counted = Counted { units: Units(*units), inferred: Units(inferred) };
            column.add(Minute(*minute), counted, Minute(sealed));
        }
        let within: Vec<_> = naive.range(from..from + len).map(|(_, held)| *held).collect();
        let sum = column.sum(span(from, from + len), Edge::Share, cell(), &shelf);
        prop_assert_eq!(sum.counted.units.0, within.iter().map(|c| c.0).sum::<u128>());
        prop_assert_eq!(sum.counted.inferred.0, within.iter().map(|c| c.1).sum::<u128>());
        prop_assert_eq!(sum.corrected.0, within.iter().map(|c| c.2).sum::<u128>());
        let busiest = within.iter().map(|c| c.0 - c.2).max().unwrap_or(0);
        let read = column.busiest(span(from, from + len), cell(), &shelf);
        prop_assert_eq!(read.0, busiest);
        prop_assert_eq!((sum.aligned, sum.lost_minutes), (false, 0));
    }
}

#[test]
fn minutes_that_cannot_be_read_are_said_to_be_lost() {
    let mut column = Column::default();
    let events = Counted { units: Units(7), inferred: Units(0) };
    column.add(Minute(10), events, Minute(i64::MIN));
    column.put_away(Day(0));
    let part = column.sum(span(0, 100), EDGE, cell(), &NothingArchived);
    assert_eq!((part.counted.units, part.lost_minutes), (Units(0), 100));
    let whole = column.sum(span(0, 1_440), EDGE, cell(), &NothingArchived);
    assert_eq!((whole.counted.units, whole.lost_minutes), (Units(7), 0), "totals stay");
}

#[test]
fn what_is_forgotten_is_gone() {
    let mut column = Column::default();
    let events = Counted { units: Units(7), inferred: Units(0) };
    for minute in [10, 1_500, 3_000] {
        column.add(Minute(minute), events, Minute(i64::MIN));
    }
    column.add(Minute(20), events, Minute(100));
    column.forget_before(Day(1));
    let sum = column.sum(span(0, 10_000), EDGE, cell(), &NothingArchived);
    assert_eq!((sum.counted.units, sum.corrected), (Units(14), Units(0)));
}

/// Ten events a minute, one minute with thirty; of the day only hours are kept.
fn hours_kept() -> (Column, Shelf) {
    let mut column = Column::default();
    for minute in 0..1_440 {
        let events = Units::events(if minute == 100 { 30 } else { 10 });
        column.add(Minute(minute), Counted { units: events, inferred: Units(0) }, Minute(0));
    }
    let ripe = column.ripe(Minute(1_440));
    let shelf = ripe.into_iter().map(|(day, packed)| (day, Arc::new(packed.hours_only())));
    column.put_away(Day(0));
    (column, Shelf(shelf.collect()))
}

#[test]
fn where_hours_are_kept_runs_side_by_side_add_up_to_them() {
    let (column, shelf) = hours_kept();
    let of = |from, to| column.sum(span(from, to), Edge::Share, cell(), &shelf).counted.units;
    assert_eq!(of(0, 1), Units::events(10));
    for step in [1, 7, 60, 90] {
        let parts = (0..1_200).step_by(step).map(|from| of(from, (from + step as i64).min(1_200)));
        assert_eq!(parts.sum::<Units>(), of(0, 1_200), "steps of {step}");
    }
}

#[test]
fn where_hours_are_kept_a_window_begins_at_a_whole_one_and_ends_where_it_ends() {
    let (column, shelf) = hours_kept();
    let sum = column.sum(span(150, 210), Edge::WholeHour, cell(), &shelf);
    assert_eq!(sum.counted.units, Units::events(600 + 300));
    assert!(sum.aligned);
}

#[test]
fn where_hours_are_kept_no_minute_was_busier_than_the_days_busiest() {
    let (column, shelf) = hours_kept();
    assert_eq!(column.busiest(span(30, 1_000), cell(), &shelf), Units::events(30));
}

#[test]
fn a_correction_holds_no_more_than_a_minute_does() {
    let mut column = Column::default();
    let huge = Counted { units: Units(u128::MAX), inferred: Units(0) };
    column.add(Minute(10), huge, Minute(100));
    column.add(Minute(200), huge, Minute(100));
    let of = |from, to| column.sum(span(from, to), EDGE, cell(), &NothingArchived).counted.units;
    assert_eq!(of(0, 100), of(100, 300));
}

#[test]
fn an_hour_holds_what_its_minutes_do() {
    let mut column = Column::default();
    let large = Counted { units: Units(u128::from(u64::MAX / 2)), inferred: Units(7) };
    for minute in [60, 61, 62, 119] {
        column.add(Minute(minute), large, Minute(i64::MIN));
    }
    let sum = column.sum(span(60, 120), EDGE, cell(), &NothingArchived).counted;
    assert_eq!((sum.units.0, sum.inferred), (4 * large.units.0, Units(28)));
}
