//! What one channel of one group counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::days::Days;
use super::sealed::Part;
use super::{Archive, CellKey, Counted, Edge, SealedDay, Span};
use crate::slo::Units;
use crate::time::{DAY_MINUTES, Day, Minute};

/// Minutes of one channel and group.
///
/// Units for minutes that are sealed already are corrections: kept apart, and part of every sum.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    days: Days<Slot>,
    corrections: BTreeMap<i64, Counted>,
}

/// One day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Slot {
    total: Held,
    busiest: u64,
    /// None when it holds nothing, or was put away.
    open: Option<Box<OpenDay>>,
}

/// [`Counted`] in half the memory, of a minute or a day. What is beyond it (213 million events a
/// second, all day) is not counted; sums of days have no such end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    units: u64,
    inferred: u64,
}

/// The minutes of a day that may still change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenDay {
    /// As many as were needed so far.
    units: Vec<u64>,
    inferred: Vec<u64>,
}

/// The sum of a run of minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// What was counted, corrections among it.
    pub counted: Counted,
    /// What was added to minutes after they were sealed.
    pub corrected: Units,
    /// The largest minute, corrections left out.
    pub busiest: Units,
    /// Only hours are kept at an edge of it.
    pub aligned: bool,
    /// Minutes that were put away and cannot be read.
    pub lost_minutes: u64,
}

/// The minutes of one day of a column, corrections left out.
#[derive(Debug)]
pub enum DayMinutes<'a> {
    /// Nothing was counted in any of them.
    Nothing,
    /// They may still change.
    Open(&'a OpenDay),
    /// They were put away.
    Sealed(Vec<Counted>),
    /// They were put away and cannot be read, or are no longer kept.
    Lost,
}

impl DayMinutes<'_> {
    /// What was seen of some of them when it happened; none when that is not known.
    pub fn measured(&self, slots: std::ops::Range<usize>) -> Option<Units> {
        match self {
            Self::Nothing => Some(Units(0)),
            Self::Open(day) => Some(day.part(slots).counted.measured()),
            Self::Sealed(minutes) => {
                let minutes = minutes.get(slots).unwrap_or_default();
                Some(minutes.iter().map(|minute| minute.measured()).sum())
            }
            Self::Lost => None,
        }
    }
}

impl Held {
    fn counted(self) -> Counted {
        Counted { units: Units(self.units.into()), inferred: Units(self.inferred.into()) }
    }

    fn of(counted: Counted) -> Self {
        let held = |units: Units| u64::try_from(units.0).unwrap_or(u64::MAX);
        Self { units: held(counted.units), inferred: held(counted.inferred) }
    }
}

impl OpenDay {
    pub(super) fn at(&self, slot: usize) -> Counted {
        let of = |minutes: &[u64]| minutes.get(slot).copied().unwrap_or(0);
        Held { units: of(&self.units), inferred: of(&self.inferred) }.counted()
    }

    pub(super) fn put(&mut self, slot: usize, counted: Counted) -> u64 {
        let add = |minutes: &mut Vec<u64>, units: u64| {
            if units == 0 {
                return;
            }
            if minutes.len() <= slot {
                // In steps, so that a day grows a few times and not at every minute.
                minutes.resize((slot + 1).next_multiple_of(180).min(DAY_MINUTES), 0);
            }
            minutes[slot] = minutes[slot].saturating_add(units);
        };
        let Held { units, inferred } = Held::of(counted);
        add(&mut self.units, units);
        add(&mut self.inferred, inferred);
        self.units.get(slot).copied().unwrap_or(0)
    }

    fn part(&self, slots: std::ops::Range<usize>) -> Part {
        let within = |minutes: &[u64]| {
            let end = slots.end.min(minutes.len());
            let start = slots.start.min(end);
            Units(minutes[start..end].iter().copied().map(u128::from).sum())
        };
        let end = slots.end.min(self.units.len());
        let busiest = self.units[slots.start.min(end)..end].iter().copied().max().unwrap_or(0);
        let counted = Counted { units: within(&self.units), inferred: within(&self.inferred) };
        Part { counted, busiest: Units(busiest.into()), aligned: false }
    }
}

impl Column {
    /// Counts units in a minute; in one before `sealed` as a correction.
    pub fn add(&mut self, minute: Minute, counted: Counted, sealed: Minute) {
        if counted == Counted::default() {
            return;
        }
        if minute < sealed {
            let correction = self.corrections.entry(minute.0).or_default();
            *correction = Held::of(correction.plus(counted)).counted();
            return;
        }
        let slot = (minute.0 - Day::of(minute).start().0) as usize;
        let day = self.days.make(Day::of(minute));
        day.total = Held::of(day.total.counted().plus(counted));
        day.busiest = day.busiest.max(day.open.get_or_insert_default().put(slot, counted));
    }

    /// The sum of a run of minutes.
    pub fn sum(&self, span: Span, edge: Edge, cell: CellKey, archive: &dyn Archive) -> Sum {
        let mut sum = Sum::default();
        for (day, slots) in span.days() {
            let Some(slot) = self.days.get(day) else { continue };
            let part = if slots.len() == DAY_MINUTES {
                Part {
                    counted: slot.total.counted(),
                    busiest: Units(slot.busiest.into()),
                    aligned: false,
                }
            } else if slot.total == Held::default() {
                continue;
            } else if let Some(open) = &slot.open {
                open.part(slots)
            } else if let Some(sealed) = archive.day(cell, day) {
                // No minute of an hour was busier than the day's busiest.
                let part = sealed.part(slots, edge);
                Part { busiest: part.busiest.min(Units(slot.busiest.into())), ..part }
            } else {
                sum.lost_minutes += slots.len() as u64;
                continue;
            };
            sum.counted = sum.counted.plus(part.counted);
            sum.busiest = sum.busiest.max(part.busiest);
            sum.aligned |= part.aligned;
        }
        if !span.is_empty() {
            for correction in self.corrections.range(span.from.0..span.to.0).map(|(_, c)| *c) {
                sum.counted = sum.counted.plus(correction);
                sum.corrected = sum.corrected.plus(correction.units);
            }
        }
        sum
    }

    /// The minutes of one day.
    pub fn minutes(&self, day: Day, cell: CellKey, archive: &dyn Archive) -> DayMinutes<'_> {
        let Some(slot) = self.days.get(day).filter(|slot| slot.total != Held::default()) else {
            return DayMinutes::Nothing;
        };
        if let Some(open) = &slot.open {
            return DayMinutes::Open(open);
        }
        let minutes = archive.day(cell, day).and_then(|sealed| sealed.minutes());
        minutes.map_or(DayMinutes::Lost, DayMinutes::Sealed)
    }

    /// Its days before `sealed` whose minutes are still held here, packed.
    pub fn ripe(&self, sealed: Minute) -> Vec<(Day, SealedDay)> {
        let days = self.days.iter().filter(|(day, _)| day.end() <= sealed);
        days.filter_map(|(day, slot)| Some((day, SealedDay::of(slot.open.as_deref()?)))).collect()
    }

    /// Forgets the minutes of a day that is in the archive now; its total stays.
    pub fn put_away(&mut self, day: Day) {
        if let Some(slot) = self.days.get_mut(day) {
            slot.open = None;
        }
    }

    /// Forgets every day before this one, corrections to them included.
    pub fn forget_before(&mut self, day: Day) {
        self.days.forget_before(day);
        self.corrections = self.corrections.split_off(&day.start().0);
    }
}

#[cfg(test)]
mod tests;
