use plimsoll_domain::lease::{Act, Lease, Terms, Watch};
use std::time::Duration;

use super::bed::{Bed, at, conflicts};
use crate::records::{Effects, LeaseAddress, Read, Records, Scope, Write};

const TERMS: Terms = Terms { lasts: Duration::from_secs(10), renew_every: Duration::from_secs(3) };

/// One turn of a replica, as the server makes it; says whether it holds the lease then.
async fn turn(records: &Records, scope: Scope, watch: &mut Watch, now: u64) -> bool {
    let now = Duration::from_secs(now);
    let expected = records.lease(scope, "tallies").await.unwrap();
    if let Act::Write(lease) = watch.step(TERMS, now, expected.as_ref()) {
        let name = "tallies".to_owned();
        let write = Write::Lease { name, expected, lease: lease.clone() };
        match records.commit(Effects::new(scope).write(write)).await {
            Ok(()) => watch.written(TERMS, now, &lease),
            result => {
                assert!(conflicts(&result), "{result:?}");
                watch.refused();
            }
        }
    }
    watch.epoch(now).is_some()
}

#[tokio::test]
async fn of_two_who_take_a_lease_at_once_one_has_it() {
    for bed in Bed::each("of_two_who_take_a_lease").await {
        let elsewhere = bed.open_again().await;
        for round in 0..20 {
            let (mut mine, mut theirs) = (Watch::new("a"), Watch::new("b"));
            let (a, b) = tokio::join!(
                turn(&bed.records, bed.scope, &mut mine, 0),
                turn(&elsewhere, bed.scope, &mut theirs, 0),
            );
            assert_ne!(a, b, "round {round}");
            let stored = bed.records.lease(bed.scope, "tallies").await.unwrap();
            let holder = if a { &mine } else { &theirs };
            let lease = holder.release(stored.as_ref()).unwrap();
            let write = Write::Lease { name: "tallies".to_owned(), expected: stored, lease };
            bed.commit(vec![write]).await.unwrap();
        }
    }
}

/// A holder that was stopped for longer than its lease, and goes on where it was.
#[tokio::test]
async fn a_stale_holders_commit_is_refused() {
    for bed in Bed::each("a_stale_holders_commit").await {
        let elsewhere = bed.open_again().await;
        let (mut stopped, mut next) = (Watch::new("a"), Watch::new("b"));
        assert!(turn(&bed.records, bed.scope, &mut stopped, 0).await);
        let epoch = stopped.epoch(Duration::ZERO).unwrap();
        let under = |epoch| {
            Effects::new(bed.scope)
                .read(Read::Lease { name: "tallies".to_owned(), epoch })
                .write(Write::Entry(bed.entry("subject", at(0))))
        };
        bed.records.commit(under(epoch)).await.unwrap();

        assert!(!turn(&elsewhere, bed.scope, &mut next, 0).await);
        assert!(turn(&elsewhere, bed.scope, &mut next, 10).await);
        assert!(conflicts(&bed.records.commit(under(epoch)).await));
        let lease = Lease { holder: Some("a".to_owned()), epoch, renewals: 1 };
        let expected = Some(Lease { renewals: 0, ..lease.clone() });
        let renewal = Write::Lease { name: "tallies".to_owned(), expected, lease };
        assert!(conflicts(&bed.commit(vec![renewal]).await));

        elsewhere.commit(under(epoch + 1)).await.unwrap();
        assert_eq!(bed.records.timeline(bed.scope, "subject").await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn nobody_commits_under_a_lease_that_was_given_back() {
    for bed in Bed::each("nobody_commits_under").await {
        let held = Lease { holder: Some("a".to_owned()), epoch: 1, renewals: 0 };
        let free = Lease { holder: None, ..held.clone() };
        let name = || "tallies".to_owned();
        let under = Effects::new(bed.scope)
            .read(Read::Lease { name: name(), epoch: 1 })
            .write(Write::Entry(bed.entry("subject", at(0))));
        assert!(conflicts(&bed.records.commit(under.clone()).await), "it was never taken");
        let take = Write::Lease { name: name(), expected: None, lease: held.clone() };
        let give = Write::Lease { name: name(), expected: Some(held), lease: free };
        bed.commit(vec![take, give]).await.unwrap();
        assert!(conflicts(&bed.records.commit(under).await));
    }
}

#[tokio::test]
async fn where_a_lease_is_held_is_known_while_who_said_so_holds_it() {
    for bed in Bed::each("where_a_lease_is_held").await {
        let name = || "tallies".to_owned();
        let lease = |holder: Option<&str>, epoch| Lease {
            holder: holder.map(str::to_owned),
            epoch,
            renewals: 0,
        };
        let at_url = |holder: &str, url: &str| {
            Write::LeaseAddress(LeaseAddress {
                name: name(),
                holder: holder.to_owned(),
                url: url.to_owned(),
            })
        };
        let step =
            |expected: Option<Lease>, lease: Lease| Write::Lease { name: name(), expected, lease };
        let known = async || bed.records.lease_url(bed.scope, "tallies").await.unwrap();
        assert_eq!(known().await, None);
        let first = lease(Some("a"), 1);
        let take = vec![step(None, first.clone()), at_url("a", "http://a:1")];
        bed.commit(take).await.unwrap();
        assert_eq!(known().await.as_deref(), Some("http://a:1"));

        // Whoever takes it next, and says nothing, is not taken for the one before.
        let second = lease(Some("b"), 2);
        bed.commit(vec![step(Some(first), second.clone())]).await.unwrap();
        assert_eq!(known().await, None);
        bed.commit(vec![at_url("b", "http://b:1")]).await.unwrap();
        bed.commit(vec![at_url("b", "http://b:2")]).await.unwrap();
        assert_eq!(known().await.as_deref(), Some("http://b:2"));
        bed.commit(vec![step(Some(second), lease(None, 2))]).await.unwrap();
        assert_eq!(known().await, None);
    }
}
