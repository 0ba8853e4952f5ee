//! Native histograms, which both versions write alike (`Histogram` in `prompb/types.proto`).
//!
//! What is checked: Prometheus, "Native histograms", sections "Schema" and "Buckets", and
//! `Histogram.Validate` in its source. Reset hints other than "gauge" are not needed: a histogram
//! that counts is judged by its count.

use std::ops::Range;

use plimsoll_domain::slo::histogram::Bucket;
use plimsoll_domain::telemetry::NewHistogram;

use super::fields::{Field, Fields, Malformed, zigzag, zigzag32};
use crate::STALE_BITS;

/// The schema of custom buckets.
const CUSTOM: i32 = -53;
/// The exponential schemas.
const EXPONENTIAL: std::ops::RangeInclusive<i32> = -4..=8;
/// `RESET_HINT_GAUGE`.
const GAUGE: u64 = 3;

/// How far the buckets of a histogram of floats may differ from its count, relative to it: such
/// histograms are the result of arithmetic, and come out as exact as floats are.
const SUM_TOLERANCE: f64 = 1e-6;

/// Numbers of the fields of `Histogram`.
mod number {
    pub(super) const COUNT_INT: u32 = 1;
    pub(super) const COUNT_FLOAT: u32 = 2;
    pub(super) const SUM: u32 = 3;
    pub(super) const SCHEMA: u32 = 4;
    pub(super) const ZERO_THRESHOLD: u32 = 5;
    pub(super) const ZERO_COUNT_INT: u32 = 6;
    pub(super) const ZERO_COUNT_FLOAT: u32 = 7;
    pub(super) const NEGATIVE_SPANS: u32 = 8;
    pub(super) const NEGATIVE_DELTAS: u32 = 9;
    pub(super) const NEGATIVE_COUNTS: u32 = 10;
    pub(super) const POSITIVE_SPANS: u32 = 11;
    pub(super) const POSITIVE_DELTAS: u32 = 12;
    pub(super) const POSITIVE_COUNTS: u32 = 13;
    pub(super) const RESET_HINT: u32 = 14;
    pub(super) const TIMESTAMP: u32 = 15;
    pub(super) const CUSTOM_VALUES: u32 = 16;
    pub(super) const START_TIMESTAMP: u32 = 17;
}

/// What is wrong with a native histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HistogramFault {
    /// A schema that is neither exponential nor custom.
    #[error("its schema {0} is not known")]
    Schema(i32),
    /// More buckets, spans or bounds than allowed.
    #[error("it has more than {buckets_max} buckets")]
    TooManyBuckets {
        /// How many it may have.
        buckets_max: usize,
    },
    /// Spans that do not fit the counts, or come with counts of the other kind.
    #[error("its spans do not fit its counts")]
    Spans,
    /// Bucket indices that cannot be, or have no custom bound.
    #[error("its spans lead out of the range of buckets")]
    SpanOverflow,
    /// A count below zero, or not a number.
    #[error("it counts less than zero, or not a number")]
    Count,
    /// Buckets that come to another number than its count.
    #[error("its buckets do not add up to its count")]
    Sum,
    /// A zero bucket without a breadth.
    #[error("the breadth of its zero bucket is not a number from zero up")]
    ZeroThreshold,
    /// Custom bounds that do not ascend, or bounds where there are none.
    #[error("its custom bounds are not ascending numbers")]
    Bounds,
    /// Custom buckets beside a zero bucket or negative ones.
    #[error("it has custom buckets, and others besides")]
    CustomAndOthers,
}

/// What a sound histogram says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The series has ended.
    Stale,
    /// It shows a state and counts nothing.
    Gauge,
    /// It counts observations.
    Counter,
}

/// A histogram as written. Its memory serves one histogram after the other.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// Its time, Unix milliseconds.
    pub(super) at_ms: i64,
    /// When it began to count, Unix milliseconds; zero if it does not say.
    pub(super) start_ms: i64,
    count: Number,
    sum: f64,
    schema: i32,
    zero_threshold: f64,
    zero_count: Number,
    negative: Side,
    positive: Side,
    bounds: Vec<f64>,
    reset_hint: u64,
    /// How many spans, counts or bounds may be kept of each.
    buckets_max: usize,
    too_many: bool,
}

/// A count as written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Int(u64),
    Float(f64),
}

impl Default for Number {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl Number {
    fn as_float(self) -> f64 {
        match self {
            Self::Int(count) => count as f64,
            Self::Float(count) => count,
        }
    }
}

/// The buckets of one sign.
#[derive(Debug, Default)]
struct Side {
    /// Offset and length.
    spans: Vec<(i32, u32)>,
    deltas: Vec<i64>,
    counts: Vec<f64>,
    buckets: Vec<Bucket>,
}

impl Raw {
    /// Reads one from its message; of more parts than `buckets_max` the rest is not kept.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        message: Range<usize>,
        buckets_max: usize,
    ) -> Result<(), Malformed> {
        self.clear(buckets_max);
        let mut fields = Fields::of(message);
        while let Some(field) = fields.next(bytes)? {
            self.field(bytes, field)?;
        }
        Ok(())
    }

