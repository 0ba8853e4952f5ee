//! How well a tally was covered: which share of its instances' time lies between two samples.
//!
//! Coverage may change however old the minute is: a gap of hours is bridged by the sample after it.
//! Hours in which every minute is alike are held as one cell.

use serde::{Deserialize, Serialize};

use super::days::Days;
use super::{PPM, Span};
use crate::time::{DAY_MINUTES, Day, HOUR_MINUTES, MINUTE_MS, Minute};

const HOURS: usize = DAY_MINUTES / HOUR_MINUTES;

/// How well a tally was covered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    days: Days<CoveredDay>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CoveredDay {
    total: Covered,
    hours: Box<[Hour; HOURS]>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Hour {
    Alike(Cell),
    Mixed(Vec<Cell>),
    /// Its minutes are no longer kept.
    Total(Covered),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Cell {
    /// Instance-milliseconds between two accepted samples.
    covered_ms: u32,
    /// Instance-milliseconds of gaps whose events are known (bridged without a reset).
    bridged_ms: u32,
    /// Instance-milliseconds in which an instance should have been seen.
    expected_ms: u32,
}

/// How well a run of minutes was covered, in millionths of a minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The share that lies between two accepted samples.
    pub covered_ppm: u64,
    /// The share of which nothing is known: neither covered nor bridged.
    pub missing_ppm: u64,
}

impl Covered {
    pub(in crate::slo) fn plus(self, other: Self) -> Self {
        Self {
            covered_ppm: self.covered_ppm + other.covered_ppm,
            missing_ppm: self.missing_ppm + other.missing_ppm,
        }
    }

    fn times(self, count: usize) -> Self {
        let count = count as u64;
        Self { covered_ppm: self.covered_ppm * count, missing_ppm: self.missing_ppm * count }
    }
}

/// What a stretch of time says about coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// It lies between two accepted samples of an instance.
    Covered,
    /// It is a gap whose events are known.
    Bridged,
    /// It turned out not to be known after all.
    Unbridged,
    /// An instance should have been seen.
    Expected,
    /// An instance turned out not to be expected after all.
    Unexpected,
}

impl Cell {
    /// A minute in which no instance was expected is a gap, not a perfect minute.
    fn covered(self) -> Covered {
        let share = |ms: u32| match self.expected_ms {
            0 => u64::from(ms > 0) * PPM,
            expected => (u64::from(ms) * PPM / u64::from(expected)).min(PPM),
        };
        let known = share(self.covered_ms.saturating_add(self.bridged_ms));
        Covered { covered_ppm: share(self.covered_ms), missing_ppm: PPM - known }
    }

    fn mark(&mut self, ms: u32, stretch: Stretch) {
        match stretch {
            Stretch::Covered => self.covered_ms = self.covered_ms.saturating_add(ms),
            Stretch::Bridged => self.bridged_ms = self.bridged_ms.saturating_add(ms),
            Stretch::Unbridged => self.bridged_ms = self.bridged_ms.saturating_sub(ms),
            Stretch::Expected => self.expected_ms = self.expected_ms.saturating_add(ms),
            Stretch::Unexpected => self.expected_ms = self.expected_ms.saturating_sub(ms),
        }
    }
}

impl Hour {
    fn at(&self, minute: usize) -> Covered {
        match self {
            Self::Alike(cell) => cell.covered(),
            Self::Mixed(cells) => cells[minute].covered(),
            Self::Total(total) => {
                let per_minute = HOUR_MINUTES as u64;
                Covered {
                    covered_ppm: total.covered_ppm / per_minute,
                    missing_ppm: total.missing_ppm.div_ceil(per_minute),
                }
            }
        }
    }

    fn total(&self) -> Covered {
        match self {
            Self::Alike(cell) => cell.covered().times(HOUR_MINUTES),
            Self::Mixed(cells) => {
                cells.iter().map(|cell| cell.covered()).fold(Covered::default(), Covered::plus)
            }
            Self::Total(total) => *total,
        }
    }

