//! The messages of remote write 1.0 that we read, and a walk over encoded fields.
//!
//! Field numbers are those of `prometheus/prompb/remote.proto` and `types.proto`. Label texts are
//! bytes here, so that one series with broken UTF-8 does not make the whole request unreadable.
//!
//! Public because a sender can be built from the same types: encode a [`WriteRequest`], compress.

/// A batch of series (`WriteRequest`); field 3, metadata, is not read.
#[derive(Clone, PartialEq, prost::Message)]
pub struct WriteRequest {
    /// The series.
    #[prost(message, repeated, tag = "1")]
    pub timeseries: Vec<TimeSeries>,
}

/// Samples of one label set (`TimeSeries`); exemplars (3) and native histograms (4) are not read.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TimeSeries {
    /// The labels, sorted by name as senders should.
    #[prost(message, repeated, tag = "1")]
    pub labels: Vec<Label>,
    /// The samples, in time order as senders should.
    #[prost(message, repeated, tag = "2")]
    pub samples: Vec<Sample>,
}

/// One label.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Label {
    /// Its name, UTF-8.
    #[prost(bytes = "vec", tag = "1")]
    pub name: Vec<u8>,
    /// Its value, UTF-8.
    #[prost(bytes = "vec", tag = "2")]
    pub value: Vec<u8>,
}

/// One value at a time.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Sample {
    /// The value; a NaN with the payload 2 ends the series.
    #[prost(double, tag = "1")]
    pub value: f64,
    /// Unix time in milliseconds.
    #[prost(int64, tag = "2")]
    pub timestamp: i64,
}

/// The number of [`WriteRequest::timeseries`].
pub(super) const WRITE_REQUEST_TIMESERIES: u32 = 1;
/// The number of [`TimeSeries::labels`].
pub(super) const TIMESERIES_LABELS: u32 = 1;
/// The number of [`TimeSeries::samples`].
pub(super) const TIMESERIES_SAMPLES: u32 = 2;

/// An encoded message whose fields cannot be told apart.
#[derive(Debug)]
pub(super) struct Malformed;

/// One field of an encoded message.
pub(super) struct Field<'a> {
    /// Its number.
    pub(super) number: u32,
    /// Its payload if it is length-delimited.
    bytes: Option<&'a [u8]>,
}

impl<'a> Field<'a> {
    /// The payload, if this is the length-delimited field with this number.
    pub(super) fn bytes_of(&self, number: u32) -> Option<&'a [u8]> {
        self.bytes.filter(|_| self.number == number)
    }
}

/// The fields of an encoded message in order, nothing copied. Ends after the first error.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Walks an encoded message.
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn step(&mut self) -> Result<Field<'a>, Malformed> {
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).map_err(|_| Malformed)?;
        let bytes = match key & 0b111 {
            0 => self.varint().map(|_| None)?,
            1 => self.split(8).map(|_| None)?,
            2 => {
                let length = self.varint()?;
                Some(self.split(length)?)
            }
            5 => self.split(4).map(|_| None)?,
            _ => return Err(Malformed),
        };
        Ok(Field { number, bytes })
    }

    fn varint(&mut self) -> Result<usize, Malformed> {
        prost::decode_length_delimiter(&mut self.rest).map_err(|_| Malformed)
    }

    fn split(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.step();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}
