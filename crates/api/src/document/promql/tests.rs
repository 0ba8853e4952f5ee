//! Tables: each query, and below it its selector or `column: code: message | hint`.

use expect_test::{Expect, expect};

use super::{Of, Refusal, counter, share};
use crate::document::position::Pos;

pub(super) fn refusal(query: &str, (offset, fault): Refusal) -> String {
    let column = query[..offset].chars().count() + 1;
    let d = fault.at("", Pos::START);
    let hint = d.hint.iter().map(|hint| format!(" | {hint}")).collect::<String>();
    format!("{column}: {}: {}{hint}", d.code, d.message)
}

pub(super) fn counted(query: &str) -> String {
    counter(query).map_or_else(|fault| refusal(query, fault), |selector| selector.to_string())
}

pub(super) fn shared(query: &str) -> String {
    let whole = |of| match of {
        Of::Counters { part, total } => format!("{part} / {total}"),
        Of::Histograms { histograms, threshold } => format!("{histograms} at most {threshold}"),
    };
    match share(query) {
        Ok(share) if share.complement => format!("1 - {}", whole(share.of)),
        Ok(share) => whole(share.of),
        Err(fault) => refusal(query, fault),
    }
}

fn check(queries: &[&str], expected: Expect) {
    expected.assert_eq(&table(queries, counted));
}

fn check_share(queries: &[&str], expected: Expect) {
    expected.assert_eq(&table(queries, shared));
}

pub(super) fn table(queries: &[&str], outcome: fn(&str) -> String) -> String {
    queries.iter().map(|query| format!("{query}\n    {}\n", outcome(query))).collect()
}

