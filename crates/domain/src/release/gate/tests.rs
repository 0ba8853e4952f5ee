use super::*;
use crate::slo::budget::{Marks, Share};
use crate::slo::ledger::Attribution;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn rule(default: Verdict, except: &[(ChangeClass, Verdict)]) -> Rule {
    Rule { default, except: except.iter().copied().collect(), advice: None }
}

fn policy() -> Policy {
    let fixes = [
        (ChangeClass::ReliabilityFix, Verdict::Allow),
        (ChangeClass::SecurityPatch, Verdict::Allow),
        (ChangeClass::Rollback, Verdict::Allow),
    ];
    Policy {
        name: name("default"),
        marks: Marks::PRACTICE,
        escalate: None,
        unused: None,
        strain: None,
        allowances: Vec::new(),
        reserved: Vec::new(),
        attribution: Attribution::default(),
        rules: [
            (Status::Healthy, rule(Verdict::Allow, &[])),
            (Status::Caution, rule(Verdict::Allow, &[(ChangeClass::Migration, Verdict::Warn)])),
            (Status::Warning, rule(Verdict::Deny, &fixes)),
            (Status::Exhausted, rule(Verdict::Deny, &fixes)),
            (Status::NoTraffic, rule(Verdict::Warn, &fixes)),
            (Status::NoData, rule(Verdict::Deny, &[])),
        ]
        .into(),
        unmeasured_max: 0.5,
        unmeasured_verdict: Verdict::Warn,
        valid_minutes: 60,
        enforced_environments: Vec::new(),
    }
}

fn slo(status: Status) -> SloFact {
    SloFact {
        name: name("availability"),
        status,
        status_worst: status,
        remark: None,
        budget_remaining: Some(0.6),
        budget_remaining_worst: Some(0.6),
        unmeasured: 0.0,
        coverage: Some(1.0),
        watermark: None,
    }
}

fn facts(class: ChangeClass, slos: Vec<SloFact>) -> Facts {
    Facts {
        as_of: Timestamp::UNIX_EPOCH,
        service: name("checkout"),
        owner: None,
        tier: None,
        environment: name("production"),
        artifact: Artifact::parse("sha256:1").expect("visible"),
        class,
        slos,
        alerts: Vec::new(),
        strained: Vec::new(),
    }
}

fn verdict(class: ChangeClass, slos: Vec<SloFact>) -> Verdict {
    decide(&facts(class, slos), &policy()).verdict
}

#[test]
fn bud_06_exhausted_permits_fixes_patches_and_rollbacks_only() {
    let permitted: Vec<_> = ChangeClass::ALL
        .into_iter()
        .filter(|class| verdict(*class, vec![slo(Status::Exhausted)]) != Verdict::Deny)
        .collect();
    let fixes = [ChangeClass::ReliabilityFix, ChangeClass::SecurityPatch, ChangeClass::Rollback];
    assert_eq!(permitted, fixes);
}

#[test]
fn the_strictest_slo_decides() {
    let slos = || vec![slo(Status::Healthy), slo(Status::Exhausted)];
    assert_eq!(verdict(ChangeClass::Feature, slos()), Verdict::Deny);
    let outcome = decide(&facts(ChangeClass::Feature, slos()), &policy());
    assert_eq!(outcome.reasons[0].code, "budget_exhausted", "strictest first");
}

#[test]
fn ignorance_is_never_allowed() {
    for class in ChangeClass::ALL {
        assert_eq!(verdict(class, vec![]), Verdict::Deny, "a service without an SLO");
        assert_eq!(verdict(class, vec![slo(Status::NoData)]), Verdict::Deny);
        let unmeasured = verdict(class, vec![slo(Status::Unmeasured)]);
        assert_eq!(unmeasured, Verdict::Deny, "a status without a rule");
    }
}

#[test]
fn a_stricter_verdict_at_the_worst_case_warns() {
    let gappy = SloFact { status_worst: Status::Exhausted, ..slo(Status::Healthy) };
    assert_eq!(verdict(ChangeClass::Feature, vec![gappy.clone()]), Verdict::Warn);
    assert_eq!(verdict(ChangeClass::Rollback, vec![gappy]), Verdict::Allow);
}

