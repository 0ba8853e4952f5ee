use super::*;
use crate::slo::selector::Matcher;

fn selector(name: &str, le: Option<&str>) -> Selector {
    let equal = |label: &str, value: &str| Matcher {
        label: label.to_owned(),
        comparison: Comparison::Equal,
        value: value.to_owned(),
    };
    let bound = le.map(|bound| equal("le", bound));
    Selector::new([equal("__name__", name)].into_iter().chain(bound).collect())
}

fn condition(operator: Operator, value: f64) -> Condition {
    Condition { operator, value }
}

#[test]
fn a_threshold_is_the_same_of_a_classic_and_of_a_native_histogram() {
    let at_most = Criterion::Observation(condition(Operator::Lte, 0.3));
    let all = || selector("x_count", None);
    let classic = Indicator::ratio(all(), Part::Good, selector("x_bucket", Some("0.30")));
    assert_eq!(Criterion::of(&classic), at_most);
    assert_eq!(Criterion::of(&Indicator::latency(selector("x", None), 0.3)), at_most);
    let above = Indicator { part: Part::Bad, ..classic };
    let expected = Criterion::Observation(condition(Operator::Gt, 0.3));
    assert_eq!(Criterion::of(&above), expected, "what is bad up to 0.3 is good above");
    let everything = Indicator::ratio(all(), Part::Good, selector("x_bucket", Some("+Inf")));
    assert_eq!(Criterion::of(&everything), Criterion::Counter, "that is no threshold");
}

#[test]
fn counters_have_none_and_gauges_their_own() {
    let total = || selector("x_total", None);
    let ratio = Indicator::ratio(total(), Part::Bad, selector("x_total", Some("0.3")));
    assert_eq!(Criterion::of(&ratio), Criterion::Counter, "`le` of what is no bucket");
    let below = condition(Operator::Lt, 80.0);
    let gauge = Indicator::gauge(selector("x", None), below);
    assert_eq!(Criterion::of(&gauge), Criterion::Sample(below));
    let opposite = Indicator { part: Part::Bad, ..gauge };
    let expected = Criterion::Sample(condition(Operator::Gte, 80.0));
    assert_eq!(Criterion::of(&opposite), expected);
}
