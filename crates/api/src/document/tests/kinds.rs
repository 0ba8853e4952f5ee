//! Every kind: what it means when it is right, and what is said when it is wrong.

use expect_test::{Expect, expect};
use plimsoll_domain::slo::tally::{Indicator, Part};

use super::{check, diagnose, documents, table};
use crate::document::Body;
use crate::document::openslo::sli::Sli;

fn sli(ratio_metric: &str) -> String {
    format!(
        "apiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: s}}\nspec:\n  ratioMetric:\n{ratio_metric}"
    )
}

fn ratio(ratio_metric: &str) -> Indicator {
    match documents(&sli(ratio_metric)).remove(0).body {
        Some(Body::Sli(Sli::Ratio(ratio))) => ratio,
        other => panic!("an SLI, not {other:?}"),
    }
}

fn check_sli(ratio_metric: &str, expected: Expect) {
    check(&sli(ratio_metric), expected);
}

#[test]
fn ratios_are_lowered() {
    let bad = ratio(
        "    counter: true
    bad: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(x{code=\"500\"}[5m]))'}}}
    total: {metricSource: {spec: {query: 'sum(rate(x[5m]))'}}}
",
    );
    assert_eq!(bad.part, Part::Bad);
    assert_eq!(bad.part_channel.selector.to_string(), "x{code=\"500\"}");
    assert_eq!(bad.total.selector.to_string(), "x{}");
    let raw = |of: &str, query: &str| {
        ratio(&format!(
            "    rawType: {of}\n    raw: {{metricSource: {{spec: {{query: '{query}'}}}}}}\n"
        ))
        .part
    };
    assert_eq!(raw("success", "a / b"), Part::Good);
    assert_eq!(raw("success", "1 - a / b"), Part::Bad);
    assert_eq!(raw("failure", "a / b"), Part::Bad);
    assert_eq!(raw("failure", "1 - a / b"), Part::Good);
}

#[test]
fn ratio_faults() {
    check_sli(
        "    counter: false\n    total: {metricSource: {spec: {query: x}}}\n",
        expect![[r#"
        6:5 error field.missing: `good` or `bad` is missing
        6:14 error sli.not_a_counter: metrics that are no counters are not read | events are counted by counters: write `counter: true`, and metrics that only grow
    "#]],
    );
    check_sli(
        "    good: {metricSource: {spec: {query: x}}}
    bad: {metricSource: {spec: {query: y}}}
    total: {metricSource: {spec: {qurey: z}}}
",
        expect![[r#"
            6:5 error field.missing: `counter` is missing | events are counted by counters: write `counter: true`, and metrics that only grow
            7:10 error sli.good_and_bad: both `good` and `bad` are given | keep one: the other is total minus it
            8:34 error field.missing: `query` is missing
            8:35 error field.unknown: `qurey` is no field here | did you mean `query`?
        "#]],
    );
    check_sli(
        "    counter: yes
    good: {metricSource: {spec: {query: 'x{a=\"b\"}'}}}
    total: {metricSource: {spec: {query: '{__name__=\"x\",a=\"b\"}'}}}
",
        expect![[r#"
            6:5 error sli.same_selector: `good` and `total` select the same series: every event would be good | narrow one of them, for example by status code
            6:14 error field.type: expected true or false, found the text `yes` | YAML 1.2 knows only `true` and `false`, without quotes
        "#]],
    );
    check_sli(
        "    rawType: succes
    raw: {metricSource: {spec: {query: a / b}}}
    total: {metricSource: {spec: {query: c}}}
",
        expect![[r#"
            6:14 error field.value: `succes` is not one of `success`, `failure` | did you mean `success`?
            8:12 error sli.raw: `total` beside `raw` | give either the raw share, or its parts
        "#]],
    );
}

#[test]
fn faults_in_queries_stand_in_the_query() {
    let good = |query: &str| {
        let total = "total: {metricSource: {spec: {query: all}}}";
        diagnose(&sli(&format!(
            "    counter: true
    good:
      metricSource:
        spec:
          query: {query}
    {total}
"
        )))
    };
    let told = table(
        &[
            "sum(irate(x[5m]))",
            "'sum(irate(x[5m]))'",
            "\"sum(irate(x[5m]))\"",
            "|\n            sum(\n              irate(x[5m])\n            )",
            ">-\n            sum(\n              irate(x[5m])\n            )",
            "sum(\n            irate(x[5m]))",
            "\"sum(rate(x{a=\\\"b\\\"}[5m])) / y\"",
            "'sum(rate(x{a=''b''}[5m])) / y'",
            "\"sum(\\n irate(x[5m]))\"",
            "rate(\u{fc}[5m]",
        ],
        good,
    );
    expect![[r#"
        sum(irate(x[5m]))
            10:22 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
        'sum(irate(x[5m]))'
            10:23 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
        "sum(irate(x[5m]))"
            10:23 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
        |
                    sum(
                      irate(x[5m])
                    )
            12:15 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
        >-
                    sum(
                      irate(x[5m])
                    )
            12:15 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
        sum(
                    irate(x[5m]))
            11:13 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
        "sum(rate(x{a=\"b\"}[5m])) / y"
            10:45 error promql.unsupported: a quotient is a share, not a count of events | write good (or bad) and total apart, or the whole share as `raw` with `rawType`
        'sum(rate(x{a=''b''}[5m])) / y'
            10:45 error promql.unsupported: a quotient is a share, not a count of events | write good (or bad) and total apart, or the whole share as `raw` with `rawType`
        "sum(\n irate(x[5m]))"
            10:18 error promql.unsupported: irate(…) cannot be counted as events (at byte 6 of the text) | write rate instead
        rate(ü[5m]
            10:22 error promql.syntax: `(` is not closed
    "#]].assert_eq(&told);
}

#[test]
fn data_sources() {
    let source = "apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: prom}\nspec:\n";
    check(&format!("{source}  type: plimsoll\n"), expect![[""]]);
    check(
        &format!("{source}  type: Prometheus\n  connectionDetails:\n    url: http://prom\n"),
        expect![[r#"
            7:5 warning datasource.ignored: connectionDetails are ignored: samples are pushed to Plimsoll or scraped | point Prometheus' remote_write at /api/v1/write, or write a ScrapeTarget
        "#]],
    );
    let also = "  connectionDetails: {}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: s}
";
    check(
        &format!("{source}  type: Prometheus\n{also}"),
        expect![[r#"
        6:22 warning datasource.ignored: connectionDetails are ignored: samples are pushed to Plimsoll or scraped | point Prometheus' remote_write at /api/v1/write, or write a ScrapeTarget
        10:18 warning service.unowned: the service `s` has no owner | write a Component of that name with `spec.owner`: its alerts go to the default receiver
    "#]],
    );
    check(
        &format!("{source}  type: Datadog\n"),
        expect![[r#"
        5:9 error datasource.type: the type `Datadog` is not known | known types: plimsoll, Prometheus
    "#]],
    );
}

#[test]
fn components() {
    check(
        "apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  tags: [java]
  links: [{url: 'https://x'}]
  annotations: {plimsoll.dev/tier: gold, backstage.io/techdocs-ref: 'dir:.'}
spec:
  type: service
  lifecycle: production
  system: s
  providesApis: [a]
  owner: user:jane
  dependsOn: ['component:other/pay', 'component:-']
relations: []
",
        expect![[r#"
            7:36 error service.tier: the text `gold` is no tier | "1" (most critical) to "4"
            13:10 error entity.kind: a user cannot own a component | name a team: group:NAME
            14:15 error entity.namespace: the namespace `other` is not known | Plimsoll has one namespace, `default`
            14:38 error name.invalid: `-` is no name: 1 to 63 letters, digits, `-`, `_` or `.`, first and last a letter or digit
        "#]],
    );
}

fn plimsoll(kind: &str, spec: &str) -> String {
    format!("apiVersion: plimsoll/v1\nkind: {kind}\nmetadata: {{name: p}}\nspec:\n{spec}")
}

#[test]
fn burn_policies() {
    let check = |spec: &str, expected| check(&plimsoll("BurnPolicy", spec), expected);
    check(
        "  description: none\n",
        expect![[r#"
        5:3 error field.missing: `arms` is missing
    "#]],
    );
    check(
        "  arms:
    - {long: 1h, severity: page}
    - {long: 6h, factor: 6, spends: 0.05, severity: page}
    - {long: 3d, spends: 2, severity: ticket}
",
        expect![[r#"
            6:7 error field.missing: `factor` or `spends` is missing | factor: the burn to exceed, as 14.4; or spends: the share of a 30-day budget that is spent within `long` at it, as 0.02
            7:37 error burn_policy.arms: both `factor` and `spends` | keep one of the two
            8:26 error field.value: 2 is not above 0 and below 1
        "#]],
    );
    check(
        "  arms: []\n",
        expect![[r#"
        5:9 error burn_policy.arms: a burn policy needs an arm
    "#]],
    );
    check(
        "  arms:
    - {long: 1h, short: 2h, factor: 0, severity: pager}
    - {long: 30s, factor: 2}
    - {long: 1h, factor: 14.4, severity: page, for: 5m}
    - {long: 1h, factor: 6, severity: page}
    - 5
  significance: 1
  pageBelow: 10%
  noData: {after: soon, severity: mail}
",
        expect![[r#"
            6:25 error burn_policy.arms: the short window is longer than 1h
            6:37 error field.value: 0 is not above 0 and below 1000000000
            6:50 error field.value: `pager` is not one of `page`, `ticket`, `log` | did you mean `page`?
            7:7 error field.missing: `severity` is missing
            7:14 error field.value: `30s` is not a length in whole minutes | one number and one unit: 5m (minutes), 6h, 30d or 4w
            8:48 error field.unknown: `for` is no field here | known fields: long, short, factor, spends, severity
            9:7 warning burn_policy.duplicate_arm: another arm has the same windows and severity | keep the one with the lower factor
            10:7 error field.type: expected a mapping, found the number 5
            11:17 error field.value: 1 is not above 0 and below 1
            12:14 error field.type: expected a number, found the text `10%`
            13:19 error field.value: `soon` is not a length in whole minutes | one number and one unit: 5m (minutes), 6h, 30d or 4w
            13:35 error field.value: `mail` is not one of `page`, `ticket`, `log`
        "#]],
    );
}

#[test]
fn receivers() {
    let check = |spec: &str, expected| check(&plimsoll("Receiver", spec), expected);
    check(
        "  default: true\n  webhook: {url: 'https://x.example/y', secret: {env: S}}\n",
        expect![[""]],
    );
    check(
        "  webhook: {url: 'ftp://x'}\n",
        expect![[r#"
        5:3 warning receiver.unused: nobody is told through this receiver | name a `team`, or write `default: true`
        5:18 error url.invalid: expected a URL that starts with http:// or https://
    "#]],
    );
    check(
        "  default: 'true'\n  webhook: {url: 'https://u:p@x', secret: whsec_abc}\n",
        expect![[r#"
            5:3 warning receiver.unused: nobody is told through this receiver | name a `team`, or write `default: true`
            5:12 error field.type: expected true or false, found the text `true` | YAML 1.2 knows only `true` and `false`, without quotes
            6:18 error url.invalid: a URL here holds no user or password
            6:43 error receiver.secret: a definition never holds a secret itself | name where it is kept: {env: NAME} or {file: PATH}
        "#]],
    );
    check("  default: true\n  webhook: {urlFrom: {env: U}, secret: {env: S}}\n", expect![[""]]);
    check(
        "  default: true\n  webhooks:\n    - {name: a, url: 'https://x', urlFrom: {env: U}}\n    \
         - {name: b, urlFrom: 'https://x/token'}\n    - {name: c}\n",
        expect![[r#"
            7:7 error receiver.url: a webhook has one place to post to | write `url: https://…`, or `urlFrom: {env: NAME}` for one that is as good as a password
            8:26 error receiver.secret: a definition never holds a secret itself | name where it is kept: {env: NAME} or {file: PATH}
            9:7 error receiver.url: a webhook has one place to post to | write `url: https://…`, or `urlFrom: {env: NAME}` for one that is as good as a password
        "#]],
    );
    check(
        "  default: true\n  webhook: {url: 'https:///x', secret: {env: A, file: B}}\n",
        expect![[r#"
            6:18 error url.invalid: expected a URL that starts with http:// or https://
            6:40 error receiver.secret: a secret is kept in one place | name where it is kept: {env: NAME} or {file: PATH}
        "#]],
    );
    check(
        "  default: true\n  emails: x\n",
        expect![[r#"
        5:3 error receiver.channels: the receiver has no channel | name at least one: `webhook: {url: …}`, `webhooks: [{name: …, url: …}]` or `email: {to: [address]}`
        6:3 error field.unknown: `emails` is no field here | did you mean `email`?
    "#]],
    );
}

#[test]
fn receivers_with_several_channels() {
    let check = |spec: &str, expected| check(&plimsoll("Receiver", spec), expected);
    check(
        "  default: true
  webhook: {url: 'https://a.example'}
  webhooks: [{name: chat, url: 'https://b.example'}, {name: log, url: 'https://c.example'}]
  email: {to: [on-call@example.com, o'neil@example.com]}
  repeatInterval: 30m
",
        expect![[""]],
    );
    check("  default: true\n  email: {to: [a@b]}\n  repeatInterval: off\n", expect![[""]]);
    check(
        "  default: true\n  email: x\n",
        expect![[r#"
        6:10 error field.type: expected a mapping, found the text `x`
    "#]],
    );
    check(
        "  default: true\n  email: {to: [], cc: [a@b]}\n",
        expect![[r#"
        6:15 error receiver.recipients: 0 recipients, and a receiver has 1 to 20 | address a mailing list to reach more people
        6:19 error field.unknown: `cc` is no field here | known fields: to
    "#]],
    );
    check(
        "  default: true\n  email: {to: ['A <a@b>', 'a@b', a@b, 7, \"a@b\\r\\nBcc: x@y\"]}\n",
        expect![[r#"
            6:16 error receiver.address: `A <a@b>` is no e-mail address | a plain address such as on-call@example.com: no name beside it, ASCII alone (an international host as xn--…)
            6:34 warning receiver.address: `a@b` is there twice
            6:39 error field.type: expected a text, found the number 7 | put it in quotes
            6:42 error receiver.address: `a@b\r\nBcc: x@y` is no e-mail address | a plain address such as on-call@example.com: no name beside it, ASCII alone (an international host as xn--…)
        "#]],
    );
    let crowd: Vec<String> = (0..21).map(|n| format!("p{n}@example.com")).collect();
    check(
        &format!("  default: true\n  email: {{to: [{}]}}\n", crowd.join(", ")),
        expect![[r#"
        6:15 error receiver.recipients: 21 recipients, and a receiver has 1 to 20 | address a mailing list to reach more people
    "#]],
    );
}

#[test]
fn receivers_with_faults_in_their_webhooks_and_their_interval() {
    let check = |spec: &str, expected| check(&plimsoll("Receiver", spec), expected);
    check(
        "  default: true
  webhooks:
    - {name: chat, url: 'https://b.example'}
    - {name: chat, url: 'ftp://c.example', secret: x}
    - {url: 'https://d.example', team: x}
    - text
",
        expect![[r#"
            8:14 error receiver.webhooks: two webhooks are called `chat` | attempts are told apart by this name
            8:25 error url.invalid: expected a URL that starts with http:// or https://
            8:52 error receiver.secret: a definition never holds a secret itself | name where it is kept: {env: NAME} or {file: PATH}
            9:7 error field.missing: `name` is missing
            9:34 error field.unknown: `team` is no field here | known fields: name, url, urlFrom, secret
            10:7 error field.type: expected a mapping, found the text `text`
        "#]],
    );
    check(
        "  default: true\n  webhooks: []\n",
        expect![[r#"
        6:13 error receiver.webhooks: 0 webhooks, and a receiver has 1 to 10 | tell more places through a receiver of their own
    "#]],
    );
    for interval in ["4m", "8d", "false", "soon", "30"] {
        let spec =
            format!("  default: true\n  email: {{to: [a@b]}}\n  repeatInterval: {interval}\n");
        let told = diagnose(&plimsoll("Receiver", &spec));
        assert!(told.contains("error "), "{interval}: {told}");
    }
    check(
        "  default: true\n  email: {to: [a@b]}\n  repeatInterval: 4m\n",
        expect![[r#"
        7:19 error receiver.repeat: 4m is not from 5m to 7d | it is the time between two messages about an alert that goes on; `off` for one message each
    "#]],
    );
}

#[test]
fn a_url_that_nobody_can_call_is_told() {
    let receiver = |url: &str| {
        let spec = format!("  default: true\n  webhook: {{url: '{url}'}}\n");
        diagnose(&plimsoll("Receiver", &spec))
    };
    let told = table(
        &[
            "http://[",
            "https://[::1]:9100/x",
            "http://x:99999/y",
            "http://%00/",
            "https://a b/",
            "https://ex%61mple.com",
            "http:///x",
        ],
        receiver,
    );
    expect![[r#"
        http://[
            6:18 error url.invalid: the URL cannot be called: invalid IPv6 address
        https://[::1]:9100/x
        http://x:99999/y
            6:18 error url.invalid: the URL cannot be called: invalid port number
        http://%00/
            6:18 error url.invalid: the URL cannot be called: invalid international domain name
        https://a b/
            6:18 error url.invalid: expected a URL that starts with http:// or https://
        https://ex%61mple.com
        http:///x
            6:18 error url.invalid: expected a URL that starts with http:// or https://
    "#]]
    .assert_eq(&told);
}

#[test]
fn scrape_targets() {
    let check = |spec: &str, expected| check(&plimsoll("ScrapeTarget", spec), expected);
    check("  url: http://x:9100/metrics\n  interval: 1m\n  labels: {job: x}\n", expect![[""]]);
    check(
        "  url: x:9100\n  interval: 6m\n  labels: {__name__: x, 1a: b, ok: 5, ok: c}\n",
        expect![[r#"
            5:8 error url.invalid: expected a URL that starts with http:// or https://
            6:13 error field.value: `6m` is not an interval from 1s to 5m | one number and one unit: 15s or 1m
            7:12 error label.name: `__name__` is no label name | letters, digits and `_`, not starting with a digit or `__`
            7:25 error label.name: `1a` is no label name | letters, digits and `_`, not starting with a digit or `__`
            7:36 error field.type: expected a text, found the number 5 | put it in quotes
            7:39 error yaml.duplicate_key: `ok` is set twice | keep one of the two
        "#]],
    );
    check(
        "  interval: 0s\n",
        expect![[r#"
        5:3 error field.missing: `url` is missing
        5:13 error field.value: `0s` is not an interval from 1s to 5m | one number and one unit: 15s or 1m
    "#]],
    );
}

#[test]
fn error_budget_policies() {
    check(
        &plimsoll(
            "ErrorBudgetPolicy",
            "  rules:
    helthy: {default: allow}
    caution: {default: alow, except: {features: warn, migration: no}}
    warning: {except: {}, advise: x}
  unmeasured: {max: 50, verdict: warn}
  validFor: 1d12h
  enforcedEnvironments: [production, 'not a name']
",
        ),
        expect![[r#"
            6:5 error field.value: `helthy` is no budget status | did you mean `healthy`?
            7:24 error field.value: `alow` is not one of `allow`, `warn`, `deny` | did you mean `allow`?
            7:39 error field.value: `features` is no change class | did you mean `feature`?
            7:66 error field.value: `no` is not one of `allow`, `warn`, `deny`
            8:14 error field.missing: `default` is missing
            8:27 error field.unknown: `advise` is no field here | did you mean `advice`?
            9:21 error field.value: 50 is no share from 0 to 1
            10:13 error field.value: `1d12h` is not a length in whole minutes | one number and one unit: 5m (minutes), 6h, 30d or 4w
            11:38 error name.invalid: `not a name` is no name: 1 to 63 letters, digits, `-`, `_` or `.`, first and last a letter or digit
        "#]],
    );
}

#[test]
fn a_change_class_has_one_verdict() {
    check(
        &plimsoll(
            "ErrorBudgetPolicy",
            "  rules:
    warning:
      default: deny
      except: {reliability-fix: deny, rollback: allow, reliability_fix: allow, 'reliability fix': warn}
    exhausted: {default: deny, except: {reliability-fix: allow}}
",
        ),
        expect![[r#"
            8:56 error error_budget_policy.duplicate_class: `reliability_fix` is set twice: first as `reliability-fix` | keep one of the two
            8:80 error error_budget_policy.duplicate_class: `reliability_fix` is set twice: first as `reliability-fix` | keep one of the two
        "#]],
    );
}

#[test]
fn a_decision_holds_for_a_month_at_most() {
    let check = |length: &str, expected: Expect| {
        let spec = format!("  rules: {{healthy: {{default: allow}}}}\n  validFor: {length}\n");
        check(&plimsoll("ErrorBudgetPolicy", &spec), expected);
    };
    check("30d", expect![[""]]);
    check(
        "43201m",
        expect![[r#"
        6:13 error field.value: a decision cannot hold for 43201m: 30d at most | a length up to 30d; left out, it is 1h
    "#]],
    );
    check(
        "4294967295m",
        expect![[r#"
        6:13 error field.value: a decision cannot hold for 4294967295m: 30d at most | a length up to 30d; left out, it is 1h
    "#]],
    );
}
