//! The message of remote write 2.0, `io.prometheus.write.v2.Request`
//! (`prompb/io/prometheus/write/v2/types.proto`).
//!
//! Up to 2.0-rc.3 a series had one created timestamp (field 6); since rc.4 each sample and each
//! histogram has its start timestamp. Both are read, and the sample's own wins.

use std::ops::Range;

use plimsoll_domain::telemetry::Span;

use super::DecodeError;
use super::fields::{Field, Fields};
use super::request::Request;
use crate::{Decoded, Place, Reason};

/// Numbers of the fields of `Request`, and of those that only 1.0's `WriteRequest` has.
mod request_fields {
    pub(super) const V1_TIMESERIES: u32 = 1;
    pub(super) const V1_METADATA: u32 = 3;
    pub(super) const SYMBOLS: u32 = 4;
    pub(super) const TIMESERIES: u32 = 5;
}

/// Numbers of the fields of `TimeSeries`.
mod time_series {
    pub(super) const LABELS_REFS: u32 = 1;
    pub(super) const SAMPLES: u32 = 2;
    pub(super) const HISTOGRAMS: u32 = 3;
    pub(super) const EXEMPLARS: u32 = 4;
    pub(super) const CREATED_TIMESTAMP: u32 = 6;
}

/// The number of `Exemplar.labels_refs`.
const EXEMPLAR_LABELS_REFS: u32 = 1;

/// Reads the whole message. Symbols may stand after the series that refer to them.
pub(super) fn read(mut request: Request<'_>) -> Result<Decoded, DecodeError> {
    let symbols = symbols(&request)?;
    let mut references = References::default();
    let mut fields = Fields::of(request.whole());
    while let Some(field) = fields.next(request.bytes())? {
        if field.number == request_fields::TIMESERIES {
            let place = request.open_series()?;
            let mut series = Series { request: &mut request, symbols: &symbols };
            series.read(place, field.bytes()?, &mut references)?;
        }
    }
    Ok(request.close())
}

fn symbols(request: &Request<'_>) -> Result<Vec<Span>, DecodeError> {
    let mut symbols = Vec::new();
    let mut fields = Fields::of(request.whole());
    while let Some(field) = fields.next(request.bytes())? {
        match field.number {
            request_fields::SYMBOLS => {
                let max = request.limits().labels_max;
                if symbols.len() >= max {
                    return Err(DecodeError::TooMany { max, unit: "symbols" });
                }
                let range = field.bytes()?;
                if symbols.is_empty() && !range.is_empty() {
                    return Err(DecodeError::SymbolsStart);
                }
                symbols.push(request.span(range)?);
            }
            request_fields::V1_TIMESERIES | request_fields::V1_METADATA => {
                return Err(DecodeError::OtherMessage("1.0"));
            }
            _ => {}
        }
    }
    Ok(symbols)
}

/// References to symbols, of which no more are kept than a series may have.
#[derive(Default)]
struct References {
    kept: Vec<u64>,
    seen: usize,
}

/// A series and what its references refer to.
struct Series<'a, 'l> {
    request: &'a mut Request<'l>,
    symbols: &'a [Span],
}

impl Series<'_, '_> {
    /// Reads one series; `references` is scratch space.
    fn read(
        &mut self,
        place: Place,
        message: Range<usize>,
        references: &mut References,
    ) -> Result<(), DecodeError> {
        references.kept.clear();
        references.seen = 0;
        let mut fields = Fields::of(message);
        while let Some(field) = fields.next(self.request.bytes())? {
            match field.number {
                time_series::LABELS_REFS => self.refer(&field, references)?,
                time_series::SAMPLES => self.request.sample(field.bytes()?)?,
                time_series::HISTOGRAMS => self.request.histogram(field.bytes()?)?,
                time_series::EXEMPLARS => self.exemplar(field.bytes()?)?,
                time_series::CREATED_TIMESTAMP => self.request.created(field.int64()?),
                _ => {}
            }
        }
        self.resolve(references)?;
        self.request.close_named_series(place);
        Ok(())
    }

    /// Keeps references for later: those of one series may come in several pieces.
    fn refer(&self, field: &Field, references: &mut References) -> Result<(), DecodeError> {
        let kept_max = 2 * self.request.limits().labels_per_series_max;
        let keep = |reference| {
            references.seen += 1;
            if references.seen <= kept_max {
                references.kept.push(reference);
            }
        };
        Ok(field.each_varint(self.request.bytes(), keep)?)
    }

    fn resolve(&mut self, references: &References) -> Result<(), DecodeError> {
        if references.seen > references.kept.len() {
            self.request.too_many_labels(references.seen.div_ceil(2));
            return Ok(());
        }
        let (pairs, rest) = references.kept.as_chunks::<2>();
        if !rest.is_empty() {
            self.request.spoil(Reason::OddReferences);
        }
        for &[name, value] in pairs {
            match (self.symbol(name), self.symbol(value)) {
                (Ok(name), Ok(value)) => self.request.label(name, value)?,
                (Err(reason), _) | (_, Err(reason)) => self.request.spoil(reason),
            }
        }
        Ok(())
    }

    fn symbol(&self, reference: u64) -> Result<Span, Reason> {
        let index = usize::try_from(reference).ok();
        let symbol = index.and_then(|index| self.symbols.get(index)).copied();
        let symbols = self.symbols.len();
        symbol.ok_or(Reason::UnknownSymbol { reference, symbols })
    }

    /// Checks an exemplar's references; it is counted if they are whole.
    fn exemplar(&mut self, message: Range<usize>) -> Result<(), DecodeError> {
        let (mut count, mut unknown) = (0_usize, None);
        let mut fields = Fields::of(message);
        while let Some(field) = fields.next(self.request.bytes())? {
            if field.number == EXEMPLAR_LABELS_REFS {
                field.each_varint(self.request.bytes(), |reference| {
                    count += 1;
                    unknown = unknown.take().or(self.symbol(reference).err());
                })?;
            }
        }
        let odd = (count % 2 == 1).then_some(Reason::OddReferences);
        match unknown.or(odd) {
            Some(reason) => self.request.leave_out(reason),
            None => self.request.exemplar(),
        }
        Ok(())
    }
}
