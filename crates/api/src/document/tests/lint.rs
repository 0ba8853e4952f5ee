//! What needs more than one document to see: references, and arms that cannot do their work.

use expect_test::{Expect, expect};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::burn;

use super::{SHOP, check, diagnose, documents};
use crate::document::{Source, parse, resolve};
use crate::v1::definition::Diagnostic;

fn slo(target: &str, window: &str, policies: &str) -> String {
    format!(
        "{SHOP}---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: shop}}
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: {{metricSource: {{spec: {{query: 'rate(x{{code=\"500\"}}[5m])'}}}}}}
        total: {{metricSource: {{spec: {{query: 'rate(x[5m])'}}}}}}
  timeWindow: [{{duration: {window}, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: {target}}}]
  alertPolicies: {policies}
"
    )
}

fn check_slo(target: &str, window: &str, policies: &str, expected: Expect) {
    check(&slo(target, window, policies), expected);
}

#[test]
fn a_usual_slo_has_nothing_to_say() {
    check_slo("0.999", "30d", "[]", expect![[""]]);
    check_slo("0.999", "28d", "[accelerator]", expect![[""]]);
}

#[test]
fn arms_that_a_total_outage_cannot_reach_are_told() {
    check_slo(
        "0.9",
        "30d",
        "[]",
        expect![[r#"
        24:25 warning slo.unreachable_arm: the arm over 1h can never fire: at 90 % a total outage burns 10×, not more than 14.4× | a target above 93.0556 %, or a burn policy with lower factors
    "#]],
    );
    check_slo(
        "0.5",
        "30d",
        "[accelerator]",
        expect![[r#"
        24:25 warning slo.unreachable_arm: the arm over 30m can never fire: at 50 % a total outage burns 2×, not more than 3× | a target above 66.6667 %, or a burn policy with lower factors
        24:25 warning slo.unreachable_arm: the arm over 30m can never fire: at 50 % a total outage burns 2×, not more than 10× | a target above 90 %, or a burn policy with lower factors
    "#]],
    );
}

#[test]
fn arms_dropped_for_a_short_window_are_told() {
    check_slo(
        "0.99",
        "1h",
        "[]",
        expect![[r#"
        22:27 warning slo.dropped_arm: the arm over 1h (14.4×) is left out: scaled to a window of 1h it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
        22:27 warning slo.dropped_arm: the arm over 6h (6×) is left out: scaled to a window of 1h it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
        22:27 warning slo.dropped_arm: the arm over 1d (3×) is left out: scaled to a window of 1h it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
    "#]],
    );
    check_slo(
        "0.99",
        "1d",
        "[workbook]",
        expect![[r#"
        22:27 warning slo.dropped_arm: the arm over 1h (14.4×) is left out: scaled to a window of 1d it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
    "#]],
    );
}

#[test]
fn a_window_shorter_than_its_arms_is_told() {
    let policy = "---
apiVersion: plimsoll/v1
kind: BurnPolicy
metadata: {name: slow}
spec: {arms: [{long: 2h, factor: 2, severity: page}]}
";
    check(
        &(slo("0.99", "1h", "[slow]") + policy),
        expect![[r#"
        22:27 warning slo.window_shorter_than_arm: the window of 1h is shorter than the arm over 2h
    "#]],
    );
}

#[test]
fn every_dangling_reference_is_told() {
    check(
        "apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  annotations: {plimsoll.dev/error-budget-policy: defualt}
spec:
  owner: group:default/team-a
  dependsOn: ['component:shp', pay, 'resource:orders-db', 'user:default/x']
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: s}
spec:
  service: checkout
  indicatorRef: requests
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
  alertPolicies: [{alertPolicyRef: workbok}]
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: request}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {metricSourceRef: prom, spec: {query: a}}}
    total: {metricSource: {type: datadog, spec: {query: b}}}
---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {name: r}
spec: {team: team-b, webhook: {url: 'https://example.com'}}
",
        expect![[r#"
            28:34 error datasource.type: the type `datadog` is not known | known types: plimsoll, Prometheus
            5:51 error reference.unknown: there is no ErrorBudgetPolicy named `defualt` | did you mean `default`?
            7:10 warning reference.unknown: there is no Group named `team-a` | write it, or add the file that holds it
            8:15 warning reference.unknown: there is no Service or Component named `shp` | did you mean `shop`?
            8:32 warning reference.unknown: there is no Service or Component named `pay` | write it, or add the file that holds it
            14:12 error reference.unknown: there is no Service or Component named `checkout` | write it, or add the file that holds it
            15:17 error reference.unknown: there is no SLI named `requests` | did you mean `request`?
            19:36 error reference.unknown: there is no BurnPolicy named `workbok` | did you mean `workbook`?
            27:43 error reference.unknown: there is no DataSource named `prom` | write it, or add the file that holds it
            33:14 warning reference.unknown: there is no Group named `team-b` | write it, or add the file that holds it
        "#]],
    );
}

/// As a file of two thousand services and of as many references to others would have it: what is
/// told of each costs no look at all services.
#[test]
fn looking_for_what_was_meant_ends() {
    let service = |number: u32| {
        format!(
            "apiVersion: openslo/v1\nkind: Service\nmetadata: {{name: service-{number:05}}}\n---\n"
        )
    };
    let services: String = (0..2_000).map(service).collect();
    let slo = |number: u32| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: c{number}}}\n\
             spec: {{owner: shopkeepers, dependsOn: [service-{number:05}x]}}\n---\n"
        )
    };
    let dependent: String = (0..1_000).map(slo).collect();
    let parsed =
        parse(&[Source { path: "a.yaml", text: &format!("{SHOP}---\n{services}{dependent}") }]);
    let (_, found) = resolve(&parsed.documents);
    let dangling: Vec<_> = found.iter().filter(|found| found.code == "reference.unknown").collect();
    assert_eq!(dangling.len(), 1_000, "each is told");
    let guess = |found: &&&Diagnostic| {
        found.hint.as_ref().is_some_and(|hint| hint.contains("did you mean"))
    };
    let guessed = dangling.iter().filter(guess).count();
    assert!((10..=25).contains(&guessed), "{guessed} guesses at 2,000 comparisons each");
    assert_eq!(dangling[0].hint.as_deref(), Some("did you mean `service-00000`?"));
}

#[test]
fn a_reference_to_a_faulty_document_does_not_dangle() {
    let text = slo("0.999", "30d", "[mine]")
        + "---\napiVersion: plimsoll/v1\nkind: BurnPolicy\nmetadata: {name: mine}\nspec: {}\n";
    check(
        &text,
        expect![[r#"
        30:7 error field.missing: `arms` is missing
    "#]],
    );
}

#[test]
fn a_service_without_an_owner_is_told_once() {
    let text = "apiVersion: openslo/v1
kind: Service
metadata: {name: shop, displayName: Shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
spec: {type: service}
";
    check(
        text,
        expect![[r#"
        7:18 warning service.unowned: the service `shop` has no owner | write a Component of that name with `spec.owner`: its alerts go to the default receiver
    "#]],
    );
}

#[test]
fn service_and_component_of_a_name_are_one_service() {
    let text = "apiVersion: openslo/v1
kind: Service
metadata: {name: shop, displayName: Shop}
spec: {description: sells}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: pay, annotations: {plimsoll.dev/tier: '2'}}
spec: {owner: team-a}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop, title: The shop, annotations: {plimsoll.dev/tier: 1}}
spec: {owner: 'group:default/team-a', dependsOn: ['component:pay']}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-a}
spec: {profile: {displayName: Team A}}
";
    assert_eq!(diagnose(text), "");
    let definitions = resolve(&documents(text)).0.expect("no faults");
    let json = |value| serde_json::to_string(&value).expect("it has no odd keys");
    let services = definitions.services.values().map(|service| json(service.clone()) + "\n");
    expect![[r#"
        {"name":"pay","display_name":null,"description":null,"owner":"team-a","tier":2,"depends_on":[],"budget_policy":null}
        {"name":"shop","display_name":"The shop","description":"sells","owner":"team-a","tier":1,"depends_on":["pay"],"budget_policy":null}
    "#]].assert_eq(&services.collect::<String>());
    let team = definitions.teams.values().next().expect("one team");
    assert_eq!(team.display_name.as_deref(), Some("Team A"));
}

#[test]
fn a_document_takes_the_place_of_the_default_of_its_name() {
    let text = "apiVersion: plimsoll/v1
kind: BurnPolicy
metadata: {name: workbook}
spec: {arms: [{long: 1h, factor: 10, severity: page}]}
";
    let of = |text| {
        let definitions = resolve(&documents(text)).0.expect("no faults");
        let name = Name::parse("workbook").expect("a name");
        (definitions.burn_policies[&name].arms.clone(), definitions.burn_policies.len())
    };
    let lengths =
        |arms: Vec<burn::PolicyArm>| arms.iter().map(|arm| arm.long.0).collect::<Vec<_>>();
    let (shipped, two) = of("");
    assert_eq!((lengths(shipped), two), (vec![60, 360, 1_440, 4_320], 2));
    let (arms, two) = of(text);
    assert_eq!((arms[0].short.0, lengths(arms), two), (5, vec![60], 2), "a twelfth");
}
