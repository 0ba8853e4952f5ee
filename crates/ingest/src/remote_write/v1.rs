//! The message of remote write 1.0, `prometheus.WriteRequest` (`prompb/remote.proto`).

use std::ops::Range;

use super::DecodeError;
use super::fields::Fields;
use super::request::Request;
use crate::{Decoded, Place};

/// Numbers of the fields of `WriteRequest`, and of those that only 2.0's `Request` has.
mod write_request {
    pub(super) const TIMESERIES: u32 = 1;
    pub(super) const V2_SYMBOLS: u32 = 4;
    pub(super) const V2_TIMESERIES: u32 = 5;
}

/// Numbers of the fields of `TimeSeries`.
mod time_series {
    pub(super) const LABELS: u32 = 1;
    pub(super) const SAMPLES: u32 = 2;
    pub(super) const EXEMPLARS: u32 = 3;
    pub(super) const HISTOGRAMS: u32 = 4;
}

/// Reads the whole message.
pub(super) fn read(mut request: Request<'_>) -> Result<Decoded, DecodeError> {
    let mut fields = Fields::of(request.whole());
    while let Some(field) = fields.next(request.bytes())? {
        match field.number {
            write_request::TIMESERIES => {
                let place = request.open_series()?;
                series(&mut request, place, field.bytes()?)?;
            }
            write_request::V2_SYMBOLS | write_request::V2_TIMESERIES => {
                return Err(DecodeError::OtherMessage("2.0"));
            }
            _ => {}
        }
    }
    Ok(request.close())
}

fn series(
    request: &mut Request<'_>,
    place: Place,
    message: Range<usize>,
) -> Result<(), DecodeError> {
    let mut fields = Fields::of(message);
    while let Some(field) = fields.next(request.bytes())? {
        match field.number {
            time_series::LABELS => label(request, field.bytes()?)?,
            time_series::SAMPLES => request.sample(field.bytes()?)?,
            time_series::EXEMPLARS => {
                field.bytes()?;
                request.exemplar();
            }
            time_series::HISTOGRAMS => request.histogram(field.bytes()?)?,
            _ => {}
        }
    }
    request.close_series(place);
    Ok(())
}

fn label(request: &mut Request<'_>, message: Range<usize>) -> Result<(), DecodeError> {
    let (mut name, mut value) = (0..0, 0..0);
    let mut fields = Fields::of(message);
    while let Some(field) = fields.next(request.bytes())? {
        match field.number {
            1 => name = field.bytes()?,
            2 => value = field.bytes()?,
            _ => {}
        }
    }
    let (name, value) = (request.span(name)?, request.span(value)?);
    request.label(name, value)
}
