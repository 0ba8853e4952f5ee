//! A day of a column that changes no more, packed.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Counted, OpenDay};
use crate::slo::Units;
use crate::time::{DAY_MINUTES, HOUR_MINUTES};

const HOURS: usize = DAY_MINUTES / HOUR_MINUTES;

/// The minutes of a day, hour by hour; or, when these are no longer kept, its hours alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDay {
    hours: Vec<Counted>,
    minutes: Option<Vec<PackedHour>>,
}

/// Sixty minutes: differences from each to the next as zigzag varints. Empty when all are zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct PackedHour {
    units: Box<[u8]>,
    inferred: Box<[u8]>,
}

/// What a sealed day says about a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) counted: Counted,
    pub(super) busiest: u64,
    /// Only hours are kept: the part was widened to whole ones.
    pub(super) aligned: bool,
}

impl SealedDay {
    /// Packs a day.
    pub fn of(day: &OpenDay) -> Self {
        let minutes: Vec<PackedHour> = (0..HOURS)
            .map(|hour| {
                let slots = hour * HOUR_MINUTES..(hour + 1) * HOUR_MINUTES;
                PackedHour {
                    units: pack(slots.clone().map(|slot| day.at(slot).units.0)),
                    inferred: pack(slots.map(|slot| day.at(slot).inferred.0)),
                }
            })
            .collect();
        let hour = |hour: usize| {
            let slots = hour * HOUR_MINUTES..(hour + 1) * HOUR_MINUTES;
            slots.map(|slot| day.at(slot)).fold(Counted::default(), Counted::plus)
        };
        Self { hours: (0..HOURS).map(hour).collect(), minutes: Some(minutes) }
    }

    /// The same day without its minutes.
    pub fn hours_only(&self) -> Self {
        Self { hours: self.hours.clone(), minutes: None }
    }

    /// Whether its minutes are kept.
    pub fn has_minutes(&self) -> bool {
        self.minutes.is_some()
    }

    /// The sum and the busiest minute of some of its minutes.
    pub(super) fn part(&self, slots: Range<usize>) -> Part {
        let mut part = Part::default();
        if slots.is_empty() {
            return part;
        }
        for hour in slots.start / HOUR_MINUTES..slots.end.div_ceil(HOUR_MINUTES) {
            let start = hour * HOUR_MINUTES;
            let from = slots.start.saturating_sub(start);
            let to = (slots.end - start).min(HOUR_MINUTES);
            let whole = self.hours.get(hour).copied().unwrap_or_default();
            let Some(packed) = self.minutes.as_ref().and_then(|hours| hours.get(hour)) else {
                part.counted = part.counted.plus(whole);
                part.busiest = part.busiest.max(whole.units.0);
                part.aligned |= from > 0 || to < HOUR_MINUTES;
                continue;
            };
            let (units, inferred) = (unpack(&packed.units), unpack(&packed.inferred));
            for slot in from..to {
                let counted =
                    Counted { units: Units(units[slot]), inferred: Units(inferred[slot]) };
                part.counted = part.counted.plus(counted);
                part.busiest = part.busiest.max(units[slot]);
            }
        }
        part
    }
}

fn pack(minutes: impl Iterator<Item = u64> + Clone) -> Box<[u8]> {
    if minutes.clone().all(|units| units == 0) {
        return Box::default();
    }
    let mut bytes = Vec::with_capacity(2 * HOUR_MINUTES);
    let mut before = 0_u64;
    for units in minutes {
        let step = units.wrapping_sub(before) as i64;
        let mut zigzag = ((step << 1) ^ (step >> 63)) as u64;
        while zigzag >= 0x80 {
            bytes.push(zigzag as u8 | 0x80);
            zigzag >>= 7;
        }
        bytes.push(zigzag as u8);
        before = units;
    }
    bytes.into_boxed_slice()
}

/// Bytes that are not sixty packed numbers read as zeros from where they end: their checksum was
/// held against them before.
fn unpack(bytes: &[u8]) -> [u64; HOUR_MINUTES] {
    let mut minutes = [0; HOUR_MINUTES];
    let mut rest = bytes.iter();
    let mut before = 0_u64;
    for minute in &mut minutes {
        let (mut zigzag, mut shift) = (0_u64, 0);
        loop {
            let Some(byte) = rest.next() else { return minutes };
            zigzag |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if *byte < 0x80 {
                break;
            }
        }
        let step = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
        before = before.wrapping_add(step as u64);
        *minute = before;
    }
    minutes
}

#[cfg(test)]
mod tests;
