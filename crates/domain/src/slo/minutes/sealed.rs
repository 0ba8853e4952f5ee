//! A day of a column that changes no more, packed.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Counted, Edge, OpenDay};
use crate::slo::Units;
use crate::time::{DAY_MINUTES, HOUR_MINUTES};

const HOURS: usize = DAY_MINUTES / HOUR_MINUTES;

/// The minutes of a day, hour by hour; or, when these are no longer kept, its hours alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDay {
    hours: Vec<Counted>,
    minutes: Option<Vec<PackedHour>>,
}

/// Sixty minutes, as [`pack`] writes them. Empty when all are zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct PackedHour {
    units: Box<[u8]>,
    inferred: Box<[u8]>,
}

/// What a sealed day says about a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) counted: Counted,
    /// Only hours are kept at an edge of it.
    pub(super) aligned: bool,
}

impl SealedDay {
    /// Packs a day.
    pub fn of(day: &OpenDay) -> Self {
        let minutes: Vec<PackedHour> = (0..HOURS)
            .map(|hour| {
                let slots = hour * HOUR_MINUTES..(hour + 1) * HOUR_MINUTES;
                PackedHour {
                    units: pack(slots.clone().map(|slot| held(day.at(slot).units))),
                    inferred: pack(slots.map(|slot| held(day.at(slot).inferred))),
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

    /// All of its minutes; none when only its hours are kept.
    pub(super) fn minutes(&self) -> Option<Vec<Counted>> {
        let hours = self.minutes.as_ref()?;
        let mut minutes = Vec::with_capacity(DAY_MINUTES);
        for packed in hours {
            let (units, inferred) = (unpack(&packed.units), unpack(&packed.inferred));
            let counted = |(units, inferred): (u64, u64)| Counted {
                units: Units(units.into()),
                inferred: Units(inferred.into()),
            };
            minutes.extend(units.into_iter().zip(inferred).map(counted));
        }
        Some(minutes)
    }

    /// The sum of some of its minutes. Those of whole hours are added up already; where only hours
    /// are kept, an edge within one is said.
    pub(super) fn part(&self, slots: Range<usize>, edge: Edge) -> Part {
        let mut part = Part::default();
        for (hour, Range { start: from, end: to }) in hours_of(slots) {
            let whole = self.hours.get(hour).copied().unwrap_or_default();
            let counted = if to - from == HOUR_MINUTES {
                whole
            } else if let Some(packed) = self.packed(hour) {
                let (units, inferred) = (unpack(&packed.units), unpack(&packed.inferred));
                let of = |minutes: &[u64]| Units(minutes.iter().copied().map(u128::from).sum());
                Counted { units: of(&units[from..to]), inferred: of(&inferred[from..to]) }
            } else {
                part.aligned = true;
                let begins = from > 0 && to == HOUR_MINUTES;
                let from = if begins && edge == Edge::WholeHour { 0 } else { from };
                share(whole, from..to)
            };
            part.counted = part.counted.plus(counted);
        }
        part
    }

    /// The busiest of some of its minutes, or `most` if none was busier; an hour's sum is the most
    /// that is known of its busiest minute where only hours are kept.
    pub(super) fn busiest(&self, slots: Range<usize>, most: Units) -> Units {
        let mut busiest = most;
        for (hour, minutes) in hours_of(slots) {
            let whole = self.hours.get(hour).copied().unwrap_or_default();
            // No minute was busier than its hour.
            if whole.units <= busiest {
                continue;
            }
            let most = self.packed(hour).map_or(whole.units, |packed| {
                let units = unpack(&packed.units);
                Units(units[minutes].iter().copied().max().unwrap_or(0).into())
            });
            busiest = busiest.max(most);
        }
        busiest
    }

    fn packed(&self, hour: usize) -> Option<&PackedHour> {
        self.minutes.as_ref()?.get(hour)
    }
}

/// The hours that some minutes of a day touch, each with its minutes among them.
pub(super) fn hours_of(slots: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> {
    let hours = if slots.is_empty() {
        0..0
    } else {
        slots.start / HOUR_MINUTES..slots.end.div_ceil(HOUR_MINUTES)
    };
    hours.map(move |hour| {
        let start = hour * HOUR_MINUTES;
        (hour, slots.start.saturating_sub(start)..(slots.end - start).min(HOUR_MINUTES))
    })
}

/// What some minutes of an hour come to if its events came evenly; those of all its minutes add up.
fn share(hour: Counted, minutes: Range<usize>) -> Counted {
    let up_to = |units: Units, minute: usize| units.0 * minute as u128 / HOUR_MINUTES as u128;
    let of = |units| Units(up_to(units, minutes.end) - up_to(units, minutes.start));
    Counted { units: of(hour.units), inferred: of(hour.inferred) }
}

/// What a minute holds.
fn held(units: Units) -> u64 {
    u64::try_from(units.0).unwrap_or(u64::MAX)
}

/// Marks an hour whose minutes hold whole events, and are packed as such.
const WHOLE: u8 = 0x80;
const PER_EVENT: u64 = Units::PER_EVENT as u64;

/// Sixty numbers: how many bits each takes, the least of them as a varint, and what each is above
/// that, in so many bits, the lowest bit first.
fn pack(minutes: impl Iterator<Item = u64> + Clone) -> Box<[u8]> {
    if minutes.clone().all(|units| units == 0) {
        return Box::default();
    }
    let whole = minutes.clone().all(|units| units.is_multiple_of(PER_EVENT));
    let scale = if whole { PER_EVENT } else { 1 };
    let minutes = minutes.map(|units| units / scale);
    let least = minutes.clone().min().unwrap_or(0);
    let above = minutes.map(|number| number - least);
    let width = u64::BITS - above.clone().max().unwrap_or(0).leading_zeros();
    let mut bytes = vec![width as u8 | if whole { WHOLE } else { 0 }];
    put_varint(&mut bytes, least);
    let (mut bits, mut held) = (0_u128, 0);
    for number in above {
        bits |= u128::from(number) << held;
        held += width;
        while held >= 8 {
            bytes.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    }
    if held > 0 {
        bytes.push(bits as u8);
    }
    bytes.into_boxed_slice()
}

/// Bytes that are not sixty packed numbers read as zeros from where they end: their checksum was
/// held against them before.
fn unpack(bytes: &[u8]) -> [u64; HOUR_MINUTES] {
    let mut minutes = [0; HOUR_MINUTES];
    let mut rest = bytes.iter();
    let Some(head) = rest.next() else { return minutes };
    let scale = if head & WHOLE == 0 { 1 } else { PER_EVENT };
    let width = u32::from(head & !WHOLE).min(u64::BITS);
    let Some(least) = take_varint(&mut rest) else { return minutes };
    let (mut bits, mut held) = (0_u128, 0);
    for minute in &mut minutes {
        while held < width {
            let Some(byte) = rest.next() else { return minutes };
            bits |= u128::from(*byte) << held;
            held += 8;
        }
        let above = (bits & ((1 << width) - 1)) as u64;
        *minute = least.wrapping_add(above).wrapping_mul(scale);
        bits >>= width;
        held -= width;
    }
    minutes
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take_varint<'a>(bytes: &mut impl Iterator<Item = &'a u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests;
