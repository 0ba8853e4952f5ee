//! Exposition text as scraped from a target: Prometheus text 0.0.4, and OpenMetrics 1.0.
//!
//! Invariant: in Prometheus text a malformed line costs itself and nothing else. An OpenMetrics
//! text is refused whole if it is cut off or malformed: "partial or invalid expositions MUST be
//! considered erroneous in their entirety", and half a scrape would look like a reset.
//!
//! The formats: "Exposition formats" in the Prometheus documentation and "OpenMetrics 1.0"; where
//! they are silent (an unknown escape, spaces between tokens) this reads as the Prometheus server
//! does. Names may be quoted, as Prometheus 3 writes those outside of its old character set.

use crate::{Decoded, Fault, Limits, Place, Reason, check_time, value_of};
use line::{Sample, Text};
use plimsoll_domain::slo::selector::Labels;
use plimsoll_domain::telemetry::{Batch, LabelSpan, Point, Span, Value};

mod line;
mod openmetrics;

/// What to ask a target for, by preference.
pub const ACCEPT: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
    application/openmetrics-text;version=1.0.0;q=0.5,\
    text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
    text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

/// How many malformed lines are listed before the rest of a text is given up: it is something
/// other than exposition text, and a list of its lines helps nobody.
const FAULTS_MAX: usize = 1_000;

/// The longest text, whatever the limits say: positions in a batch have 32 bits, and what is
/// appended to the text needs some of them.
const TEXT_BYTES_MAX: usize = 1 << 30;

/// The label that holds the metric's name.
const METRIC_NAME: &str = "__name__";

/// Which language a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Prometheus text 0.0.4 and 1.0.0. Comments (`HELP` and `TYPE` among them) are skipped: what
    /// a series counts is said by its declaration, not by its target.
    Prometheus,
    /// OpenMetrics 1.0.
    OpenMetrics,
}

impl Format {
    /// The format of an answer with this content type; whatever is not OpenMetrics is taken for
    /// Prometheus text, which many targets serve under other names or none.
    pub fn of_content_type(content_type: &str) -> Self {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if media_type.eq_ignore_ascii_case("application/openmetrics-text") {
            Self::OpenMetrics
        } else {
            Self::Prometheus
        }
    }
}

/// Reads a scraped text. Samples without a time of their own get `scraped_at_ms`; `target_labels`
/// (`job`, `instance`) go onto every series, and a scraped label of the same name is kept as
/// `exported_<name>`, as Prometheus does unless told to honour it.
///
/// # Errors
/// What is wrong with the whole of an OpenMetrics text; Prometheus text is never refused whole.
pub fn parse(
    format: Format,
    mut text: Vec<u8>,
    scraped_at_ms: i64,
    target_labels: &Labels,
    limits: &Limits,
) -> Result<Decoded, Fault> {
    let bytes_max = limits.decompressed_bytes_max.min(TEXT_BYTES_MAX);
    let whole = whole_lines(&text, bytes_max);
    let stopped =
        (whole < text.len()).then_some(Reason::Stopped { limit: bytes_max, unit: "bytes" });
    text.truncate(whole);
    let scrape = Scrape::new(text, scraped_at_ms, target_labels, limits);
    match format {
        Format::Prometheus => Ok(prometheus(scrape, Lines::of(whole), stopped)),
        Format::OpenMetrics => openmetrics::read(scrape, Lines::of(whole), stopped),
    }
}

/// Adds the end of a series that was scraped before: a stale marker, as Prometheus writes it.
pub fn push_stale(batch: &mut Batch, series: &Labels, at_ms: i64) {
    let spans: Option<Vec<LabelSpan>> = series
        .pairs()
        .map(|(name, value)| {
            Some(LabelSpan { name: batch.append(name)?, value: batch.append(value)? })
        })
        .collect();
    let point = Point { at_ms, start_ms: None, value: Value::Stale };
    // Only beyond 4 GiB is there no room, and the labels came out of a batch.
    if let Some(mut spans) = spans {
        batch.push_series(&mut spans, [point]).expect("labels are unique, and not empty");
    }
}

