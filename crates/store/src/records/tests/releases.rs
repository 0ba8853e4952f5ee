use plimsoll_domain::release::Deployment;
use plimsoll_domain::release::gate::Verdict;
use sea_orm::ConnectionTrait;

use super::bed::{Bed, FIRST_PAGE, at, conflicts, name};
use crate::records::{DecisionFilter, DeploymentFilter, Records, Write};

#[tokio::test]
async fn a_decision_comes_back_as_it_was_made() {
    for bed in Bed::each("a_decision_comes_back").await {
        let mut decision = bed.decision("checkout", at(0));
        decision.policy.unmeasured_max = 0.1 + 0.2;
        bed.commit(vec![Write::Decision(Box::new(decision.clone()))]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![Write::Decision(Box::new(decision.clone()))]).await));
        let kept = bed.records.decision(bed.scope, decision.id).await.unwrap().unwrap();
        let text = |decision| serde_json::to_string(decision).unwrap();
        assert_eq!(text(&kept), text(&decision), "byte for byte, so that it replays");
    }
}

#[tokio::test]
async fn decisions_are_found_by_service_and_environment() {
    for bed in Bed::each("decisions_are_found").await {
        let checkout = bed.decision("checkout", at(0));
        let search = bed.decision("search", at(1));
        let mut staged = bed.decision("checkout", at(2));
        staged.facts.environment = name("staging");
        for decision in [&checkout, &search, &staged] {
            bed.commit(vec![Write::Decision(Box::new(decision.clone()))]).await.unwrap();
        }
        let find = async |service: Option<&str>, environment: Option<&str>| {
            let (service, environment) = (service.map(name), environment.map(name));
            let filter = DecisionFilter { service, environment, ..DecisionFilter::default() };
            let page = bed.records.decisions(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            page.items.into_iter().map(|decision| decision.id).collect::<Vec<_>>()
        };
        assert_eq!(find(None, None).await, [staged.id, search.id, checkout.id]);
        assert_eq!(find(Some("checkout"), None).await, [staged.id, checkout.id]);
        assert_eq!(find(None, Some("production")).await, [search.id, checkout.id]);
        assert_eq!(find(Some("search"), Some("staging")).await, []);
    }
}

#[tokio::test]
async fn decisions_are_found_by_what_they_say_also_those_of_an_older_program() {
    for bed in Bed::each("decisions_are_found_by_what_they_say").await {
        let mut said = Vec::new();
        for (second, verdict) in (0..).zip([Verdict::Allow, Verdict::Deny, Verdict::Warn]) {
            let mut decision = bed.decision("checkout", at(second));
            decision.outcome.verdict = verdict;
            decision.enforced = verdict != Verdict::Warn;
            bed.commit(vec![Write::Decision(Box::new(decision.clone()))]).await.unwrap();
            said.push(decision.id);
        }
        let find = async |records: &Records, verdict, enforced| {
            let filter = DecisionFilter { verdict, enforced, ..DecisionFilter::default() };
            let page = records.decisions(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            page.items.into_iter().map(|decision| decision.id).collect::<Vec<_>>()
        };
        let looked = async |records: &Records| {
            let deny = Some(Verdict::Deny);
            assert_eq!(find(records, deny, None).await, [said[1]]);
            assert_eq!(find(records, deny, Some(false)).await, []);
            assert_eq!(find(records, None, Some(false)).await, [said[2]]);
            assert_eq!(find(records, None, Some(true)).await, [said[1], said[0]]);
        };
        looked(&bed.records).await;
        // It knows no such columns; they are filled in when the records are opened.
        let forget = "UPDATE decision SET by_verdict = NULL, by_enforced = NULL";
        bed.records.writes.execute_unprepared(forget).await.unwrap();
        assert_eq!(find(&bed.records, Some(Verdict::Deny), None).await, []);
        looked(&bed.open_again().await).await;
    }
}

#[tokio::test]
async fn deployments_are_found_by_service_environment_and_time() {
    for bed in Bed::each("deployments_are_found").await {
        let deployments: Vec<Deployment> =
            (0..4).map(|second| bed.deployment("checkout", at(second))).collect();
        let other = bed.deployment("search", at(2));
        for deployment in deployments.iter().chain([&other]) {
            bed.commit(vec![Write::Deployment(deployment.clone())]).await.unwrap();
        }
        let again = vec![Write::Deployment(other.clone())];
        assert!(conflicts(&bed.commit(again).await));
        let kept = bed.records.deployment(bed.scope, other.id).await.unwrap();
        assert_eq!(kept.as_ref(), Some(&other));

        let find = async |filter: DeploymentFilter| {
            let page = bed.records.deployments(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            page.items.into_iter().map(|deployment| deployment.id).collect::<Vec<_>>()
        };
        let of_checkout =
            DeploymentFilter { service: Some(name("checkout")), ..Default::default() };
        let ids = |range: std::ops::Range<usize>| {
            deployments[range].iter().rev().map(|d| d.id).collect::<Vec<_>>()
        };
        assert_eq!(find(DeploymentFilter::default()).await.len(), 5);
        assert_eq!(find(of_checkout.clone()).await, ids(0..4));
        let between = DeploymentFilter { from: Some(at(1)), to: Some(at(3)), ..of_checkout };
        assert_eq!(find(between.clone()).await, ids(1..3));
        let elsewhere = DeploymentFilter { environment: Some(name("staging")), ..between };
        assert_eq!(find(elsewhere).await, []);
    }
}
