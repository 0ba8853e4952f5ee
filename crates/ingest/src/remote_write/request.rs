//! A request on its way into a batch: what both versions share.
//!
//! Invariant: nothing is taken beyond what [`Limits`] allow, and what is wrong with one series
//! costs that series, or that sample of it, alone.

use std::num::NonZeroI64;
use std::ops::Range;

use plimsoll_domain::telemetry::{Batch, LabelSpan, Point, Span, Value};

use super::DecodeError;
use super::fields::{Fields, Malformed};
use super::histogram::{Meaning, Raw};
use crate::{AT_MS_MAX, Decoded, Fault, Limits, Place, Reason, Written, check_time, value_of};

/// How much text the labels of a request may come to, in multiples of what it may hold itself: in
/// remote write 2.0 many labels can refer to one long symbol.
const TEXT_RATIO_MAX: usize = 4;

/// Numbers of the fields of `Sample`, in both versions; 1.0 has no start.
mod sample {
    pub(super) const VALUE: u32 = 1;
    pub(super) const TIMESTAMP: u32 = 2;
    pub(super) const START_TIMESTAMP: u32 = 3;
}

/// What has been read so far, and the series that is being read.
pub(super) struct Request<'l> {
    decoded: Decoded,
    limits: &'l Limits,
    message_bytes: usize,
    spent: Spent,
    series: Series,
    raw: Raw,
}

/// How much has been taken over all series.
#[derive(Default)]
struct Spent {
    series: usize,
    labels: usize,
    text_bytes: usize,
    samples: usize,
    histograms: usize,
    buckets: usize,
}

/// The series that is being read; its memory serves the next one too.
#[derive(Default)]
struct Series {
    labels: Vec<LabelSpan>,
    labels_seen: usize,
    longest: usize,
    points: Vec<Point>,
    created: i64,
    written: Written,
    not_finite: u64,
    gauge_histograms: u64,
    /// What is wrong with the whole series.
    spoilt: Option<Reason>,
    /// What is wrong with a part of it. One fault a series, not one a sample: the list of faults
    /// stays as short as the series.
    left_out: Option<Reason>,
}

impl<'l> Request<'l> {
    /// Begins to read an unpacked message.
    pub(super) fn new(message: Vec<u8>, limits: &'l Limits) -> Self {
        let message_bytes = message.len();
        let decoded = Decoded { batch: Batch::over(message), ..Decoded::default() };
        let (spent, series, raw) = (Spent::default(), Series::default(), Raw::default());
        Self { decoded, limits, message_bytes, spent, series, raw }
    }

    /// Where the whole message stands.
    pub(super) fn whole(&self) -> Range<usize> {
        0..self.message_bytes
    }

    /// The bytes that positions point into.
    pub(super) fn bytes(&self) -> &[u8] {
        self.decoded.batch.bytes()
    }