#[test]
fn only_a_range_is_looked_at_for_a_template() {
    check(
        &[
            "x_total{path=~\"[$]a\"}",
            "x_total{path=~\"[{{]a\"}",
            "sum(rate(x{path=~\"[$]a\"}[$__rate_interval]))",
            "sum(rate(x[ $window]))",
            "sum(rate(x[{{ .window }}]))",
            "x # [$range]",
        ],
        expect![[r#"
            x_total{path=~"[$]a"}
                x_total{path=~"[$]a"}
            x_total{path=~"[{{]a"}
                x_total{path=~"[{{]a"}
            sum(rate(x{path=~"[$]a"}[$__rate_interval]))
                26: promql.syntax: the query is a template | write a range such as 5m
            sum(rate(x[ $window]))
                13: promql.syntax: the query is a template | write a range such as 5m
            sum(rate(x[{{ .window }}]))
                12: promql.syntax: the query is a template | write a range such as 5m
            x # [$range]
                x{}
        "#]],
    );
}

#[test]
fn accepted_shapes_become_their_selector() {
    check(
        &[
            "sum(rate(x{code=~\"5..\",a!=\"b\"}[5m]))",
            "sum(increase(x[1h]))",
            "((sum ( ( rate((x[5m])) ) )))",
            "rate(x[5m])",
            "x",
            "sum(x)",
            "{__name__=~\"a_total|b_total\", job=\"j\"}",
            "rate(http_request_duration_seconds_bucket{le=\"0.3\"}[5m])",
            "# errors\nsum(\n  rate(x{a='b'}[5m])\n)",
            "job:errors:total",
        ],
        expect![[r#"
            sum(rate(x{code=~"5..",a!="b"}[5m]))
                x{a!="b",code=~"5.."}
            sum(increase(x[1h]))
                x{}
            ((sum ( ( rate((x[5m])) ) )))
                x{}
            rate(x[5m])
                x{}
            x
                x{}
            sum(x)
                x{}
            {__name__=~"a_total|b_total", job="j"}
                {__name__=~"a_total|b_total",job="j"}
            rate(http_request_duration_seconds_bucket{le="0.3"}[5m])
                http_request_duration_seconds_bucket{le="0.3"}
            # errors
            sum(
              rate(x{a='b'}[5m])
            )
                x{a="b"}
            job:errors:total
                job:errors:total{}
        "#]],
    );
}

#[test]
fn what_counts_no_events_is_refused_at_its_place() {
    check(
        &[
            "sum by (job) (rate(x[5m]))",
            "sum(rate(x[5m])) without (job)",
            "avg(rate(x[5m]))",
            "sum(irate(x[5m]))",
            "sum(delta(x[5m]))",
            "histogram_quantile(0.9, sum(rate(x[5m])))",
            "sum(rate(x[5m] offset 1h))",
            "sum(rate(x[5m] @ 1600000000))",
            "x[5m]",
            "max_over_time(rate(x[5m])[1h:1m])",
            "rate(x[5m])[1h:1m]",
            "-x",
            "1",
            "\"text\"",
            "vector(1)",
        ],
        expect![[r#"
            sum by (job) (rate(x[5m]))
                5: promql.unsupported: groups (`sum by`, `sum without`) are not read yet | leave the grouping out: the SLO counts all series of the selector together
            sum(rate(x[5m])) without (job)
                18: promql.unsupported: groups (`sum by`, `sum without`) are not read yet | leave the grouping out: the SLO counts all series of the selector together
            avg(rate(x[5m]))
                1: promql.unsupported: avg of counters counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            sum(irate(x[5m]))
                5: promql.unsupported: irate(…) cannot be counted as events | write rate instead
            sum(delta(x[5m]))
                5: promql.unsupported: delta(…) cannot be counted as events | write increase instead: delta is for gauges
            histogram_quantile(0.9, sum(rate(x[5m])))
                1: promql.unsupported: histogram_quantile(…) cannot be counted as events | a quantile cannot be added up: write the share of fast requests as a ratioMetric, with le or histogram_fraction
            sum(rate(x[5m] offset 1h))
                16: promql.unsupported: an SLO counts events when they happen: no offset | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            sum(rate(x[5m] @ 1600000000))
                16: promql.unsupported: an SLO counts events when they happen: no @ | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            x[5m]
                1: promql.unsupported: a range needs rate or increase around it | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            max_over_time(rate(x[5m])[1h:1m])
                1: promql.unsupported: max_over_time(…) cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            rate(x[5m])[1h:1m]
                12: promql.unsupported: a subquery cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            -x
                1: promql.unsupported: a negated counter counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            1
                1: promql.unsupported: a number counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            "text"
                1: promql.unsupported: a text counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            vector(1)
                1: promql.unsupported: vector(…) cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
        "#]],
    );
}

#[test]
fn operators_are_refused_where_they_stand() {
    check(
        &[
            "sum(rate(a[5m])) / sum(rate(b[5m]))",
            "sum(rate(a{x=\"+\"}[5m])) + sum(rate(b[5m]))",
            "a + b + c",
            "sum(a + b)",
            "(a - b) * -1",
            "sum(rate(a[5m])) or vector(0)",
            "a > 0",
        ],
        expect![[r#"
            sum(rate(a[5m])) / sum(rate(b[5m]))
                18: promql.unsupported: a quotient is a share, not a count of events | write good (or bad) and total apart, or the whole share as `raw` with `rawType`
            sum(rate(a{x="+"}[5m])) + sum(rate(b[5m]))
                25: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}
            a + b + c
                7: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}
            sum(a + b)
                7: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}
            (a - b) * -1
                9: promql.unsupported: `*` cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            sum(rate(a[5m])) or vector(0)
                18: promql.unsupported: `or` cannot be counted as events | a fallback such as `or vector(0)` is not needed: a counter that does not exist yet counts nothing
            a > 0
                3: promql.unsupported: `>` cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
        "#]],
    );
}

#[test]
fn selectors_must_name_a_metric_and_compile() {
    check(
        &[
            "{}",
            "{job=\"api\"}",
            "sum(rate({job=\"api\"}[5m]))",
            "x{a=~\"(\"}",
            "x{a=~\"b{c}\"}",
            "x{a=\"1\" or b=\"2\"}",
        ],
        expect![[r#"
            {}
                1: promql.syntax: the query is no PromQL: vector selector must contain at least one non-empty matcher
            {job="api"}
                1: promql.no_name: the selector names no metric | start it with the metric's name: http_requests_total{…}
            sum(rate({job="api"}[5m]))
                10: promql.no_name: the selector names no metric | start it with the metric's name: http_requests_total{…}
            x{a=~"("}
                1: promql.syntax: the query is no PromQL: illegal regex for (
            x{a=~"b{c}"}
                1: promql.regex: a regular expression does not compile: repetition quantifier expects a valid decimal
            x{a="1" or b="2"}
                1: promql.unsupported: `or` between matchers is not read | write a regular expression
        "#]],
    );
}

#[test]
fn what_is_no_query_is_told_apart() {
    check(
        &[
            "",
            "sum(rate(x[5m])",
            "sum(rate(x[5m])))",
            "sum(rate(x[5m)))",
            "x{a=\"b}",
            "sum(rate(x[{{.window}}]))",
            "sum(rate(x[$__rate_interval]))",
            "sum rate x",
            "größe{",
        ],
        expect![[r#"

                1: promql.syntax: the query is no PromQL: no expression found in input
            sum(rate(x[5m])
                4: promql.syntax: `(` is not closed
            sum(rate(x[5m])))
                17: promql.syntax: `)` closes nothing
            sum(rate(x[5m)))
                11: promql.syntax: `[` is not closed
            x{a="b}
                2: promql.syntax: `{` is not closed
            sum(rate(x[{{.window}}]))
                12: promql.syntax: the query is a template | write a range such as 5m
            sum(rate(x[$__rate_interval]))
                12: promql.syntax: the query is a template | write a range such as 5m
            sum rate x
                1: promql.syntax: the query is no PromQL: invalid promql query
            größe{
                6: promql.syntax: `{` is not closed
        "#]],
    );
}

#[test]
fn whole_shares_are_taken_apart() {
    check_share(
        &[
            "sum(rate(good[5m])) / sum(rate(all[5m]))",
            "(sum(increase(bad[1h])) / sum(increase(all[1h])))",
            "1 - sum(rate(bad[5m])) / sum(rate(all[5m]))",
            "1 - (sum(rate(bad[5m])) / sum(rate(all[5m])))",
            "(1 - ((a) / (b)))",
        ],
        expect![[r#"
            sum(rate(good[5m])) / sum(rate(all[5m]))
                good{} / all{}
            (sum(increase(bad[1h])) / sum(increase(all[1h])))
                bad{} / all{}
            1 - sum(rate(bad[5m])) / sum(rate(all[5m]))
                1 - bad{} / all{}
            1 - (sum(rate(bad[5m])) / sum(rate(all[5m])))
                1 - bad{} / all{}
            (1 - ((a) / (b)))
                1 - a{} / b{}
        "#]],
    );
}

#[test]
fn other_shares_are_refused_at_their_place() {
    check_share(
        &[
            "sum(rate(a[5m]))",
            "100 * sum(rate(a[5m])) / sum(rate(b[5m]))",
            "sum(rate(a[5m])) / sum(rate(b[1h]))",
            "sum(rate(a[5m])) / sum(increase(b[5m]))",
            "2 - a / b",
            "a / on(job) b",
            "a / b / c",
            "a / avg(b)",
            "1 - a",
        ],
        expect![[r#"
            sum(rate(a[5m]))
                1: promql.unsupported: a raw query is a share: part / total | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), histogram_fraction(0, 0.3, sum(rate(x[5m]))), or 1 - that
            100 * sum(rate(a[5m])) / sum(rate(b[5m]))
                5: promql.unsupported: `*` cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            sum(rate(a[5m])) / sum(rate(b[1h]))
                20: promql.unsupported: the two sides of the quotient count over different ranges | use the same function and range on both sides
            sum(rate(a[5m])) / sum(increase(b[5m]))
                20: promql.unsupported: the two sides of the quotient count over different ranges | use the same function and range on both sides
            2 - a / b
                3: promql.unsupported: `-` makes no share of events | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), histogram_fraction(0, 0.3, sum(rate(x[5m]))), or 1 - that
            a / on(job) b
                5: promql.unsupported: matching by labels is not read: both sides are sums | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), histogram_fraction(0, 0.3, sum(rate(x[5m]))), or 1 - that
            a / b / c
                3: promql.unsupported: a quotient is a share, not a count of events | write good (or bad) and total apart, or the whole share as `raw` with `rawType`
            a / avg(b)
                5: promql.unsupported: avg of counters counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}
            1 - a
                5: promql.unsupported: a raw query is a share: part / total | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), histogram_fraction(0, 0.3, sum(rate(x[5m]))), or 1 - that
        "#]],
    );
}

#[test]
fn hostile_queries_are_bounded() {
    let nested = |depth| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(counted(&nested(4_000)), "66: promql.limit: the query nests deeper than 64");
    let long = "1: promql.limit: the query is longer than 8192 bytes";
    assert_eq!(counted(&nested(60_000)), long);
    let chain = format!("x{}", "+x".repeat(4_000));
    assert!(counted(&chain).starts_with("8000: promql.unsupported: sums of several"));
    let negated = format!("{}x", "-".repeat(8_000));
    assert!(counted(&negated).starts_with("1: promql.unsupported: a negated counter"));
}

#[test]
fn a_query_at_which_the_parser_panics_is_refused() {
    for query in ["x offset 1e99", "rate(x[1e99])", "-(-x offset 1e99 * a) on(a) y @ 5"] {
        let refused = counted(query);
        assert!(refused.contains("promql.syntax: the query is no PromQL"), "{query}: {refused}");
    }
}
