use plimsoll_domain::access::Principal;
use plimsoll_domain::alert::{Alert, Kind, Phase};

use super::bed::{Bed, FIRST_PAGE, at, conflicts, name};
use crate::records::{AlertFilter, Effects, Read, Versioned, Write};

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
async fn the_latest_alert_is_the_newest_of_each_slo_and_kind() {
    for bed in Bed::each("the_latest_alert").await {
        let old = bed.alert("latency", at(0));
        let new = bed.alert("latency", at(10));
        let late = bed.alert("latency", at(5));
        let other = bed.alert("availability", at(1));
        let silent = Alert { kind: Kind::NoData, ..bed.alert("latency", at(2)) };
        for alert in [&old, &new, &late, &other, &silent] {
            bed.commit(vec![open(alert)]).await.unwrap();
        }
        bed.commit(vec![step(1, &new)]).await.unwrap();

        let latest = bed.records.latest_alerts(bed.scope).await.unwrap();
        let mut found: Vec<_> = latest.iter().map(|a| (a.value.id, a.version)).collect();
        found.sort();
        let mut expected = vec![(new.id, 2), (other.id, 1), (silent.id, 1)];
        expected.sort();
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn alerts_are_found_by_service_slo_and_phase() {
    for bed in Bed::each("alerts_are_found_by").await {
        let firing = bed.alert("latency", at(0));
        let closed = Alert { phase: Phase::Closed, ..bed.alert("latency", at(1)) };
        let other = Alert { service: name("search"), ..bed.alert("availability", at(2)) };
        bed.commit(vec![open(&firing), open(&closed), open(&other)]).await.unwrap();

        let find = async |filter: AlertFilter| {
            let page = bed.records.alerts(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            page.items.into_iter().map(|alert| alert.id).collect::<Vec<_>>()
        };
        let all = AlertFilter::default();
        assert_eq!(find(all.clone()).await, [other.id, closed.id, firing.id]);
        let of_slo = AlertFilter { slo: Some(name("latency")), ..all.clone() };
        assert_eq!(find(of_slo.clone()).await, [closed.id, firing.id]);
        let of_phase = AlertFilter { phase: Some(Phase::Firing), ..all.clone() };
        assert_eq!(find(of_phase).await, [other.id, firing.id]);
        let of_service = AlertFilter { service: Some(name("search")), ..all };
        assert_eq!(find(of_service).await, [other.id]);
        let of_both = AlertFilter { phase: Some(Phase::Closed), ..of_slo };
        assert_eq!(find(of_both).await, [closed.id]);
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
        assert_eq!(bed.records.latest_alerts(other).await.unwrap(), []);
        assert_eq!(bed.records.timeline(other, "alt_1").await.unwrap(), []);
        let same_id = Effects::new(other).write(open(&alert));
        bed.records.commit(same_id).await.unwrap();
    }
}
