//! YAML text to a tree whose every node knows its place.
//!
//! The tree exists because serde stops at the first fault, and we report all of them: the YAML
//! itself is read by serde-saphyr under strict limits, the meaning by [`super::fields`].
//! Invariant: whatever the text, reading it takes bounded time and memory and never panics.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{DefaultMessageFormatter, Error, Location, MessageFormatter, Options, Spanned};

use super::position::{At, Fault, Pos};

/// Bytes a file may have.
pub(super) const FILE_BYTES_MAX: usize = 1 << 20;
/// How deep a document may nest.
const DEPTH_MAX: usize = 64;
/// Nodes that aliases may repeat in one document.
const REPEATED_MAX: usize = 10_000;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Where it starts.
    pub(super) at: Pos,
    /// The same in bytes of its document's text.
    pub(super) byte: Option<usize>,
    /// What it is.
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`; YAML 1.1's `yes`, `no`, `on`, `off` are texts.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<(At<String>, Node)>),
}

impl Value {
    /// What it is, in a sentence.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Bool(value) => format!("the boolean {value}"),
            Self::Number(value) => format!("the number {value}"),
            Self::Text(text) => format!("the text `{}`", shortened(text)),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a mapping".to_owned(),
        }
    }
}

/// At most 60 characters of a text, on one line.
pub(super) fn shortened(text: &str) -> String {
    let mut line = text.replace('\n', " ");
    if let Some((at, _)) = line.char_indices().nth(60) {
        line.truncate(at);
        line.push('…');
    }
    line
}

/// One document of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    /// Its text, with its `---` line if it has one.
    pub(super) text: &'a str,
    /// Lines before it in the file.
    pub(super) lines_before: u32,
}

/// Splits a file at its document markers, so that a syntax fault in one document hides none in the
/// next. A marker stands at the start of a line, where YAML allows it inside no scalar.
pub(super) fn split(text: &str) -> Vec<Chunk<'_>> {
    let marks = |line: &str, mark: &str| {
        line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(SPACE))
    };
    let mut chunks = Vec::new();
    let (mut start, mut lines_before, mut at, mut line_number) = (0, 0, 0, 0);
    let mut only_directives = true;
    for line in text.split_inclusive('\n') {
        let ends = marks(line, "...");
        if (marks(line, "---") && !only_directives) || ends {
            chunks.push(Chunk { text: &text[start..at], lines_before });
            start = if ends { at + line.len() } else { at };
            lines_before = line_number + u32::from(ends);
        }
        at += line.len();
        line_number += 1;
        only_directives =
            ends || (only_directives && (line.starts_with(['%', '#']) || line.trim().is_empty()));
    }
    chunks.push(Chunk { text: &text[start..], lines_before });
    chunks
}

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Reads one document: its tree if it has one, and its faults. Duplicate keys are reported and the
/// rest is read all the same.
pub(super) fn read(chunk: Chunk<'_>) -> (Option<Node>, Vec<(Pos, Fault)>) {
    let attempt = |policy| serde_saphyr::from_str_with_options(chunk.text, options(policy));
    let mut faults = Vec::new();
    let mut outcome: Result<Option<Node>, Error> = attempt(DuplicateKeyPolicy::Error);
    if let Err(error) = &outcome
        && matches!(error.without_snippet(), Error::DuplicateMappingKey { .. })
    {
        let first = fault(error);
        outcome = attempt(DuplicateKeyPolicy::LastWins);
        if let Ok(Some(node)) = &outcome {
            node.duplicates(&mut faults);
        }
        if faults.is_empty() {
            faults.push(first);
        }
    }
    let mut node = outcome.map_err(|error| faults.push(fault(&error))).ok().flatten();
    if let Some(node) = &mut node {
        node.shift(chunk.lines_before);
    }
    for (pos, _) in &mut faults {
        pos.line += chunk.lines_before;
    }
    (node.filter(|node| node.value != Value::Null), faults)
}

fn options(duplicate_keys: DuplicateKeyPolicy) -> Options {
    let mut limits = AliasLimits::default();
    limits.max_total_replayed_events = REPEATED_MAX;
    limits.max_replay_stack_depth = DEPTH_MAX;
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_MAX,
            max_documents: 1,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_nodes: 100_000,
            max_events: 200_000,
            max_total_scalar_bytes: FILE_BYTES_MAX,
            max_buffered_comment_events: 10_000,
        },
        duplicate_keys: duplicate_keys,
        alias_limits: limits,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

fn fault(error: &Error) -> (Pos, Fault) {
    let error = error.without_snippet();
    let pos = error.location().map_or(Pos::START, |location| place(&location).0);
    let message = DefaultMessageFormatter.format_message(error).into_owned();
    let cause = if let Error::AliasError { error, .. } = error { error } else { error };
    let fault = if let Error::DuplicateMappingKey { key, .. } = cause.without_snippet() {
        twice(key.as_deref().unwrap_or("a key"))
    } else if exceeds(cause.without_snippet()) {
        Fault::error("yaml.limit", format!("the document is too large: {message}"))
            .hint("write it out with less nesting and fewer aliases")
    } else {
        Fault::error("yaml.syntax", message)
    };
    (pos, fault)
}

/// Whether it is one of our limits that was exceeded, and not YAML's rules.
fn exceeds(error: &Error) -> bool {
    matches!(
        error,
        Error::Budget { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasExpansionLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
            | Error::AliasReplayCounterOverflow { .. }
    )
}

fn twice(key: &str) -> Fault {
    Fault::error("yaml.duplicate_key", format!("`{key}` is set twice")).hint("keep one of the two")
}

fn place(location: &Location) -> (Pos, Option<usize>) {
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).max(1);
    let pos = Pos { line: small(location.line()), column: small(location.column()) };
    (pos, location.span().byte_offset().and_then(|byte| usize::try_from(byte).ok()))
}

impl Node {
    /// The value of a key, if it is a mapping that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(written, _)| written.value == key).map(|(_, node)| node)
    }

    /// Moves it and all within it down by so many lines.
    fn shift(&mut self, lines: u32) {
        self.at.line += lines;
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.shift(lines)),
            Value::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.at.line += lines;
                value.shift(lines);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
        }
    }

    /// Every key that is set before in its mapping.
    fn duplicates(&self, faults: &mut Vec<(Pos, Fault)>) {
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.duplicates(faults)),
            Value::Map(entries) => {
                let mut seen = BTreeSet::new();
                for (key, node) in entries {
                    if !seen.insert(&key.value) {
                        faults.push((key.at, twice(&key.value)));
                    }
                    node.duplicates(faults);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
        }
    }

    /// The place of byte `offset` of a text within `document`, the text the node was read from:
    /// the characters that are no white space are matched one by one, through quotes, folding and
    /// block indentation. `None` where they differ: in an alias, or after an escape such as `\n`.
    pub(super) fn inside(&self, document: &str, offset: usize) -> Option<Pos> {
        let Value::Text(value) = &self.value else { return None };
        let written = document.get(self.byte?..)?;
        let (header, escape) = match written.chars().next()? {
            '|' | '>' => (written.find('\n')? + 1, None),
            '"' => (1, Some('\\')),
            '\'' => (1, Some('\'')),
            _ => (0, None),
        };
        let mut source = written[header..].char_indices().filter(|(_, c)| !c.is_whitespace());
        let upto = value.char_indices().take_while(|(at, _)| *at <= offset);
        let mut found = header;
        for (_, wanted) in upto.filter(|(_, c)| !c.is_whitespace()) {
            let (mut at, mut c) = source.next()?;
            if Some(c) == escape {
                (at, c) = source.next()?;
            }
            if c != wanted {
                return None;
            }
            found = header + at;
        }
        Some(self.at.after(&written[..found]))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        let (at, byte) = place(&spanned.referenced);
        Ok(Self { at, byte, value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let (at, _) = place(&key.referenced);
            entries.push((At { at, value: key.value }, map.next_value()?));
        }
        Ok(Value::Map(entries))
    }
}
