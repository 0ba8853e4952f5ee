use expect_test::expect;

use super::super::tests::{refusal, table};
use super::gauge;

fn judged(query: &str) -> String {
    match gauge(query) {
        Ok((selector, None)) => selector.to_string(),
        Ok((selector, Some(odd))) => format!("{selector}; {}", refusal(query, odd)),
        Err(fault) => refusal(query, fault),
    }
}

#[test]
fn a_plain_selector_is_a_gauge() {
    let told = table(
        &[
            "queue_length{job=\"shop\"}",
            "((queue_length))",
            "{__name__=\"queue_length\"}",
            "requests_total",
        ],
        judged,
    );
    expect![[r#"
        queue_length{job="shop"}
            queue_length{job="shop"}
        ((queue_length))
            queue_length{}
        {__name__="queue_length"}
            queue_length{}
        requests_total
            requests_total{}; 1: promql.counter_as_gauge: `requests_total` looks like a counter: its value says little by itself | count its increases: ratioMetric with good and total
    "#]].assert_eq(&told);
}

#[test]
fn anything_else_is_refused_at_its_place() {
    let told = table(
        &[
            "sum(rate(x[5m]))",
            "max by (queue) (x)",
            "rate(x[5m])",
            "avg_over_time(x[5m])",
            "histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))",
            "x[5m]",
            "x < 0.8",
            "(x{a=\"<\"} / y)",
            "x offset 5m",
            "-x",
            "1",
            "{job=\"shop\"}",
            "x{",
        ],
        judged,
    );
    expect![[r#"
        sum(rate(x[5m]))
            1: promql.unsupported: sum of a gauge is not read | leave it out: every sample of every series is judged by itself
        max by (queue) (x)
            1: promql.unsupported: max of a gauge is not read | leave it out: every sample of every series is judged by itself
        rate(x[5m])
            1: promql.unsupported: rate(…) is no gauge | a threshold is for gauges, which are compared as they stand: x{…}; what is counted is a ratioMetric
        avg_over_time(x[5m])
            1: promql.unsupported: avg_over_time(…) is no gauge | accepted: the gauge itself, x{…}
        histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))
            1: promql.unsupported: histogram_quantile(…) is no gauge | a quantile cannot be added up: write the share of fast requests as a ratioMetric, with le or histogram_fraction
        x[5m]
            2: promql.unsupported: a gauge has no range here | leave it out: every sample of every series is judged by itself
        x < 0.8
            3: promql.unsupported: `<` is not computed on gauges | the condition stands in the objective of the SLO: `op: lte` and `value: 0.8`
        (x{a="<"} / y)
            11: promql.unsupported: `/` is not computed on gauges | accepted: the gauge itself, x{…}
        x offset 5m
            3: promql.unsupported: an SLO counts events when they happen: no offset | accepted: the gauge itself, x{…}
        -x
            1: promql.unsupported: this is no gauge | accepted: the gauge itself, x{…}
        1
            1: promql.unsupported: a number is no gauge | accepted: the gauge itself, x{…}
        {job="shop"}
            1: promql.no_name: the selector names no metric | start it with the metric's name: http_requests_total{…}
        x{
            2: promql.syntax: `{` is not closed
    "#]].assert_eq(&told);
}
