//! OpenMetrics 1.0 text.
//!
//! `_created` samples are not series: they say when the counters, histograms and summaries of
//! their family began to count. They may follow the samples they speak of, so a family's samples
//! wait until the next family begins.
//!
//! Read as strictly as the grammar, but for blanks: more than one may stand between tokens.

use std::cmp::Ordering;
use std::num::NonZeroI64;
use std::ops::Range;

use plimsoll_domain::telemetry::{Batch, LabelSpan, Point, Span, Value};

use super::line::{self, Descriptor, Sample, Text};
use super::{Line, Lines, METRIC_NAME, Scrape};
use crate::{Decoded, Fault, Place, Reason, Written, check_time, value_of};

/// Reads a whole text.
pub(super) fn read(
    scrape: Scrape<'_>,
    mut lines: Lines,
    stopped: Option<Reason>,
) -> Result<Decoded, Fault> {
    let (mut text, mut sample) = (Exposition::of(scrape), Sample::default());
    while let Some(line) = lines.next(text.scrape.decoded.batch.bytes()) {
        if line.start == lines.end {
            // What follows the last line feed.
            break;
        }
        let place = line.place();
        match text.take(&line, &mut sample) {
            Ok(()) => {}
            Err(reason) if is_of_one_series(&reason) => {
                text.scrape.decoded.faults.push(Fault { place, reason });
            }
            Err(reason) => return Err(Fault { place, reason }),
        }
    }
    let place = Place::Line(lines.number);
    if let Some(reason) = stopped {
        return Err(Fault { place, reason });
    }
    if !text.ended {
        return Err(Fault { place, reason: Reason::CutOff });
    }
    Ok(text.scrape.decoded)
}

/// Whether the text is well-formed all the same: a limit of ours is no fault of its grammar.
fn is_of_one_series(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::TooManyLabels { .. } | Reason::LabelTooLong { .. } | Reason::TimeOutOfRange { .. }
    )
}

/// What a family is, as far as its samples can have a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Histogram,
    Summary,
    Other,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "counter" => Self::Counter,
            "histogram" => Self::Histogram,
            "summary" => Self::Summary,
            "gauge" | "gaugehistogram" | "info" | "stateset" | "unknown" => Self::Other,
            _ => return None,
        })
    }

    /// The suffixes of the samples that count from the family's created time on.
    fn counting(self) -> &'static [&'static str] {
        match self {
            Self::Counter => &["_total"],
            Self::Histogram => &["_bucket", "_count", "_sum"],
            Self::Summary => &["_count", "_sum"],
            Self::Other => &[],
        }
    }
}

/// A text on its way into a batch.
struct Exposition<'a> {
    scrape: Scrape<'a>,
    family: Vec<u8>,
    kind: Kind,
    /// The labels of what waits for the end of its family.
    labels: Vec<LabelSpan>,
    waiting: Vec<Waiting>,
    created: Vec<Created>,
    ended: bool,
}

/// A sample of the family that is being read.
struct Waiting {
    labels: Range<usize>,
    place: Place,
    at_ms: i64,
    value: Value,
    counts: bool,
    written: Written,
}

/// When the samples with these labels began to count.
struct Created {
    labels: Range<usize>,
    start_ms: i64,
}

impl<'a> Exposition<'a> {
    fn of(scrape: Scrape<'a>) -> Self {
        let (labels, waiting, created) = (Vec::new(), Vec::new(), Vec::new());
        let (family, kind) = (Vec::new(), Kind::Other);
        Self { scrape, family, kind, labels, waiting, created, ended: false }
    }

    fn take(&mut self, line: &Line, sample: &mut Sample) -> Result<(), Reason> {
        let text = line.text(self.scrape.decoded.batch.bytes())?;
        if self.ended {
            return Err(Reason::Syntax { expected: "the end of the text", column: 1 });
        }
        if text.starts_with('#') {
            return self.take_descriptor(line, sample);
        }
        line::openmetrics(text, self.scrape.limits.labels_per_series_max, sample)?;
        self.take_sample(line, sample)
    }

    fn take_descriptor(&mut self, line: &Line, sample: &mut Sample) -> Result<(), Reason> {
        let text = line.text(self.scrape.decoded.batch.bytes())?;
        match line::descriptor(text, sample)? {
            Descriptor::Type(name, kind) => {
                let column = text.len() - kind.len() + 1;
                let kind =
                    Kind::of(kind).ok_or(Reason::Syntax { expected: "a metric type", column })?;
                self.open_family(line, sample, &name)?;
                self.kind = kind;
            }
            Descriptor::Unit(name, unit) => {
                let named = name_text(text, sample, &name);
                let whole = named.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_'));
                if !unit.is_empty() && !whole {
                    let column = text.len() - unit.len() + 1;
                    let expected = "a unit that the metric's name ends with";
                    return Err(Reason::Syntax { expected, column });
                }
                self.open_family(line, sample, &name)?;
            }
            Descriptor::Help(name) => self.open_family(line, sample, &name)?,
            Descriptor::Eof => {
                self.close_family()?;
                self.ended = true;
            }
        }
        Ok(())
    }

    /// Goes on with the family of that name, or begins it.
    fn open_family(&mut self, line: &Line, sample: &Sample, name: &Text) -> Result<(), Reason> {
        let text = line.text(self.scrape.decoded.batch.bytes())?;
        let name = name_text(text, sample, name);
        if self.family != name.as_bytes() {
            self.family.clear();
            self.family.extend_from_slice(name.as_bytes());
            self.close_family()?;
            self.kind = Kind::Other;
        }
        Ok(())
    }

