//! What one channel of one group counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::days::Days;
use super::sealed::{Part, hours_of};
use super::{Archive, CellKey, Counted, Edge, SealedDay, Span};
use crate::slo::Units;
use crate::time::{DAY_MINUTES, Day, HOUR_MINUTES, Minute};

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
    /// Its hours, added up, so that a part of it costs no more than two of them.
    hours: Vec<Held>,
}

/// The sum of a run of minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// What was counted, corrections among it.
    pub counted: Counted,
    /// What was added to minutes after they were sealed.
    pub corrected: Units,
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
        let held = Held::of(counted);
        add(&mut self.units, held.units);
        add(&mut self.inferred, held.inferred);
        let hour = slot / HOUR_MINUTES;
        if self.hours.len() <= hour {
            self.hours.resize(hour + 1, Held::default());
        }
        let of_hour = &mut self.hours[hour];
        of_hour.units = of_hour.units.saturating_add(held.units);
        of_hour.inferred = of_hour.inferred.saturating_add(held.inferred);
        self.units.get(slot).copied().unwrap_or(0)
    }

    fn part(&self, slots: std::ops::Range<usize>) -> Part {
        let within = |minutes: &[u64], slots: std::ops::Range<usize>| {
            let end = slots.end.min(minutes.len());
            let minutes = &minutes[slots.start.min(end)..end];
            Units(minutes.iter().copied().map(u128::from).sum())
        };
        let mut counted = Counted::default();
        for (hour, minutes) in hours_of(slots) {
            let Some(whole) = self.hours.get(hour) else { break };
            // An hour that is full to the brim holds less than its minutes.
            counted = counted.plus(if minutes.len() == HOUR_MINUTES && whole.units < u64::MAX {
                whole.counted()
            } else {
                let start = hour * HOUR_MINUTES;
                let slots = start + minutes.start..start + minutes.end;
                let units = within(&self.units, slots.clone());
                Counted { units, inferred: within(&self.inferred, slots) }
            });
        }
        Part { counted, aligned: false }
    }

    fn busiest(&self, slots: std::ops::Range<usize>) -> Units {
        let end = slots.end.min(self.units.len());
        let minutes = &self.units[slots.start.min(end)..end];
        Units(minutes.iter().copied().max().unwrap_or(0).into())
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
                Part { counted: slot.total.counted(), aligned: false }
            } else if slot.total == Held::default() {
                continue;
            } else if let Some(open) = &slot.open {
                open.part(slots)
            } else if let Some(sealed) = archive.day(cell, day) {
                sealed.part(slots, edge)
            } else {
                sum.lost_minutes += slots.len() as u64;
                continue;
            };
            sum.counted = sum.counted.plus(part.counted);
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

    /// The busiest minute of a run, corrections left out. Of days of which only a part lies in it
    /// the minutes are looked at only if one of them may be busier than all others.
    pub fn busiest(&self, span: Span, cell: CellKey, archive: &dyn Archive) -> Units {
        let held =
            || span.days().filter_map(|(day, slots)| Some((day, slots, self.days.get(day)?)));
        let whole = held().filter(|(_, slots, _)| slots.len() == DAY_MINUTES);
        let mut busiest = Units(whole.map(|(_, _, slot)| slot.busiest).max().unwrap_or(0).into());
        for (day, slots, slot) in held().filter(|(_, slots, _)| slots.len() < DAY_MINUTES) {
            let of_day = Units(slot.busiest.into());
            if of_day <= busiest {
                continue;
            }
            if let Some(open) = &slot.open {
                busiest = busiest.max(open.busiest(slots));
            } else if let Some(sealed) = archive.day(cell, day) {
                // No minute of an hour was busier than the day's busiest.
                busiest = sealed.busiest(slots, busiest).min(of_day);
            }
        }
        busiest
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
