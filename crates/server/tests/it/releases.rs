//! Deployments as they are recorded and listed.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT, TestServer, answer};

fn deployment(service: &str, artifact: &str) -> Value {
    json!({
        "service": service, "environment": "production", "artifact": artifact,
        "version": "1.2.3", "commit": "0a1b2c3", "class": "reliability-fix",
    })
}

#[tokio::test]
async fn a_pipeline_records_a_deployment() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    let token = server.token("responder").await;
    let request = server.anonymous("POST", "/api/v1/deployments").bearer_auth(token);
    let (status, recorded) = answer(request.json(&deployment("checkout", "sha256:1"))).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(recorded["class"], "reliability_fix");
    assert_eq!(recorded["deployed_at"], "2026-11-20T06:00:00Z");
    assert_eq!(recorded["recorded_by"], "token:responder");
    let id = recorded["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("/api/v1/deployments/{id}")).await, recorded);
}

#[tokio::test]
async fn deployments_are_listed_newest_first_a_page_at_a_time() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    for artifact in ["sha256:1", "sha256:2", "sha256:3"] {
        server.post("/api/v1/deployments", deployment("checkout", artifact)).await;
        server.site.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    let artifacts = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["artifact"].as_str().unwrap().to_owned()).collect()
    };
    let first = server.get("/api/v1/deployments?service=checkout&limit=2").await;
    assert_eq!(artifacts(&first), ["sha256:3", "sha256:2"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/api/v1/deployments?service=checkout&limit=2&cursor={cursor}");
    let second = server.get(&path).await;
    assert_eq!(
        (artifacts(&second), &second["next_cursor"]),
        (vec!["sha256:1".into()], &Value::Null)
    );
    let from = "/api/v1/deployments?from=2026-11-20T06:01:00Z&to=2026-11-20T06:02:00Z";
    assert_eq!(artifacts(&server.get(from).await), ["sha256:2"]);
    let elsewhere = server.get("/api/v1/deployments?environment=staging").await;
    assert!(artifacts(&elsewhere).is_empty());
}

#[tokio::test]
async fn what_is_not_known_is_refused_by_its_code() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    let with = |field: &str, value: &str| {
        let mut body = deployment("checkout", "sha256:1");
        body[field] = value.into();
        body
    };
    for (body, code) in [
        (deployment("basket", "sha256:1"), "unknown_service"),
        (deployment("not a name", "sha256:1"), "invalid_name"),
        (with("class", "surprise"), "unknown_class"),
        (with("artifact", "two words"), "invalid_artifact"),
        (with("deployed_at", "2026-11-20T06:05:01Z"), "future_deployment"),
    ] {
        let (status, problem) = server.post("/api/v1/deployments", body).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!(code)), "{problem}");
    }
    assert_eq!(server.get("/api/v1/deployments").await["items"], json!([]));
}

/// A decision is of one artifact for good. What went out is recorded, whatever it was called.
#[tokio::test]
async fn no_gate_decides_about_a_name_that_moves() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    for artifact in ["latest", "registry.example:5000/shop:Latest", "shop@main", "origin/master"] {
        let question = json!({
            "service": "checkout", "environment": "production", "artifact": artifact,
            "class": "feature",
        });
        let (status, problem) = server.post("/api/v1/gates/check", question).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("moving_artifact")));
        assert!(problem["hint"].as_str().unwrap().contains("sha256:"), "{problem}");
        let (status, _) =
            server.post("/api/v1/deployments", deployment("checkout", artifact)).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    assert_eq!(server.get("/api/v1/decisions").await["items"], json!([]));
}
