//! Samples on their way in: what one request or scrape brought, in a few flat arrays.
//!
//! A batch holds the bytes that came and spans into them, so that a series whose labels are known
//! costs a hash and no allocation. Decoders fill it, stores read it, and neither knows the other.
//!
//! Invariant: the labels of every series are UTF-8, sorted by name, unique, and without empty
//! values (Prometheus' data model: an empty value is an absent label).

use std::num::NonZeroI64;
use std::ops::Range;

use crate::slo::histogram::{Bucket, Histogram, Scale};
use crate::slo::selector::Labels;

/// A stretch of a batch's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    start: u32,
    length: u32,
}

/// One label: where its name and its value stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelSpan {
    /// Its name.
    pub name: Span,
    /// Its value.
    pub value: Span,
}

/// What a point says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// The counter or gauge stands here; finite.
    Number(f64),
    /// So much was added between the point's start and its time; finite, not negative.
    Delta(f64),
    /// The histogram stands here: its number in the batch.
    Histogram(u32),
    /// The series has ended.
    Stale,
}

/// One sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its time, Unix milliseconds.
    pub at_ms: i64,
    /// When what it counts began, Unix milliseconds, if its sender says so (created timestamp).
    pub start_ms: Option<NonZeroI64>,
    /// What it says.
    pub value: Value,
}

/// What one request or scrape brought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    bytes: Vec<u8>,
    labels: Vec<LabelSpan>,
    points: Vec<Point>,
    histograms: Vec<Histogram>,
    buckets: Vec<Bucket>,
    bounds: Vec<f64>,
    series: Vec<Head>,
}

#[derive(Debug, Clone, PartialEq)]
struct Head {
    labels: Range<u32>,
    points: Range<u32>,
}

/// Why a label set was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Bytes that are not UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// A name twice.
    #[error("a label name occurs twice")]
    Duplicate,
    /// None with a value.
    #[error("the series has no labels")]
    None,
    /// A label without a name.
    #[error("a label has no name")]
    NoName,
}

impl Batch {
    /// An empty batch whose spans will point into these bytes.
    pub fn over(bytes: Vec<u8>) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// All its bytes, those that came first and those appended later.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The span of bytes `range`; `None` outside of what is there.
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let length = self.bytes.get(range.clone())?.len();
        Some(Span { start: u32::try_from(range.start).ok()?, length: length as u32 })
    }

    /// Appends text that did not come with the request; `None` beyond 4 GiB.
    pub fn append(&mut self, text: &str) -> Option<Span> {
        let start = u32::try_from(self.bytes.len()).ok()?;
        let length = u32::try_from(text.len()).ok()?;
        start.checked_add(length)?;
        self.bytes.extend_from_slice(text.as_bytes());
        Some(Span { start, length })
    }

    /// The bytes of a span.
    pub fn text(&self, span: Span) -> &[u8] {
        let start = span.start as usize;
        self.bytes.get(start..start + span.length as usize).unwrap_or_default()
    }

    /// Takes one series. `labels` is scratch space: it is put in order and may be reused. A series
    /// without points is no series and is not kept.
    pub fn push_series(
        &mut self,
        labels: &mut Vec<LabelSpan>,
        points: impl IntoIterator<Item = Point>,
    ) -> Result<(), LabelError> {
        labels.retain(|label| label.value.length > 0 || label.name.length == 0);
        self.check(labels)?;
        let before = self.points.len() as u32;
        self.points.extend(points);
        let after = self.points.len() as u32;
        if before == after {
            return Ok(());
        }
        let first = self.labels.len() as u32;
        self.labels.extend_from_slice(labels);
        let labels = first..self.labels.len() as u32;
        self.series.push(Head { labels, points: before..after });
        Ok(())
    }

    /// Takes one native histogram; a point names it by the number this answers.
    pub fn push_histogram(&mut self, histogram: &NewHistogram<'_>) -> u32 {
        let number = self.histograms.len() as u32;
        let mut keep = |buckets: &[Bucket]| {
            let start = self.buckets.len();
            self.buckets.extend_from_slice(buckets);
            start..self.buckets.len()
        };
        let (positive, negative) = (keep(histogram.positive), keep(histogram.negative));
        let bounds = self.bounds.len();
        self.bounds.extend_from_slice(histogram.bounds);
        self.histograms.push(Histogram {
            count: histogram.count,
            zero_threshold: histogram.zero_threshold,
            zero_count: histogram.zero_count,
            scale: match histogram.schema {
                Some(schema) => Scale::Exponential(schema),
                None => Scale::Custom(bounds..self.bounds.len()),
            },
            positive,
            negative,
        });
        number
    }

    /// How many series it holds.
    pub fn series_count(&self) -> usize {
        self.series.len()
    }

    /// How many points it holds.
    pub fn point_count(&self) -> usize {
        self.points.len()
    }

    /// Its series, in the order they came.
    pub fn series(&self) -> impl ExactSizeIterator<Item = Series<'_>> {
        self.series.iter().map(|head| Series { batch: self, head })
    }

    /// Observations of histogram `number` that are at most `bound`, interpolated within a bucket.
    pub fn at_most(&self, number: u32, bound: f64) -> Option<f64> {
        Some(self.histograms.get(number as usize)?.at_most(bound, &self.buckets, &self.bounds))
    }

    /// All observations of histogram `number`.
    pub fn count(&self, number: u32) -> Option<f64> {
        Some(self.histograms.get(number as usize)?.count)
    }

    fn check(&self, labels: &mut [LabelSpan]) -> Result<(), LabelError> {
        if labels.iter().any(|label| label.name.length == 0) {
            return Err(LabelError::NoName);
        }
        if labels.is_empty() {
            return Err(LabelError::None);
        }
        let utf8 = |span| std::str::from_utf8(self.text(span)).is_ok();
        let all_utf8 = || labels.iter().all(|label| utf8(label.name) && utf8(label.value));
        if !self.are_ascii(labels) && !all_utf8() {
            return Err(LabelError::NotUtf8);
        }
        let name = |label: &LabelSpan| self.text(label.name);
        if labels.is_sorted_by(|a, b| name(a) < name(b)) {
            return Ok(());
        }
        labels.sort_by(|a, b| name(a).cmp(name(b)));
        let unique = labels.windows(2).all(|two| name(&two[0]) != name(&two[1]));
        if unique { Ok(()) } else { Err(LabelError::Duplicate) }
    }
}