fn prometheus(mut scrape: Scrape<'_>, mut lines: Lines, stopped: Option<Reason>) -> Decoded {
    let mut sample = Sample::default();
    while let Some(line) = lines.next(scrape.decoded.batch.bytes()) {
        let reason = match scrape.prometheus_line(&line, &mut sample) {
            Ok(()) => continue,
            Err(reason) => reason,
        };
        let given_up = matches!(reason, Reason::Stopped { .. });
        scrape.decoded.faults.push(Fault { place: line.place(), reason });
        if given_up {
            return scrape.decoded;
        }
    }
    let place = Place::Line(lines.number);
    scrape.decoded.faults.extend(stopped.map(|reason| Fault { place, reason }));
    scrape.decoded
}

/// The length of the text, or of as many whole lines of it as are allowed: half a line could read
/// as a number that nobody sent.
fn whole_lines(text: &[u8], bytes_max: usize) -> usize {
    if text.len() <= bytes_max {
        return text.len();
    }
    text[..bytes_max].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1)
}

/// A line: where it stands, without its end.
#[derive(Debug, Clone, Copy)]
struct Line {
    number: usize,
    start: usize,
    end: usize,
}

impl Line {
    fn place(&self) -> Place {
        Place::Line(self.number)
    }

    fn text<'a>(&self, bytes: &'a [u8]) -> Result<&'a str, Reason> {
        std::str::from_utf8(&bytes[self.start..self.end]).map_err(|_| Reason::NotUtf8)
    }
}

/// The lines of a text; what follows the last line feed is one more.
struct Lines {
    next: Option<usize>,
    end: usize,
    number: usize,
}

impl Lines {
    fn of(end: usize) -> Self {
        Self { next: Some(0), end, number: 0 }
    }

    fn next(&mut self, bytes: &[u8]) -> Option<Line> {
        let start = self.next?;
        let rest = &bytes[start..self.end];
        let length = rest.iter().position(|&byte| byte == b'\n');
        self.next = length.map(|length| start + length + 1);
        self.number += 1;
        let end = start + length.unwrap_or(rest.len());
        Some(Line { number: self.number, start, end })
    }
}

/// No position is left in the batch.
const FULL: Reason = Reason::Stopped { limit: u32::MAX as usize, unit: "bytes of text" };

/// A scrape on its way into a batch.
struct Scrape<'a> {
    decoded: Decoded,
    limits: &'a Limits,
    scraped_at_ms: i64,
    samples: usize,
    labels: usize,
    /// Where `__name__` stands.
    metric_name: Span,
    target: Vec<LabelSpan>,
    /// The labels of one series, as scraped and as taken. Their memory serves the next one too.
    scraped: Vec<LabelSpan>,
    taken: Vec<LabelSpan>,
}

impl<'a> Scrape<'a> {
    fn new(text: Vec<u8>, scraped_at_ms: i64, target: &Labels, limits: &'a Limits) -> Self {
        let mut batch = Batch::over(text);
        let mut append = |text: &str| batch.append(text).expect("the text is shorter than 4 GiB");
        let metric_name = append(METRIC_NAME);
        let span =
            |(name, value): (&str, &str)| LabelSpan { name: append(name), value: append(value) };
        let target = target.pairs().map(span).collect();
        let decoded = Decoded { batch, ..Decoded::default() };
        let (scraped, taken) = (Vec::new(), Vec::new());
        let (samples, labels) = (0, 0);
        Self {
            decoded,
            limits,
            scraped_at_ms,
            samples,
            labels,
            metric_name,
            target,
            scraped,
            taken,
        }
    }

