//! Seals: history is sealed on its own time, a witness can keep and check its head, and nothing
//! that pages waits for it.

use jiff::SignedDuration;
use plimsoll_api::v1::seal::{Consistency, Head, Inclusion, Verification};
use plimsoll_domain::seal::{Hash, verify_inclusion};
use plimsoll_server::app::seals::{VerifyError, extends, verify};
use plimsoll_server::config::Location;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT, TestServer, answer};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

async fn get<T: serde::de::DeserializeOwned>(server: &TestServer, path: &str) -> T {
    serde_json::from_value(server.get(path).await).unwrap()
}

async fn head(server: &TestServer) -> Head {
    get(server, "/api/v1/seals/head").await
}

async fn decide(server: &TestServer) -> Value {
    let question = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:1",
        "class": "feature",
    });
    let (status, decision) = server.post("/api/v1/gates/check", question).await;
    assert_eq!(status, StatusCode::OK, "{decision}");
    decision
}

async fn verified(server: &TestServer, against: Option<&Head>) -> Verification {
    let against = against.map(|head| ("kept.json", head));
    verify(&server.site.config, None, against).await.unwrap()
}

async fn metric(server: &TestServer, name: &str) -> u64 {
    let text = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(&format!("{name} ")));
    line.and_then(|line| line.rsplit(' ').next()).unwrap().parse().unwrap()
}

#[tokio::test]
async fn invariant_6_history_is_sealed_and_its_head_can_be_kept_elsewhere() {
    let server = TestServer::start().await;
    let (status, _) = answer(server.request("GET", "/api/v1/seals/head")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    server.apply(CHECKOUT).await;
    server.advance(SECOND).await;
    let first = head(&server).await;
    // The revision, its one document, and who made the token and who applied.
    assert_eq!(first.size, 4);

    let decision = decide(&server).await;
    server.advance(SECOND * 2).await;
    let second = head(&server).await;
    assert_eq!(second.size, 5);
    let proof: Consistency = get(&server, "/api/v1/seals/consistency?from=4").await;
    assert_eq!(proof.head, second);
    extends(&first, &proof).unwrap();
    extends(&second, &proof).unwrap_err();
    let (status, problem) = answer(server.request("GET", "/api/v1/seals/consistency?from=6")).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("head_is_older"))
    );

    let id = decision["id"].as_str().unwrap();
    let sealed: Inclusion = get(&server, &format!("/api/v1/seals/decision/{id}")).await;
    let hash = |text: &String| text.parse::<Hash>().unwrap();
    let path: Vec<Hash> = sealed.path.iter().map(hash).collect();
    let (leaf, root) = (hash(&sealed.leaf), hash(&second.root));
    assert!(verify_inclusion(leaf, sealed.number, second.size, &path, root));
    let (status, _) = answer(server.request("GET", "/api/v1/seals/decision/dec_0")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, problem) = answer(server.request("GET", "/api/v1/seals/page/pag_0")).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("unknown_kind"))
    );

    let found = verified(&server, Some(&first)).await;
    assert!(found.intact, "{found:#?}");
    assert_eq!((found.sealed, found.waiting, found.signer.as_str()), (5, 0, "installation"));
    assert_eq!(found.head, Some(second.clone()));
    assert_eq!(found.against.len(), 2, "the head of the data directory is compared, too");
    assert_eq!(metric(&server, "plimsoll_sealed").await, 5);

    let restarted = server.restart().await;
    assert_eq!(head(&restarted).await, second);
}

