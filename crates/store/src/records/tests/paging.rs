use super::bed::{Bed, at};
use crate::records::{DeploymentFilter, Error, PageRequest, Write};

#[tokio::test]
async fn cursors_walk_all_rows_exactly_once_and_in_order() {
    for bed in Bed::each("cursors_walk_all_rows").await {
        // Three share each instant, one before 1970 among them, so that the id must break ties.
        let mut expected = Vec::new();
        for seconds in [-1_900_000_000, 0, 1, 2, 3] {
            for _ in 0..3 {
                let deployment = bed.deployment("checkout", at(seconds));
                expected.push((deployment.deployed_at, deployment.id));
                bed.commit(vec![Write::Deployment(deployment)]).await.unwrap();
            }
        }
        expected.sort();
        expected.reverse();

        for limit in [1, 2, 3, 7, 15, 16] {
            let mut walked = Vec::new();
            let mut page = PageRequest { limit, cursor: None };
            loop {
                let filter = DeploymentFilter::default();
                let listing = bed.records.deployments(bed.scope, &filter, &page).await.unwrap();
                assert!(listing.items.len() <= limit as usize);
                walked.extend(listing.items.iter().map(|d| (d.deployed_at, d.id)));
                let Some(cursor) = listing.next_cursor else { break };
                assert!(!listing.items.is_empty());
                page.cursor = Some(cursor);
            }
            assert_eq!(walked, expected, "by {limit}");
        }
    }
}

#[tokio::test]
async fn rows_added_meanwhile_do_not_disturb_a_walk() {
    for bed in Bed::each("rows_added_meanwhile").await {
        let add = async |seconds| {
            let deployment = bed.deployment("checkout", at(seconds));
            bed.commit(vec![Write::Deployment(deployment.clone())]).await.unwrap();
            deployment.id
        };
        let page = async |cursor| {
            let page = PageRequest { limit: 1, cursor };
            let filter = DeploymentFilter::default();
            bed.records.deployments(bed.scope, &filter, &page).await.unwrap()
        };
        let (old, new) = (add(0).await, add(1).await);
        let first = page(None).await;
        add(2).await;
        let second = page(first.next_cursor).await;
        assert_eq!((first.items[0].id, second.items[0].id), (new, old));
        assert_eq!(second.next_cursor, None);
    }
}

#[tokio::test]
async fn a_limit_of_none_still_gives_a_row() {
    for bed in Bed::each("a_limit_of_none").await {
        bed.commit(vec![Write::Deployment(bed.deployment("checkout", at(0)))]).await.unwrap();
        let page = PageRequest { limit: 0, cursor: None };
        let filter = DeploymentFilter::default();
        let listing = bed.records.deployments(bed.scope, &filter, &page).await.unwrap();
        assert_eq!((listing.items.len(), listing.next_cursor), (1, None));
    }
}

#[tokio::test]
async fn a_cursor_that_no_listing_gave_is_refused() {
    for bed in Bed::each("a_cursor_that_no_listing_gave").await {
        let long = "0".repeat(49);
        for cursor in ["", "abc", "ü".repeat(24).as_str(), long.as_str(), &"g".repeat(48)] {
            let page = PageRequest { limit: 1, cursor: Some(cursor.to_owned()) };
            let filter = DeploymentFilter::default();
            let answer = bed.records.deployments(bed.scope, &filter, &page).await;
            assert!(matches!(answer, Err(Error::Cursor)), "{cursor:?}");
        }
    }
}
