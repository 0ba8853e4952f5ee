//! Queries in, selectors or refusals out: `column: code: message | hint`.

use expect_test::{Expect, expect};

use super::{Refusal, counter, share};
use crate::document::position::Pos;

fn refusal(query: &str, (offset, fault): Refusal) -> String {
    let column = query[..offset].chars().count() + 1;
    let d = fault.at("", Pos::START);
    let hint = d.hint.iter().map(|hint| format!(" | {hint}")).collect::<String>();
    format!("{column}: {}: {}{hint}", d.code, d.message)
}

fn check(query: &str, expected: Expect) {
    expected.assert_eq(&match counter(query) {
        Ok(selector) => selector.to_string(),
        Err(fault) => refusal(query, fault),
    });
}

fn check_share(query: &str, expected: Expect) {
    expected.assert_eq(&match share(query) {
        Ok(share) if share.complement => format!("1 - {} / {}", share.part, share.total),
        Ok(share) => format!("{} / {}", share.part, share.total),
        Err(fault) => refusal(query, fault),
    });
}

#[test]
fn accepted_shapes_become_their_selector() {
    check("sum(rate(x{code=~\"5..\",a!=\"b\"}[5m]))", expect![[r#"x{a!="b",code=~"5.."}"#]]);
    check("sum(increase(x[1h]))", expect!["x{}"]);
    check("((sum ( ( rate((x[5m])) ) )))", expect!["x{}"]);
    check("rate(x[5m])", expect!["x{}"]);
    check("x", expect!["x{}"]);
    check("sum(x)", expect!["x{}"]);
    check("{__name__=~\"a_total|b_total\", job=\"j\"}", expect![[r#"{__name__=~"a_total|b_total",job="j"}"#]]);
    check("rate(http_request_duration_seconds_bucket{le=\"0.3\"}[5m])", expect![[r#"http_request_duration_seconds_bucket{le="0.3"}"#]]);
    check("# errors\nsum(\n  rate(x{a='b'}[5m])\n)", expect![[r#"x{a="b"}"#]]);
    check("job:errors:total", expect!["job:errors:total{}"]);
}

#[test]
fn what_counts_no_events_is_refused_at_its_place() {
    check("sum by (job) (rate(x[5m]))", expect!["5: promql.unsupported: groups (`sum by`, `sum without`) are not read yet | leave the grouping out: the SLO counts all series of the selector together"]);
    check("sum(rate(x[5m])) without (job)", expect!["18: promql.unsupported: groups (`sum by`, `sum without`) are not read yet | leave the grouping out: the SLO counts all series of the selector together"]);
    check("avg(rate(x[5m]))", expect!["1: promql.unsupported: avg of counters counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("sum(irate(x[5m]))", expect!["5: promql.unsupported: irate(…) cannot be counted as events | write rate instead"]);
    check("sum(delta(x[5m]))", expect!["5: promql.unsupported: delta(…) cannot be counted as events | write increase instead: delta is for gauges"]);
    check("histogram_quantile(0.9, sum(rate(x[5m])))", expect!["1: promql.unsupported: histogram_quantile(…) cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("sum(rate(x[5m] offset 1h))", expect!["16: promql.unsupported: an SLO counts events when they happen: no offset | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("sum(rate(x[5m] @ 1600000000))", expect!["16: promql.unsupported: an SLO counts events when they happen: no @ | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("x[5m]", expect!["1: promql.unsupported: a range needs rate or increase around it | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("max_over_time(rate(x[5m])[1h:1m])", expect!["1: promql.unsupported: max_over_time(…) cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("rate(x[5m])[1h:1m]", expect!["7: promql.unsupported: a subquery cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("-x", expect!["1: promql.unsupported: a negated counter counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("1", expect!["1: promql.unsupported: a number counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("\"text\"", expect!["1: promql.unsupported: a text counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("vector(1)", expect!["1: promql.unsupported: vector(…) cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
}

#[test]
fn operators_are_refused_where_they_stand() {
    check("sum(rate(a[5m])) / sum(rate(b[5m]))", expect!["18: promql.unsupported: a quotient is a share, not a count of events | write good (or bad) and total apart, or the whole share as `raw` with `rawType`"]);
    check("sum(rate(a{x=\"+\"}[5m])) + sum(rate(b[5m]))", expect![[r#"25: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}"#]]);
    check("a + b + c", expect![[r#"7: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}"#]]);
    check("sum(a + b)", expect![[r#"4: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}"#]]);
    check("(a - b) * -1", expect!["9: promql.unsupported: `*` cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check("sum(rate(a[5m])) or vector(0)", expect!["18: promql.unsupported: `or` cannot be counted as events | a fallback such as `or vector(0)` is not needed: a counter that does not exist yet counts nothing"]);
    check("a > 0", expect!["3: promql.unsupported: `>` cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
}

#[test]
fn selectors_must_name_a_metric_and_compile() {
    check("{}", expect!["1: promql.syntax: the query is no PromQL: vector selector must contain at least one non-empty matcher"]);
    check("{job=\"api\"}", expect!["1: promql.no_name: the selector names no metric | start it with the counter's name: http_requests_total{…}"]);
    check("sum(rate({job=\"api\"}[5m]))", expect!["10: promql.no_name: the selector names no metric | start it with the counter's name: http_requests_total{…}"]);
    check("x{a=~\"(\"}", expect!["1: promql.syntax: the query is no PromQL: illegal regex for ("]);
    check("x{a=~\"b{c}\"}", expect![[r#"
        1: promql.regex: the regular expression `b{c}` does not compile: regex parse error:
            ^(?s:b{c})$
                   ^
        error: repetition quantifier expects a valid decimal"#]]);
    check("x{a=\"1\" or b=\"2\"}", expect!["1: promql.unsupported: `or` between matchers is not read | write a regular expression"]);
}

#[test]
fn what_is_no_query_is_told_apart() {
    check("", expect!["1: promql.syntax: the query is no PromQL: no expression found in input"]);
    check("sum(rate(x[5m])", expect!["4: promql.syntax: `(` is not closed"]);
    check("sum(rate(x[5m])))", expect!["17: promql.syntax: `)` closes nothing"]);
    check("sum(rate(x[5m)))", expect!["11: promql.syntax: `[` is not closed"]);
    check("x{a=\"b}", expect!["2: promql.syntax: `{` is not closed"]);
    check("sum(rate(x[{{.window}}]))", expect!["12: promql.syntax: the query is a template | write a range such as 5m instead of {{.window}}"]);
    check("sum(rate(x[$__rate_interval]))", expect!["1: promql.syntax: the query is no PromQL: unexpected character inside brackets: '$'"]);
    check("sum rate x", expect!["1: promql.syntax: the query is no PromQL: invalid promql query"]);
    check("größe{", expect!["6: promql.syntax: `{` is not closed"]);
}

#[test]
fn hostile_queries_are_bounded() {
    check(&format!("{}x{}", "(".repeat(4_000), ")".repeat(4_000)), expect!["66: promql.limit: the query nests deeper than 64"]);
    check(&format!("{}x{}", "(".repeat(60_000), ")".repeat(60_000)), expect!["1: promql.limit: the query is longer than 8192 bytes"]);
    check(&format!("x{}", "+x".repeat(4_000)), expect![[r#"8000: promql.unsupported: sums of several counters are not read yet | one selector can name several counters: {__name__=~"a_total|b_total"}"#]]);
    check(&format!("{}x", "-".repeat(8_000)), expect!["1: promql.unsupported: a negated counter counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
}

#[test]
fn whole_shares_are_taken_apart() {
    check_share("sum(rate(good[5m])) / sum(rate(all[5m]))", expect!["good{} / all{}"]);
    check_share("(sum(increase(bad[1h])) / sum(increase(all[1h])))", expect!["bad{} / all{}"]);
    check_share("1 - sum(rate(bad[5m])) / sum(rate(all[5m]))", expect!["1 - bad{} / all{}"]);
    check_share("1 - (sum(rate(bad[5m])) / sum(rate(all[5m])))", expect!["1 - bad{} / all{}"]);
    check_share("(1 - ((a) / (b)))", expect!["1 - a{} / b{}"]);
}

#[test]
fn other_shares_are_refused_at_their_place() {
    check_share("sum(rate(a[5m]))", expect!["1: promql.unsupported: a raw query is a share: part / total | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), or 1 - that"]);
    check_share("100 * sum(rate(a[5m])) / sum(rate(b[5m]))", expect!["5: promql.unsupported: `*` cannot be counted as events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check_share("sum(rate(a[5m])) / sum(rate(b[1h]))", expect!["20: promql.unsupported: the two sides of the quotient count over different ranges | use the same function and range on both sides"]);
    check_share("sum(rate(a[5m])) / sum(increase(b[5m]))", expect!["20: promql.unsupported: the two sides of the quotient count over different ranges | use the same function and range on both sides"]);
    check_share("2 - a / b", expect!["3: promql.unsupported: `-` makes no share of events | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), or 1 - that"]);
    check_share("a / on(job) b", expect!["5: promql.unsupported: matching by labels is not read: both sides are sums | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), or 1 - that"]);
    check_share("a / b / c", expect!["3: promql.unsupported: a quotient is a share, not a count of events | write good (or bad) and total apart, or the whole share as `raw` with `rawType`"]);
    check_share("a / avg(b)", expect!["5: promql.unsupported: avg of counters counts no events | accepted: sum(rate(x{…}[5m])), sum(increase(x{…}[5m])), or the counter itself, x{…}"]);
    check_share("1 - a", expect!["5: promql.unsupported: a raw query is a share: part / total | accepted: sum(rate(part[5m])) / sum(rate(total[5m])), or 1 - that"]);
}