#[tokio::test]
async fn a_database_set_back_alone_is_told_by_the_head_beside_it_which_stays() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    server.advance(SECOND).await;
    let TestServer { app, site, .. } = server;
    app.close().await;
    let (data, database) = (site.config.data.clone(), site.config.data.join("records.db"));
    let old = std::fs::read(&database).unwrap();

    let server = site.start().await;
    decide(&server).await;
    server.advance(SECOND * 2).await;
    let kept = head(&server).await;
    let TestServer { app, site, .. } = server;
    app.close().await;
    std::fs::write(&database, old).unwrap();

    let server = site.start().await;
    let found = verified(&server, None).await;
    assert!(!found.intact);
    assert_eq!(found.violations[0].fault, "truncated");
    assert!(found.violations[0].detail.contains("seal-head.json"), "{found:#?}");
    decide(&server).await;
    server.advance(SECOND * 2).await;
    assert_ne!(head(&server).await, kept, "sealing goes on");
    assert!(metric(&server, "plimsoll_sealing_failures_total").await > 0);
    let beside = std::fs::read(data.join("seal-head.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Head>(&beside).unwrap(), kept, "the evidence stays");
    let found = verified(&server, None).await;
    assert_eq!(found.violations[0].fault, "rewritten", "{found:#?}");
}

#[tokio::test]
async fn a_head_of_others_proves_nothing() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    server.advance(SECOND).await;
    let ours = head(&server).await;
    let changed = Head { size: ours.size + 1, ..ours.clone() };
    let error = verify(&server.site.config, None, Some(("kept.json", &changed))).await;
    assert!(matches!(error, Err(VerifyError::NoHead(place)) if place == "kept.json"));

    let proof: Consistency = get(&server, "/api/v1/seals/consistency?from=0").await;
    let other = Head { origin: "plimsoll/org_8".to_owned(), ..ours.clone() };
    extends(&other, &proof).unwrap_err();
    let forged = Consistency { head: Head { root: "0".repeat(64), ..ours.clone() }, ..proof };
    extends(&ours, &forged).unwrap_err();

    let missing = server.site.config.data.join("nothing.db");
    let error = verify(&server.site.config, Some(Location::Sqlite(missing.clone())), None).await;
    assert!(matches!(error, Err(VerifyError::Missing(_))));
    assert!(!missing.exists(), "nothing is made by looking");
}

#[tokio::test]
async fn who_did_it_reads_as_a_name_until_the_person_is_erased() {
    let server = TestServer::start().await;
    let url = server.app.setup_url().unwrap();
    let code = url.rsplit_once("code=").unwrap().1;
    let body = json!({"code": code, "name": "zaphod", "password": "four random words here"});
    let response = server.anonymous("POST", "/api/v1/setup").json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    server.apply(CHECKOUT).await;
    let question = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:1",
        "class": "feature",
    });
    let asked = server
        .anonymous("POST", "/api/v1/gates/check")
        .header("cookie", cookie)
        .header("x-plimsoll-csrf", "1")
        .json(&question);
    let (status, decision) = answer(asked).await;
    assert_eq!((status, &decision["asked_by"]), (StatusCode::OK, &json!("zaphod")), "{decision}");
    let path = format!("/api/v1/decisions/{}", decision["id"].as_str().unwrap());
    assert_eq!(server.get(&path).await["asked_by"], "zaphod");
    let other = json!({"name": "trillian", "role": "admin"});
    assert_eq!(server.post("/api/v1/people", other).await.0, StatusCode::CREATED);
    server.advance(SECOND).await;
    let before = head(&server).await;

    let people = server.get("/api/v1/people").await;
    assert_eq!(people["items"][0]["name"], "zaphod");
    let id = people["items"][0]["id"].as_str().unwrap();
    let erase = format!("/api/v1/people/{id}");
    let own = server.anonymous("DELETE", &erase).header("cookie", cookie);
    let (status, problem) = answer(own.header("x-plimsoll-csrf", "1")).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("own_person"))
    );
    assert_eq!(answer(server.request("DELETE", &erase)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(answer(server.request("DELETE", &erase)).await.0, StatusCode::NOT_FOUND);

    assert_eq!(server.get(&path).await["asked_by"], id);
    let me = server.anonymous("GET", "/api/v1/me").header("cookie", cookie);
    assert_eq!(answer(me).await.0, StatusCode::UNAUTHORIZED);
    server.advance(SECOND * 2).await;
    let found = verified(&server, Some(&before)).await;
    assert!(found.intact, "{found:#?}");
    assert_eq!((found.erased, found.sealed), (1, before.size + 1), "the erasure is history");
}
