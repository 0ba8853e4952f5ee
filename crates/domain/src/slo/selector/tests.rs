use super::*;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    let owned = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Labels::from_pairs(owned).expect("unique names")
}

fn selector(matchers: &[(&str, Comparison, &str)]) -> Selector {
    let owned = matchers.iter().map(|(label, comparison, value)| Matcher {
        label: (*label).to_owned(),
        comparison: *comparison,
        value: (*value).to_owned(),
    });
    Selector::new(owned.collect())
}

#[test]
fn matchers_follow_prometheus() {
    let series = labels(&[("__name__", "http_requests_total"), ("code", "503"), ("job", "")]);
    let holds = |label, comparison, value| {
        let selector = selector(&[(label, comparison, value)]);
        selector.compile().expect("compiles").matches(&series)
    };
    assert!(holds("code", Comparison::Equal, "503"));
    assert!(holds("code", Comparison::Matches, "5.."));
    assert!(!holds("code", Comparison::Matches, "5"), "anchored at both ends");
    assert!(!holds("code", Comparison::Matches, "50|04"), "alternatives are anchored together");
    assert!(holds("code", Comparison::NotMatches, "2.."));
    assert!(holds("absent", Comparison::Equal, ""), "an absent label reads as empty");
    assert!(holds("job", Comparison::NotEqual, "api"), "an empty label is absent");
    assert!(!holds("absent", Comparison::Matches, ".+"));
}

#[test]
fn equal_conditions_make_equal_selectors() {
    let a = selector(&[("a", Comparison::Equal, "1"), ("b", Comparison::Equal, "2")]);
    let b = selector(&[
        ("b", Comparison::Equal, "2"),
        ("a", Comparison::Equal, "1"),
        ("a", Comparison::Equal, "1"),
    ]);
    assert_eq!(a, b);
    assert_eq!(a.to_string(), b.to_string());
}

#[test]
fn a_selector_reads_as_prometheus_writes_it() {
    let all = selector(&[
        ("code", Comparison::Matches, "5.."),
        ("__name__", Comparison::Equal, "http_requests_total"),
    ]);
    assert_eq!(all.to_string(), r#"http_requests_total{code=~"5.."}"#);
}

#[test]
fn a_broken_expression_is_named() {
    let broken = selector(&[("code", Comparison::Matches, "5(")]).compile();
    assert!(broken.is_err_and(|error| error.to_string().contains("5(")));
}

#[test]
fn an_expression_cannot_close_what_anchors_it() {
    for pattern in ["5..)|(4..", "5..)|4..|(x"] {
        let broken = selector(&[("code", Comparison::Matches, pattern)]).compile();
        let told = broken.err().map(|error| error.to_string());
        assert!(told.as_ref().is_some_and(|told| told.contains("unopened group")), "{told:?}");
        assert!(selector(&[("code", Comparison::NotMatches, pattern)]).compile().is_err());
    }
}

#[test]
fn label_names_are_unique() {
    let twice = vec![("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
    assert_eq!(Labels::from_pairs(twice), None);
}

#[test]
fn labels_hold_texts_of_any_length_and_script() {
    for length in [1, 63, 64, 65, 127, 128, 4_095, 4_096, 300_000] {
        let value = "é".repeat(length);
        let pairs = [("__name__", "up"), ("path", value.as_str()), ("żona", "1\0")];
        let packed = labels(&pairs);
        assert!(packed.pairs().eq(pairs), "{length}");
        assert_eq!(packed.get("path"), Some(value.as_str()));
        let written = serde_json::to_string(&packed).expect("it is written");
        assert_eq!(written, serde_json::to_string(&pairs).expect("they are written"));
        assert_eq!(serde_json::from_str::<Labels>(&written).expect("it is read"), packed);
    }
    assert_eq!(Labels::default().pairs().count(), 0);
}
