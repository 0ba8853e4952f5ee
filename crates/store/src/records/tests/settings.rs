use plimsoll_domain::id::OrgId;

use super::bed::{Bed, at, conflicts};
use crate::records::Write;

fn set(value: Option<&str>, expected: Option<Option<&str>>) -> Write {
    Write::Setting {
        key: "setup".to_owned(),
        value: value.map(str::to_owned),
        expected: expected.map(|expected| expected.map(str::to_owned)),
    }
}

#[tokio::test]
async fn there_is_one_organisation_however_often_it_is_asked_for() {
    for bed in Bed::each("there_is_one_organisation").await {
        let other = OrgId::fresh(2, [2; 10]);
        assert_eq!(bed.records.organisation(other, at(1)).await.unwrap(), bed.scope);
        assert_eq!(bed.open_again().await.organisation(other, at(2)).await.unwrap(), bed.scope);
    }
}

#[tokio::test]
async fn a_setting_is_compared_before_it_is_set() {
    for bed in Bed::each("a_setting_is_compared").await {
        let value = async || bed.records.setting(bed.scope, "setup").await.unwrap();

        assert!(conflicts(&bed.commit(vec![set(Some("b"), Some(Some("a")))]).await));
        assert!(conflicts(&bed.commit(vec![set(None, Some(Some("a")))]).await));
        assert_eq!(value().await, None);

        bed.commit(vec![set(Some("a"), Some(None))]).await.unwrap();
        assert_eq!(value().await.as_deref(), Some("a"));
        assert!(conflicts(&bed.commit(vec![set(Some("b"), Some(None))]).await));
        assert!(conflicts(&bed.commit(vec![set(None, Some(None))]).await));

        bed.commit(vec![set(Some("b"), Some(Some("a")))]).await.unwrap();
        assert_eq!(value().await.as_deref(), Some("b"));

        bed.commit(vec![set(None, Some(Some("b")))]).await.unwrap();
        bed.commit(vec![set(None, Some(None))]).await.unwrap();
        assert_eq!(value().await, None);
    }
}

#[tokio::test]
async fn a_setting_without_expectation_is_simply_set() {
    for bed in Bed::each("a_setting_without_expectation").await {
        let value = async || bed.records.setting(bed.scope, "setup").await.unwrap();
        for text in ["a", "b"] {
            bed.commit(vec![set(Some(text), None)]).await.unwrap();
            assert_eq!(value().await.as_deref(), Some(text));
        }
        for _ in 0..2 {
            bed.commit(vec![set(None, None)]).await.unwrap();
            assert_eq!(value().await, None);
        }
    }
}
