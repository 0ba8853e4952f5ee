//! The kinds of SLIs: how document and objective become one indicator, and what does not fit.

use expect_test::expect;
use plimsoll_domain::slo::tally::Indicator;

use super::{SHOP, diagnose, documents, table};
use crate::document::resolve;

fn slo(sli: &str, objective: &str) -> String {
    format!(
        "apiVersion: openslo/v1
kind: SLO
metadata: {{name: s}}
spec:
  service: shop
  indicator: {{spec: {sli}}}
  timeWindow: [{{duration: 30d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{objective}]
---
{SHOP}"
    )
}

fn metric(query: &str) -> String {
    format!("{{metricSource: {{spec: {{query: '{query}'}}}}}}")
}

fn ratio(good: &str, total: &str) -> String {
    let (good, total) = (metric(good), metric(total));
    format!("{{ratioMetric: {{counter: true, good: {good}, total: {total}}}}}")
}

fn raw(of: &str, query: &str) -> String {
    format!("{{ratioMetric: {{rawType: {of}, raw: {}}}}}", metric(query))
}

fn threshold(query: &str) -> String {
    format!("{{thresholdMetric: {}}}", metric(query))
}

fn told(indicator: &Indicator) -> String {
    let Indicator { total, part, part_channel, .. } = indicator;
    let channel =
        |c: &plimsoll_domain::slo::tally::Channel| format!("{} {}", c.measure, c.selector);
    format!("{part:?}: {} of {}", channel(part_channel), channel(total))
}

/// What an SLO measures, or its faults; and warnings.
fn measured(text: &str) -> String {
    let faults = diagnose(text);
    if faults.contains(" error ") {
        return faults;
    }
    let parsed = crate::document::parse(&[crate::document::Source { path: "a.yaml", text }]);
    let definitions = resolve(&parsed.documents).0.expect("no errors");
    let slo = definitions.slos.values().next().expect("one SLO");
    format!("{faults}{}", told(&slo.indicator))
}

#[test]
fn latency_of_classic_histograms() {
    let told = table(
        &[
            "x_bucket{le=\"0.3\"} of x_count",
            "sum(rate(x_bucket{le=\"0.30\"}[5m])) of sum(rate(x_bucket{le=\"+Inf\"}[5m]))",
            "x_bucket of x_count",
            "x_bucket{le=\"0.3\"} of x_bucket{le=~\".+\"}",
            "histogram_count(rate(x[5m])) of histogram_count(rate(x[5m]))",
        ],
        |row| {
            let (good, total) = row.split_once(" of ").expect("both are written");
            measured(&slo(&ratio(good, total), "{target: 0.99}"))
        },
    );
    expect![[r#"
        x_bucket{le="0.3"} of x_count
            Good: increase x_bucket{le="0.3"} of increase x_count{}
        sum(rate(x_bucket{le="0.30"}[5m])) of sum(rate(x_bucket{le="+Inf"}[5m]))
            Good: increase x_bucket{le="0.30"} of increase x_bucket{le="+Inf"}
        x_bucket of x_count
            6:88 error promql.bucket: `x_bucket` without `le` counts an observation in every bucket that holds it | name one bucket: le="0.3"; all observations are x_count
        x_bucket{le="0.3"} of x_bucket{le=~".+"}
            6:150 error promql.bucket: several buckets count an observation several times: `le` takes one bound | le="1" also means the series with le="1.0": bounds are compared as numbers
        histogram_count(rate(x[5m])) of histogram_count(rate(x[5m]))
            6:88 error promql.unsupported: histogram_count(…) cannot be counted as events | the share of a native histogram is one query, `raw` with `rawType`: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
            6:160 error promql.unsupported: histogram_count(…) cannot be counted as events | the share of a native histogram is one query, `raw` with `rawType`: histogram_fraction(0, 0.3, sum(rate(x{…}[5m])))
    "#]].assert_eq(&told);
}

#[test]
fn latency_of_native_histograms() {
    let told = table(
        &[
            "success histogram_fraction(0, 0.3, sum(rate(x{job=\"shop\"}[5m])))",
            "failure 1 - histogram_fraction(0, 0.3, sum(rate(x[5m])))",
            "failure histogram_fraction(-Inf, 0.3, increase(x[5m]))",
            "success 1 - histogram_fraction(0, 0.3, x)",
            "success histogram_fraction(0.1, 0.3, x)",
        ],
        |row| {
            let (of, query) = row.split_once(' ').expect("both are written");
            measured(&slo(&raw(of, query), "{target: 0.99}"))
        },
    );
    expect![[r#"
        success histogram_fraction(0, 0.3, sum(rate(x{job="shop"}[5m])))
            Good: observations <= 0.3 x{job="shop"} of observations x{job="shop"}
        failure 1 - histogram_fraction(0, 0.3, sum(rate(x[5m])))
            Good: observations <= 0.3 x{} of observations x{}
        failure histogram_fraction(-Inf, 0.3, increase(x[5m]))
            Bad: observations <= 0.3 x{} of observations x{}
        success 1 - histogram_fraction(0, 0.3, x)
            Bad: observations <= 0.3 x{} of observations x{}
        success histogram_fraction(0.1, 0.3, x)
            6:109 error promql.unsupported: the lower bound is neither 0 nor -Inf | observations are counted up to one threshold: start at 0; those above it are 1 - histogram_fraction(0, 0.3, …)
    "#]].assert_eq(&told);
}

#[test]
fn gauges_are_judged_by_the_objective() {
    let told = table(
        &[
            "{target: 0.99, op: lte, value: 80}",
            "{target: 0.99, op: lt, value: 0.8}",
            "{target: 0.99, op: gte, value: -1}",
            "{target: 0.99, op: gt, value: 1e3}",
            "{target: 0.99}",
            "{target: 0.99, op: lte}",
            "{target: 0.99, value: 80}",
            "{target: 0.99, op: le, value: 80}",
            "{target: 0.99, op: lte, value: '80'}",
            "{target: 0.99, op: lte, value: 1e999}",
        ],
        |objective| measured(&slo(&threshold("queue_length"), objective)),
    );
    expect![[r#"
        {target: 0.99, op: lte, value: 80}
            Good: samples <= 80 queue_length{} of samples queue_length{}
        {target: 0.99, op: lt, value: 0.8}
            Good: samples < 0.8 queue_length{} of samples queue_length{}
        {target: 0.99, op: gte, value: -1}
            Good: samples >= -1 queue_length{} of samples queue_length{}
        {target: 0.99, op: gt, value: 1e3}
            Good: samples > 1000 queue_length{} of samples queue_length{}
        {target: 0.99}
            9:16 error slo.condition: the objective does not say which samples of the thresholdMetric are good | `op` (lt, lte, gt or gte) and `value`, beside `target`
        {target: 0.99, op: lte}
            9:35 error field.missing: `value` is missing | a condition is both: `op: lte` and `value: 0.8`
        {target: 0.99, value: 80}
            9:38 error field.missing: `op` is missing | a condition is both: `op: lte` and `value: 0.8`
        {target: 0.99, op: le, value: 80}
            9:35 error field.value: `le` is not one of `lt`, `lte`, `gt`, `gte` | did you mean `lt`?
        {target: 0.99, op: lte, value: '80'}
            9:47 error field.type: expected a number, found the text `80`
        {target: 0.99, op: lte, value: 1e999}
            9:47 error field.type: expected a number, found the text `.inf`
    "#]].assert_eq(&told);
}

#[test]
fn gauges_are_plain_selectors() {
    let told = table(
        &["queue_length{job=\"shop\"}", "sum(queue_length)", "queue_length > 80", "requests_total"],
        |query| measured(&slo(&threshold(query), "{target: 0.99, op: lte, value: 80}")),
    );
    expect![[r#"
        queue_length{job="shop"}
            Good: samples <= 80 queue_length{job="shop"} of samples queue_length{job="shop"}
        sum(queue_length)
            6:70 error promql.unsupported: sum of a gauge is not read | leave it out: every sample of every series is judged by itself
        queue_length > 80
            6:83 error promql.unsupported: `>` is not computed on gauges | the condition stands in the objective of the SLO: `op: lte` and `value: 0.8`
        requests_total
            6:70 warning promql.counter_as_gauge: `requests_total` looks like a counter: its value says little by itself | count its increases: ratioMetric with good and total
            Good: samples <= 80 requests_total{} of samples requests_total{}
    "#]].assert_eq(&told);
}

#[test]
fn a_ratio_has_no_condition() {
    let told = measured(&slo(&ratio("a", "b"), "{target: 0.99, op: lte, value: 1}"));
    expect![[r#"
        9:35 error slo.condition: `op` and `value` belong to a thresholdMetric, and this SLI is a ratio | leave them out: a ratio has its threshold in its queries, as le="0.3" or histogram_fraction(0, 0.3, …)
    "#]].assert_eq(&told);
}

#[test]
fn an_sli_of_a_gauge_serves_several_conditions() {
    let named = |name: &str, value: u32| {
        let text = slo("", &format!("{{target: 0.99, op: lte, value: {value}}}"));
        let text = text.replace("indicator: {spec: }", "indicatorRef: queue");
        text.replacen("{name: s}", &format!("{{name: {name}}}"), 1)
    };
    let only_slo = |text: String| text.split("---\n").next().unwrap_or_default().to_owned();
    let sli = threshold("queue_length");
    let text = format!(
        "{}---\n{}---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: queue}}\nspec: {sli}\n",
        only_slo(named("tight", 10)),
        named("loose", 80),
    );
    let definitions = resolve(&documents(&text)).0.expect("no errors");
    let all: Vec<_> = definitions.slos.values().map(|slo| told(&slo.indicator)).collect();
    expect![[r#"
        Good: samples <= 80 queue_length{} of samples queue_length{}
        Good: samples <= 10 queue_length{} of samples queue_length{}"#]]
    .assert_eq(&all.join("\n"));
}

#[test]
fn one_metric_is_measured() {
    let both = ratio("a", "b").replace("{ratioMetric", "{thresholdMetric: {}, ratioMetric");
    let told =
        table(&[&both, "{}", "{thresholdMetric: {}}"], |sli| measured(&slo(sli, "{target: 0.99}")));
    expect![[r#"
        {thresholdMetric: {}, ratioMetric: {counter: true, good: {metricSource: {spec: {query: 'a'}}}, total: {metricSource: {spec: {query: 'b'}}}}}
            6:39 error sli.two_metrics: both `ratioMetric` and `thresholdMetric` | keep one of the two
        {}
            6:21 error field.missing: `ratioMetric` or `thresholdMetric` is missing
        {thresholdMetric: {}}
            6:39 error field.missing: `metricSource` is missing
    "#]].assert_eq(&told);
}
