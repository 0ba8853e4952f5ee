//! The bytes of a frame.
//!
//! ```text
//! frame   = magic "PLMF" · payload length u32 · CRC-32C of position, synced and payload u32
//!           · synced u64 · payload
//! payload = arrival ms i64 · epoch varint · sender text · record count varint · records
//! record  = tag u8 · fields; sample times are zigzag varints relative to the arrival
//! text    = length varint · UTF-8
//! ```
//! Fixed-width integers are little-endian. Tags 1 to 5 are in use; 6 (start time), 7 (delta
//! interval), 8 (election) and 9 (group assignment) are kept free for what they name. A reader
//! refuses a tag it does not know: skipping it would change the minutes.

use plimsoll_domain::slo::fold::{InstanceHash, Record, SeriesHash, SeriesNo};
use plimsoll_domain::slo::selector::Labels;
use serde::{Deserialize, Serialize};

const DECLARE: u8 = 1;
const INSTANCE: u8 = 2;
const SERIES: u8 = 3;
const SAMPLE: u8 = 4;
const STALE: u8 = 5;

/// What a declaration is stored as, version 1.
#[derive(Serialize, Deserialize)]
struct DeclareBody<T> {
    v: u8,
    declarations: T,
}

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
        self.records.iter().for_each(|record| put_record(&mut out, record, self.arrival_ms));
        out
    }

    pub(super) fn decode(payload: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Input(payload);
        let arrival_ms = i64::from_le_bytes(input.array()?);
        let epoch = input.varint()?;
        let sender = input.text()?;
        let count = input.varint()?;
        let mut records = Vec::new();
        for _ in 0..count {
            records.push(input.record(arrival_ms)?);
        }
        match input.0.len() {
            0 => Ok(Self { arrival_ms, epoch, sender, records }),
            excess => Err(DecodeError::Excess(excess)),
        }
    }
}

fn put_record(out: &mut Vec<u8>, record: &Record, arrival_ms: i64) {
    match record {
        Record::Declare { at_ms, declarations } => {
            out.push(DECLARE);
            put_time(out, *at_ms, arrival_ms);
            let body = serde_json::to_string(&DeclareBody { v: 1, declarations })
                .expect("declarations are plain data with text keys");
            put_text(out, &body);
        }
        Record::Instance { instance, at_ms } => {
            out.push(INSTANCE);
            out.extend(instance.0.to_le_bytes());
            put_time(out, *at_ms, arrival_ms);
        }
        Record::Series { hash, instance, labels } => {
            out.push(SERIES);
            out.extend(hash.0.to_le_bytes());
            out.extend(instance.0.to_le_bytes());
            put_varint(out, labels.pairs().len() as u64);
            for (name, value) in labels.pairs() {
                put_text(out, name);
                put_text(out, value);
            }
        }
        Record::Sample { series, at_ms, value } => {
            out.push(SAMPLE);
            put_varint(out, u64::from(series.0));
            put_time(out, *at_ms, arrival_ms);
            out.extend(value.to_bits().to_le_bytes());
        }
        Record::Stale { series, at_ms } => {
            out.push(STALE);
            put_varint(out, u64::from(series.0));
            put_time(out, *at_ms, arrival_ms);
        }
    }
}

fn put_time(out: &mut Vec<u8>, at_ms: i64, arrival_ms: i64) {
    let delta = at_ms.wrapping_sub(arrival_ms);
    put_varint(out, ((delta << 1) ^ (delta >> 63)) as u64);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// What is left to read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(DecodeError::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(DecodeError::Short)?;
        self.0 = rest;
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

    fn time(&mut self, arrival_ms: i64) -> Result<i64, DecodeError> {
        let zigzag = self.varint()?;
        let delta = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
        Ok(arrival_ms.wrapping_add(delta))
    }

    fn series(&mut self) -> Result<SeriesNo, DecodeError> {
        u32::try_from(self.varint()?).map(SeriesNo).map_err(|_| DecodeError::LongNumber)
    }

    fn record(&mut self, arrival_ms: i64) -> Result<Record, DecodeError> {
        let [tag] = self.array()?;
        Ok(match tag {
            DECLARE => {
                let at_ms = self.time(arrival_ms)?;
                let body: DeclareBody<_> = serde_json::from_str(&self.text()?)
                    .map_err(|error| DecodeError::Declaration(error.to_string()))?;
                if body.v != 1 {
                    return Err(DecodeError::Declaration(format!("version {}", body.v)));
                }
                Record::Declare { at_ms, declarations: body.declarations }
            }
            INSTANCE => Record::Instance {
                instance: InstanceHash(u128::from_le_bytes(self.array()?)),
                at_ms: self.time(arrival_ms)?,
            },
            SERIES => Record::Series {
                hash: SeriesHash(u128::from_le_bytes(self.array()?)),
                instance: InstanceHash(u128::from_le_bytes(self.array()?)),
                labels: self.labels()?,
            },
            SAMPLE => Record::Sample {
                series: self.series()?,
                at_ms: self.time(arrival_ms)?,
                value: f64::from_bits(u64::from_le_bytes(self.array()?)),
            },
            STALE => Record::Stale { series: self.series()?, at_ms: self.time(arrival_ms)? },
            unknown => return Err(DecodeError::UnknownTag(unknown)),
        })
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
