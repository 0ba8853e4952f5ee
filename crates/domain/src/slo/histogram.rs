//! Native histograms: how many observations lie at or below a threshold.
//!
//! Buckets and their bounds: Prometheus, "Native histograms", sections "Schema" and "Buckets".
//! Within a bucket observations are taken to lie evenly on the bucket's own scale, as
//! `histogram_fraction` does since Prometheus 3: logarithmic for exponential buckets, linear for
//! the zero bucket and for custom ones. A threshold on a bound is exact.

use std::ops::Range;

/// One bucket: its index, and the observations in it alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Exponential: it reaches from base^(index − 1) to base^index, that bound included. Custom:
    /// its upper bound is `bounds[index]`.
    pub index: i32,
    /// Observations.
    pub count: f64,
}

/// How indices become bounds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scale {
    /// base = 2^(2^−schema).
    Exponential(i32),
    /// Where its bounds stand among those of the batch.
    Custom(Range<usize>),
}

/// One histogram; its buckets and bounds stand in arrays that it shares with others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Histogram {
    pub(crate) count: f64,
    pub(crate) zero_threshold: f64,
    pub(crate) zero_count: f64,
    pub(crate) scale: Scale,
    pub(crate) positive: Range<usize>,
    pub(crate) negative: Range<usize>,
}

/// Bounds that differ by rounding alone are the same.
const SAME: f64 = 1e-12;

impl Histogram {
    /// Observations at most `bound`.
    pub(crate) fn at_most(&self, bound: f64, buckets: &[Bucket], bounds: &[f64]) -> f64 {
        let positive = buckets.get(self.positive.clone()).unwrap_or_default();
        let negative = buckets.get(self.negative.clone()).unwrap_or_default();
        let below = match &self.scale {
            Scale::Custom(range) => {
                let bounds = bounds.get(range.clone()).unwrap_or_default();
                positive.iter().map(|b| b.count * linear(custom(b.index, bounds), bound)).sum()
            }
            Scale::Exponential(schema) => {
                let of = |b: &Bucket| exponential(b.index, *schema);
                let above: f64 = positive.iter().map(|b| b.count * share(of(b), bound)).sum();
                let under: f64 =
                    negative.iter().map(|b| b.count * (1.0 - share(of(b), -bound))).sum();
                above + under + self.zero_count * self.zero_share(bound, negative)
            }
        };
        below.clamp(0.0, self.count)
    }

    /// The share of the zero bucket at most `bound`; it starts at zero when nothing is negative.
    fn zero_share(&self, bound: f64, negative: &[Bucket]) -> f64 {
        let top = self.zero_threshold;
        if top == 0.0 {
            return f64::from(u8::from(bound >= 0.0));
        }
        linear((if negative.is_empty() { 0.0 } else { -top }, top), bound)
    }
}

fn exponential(index: i32, schema: i32) -> (f64, f64) {
    let bound = |index: i32| (f64::from(index) * f64::from(-schema).exp2()).exp2();
    (bound(index.saturating_sub(1)), bound(index))
}

/// A custom bucket's bounds; the first reaches down to zero unless its bound is negative.
fn custom(index: i32, bounds: &[f64]) -> (f64, f64) {
    let at = |index: i32| usize::try_from(index).ok().and_then(|index| bounds.get(index)).copied();
    let upper = at(index).unwrap_or(f64::INFINITY);
    let floor = if upper > 0.0 { 0.0 } else { f64::NEG_INFINITY };
    (at(index.saturating_sub(1)).unwrap_or(floor), upper)
}

/// The share of (lower, upper] at most `bound`, evenly on a logarithmic scale.
fn share((lower, upper): (f64, f64), bound: f64) -> f64 {
    if bound >= upper * (1.0 - SAME) {
        1.0
    } else if bound <= lower * (1.0 + SAME) {
        0.0
    } else if lower == 0.0 {
        // A bound below the smallest number there is.
        linear((lower, upper), bound)
    } else {
        (bound / lower).log2() / (upper / lower).log2()
    }
}

/// The same, evenly on a linear scale. Of a bucket without end nothing is known to lie below.
fn linear((lower, upper): (f64, f64), bound: f64) -> f64 {
    if bound >= upper {
        1.0
    } else if bound <= lower || upper.is_infinite() || lower.is_infinite() {
        0.0
    } else {
        (bound - lower) / (upper - lower)
    }
}

#[cfg(test)]
mod tests;
