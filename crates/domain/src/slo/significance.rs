//! Is the burn real, or a few failures on thin traffic?

use statrs::function::beta::beta_reg;

/// P(X ≥ failures) for X ~ Binomial(events, rate): the exact upper tail, by the regularised
/// incomplete beta function I_rate(failures, events − failures + 1) (DLMF 8.17.5, which also
/// continues it to fractional counts). 1 without failures.
pub fn binomial_tail(failures: f64, events: f64, rate: f64) -> f64 {
    if failures <= 0.0 {
        return 1.0;
    }
    if failures > events || rate <= 0.0 {
        return 0.0;
    }
    beta_reg(failures, events - failures + 1.0, rate.min(1.0))
}

#[cfg(test)]
mod tests;
