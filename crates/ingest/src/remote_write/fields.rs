//! A walk over the fields of an encoded protobuf message ("Protocol Buffers", section "Encoding").
//!
//! Positions stand in for slices, so that a walk does not borrow the bytes it goes over and a batch
//! can own them meanwhile. Groups, which nothing here uses, are refused.

use std::ops::Range;

/// An encoded message whose fields cannot be told apart, or have another type than they should.
#[derive(Debug, PartialEq)]
pub(super) struct Malformed;

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// Its number.
    pub(super) number: u32,
    payload: Payload,
}

#[derive(Debug, Clone, PartialEq)]
enum Payload {
    Varint(u64),
    Fixed64(u64),
    Fixed32,
    Bytes(Range<usize>),
}

impl Field {
    /// Where its payload stands, if it is length-delimited.
    pub(super) fn bytes(self) -> Result<Range<usize>, Malformed> {
        match self.payload {
            Payload::Bytes(range) => Ok(range),
            Payload::Varint(_) | Payload::Fixed64(_) | Payload::Fixed32 => Err(Malformed),
        }
    }

    /// Its value, if it is a varint.
    pub(super) fn varint(&self) -> Result<u64, Malformed> {
        match self.payload {
            Payload::Varint(value) => Ok(value),
            Payload::Bytes(_) | Payload::Fixed64(_) | Payload::Fixed32 => Err(Malformed),
        }
    }

    /// Its value, if it is a signed integer.
    pub(super) fn int64(&self) -> Result<i64, Malformed> {
        self.varint().map(u64::cast_signed)
    }

    /// Its value, if it is a double.
    pub(super) fn double(&self) -> Result<f64, Malformed> {
        match self.payload {
            Payload::Fixed64(bits) => Ok(f64::from_bits(bits)),
            Payload::Bytes(_) | Payload::Varint(_) | Payload::Fixed32 => Err(Malformed),
        }
    }

    /// Hands over every varint of a repeated field, packed or not.
    pub(super) fn each_varint(
        &self,
        bytes: &[u8],
        mut take: impl FnMut(u64),
    ) -> Result<(), Malformed> {
        match &self.payload {
            Payload::Varint(value) => take(*value),
            Payload::Bytes(range) => {
                let mut rest = Fields::of(range.clone());
                while rest.at < rest.end {
                    take(rest.varint(bytes)?);
                }
            }
            Payload::Fixed64(_) | Payload::Fixed32 => return Err(Malformed),
        }
        Ok(())
    }

    /// Hands over every double of a repeated field, packed or not.
    pub(super) fn each_double(
        &self,
        bytes: &[u8],
        mut take: impl FnMut(f64),
    ) -> Result<(), Malformed> {
        match &self.payload {
            Payload::Fixed64(bits) => take(f64::from_bits(*bits)),
            Payload::Bytes(range) => {
                let mut rest = Fields::of(range.clone());
                while rest.at < rest.end {
                    take(f64::from_bits(rest.fixed64(bytes)?));
                }
            }
            Payload::Varint(_) | Payload::Fixed32 => return Err(Malformed),
        }
        Ok(())
    }
}

/// The signed integer behind a zigzag encoding (`sint64`).
pub(super) fn zigzag(raw: u64) -> i64 {
    (raw >> 1).cast_signed() ^ -(raw & 1).cast_signed()
}

/// The signed integer behind a `sint32`, which keeps the low bits of what was sent.
pub(super) fn zigzag32(raw: u64) -> i32 {
    let raw = raw as u32;
    (raw >> 1).cast_signed() ^ -(raw & 1).cast_signed()
}

/// The fields of an encoded message in order, nothing copied.
#[derive(Debug)]
pub(super) struct Fields {
    at: usize,
    end: usize,
}

impl Fields {
    /// Walks the message that stands there.
    pub(super) fn of(range: Range<usize>) -> Self {
        Self { at: range.start, end: range.end }
    }

    /// The next field; the same bytes are to be passed each time.
    #[inline]
    pub(super) fn next(&mut self, bytes: &[u8]) -> Result<Option<Field>, Malformed> {
        if self.at >= self.end {
            return Ok(None);
        }
        let key = self.varint(bytes)?;
        let number = u32::try_from(key >> 3).map_err(|_| Malformed)?;
        if number == 0 {
            return Err(Malformed);
        }
        let payload = match key & 0b111 {
            0 => Payload::Varint(self.varint(bytes)?),
            1 => Payload::Fixed64(self.fixed64(bytes)?),
            2 => {
                let length = usize::try_from(self.varint(bytes)?).map_err(|_| Malformed)?;
                Payload::Bytes(self.skip(length)?)
            }
            5 => self.skip(4).map(|_| Payload::Fixed32)?,
            _ => return Err(Malformed),
        };
        Ok(Some(Field { number, payload }))
    }

    #[inline]
    fn varint(&mut self, bytes: &[u8]) -> Result<u64, Malformed> {
        let rest = bytes.get(self.at..self.end).ok_or(Malformed)?;
        match rest.first() {
            Some(&byte) if byte < 0x80 => {
                self.at += 1;
                Ok(u64::from(byte))
            }
            _ => self.long_varint(rest),
        }
    }

    fn long_varint(&mut self, rest: &[u8]) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for (place, &byte) in rest.iter().take(10).enumerate() {
            // The tenth byte holds the one bit that is left.
            if place == 9 && byte > 1 {
                return Err(Malformed);
            }
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                self.at += place + 1;
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    #[inline]
    fn fixed64(&mut self, bytes: &[u8]) -> Result<u64, Malformed> {
        let range = self.skip(8)?;
        let bytes = bytes.get(range).and_then(|bytes| bytes.try_into().ok()).ok_or(Malformed)?;
        Ok(u64::from_le_bytes(bytes))
    }

    #[inline]
    fn skip(&mut self, length: usize) -> Result<Range<usize>, Malformed> {
        let start = self.at;
        let end = start.checked_add(length).filter(|&end| end <= self.end).ok_or(Malformed)?;
        self.at = end;
        Ok(start..end)
    }
}

#[cfg(test)]
mod tests;
