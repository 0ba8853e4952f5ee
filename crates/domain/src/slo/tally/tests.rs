use super::*;
use crate::slo::selector::{Comparison, Matcher};

type Row = (&'static str, Comparison, &'static str);

fn selector(matchers: &[Row]) -> Selector {
    let matcher = |(label, comparison, value): &Row| Matcher {
        label: (*label).to_owned(),
        comparison: *comparison,
        value: (*value).to_owned(),
    };
    Selector::new(matchers.iter().map(matcher).collect())
}

fn of(total: &[Row]) -> Indicator {
    Indicator::ratio(selector(total), Part::Bad, selector(&[("__name__", Comparison::Equal, "b")]))
}

/// Matchers of which each row is written like the one beside it.
#[test]
fn what_is_written_alike_and_is_not_the_same_has_its_own_identity() {
    use Comparison::{Equal, Matches, NotEqual};
    let name = ("__name__", Equal, "x_total");
    let alike: [[&[Row]; 2]; 3] = [
        [&[name, ("a", Equal, "p"), ("b", Equal, "q")], &[name, ("a=\"p\",b", Equal, "q")]],
        [&[name, ("a", NotEqual, "p")], &[name, ("a!", Equal, "p")]],
        [&[("a", Matches, "p")], &[("__name__", Equal, ""), ("a", Matches, "p")]],
    ];
    for [one, other] in alike.map(|pair| pair.map(of)) {
        assert_eq!(one.total.selector.to_string(), other.total.selector.to_string());
        assert_ne!(one.tally(), other.tally(), "{}", one.total.selector);
        assert_ne!(one.total.id(), other.total.id(), "{}", one.total.selector);
    }
}

#[test]
fn the_same_conditions_are_one_tally() {
    use Comparison::Equal;
    let one = of(&[("__name__", Equal, "x"), ("a", Equal, "1")]);
    let other = of(&[("a", Equal, "1"), ("__name__", Equal, "x"), ("a", Equal, "1")]);
    assert_eq!((one.tally(), one.total.id()), (other.tally(), other.total.id()));
}

#[test]
fn labels_of_a_grouping_are_told_apart() {
    let grouped = |labels: &[&str]| {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let grouping = Grouping { labels, groups_max: 10 };
        Indicator { grouping, ..of(&[("__name__", Comparison::Equal, "x")]) }.tally()
    };
    assert_ne!(grouped(&["a,b"]), grouped(&["a", "b"]));
    assert_ne!(grouped(&[]), grouped(&["a", "=", "b"]), "no label passes for a matcher");
    assert_ne!(grouped(&[]), grouped(&[""]));
}
