use expect_test::expect;

use super::super::tests::{counted, shared, table};

#[test]
fn shares_of_observations_are_read_with_their_threshold() {
    let told = table(
        &[
            "histogram_fraction(0, 0.3, sum(rate(x{job=\"shop\"}[5m])))",
            "histogram_fraction(-Inf, 0.3, increase(x[1h]))",
            "(histogram_fraction (0, (1e-3), (x)))",
            "1 - histogram_fraction(0, 0.3, sum(rate(x[5m])))",
            "histogram_fraction(-Inf, -2, x)",
        ],
        shared,
    );
    expect![[r#"
        histogram_fraction(0, 0.3, sum(rate(x{job="shop"}[5m])))
            x{job="shop"} at most 0.3
        histogram_fraction(-Inf, 0.3, increase(x[1h]))
            x{} at most 0.3
        (histogram_fraction (0, (1e-3), (x)))
            x{} at most 0.001
        1 - histogram_fraction(0, 0.3, sum(rate(x[5m])))
            1 - x{} at most 0.3
        histogram_fraction(-Inf, -2, x)
            x{} at most -2
    "#]]
    .assert_eq(&told);
}

#[test]
fn other_bounds_and_arguments_are_refused_at_their_place() {
    let told = table(
        &[
            "histogram_fraction(0.1, 0.3, sum(rate(x[5m])))",
            "histogram_fraction(0.3, +Inf, sum(rate(x[5m])))",
            "histogram_fraction(0, +Inf, sum(rate(x[5m])))",
            "histogram_fraction(0, NaN, sum(rate(x[5m])))",
            "histogram_fraction(0, 0, sum(rate(x[5m])))",
            "histogram_fraction(0, scalar(y), sum(rate(x[5m])))",
            "histogram_fraction(scalar(a{b=\",\"}), 0.3, sum(rate(x[5m])))",
            "histogram_fraction(0, 0.3, sum by (le) (rate(x[5m])))",
            "histogram_fraction(0, 0.3, avg(rate(x[5m])))",
            "histogram_fraction(0, 0.3, sum(rate(x_bucket[5m])))",
            "histogram_fraction(0, 0.3, sum(rate(x_count[5m])))",
            "histogram_fraction(0, 0.3)",
            "2 - histogram_fraction(0, 0.3, x)",
            "histogram_fraction(0, 0.3, x) / y",
        ],
        shared,
    );
    expect![[r#"
        histogram_fraction(0.1, 0.3, sum(rate(x[5m])))
            20: promql.unsupported: the lower bound is neither 0 nor -Inf | observations are counted up to one threshold: start at 0; those above it are 1 - histogram_fraction(0, 0.3, …)
        histogram_fraction(0.3, +Inf, sum(rate(x[5m])))
            20: promql.unsupported: the lower bound is neither 0 nor -Inf | observations are counted up to one threshold: start at 0; those above it are 1 - histogram_fraction(0, 0.3, …)
        histogram_fraction(0, +Inf, sum(rate(x[5m])))
            23: promql.unsupported: the upper bound is no threshold | write the threshold, in the unit of the metric: 0.3
        histogram_fraction(0, NaN, sum(rate(x[5m])))
            23: promql.unsupported: the upper bound is no threshold | write the threshold, in the unit of the metric: 0.3
        histogram_fraction(0, 0, sum(rate(x[5m])))
            23: promql.unsupported: the upper bound does not lie above the lower one | accepted: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
        histogram_fraction(0, scalar(y), sum(rate(x[5m])))
            23: promql.unsupported: the upper bound is no number | accepted: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
        histogram_fraction(scalar(a{b=","}), 0.3, sum(rate(x[5m])))
            20: promql.unsupported: the lower bound is neither 0 nor -Inf | observations are counted up to one threshold: start at 0; those above it are 1 - histogram_fraction(0, 0.3, …)
        histogram_fraction(0, 0.3, sum by (le) (rate(x[5m])))
            32: promql.unsupported: groups (`sum by`, `sum without`) are not read yet | leave the grouping out: the SLO counts all series of the selector together
        histogram_fraction(0, 0.3, avg(rate(x[5m])))
            28: promql.unsupported: avg of counters counts no events | accepted: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
        histogram_fraction(0, 0.3, sum(rate(x_bucket[5m])))
            37: promql.classic_histogram: `x_bucket` is no native histogram: histogram_fraction reads those | name the histogram itself, without a suffix; a classic one is a ratioMetric with good x_bucket{le="0.3"} and total x_count
        histogram_fraction(0, 0.3, sum(rate(x_count[5m])))
            37: promql.classic_histogram: `x_count` is no native histogram: histogram_fraction reads those | name the histogram itself, without a suffix; a classic one is a ratioMetric with good x_bucket{le="0.3"} and total x_count
        histogram_fraction(0, 0.3)
            1: promql.syntax: the query is no PromQL: expected 3 argument(s) in call to 'histogram_fraction', got 2
        2 - histogram_fraction(0, 0.3, x)
            3: promql.unsupported: `-` makes no share of events | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), histogram_fraction(0, 0.3, sum(rate(x[5m]))), or 1 - that
        histogram_fraction(0, 0.3, x) / y
            1: promql.unsupported: histogram_fraction(…) cannot be counted as events | the share of a native histogram is one query, `raw` with `rawType`: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
    "#]].assert_eq(&told);
}

#[test]
fn histogram_functions_are_no_counts_and_name_what_is() {
    let told = table(
        &[
            "histogram_count(sum(rate(x[5m])))",
            "sum(histogram_fraction(0, 0.3, rate(x[5m])))",
            "histogram_quantile(0.99, sum(rate(x[5m])))",
        ],
        counted,
    );
    expect![[r#"
        histogram_count(sum(rate(x[5m])))
            1: promql.unsupported: histogram_count(…) cannot be counted as events | the share of a native histogram is one query, `raw` with `rawType`: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
        sum(histogram_fraction(0, 0.3, rate(x[5m])))
            5: promql.unsupported: histogram_fraction(…) cannot be counted as events | the share of a native histogram is one query, `raw` with `rawType`: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
        histogram_quantile(0.99, sum(rate(x[5m])))
            1: promql.unsupported: histogram_quantile(…) cannot be counted as events | a quantile cannot be added up: write the share of fast requests as a ratioMetric, with le or histogram_fraction
    "#]].assert_eq(&told);
}

#[test]
fn a_long_chain_of_signs_is_no_number() {
    let query = format!("histogram_fraction({}1, 0.3, x)", "-".repeat(8_000));
    let told = shared(&query);
    assert!(told.starts_with("20: promql.unsupported: the lower bound"), "{told}");
}
