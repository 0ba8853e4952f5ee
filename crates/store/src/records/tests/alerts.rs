use std::collections::BTreeSet;

use plimsoll_domain::access::Principal;
use plimsoll_domain::alert::{Alert, Kind, Phase, Transition};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::notify::{ChannelName, Notification};
use plimsoll_domain::slo::burn::Severity;
use sea_orm::ConnectionTrait;

use super::bed::{Bed, FIRST_PAGE, at, closed, conflicts, name};
use crate::records::{AlertFilter, Effects, Read, Records, Versioned, Write};

fn open(alert: &Alert) -> Write {
    Write::Alert { expected: None, alert: alert.clone() }
}

fn step(version: u64, alert: &Alert) -> Write {
    Write::Alert { expected: Some(version), alert: alert.clone() }
}

#[tokio::test]
async fn an_alert_is_written_under_the_version_it_was_stepped_from() {
    for bed in Bed::each("an_alert_is_written_under").await {
        let load = async |id| bed.records.alert(bed.scope, id).await.unwrap();
        let mut alert = bed.alert("latency", at(0));
        assert!(conflicts(&bed.commit(vec![step(1, &alert)]).await));
        assert_eq!(load(alert.id).await, None);

        bed.commit(vec![open(&alert)]).await.unwrap();
        assert_eq!(load(alert.id).await, Some(Versioned { value: alert.clone(), version: 1 }));
        assert!(conflicts(&bed.commit(vec![open(&alert)]).await));

        alert.phase = Phase::Closed;
        alert.closed_at = Some(at(60));
        assert!(conflicts(&bed.commit(vec![step(2, &alert)]).await));
        bed.commit(vec![step(1, &alert)]).await.unwrap();
        assert_eq!(load(alert.id).await, Some(Versioned { value: alert.clone(), version: 2 }));
        assert!(conflicts(&bed.commit(vec![step(1, &alert)]).await));
    }
}

#[tokio::test]
async fn of_two_writers_on_one_alert_exactly_one_wins() {
    for bed in Bed::each("of_two_writers").await {
        let alert = bed.alert("latency", at(0));
        bed.commit(vec![open(&alert)]).await.unwrap();
        for version in 1..=20 {
            let mut mine = alert.clone();
            mine.transitions = 2 * version as u32;
            let mut theirs = alert.clone();
            theirs.transitions = 2 * version as u32 + 1;
            let (first, second) = tokio::join!(
                bed.commit(vec![step(version, &mine)]),
                bed.commit(vec![step(version, &theirs)]),
            );
            assert_ne!(first.is_ok(), second.is_ok());
            assert!(conflicts(&first) || conflicts(&second));
            let winner = if first.is_ok() { mine } else { theirs };
            let kept = bed.records.alert(bed.scope, alert.id).await.unwrap().unwrap();
            assert_eq!(kept, Versioned { value: winner, version: version + 1 });
        }
    }
}

#[tokio::test]
async fn effects_reckoned_from_an_older_alert_conflict() {
    for bed in Bed::each("effects_from_an_older_alert").await {
        let alert = bed.alert("latency", at(0));
        let note = |version| {
            Effects::new(bed.scope)
                .write(Write::Entry(bed.entry("subject", at(1))))
                .read(Read::Alert { id: alert.id, version })
        };
        assert!(conflicts(&bed.records.commit(note(1)).await));
        bed.commit(vec![open(&alert)]).await.unwrap();
        bed.records.commit(note(1)).await.unwrap();
        bed.commit(vec![step(1, &alert)]).await.unwrap();
        assert!(conflicts(&bed.records.commit(note(1)).await));
    }
}

#[tokio::test]
async fn the_latest_alert_is_the_one_with_the_greatest_ordinal() {
    for bed in Bed::each("the_latest_alert").await {
        let old = closed(bed.alert("latency", at(0)));
        let late = bed.alert("latency", at(5));
        // Opened by a machine whose clock is behind.
        let new = bed.alert("latency", at(-10));
        let other = bed.alert("availability", at(1));
        let silent = Alert { kind: Kind::NoData, ..bed.alert("latency", at(2)) };
        for alert in [&old, &new, &other, &silent] {
            bed.commit(vec![open(alert)]).await.unwrap();
        }
        bed.commit(vec![step(1, &closed(new.clone()))]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![open(&late)]).await), "a later one was there");

        let latest = bed.records.latest_alerts(bed.scope).await.unwrap();
        let latest = latest.into_iter().map(Result::unwrap);
        let mut found: Vec<_> = latest.map(|a| (a.value.id, a.version)).collect();
        found.sort();
        let mut expected = vec![(new.id, 2), (other.id, 1), (silent.id, 1)];
        expected.sort();
        assert_eq!(found, expected);

        let of = async |slos: &[Name]| {
            let latest = bed.records.latest_alerts_of_slos(bed.scope, slos).await.unwrap();
            latest.into_iter().map(|alert| alert.unwrap().value.id).collect::<BTreeSet<_>>()
        };
        let these = of(&[name("latency"), name("none")]).await;
        assert_eq!(these, BTreeSet::from([new.id, silent.id]));
        assert!(of(&[]).await.is_empty());
    }
}

