use super::*;

fn told(query: &str) -> String {
    match counted(query) {
        Ok(Counted { of, less, or_zero }) => {
            let less = less.map(|less| format!(" less {less}")).unwrap_or_default();
            format!("{of}{less}{}", if or_zero { " or zero" } else { "" })
        }
        Err((at, fault)) => {
            let found = fault.at("f", super::super::super::Pos::START);
            format!("{at}: {}", found.message)
        }
    }
}

#[test]
fn counters_differences_and_fallbacks_are_read() {
    for (query, reads) in [
        ("sum(rate(a{x=\"1\"}[5m]))", "a{x=\"1\"}"),
        ("(sum(rate(a[5m])) - sum(rate(b{le=\"0.4\"}[5m])))", "a{} less b{le=\"0.4\"}"),
        ("sum(rate(a[5m])) or vector(0)", "a{} or zero"),
        ("sum(rate(a[5m])) OR on() vector(0)", "a{} or zero"),
        ("(sum(increase(a[1h])) - sum(increase(b[1h]))) or (vector(0))", "a{} less b{} or zero"),
    ] {
        assert_eq!(told(query), reads, "{query}");
    }
}

#[test]
fn what_counts_nothing_is_refused_at_its_place() {
    for (query, refusal) in [
        ("sum(rate(a[5m])) or vector(1)", "17: `or` cannot be counted as events"),
        ("sum(rate(a[5m])) - sum(rate(b[1h]))", "19: the two sides count over different ranges"),
        ("sum(rate(a[5m])) - 1", "19: a number counts no events"),
        ("sum(rate(a[5m])) + sum(rate(b[5m]))", "17: sums of several counters are not read yet"),
        (
            "sum(rate(a[5m])) - on(x) sum(rate(b[5m]))",
            "19: matching by labels is not read: both sides are sums",
        ),
    ] {
        assert_eq!(told(query), refusal, "{query}");
    }
}
