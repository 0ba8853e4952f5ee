//! The whole thread on simulated time: telemetry, budget, alert, a person told, a release decided.

use std::sync::{Arc, Mutex};

use axum::routing::post;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, serve};
use crate::it::sender::Sender;

/// What a receiver got: the types of the messages, in order.
#[derive(Clone, Default)]
struct Phone(Arc<Mutex<Vec<Value>>>);

impl Phone {
    async fn answer(&self) -> String {
        let phone = self.clone();
        let take = async move |body: axum::Json<Value>| phone.0.lock().unwrap().push(body.0);
        serve(axum::Router::new().route("/", post(take))).await.0
    }

    fn heard(&self) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        heard.iter().map(|message| message["type"].as_str().unwrap().to_owned()).collect()
    }
}

/// A server with the service, its SLO, an owner, and the owner's receiver.
async fn scene(burn_policy: &str) -> (TestServer, Phone) {
    let server = TestServer::start().await;
    let phone = Phone::default();
    let url = phone.answer().await;
    let owned = format!(
        "{CHECKOUT_SLO}  {burn_policy}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {{name: team-checkout}}
spec: {{type: team, children: []}}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: checkout, annotations: {{plimsoll.dev/tier: '1'}}}}
spec: {{type: service, lifecycle: production, owner: group:team-checkout}}
---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {{name: checkout-phone}}
spec: {{team: team-checkout, webhook: {{url: {url}}}}}
"
    );
    server.apply(&owned).await;
    (server, phone)
}

async fn ask(server: &TestServer, class: &str, enforce: bool) -> Value {
    let question = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:abc",
        "class": class, "enforce": enforce,
    });
    let (status, decision) = server.post("/api/v1/gates/check", question).await;
    assert_eq!(status, StatusCode::OK, "{decision}");
    decision
}

async fn alerts(server: &TestServer) -> Vec<Value> {
    server.get("/api/v1/alerts").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_outage_is_told_once_and_decides_releases_until_it_is_over() {
    let (server, phone) = scene("").await;
    let mut sender = Sender::default();
    sender.minutes(&server, 70, 250, 0).await;
    assert!(alerts(&server).await.is_empty());
    let young = ask(&server, "feature", true).await;
    assert_eq!((&young["verdict"], &young["enforced"]), (&json!("allow"), &json!(true)));
    let codes: Vec<_> = young["reasons"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, ["budget_healthy", "mostly_unmeasured"], "it says what it does not know");

    sender.minutes(&server, 12, 200, 50).await;
    let told = phone.heard();
    assert_eq!(told, ["alert.opened", "alert.escalated"], "first a ticket's arm, then a page's");
    let firing = alerts(&server).await;
    assert_eq!((&firing[0]["phase"], &firing[0]["severity"]), (&json!("firing"), &json!("page")));
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo["alert"], firing[0]["id"]);
    assert!(slo["burn"].as_array().unwrap().iter().any(|arm| arm["firing"] == true));

    let denied = ask(&server, "feature", true).await;
    assert_eq!((&denied["verdict"], &denied["enforced"]), (&json!("deny"), &json!(true)));
    assert_eq!(denied["reasons"][0]["code"], "budget_exhausted");
    assert_eq!(ask(&server, "rollback", true).await["verdict"], "allow");

    sender.minutes(&server, 10, 250, 0).await;
    assert_eq!(phone.heard()[2..], ["alert.closed"]);
    let closed = alerts(&server).await;
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0]["phase"], "closed");
    let path = format!("/api/v1/alerts/{}", closed[0]["id"].as_str().unwrap());
    let timeline = server.get(&path).await["timeline"].clone();
    let events: Vec<_> =
        timeline.as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    let expected = ["opened", "notified", "escalated", "notified", "closed", "notified"];
    assert_eq!(events, expected);

    // The long arm still holds the outage; it does not fire again for it, a new one reopens it.
    sender.minutes(&server, 20, 250, 0).await;
    assert_eq!(phone.heard().len(), 3);
    sender.minutes(&server, 10, 150, 100).await;
    assert_eq!(phone.heard()[3], "alert.reopened");
    assert_eq!(alerts(&server).await.len(), 1);
}

