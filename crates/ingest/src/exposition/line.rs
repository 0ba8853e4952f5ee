//! One line of exposition text: `name{label="value",…} value [time]`, or `{"name",…} value [time]`.

use std::ops::Range;

use crate::Reason;

/// What a line says. Its memory serves one line after the other.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// Its labels as written, the metric's name among them.
    pub(super) labels: Vec<(Text, Text)>,
    /// The texts that are not written as they are meant.
    pub(super) unescaped: String,
    /// Its value.
    pub(super) value: f64,
    /// Its time if it gives one, Unix milliseconds.
    pub(super) at_ms: Option<i64>,
    /// Whether an exemplar follows.
    pub(super) has_exemplar: bool,
}

/// Where a text stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Text {
    /// It is `__name__`.
    MetricName,
    /// In the line.
    Written(Range<usize>),
    /// In [`Sample::unescaped`].
    Unescaped(Range<usize>),
}

impl Text {
    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::MetricName => super::METRIC_NAME.len(),
            Self::Written(range) | Self::Unescaped(range) => range.len(),
        }
    }
}

/// A line of OpenMetrics that is not a sample.
#[derive(Debug, PartialEq)]
pub(super) enum Descriptor<'a> {
    /// `# TYPE name kind`
    Type(Text, &'a str),
    /// `# UNIT name unit`
    Unit(Text, &'a str),
    /// `# HELP name text`
    Help(Text),
    /// `# EOF`
    Eof,
}

/// Reads a line of Prometheus text; false for an empty one and for a comment. More than
/// `labels_max` labels are refused while reading, before they take memory.
pub(super) fn prometheus(
    line: &str,
    labels_max: usize,
    sample: &mut Sample,
) -> Result<bool, Reason> {
    let mut cursor = Cursor::of(line.strip_suffix('\r').unwrap_or(line), labels_max, sample);
    cursor.skip_blanks();
    if cursor.rest().is_empty() || cursor.rest().starts_with('#') {
        return Ok(false);
    }
    cursor.series()?;
    if !cursor.rest().is_empty() {
        cursor.sample.at_ms = Some(cursor.number("a time in milliseconds")?);
    }
    cursor.end()?;
    Ok(true)
}

/// Reads a sample of OpenMetrics.
pub(super) fn openmetrics(
    line: &str,
    labels_max: usize,
    sample: &mut Sample,
) -> Result<(), Reason> {
    let mut cursor = Cursor::of(line, labels_max, sample);
    cursor.series()?;
    if !cursor.rest().is_empty() && !cursor.rest().starts_with('#') {
        cursor.sample.at_ms = Some(cursor.seconds()?);
    }
    if cursor.skip('#') {
        cursor.exemplar()?;
    }
    cursor.end()
}

/// Reads a line of OpenMetrics that begins with `#`.
pub(super) fn descriptor<'a>(line: &'a str, sample: &mut Sample) -> Result<Descriptor<'a>, Reason> {
    let mut cursor = Cursor::of(line, 0, sample);
    if !cursor.skip('#') || !cursor.skip(' ') {
        return Err(cursor.expected("`# `"));
    }
    let keyword = cursor.run(|c| c != ' ');
    if keyword == "EOF" {
        cursor.end()?;
        return Ok(Descriptor::Eof);
    }
    if !["TYPE", "UNIT", "HELP"].contains(&keyword) {
        return Err(Reason::Syntax { expected: "TYPE, UNIT, HELP or EOF", column: 3 });
    }
    cursor.skip_blanks();
    let name = if cursor.skip('"') {
        cursor.quoted()?
    } else {
        cursor.word(is_metric_start, is_metric_part, "a metric name")?
    };
    if !cursor.skip(' ') && !cursor.rest().is_empty() {
        return Err(cursor.expected("a space"));
    }
    Ok(match keyword {
        "TYPE" => Descriptor::Type(name, cursor.rest()),
        "UNIT" => Descriptor::Unit(name, cursor.rest()),
        _ => Descriptor::Help(name),
    })
}

struct Cursor<'a, 's> {
    line: &'a str,
    at: usize,
    labels_max: usize,
    sample: &'s mut Sample,
}

impl<'a, 's> Cursor<'a, 's> {
    fn of(line: &'a str, labels_max: usize, sample: &'s mut Sample) -> Self {
        sample.labels.clear();
        sample.unescaped.clear();
        (sample.at_ms, sample.has_exemplar) = (None, false);
        Self { line, at: 0, labels_max, sample }
    }

    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn expected(&self, expected: &'static str) -> Reason {
        Reason::Syntax { expected, column: self.at + 1 }
    }

