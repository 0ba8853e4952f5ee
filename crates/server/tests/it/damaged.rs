//! Something stored that cannot be read: everything else goes on as if nothing were.

use jiff::SignedDuration;
use plimsoll_store::{Document, Effects, Location, Records, Revision, Write};
use reqwest::StatusCode;
use sea_orm::ConnectionTrait as _;

use crate::it::harness::{CHECKOUT_SLO, Site, TestServer, answer, submission};
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

/// Puts a document in force as a version with other rules would have.
async fn store(server: &TestServer, expected: u64, kind: &str, name: &str, yaml: &str) {
    let location = Location::Sqlite(server.site.config.data.join("records.db"));
    let records = Records::open(&location).await.unwrap();
    let (world, at) = (&server.site.world, server.site.world.now());
    let scope = records.organisation(world.fresh(at), at).await;
    let document = Document {
        api_version: "openslo/v1".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        yaml: yaml.to_owned(),
        changed_at: at,
        changed_by: "an older version".to_owned(),
    };
    let changed = vec![(kind.to_owned(), name.to_owned())];
    let revision = Revision { id: world.fresh(at), at, by: "an older version".to_owned(), changed };
    let documents = vec![document];
    let write = Write::Definitions { expected, revision, documents, deleted: Vec::new() };
    let effects = Effects { scope: scope.unwrap(), writes: vec![write], reads: Vec::new() };
    records.commit(effects).await.unwrap();
}

#[tokio::test]
async fn a_stored_document_that_is_no_longer_taken_silences_no_other() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let (_, slo) = CHECKOUT_SLO.split_once("---").unwrap();
    let strange = slo.replace("checkout-availability", "strange").replace("0.999", "99.9 percent");
    assert_ne!(strange, slo.replace("checkout-availability", "strange"));
    store(&server, 1, "SLO", "strange", &strange).await;

    let server = server.restart().await;
    shows_all(&server, &["checkout-availability"]).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 5, 100, 0).await;
    server.advance(SignedDuration::from_mins(10)).await;
    assert_eq!(phase(&server, "checkout-availability").await, "firing");

    // Nothing is added to what does not hold, and whoever tries is told what to mend.
    let team = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: other}\nspec: {}\n";
    let (_, report) = server.post("/api/v1/definitions/apply", submission(team)).await;
    assert_eq!(report["applied"], false);
    let found = report["diagnostics"].as_array().unwrap();
    let error = found.iter().find(|found| found["level"] == "error").unwrap();
    assert_eq!(error["file"], "SLO strange (in force)");
    server.apply(&slo.replace("checkout-availability", "strange")).await;
    server.apply(team).await;
    shows_all(&server, &["checkout-availability", "strange"]).await;
}

#[tokio::test]
async fn which_services_have_a_status_is_refused_where_nobody_can_tell() {
    let site = Site::new();
    let tallies = site.config.data.join("tallies");
    std::fs::create_dir_all(&tallies).unwrap();
    std::fs::write(tallies.join("key"), "no key").unwrap();
    let server = site.start().await;
    server.apply(CHECKOUT_SLO).await;
    server.get("/api/v1/services").await;
    let exhausted = server.request("GET", "/api/v1/services?status=exhausted");
    let (status, problem) = answer(exhausted).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    assert_eq!(problem["code"], "tallies_damaged");
}