#[tokio::test]
async fn invariant_4_a_shadow_gate_tells_the_truth_and_replays_byte_for_byte() {
    let (server, _) = scene("").await;
    Sender::default().minutes(&server, 5, 50, 50).await;
    let decision = ask(&server, "feature", false).await;
    assert_eq!((&decision["verdict"], &decision["enforced"]), (&json!("deny"), &json!(false)));

    let path = format!("/api/v1/decisions/{}", decision["id"].as_str().unwrap());
    assert_eq!(server.get(&path).await, decision, "stored as it was answered");
    let (status, replay) = server.post(&format!("{path}/replay"), json!({})).await;
    assert_eq!((status, &replay["identical"]), (StatusCode::OK, &json!(true)));
}

#[tokio::test]
async fn invariant_3_ignorance_is_never_allowed_under_enforcement() {
    let (server, phone) = scene("").await;
    let mut sender = Sender::default();
    for class in ["feature", "rollback", "security_patch"] {
        assert_eq!(ask(&server, class, true).await["verdict"], "deny", "no telemetry: {class}");
    }
    sender.minutes(&server, 5, 100, 0).await;
    assert_ne!(ask(&server, "feature", true).await["verdict"], "deny");

    server.advance(SignedDuration::from_mins(1)).await;
    let stopped = ask(&server, "feature", true).await;
    assert_eq!(
        (&stopped["verdict"], &stopped["reasons"][0]["code"]),
        (&json!("deny"), &json!("no_data"))
    );

    let question = json!({
        "service": "unheard-of", "environment": "production", "artifact": "sha256:abc",
        "class": "feature", "enforce": true,
    });
    let (status, problem) = server.post("/api/v1/gates/check", question).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["code"], "unknown_service");

    server.advance(SignedDuration::from_mins(10)).await;
    assert_eq!(phone.heard(), ["alert.opened"], "no data is an alert of its own");
    let alert = alerts(&server).await[0].clone();
    assert_eq!((&alert["kind"], &alert["severity"]), (&json!("no_data"), &json!("ticket")));
    sender.minutes(&server, 2, 100, 0).await;
    assert_eq!(phone.heard(), ["alert.opened", "alert.closed"]);
}

#[tokio::test]
async fn alr_02_the_accelerator_preset_pages_above_ten() {
    let (server, phone) = scene("alertPolicies: [accelerator]").await;
    let mut sender = Sender::default();
    sender.minutes(&server, 40, 1000, 0).await;
    sender.minutes(&server, 5, 960, 40).await;
    assert!(phone.heard().starts_with(&["alert.opened".to_owned()]));
    sender.minutes(&server, 10, 900, 100).await;
    let alert = alerts(&server).await[0].clone();
    assert_eq!(alert["severity"], "page");
    assert_eq!(alerts(&server).await.len(), 1);
}

#[tokio::test]
async fn one_failure_on_thin_traffic_tells_no_one() {
    let (server, phone) = scene("").await;
    let mut sender = Sender::default();
    for _ in 0..10 {
        sender.minutes(&server, 5, 0, 0).await;
        sender.round(&server, 1, 0).await;
    }
    sender.round(&server, 0, 1).await;
    sender.minutes(&server, 5, 0, 0).await;
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo["status"], "exhausted");
    assert!(phone.heard().is_empty(), "{:?}", phone.heard());
}

#[tokio::test]
async fn a_restart_changes_no_number_and_repeats_no_message() {
    let (server, phone) = scene("").await;
    let mut sender = Sender::default();
    sender.minutes(&server, 10, 100, 0).await;
    sender.minutes(&server, 10, 50, 50).await;
    assert_eq!(phone.heard(), ["alert.opened"]);
    let before = server.get("/api/v1/slos/checkout-availability").await;
    let server = server.restart().await;
    let after = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(before, after);
    sender.minutes(&server, 2, 50, 50).await;
    assert_eq!(phone.heard(), ["alert.opened"]);
}
