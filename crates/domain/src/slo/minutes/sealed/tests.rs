use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn every_part_of_a_packed_day_is_what_it_was(
        minutes in prop::collection::btree_map(0_usize..1_440, any::<u64>(), 0..40),
        whole in any::<bool>(),
        from in 0_usize..1_440,
        len in 0_usize..1_440,
    ) {
        let mut day = OpenDay::default();
        for (slot, units) in &minutes {
            // Sums are taken, so that single ones may be as large as a quarter of what fits.
            let units = if whole { units % 1_000 * PER_EVENT } else { units / 64 };
            let units = u128::from(units);
            day.put(*slot, Counted { units: Units(units), inferred: Units(units / 3) });
        }
        let slots = from..(from + len).min(1_440);
        let packed = SealedDay::of(&day);
        let part = packed.part(slots.clone(), Edge::Share);
        let sum = slots.clone().map(|slot| day.at(slot)).fold(Counted::default(), Counted::plus);
        prop_assert_eq!(part.counted, sum);
        prop_assert_eq!(packed.busiest(slots.clone(), Units(0)), busiest(&day, &slots));
        prop_assert!(!part.aligned);
        let whole_hours = slots.start / 60 * 60..slots.end.div_ceil(60) * 60;
        let hours = packed.hours_only();
        let all = packed.part(whole_hours.clone(), Edge::Share).counted;
        prop_assert_eq!(hours.part(whole_hours.clone(), Edge::Share).counted, all);
        let part = hours.part(slots.clone(), Edge::Share);
        prop_assert!(part.counted.units <= all.units);
        let most = hours.busiest(slots.clone(), Units(0));
        prop_assert!(most >= busiest(&day, &slots));
        prop_assert_eq!(packed.busiest(slots.clone(), most), most);
        prop_assert_eq!(part.aligned, !slots.is_empty() && whole_hours != slots);
    }
}

fn busiest(day: &OpenDay, slots: &Range<usize>) -> Units {
    slots.clone().map(|slot| day.at(slot).units).max().unwrap_or_default()
}

/// Minutes of a busy service and of its failures: no more than a byte each, and half of one.
#[test]
fn a_packed_day_is_small() {
    let length = |events: fn(u64) -> u64| {
        let mut day = OpenDay::default();
        for slot in 0..1_440 {
            let units = Units::events(events(slot));
            day.put(slot as usize, Counted { units, inferred: Units(0) });
        }
        let packed = SealedDay::of(&day).minutes.expect("it has minutes");
        packed.iter().map(|hour| hour.units.len()).sum::<usize>()
    };
    assert_eq!(length(|slot| 10_000 + slot * 97 % 256), 24 * (1 + 2 + 60));
    assert_eq!(length(|slot| slot * 7 % 16), 24 * (1 + 1 + 30));
    assert_eq!(length(|_| 3), 24 * 2, "all alike");
}

#[test]
fn what_is_no_packed_hour_reads_without_a_panic() {
    for bytes in [&[0xff; 200][..], &[0x80; 3], &[1], &[200, 1, 2, 3]] {
        unpack(bytes);
    }
}
