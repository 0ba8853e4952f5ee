//! The bytes of a frame's payload, before it is packed.
//!
//! ```text
//! payload = arrival ms i64 · epoch varint · sender text · record count varint · records
//! record  = tag u8 · fields
//! text    = length varint · UTF-8
//! ```
//! Fixed-width integers are little-endian. A time is the zigzag varint of its difference from the
//! time before it in the frame (the arrival, for the first), a series that of its number from the
//! series before it, so that one scrape costs a few bytes a sample. A reader refuses a tag it does
//! not know: skipping it would change the minutes. Which series it is that appears is not written:
//! its labels and the key of the data directory say so. Tag 9 (group assignment) is kept free,
//! tag 1 was another form of 14, tag 12 of 13.

use plimsoll_domain::slo::fold::{InstanceHash, Record, SeriesNo};
use plimsoll_domain::slo::selector::Labels;
use serde::{Deserialize, Serialize};

use super::Identity;

const INSTANCE: u8 = 2;
const SERIES: u8 = 3;
/// A sample whose value is given as 64-bit IEEE 754.
const SAMPLE: u8 = 4;
const STALE: u8 = 5;
const START: u8 = 6;
const DELTA: u8 = 7;
const ELECT: u8 = 8;
/// A sample whose value is a whole number, given as a varint.
const SAMPLE_WHOLE: u8 = 10;
const HISTOGRAM: u8 = 11;
const FORGET: u8 = 13;
const DECLARE: u8 = 14;

/// The largest value that is given as a varint: all whole numbers up to it are exact.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// What a declaration is stored as, version 1.
#[derive(Serialize, Deserialize)]
struct DeclareBody<T> {
    v: u8,
    change: T,
}

const DECLARE_VERSION: u8 = 1;

/// Records that arrived together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    /// When, by our clock.
    pub(super) arrival_ms: i64,
    /// How many declarations came before.
    pub(super) epoch: u64,
    /// From whom.
    pub(super) sender: String,
    /// What, in order.
    pub(super) records: Vec<Record>,
}

/// Why a payload is no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecodeError {
    #[error("it ends too early")]
    Short,
    #[error("a number is too long")]
    LongNumber,
    #[error("a text is not UTF-8")]
    NotText,
    #[error("record tag {0} is unknown; a newer version wrote this log")]
    UnknownTag(u8),
    #[error("a declaration does not read: {0}")]
    Declaration(String),
    #[error("a label set does not read")]
    Labels,
    #[error("{0} bytes follow its last record")]
    Excess(usize),
}

impl Frame {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + self.records.len() * 16);
        out.extend(self.arrival_ms.to_le_bytes());
        put_varint(&mut out, self.epoch);
        put_text(&mut out, &self.sender);
        put_varint(&mut out, self.records.len() as u64);
        let mut writer = Writer { out, before_ms: self.arrival_ms, before_series: 0 };
        self.records.iter().for_each(|record| writer.record(record));
        writer.out
    }

    /// Reads a payload whose series `identity` told apart.
    pub(super) fn decode(payload: &[u8], identity: &Identity) -> Result<Self, DecodeError> {
        let mut input = Input { identity, rest: payload, before_ms: 0, before_series: 0 };
        let arrival_ms = i64::from_le_bytes(input.array()?);
        input.before_ms = arrival_ms;
        let epoch = input.varint()?;
        let sender = input.text()?;
        let count = input.varint()?;
        let mut records = Vec::new();
        for _ in 0..count {
            records.push(input.record()?);
        }
        match input.rest.len() {
            0 => Ok(Self { arrival_ms, epoch, sender, records }),
            excess => Err(DecodeError::Excess(excess)),
        }
    }
}

/// Writes records, each relative to the one before it.
struct Writer {
    out: Vec<u8>,
    before_ms: i64,
    before_series: u32,
}

impl Writer {
    fn record(&mut self, record: &Record) {
        match record {
            Record::Declare { at_ms, change } => {
                self.out.push(DECLARE);
                self.time(*at_ms);
                let body = DeclareBody { v: DECLARE_VERSION, change };
                let body =
                    serde_json::to_string(&body).expect("a change is plain data with text keys");
                put_text(&mut self.out, &body);
            }
            Record::Instance { instance, at_ms } => {
                self.out.push(INSTANCE);
                self.out.extend(instance.0.to_le_bytes());
                self.time(*at_ms);
            }
            Record::Series { hash: _, instance, labels } => {
                self.out.push(SERIES);
                self.out.extend(instance.0.to_le_bytes());
                put_varint(&mut self.out, labels.pairs().count() as u64);
                for (name, value) in labels.pairs() {
                    put_text(&mut self.out, name);
                    put_text(&mut self.out, value);
                }
            }
            Record::Sample { series, at_ms, value } => self.sample(*series, *at_ms, *value),
            Record::Histogram { series, at_ms, count, at_most } => {
                self.head(HISTOGRAM, *series, *at_ms);
                put_varint(&mut self.out, at_most.len() as u64);
                let values = std::iter::once(count).chain(at_most);
                values.for_each(|value| self.out.extend(value.to_bits().to_le_bytes()));
            }
            Record::Stale { series, at_ms } => self.head(STALE, *series, *at_ms),
            Record::Start { series, start_ms } => self.head(START, *series, *start_ms),
            Record::Delta { series, start_ms, at_ms, value } => {
                self.head(DELTA, *series, *start_ms);
                self.time(*at_ms);
                self.out.extend(value.to_bits().to_le_bytes());
            }
            Record::Elect { cluster, replica } => {
                self.out.push(ELECT);
                put_text(&mut self.out, cluster);
                put_text(&mut self.out, replica);
            }
            Record::Forget { oldest_ms, series } => {
                self.out.push(FORGET);
                self.time(*oldest_ms);
                put_varint(&mut self.out, series.len() as u64);
                series.iter().for_each(|series| self.series(*series));
            }
        }
    }