#[test]
fn unmeasured_time_beyond_the_tolerated_share_warns() {
    let young = |unmeasured| SloFact { unmeasured, ..slo(Status::Healthy) };
    assert_eq!(verdict(ChangeClass::Feature, vec![young(0.5)]), Verdict::Allow);
    assert_eq!(verdict(ChangeClass::Feature, vec![young(0.51)]), Verdict::Warn);
    assert_eq!(verdict(ChangeClass::Feature, vec![young(f64::NAN)]), Verdict::Warn);
}

/// ALR-02 as settled by Z-01: the mark is told, and the status decides.
#[test]
fn alr_02_less_than_the_mark_is_told_with_its_advice() {
    let advice = Some("Tell those who lead.".to_owned());
    let mark = Mark { at: Share::new(0.1).expect("a share"), advice };
    let policy = Policy { escalate: Some(mark), ..policy() };
    let low = SloFact { remark: Some(Remark::Escalate), ..slo(Status::Warning) };
    let outcome = decide(&facts(ChangeClass::Rollback, vec![low]), &policy);
    assert_eq!(outcome.verdict, Verdict::Allow);
    let told = outcome.reasons.iter().find(|reason| reason.code == "budget_escalates");
    let message = told.map(|reason| reason.message.as_str());
    assert_eq!(message, Some("less than 10 % of the budget is left. Tell those who lead."));
    let unused = SloFact { remark: Some(Remark::Unused), ..slo(Status::Healthy) };
    let outcome = decide(&facts(ChangeClass::Rollback, vec![unused]), &policy);
    assert_eq!(outcome.reasons.len(), 1, "an unused budget is no reason: {outcome:?}");
}

fn allowance(service: &str, share: f64) -> Allowance {
    Allowance {
        service: name(service),
        share: Share::new(share).expect("a share"),
        from: Timestamp::UNIX_EPOCH,
        until: Timestamp::from_second(60).expect("an instant"),
        reason: "Move to the new database".to_owned(),
        approved_by: vec!["ada".to_owned(), "product".to_owned()],
    }
}

#[test]
fn bud_08_an_allowance_is_judged_as_if_that_much_more_were_left() {
    let spent = SloFact {
        budget_remaining: Some(-0.1),
        budget_remaining_worst: Some(-0.1),
        ..slo(Status::Exhausted)
    };
    let outcome = |policy: &Policy, at: i64, slo: &SloFact| {
        let as_of = Timestamp::from_second(at).expect("an instant");
        decide(&Facts { as_of, ..facts(ChangeClass::Feature, vec![slo.clone()]) }, policy)
    };
    let of = |service, share| Policy { allowances: vec![allowance(service, share)], ..policy() };
    for (policy, at, expected) in [
        (of("checkout", 0.4), 0, Verdict::Allow),
        (of("checkout", 0.4), 59, Verdict::Allow),
        (of("checkout", 0.4), 60, Verdict::Deny),
        (of("checkout", 0.4), -1, Verdict::Deny),
        (of("checkout", 0.1), 0, Verdict::Deny),
        (of("checkout", 0.11), 0, Verdict::Deny),
        (of("search", 1.0), 0, Verdict::Deny),
    ] {
        assert_eq!(outcome(&policy, at, &spent).verdict, expected, "{policy:?} {at}");
    }
    let outcome = outcome(&of("checkout", 0.4), 0, &spent);
    let told: Vec<_> =
        outcome.reasons.iter().map(|one| (one.code.as_str(), &*one.message)).collect();
    assert_eq!(
        told,
        [
            (
                "budget_allowance",
                "40 % of the budget may go to this until 1970-01-01T00:01:00Z: Move to the new \
                 database (agreed to by ada, product)"
            ),
            (
                "budget_caution",
                "the budget is exhausted: -10.0 % left, and counts as caution with what was \
                 granted; feature may go out"
            ),
        ]
    );
    // It grants nothing to what nobody has seen.
    let blind = SloFact { budget_remaining: Some(0.6), ..slo(Status::NoData) };
    let facts = facts(ChangeClass::Feature, vec![blind]);
    assert_eq!(decide(&facts, &of("checkout", 1.0)).verdict, Verdict::Deny);
}

