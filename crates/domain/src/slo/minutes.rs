//! Minute sums: what a channel counted, and how well a tally was covered, minute by minute.
//!
//! Minutes are packed in blocks of 128 that carry their own totals, so a window of 90 days is the
//! sum of about a thousand block totals and at most two partial blocks. Everything is an integer
//! and totals change together with their minutes: sums never drift.

use std::collections::BTreeMap;

use super::Units;
use crate::time::{MINUTE_MS, Minute};

const BLOCK: usize = 128;

/// One part in a million, the unit of shares of a minute.
pub const PPM: u64 = 1_000_000;

/// A run of minutes: from the first to before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first minute.
    pub from: Minute,
    /// The minute after the last.
    pub to: Minute,
}

impl Span {
    /// Minutes in it.
    pub fn len(self) -> u64 {
        u64::try_from(self.to.0 - self.from.0).unwrap_or(0)
    }

    /// Whether it holds no minute.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// The blocks it touches, each with the slots within it.
    fn blocks(self) -> impl Iterator<Item = (i64, std::ops::Range<usize>)> {
        let size = BLOCK as i64;
        let last = if self.is_empty() { self.from.0 } else { self.to.0 };
        (self.from.0.div_euclid(size)..(last + size - 1).div_euclid(size)).map(move |block| {
            let slot = |minute: i64| (minute - block * size).clamp(0, size) as usize;
            (block, slot(self.from.0)..slot(last))
        })
    }
}

fn place(minute: Minute) -> (i64, usize) {
    let size = BLOCK as i64;
    (minute.0.div_euclid(size), minute.0.rem_euclid(size) as usize)
}

/// What one channel counted.
#[derive(Debug, Clone, Default)]
pub struct Column {
    blocks: BTreeMap<i64, Box<CountBlock>>,
}

#[derive(Debug, Clone)]
struct CountBlock {
    units: [u64; BLOCK],
    inferred: [u64; BLOCK],
    total: Counted,
    busiest: u64,
}

impl Default for CountBlock {
    fn default() -> Self {
        let empty = [0; BLOCK];
        Self { units: empty, inferred: empty, total: Counted::default(), busiest: 0 }
    }
}

/// Units of a run of minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// All of them.
    pub units: Units,
    /// Those among them that were inferred over a gap.
    pub inferred: Units,
}

impl Counted {
    /// Those seen when they happened.
    pub fn measured(self) -> Units {
        self.units.minus(self.inferred)
    }

    fn add(&mut self, units: u64, inferred: u64) {
        self.units = self.units.plus(Units(units));
        self.inferred = self.inferred.plus(Units(inferred));
    }
}

impl Column {
    /// Counts units in a minute.
    pub fn add(&mut self, minute: Minute, units: Units) {
        self.put(minute, units, Units(0));
    }

    /// Counts units in a minute that are known only as part of a gap.
    pub fn add_inferred(&mut self, minute: Minute, units: Units) {
        self.put(minute, units, units);
    }

    fn put(&mut self, minute: Minute, units: Units, inferred: Units) {
        let (block, slot) = place(minute);
        let block = self.blocks.entry(block).or_default();
        block.units[slot] = block.units[slot].saturating_add(units.0);
        block.inferred[slot] = block.inferred[slot].saturating_add(inferred.0);
        block.total.add(units.0, inferred.0);
        block.busiest = block.busiest.max(block.units[slot]);
    }

    /// The sum of a run of minutes.
    pub fn sum(&self, span: Span) -> Counted {
        let mut sum = Counted::default();
        for (number, slots) in span.blocks() {
            let Some(block) = self.blocks.get(&number) else { continue };
            if slots.len() == BLOCK {
                sum.add(block.total.units.0, block.total.inferred.0);
            } else {
                slots.for_each(|slot| sum.add(block.units[slot], block.inferred[slot]));
            }
        }
        sum
    }

    /// The largest minute of a run.
    pub fn busiest(&self, span: Span) -> Units {
        let of_block = |(number, slots): (i64, std::ops::Range<usize>)| {
            let block = self.blocks.get(&number)?;
            if slots.len() == BLOCK {
                Some(block.busiest)
            } else {
                block.units[slots].iter().copied().max()
            }
        };
        Units(span.blocks().filter_map(of_block).max().unwrap_or(0))
    }

    /// The last minute that holds anything.
    pub fn last(&self) -> Option<Minute> {
        let (number, block) = self.blocks.last_key_value()?;
        let slot = block.units.iter().rposition(|units| *units > 0).unwrap_or(0);
        Some(Minute(number * BLOCK as i64 + slot as i64))
    }
}

/// How well a tally was covered.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    blocks: BTreeMap<i64, Box<CoverageBlock>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// Instance-milliseconds between two accepted samples.
    covered_ms: u32,
    /// Instance-milliseconds of gaps whose events are known (bridged without a reset).
    bridged_ms: u32,
    /// Instance-milliseconds in which an instance should have been seen.
    expected_ms: u32,
}

#[derive(Debug, Clone)]
struct CoverageBlock {
    cells: [Cell; BLOCK],
    total: Covered,
}

impl Default for CoverageBlock {
    fn default() -> Self {
        let total = Covered { covered_ppm: 0, missing_ppm: BLOCK as u64 * PPM };
        Self { cells: [Cell::default(); BLOCK], total }
    }
}

/// How well a run of minutes was covered, in millionths of a minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covered {
    /// The share that lies between two accepted samples.
    pub covered_ppm: u64,
    /// The share of which nothing is known: neither covered nor bridged.
    pub missing_ppm: u64,
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
}

/// What a stretch of time says about coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// It lies between two accepted samples of an instance.
    Covered,
    /// It is a gap whose events are known.
    Bridged,
    /// An instance should have been seen.
    Expected,
    /// An instance turned out not to be expected after all.
    Unexpected,
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
        let (block, slot) = place(minute);
        let block = self.blocks.entry(block).or_default();
        let before = block.cells[slot].covered();
        let cell = &mut block.cells[slot];
        match stretch {
            Stretch::Covered => cell.covered_ms = cell.covered_ms.saturating_add(ms),
            Stretch::Bridged => cell.bridged_ms = cell.bridged_ms.saturating_add(ms),
            Stretch::Expected => cell.expected_ms = cell.expected_ms.saturating_add(ms),
            Stretch::Unexpected => cell.expected_ms = cell.expected_ms.saturating_sub(ms),
        }
        let after = cell.covered();
        let total = &mut block.total;
        total.covered_ppm = total.covered_ppm + after.covered_ppm - before.covered_ppm;
        total.missing_ppm = total.missing_ppm + after.missing_ppm - before.missing_ppm;
    }

    /// The sum over a run of minutes; minutes never marked are missing.
    pub fn sum(&self, span: Span) -> Covered {
        let mut sum = Covered::default();
        for (number, slots) in span.blocks() {
            let of_run = match self.blocks.get(&number) {
                None => Covered { covered_ppm: 0, missing_ppm: slots.len() as u64 * PPM },
                Some(block) if slots.len() == BLOCK => block.total,
                Some(block) => {
                    block.cells[slots].iter().map(|c| c.covered()).fold(Covered::default(), plus)
                }
            };
            sum = plus(sum, of_run);
        }
        sum
    }
}

fn plus(a: Covered, b: Covered) -> Covered {
    Covered {
        covered_ppm: a.covered_ppm + b.covered_ppm,
        missing_ppm: a.missing_ppm + b.missing_ppm,
    }
}

#[cfg(test)]
mod tests;
