use super::*;
use std::fmt::Write as _;

/// What was decoded as text, for comparison with what a test expects.
pub(crate) fn told(decoded: &Decoded) -> String {
    let mut text = String::new();
    for series in decoded.batch.series() {
        write!(text, "{}", series.to_labels(|_| true)).unwrap();
        for point in series.points() {
            match point.value {
                Value::Number(number) => write!(text, " {number}").unwrap(),
                Value::Delta(delta) => write!(text, " +{delta}").unwrap(),
                Value::Histogram(number) => {
                    let below = |bound| decoded.batch.at_most(number, bound).unwrap();
                    let count = decoded.batch.count(number).unwrap();
                    write!(text, " {count}({} ≤0, {} ≤1)", below(0.0), below(1.0)).unwrap();
                }
                Value::Stale => text.push_str(" stale"),
            }
            write!(text, " @{}", point.at_ms).unwrap();
            point.start_ms.iter().for_each(|start| write!(text, " since {start}").unwrap());
        }
        text.push('\n');
    }
    for fault in &decoded.faults {
        writeln!(text, "fault in {fault}").unwrap();
    }
    if decoded.not_finite > 0 {
        writeln!(text, "{} not finite", decoded.not_finite).unwrap();
    }
    if decoded.gauge_histograms > 0 {
        writeln!(text, "{} gauges", decoded.gauge_histograms).unwrap();
    }
    text
}

#[test]
fn only_the_stale_marker_is_stale() {
    assert_eq!(value_of(f64::from_bits(STALE_BITS)), Some(Value::Stale));
    // What Prometheus writes for an ordinary NaN, and what Rust does.
    assert_eq!(value_of(f64::from_bits(0x7ff8_0000_0000_0001)), None);
    assert_eq!(value_of(f64::NAN), None);
    assert_eq!(value_of(f64::NEG_INFINITY), None);
    assert_eq!(value_of(-0.5), Some(Value::Number(-0.5)));
}
