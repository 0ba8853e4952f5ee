//! Is the burn real, or a few failures on thin traffic?
//!
//! Invariant: whatever is counted, the answer lies between 0 and 1, holds to six digits and more,
//! and takes at most [`TERMS_MAX`] terms.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::erf::erfc;
use statrs::function::gamma::ln_gamma;

/// From so many failures and so many successes on, the expansion for large numbers is exact to
/// seven digits; below, the continued fraction has at most some hundred terms.
const MANY: f64 = 1e4;

/// Terms after which the continued fraction is as good as it gets.
const TERMS_MAX: u32 = 10_000;

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
    if rate >= 1.0 {
        return 1.0;
    }
    let beta = Beta::at(failures, events - failures + 1.0, rate);
    if failures >= 1.0 {
        return beta.below().clamp(0.0, 1.0);
    }
    // DLMF 8.17.20: the fraction is slow for a below 1.
    let next = Beta::at(failures + 1.0, beta.b, rate);
    (beta.density() / failures + next.below()).clamp(0.0, 1.0)
}

/// A beta distribution, and a place x = 1 − y to cut it at. All of it is reckoned from how far its
/// mean lies beyond x: differences of large logarithms would leave no digit.
#[derive(Debug, Clone, Copy)]
struct Beta {
    a: f64,
    b: f64,
    x: f64,
    y: f64,
    /// a − (a + b) x.
    beyond: f64,
}

impl Beta {
    fn at(a: f64, b: f64, x: f64) -> Self {
        Self { a, b, x, y: 1.0 - x, beyond: (-(a + b)).mul_add(x, a) }
    }

    /// The same seen from the other end.
    fn mirrored(self) -> Self {
        Self { a: self.b, b: self.a, x: self.y, y: self.x, beyond: -self.beyond }
    }

    /// I_x(a, b).
    fn below(self) -> f64 {
        let tail = if self.a.min(self.b) >= MANY { Self::expanded } else { Self::fraction };
        if self.beyond >= 0.0 { tail(self) } else { 1.0 - tail(self.mirrored()) }
    }

    /// a ln(a / (a + b) x) + b ln(b / (a + b) y).
    fn deviance(self) -> f64 {
        self.a * divergence(self.beyond / self.a) + self.b * divergence(-self.beyond / self.b)
    }

    /// x^a y^b / B(a, b), as in C. Loader, *Fast and accurate computation of binomial
    /// probabilities* (2000).
    fn density(self) -> f64 {
        let Self { a, b, .. } = self;
        let rest = stirling(a + b) - stirling(a) - stirling(b);
        (a * (b / (a + b)) / (2.0 * PI)).sqrt() * (rest - self.deviance()).exp()
    }

    /// Temme's expansion, uniform in x, to its first term (DLMF 8.18.9). Needs x at or below the
    /// mean.
    fn expanded(self) -> f64 {
        let Self { a, b, beyond, .. } = self;
        let deviance = self.deviance();
        let spread = (a * (b / (a + b))).sqrt();
        let (plain, bent) = (beyond / spread, (2.0 * deviance).sqrt());
        // The limit of the difference, which two large numbers would not leave.
        let correction = if plain < 0.01 {
            (b - a) / (a + b) / (3.0 * spread)
        } else {
            1.0 / plain - 1.0 / bent
        };
        erfc(bent / SQRT_2) / 2.0 + (-deviance).exp() / (2.0 * PI).sqrt() * correction
    }

    /// The continued fraction of A. Didonato and A. Morris (*Algorithm 708*, ACM TOMS 18, 1992,
    /// equation 9): the even part of DLMF 8.17.22 without its cancellations. Needs x at or below
    /// the mean.
    fn fraction(self) -> f64 {
        let Self { a, b, x, y, beyond } = self;
        let density = self.density();
        if density == 0.0 {
            return 0.0;
        }
        let start = beyond + 1.0;
        let first = 1.0 + 1.0 / a;
        // Numerators and denominators of the last two approximants; the last denominator is 1.
        let (mut above, mut above_before) = (first / start, 0.0);
        let mut below_before = first / start;
        for term in 1..=TERMS_MAX {
            let n = f64::from(term);
            let share = a / (a + 2.0 * n - 1.0);
            let grown = 1.0 + (n - 1.0) / a;
            let weight = n * (b - n) * x;
            let alpha = grown * (grown + b / a) * share * share * weight * x;
            let next = (1.0 + n / a) / (first + 2.0 * n / a);
            let beta = n + weight / (a + 2.0 * n - 1.0) + next * (start + n * (1.0 + y));
            let numerator = alpha * above_before + beta * above;
            let denominator = alpha * below_before + beta;
            let better = numerator / denominator;
            let done = (better - above).abs() <= 1e-13 * better;
            (above_before, below_before) = (above / denominator, denominator.recip());
            above = better;
            if done {
                break;
            }
        }
        density * above
    }
}

/// −ln(1 − t) − t.
fn divergence(t: f64) -> f64 {
    if t.abs() >= 0.05 {
        return -(-t).ln_1p() - t;
    }
    // Its series by Horner's rule: t² / 2 + t³ / 3 + …
    let inner = (2..=14).rev().fold(0.0, |sum, k| 1.0 / f64::from(k) + t * sum);
    t * t * inner
}

/// What Stirling's formula leaves of ln Γ(z) (DLMF 5.11.1).
fn stirling(z: f64) -> f64 {
    if z < 16.0 {
        return ln_gamma(z) - ((z - 0.5) * z.ln() - z + 0.5 * (2.0 * PI).ln());
    }
    let r = z.recip();
    let q = r * r;
    r * (1.0 / 12.0 - q * (1.0 / 360.0 - q * (1.0 / 1_260.0 - q * (1.0 / 1_680.0 - q / 1_188.0))))
}

#[cfg(test)]
mod tests;