#[tokio::test]
async fn two_writers_on_one_alert_never_leave_two_open() {
    for bed in Bed::each("two_writers_never_leave_two").await {
        let elsewhere = bed.open_again().await;
        for round in 0..20 {
            let mine = bed.alert("latency", at(round));
            let same = Alert { opened_at: at(round + 1), ..mine.clone() };
            let greater = bed.alert("latency", at(round));
            let theirs = if round % 2 == 0 { same } else { greater };
            let effects = Effects::new(bed.scope).write(open(&theirs));
            let (first, second) =
                tokio::join!(bed.commit(vec![open(&mine)]), elsewhere.commit(effects));
            assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
            assert!(conflicts(&first) || conflicts(&second));

            let firing = AlertFilter { phase: Some(Phase::Firing), ..AlertFilter::default() };
            let open = bed.records.alerts(bed.scope, &firing, &FIRST_PAGE).await.unwrap().items;
            assert_eq!(open.len(), 1);
            let kept = if first.is_ok() { mine } else { theirs };
            assert_eq!(open[0], kept);
            bed.commit(vec![step(1, &closed(kept))]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn two_writers_on_one_alert_do_not_reopen_what_has_a_successor() {
    for bed in Bed::each("two_writers_do_not_reopen").await {
        let elsewhere = bed.open_again().await;
        for _ in 0..10 {
            let first = bed.alert("latency", at(0));
            bed.commit(vec![open(&first)]).await.unwrap();
            bed.commit(vec![step(1, &closed(first.clone()))]).await.unwrap();
            let next = bed.alert("latency", at(0));
            let opens = Effects::new(bed.scope).write(open(&next));
            let (reopened, opened) =
                tokio::join!(bed.commit(vec![step(2, &first)]), elsewhere.commit(opens));
            assert_ne!(reopened.is_ok(), opened.is_ok(), "{reopened:?} {opened:?}");
            let (version, kept) = if opened.is_ok() { (1, next) } else { (3, first) };
            bed.commit(vec![step(version, &closed(kept))]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn two_writers_on_one_alert_owe_each_notification_once() {
    for bed in Bed::each("two_writers_owe_once").await {
        let elsewhere = bed.open_again().await;
        let alert = bed.alert("latency", at(0));
        let effects = |at| {
            let owed = Notification::new(
                &alert,
                Transition::Opened,
                &name("pager"),
                &ChannelName::Webhook,
                at,
            );
            let entry = bed.entry(&alert.id.to_string(), at);
            let writes = vec![open(&alert), Write::Entry(entry), Write::Owe(owed)];
            Effects { scope: bed.scope, writes, reads: Vec::new() }
        };
        let (first, second) =
            tokio::join!(bed.records.commit(effects(at(0))), elsewhere.commit(effects(at(1))));
        assert_ne!(first.is_ok(), second.is_ok());
        assert_eq!(bed.records.notification_balance(bed.scope).await.unwrap().owed, 1);
        let timeline = bed.records.timeline(bed.scope, &alert.id.to_string()).await.unwrap();
        assert_eq!(timeline.len(), 1);
    }
}

#[tokio::test]
async fn alerts_are_found_by_service_slo_and_phase() {
    for bed in Bed::each("alerts_are_found_by").await {
        let over = closed(bed.alert("latency", at(0)));
        let firing = bed.alert("latency", at(1));
        let other = Alert { service: name("search"), ..bed.alert("availability", at(2)) };
        bed.commit(vec![open(&over), open(&firing), open(&other)]).await.unwrap();

        let find = async |filter: AlertFilter| {
            let page = bed.records.alerts(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            page.items.into_iter().map(|alert| alert.id).collect::<Vec<_>>()
        };
        let all = AlertFilter::default();
        assert_eq!(find(all.clone()).await, [other.id, firing.id, over.id]);
        let of_slo = AlertFilter { slo: Some(name("latency")), ..all.clone() };
        assert_eq!(find(of_slo.clone()).await, [firing.id, over.id]);
        let of_phase = AlertFilter { phase: Some(Phase::Firing), ..all.clone() };
        assert_eq!(find(of_phase).await, [other.id, firing.id]);
        let of_service = AlertFilter { service: Some(name("search")), ..all };
        assert_eq!(find(of_service).await, [other.id]);
        let of_both = AlertFilter { phase: Some(Phase::Closed), ..of_slo.clone() };
        assert_eq!(find(of_both).await, [over.id]);
        let opened_before = Some(at(1));
        let before = AlertFilter { opened_before, ..of_slo.clone() };
        assert_eq!(find(before).await, [over.id], "and not one that opens at that instant");
        let of_kind = |kind| AlertFilter { kind: Some(kind), ..of_slo.clone() };
        assert_eq!(find(of_kind(Kind::Burn)).await, [firing.id, over.id]);
        assert_eq!(find(of_kind(Kind::NoData)).await, []);
    }
}

#[tokio::test]
async fn alerts_are_found_by_severity_whatever_an_older_program_did_to_them() {
    for bed in Bed::each("alerts_are_found_by_severity").await {
        let page = bed.alert("latency", at(0));
        let ticket = Alert { severity: Severity::Ticket, ..bed.alert("availability", at(1)) };
        bed.commit(vec![open(&page), open(&ticket)]).await.unwrap();
        let find = async |records: &Records, severity| {
            let filter = AlertFilter { severity: Some(severity), ..AlertFilter::default() };
            let page = records.alerts(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            page.items.into_iter().map(|alert| alert.id).collect::<Vec<_>>()
        };
        assert_eq!(find(&bed.records, Severity::Page).await, [page.id]);
        assert_eq!(find(&bed.records, Severity::Ticket).await, [ticket.id]);
        let grown = Alert { severity: Severity::Page, ..ticket.clone() };
        bed.commit(vec![step(1, &grown)]).await.unwrap();
        assert_eq!(find(&bed.records, Severity::Page).await, [ticket.id, page.id]);

        // It opens one without the column, and lets one grow without changing it.
        let db = &bed.records.writes;
        db.execute_unprepared("UPDATE alert SET by_severity = NULL WHERE slo = 'latency'")
            .await
            .unwrap();
        db.execute_unprepared("UPDATE alert SET by_severity = 'ticket' WHERE slo = 'availability'")
            .await
            .unwrap();
        assert_eq!(find(&bed.records, Severity::Page).await, []);
        let again = bed.open_again().await;
        assert_eq!(find(&again, Severity::Page).await, [ticket.id, page.id]);
    }
}

#[tokio::test]
async fn a_timeline_is_appended_and_read_oldest_first() {
    for bed in Bed::each("a_timeline_is_appended").await {
        let mut second = bed.entry("alt_1", at(2));
        second.actor = Some(Principal::Token { id: bed.id(), name: "ci".to_owned() });
        let first = bed.entry("alt_1", at(1));
        let other = bed.entry("alt_2", at(1));
        let writes = [&second, &first, &other].map(|entry| Write::Entry(entry.clone()));
        bed.commit(writes.to_vec()).await.unwrap();

        assert!(conflicts(&bed.commit(vec![Write::Entry(first.clone())]).await));
        assert_eq!(bed.records.timeline(bed.scope, "alt_1").await.unwrap(), [first, second]);
    }
}

#[tokio::test]
async fn another_scope_sees_nothing() {
    for bed in Bed::each("another_scope_sees_nothing").await {
        let alert = bed.alert("latency", at(0));
        let entry = bed.entry("alt_1", at(0));
        bed.commit(vec![open(&alert), Write::Entry(entry.clone())]).await.unwrap();

        let other = crate::records::Scope(bed.id());
        assert_eq!(bed.records.alert(other, alert.id).await.unwrap(), None);
        assert!(bed.records.latest_alerts(other).await.unwrap().is_empty());
        assert_eq!(bed.records.latest_alerts_of(other, &alert.service).await.unwrap(), []);
        assert_eq!(bed.records.timeline(other, "alt_1").await.unwrap(), []);
        let same_id = Effects::new(other).write(open(&alert));
        bed.records.commit(same_id).await.unwrap();
    }
}
