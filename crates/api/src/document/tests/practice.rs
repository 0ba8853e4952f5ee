//! Documents that hold numbers of the practice, written wrong.

use expect_test::expect;

use super::{SHOP, check, diagnose};

fn policy(spec: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1
kind: ErrorBudgetPolicy
metadata: {{name: careful}}
spec:
  rules: {{healthy: {{default: allow}}}}
{spec}"
    )
}

#[test]
fn marks_that_do_not_fall_are_refused_at_their_place() {
    check(
        &policy("  marks: {healthyAbove: 0.5, cautionAbove: 0.5}\n"),
        expect![[r#"
            6:44 error error_budget_policy.marks: `cautionAbove: 0.5` is not below 0.5 | the marks fall: 1 > healthyAbove > cautionAbove > warningAbove ≥ 0
        "#]],
    );
    check(
        &policy("  marks: {healthyAbove: 0.2}\n"),
        expect![[r#"
            6:10 error error_budget_policy.marks: `cautionAbove: 0.25` is not below 0.2 | the marks fall: 1 > healthyAbove > cautionAbove > warningAbove ≥ 0
        "#]],
    );
    check(
        &policy("  marks: {healthyAbove: 50, warningAbove: -1}\n  escalate: {above: 0.1}\n"),
        expect![[r#"
            6:25 error field.value: 50 is not at least 0 and at most 1
            6:43 error field.value: -1 is not at least 0 and at most 1
            7:13 error field.missing: `below` is missing
            7:14 error field.unknown: `above` is no field here | known fields: below, advice
        "#]],
    );
    check(
        &policy("  strain: {services: 1.5, default: warn}\n"),
        expect![[r#"
            6:22 error field.value: 1.5 is no whole number from 1 to 1000
        "#]],
    );
}

#[test]
fn bud_18_a_debt_says_what_is_owed_and_by_when() {
    let debt = |spec: &str| {
        format!(
            "apiVersion: plimsoll/v1\nkind: KnownViolation\nmetadata: {{name: late}}\nspec: {spec}\n"
        )
    };
    check(
        &debt("{slo: nothing-of-the-kind, cause: c, remedy: r, mendBy: 2027-01-31}"),
        expect![[r#"
            4:13 error reference.unknown: there is no SLO named `nothing-of-the-kind` | write it, or add the file that holds it
        "#]],
    );
    check(
        &debt("{slo: shop, cause: '  ', mendBy: 2027-02-29, tracker: 'SHOP-1'}"),
        expect![[r#"
            4:7 error field.missing: `remedy` is missing
            4:26 error field.value: nothing is said here | a sentence that whoever reads it in a year understands
            4:40 error field.value: `2027-02-29` is no day | year, month and day, such as `2027-01-31`
            4:61 error url.invalid: expected a URL that starts with http:// or https://
            4:13 error reference.unknown: there is no SLO named `shop` | write it, or add the file that holds it
        "#]],
    );
    check(
        &debt("{slo: shop, cause: c, remedy: r, mendBy: soon, owner: ada}"),
        expect![[r#"
            4:48 error field.value: `soon` is no day | year, month and day, such as `2027-01-31`
            4:54 error field.unknown: `owner` is no field here | known fields: slo, cause, remedy, mendBy, tracker
            4:13 error reference.unknown: there is no SLO named `shop` | write it, or add the file that holds it
        "#]],
    );
}

#[test]
fn bud_19_a_cadence_is_of_a_tier_and_a_status() {
    check(
        "apiVersion: plimsoll/v1
kind: ObjectiveGuide
metadata: {name: default}
spec:
  targets: []
  cadence: {\"1\": {healty: daily}, \"5\": {healthy: daily}, \"2\": weekly}
",
        expect![[r#"
            6:19 error field.value: `healty` is no budget status | did you mean `healthy`?
            6:35 error field.value: `5` is no tier | "1" (most critical) to "4"
            6:63 error field.type: expected a mapping, found the text `weekly`
        "#]],
    );
}

#[test]
fn bud_08_an_allowance_says_for_what_how_long_and_who_agreed() {
    check(
        &policy(
            "  allowances:
    - {service: shop, share: 1.2, from: tomorrow, until: 2026-12-08, reason: x, approvedBy: []}
    - {service: shop, share: 0.2, from: '2026-12-05T08:00:00Z', until: '2026-12-05T08:00:00Z',
       reason: x, approvedBy: [ada]}
    - {service: shop, share: 0.2, approved: [ada]}
",
        ),
        expect![[r#"
            7:30 error field.value: 1.2 is not at least 0 and at most 1
            7:41 error field.value: `tomorrow` is no instant | with its offset from UTC, such as `2026-12-05T08:00:00Z`
            7:58 error field.value: `2026-12-08` is no instant | with its offset from UTC, such as `2026-12-05T08:00:00Z`
            7:93 error error_budget_policy.approval: nobody agreed to this allowance | name who did: `approvedBy: [ada]`
            8:72 error error_budget_policy.order: it ends before it begins | `until` lies after `from`
            10:7 error field.missing: `from` is missing
            10:7 error field.missing: `until` is missing
            10:7 error field.missing: `reason` is missing
            10:7 error field.missing: `approvedBy` is missing
            10:35 error field.unknown: `approved` is no field here | did you mean `approvedBy`?
            7:17 error reference.unknown: there is no Service or Component named `shop` | write it, or add the file that holds it
            8:17 error reference.unknown: there is no Service or Component named `shop` | write it, or add the file that holds it
            10:17 error reference.unknown: there is no Service or Component named `shop` | write it, or add the file that holds it
        "#]],
    );
}

#[test]
fn bud_17_a_reserved_window_has_days_times_and_a_zone() {
    check(
        &policy(
            "  reservedWindows:
    - {days: [thu], from: 13h, until: '24:00', timeZone: Europe/Berlim, default: deny}
    - {days: [], from: '13:00', until: '17:00', timeZone: Nowhere/Land, default: never}
    - {days: thursday, from: 1300, until: '17:00', timeZone: UTC}
",
        ),
        expect![[r#"
            7:15 error field.value: `thu` is not one of `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday`, `sunday`
            7:27 error field.value: `13h` is no time of day | two digits each, in quotes: "00:00" to "23:59"
            7:39 error field.value: `24:00` is no time of day | two digits each, in quotes: "00:00" to "23:59"
            7:58 error field.value: `Europe/Berlim` is no time zone | did you mean `Europe/Berlin`?
            8:7 error error_budget_policy.days: this window is on no day | name some: `days: [thursday]`
            8:59 error field.value: `Nowhere/Land` is no time zone | an IANA name, such as `Europe/Berlin` or `UTC`
            8:82 error field.value: `never` is not one of `allow`, `warn`, `deny`
            9:7 error field.missing: `default` is missing
            9:14 error field.type: expected a list, found the text `thursday`
            9:30 error field.type: expected a text, found the number 1300 | put it in quotes
        "#]],
    );
}

#[test]
fn bud_16_a_deployment_window_is_a_length_of_up_to_a_week() {
    check(
        &policy("  attribution: {deploymentWindow: 8d, environments: [no name], window: 1h}\n"),
        expect![[r#"
            6:35 error field.value: a deployment cannot answer for 8d: 7d at most | a length up to 7d; left out, it is 1h
            6:54 error name.invalid: `no name` is no name: 1 to 63 letters, digits, `-`, `_` or `.`, first and last a letter or digit
            6:64 error field.unknown: `window` is no field here | known fields: deploymentWindow, environments
        "#]],
    );
}

fn guide(spec: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1\nkind: ObjectiveGuide\nmetadata: {{name: default}}\nspec:\n{spec}"
    )
}

#[test]
fn guides_out_of_order_or_with_faults_in_their_queries_are_refused() {
    check(
        &guide(
            "  targets:
    - {target: 0.999, uses: [a]}
    - {target: 0.99, uses: [b]}
    - {target: 99, uses: c}
  tiers: {\"1\": 0.99, \"2\": 0.999, \"5\": 0.9}
  serviceTypes:
    - name: x
      objectives:
        - {name: a, target: 0.9, bad: 'sum(irate(x[5m]))', total: x}
        - {name: a, target: 0.9, gauge: up}
        - {name: b, target: 0.9, good: x, bad: y, total: z}
        - {name: c, target: 0.9, good: x, total: y, op: lt, value: 1}
",
        ),
        expect![[r#"
            7:16 error objective_guide.order: 0.99 does not follow 0.999: targets stand loosest first
            8:16 error slo.target: a target lies above 0 and below 1 (0.999 is 99.9 %) | a percentage is written as a fraction, such as 0.99
            8:26 error field.type: expected a list, found the text `c`
            9:27 error objective_guide.order: a tier that less depends on has a stricter target | tier 1 has the strictest, and stands first
            9:34 error field.value: `5` is no tier | "1" (most critical) to "4"
            13:44 error promql.unsupported: irate(…) cannot be counted as events | write rate instead
            14:41 error objective_guide.measures: which samples of the gauge are good is not said | `total` with `good` or `bad`, or `gauge` with `op` and `value`
            15:11 error objective_guide.measures: what is measured is not said, or said twice | `total` with `good` or `bad`, or `gauge` with `op` and `value`
            16:11 error objective_guide.measures: `op` and `value` belong to a gauge | `total` with `good` or `bad`, or `gauge` with `op` and `value`
        "#]],
    );
}

#[test]
fn documents_that_nothing_goes_by_are_told() {
    check(
        "apiVersion: plimsoll/v1
kind: AlertTiers
metadata: {name: ours}
spec:
  page: {tell: false}
  ticket: {tell: true}
  log: {tell: true}
---
apiVersion: plimsoll/v1
kind: ObjectiveGuide
metadata: {name: ours}
spec: {targets: []}
",
        expect![[r#"
            5:16 error alert_tiers.page_untold: a page that nobody is told of | write `tell: true`, or give the arms another severity
            11:18 warning document.not_in_force: nothing goes by this ObjectiveGuide: it is not named `default` | name it `default` to replace the one that ships
        "#]],
    );
}

/// SLO-07: a tier says which target is strict enough.
#[test]
fn slo_07_a_target_above_its_tier_is_a_warning() {
    let slo = |tier: u8, target: &str| {
        let shop = SHOP.replace(
            "{name: shop}",
            &format!("{{name: shop, annotations: {{plimsoll.dev/tier: \"{tier}\"}}}}"),
        );
        diagnose(&format!(
            "{shop}---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: up}}
spec:
  service: shop
  indicator: {{spec: {{ratioMetric: {{counter: true, good: {{metricSource: {{spec: {{query: x}}}}}}, total: {{metricSource: {{spec: {{query: y}}}}}}}}}}}}
  timeWindow: [{{duration: 30d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: {target}}}]
"
        ))
    };
    assert_eq!(slo(3, "0.999"), "");
    assert_eq!(slo(1, "0.9999"), "");
    expect![[r#"
        19:25 warning slo.target_above_tier: 99.99 % is stricter than the 99.9 % that fit tier 3: the budget is 10 times smaller | a looser target, another tier, or an ObjectiveGuide of your own named `default`
    "#]]
    .assert_eq(&slo(3, "0.9999"));
}

#[test]
fn what_goes_by_one_name_is_told_apart() {
    let objective = "{name: a, target: 0.9, good: x, total: y}";
    let of = format!("{{name: x, objectives: [{objective}, {objective}]}}");
    check(
        &guide(&format!("  targets: []\n  serviceTypes:\n    - {of}\n    - {of}\n")),
        expect![[r#"
            7:80 error objective_guide.duplicate: two objectives are called `a` | rename one
            8:14 error objective_guide.duplicate: two types of service are called `x` | rename one
            8:80 error objective_guide.duplicate: two objectives are called `a` | rename one
        "#]],
    );
}
