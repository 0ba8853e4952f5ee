use super::*;

fn batch(pairs: &[(&str, &str)]) -> (Batch, Vec<LabelSpan>) {
    let mut batch = Batch::default();
    let mut span = |text| batch.append(text).expect("it is small");
    let labels =
        pairs.iter().map(|(name, value)| LabelSpan { name: span(name), value: span(value) });
    let labels = labels.collect();
    (batch, labels)
}

const POINT: Point = Point { at_ms: 1, start_ms: None, value: Value::Number(1.0) };

#[test]
fn labels_come_out_sorted_and_without_empty_values() {
    let (mut batch, mut labels) = batch(&[("job", "shop"), ("empty", ""), ("__name__", "up")]);
    batch.push_series(&mut labels, [POINT]).expect("it is a label set");
    let series = batch.series().next().expect("it has a series");
    assert_eq!(series.to_labels(|_| true).to_string(), "up{job=\"shop\"}");
    assert_eq!(series.to_labels(|name| name != "job").to_string(), "up{}");
    assert_eq!(series.label("job"), Some(b"shop".as_slice()));
    assert_eq!(series.points(), [POINT]);
}

#[test]
fn what_is_no_label_set_is_refused_and_leaves_nothing() {
    for (pairs, error) in [
        (vec![("a", "1"), ("a", "2")], LabelError::Duplicate),
        (vec![("a", "")], LabelError::None),
        (vec![("", "1")], LabelError::NoName),
    ] {
        let (mut batch, mut labels) = batch(&pairs);
        assert_eq!(batch.push_series(&mut labels, [POINT]), Err(error));
        assert_eq!((batch.series_count(), batch.point_count()), (0, 0));
    }
    let mut broken = Batch::over(vec![b'a', 0xff]);
    let (name, value) = (broken.span(0..1).expect("there"), broken.span(1..2).expect("there"));
    let refused = broken.push_series(&mut vec![LabelSpan { name, value }], [POINT]);
    assert_eq!(refused, Err(LabelError::NotUtf8));
}

#[test]
fn a_span_lies_within_the_bytes() {
    let batch = Batch::over(vec![1, 2, 3]);
    assert!(batch.span(1..4).is_none());
    assert_eq!(batch.span(1..3).map(|span| batch.text(span)), Some([2, 3].as_slice()));
}
