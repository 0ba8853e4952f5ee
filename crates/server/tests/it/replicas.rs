//! Two servers on one database: one tallies, both do the rest.

use std::sync::Arc;

use jiff::SignedDuration;
use plimsoll_server::world::{SeededRng, World};
use plimsoll_trials::postgres;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, Site, TestServer, answer, submission};
use crate::it::sender::{INTERVAL, Sender, write};

/// The first holds the lease, the second came later; neither says how it is reached.
pub(crate) async fn two(name: &str) -> Option<[TestServer; 2]> {
    of_sites(name, [Site::new(), Site::new()]).await
}

async fn of_sites(name: &str, [mut first, mut second]: [Site; 2]) -> Option<[TestServer; 2]> {
    let store = postgres::schema(name)?;
    first.config.store = Some(store.parse().unwrap());
    let first = first.start().await;
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
    let service = second.get("/api/v1/services/checkout").await;
    assert_eq!(service["status"], Value::Null, "{service:#}");
    let unknown = ["/slos", "/slos/checkout-availability", "/standing", "/backup"];
    for path in unknown.map(|path| format!("/api/v1{path}")) {
        let (status, problem) = answer(second.request("GET", &path)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}: {problem}");
        assert_eq!(problem["code"], "standby", "{path}");
    }
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

/// Both say how they are reached, and the standby has looked who holds the lease.
async fn two_forwarding(name: &str) -> Option<[TestServer; 2]> {
    let sites = [Site::new().advertised().await, Site::new().advertised().await];
    let [first, second] = of_sites(name, sites).await?;
    first.advance(SignedDuration::from_secs(3)).await;
    second.advance(SignedDuration::from_secs(3)).await;
    assert_eq!((role(&first).await, role(&second).await), (json!("tallying"), json!("standby")));
    Some([first, second])
}

#[tokio::test]
async fn what_is_asked_of_a_standby_is_answered_by_who_tallies() {
    let Some([first, second]) = two_forwarding("what_is_asked_of_a_standby").await else { return };
    // Counted from the moment that apply answers, whoever was asked.
    second.apply(CHECKOUT_SLO).await;
    first.get("/api/v1/slos/checkout-availability").await;
    let mut sender = Sender::default();
    for _ in 0..8 {
        sender.happen(90, 10);
        sender.send(&second).await;
        // Together, so that neither takes the other for silent.
        for _ in 0..5 {
            first.advance(INTERVAL / 5).await;
            second.advance(INTERVAL / 5).await;
        }
    }
    assert_eq!((role(&first).await, role(&second).await), (json!("tallying"), json!("standby")));
    let path = "/api/v1/slos/checkout-availability";
    let (here, there) = (second.get(path).await, first.get(path).await);
    assert_eq!(here["good"], json!(630.0), "{here:#}");
    assert_eq!((&here["good"], &here["total"]), (&there["good"], &there["total"]));
    for path in ["/api/v1/slos", "/api/v1/services", "/api/v1/standing", "/api/v1/telemetry"] {
        assert_eq!(second.get(path).await, first.get(path).await, "{path}");
    }
    let (status, backup) = answer(second.request("GET", "/api/v1/backup")).await;
    assert_eq!((status, backup), (StatusCode::OK, Value::Null));

    // Who asks is judged where it is answered.
    let (status, _) = answer(second.anonymous("GET", path)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, token) = first.post("/api/v1/tokens", json!({"name": "ro", "role": "viewer"})).await;
    let apply = second.anonymous("POST", "/api/v1/definitions/apply");
    let apply = apply.bearer_auth(token["secret"].as_str().unwrap()).json(&json!({"files": []}));
    assert_eq!(answer(apply).await.0, StatusCode::FORBIDDEN);
    let missing = answer(second.request("GET", "/api/v1/slos/nothing")).await;
    assert_eq!((missing.0, &missing.1["code"]), (StatusCode::NOT_FOUND, &json!("unknown_slo")));
    let too_large = second.request("POST", "/api/v1/write").body(vec![0; 17 << 20]);
    assert_eq!(answer(too_large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_owner_that_is_gone_leaves_gates_to_the_standby_until_that_takes_over() {
    let Some([first, second]) = two_forwarding("an_owner_that_is_gone").await else { return };
    first.apply(CHECKOUT_SLO).await;
    let question = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:abc",
        "class": "feature", "enforce": true,
    });
    first.fall_silent();
    second.advance(SignedDuration::from_secs(3)).await;
    let (status, decision) = second.post("/api/v1/gates/check", question).await;
    assert_eq!((status, &decision["verdict"]), (StatusCode::OK, &json!("deny")), "{decision:#}");
    assert_eq!(send_telemetry(&second).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    let metrics = second.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("plimsoll_forwarded_total{outcome=\"unanswered\"} 2"), "{metrics}");
    // What cannot have arrived there is done here.
    second.apply(CHECKOUT_SLO).await;

    second.advance(SignedDuration::from_secs(12)).await;
    assert_eq!(role(&second).await, "tallying");
    assert_eq!(send_telemetry(&second).await.status(), StatusCode::NO_CONTENT);
}

/// Takes connections and never answers, as a process that was stopped.
#[tokio::test]
async fn a_change_that_may_have_arrived_is_not_made_twice() {
    let Some([first, second]) = two_forwarding("a_change_that_may_have").await else { return };
    let url = first.url.strip_prefix("http://").unwrap().to_owned();
    first.fall_silent();
    let listener = loop {
        // The port is free once the task is gone.
        match tokio::net::TcpListener::bind(&url).await {
            Ok(listener) => break listener,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let cut_off = tokio::spawn(async move {
        loop {
            drop(listener.accept().await);
        }
    });
    let (status, problem) =
        second.post("/api/v1/definitions/apply", submission(CHECKOUT_SLO)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    assert_eq!(problem["code"], "owner_silent");
    let (status, _) = answer(second.request("GET", "/api/v1/services/checkout")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    cut_off.abort();
}

#[tokio::test]
async fn what_was_forwarded_is_not_forwarded_again() {
    let Some([first, second]) = two_forwarding("what_was_forwarded").await else { return };
    let forwarded = second.request("GET", "/api/v1/slos").header("plimsoll-forwarded", "1");
    let (status, problem) = answer(forwarded).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    assert_eq!(problem["code"], "standby");
    drop(first);
}
