use expect_test::expect;

use super::super::tests::{counted, table};

#[test]
fn one_bucket_of_a_classic_histogram_is_a_counter() {
    let told = table(
        &[
            "sum(rate(x_bucket{le=\"0.3\"}[5m]))",
            "sum(rate(x_bucket{le=\"0.30\"}[5m]))",
            "x_bucket{le=\"+Inf\"}",
            "increase({__name__=~\"a_bucket|b_bucket\", le=\"1.0\"}[5m])",
        ],
        counted,
    );
    expect![[r#"
        sum(rate(x_bucket{le="0.3"}[5m]))
            x_bucket{le="0.3"}
        sum(rate(x_bucket{le="0.30"}[5m]))
            x_bucket{le="0.30"}
        x_bucket{le="+Inf"}
            x_bucket{le="+Inf"}
        increase({__name__=~"a_bucket|b_bucket", le="1.0"}[5m])
            {__name__=~"a_bucket|b_bucket",le="1.0"}
    "#]]
    .assert_eq(&told);
}

#[test]
fn several_buckets_would_count_an_observation_several_times() {
    let told = table(
        &[
            "sum(rate(x_bucket[5m]))",
            "x_bucket{job=\"shop\"}",
            "{__name__=~\".+_bucket\"}",
            "x_bucket{le=~\"0.3|0.30\"}",
            "x_bucket{le!=\"+Inf\"}",
            "x_bucket{le!~\"1.*\"}",
            "x_bucket{le=\"300ms\"}",
            "x_bucket{le=\"NaN\"}",
            "x_bucket{le=\"\"}",
        ],
        counted,
    );
    expect![[r#"
        sum(rate(x_bucket[5m]))
            10: promql.bucket: `x_bucket` without `le` counts an observation in every bucket that holds it | name one bucket: le="0.3"; all observations are x_count
        x_bucket{job="shop"}
            1: promql.bucket: `x_bucket` without `le` counts an observation in every bucket that holds it | name one bucket: le="0.3"; all observations are x_count
        {__name__=~".+_bucket"}
            1: promql.bucket: `.+_bucket` without `le` counts an observation in every bucket that holds it | name one bucket: le="0.3"; all observations are .+_count
        x_bucket{le=~"0.3|0.30"}
            1: promql.bucket: several buckets count an observation several times: `le` takes one bound | le="1" also means the series with le="1.0": bounds are compared as numbers
        x_bucket{le!="+Inf"}
            1: promql.bucket: several buckets count an observation several times: `le` takes one bound | le="1" also means the series with le="1.0": bounds are compared as numbers
        x_bucket{le!~"1.*"}
            1: promql.bucket: several buckets count an observation several times: `le` takes one bound | le="1" also means the series with le="1.0": bounds are compared as numbers
        x_bucket{le="300ms"}
            1: promql.bucket: `le` is compared with a number, not with `300ms` | name one bucket's upper bound as the metric has it: le="0.3"
        x_bucket{le="NaN"}
            1: promql.bucket: `le` is compared with a number, not with `NaN` | name one bucket's upper bound as the metric has it: le="0.3"
        x_bucket{le=""}
            1: promql.bucket: `le` is compared with a number, not with `` | name one bucket's upper bound as the metric has it: le="0.3"
    "#]].assert_eq(&told);
}
