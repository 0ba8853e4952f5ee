//! How other formats write a count of events: a counter, one counter less another, and either of
//! them `or vector(0)`.

use plimsoll_domain::slo::selector::Selector;
use promql_parser::parser::{BinaryExpr, Expr};

use super::tokens::Tokens;
use super::{Reads, Refusal, Walk, parse, refused};

/// What a query counts.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Counted {
    /// These events.
    pub(in super::super) of: Selector,
    /// Without these, which are among them.
    pub(in super::super) less: Option<Selector>,
    /// Whether it says zero where there is no counter, as Plimsoll does by itself.
    pub(in super::super) or_zero: bool,
}

/// The events that a query counts.
pub(in super::super) fn counted(query: &str) -> Result<Counted, Refusal> {
    let expr = parse(query)?;
    let mut walk = Walk { tokens: Tokens::of(query), reads: Reads::Counters };
    walk.counted(&expr)
}

impl Walk<'_> {
    fn counted(&mut self, expr: &Expr) -> Result<Counted, Refusal> {
        let expr = self.unwrapped(expr);
        if let Expr::Binary(binary) = expr {
            match binary.op.to_string().as_str() {
                "or" if is_zero(&binary.rhs) => {
                    let counted = self.counted(&binary.lhs)?;
                    return Ok(Counted { or_zero: true, ..counted });
                }
                "-" => return self.difference(binary),
                _ => {}
            }
        }
        let of = self.term(expr)?.selector;
        Ok(Counted { of, less: None, or_zero: false })
    }

    fn difference(&mut self, binary: &BinaryExpr) -> Result<Counted, Refusal> {
        const SHAPE: &str = "accepted: sum(rate(all[5m])) - sum(rate(good[5m]))";
        let of = self.term(&binary.lhs)?;
        self.tokens.seek("-");
        let below = self.tokens.here();
        if binary.is_matching_on() || binary.is_matching_labels_not_empty() {
            return refused(below, "matching by labels is not read: both sides are sums", SHAPE);
        }
        let less = self.term(&binary.rhs)?;
        if of.over != less.over {
            return refused(below, "the two sides count over different ranges", SHAPE);
        }
        Ok(Counted { of: of.selector, less: Some(less.selector), or_zero: false })
    }
}

/// Whether it is `vector(0)`.
fn is_zero(expr: &Expr) -> bool {
    let mut expr = expr;
    while let Expr::Paren(paren) = expr {
        expr = &paren.expr;
    }
    let Expr::Call(call) = expr else { return false };
    let zero = |arg: &Expr| matches!(arg, Expr::NumberLiteral(number) if number.val == 0.0);
    call.func.name == "vector" && call.args.args.first().is_some_and(|arg| zero(arg))
}

#[cfg(test)]
mod tests;
