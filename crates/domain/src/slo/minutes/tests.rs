use super::*;

#[test]
fn a_span_falls_into_its_days() {
    let days = |from, to| {
        let span = Span { from: Minute(from), to: Minute(to) };
        span.days().map(|(day, slots)| (day.0, slots.start, slots.end)).collect::<Vec<_>>()
    };
    assert_eq!(days(-1, 1), [(-1, 1_439, 1_440), (0, 0, 1)]);
    assert_eq!(days(0, 1_440), [(0, 0, 1_440)]);
    assert_eq!(days(1_439, 2_881), [(0, 1_439, 1_440), (1, 0, 1_440), (2, 0, 1)]);
    assert_eq!(days(5, 5), []);
    assert_eq!(days(5, 3), []);
}