#[test]
fn bud_17_a_reserved_window_keeps_features_and_lets_reliability_work_out() {
    let fixes = [(ChangeClass::ReliabilityFix, Verdict::Allow)];
    let window = Reserved {
        // The first of January 1970 was a Thursday.
        days: [Day::Thursday].into(),
        from: jiff::civil::time(0, 0, 0, 0),
        until: jiff::civil::time(4, 0, 0, 0),
        time_zone: "UTC".to_owned(),
        rule: rule(Verdict::Deny, &fixes),
    };
    let policy = Policy { reserved: vec![window], ..policy() };
    let outcome = |class, at: i64| {
        let as_of = Timestamp::from_second(at).expect("an instant");
        decide(&Facts { as_of, ..facts(class, vec![slo(Status::Healthy)]) }, &policy)
    };
    assert_eq!(outcome(ChangeClass::Feature, 0).verdict, Verdict::Deny);
    assert_eq!(outcome(ChangeClass::Feature, 0).reasons[0].code, "window_reserved");
    assert_eq!(outcome(ChangeClass::ReliabilityFix, 0).verdict, Verdict::Allow);
    assert_eq!(outcome(ChangeClass::Feature, 4 * 3_600).verdict, Verdict::Allow);
}

#[test]
fn bud_15_a_team_with_several_exhausted_budgets_is_warned() {
    let fixes = [(ChangeClass::Rollback, Verdict::Allow)];
    let strain = Strain { services: 2, rule: rule(Verdict::Warn, &fixes) };
    let policy = Policy { strain: Some(strain), ..policy() };
    let outcome = |class, services: &[&str], owner: Option<&str>| {
        let of_team = services.iter().map(|service| name(service)).collect();
        let owner = owner.map(name);
        let slos = vec![slo(Status::Healthy)];
        decide(&Facts { strained: of_team, owner, ..facts(class, slos) }, &policy)
    };
    let feature = outcome(ChangeClass::Feature, &["cart", "search"], Some("shop"));
    assert_eq!(feature.verdict, Verdict::Warn);
    assert_eq!(
        feature.reasons[0].message,
        "2 services of shop have an exhausted budget: cart, search; feature may go out with care"
    );
    let rollback = outcome(ChangeClass::Rollback, &["cart", "search"], Some("shop"));
    assert_eq!(rollback.verdict, Verdict::Allow);
    assert_eq!(outcome(ChangeClass::Feature, &["cart"], Some("shop")).verdict, Verdict::Allow);
    assert_eq!(outcome(ChangeClass::Feature, &["a", "b"], None).verdict, Verdict::Allow);
}

/// A decision of before policies had marks reads and decides as it did.
#[test]
fn policies_without_marks_are_read_as_they_were_meant() {
    let mut stored = serde_json::to_value(policy()).expect("serialises");
    stored.as_object_mut().expect("a mapping").remove("marks").expect("it was there");
    let read: Policy = serde_json::from_value(stored).expect("reads back");
    assert_eq!(read, policy());
}

#[test]
fn decisions_read_back_byte_for_byte() {
    let facts = facts(ChangeClass::Feature, vec![slo(Status::Warning)]);
    let stored = serde_json::to_string(&(&facts, &policy())).expect("serialises");
    let (read_facts, read_policy): (Facts, Policy) =
        serde_json::from_str(&stored).expect("reads back");
    assert_eq!(serde_json::to_string(&(&read_facts, &read_policy)).expect("serialises"), stored);
    assert_eq!(decide(&read_facts, &read_policy), decide(&facts, &policy()));
}

#[test]
fn a_decision_expires_at_the_end_of_time_at_the_latest() {
    let until =
        |valid_minutes| Policy { valid_minutes, ..policy() }.expires_at(Timestamp::UNIX_EPOCH);
    assert_eq!(until(60).as_second(), 3_600);
    assert_eq!(until(Policy::VALID_LONGEST.0).as_second(), 30 * 86_400);
    assert_eq!(until(u32::MAX), Timestamp::MAX, "and not in the year 10136");
}
