//! Two servers on one database: one tallies, both do the rest.

use std::sync::Arc;

use jiff::SignedDuration;
use plimsoll_server::world::{SeededRng, World};
use plimsoll_trials::postgres;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, Site, TestServer, answer};
use crate::it::sender::write;

/// The first holds the lease, the second came later.
pub(crate) async fn two(name: &str) -> Option<[TestServer; 2]> {
    let store = postgres::schema(name)?;
    let mut first = Site::new();
    first.config.store = Some(store.parse().unwrap());
    let first = first.start().await;
    let mut second = Site::new();
    second.config.store = Some(store.parse().unwrap());
    second.world = World::new(second.clock.clone(), Arc::new(SeededRng::new(2)));
    std::fs::create_dir_all(&second.config.data).unwrap();
    std::fs::copy(first.site.config.data.join("key"), second.config.data.join("key")).unwrap();
    Some([first, second.start().await])
}

async fn role(server: &TestServer) -> Value {
    server.get("/readyz").await["role"].clone()
}

async fn send_telemetry(server: &TestServer) -> reqwest::Response {
    write(server, Vec::new()).send().await.unwrap()
}

#[tokio::test]
async fn a_standby_takes_no_telemetry_and_follows_a_holder_that_falls_silent() {
    let Some([first, second]) = two("a_standby_takes_no_telemetry").await else { return };
    first.apply(CHECKOUT_SLO).await;
    assert_eq!(send_telemetry(&first).await.status(), StatusCode::NO_CONTENT);
    let refused = send_telemetry(&second).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["code"], "standby");
    assert_eq!((role(&first).await, role(&second).await), (json!("tallying"), json!("standby")));

    // It knows what was applied elsewhere, and nothing of what is tallied there.
    second.advance(SignedDuration::from_secs(3)).await;
    second.get("/api/v1/services/checkout").await;
    let question = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:abc",
        "class": "feature", "enforce": true,
    });
    let (status, decision) =
        answer(second.request("POST", "/api/v1/gates/check").json(&question)).await;
    assert!(status.is_success(), "{decision}");
    assert_eq!(decision["verdict"], "deny", "{decision:#}");

    second.advance(SignedDuration::from_secs(12)).await;
    assert_eq!(role(&second).await, "tallying");
    assert_eq!(send_telemetry(&second).await.status(), StatusCode::NO_CONTENT);
    first.advance(SignedDuration::from_secs(12)).await;
    assert_eq!(role(&first).await, "standby");
    assert_eq!(send_telemetry(&first).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_holder_that_stops_gives_the_lease_back() {
    let Some([first, second]) = two("a_holder_that_stops").await else { return };
    first.app.close().await;
    second.advance(SignedDuration::from_secs(3)).await;
    assert_eq!(role(&second).await, "tallying");
}

#[tokio::test]
async fn two_applies_on_two_replicas_both_hold() {
    let Some([first, second]) = two("two_applies_on_two").await else { return };
    let service = |name: &str| {
        format!("apiVersion: openslo/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{}}\n")
    };
    let (one, other) = (service("one"), service("other"));
    tokio::join!(first.apply(&one), second.apply(&other));
    for server in [&first, &second] {
        server.advance(SignedDuration::from_secs(3)).await;
        for name in ["one", "other"] {
            server.get(&format!("/api/v1/services/{name}")).await;
        }
    }
}

#[tokio::test]
async fn a_token_revoked_on_one_replica_is_refused_by_the_other_within_a_second() {
    let Some([first, second]) = two("a_token_revoked_on_one").await else { return };
    let (_, token) = first.post("/api/v1/tokens", json!({"name": "ci", "role": "viewer"})).await;
    let secret = token["secret"].as_str().unwrap();
    let me = async |server: &TestServer| {
        answer(server.anonymous("GET", "/api/v1/me").bearer_auth(secret)).await.0
    };
    assert_eq!([me(&first).await, me(&second).await], [StatusCode::OK; 2]);
    let path = format!("/api/v1/tokens/{}", token["id"].as_str().unwrap());
    assert_eq!(answer(first.request("DELETE", &path)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(me(&first).await, StatusCode::UNAUTHORIZED);
    second.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(me(&second).await, StatusCode::UNAUTHORIZED);
}
