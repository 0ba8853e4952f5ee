use super::*;

#[tokio::test]
async fn a_run_that_breaks_or_stands_still_is_an_error_like_any_other() {
    let minute = Duration::from_secs(60);
    assert_eq!(apart(async { Ok(7) }, minute).await.unwrap(), 7);
    let broke = apart::<()>(async { panic!("as asked") }, minute).await.unwrap_err();
    assert!(format!("{broke:#}").starts_with("it broke: "), "{broke:#}");
    let still = apart::<()>(std::future::pending(), Duration::ZERO).await.unwrap_err();
    assert_eq!(still.to_string(), "it did not end within 0 s");
}
