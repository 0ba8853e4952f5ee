use std::collections::BTreeMap;

use plimsoll_api::document::{self, Document, Kind, Source};
use plimsoll_domain::access::{Grants, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;

use super::{Named, State, check};
use crate::app::Caller;

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// Documents in force and what they mean.
struct Stand(Vec<Document>, Definitions);

impl Stand {
    fn of(yaml: &str) -> Self {
        let document::Parsed { documents, diagnostics } =
            document::parse(&[Source { path: "test.yaml", text: yaml }]);
        let (definitions, found) = document::resolve(&documents);
        let definitions = definitions.unwrap_or_else(|| panic!("{diagnostics:#?} {found:#?}"));
        Self(documents, definitions)
    }

    fn state(&self) -> State<'_> {
        State::new(&self.0, Some(&self.1))
    }
}

/// Somebody with a role in a team.
fn in_team(team: &str, role: Role) -> Caller {
    let grants = Grants { teams: BTreeMap::from([(name(team), role)]), ..Grants::of(Role::Viewer) };
    Caller { grants, ..Caller::system("test") }
}

fn everywhere(role: Role) -> Caller {
    Caller { grants: Grants::of(role), ..Caller::system("test") }
}

fn may(caller: &Caller, changed: &[(Kind, &str)], before: &Stand, after: &Stand) -> bool {
    let changed = changed.iter().map(|(kind, text)| Named { kind: *kind, name: name(text) });
    check(caller, changed, &before.state(), &after.state()).is_ok()
}

fn component(service: &str, owner: &str) -> String {
    format!(
        "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {service}}}\n\
         spec: {{type: service, lifecycle: production, owner: {owner}}}\n"
    )
}

fn service(name: &str) -> String {
    format!("---\napiVersion: openslo/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{}}\n")
}

fn sli(name: &str) -> String {
    format!(
        "---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: {name}}}\nspec:\n  ratioMetric:\n    \
         counter: true\n    bad: {{metricSource: {{spec: {{query: 'bad_total'}}}}}}\n    \
         total: {{metricSource: {{spec: {{query: 'all_total'}}}}}}\n"
    )
}

fn slo(name: &str, service: &str, sli: &str) -> String {
    format!(
        "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {name}}}\nspec:\n  \
         service: {service}\n  indicatorRef: {sli}\n  \
         timeWindow: [{{duration: 30d, isRolling: true}}]\n  budgetingMethod: Occurrences\n  \
         objectives: [{{target: 0.99}}]\n"
    )
}

#[test]
fn a_team_changes_what_it_owns_and_adds_to_it() {
    let nothing = Stand::of("");
    let shop = Stand::of(&(component("cart", "shop") + &sli("cart") + &slo("up", "cart", "cart")));
    let all = [(Kind::Component, "cart"), (Kind::Sli, "cart"), (Kind::Slo, "up")];
    assert!(may(&in_team("shop", Role::Editor), &all, &nothing, &shop), "new");
    assert!(may(&in_team("shop", Role::Editor), &all, &shop, &shop), "changed");
    assert!(!may(&in_team("shop", Role::Responder), &all, &nothing, &shop));
    for one in all {
        assert!(!may(&in_team("pay", Role::Admin), &[one], &nothing, &shop), "{one:?}");
        assert!(!may(&in_team("pay", Role::Admin), &[one], &shop, &shop), "{one:?}");
        assert!(may(&everywhere(Role::Editor), &[one], &nothing, &shop), "{one:?}");
    }
}

#[test]
fn a_service_changes_hands_by_those_who_have_a_say_on_both_sides() {
    let (of_shop, of_pay) =
        (Stand::of(&component("cart", "shop")), Stand::of(&component("cart", "pay")));
    let changed = [(Kind::Component, "cart")];
    assert!(!may(&in_team("shop", Role::Editor), &changed, &of_shop, &of_pay), "given away");
    assert!(!may(&in_team("pay", Role::Editor), &changed, &of_shop, &of_pay), "taken");
    assert!(may(&everywhere(Role::Editor), &changed, &of_shop, &of_pay));
}

#[test]
fn what_nobody_owns_is_not_taken_over_by_a_document_of_the_other_kind() {
    let unowned = Stand::of(&service("cart"));
    let claimed = Stand::of(&(service("cart") + &component("cart", "shop")));
    let changed = [(Kind::Component, "cart")];
    assert!(!may(&in_team("shop", Role::Admin), &changed, &unowned, &claimed));
}

#[test]
fn an_slo_moves_between_services_by_both_owners() {
    let base = component("cart", "shop") + &component("card", "pay") + &sli("any");
    let before = Stand::of(&(base.clone() + &slo("up", "cart", "any")));
    let after = Stand::of(&(base + &slo("up", "card", "any")));
    let changed = [(Kind::Slo, "up")];
    assert!(!may(&in_team("shop", Role::Editor), &changed, &before, &after));
    assert!(!may(&in_team("pay", Role::Editor), &changed, &before, &after));
    let both = BTreeMap::from([(name("shop"), Role::Editor), (name("pay"), Role::Editor)]);
    let grants = Grants { teams: both, ..Grants::of(Role::Viewer) };
    let both = Caller { grants, ..Caller::system("test") };
    assert!(may(&both, &changed, &before, &after));
}

