use super::*;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn subject() -> Subject {
    Subject {
        org: OrgId::fresh(0, [0; 10]),
        kind: Kind::Burn,
        slo: name("checkout-availability"),
        service: name("checkout"),
        reopen_within: Minutes(360),
    }
}

fn at(minute: i64) -> Timestamp {
    Minute(minute).start()
}

fn firing(severity: Severity) -> Input {
    let evidence = Evidence {
        summary: "burning".to_owned(),
        arms: Vec::new(),
        budget_remaining: Some(0.4),
        watermark: None,
    };
    let firing = Some(Firing { severity, evidence });
    Input::Read { firing, calm: false, minute: Minute(0) }
}

fn quiet(calm: bool, minute: i64) -> Input {
    Input::Read { firing: None, calm, minute: Minute(minute) }
}

/// Steps through (minute, input) and returns the transitions with the alert that is left.
fn run(inputs: Vec<(i64, Input)>) -> (Vec<(i64, Transition)>, Option<Alert>) {
    let mut slot = None;
    let mut seen = Vec::new();
    for (minute, input) in inputs {
        let transition = step(&mut slot, &subject(), at(minute), input);
        seen.extend(transition.map(|transition| (minute, transition)));
    }
    (seen, slot)
}

/// The same, each transition with the time it is dated.
fn dated(inputs: Vec<(i64, Input)>) -> (Vec<(i64, Transition)>, Alert) {
    let mut slot = None;
    let mut seen = Vec::new();
    for (minute, input) in inputs {
        let transition = step(&mut slot, &subject(), at(minute), input);
        let dated = slot.as_ref().map(|alert| Minute::of(alert.changed_at()).0);
        seen.extend(dated.zip(transition));
    }
    (seen, slot.expect("an alert"))
}

#[test]
fn one_outage_is_one_alert() {
    use Severity::{Page, Ticket};
    let (seen, alert) = run(vec![
        (0, quiet(true, 0)),
        (1, firing(Ticket)),
        (2, firing(Page)),
        (3, firing(Ticket)),
        (4, quiet(false, 4)),
        (5, firing(Page)),
        (9, quiet(true, 9)),
        (10, quiet(true, 10)),
    ]);
    let expected = [(1, Transition::Opened), (2, Transition::Escalated), (9, Transition::Closed)];
    assert_eq!(seen, expected);
    let alert = alert.expect("an alert");
    assert_eq!((alert.phase, alert.severity), (Phase::Closed, Page), "severity never falls");
    assert_eq!(alert.bad_since, Some(Minute(9)), "older failures belong to what is over");
}

#[test]
fn a_second_outage_soon_after_reopens_the_same_alert() {
    let page = || firing(Severity::Page);
    let (seen, alert) = run(vec![(1, page()), (9, quiet(true, 9)), (30, page())]);
    assert_eq!(seen[2], (30, Transition::Reopened));
    let alert = alert.expect("an alert");
    assert_eq!((alert.opened_at, alert.firing_since), (at(1), at(30)));
    assert_eq!(alert.bad_since, Some(Minute(9)));
}

#[test]
fn an_outage_long_after_is_a_new_alert() {
    let page = || firing(Severity::Page);
    let (seen, alert) = run(vec![(1, page()), (9, quiet(true, 9)), (500, page())]);
    assert_eq!(seen[2], (500, Transition::Opened));
    let alert = alert.expect("an alert");
    assert_eq!((alert.ordinal, alert.bad_since), (2, None));
}

#[test]
fn whoever_opens_it_opens_the_same_alert() {
    let opened = |minute| run(vec![(minute, firing(Severity::Page))]).1.expect("an alert");
    let (mine, theirs) = (opened(1), opened(2));
    assert_eq!((mine.id, mine.ordinal), (theirs.id, 1));
    let (org, slo) = (subject().org, subject().slo);
    let others = [
        Alert::id_of(OrgId::fresh(1, [0; 10]), &slo, Kind::Burn, 1),
        Alert::id_of(org, &name("other"), Kind::Burn, 1),
        Alert::id_of(org, &slo, Kind::NoData, 1),
        Alert::id_of(org, &slo, Kind::Burn, 2),
    ];
    assert!(!others.contains(&mine.id));
}

#[test]
fn ignorance_changes_nothing() {
    let (seen, alert) = run(vec![(1, firing(Severity::Page)), (2, Input::Unknown)]);
    assert_eq!(seen.len(), 1);
    assert_eq!(alert.expect("an alert").phase, Phase::Firing);
}

#[test]
fn a_calm_alert_closes_though_its_long_window_still_holds_the_outage() {
    let Input::Read { firing, .. } = firing(Severity::Page) else { panic!("reads") };
    let held = Input::Read { firing, calm: true, minute: Minute(9) };
    let (seen, _) = run(vec![(1, super::tests::firing(Severity::Page)), (9, held)]);
    assert_eq!(seen[1], (9, Transition::Closed));
}

#[test]
fn no_transition_is_dated_before_the_one_it_follows() {
    let (ticket, page) = (|| firing(Severity::Ticket), || firing(Severity::Page));
    let (seen, alert) = dated(vec![
        (100, ticket()),
        (40, page()),
        (30, quiet(true, 30)),
        (20, ticket()),
        (110, page()),
        (90, quiet(true, 90)),
        (105, ticket()),
    ]);
    let expected = [
        (100, Transition::Opened),
        (100, Transition::Escalated),
        (100, Transition::Closed),
        (100, Transition::Reopened),
        (110, Transition::Escalated),
        (110, Transition::Closed),
        (110, Transition::Reopened),
    ];
    assert_eq!(seen, expected);
    let times = (alert.opened_at, alert.firing_since, alert.escalated_at, alert.closed_at);
    assert_eq!(times, (at(100), at(110), None, None));
}

#[test]
fn an_alert_of_an_slo_that_is_gone_is_closed_once_and_says_why() {
    let (_, slot) = run(vec![(10, firing(Severity::Page))]);
    let mut alert = slot.expect("it fires");
    assert_eq!(withdraw(&mut alert, at(5)), Some(Transition::Closed));
    assert_eq!(alert.changed_at(), at(10), "no transition is dated before the one it follows");
    assert!(alert.sentence(Transition::Closed).contains("deleted"), "{alert:?}");
    assert_eq!(withdraw(&mut alert, at(20)), None);
}

#[test]
fn what_is_declared_again_and_burns_again_is_no_longer_withdrawn() {
    let (_, slot) = run(vec![(10, firing(Severity::Page))]);
    let mut slot = slot;
    withdraw(slot.as_mut().expect("it fires"), at(20));
    let again = step(&mut slot, &subject(), at(30), firing(Severity::Page));
    assert_eq!(again, Some(Transition::Reopened));
    assert_eq!(step(&mut slot, &subject(), at(40), quiet(true, 40)), Some(Transition::Closed));
    let alert = slot.expect("it is there");
    assert!(alert.sentence(Transition::Closed).contains("budget rate"), "{alert:?}");
}