    fn take_sample(&mut self, line: &Line, sample: &Sample) -> Result<(), Reason> {
        self.scrape.count_sample()?;
        self.scrape.keep_labels(line, sample)?;
        let at_ms = check_time(sample.at_ms.unwrap_or(self.scrape.scraped_at_ms))?;
        let batch = &self.scrape.decoded.batch;
        let name = |label: &LabelSpan| batch.text(label.name);
        self.scrape.scraped.sort_by(|a, b| name(a).cmp(name(b)));
        if self.scrape.scraped.windows(2).any(|two| name(&two[0]) == name(&two[1])) {
            return Err(Reason::DuplicateLabel);
        }
        let suffix = self.suffix();
        if self.kind != Kind::Other && suffix == Some(b"_created") {
            self.take_created(sample.value);
            return Ok(());
        }
        let counting = self.kind.counting();
        let counts = suffix.is_some_and(|own| counting.iter().any(|of| of.as_bytes() == own));
        let exemplars = u64::from(sample.has_exemplar);
        let written = Written { samples: 1, exemplars, histograms: 0 };
        match value_of(sample.value) {
            Some(value) => {
                let (labels, place) = (self.keep_scraped(), line.place());
                self.waiting.push(Waiting { labels, place, at_ms, value, counts, written });
            }
            None => {
                self.scrape.decoded.not_finite += 1;
                self.scrape.decoded.written += written;
            }
        }
        Ok(())
    }

    /// What the sample's name has beyond the family's.
    fn suffix(&self) -> Option<&[u8]> {
        let batch = &self.scrape.decoded.batch;
        let is_name = |label: &&LabelSpan| batch.text(label.name) == METRIC_NAME.as_bytes();
        let name = self.scrape.scraped.iter().find(is_name)?;
        batch.text(name.value).strip_prefix(self.family.as_slice())
    }

    fn take_created(&mut self, seconds: f64) {
        let start_ms = (seconds * 1_000.0).round();
        if start_ms.is_finite() {
            let labels = self.keep_scraped();
            self.created.push(Created { labels, start_ms: start_ms as i64 });
        }
    }

    fn keep_scraped(&mut self) -> Range<usize> {
        let start = self.labels.len();
        self.labels.extend_from_slice(&self.scrape.scraped);
        start..self.labels.len()
    }

    /// Takes what waited for the end of the family.
    fn close_family(&mut self) -> Result<(), Reason> {
        let (labels, batch) = (&self.labels, &self.scrape.decoded.batch);
        self.created.sort_by(|a, b| {
            let of = |created: &Created| &labels[created.labels.clone()];
            compare(batch, of(a), of(b)).then(a.start_ms.cmp(&b.start_ms))
        });
        for sample in &self.waiting {
            let labels = &self.labels[sample.labels.clone()];
            let batch = &self.scrape.decoded.batch;
            let start_ms = sample
                .counts
                .then(|| start(batch, &self.labels, &self.created, labels, sample.at_ms))
                .flatten();
            let point = Point { at_ms: sample.at_ms, start_ms, value: sample.value };
            match self.scrape.push(labels, point) {
                Ok(()) => self.scrape.decoded.written += sample.written,
                Err(reason) if is_of_one_series(&reason) => {
                    self.scrape.decoded.faults.push(Fault { place: sample.place, reason });
                }
                Err(reason) => return Err(reason),
            }
        }
        self.labels.clear();
        self.waiting.clear();
        self.created.clear();
        Ok(())
    }
}

/// The name as it is meant.
fn name_text<'a>(line: &'a str, sample: &'a Sample, name: &Text) -> &'a str {
    match name {
        Text::MetricName => METRIC_NAME,
        Text::Written(range) => &line[range.clone()],
        Text::Unescaped(range) => &sample.unescaped[range.clone()],
    }
}

/// The latest created time of a sample's labels that is not after the sample.
fn start(
    batch: &Batch,
    labels: &[LabelSpan],
    created: &[Created],
    of: &[LabelSpan],
    at_ms: i64,
) -> Option<NonZeroI64> {
    let order = |created: &Created| {
        let ordering = compare(batch, &labels[created.labels.clone()], of);
        ordering.then(created.start_ms.cmp(&at_ms))
    };
    let after = created.partition_point(|created| order(created) != Ordering::Greater);
    let latest = created[..after].last()?;
    let same = compare(batch, &labels[latest.labels.clone()], of) == Ordering::Equal;
    NonZeroI64::new(latest.start_ms).filter(|start_ms| same && start_ms.get() > 0)
}

/// Compares the labels of two samples, those left out that tell samples of one metric apart.
fn compare(batch: &Batch, a: &[LabelSpan], b: &[LabelSpan]) -> Ordering {
    pairs(batch, a).cmp(pairs(batch, b))
}

fn pairs<'a>(
    batch: &'a Batch,
    labels: &'a [LabelSpan],
) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let text = |span: Span| batch.text(span);
    let pairs = labels.iter().map(move |label| (text(label.name), text(label.value)));
    pairs.filter(|(name, _)| ![METRIC_NAME.as_bytes(), b"le", b"quantile"].contains(name))
}
