//! One line of exposition text: `name{label="value",…} value [unix ms]`.

use crate::Reason;

/// What a line says.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    /// Its labels as written, the metric's name first as `__name__`.
    pub(super) labels: Vec<(String, String)>,
    /// Its value.
    pub(super) value: f64,
    /// Its time if it gives one, Unix milliseconds.
    pub(super) at_ms: Option<i64>,
}

/// Reads a line; `None` for an empty one and for a comment. More than `labels_max` labels are
/// refused while reading, before they take memory.
pub(super) fn parse(line: &str, labels_max: usize) -> Result<Option<Line>, Reason> {
    let mut cursor = Cursor { line: line.strip_suffix('\r').unwrap_or(line), at: 0 };
    cursor.skip_blanks();
    if cursor.rest().is_empty() || cursor.rest().starts_with('#') {
        return Ok(None);
    }
    let name = cursor.word(is_metric_start, is_metric_part, "a metric name")?;
    let mut labels = vec![("__name__".to_owned(), name.to_owned())];
    cursor.skip_blanks();
    if cursor.skip('{') {
        cursor.label_set(&mut labels, labels_max)?;
    }
    let value = cursor.number("a number")?;
    let at_ms = match cursor.rest() {
        "" => None,
        _ => Some(cursor.number("a time in milliseconds")?),
    };
    if !cursor.rest().is_empty() {
        return Err(cursor.expected("the end of the line"));
    }
    Ok(Some(Line { labels, value, at_ms }))
}

struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn expected(&self, expected: &'static str) -> Reason {
        Reason::Syntax { expected, column: self.at + 1 }
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
    ) -> Result<&'a str, Reason> {
        if !self.rest().starts_with(starts) {
            return Err(self.expected(expected));
        }
        Ok(self.run(belongs))
    }

    /// Labels up to the closing brace; a comma may stand after the last one.
    fn label_set(
        &mut self,
        labels: &mut Vec<(String, String)>,
        labels_max: usize,
    ) -> Result<(), Reason> {
        loop {
            self.skip_blanks();
            if self.skip('}') {
                return Ok(());
            }
            if labels.len() >= labels_max {
                return Err(Reason::TooManyLabels { labels: labels.len() + 1, labels_max });
            }
            labels.push(self.label()?);
            self.skip_blanks();
            if !self.skip(',') && !self.rest().starts_with('}') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn label(&mut self) -> Result<(String, String), Reason> {
        let name = self.word(is_label_start, is_label_part, "a label name or `}`")?;
        self.skip_blanks();
        if !self.skip('=') {
            return Err(self.expected("`=`"));
        }
        self.skip_blanks();
        if !self.skip('"') {
            return Err(self.expected("`\"`"));
        }
        Ok((name.to_owned(), self.quoted()?))
    }

    /// The text up to the closing quote, which it consumes.
    fn quoted(&mut self) -> Result<String, Reason> {
        let mut text = String::new();
        loop {
            text.push_str(self.run(|c| c != '"' && c != '\\'));
            if self.skip('"') {
                return Ok(text);
            }
            if !self.skip('\\') {
                return Err(self.expected("a closing `\"`"));
            }
            match self.rest().chars().next() {
                Some('n') => text.push('\n'),
                Some(plain @ ('"' | '\\')) => text.push(plain),
                // Not an escape of the format: kept as it stands, as Prometheus does.
                Some(other) => text.extend(['\\', other]),
                None => return Err(self.expected("a closing `\"`")),
            }
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
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