    /// How many buckets and bounds it brings.
    pub(super) fn size(&self) -> usize {
        let side = |side: &Side| side.deltas.len() + side.counts.len();
        side(&self.negative) + side(&self.positive) + self.bounds.len()
    }

    /// Whether it is sound, and what it says.
    pub(super) fn check(&mut self) -> Result<Meaning, HistogramFault> {
        if self.sum.to_bits() == STALE_BITS {
            return Ok(Meaning::Stale);
        }
        let buckets_max = self.buckets_max;
        if self.too_many {
            return Err(HistogramFault::TooManyBuckets { buckets_max });
        }
        let custom = self.schema == CUSTOM;
        if custom {
            self.check_custom()?;
        } else if !EXPONENTIAL.contains(&self.schema) {
            return Err(HistogramFault::Schema(self.schema));
        } else if !self.bounds.is_empty() {
            return Err(HistogramFault::Bounds);
        }
        if !(self.zero_threshold.is_finite() && self.zero_threshold >= 0.0) {
            return Err(HistogramFault::ZeroThreshold);
        }
        self.add_up()?;
        let index_max = custom.then_some(self.bounds.len());
        self.positive.place(index_max)?;
        self.negative.place(None)?;
        Ok(if self.reset_hint == GAUGE { Meaning::Gauge } else { Meaning::Counter })
    }

    /// What a batch keeps of a sound one.
    pub(super) fn histogram(&self) -> NewHistogram<'_> {
        NewHistogram {
            count: self.count.as_float(),
            zero_threshold: self.zero_threshold,
            zero_count: self.zero_count.as_float(),
            schema: (self.schema != CUSTOM).then_some(self.schema),
            positive: &self.positive.buckets,
            negative: &self.negative.buckets,
            bounds: &self.bounds,
        }
    }

    fn clear(&mut self, buckets_max: usize) {
        let (mut negative, mut positive) =
            (std::mem::take(&mut self.negative), std::mem::take(&mut self.positive));
        let mut bounds = std::mem::take(&mut self.bounds);
        negative.clear();
        positive.clear();
        bounds.clear();
        *self = Self { negative, positive, bounds, buckets_max, ..Self::default() };
    }

    fn field(&mut self, bytes: &[u8], field: Field) -> Result<(), Malformed> {
        let (max, too_many) = (self.buckets_max, &mut self.too_many);
        match field.number {
            number::COUNT_INT => self.count = Number::Int(field.varint()?),
            number::COUNT_FLOAT => self.count = Number::Float(field.double()?),
            number::SUM => self.sum = field.double()?,
            number::SCHEMA => self.schema = zigzag32(field.varint()?),
            number::ZERO_THRESHOLD => self.zero_threshold = field.double()?,
            number::ZERO_COUNT_INT => self.zero_count = Number::Int(field.varint()?),
            number::ZERO_COUNT_FLOAT => self.zero_count = Number::Float(field.double()?),
            number::NEGATIVE_SPANS => {
                push(&mut self.negative.spans, span(bytes, field.bytes()?)?, max, too_many);
            }
            number::POSITIVE_SPANS => {
                push(&mut self.positive.spans, span(bytes, field.bytes()?)?, max, too_many);
            }
            number::NEGATIVE_DELTAS => {
                let deltas = &mut self.negative.deltas;
                field.each_varint(bytes, |raw| push(deltas, zigzag(raw), max, too_many))?;
            }
            number::POSITIVE_DELTAS => {
                let deltas = &mut self.positive.deltas;
                field.each_varint(bytes, |raw| push(deltas, zigzag(raw), max, too_many))?;
            }
            number::NEGATIVE_COUNTS => {
                let counts = &mut self.negative.counts;
                field.each_double(bytes, |count| push(counts, count, max, too_many))?;
            }
            number::POSITIVE_COUNTS => {
                let counts = &mut self.positive.counts;
                field.each_double(bytes, |count| push(counts, count, max, too_many))?;
            }
            number::CUSTOM_VALUES => {
                field.each_double(bytes, |bound| push(&mut self.bounds, bound, max, too_many))?;
            }
            number::RESET_HINT => self.reset_hint = field.varint()?,
            number::TIMESTAMP => self.at_ms = field.int64()?,
            number::START_TIMESTAMP => self.start_ms = field.int64()?,
            _ => {}
        }
        Ok(())
    }

    fn check_custom(&self) -> Result<(), HistogramFault> {
        let negative = &self.negative;
        let others = self.zero_count.as_float() != 0.0
            || self.zero_threshold != 0.0
            || !negative.spans.is_empty()
            || !(negative.deltas.is_empty() && negative.counts.is_empty());
        if others {
            return Err(HistogramFault::CustomAndOthers);
        }
        let ascending = self.bounds.is_sorted_by(|a, b| a < b);
        let finite = self.bounds.iter().all(|bound| bound.is_finite());
        if ascending && finite { Ok(()) } else { Err(HistogramFault::Bounds) }
    }

    /// Checks the counts, and makes absolute ones of the deltas. Observations that are not numbers
    /// are in the count and in no bucket; they show in the sum.
    fn add_up(&mut self) -> Result<(), HistogramFault> {
        let more_allowed = self.sum.is_nan();
        let adds_up = match self.count {
            Number::Int(count) => {
                let Number::Int(zero) = self.zero_count else { return Err(HistogramFault::Spans) };
                let buckets = self.negative.integers()?.checked_add(self.positive.integers()?);
                let sum = buckets.and_then(|buckets| buckets.checked_add(zero));
                sum.is_some_and(|sum| sum == count || (more_allowed && sum < count))
            }
            Number::Float(count) => {
                let zero = self.zero_count.as_float();
                if !is_count(count) || !is_count(zero) {
                    return Err(HistogramFault::Count);
                }
                let sum = self.negative.floats()? + self.positive.floats()? + zero;
                (sum - count).abs() <= SUM_TOLERANCE * count || (more_allowed && sum < count)
            }
        };
        if adds_up { Ok(()) } else { Err(HistogramFault::Sum) }
    }
}

