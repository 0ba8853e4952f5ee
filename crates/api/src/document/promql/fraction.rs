//! `histogram_fraction(0, 0.3, sum(rate(x[5m])))`: the share of native histograms' observations
//! that are at most a threshold.

use promql_parser::parser::{Call, Expr};

use super::{Of, Reads, Refusal, Walk, refused};

pub(super) const NAME: &str = "histogram_fraction";

pub(super) const ACCEPTED: &str = "accepted: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))";

/// For functions of histograms where counters are meant.
pub(super) const INSTEAD: &str = "the share of a native histogram is one query, `raw` with \
     `rawType`: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))";

/// For quantiles, wherever they are written.
pub(super) const NO_QUANTILE: &str = "a quantile cannot be added up: write the share of fast \
     requests as a ratioMetric, with le or histogram_fraction";

impl Walk<'_> {
    pub(super) fn fraction(&mut self, call: &Call) -> Result<Of, Refusal> {
        let at = self.tokens.seek(NAME);
        let [lower, upper, histograms] = call.args.args.as_slice() else {
            return refused(at, format!("{NAME} needs two bounds and a histogram"), ACCEPTED);
        };
        self.tokens.seek("(");
        let from_zero = self.lower(lower)?;
        self.tokens.seek(",");
        let threshold = self.threshold(upper, from_zero)?;
        self.tokens.seek(",");
        self.reads = Reads::Histograms;
        let term = self.term(histograms)?;
        Ok(Of::Histograms { histograms: term.selector, threshold })
    }

    /// Whether the lower bound is zero; else it is −∞.
    fn lower(&mut self, lower: &Expr) -> Result<bool, Refusal> {
        match number(lower) {
            Some(0.0) => Ok(true),
            Some(f64::NEG_INFINITY) => Ok(false),
            Some(_) | None => refused(
                self.tokens.here(),
                "the lower bound is neither 0 nor -Inf",
                "observations are counted up to one threshold: start at 0; those above it are \
                 1 - histogram_fraction(0, 0.3, …)",
            ),
        }
    }

    fn threshold(&mut self, upper: &Expr, from_zero: bool) -> Result<f64, Refusal> {
        let at = self.tokens.here();
        match number(upper) {
            Some(threshold) if threshold.is_finite() && (threshold > 0.0 || !from_zero) => {
                Ok(threshold)
            }
            Some(threshold) if threshold.is_finite() => {
                refused(at, "the upper bound does not lie above the lower one", ACCEPTED)
            }
            Some(_) => {
                let hint = "write the threshold, in the unit of the metric: 0.3";
                refused(at, "the upper bound is no threshold", hint)
            }
            None => refused(at, "the upper bound is no number", ACCEPTED),
        }
    }
}

/// A number written out, with or without its sign.
fn number(expr: &Expr) -> Option<f64> {
    let expr = bare(expr);
    if let Expr::Unary(minus) = expr {
        return literal(bare(&minus.expr)).map(|number| -number);
    }
    literal(expr)
}

fn literal(expr: &Expr) -> Option<f64> {
    let Expr::NumberLiteral(number) = expr else { return None };
    Some(number.val)
}

fn bare(mut expr: &Expr) -> &Expr {
    while let Expr::Paren(paren) = expr {
        expr = &paren.expr;
    }
    expr
}

#[cfg(test)]
mod tests;
