//! A stored alert that cannot be read: the other SLOs alert as if nothing were.

use jiff::SignedDuration;
use sea_orm::ConnectionTrait as _;

use crate::it::harness::{CHECKOUT_SLO, TestServer};
use crate::it::sender::Sender;

/// How the newest "no data" alert of an SLO stands.
async fn phase(server: &TestServer, slo: &str) -> String {
    let page = server.get(&format!("/api/v1/alerts?slo={slo}&limit=1")).await;
    page["items"][0]["phase"].as_str().unwrap_or("none").to_owned()
}

/// Nor does it hide any SLO.
async fn shows_all(server: &TestServer, names: &[&str]) {
    let page = server.get("/api/v1/slos").await;
    let shown = page["items"].as_array().unwrap().iter().map(|slo| slo["name"].as_str().unwrap());
    assert_eq!(shown.collect::<Vec<_>>(), names);
    for name in names {
        server.get(&format!("/api/v1/slos/{name}")).await;
        server.get(&format!("/api/v1/slos/{name}/explain")).await;
    }
}

#[tokio::test]
async fn invariant_8_a_damaged_alert_silences_no_other() {
    let server = TestServer::start().await;
    let (service, slo) = CHECKOUT_SLO.split_once("---").unwrap();
    // Steps are made in the order of names: the one that fails is the first.
    let first = slo.replace("checkout-availability", "a-damaged");
    server.apply(&format!("{service}---{first}---{slo}")).await;
    let (mut sender, other) = (Sender::default(), "checkout-availability");
    let silence = SignedDuration::from_mins(10);
    sender.minutes(&server, 5, 100, 0).await;
    server.advance(silence).await;
    assert_eq!(phase(&server, "a-damaged").await, "firing");
    assert_eq!(phase(&server, other).await, "firing");

    let url = format!("sqlite://{}", server.site.config.data.join("records.db").display());
    let database = sea_orm::Database::connect(url).await.unwrap();
    let damage = "UPDATE alert SET service = 'changed' WHERE slo = 'a-damaged'";
    database.execute_unprepared(damage).await.unwrap();
    shows_all(&server, &["a-damaged", other]).await;
    sender.minutes(&server, 5, 100, 0).await;
    assert_eq!(phase(&server, other).await, "closed");
    // Both are without data once more: the alert of the first cannot be opened.
    server.advance(silence).await;
    assert_eq!(phase(&server, other).await, "firing");
}
