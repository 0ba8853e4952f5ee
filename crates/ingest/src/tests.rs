use super::*;
use std::fmt::Write as _;

/// A batch as text, for comparison with what a test expects.
pub(crate) fn told(batch: &Batch) -> String {
    let mut text = String::new();
    for Series { labels, samples } in &batch.series {
        write!(text, "{labels}").unwrap();
        for Sample { at_ms, value } in samples {
            match value {
                SampleValue::Number(number) => write!(text, " {number} @{at_ms}").unwrap(),
                SampleValue::Stale => write!(text, " stale @{at_ms}").unwrap(),
            }
        }
        text.push('\n');
    }
    for fault in &batch.faults {
        writeln!(text, "fault in {fault}").unwrap();
    }
    if batch.not_finite > 0 {
        writeln!(text, "{} not finite", batch.not_finite).unwrap();
    }
    text
}

#[test]
fn only_the_stale_marker_is_stale() {
    assert_eq!(SampleValue::of(f64::from_bits(STALE_BITS)), Some(SampleValue::Stale));
    // What Prometheus writes for an ordinary NaN, and what Rust does.
    assert_eq!(SampleValue::of(f64::from_bits(0x7ff8_0000_0000_0001)), None);
    assert_eq!(SampleValue::of(f64::NAN), None);
    assert_eq!(SampleValue::of(f64::NEG_INFINITY), None);
    assert_eq!(SampleValue::of(-0.5), Some(SampleValue::Number(-0.5)));
}