    /// The cell of a minute; none when minutes are no longer kept.
    fn cell_mut(&mut self, minute: usize) -> Option<&mut Cell> {
        if let Self::Alike(cell) = self {
            *self = Self::Mixed(vec![*cell; HOUR_MINUTES]);
        }
        match self {
            Self::Mixed(cells) => cells.get_mut(minute),
            Self::Alike(_) | Self::Total(_) => None,
        }
    }

    fn settle(&mut self) {
        if let Self::Mixed(cells) = self
            && cells.iter().all(|cell| *cell == cells[0])
        {
            *self = Self::Alike(cells[0]);
        }
    }
}

impl Default for CoveredDay {
    fn default() -> Self {
        let empty = Hour::Alike(Cell::default());
        Self {
            total: empty.total().times(HOURS),
            hours: Box::new(std::array::from_fn(|_| empty.clone())),
        }
    }
}

impl CoveredDay {
    fn part(&self, slots: std::ops::Range<usize>) -> Covered {
        if slots.len() == DAY_MINUTES {
            return self.total;
        }
        let mut sum = Covered::default();
        for hour in slots.start / HOUR_MINUTES..slots.end.div_ceil(HOUR_MINUTES) {
            let start = hour * HOUR_MINUTES;
            let (from, to) = (slots.start.max(start), slots.end.min(start + HOUR_MINUTES));
            let hour = &self.hours[hour];
            sum = if to - from == HOUR_MINUTES {
                sum.plus(hour.total())
            } else {
                (from..to).map(|slot| hour.at(slot - start)).fold(sum, Covered::plus)
            };
        }
        sum
    }
}

impl Coverage {
    /// Records a stretch of one instance's time, in Unix milliseconds, split over its minutes.
    pub fn mark(&mut self, from_ms: i64, to_ms: i64, stretch: Stretch) {
        let mut at_ms = from_ms;
        while at_ms < to_ms {
            let minute = Minute::of_ms(at_ms);
            let end_ms = to_ms.min(minute.start_ms() + MINUTE_MS);
            self.mark_within(minute, (end_ms - at_ms) as u32, stretch);
            at_ms = end_ms;
        }
    }

    fn mark_within(&mut self, minute: Minute, ms: u32, stretch: Stretch) {
        let slot = (minute.0 - Day::of(minute).start().0) as usize;
        let day = self.days.make(Day::of(minute));
        let hour = &mut day.hours[slot / HOUR_MINUTES];
        let Some(cell) = hour.cell_mut(slot % HOUR_MINUTES) else { return };
        let before = cell.covered();
        cell.mark(ms, stretch);
        let after = cell.covered();
        let total = &mut day.total;
        total.covered_ppm = total.covered_ppm + after.covered_ppm - before.covered_ppm;
        total.missing_ppm = total.missing_ppm + after.missing_ppm - before.missing_ppm;
    }

    /// The sum over a run of minutes; minutes never marked are missing.
    pub fn sum(&self, span: Span) -> Covered {
        let missing = |slots: std::ops::Range<usize>| Covered {
            covered_ppm: 0,
            missing_ppm: slots.len() as u64 * PPM,
        };
        let of_day = |(day, slots): (Day, std::ops::Range<usize>)| {
            let held = self.days.get(day);
            held.map_or_else(|| missing(slots.clone()), |held| held.part(slots.clone()))
        };
        span.days().map(of_day).fold(Covered::default(), Covered::plus)
    }

    /// Holds the hours before `minute` as briefly as it can.
    pub fn settle_before(&mut self, minute: Minute) {
        let settled = self.days.before_mut(Day::of(minute)).rev();
        // Days long settled are not looked at again: those before the last few are.
        settled.take(4).flat_map(|day| day.hours.iter_mut()).for_each(Hour::settle);
    }

    /// Keeps of the days before `minutes_from` their hours alone, and nothing before `hours_from`.
    pub fn retain(&mut self, minutes_from: Day, hours_from: Day) {
        self.days.forget_before(hours_from);
        for hour in self.days.before_mut(minutes_from).flat_map(|day| day.hours.iter_mut()) {
            *hour = Hour::Total(hour.total());
        }
    }
}

#[cfg(test)]
mod tests;
