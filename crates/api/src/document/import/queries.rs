//! The queries of other programs: templates of a range filled in, and counts read for what they
//! count.

use plimsoll_domain::slo::selector::Selector;

use super::super::position::Fault;
use super::super::promql::{self, Counted, Refusal};
use super::super::yaml::Node;
use super::Reading;
use super::found::Metric;

/// The range that takes a template's place: which it is makes no difference, increases are counted
/// sample by sample.
const RANGE: &str = "5m";

impl Reading<'_, '_> {
    /// A query with its templates of a range filled in, each by as many bytes as it has, so that
    /// places stay what they are.
    fn filled(&mut self, node: &Node) -> Option<String> {
        let text = self.reader.text(node)?.value;
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find("{{") {
            let Some(length) = rest[start..].find("}}").map(|end| end + 2) else { break };
            let template = &rest[start..start + length];
            filled += &rest[..start];
            if template[2..length - 2].trim() == ".window" {
                filled += &format!("{RANGE:<length$}");
            } else {
                filled += template;
            }
            rest = &rest[start + length..];
        }
        Some(filled + rest)
    }

    fn read<T>(
        &mut self,
        node: &Node,
        read: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<(String, T)> {
        let query = self.filled(node)?;
        match read(&query) {
            Ok(read) => Some((on_one_line(&query), read)),
            Err((offset, fault)) => {
                self.reader.report_inside(node, offset, fault);
                None
            }
        }
    }

    fn count(&mut self, node: &Node) -> Option<(String, Counted)> {
        let (query, counted) = self.read(node, promql::counted)?;
        if !counted.or_zero {
            return Some((query, counted));
        }
        let message = "`or vector(0)` is left out: a counter that is not there yet counts nothing";
        self.notes.changed(node.at, message, None);
        Some((counter(&counted.of), counted))
    }

    /// Good or bad events of all, from one query each. Bad ones may be written as all less the good
    /// ones.
    pub(super) fn ratio(&mut self, part: &'static str, of: &Node, all: &Node) -> Option<Metric> {
        let (query, counted) = self.count(of)?;
        let (total, all_counted) = self.count(all)?;
        if all_counted.less.is_some() {
            let fault = Fault::error("import.total", "all events are written as a difference");
            self.fault(all.at, fault.hint("name the counter of all events"));
            return None;
        }
        let Some(less) = counted.less else {
            return Some(Metric::Ratio { part, query, total });
        };
        if counted.of != all_counted.of {
            let message = format!("`{}` is not what counts all events", counted.of);
            let hint = "a difference is read as all events less the others: write the others";
            self.fault(of.at, Fault::error("import.difference", message).hint(hint));
            return None;
        }
        let other = if part == "bad" { "good" } else { "bad" };
        Some(Metric::Ratio { part: other, query: counter(&less), total })
    }

    /// A share of failures, or of successes, as one query.
    pub(super) fn raw(&mut self, of: &'static str, node: &Node) -> Option<Metric> {
        let (query, _) = self.read(node, promql::share)?;
        Some(Metric::Raw { query, of })
    }
}

/// A counter's increase, as people write it.
fn counter(selector: &Selector) -> String {
    format!("sum(rate({selector}[{RANGE}]))")
}

/// A query on one line: white space between its words is one space, none before a bracket closes.
fn on_one_line(query: &str) -> String {
    let mut line = String::with_capacity(query.len());
    let (mut quote, mut escaped) = (None, false);
    for c in query.trim().chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"' | '\'') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c.is_whitespace() && line.ends_with([' ', '(', '[']) => continue,
            None if matches!(c, ']' | ')') => line.truncate(line.trim_end().len()),
            None => {}
        }
        line.push(if quote.is_none() && c.is_whitespace() { ' ' } else { c });
    }
    line
}

#[cfg(test)]
mod tests;