#[test]
fn an_sli_is_of_all_whose_slos_it_measures_and_of_the_installation_without_any() {
    let base = component("cart", "shop") + &component("card", "pay") + &sli("any");
    let shared = Stand::of(&(base.clone() + &slo("a", "cart", "any") + &slo("b", "card", "any")));
    let changed = [(Kind::Sli, "any")];
    assert!(!may(&in_team("shop", Role::Editor), &changed, &shared, &shared));
    let unused = Stand::of(&base);
    assert!(!may(&in_team("shop", Role::Editor), &changed, &unused, &unused));
    let of_shop = Stand::of(&(base + &slo("a", "cart", "any")));
    assert!(may(&in_team("shop", Role::Editor), &changed, &of_shop, &of_shop));
}

#[test]
fn receivers_are_of_their_team_unless_they_hear_everything() {
    let receiver = |name: &str, extra: &str| {
        format!(
            "---\napiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {{name: {name}}}\n\
             spec: {{team: shop, {extra}webhook: {{url: 'https://example.com/'}}}}\n"
        )
    };
    let group = "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: shop}\n\
                 spec: {type: team, children: []}\n";
    let stand = Stand::of(
        &(group.to_owned() + &receiver("ours", "") + &receiver("all", "default: true, ")),
    );
    let nothing = Stand::of("");
    let shop = in_team("shop", Role::Editor);
    assert!(may(&shop, &[(Kind::Receiver, "ours")], &nothing, &stand));
    assert!(!may(&shop, &[(Kind::Receiver, "all")], &nothing, &stand));
    assert!(!may(&shop, &[(Kind::Group, "shop")], &nothing, &stand));
}

#[test]
fn targets_within_the_network_are_for_admins_of_the_installation() {
    let target = "---\napiVersion: plimsoll/v1\nkind: ScrapeTarget\nmetadata: {name: cart}\n\
                  spec: {url: 'http://10.0.0.1/metrics', interval: 15s}\n";
    let (nothing, stand) = (Stand::of(""), Stand::of(target));
    let changed = [(Kind::ScrapeTarget, "cart")];
    assert!(!may(&everywhere(Role::Editor), &changed, &nothing, &stand));
    assert!(!may(&in_team("shop", Role::Admin), &changed, &nothing, &stand));
    assert!(may(&everywhere(Role::Admin), &changed, &nothing, &stand));
}

#[test]
fn a_secret_of_the_server_is_referred_to_anew_by_admins_of_the_installation() {
    let receiver = |webhook: &str| {
        Stand::of(&format!(
            "---\napiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {{name: shop}}\nspec: {{team: \
             shop, webhook: {webhook}}}\n"
        ))
    };
    let plain = receiver("{url: 'https://a.example'}");
    let signed = receiver("{url: 'https://a.example', secret: {env: SHOP}}");
    let moved = receiver("{url: 'https://b.example', secret: {env: SHOP}}");
    let kept = receiver("{urlFrom: {file: /etc/shadow}, secret: {env: SHOP}}");
    let changed = [(Kind::Receiver, "shop")];
    let editor = in_team("shop", Role::Editor);
    for (before, after, may_editor) in [
        (&plain, &signed, false),
        (&signed, &moved, true),
        (&moved, &kept, false),
        (&kept, &signed, true),
        (&signed, &plain, true),
    ] {
        assert_eq!(may(&editor, &changed, before, after), may_editor);
        assert_eq!(may(&everywhere(Role::Editor), &changed, before, after), may_editor);
        assert!(may(&everywhere(Role::Admin), &changed, before, after));
    }
}

#[test]
fn a_debt_is_of_whoever_owns_what_it_is_owed_to() {
    let debt = |slo: &str| {
        format!(
            "---\napiVersion: plimsoll/v1\nkind: KnownViolation\nmetadata: {{name: late}}\nspec: \
             {{slo: {slo}, cause: c, remedy: r, mendBy: 2027-01-31}}\n"
        )
    };
    let base = component("cart", "shop")
        + &component("card", "pay")
        + &sli("any")
        + &slo("up", "cart", "any")
        + &slo("paid", "card", "any");
    let without = Stand::of(&base);
    let (of_shop, of_pay) =
        (Stand::of(&(base.clone() + &debt("up"))), Stand::of(&(base + &debt("paid"))));
    let changed = [(Kind::KnownViolation, "late")];
    assert!(may(&in_team("shop", Role::Editor), &changed, &without, &of_shop));
    assert!(!may(&in_team("pay", Role::Admin), &changed, &without, &of_shop), "of another");
    assert!(!may(&in_team("shop", Role::Editor), &changed, &of_shop, &of_pay), "passed on");
    assert!(!may(&in_team("pay", Role::Editor), &changed, &of_shop, &without), "forgiven");
}