    fn sample(&mut self, series: SeriesNo, at_ms: i64, value: f64) {
        let whole = (0.0..=WHOLE_MAX).contains(&value) && value.fract() == 0.0;
        // Minus zero is not the zero that a varint reads back as.
        if whole && value.is_sign_positive() {
            self.head(SAMPLE_WHOLE, series, at_ms);
            put_varint(&mut self.out, value as u64);
        } else {
            self.head(SAMPLE, series, at_ms);
            self.out.extend(value.to_bits().to_le_bytes());
        }
    }

    fn head(&mut self, tag: u8, series: SeriesNo, at_ms: i64) {
        self.out.push(tag);
        self.series(series);
        self.time(at_ms);
    }

    fn series(&mut self, series: SeriesNo) {
        let step = i64::from(series.0) - i64::from(self.before_series);
        put_varint(&mut self.out, zigzag(step));
        self.before_series = series.0;
    }

    fn time(&mut self, at_ms: i64) {
        put_varint(&mut self.out, zigzag(at_ms.wrapping_sub(self.before_ms)));
        self.before_ms = at_ms;
    }
}

fn zigzag(step: i64) -> u64 {
    ((step << 1) ^ (step >> 63)) as u64
}

fn unzigzag(zigzag: u64) -> i64 {
    (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Writes a number seven bits at a time, the lowest first; all but the last byte have the highest
/// bit set (LEB128).
pub(super) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// What is left to read, and what it is relative to.
struct Input<'a> {
    identity: &'a Identity,
    rest: &'a [u8],
    before_ms: i64,
    before_series: u32,
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(DecodeError::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(DecodeError::Short)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(DecodeError::LongNumber)
    }

    fn text(&mut self) -> Result<String, DecodeError> {
        let length = usize::try_from(self.varint()?).map_err(|_| DecodeError::Short)?;
        let bytes = self.take(length)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| DecodeError::NotText)
    }

    fn time(&mut self) -> Result<i64, DecodeError> {
        self.before_ms = self.before_ms.wrapping_add(unzigzag(self.varint()?));
        Ok(self.before_ms)
    }

    fn series(&mut self) -> Result<SeriesNo, DecodeError> {
        let number = i64::from(self.before_series).wrapping_add(unzigzag(self.varint()?));
        self.before_series = u32::try_from(number).map_err(|_| DecodeError::LongNumber)?;
        Ok(SeriesNo(self.before_series))
    }

    fn float(&mut self) -> Result<f64, DecodeError> {
        Ok(f64::from_bits(u64::from_le_bytes(self.array()?)))
    }

    fn hash(&mut self) -> Result<u128, DecodeError> {
        Ok(u128::from_le_bytes(self.array()?))
    }

    fn record(&mut self) -> Result<Record, DecodeError> {
        let [tag] = self.array()?;
        Ok(match tag {
            DECLARE => {
                let at_ms = self.time()?;
                let body: DeclareBody<_> = serde_json::from_str(&self.text()?)
                    .map_err(|error| DecodeError::Declaration(error.to_string()))?;
                if body.v != DECLARE_VERSION {
                    return Err(DecodeError::Declaration(format!("version {}", body.v)));
                }
                Record::Declare { at_ms, change: body.change }
            }
            INSTANCE => {
                let instance = InstanceHash(self.hash()?);
                Record::Instance { instance, at_ms: self.time()? }
            }
            SERIES => {
                let instance = InstanceHash(self.hash()?);
                let labels = self.labels()?;
                Record::Series { hash: self.identity.of(&labels), instance, labels }
            }
            SAMPLE => {
                let (series, at_ms) = (self.series()?, self.time()?);
                Record::Sample { series, at_ms, value: self.float()? }
            }
            SAMPLE_WHOLE => {
                let (series, at_ms) = (self.series()?, self.time()?);
                Record::Sample { series, at_ms, value: self.varint()? as f64 }
            }
            HISTOGRAM => self.histogram()?,
            STALE => Record::Stale { series: self.series()?, at_ms: self.time()? },
            START => Record::Start { series: self.series()?, start_ms: self.time()? },
            DELTA => {
                let (series, start_ms) = (self.series()?, self.time()?);
                let at_ms = self.time()?;
                Record::Delta { series, start_ms, at_ms, value: self.float()? }
            }
            ELECT => Record::Elect { cluster: self.text()?, replica: self.text()? },
            FORGET => {
                let oldest_ms = self.time()?;
                let count = self.varint()?;
                let series = (0..count).map(|_| self.series()).collect::<Result<_, _>>()?;
                Record::Forget { oldest_ms, series }
            }
            unknown => return Err(DecodeError::UnknownTag(unknown)),
        })
    }

    fn histogram(&mut self) -> Result<Record, DecodeError> {
        let (series, at_ms) = (self.series()?, self.time()?);
        let thresholds = self.varint()?;
        let count = self.float()?;
        let at_most = (0..thresholds).map(|_| self.float()).collect::<Result<_, _>>()?;
        Ok(Record::Histogram { series, at_ms, count, at_most })
    }

    fn labels(&mut self) -> Result<Labels, DecodeError> {
        let count = self.varint()?;
        let mut pairs = Vec::new();
        for _ in 0..count {
            pairs.push((self.text()?, self.text()?));
        }
        Labels::from_pairs(pairs).ok_or(DecodeError::Labels)
    }
}

#[cfg(test)]
mod tests;