    fn prometheus_line(&mut self, line: &Line, sample: &mut Sample) -> Result<(), Reason> {
        if self.decoded.faults.len() >= FAULTS_MAX {
            return Err(Reason::Stopped { limit: FAULTS_MAX, unit: "malformed lines" });
        }
        let text = line.text(self.decoded.batch.bytes())?;
        if !line::prometheus(text, self.limits.labels_per_series_max, sample)? {
            return Ok(());
        }
        self.count_sample()?;
        self.keep_labels(line, sample)?;
        let at_ms = check_time(sample.at_ms.unwrap_or(self.scraped_at_ms))?;
        match value_of(sample.value) {
            Some(value) => {
                let scraped = std::mem::take(&mut self.scraped);
                let pushed = self.push(&scraped, Point { at_ms, start_ms: None, value });
                self.scraped = scraped;
                pushed?;
            }
            None => self.decoded.not_finite += 1,
        }
        self.decoded.written.samples += 1;
        Ok(())
    }

    /// Counts a sample. A line holds one of one series, so the smaller limit is the one that binds.
    fn count_sample(&mut self) -> Result<(), Reason> {
        let limit = self.limits.series_max.min(self.limits.samples_max);
        if self.samples >= limit {
            return Err(Reason::Stopped { limit, unit: "samples" });
        }
        self.samples += 1;
        Ok(())
    }

    /// Makes spans of the labels of a line, in `scraped`; absent ones are left out.
    fn keep_labels(&mut self, line: &Line, sample: &Sample) -> Result<(), Reason> {
        let bytes_max = self.limits.label_bytes_max;
        let lengths = sample.labels.iter().map(|(name, value)| name.len().max(value.len()));
        if let Some(bytes) = lengths.max().filter(|&bytes| bytes > bytes_max) {
            return Err(Reason::LabelTooLong { bytes, bytes_max });
        }
        self.labels += sample.labels.len() + self.target.len();
        if self.labels > self.limits.labels_max {
            return Err(Reason::Stopped { limit: self.limits.labels_max, unit: "labels" });
        }
        self.scraped.clear();
        for (name, value) in &sample.labels {
            if value.len() > 0 || name.len() == 0 {
                let name = self.span(line, sample, name)?;
                let value = self.span(line, sample, value)?;
                self.scraped.push(LabelSpan { name, value });
            }
        }
        Ok(())
    }

    fn span(&mut self, line: &Line, sample: &Sample, text: &Text) -> Result<Span, Reason> {
        let batch = &mut self.decoded.batch;
        let span = match text {
            Text::MetricName => Some(self.metric_name),
            Text::Written(range) => batch.span(line.start + range.start..line.start + range.end),
            Text::Unescaped(range) => batch.append(&sample.unescaped[range.clone()]),
        };
        span.ok_or(FULL)
    }

    /// Takes a series: the scraped labels with the target's own on top
    /// (`resolveConflictingExposedLabels` in Prometheus' `scrape.go`).
    fn push(&mut self, scraped: &[LabelSpan], point: Point) -> Result<(), Reason> {
        self.taken.clear();
        self.taken.extend_from_slice(&self.target);
        for &LabelSpan { name, value } in scraped {
            let name = self.exported(scraped, name)?;
            self.taken.push(LabelSpan { name, value });
        }
        let labels_max = self.limits.labels_per_series_max;
        if self.taken.len() > labels_max {
            return Err(Reason::TooManyLabels { labels: self.taken.len(), labels_max });
        }
        Ok(self.decoded.batch.push_series(&mut self.taken, [point])?)
    }

    /// The name under which a scraped label is kept.
    fn exported(&mut self, scraped: &[LabelSpan], name: Span) -> Result<Span, Reason> {
        let batch = &self.decoded.batch;
        let is_in = |labels: &[LabelSpan], text: &[u8]| {
            labels.iter().any(|label| batch.text(label.name) == text)
        };
        if !is_in(&self.target, batch.text(name)) {
            return Ok(name);
        }
        let mut kept = String::from_utf8_lossy(batch.text(name)).into_owned();
        while is_in(&self.target, kept.as_bytes()) || is_in(scraped, kept.as_bytes()) {
            kept.insert_str(0, "exported_");
        }
        self.decoded.batch.append(&kept).ok_or(FULL)
    }
}

#[cfg(test)]
mod tests;