impl Batch {
    /// Whether all labels lie in one short stretch of ASCII, as those of a series mostly do: one
    /// look instead of one for each text.
    fn are_ascii(&self, labels: &[LabelSpan]) -> bool {
        let spans = || labels.iter().flat_map(|label| [label.name, label.value]);
        let start = spans().map(|span| span.start as usize).min().unwrap_or(0);
        let end = spans().map(|span| span.start as usize + span.length as usize).max().unwrap_or(0);
        let stretch = self.bytes.get(start..end);
        stretch.is_some_and(|stretch| stretch.len() <= STRETCH_MAX && stretch.is_ascii())
    }
}

/// Labels that lie further apart are looked at one by one.
const STRETCH_MAX: usize = 4_096;

/// A native histogram before it is taken.
#[derive(Debug, Clone, Copy)]
pub struct NewHistogram<'a> {
    /// All observations.
    pub count: f64,
    /// The zero bucket reaches from −this to this.
    pub zero_threshold: f64,
    /// Observations in the zero bucket.
    pub zero_count: f64,
    /// The exponential schema, −4 to 8; none when `bounds` are the buckets' upper bounds.
    pub schema: Option<i32>,
    /// Buckets of positive observations, ascending; each with its own count (not cumulative).
    pub positive: &'a [Bucket],
    /// Buckets of negative observations, ascending by index.
    pub negative: &'a [Bucket],
    /// Upper bounds of custom buckets, ascending; the last bucket has none.
    pub bounds: &'a [f64],
}

/// One series of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    batch: &'a Batch,
    head: &'a Head,
}

impl<'a> Series<'a> {
    /// Its labels as (name, value) bytes, sorted by name.
    pub fn labels(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let batch = self.batch;
        let spans = &batch.labels[self.head.labels.start as usize..self.head.labels.end as usize];
        spans.iter().map(|label| (batch.text(label.name), batch.text(label.value)))
    }

    /// The value of one label.
    pub fn label(&self, name: &str) -> Option<&'a [u8]> {
        self.labels().find(|(key, _)| *key == name.as_bytes()).map(|(_, value)| value)
    }

    /// Its labels as owned text, those for which `keep` says no left out.
    pub fn to_labels(&self, keep: impl Fn(&str) -> bool) -> Labels {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let pairs = self.labels().map(|(name, value)| (text(name), text(value)));
        let pairs = pairs.filter(|(name, _)| keep(name)).collect();
        Labels::from_pairs(pairs).expect("names are unique in a batch")
    }

    /// Its samples, in the order they came.
    pub fn points(&self) -> &'a [Point] {
        &self.batch.points[self.head.points.start as usize..self.head.points.end as usize]
    }

    /// The batch it belongs to, which knows its histograms.
    pub fn batch(&self) -> &'a Batch {
        self.batch
    }
}

#[cfg(test)]
mod tests;
