//! The gauge of a threshold: a plain selector, each of whose samples is judged by itself.

use plimsoll_domain::slo::selector::Selector;
use promql_parser::parser::{BinaryExpr, Call, Expr};

use super::super::position::Fault;
use super::tokens::Tokens;
use super::{Reads, Refusal, Walk, fraction, names, operators, parse, refused};

pub(super) const ACCEPTED: &str = "accepted: the gauge itself, x{…}";

/// The gauges that a query names, and what is odd about them.
pub(in super::super) fn gauge(query: &str) -> Result<(Selector, Option<Refusal>), Refusal> {
    const EACH: &str = "leave it out: every sample of every series is judged by itself";
    let expr = parse(query)?;
    let mut walk = Walk { tokens: Tokens::of(query), reads: Reads::Gauges };
    let expr = walk.unwrapped(&expr);
    let at = walk.tokens.here();
    match expr {
        Expr::VectorSelector(selector) => {
            let selector = walk.selector(selector)?;
            let odd = counter_looking(at, &selector);
            Ok((selector, odd))
        }
        Expr::Aggregate(aggregate) => {
            refused(at, format!("{} of a gauge is not read", aggregate.op), EACH)
        }
        Expr::Call(call) => refused(at, format!("{}(…) is no gauge", call.func.name), why(call)),
        Expr::MatrixSelector(_) | Expr::Subquery(_) => {
            let at = walk.tokens.find(|token| token.starts_with('['));
            refused(at, "a gauge has no range here", EACH)
        }
        Expr::Binary(binary) => walk.refuse_comparison(binary),
        Expr::Paren(_) | Expr::Unary(_) | Expr::Extension(_) => {
            refused(at, "this is no gauge", ACCEPTED)
        }
        Expr::NumberLiteral(_) => refused(at, "a number is no gauge", ACCEPTED),
        Expr::StringLiteral(_) => refused(at, "a text is no gauge", ACCEPTED),
    }
}

fn why(call: &Call) -> &'static str {
    match call.func.name {
        "rate" | "increase" | "irate" => {
            "a threshold is for gauges, which are compared as they stand: x{…}; what is counted \
             is a ratioMetric"
        }
        "histogram_quantile" => fraction::NO_QUANTILE,
        _ => ACCEPTED,
    }
}

/// Not a fault, but hardly meant.
fn counter_looking(at: usize, selector: &Selector) -> Option<Refusal> {
    let name = names::named(selector).find(|name| {
        ["_total", "_bucket", "_created"].iter().any(|suffix| name.ends_with(suffix))
    })?;
    let message = format!("`{name}` looks like a counter: its value says little by itself");
    let hint = "count its increases: ratioMetric with good and total";
    Some((at, Fault::warning("promql.counter_as_gauge", message).hint(hint)))
}

impl Walk<'_> {
    fn refuse_comparison<T>(&mut self, binary: &BinaryExpr) -> Result<T, Refusal> {
        let operator = binary.op.to_string();
        let at = self.tokens.pass_operator(operators(&binary.lhs));
        let hint = match operator.as_str() {
            "<" | "<=" | ">" | ">=" => {
                "the condition stands in the objective of the SLO: `op: lte` and `value: 0.8`"
            }
            _ => ACCEPTED,
        };
        refused(at, format!("`{operator}` is not computed on gauges"), hint)
    }
}

#[cfg(test)]
mod tests;
