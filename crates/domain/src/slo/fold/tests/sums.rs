//! Arithmetic of the naive reading.

/// The median of the last three; the lower of two.
pub(super) fn interval(spacings: &[i64]) -> Option<i64> {
    let mut last: Vec<i64> = spacings.iter().rev().take(3).copied().collect();
    last.sort_unstable();
    last.get(last.len().checked_sub(1)? / 2).copied()
}

pub(super) fn micro(value: f64) -> u128 {
    (value * 1e6).round() as u128
}

pub(super) fn overlap(one: (i64, i64), other: (i64, i64)) -> bool {
    one.0.max(other.0) < one.1.min(other.1)
}

pub(super) fn minute(ms: i64) -> i64 {
    ms.div_euclid(60_000)
}
