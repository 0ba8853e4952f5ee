//! Numbers and instants in words. What is undefined is a dash, never zero.

use jiff::Timestamp;

use super::NOTHING;

/// A share of one as percent, with as many decimals as it needs, at most four.
pub(super) fn percent(share: f64) -> String {
    let percent = (share * 1e6).round() / 1e4;
    // A negative zero is a zero.
    format!("{} %", if percent == 0.0 { 0.0 } else { percent })
}

/// The same, with at most one decimal.
pub(super) fn rough_percent(share: f64) -> String {
    percent((share * 1e3).round() / 1e3)
}

/// A value that may be undefined.
pub(super) fn maybe(value: Option<f64>, format: fn(f64) -> String) -> String {
    value.map_or_else(|| NOTHING.to_owned(), format)
}

/// A number of events: whole, but for inferred parts, thousands set apart.
pub(super) fn count(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    let text = rounded.abs().to_string();
    let (whole, fraction) = text.split_once('.').map_or((&*text, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if rounded < 0.0 { "-" } else { "" };
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{sign}{grouped}{fraction}")
}

/// A burn rate: `14.4×`.
pub(super) fn burn(rate: f64) -> String {
    format!("{}×", (rate * 100.0).round() / 100.0)
}

/// A probability, by its size.
pub(super) fn probability(p: f64) -> String {
    match p {
        p if p != 0.0 && p < 1e-3 => format!("{p:.1e}"),
        p => format!("{}", (p * 1e3).round() / 1e3),
    }
}

/// An instant to the second, in UTC; `--at` reads it back.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An instant that may not have come.
pub(super) fn maybe_instant(at: Option<Timestamp>) -> String {
    at.map_or_else(|| NOTHING.to_owned(), instant)
}

/// Items in one cell.
pub(super) fn joined(items: &[String]) -> String {
    if items.is_empty() { NOTHING.to_owned() } else { items.join(", ") }
}
