//! PromQL to selectors: what an SLI reads, without the query's arithmetic.
//!
//! Plimsoll counts increases itself, sample by sample, so of `sum(rate(x{…}[5m]))` only the
//! selector matters. What means anything else is refused at its place in the query, never guessed.

mod counted;
mod fraction;
mod gauge;
mod names;
mod tokens;

pub(super) use counted::{Counted, counted};
pub(super) use gauge::gauge;

use plimsoll_domain::slo::selector::{Comparison, Matcher, Selector};
use promql_parser::label::MatchOp;
use promql_parser::parser::{self, AggregateExpr, BinaryExpr, Call, Expr, VectorSelector};

use super::position::Fault;
use tokens::Tokens;

/// Bytes a query may have: the parser recurses, and is quadratic on long chains.
const QUERY_BYTES_MAX: usize = 8 << 10;
/// How deep a query may nest.
const DEPTH_MAX: usize = 64;

const ACCEPTED: &str =
    "accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}";

/// A fault, and the byte of the query it is at.
pub(super) type Refusal = (usize, Fault);

/// A share written as one query.
#[derive(Debug, PartialEq)]
pub(super) struct Share {
    /// What is shared out.
    pub(super) of: Of,
    /// Whether the query is one minus that share.
    pub(super) complement: bool,
}

/// What a share is of.
#[derive(Debug, PartialEq)]
pub(super) enum Of {
    /// One sum of counters of another.
    Counters {
        /// What is counted above the line.
        part: Selector,
        /// What is counted below it.
        total: Selector,
    },
    /// The observations of native histograms that are at most the threshold.
    Histograms {
        /// The histograms.
        histograms: Selector,
        /// In the unit of the metric.
        threshold: f64,
    },
}

/// The counters that a query sums up.
pub(super) fn counter(query: &str) -> Result<Selector, Refusal> {
    let expr = parse(query)?;
    let mut walk = Walk { tokens: Tokens::of(query), reads: Reads::Counters };
    walk.term(&expr).map(|term| term.selector)
}

/// The share that a query computes: `part / total`, `histogram_fraction(…)`, or one minus that.
pub(super) fn share(query: &str) -> Result<Share, Refusal> {
    let expr = parse(query)?;
    let mut walk = Walk { tokens: Tokens::of(query), reads: Reads::Counters };
    let expr = walk.unwrapped(&expr);
    if let Expr::Binary(minus) = expr
        && minus.op.to_string() == "-"
        && matches!(&*minus.lhs, Expr::NumberLiteral(one) if one.val == 1.0)
    {
        walk.tokens.pass_operator(0);
        let inner = walk.unwrapped(&minus.rhs);
        return Ok(Share { of: walk.part_of_all(inner)?, complement: true });
    }
    Ok(Share { of: walk.part_of_all(expr)?, complement: false })
}

fn parse(query: &str) -> Result<Expr, Refusal> {
    let refuse = |at, message: String| (at, Fault::error("promql.syntax", message));
    if query.len() > QUERY_BYTES_MAX {
        let message = format!("the query is longer than {QUERY_BYTES_MAX} bytes");
        return Err((0, Fault::error("promql.limit", message)));
    }
    let tokens = Tokens::of(query);
    if let Some(at) = tokens.template() {
        let (at, fault) = refuse(at, "the query is a template".to_owned());
        return Err((at, fault.hint("write a range such as 5m")));
    }
    if let Some((at, message)) = tokens.fault() {
        return Err(refuse(at, message));
    }
    if let Some(at) = tokens.deeper_than(DEPTH_MAX) {
        let message = format!("the query nests deeper than {DEPTH_MAX}");
        return Err((at, Fault::error("promql.limit", message)));
    }
    // promql-parser 0.11 panics at some durations, such as those of `x offset 1e99`.
    let expr = std::panic::catch_unwind(|| parser::parse(query));
    let expr = expr.unwrap_or_else(|_| Err("its parser gives up at it".to_owned()));
    expr.map_err(|reason| refuse(0, format!("the query is no PromQL: {reason}")))
}

/// One summed-up counter.
struct Term {
    selector: Selector,
    /// `rate` or `increase` and its range in seconds; none is the bare counter.
    over: Option<(&'static str, u64)>,
}

/// A walk through the query in the order it is written, so that the token at hand is the place of
/// the expression at hand: the parser's tree does not know places.
struct Walk<'q> {
    tokens: Tokens<'q>,
    reads: Reads,
}