impl Side {
    fn clear(&mut self) {
        self.spans.clear();
        self.deltas.clear();
        self.counts.clear();
        self.buckets.clear();
    }

    /// Turns deltas into counts; answers their sum.
    fn integers(&mut self) -> Result<u64, HistogramFault> {
        if !self.counts.is_empty() {
            return Err(HistogramFault::Spans);
        }
        let (mut count, mut sum) = (0_i64, 0_u64);
        for &delta in &self.deltas {
            count = count.checked_add(delta).ok_or(HistogramFault::Count)?;
            let positive = u64::try_from(count).map_err(|_| HistogramFault::Count)?;
            sum = sum.checked_add(positive).ok_or(HistogramFault::Sum)?;
            self.counts.push(count as f64);
        }
        Ok(sum)
    }

    /// Checks counts that are floats; answers their sum.
    fn floats(&self) -> Result<f64, HistogramFault> {
        if !self.deltas.is_empty() {
            return Err(HistogramFault::Spans);
        }
        if !self.counts.iter().copied().all(is_count) {
            return Err(HistogramFault::Count);
        }
        Ok(self.counts.iter().sum())
    }

    /// Gives each count the bucket that the spans name; empty buckets are left out. Custom buckets
    /// are numbered from zero to `index_max`, that of the bucket without a bound.
    fn place(&mut self, index_max: Option<usize>) -> Result<(), HistogramFault> {
        let lengths = self.spans.iter().map(|&(_, length)| u64::from(length)).sum::<u64>();
        if lengths != self.counts.len() as u64 {
            return Err(HistogramFault::Spans);
        }
        let mut counts = self.counts.iter().copied();
        let mut index = 0_i64;
        for (number, &(offset, length)) in self.spans.iter().enumerate() {
            if number > 0 && offset < 0 {
                return Err(HistogramFault::SpanOverflow);
            }
            index += i64::from(offset);
            for count in counts.by_ref().take(length as usize) {
                let bucket = i32::try_from(index).map_err(|_| HistogramFault::SpanOverflow)?;
                let known = |max| usize::try_from(bucket).is_ok_and(|bucket| bucket <= max);
                if !index_max.is_none_or(known) {
                    return Err(HistogramFault::SpanOverflow);
                }
                if count > 0.0 {
                    self.buckets.push(Bucket { index: bucket, count });
                }
                index += 1;
            }
        }
        Ok(())
    }
}

fn is_count(count: f64) -> bool {
    count.is_finite() && count >= 0.0
}

fn push<T>(list: &mut Vec<T>, item: T, max: usize, too_many: &mut bool) {
    if list.len() < max {
        list.push(item);
    } else {
        *too_many = true;
    }
}

/// Reads a `BucketSpan`.
fn span(bytes: &[u8], message: Range<usize>) -> Result<(i32, u32), Malformed> {
    let (mut offset, mut length) = (0, 0);
    let mut fields = Fields::of(message);
    while let Some(field) = fields.next(bytes)? {
        match field.number {
            1 => offset = zigzag32(field.varint()?),
            2 => length = field.varint()? as u32,
            _ => {}
        }
    }
    Ok((offset, length))
}

#[cfg(test)]
mod tests;