    fn end(&self) -> Result<(), Reason> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn skip(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// The text up to the first character that does not belong.
    fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn word(
        &mut self,
        starts: fn(char) -> bool,
        belongs: fn(char) -> bool,
        expected: &'static str,
    ) -> Result<Text, Reason> {
        if !self.rest().starts_with(starts) {
            return Err(self.expected(expected));
        }
        let start = self.at;
        self.run(belongs);
        Ok(Text::Written(start..self.at))
    }

    /// A metric's name, its labels and its value.
    fn series(&mut self) -> Result<(), Reason> {
        let quoted_name = self.rest().starts_with('{');
        if !quoted_name {
            let name = self.word(is_metric_start, is_metric_part, "a metric name")?;
            self.sample.labels.push((Text::MetricName, name));
            self.skip_blanks();
        }
        let start = self.at;
        if self.skip('{') {
            self.label_set(quoted_name)?;
        }
        if self.sample.labels.iter().all(|(name, _)| *name != Text::MetricName) {
            return Err(Reason::Syntax { expected: "a metric name", column: start + 1 });
        }
        self.sample.value = self.number("a number")?;
        Ok(())
    }

    /// Labels up to the closing brace; a comma may stand after the last one. Where the metric has
    /// no name yet, it may stand among them in quotes.
    fn label_set(&mut self, mut may_be_named: bool) -> Result<(), Reason> {
        loop {
            self.skip_blanks();
            if self.skip('}') {
                return Ok(());
            }
            let (labels, labels_max) = (self.sample.labels.len() + 1, self.labels_max);
            if labels > labels_max {
                return Err(Reason::TooManyLabels { labels, labels_max });
            }
            let start = self.at;
            let label = self.label(may_be_named)?;
            if label.0 == Text::MetricName {
                may_be_named = false;
                if label.1.len() == 0 {
                    return Err(Reason::Syntax { expected: "a metric name", column: start + 1 });
                }
            }
            self.sample.labels.push(label);
            self.skip_blanks();
            if !self.skip(',') && !self.rest().starts_with('}') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn label(&mut self, may_be_named: bool) -> Result<(Text, Text), Reason> {
        let quoted = self.skip('"');
        let name = if quoted {
            self.quoted()?
        } else {
            self.word(is_label_start, is_label_part, "a label name or `}`")?
        };
        self.skip_blanks();
        if quoted && may_be_named && self.rest().starts_with([',', '}']) {
            return Ok((Text::MetricName, name));
        }
        if !self.skip('=') {
            return Err(self.expected("`=`"));
        }
        self.skip_blanks();
        if !self.skip('"') {
            return Err(self.expected("`\"`"));
        }
        Ok((name, self.quoted()?))
    }

    /// The text up to the closing quote, which it consumes.
    fn quoted(&mut self) -> Result<Text, Reason> {
        let start = self.at;
        let plain = self.run(|c| c != '"' && c != '\\');
        if self.skip('"') {
            return Ok(Text::Written(start..start + plain.len()));
        }
        let start = self.sample.unescaped.len();
        self.sample.unescaped.push_str(plain);
        while !self.skip('"') {
            self.escape()?;
            let plain = self.run(|c| c != '"' && c != '\\');
            self.sample.unescaped.push_str(plain);
        }
        Ok(Text::Unescaped(start..self.sample.unescaped.len()))
    }

    fn escape(&mut self) -> Result<(), Reason> {
        let escaped = self.rest().strip_prefix('\\').and_then(|rest| rest.chars().next());
        let Some(escaped) = escaped else {
            self.skip('\\');
            return Err(self.expected("a closing `\"`"));
        };
        let unescaped = &mut self.sample.unescaped;
        match escaped {
            'n' => unescaped.push('\n'),
            '"' | '\\' => unescaped.push(escaped),
            // Not an escape of the format: kept as it stands, as Prometheus does.
            other => unescaped.extend(['\\', other]),
        }
        self.at += '\\'.len_utf8() + escaped.len_utf8();
        Ok(())
    }

    /// The time of an OpenMetrics sample, made milliseconds.
    fn seconds(&mut self) -> Result<i64, Reason> {
        let column = self.at + 1;
        let seconds: f64 = self.number("a time in seconds")?;
        if seconds.is_finite() {
            Ok((seconds * 1_000.0).round() as i64)
        } else {
            Err(Reason::Syntax { expected: "a time in seconds", column })
        }
    }

    /// Reads over `{labels} value [time]`.
    fn exemplar(&mut self) -> Result<(), Reason> {
        self.skip_blanks();
        if !self.skip('{') {
            return Err(self.expected("the labels of an exemplar"));
        }
        let own = self.sample.labels.len();
        self.labels_max += own;
        self.label_set(false)?;
        self.sample.labels.truncate(own);
        self.number::<f64>("a number")?;
        if !self.rest().is_empty() {
            self.seconds()?;
        }
        self.sample.has_exemplar = true;
        Ok(())
    }

    fn number<T: std::str::FromStr>(&mut self, expected: &'static str) -> Result<T, Reason> {
        self.skip_blanks();
        let start = self.at;
        let number = self
            .run(|c| c != ' ' && c != '\t')
            .parse()
            .map_err(|_| Reason::Syntax { expected, column: start + 1 })?;
        self.skip_blanks();
        Ok(number)
    }
}

fn is_metric_start(c: char) -> bool {
    is_label_start(c) || c == ':'
}

fn is_metric_part(c: char) -> bool {
    is_label_part(c) || c == ':'
}

fn is_label_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_label_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