/// What the selectors at hand are to name.
#[derive(Clone, Copy)]
enum Reads {
    Counters,
    Histograms,
    Gauges,
}

impl Reads {
    /// The shapes that say so.
    fn accepted(self) -> &'static str {
        match self {
            Self::Counters => ACCEPTED,
            Self::Histograms => fraction::ACCEPTED,
            Self::Gauges => gauge::ACCEPTED,
        }
    }
}

fn refused<T>(at: usize, message: impl Into<String>, hint: &str) -> Result<T, Refusal> {
    Err((at, Fault::error("promql.unsupported", message).hint(hint)))
}

impl Walk<'_> {
    /// The expression within any parentheses around it.
    fn unwrapped<'e>(&mut self, mut expr: &'e Expr) -> &'e Expr {
        while let Expr::Paren(paren) = expr {
            self.tokens.seek("(");
            expr = &paren.expr;
        }
        expr
    }

    fn term(&mut self, expr: &Expr) -> Result<Term, Refusal> {
        let expr = self.unwrapped(expr);
        let here = self.tokens.here();
        match expr {
            Expr::Paren(paren) => self.term(&paren.expr),
            Expr::Aggregate(aggregate) => self.sum(aggregate),
            Expr::Call(call) => self.increase(call),
            Expr::VectorSelector(selector) => {
                Ok(Term { selector: self.selector(selector)?, over: None })
            }
            Expr::MatrixSelector(_) => {
                refused(here, "a range needs rate or increase around it", self.reads.accepted())
            }
            Expr::Binary(binary) => self.refuse_operator(binary),
            Expr::Subquery(_) => {
                let at = self.tokens.find(|token| token.starts_with('[') && token.contains(':'));
                refused(at, "a subquery cannot be counted as events", self.reads.accepted())
            }
            Expr::Unary(_) => {
                refused(here, "a negated counter counts no events", self.reads.accepted())
            }
            Expr::NumberLiteral(_) => {
                refused(here, "a number counts no events", self.reads.accepted())
            }
            Expr::StringLiteral(_) => {
                refused(here, "a text counts no events", self.reads.accepted())
            }
            Expr::Extension(_) => {
                refused(here, "this expression is not known", self.reads.accepted())
            }
        }
    }

    fn sum(&mut self, aggregate: &AggregateExpr) -> Result<Term, Refusal> {
        let operator = aggregate.op.to_string();
        let at = self.tokens.seek(&operator);
        if operator != "sum" {
            return refused(
                at,
                format!("{operator} of counters counts no events"),
                self.reads.accepted(),
            );
        }
        if aggregate.modifier.is_some() {
            let at = self.tokens.find(|token| matches!(token, "by" | "without"));
            return refused(
                at,
                "groups (`sum by`, `sum without`) are not read yet",
                "leave the grouping out: the SLO counts all series of the selector together",
            );
        }
        self.tokens.seek("(");
        self.term(&aggregate.expr)
    }

    fn increase(&mut self, call: &Call) -> Result<Term, Refusal> {
        let function = call.func.name;
        let at = self.tokens.seek(function);
        let hint = match function {
            "irate" | "deriv" => "write rate instead",
            "delta" | "idelta" => "write increase instead: delta is for gauges",
            "histogram_quantile" => fraction::NO_QUANTILE,
            _ if function.starts_with("histogram_") => fraction::INSTEAD,
            _ => self.reads.accepted(),
        };
        if !matches!(function, "rate" | "increase") {
            return refused(at, format!("{function}(…) cannot be counted as events"), hint);
        }
        let Some(argument) = call.args.args.first() else {
            return refused(
                at,
                format!("{function} needs a counter and a range"),
                self.reads.accepted(),
            );
        };
        self.tokens.seek("(");
        let argument = self.unwrapped(argument);
        if let Expr::MatrixSelector(matrix) = argument {
            let selector = self.selector(&matrix.vs)?;
            return Ok(Term { selector, over: Some((function, matrix.range.as_secs())) });
        }
        // What is wrong within comes first.
        self.term(argument)?;
        refused(at, format!("{function} needs a counter and a range"), self.reads.accepted())
    }

    fn refuse_operator<T>(&mut self, binary: &BinaryExpr) -> Result<T, Refusal> {
        let operator = binary.op.to_string();
        let at = self.tokens.pass_operator(operators(&binary.lhs));
        match operator.as_str() {
            "/" => refused(
                at,
                "a quotient is a share, not a count of events",
                "write good (or bad) and total apart, or the whole share as `raw` with `rawType`",
            ),
            "+" => refused(
                at,
                "sums of several counters are not read yet",
                "one selector can name several counters: {__name__=~\"a_total|b_total\"}",
            ),
            "or" => refused(
                at,
                "`or` cannot be counted as events",
                "a fallback such as `or vector(0)` is not needed: a counter that does not exist \
                 yet counts nothing",
            ),
            _ => refused(
                at,
                format!("`{operator}` cannot be counted as events"),
                self.reads.accepted(),
            ),
        }
    }

    fn selector(&mut self, selector: &VectorSelector) -> Result<Selector, Refusal> {
        let at = match &selector.name {
            Some(name) => self.tokens.seek(name),
            None => self.tokens.seek_group('{'),
        };
        if selector.offset.is_some() {
            let at = self.tokens.seek("offset");
            return refused(
                at,
                "an SLO counts events when they happen: no offset",
                self.reads.accepted(),
            );
        }
        if selector.at.is_some() {
            let at = self.tokens.seek("@");
            return refused(
                at,
                "an SLO counts events when they happen: no @",
                self.reads.accepted(),
            );
        }
        if !selector.matchers.or_matchers.is_empty() {
            return refused(at, "`or` between matchers is not read", "write a regular expression");
        }
        let name = selector.name.iter().map(|name| Matcher {
            label: "__name__".to_owned(),
            comparison: Comparison::Equal,
            value: name.clone(),
        });
        let rest = selector.matchers.matchers.iter().map(|matcher| Matcher {
            label: matcher.name.clone(),
            comparison: comparison(&matcher.op),
            value: matcher.value.clone(),
        });
        names::checked(at, Selector::new(name.chain(rest).collect()), self.reads)
    }

    fn part_of_all(&mut self, expr: &Expr) -> Result<Of, Refusal> {
        if let Expr::Call(call) = expr
            && call.func.name == fraction::NAME
        {
            return self.fraction(call);
        }
        self.quotient(expr)
    }

    fn quotient(&mut self, expr: &Expr) -> Result<Of, Refusal> {
        const SHAPE: &str = "accepted: sum(rate(part[5m])) / sum(rate(total[5m])), \
             histogram_fraction(0, 0.3, sum(rate(x[5m]))), or 1 - that";
        let here = self.tokens.here();
        let Expr::Binary(binary) = expr else {
            return refused(here, "a raw query is a share: part / total", SHAPE);
        };
        let operator = binary.op.to_string();
        if operator != "/" {
            let at = self.tokens.pass_operator(operators(&binary.lhs));
            return refused(at, format!("`{operator}` makes no share of events"), SHAPE);
        }
        let part = self.term(&binary.lhs)?;
        self.tokens.seek("/");
        let below = self.tokens.here();
        if binary.is_matching_on() || binary.is_matching_labels_not_empty() {
            return refused(below, "matching by labels is not read: both sides are sums", SHAPE);
        }
        let total = self.term(&binary.rhs)?;
        if part.over != total.over {
            let message = "the two sides of the quotient count over different ranges";
            return refused(below, message, "use the same function and range on both sides");
        }
        Ok(Of::Counters { part: part.selector, total: total.selector })
    }
}

/// Binary operators of an expression outside of its parentheses and calls.
fn operators(expr: &Expr) -> usize {
    let (mut count, mut expr) = (0, expr);
    while let Expr::Binary(binary) = expr {
        count += 1 + operators(&binary.rhs);
        expr = &binary.lhs;
    }
    count
}

fn comparison(op: &MatchOp) -> Comparison {
    match op {
        MatchOp::Equal => Comparison::Equal,
        MatchOp::NotEqual => Comparison::NotEqual,
        MatchOp::Re(_) => Comparison::Matches,
        MatchOp::NotRe(_) => Comparison::NotMatches,
    }
}

#[cfg(test)]
mod tests;