    /// How much it may hold.
    pub(super) fn limits(&self) -> &'l Limits {
        self.limits
    }

    /// The span of a field's payload.
    pub(super) fn span(&self, range: Range<usize>) -> Result<Span, Malformed> {
        self.decoded.batch.span(range).ok_or(Malformed)
    }

    /// Begins the next series; says where it stands.
    pub(super) fn open_series(&mut self) -> Result<Place, DecodeError> {
        spend(&mut self.spent.series, 1, self.limits.series_max, "series")?;
        let Series { labels, points, .. } = &mut self.series;
        labels.clear();
        points.clear();
        let (labels, points) = (std::mem::take(labels), std::mem::take(points));
        self.series = Series { labels, points, ..Series::default() };
        Ok(Place::Series(self.spent.series))
    }

    /// Takes a label of the open series.
    pub(super) fn label(&mut self, name: Span, value: Span) -> Result<(), DecodeError> {
        self.series.labels_seen += 1;
        if self.series.labels_seen > self.limits.labels_per_series_max {
            return Ok(());
        }
        let batch = &self.decoded.batch;
        let (name_bytes, value_bytes) = (batch.text(name).len(), batch.text(value).len());
        let text_max = self.limits.decompressed_bytes_max.saturating_mul(TEXT_RATIO_MAX);
        spend(&mut self.spent.labels, 1, self.limits.labels_max, "labels")?;
        let text = &mut self.spent.text_bytes;
        spend(text, name_bytes + value_bytes, text_max, "bytes of label text")?;
        self.series.longest = self.series.longest.max(name_bytes).max(value_bytes);
        self.series.labels.push(LabelSpan { name, value });
        Ok(())
    }

    /// The open series has so many labels, more than are kept.
    pub(super) fn too_many_labels(&mut self, labels: usize) {
        self.series.labels_seen = labels;
    }

    /// Takes a sample of the open series.
    pub(super) fn sample(&mut self, message: Range<usize>) -> Result<(), DecodeError> {
        spend(&mut self.spent.samples, 1, self.limits.samples_max, "samples")?;
        let (mut raw, mut at_ms, mut start_ms) = (0.0, 0, 0);
        let mut fields = Fields::of(message);
        while let Some(field) = fields.next(self.decoded.batch.bytes())? {
            match field.number {
                sample::VALUE => raw = field.double()?,
                sample::TIMESTAMP => at_ms = field.int64()?,
                sample::START_TIMESTAMP => start_ms = field.int64()?,
                _ => {}
            }
        }
        if let Err(reason) = check_time(at_ms) {
            self.leave_out(reason);
            return Ok(());
        }
        self.series.written.samples += 1;
        match value_of(raw) {
            Some(value) => self.point(at_ms, start_ms, value),
            None => self.series.not_finite += 1,
        }
        Ok(())
    }

    /// Takes a native histogram of the open series.
    pub(super) fn histogram(&mut self, message: Range<usize>) -> Result<(), DecodeError> {
        spend(&mut self.spent.samples, 1, self.limits.samples_max, "samples")?;
        let histograms = &mut self.spent.histograms;
        spend(histograms, 1, self.limits.histograms_max, "native histograms")?;
        let buckets_max = self.limits.buckets_per_histogram_max;
        self.raw.read(self.decoded.batch.bytes(), message, buckets_max)?;
        spend(&mut self.spent.buckets, self.raw.size(), self.limits.buckets_max, "buckets")?;
        let meaning = self.raw.check().map_err(Reason::from);
        let (at_ms, start_ms) = (self.raw.at_ms, self.raw.start_ms);
        let meaning = match check_time(at_ms).and(meaning) {
            Ok(meaning) => meaning,
            Err(reason) => {
                self.leave_out(reason);
                return Ok(());
            }
        };
        self.series.written.histograms += 1;
        match meaning {
            Meaning::Stale => self.point(at_ms, start_ms, Value::Stale),
            Meaning::Gauge => self.series.gauge_histograms += 1,
            Meaning::Counter => {
                let number = self.decoded.batch.push_histogram(&self.raw.histogram());
                self.point(at_ms, start_ms, Value::Histogram(number));
            }
        }
        Ok(())
    }

    /// Counts an exemplar of the open series.
    pub(super) fn exemplar(&mut self) {
        self.series.written.exemplars += 1;
    }

    /// The open series began to count then, unless a sample says otherwise.
    pub(super) fn created(&mut self, start_ms: i64) {
        self.series.created = start_ms;
    }

    /// The open series as a whole is malformed.
    pub(super) fn spoil(&mut self, reason: Reason) {
        self.series.spoilt.get_or_insert(reason);
    }

    /// A part of the open series is malformed.
    pub(super) fn leave_out(&mut self, reason: Reason) {
        self.series.left_out.get_or_insert(reason);
    }

    /// Takes the open series if it is whole.
    pub(super) fn close_series(&mut self, place: Place) {
        if let Err(reason) = self.take_series() {
            self.decoded.faults.push(Fault { place, reason });
            return;
        }
        self.decoded.written += self.series.written;
        self.decoded.not_finite += self.series.not_finite;
        self.decoded.gauge_histograms += self.series.gauge_histograms;
        let left_out = self.series.left_out.take();
        self.decoded.faults.extend(left_out.map(|reason| Fault { place, reason }));
    }

    /// The same, held to what only remote write 2.0 asks for.
    pub(super) fn close_named_series(&mut self, place: Place) {
        let Written { samples, histograms, .. } = self.series.written;
        if samples > 0 && histograms > 0 {
            self.spoil(Reason::Mixed);
        }
        let batch = &self.decoded.batch;
        let named = self.series.labels.iter().any(|label| {
            batch.text(label.name) == b"__name__" && !batch.text(label.value).is_empty()
        });
        if !named && !self.series.labels.is_empty() {
            self.spoil(Reason::NoMetricName);
        }
        self.close_series(place);
    }

    /// Everything that was read.
    pub(super) fn close(self) -> Decoded {
        self.decoded
    }

    fn take_series(&mut self) -> Result<(), Reason> {
        let Series { labels, labels_seen, longest, points, spoilt, created, .. } = &mut self.series;
        let Limits { labels_per_series_max: labels_max, label_bytes_max: bytes_max, .. } =
            *self.limits;
        if *labels_seen > labels_max {
            return Err(Reason::TooManyLabels { labels: *labels_seen, labels_max });
        }
        if let Some(reason) = spoilt.take() {
            return Err(reason);
        }
        if *longest > bytes_max {
            return Err(Reason::LabelTooLong { bytes: *longest, bytes_max });
        }
        let created = *created;
        let points = points.drain(..).map(|point| Point {
            start_ms: point.start_ms.or_else(|| start(created, point.at_ms)),
            ..point
        });
        Ok(self.decoded.batch.push_series(labels, points)?)
    }

    fn point(&mut self, at_ms: i64, start_ms: i64, value: Value) {
        let start_ms = start(start_ms, at_ms);
        self.series.points.push(Point { at_ms, start_ms, value });
    }
}

/// A start as a point holds it: zero says nothing, and neither does one that lies after its sample.
fn start(start_ms: i64, at_ms: i64) -> Option<NonZeroI64> {
    // The specification writes the epoch itself as −1 or 1.
    let plausible = (-1..=AT_MS_MAX.min(at_ms)).contains(&start_ms);
    NonZeroI64::new(start_ms).filter(|_| plausible)
}

fn spend(
    spent: &mut usize,
    amount: usize,
    max: usize,
    unit: &'static str,
) -> Result<(), DecodeError> {
    *spent = spent.saturating_add(amount);
    if *spent > max { Err(DecodeError::TooMany { max, unit }) } else { Ok(()) }
}
