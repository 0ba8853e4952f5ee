//! What a budget was spent on.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, answer};
use crate::it::sender::Sender;

const LEDGER: &str = "/api/v1/slos/checkout-availability/ledger";

async fn deploy(server: &TestServer, environment: &str, version: &str) -> String {
    let deployment = json!({
        "service": "checkout", "environment": environment, "artifact": format!("sha256:{version}"),
        "version": version, "class": "feature",
    });
    let (status, recorded) = server.post("/api/v1/deployments", deployment).await;
    assert_eq!(status, StatusCode::CREATED, "{recorded}");
    recorded["id"].as_str().unwrap().to_owned()
}

/// (cause, version, how many alerts, bad events).
fn entries(ledger: &Value) -> Vec<(&str, Option<&str>, usize, f64)> {
    let entries = ledger["entries"].as_array().unwrap().iter();
    let told = entries.map(|entry| {
        (
            entry["cause"].as_str().unwrap(),
            entry["deployment"]["version"].as_str(),
            entry["alerts"].as_array().unwrap().len(),
            entry["bad"].as_f64().unwrap(),
        )
    });
    told.collect()
}

fn sum(ledger: &Value, field: &str) -> f64 {
    ledger["entries"].as_array().unwrap().iter().map(|entry| entry[field].as_f64().unwrap()).sum()
}

/// An hour with a failure a minute, of which the first is the baseline; a deployment to staging; two
/// to production, after the second of which a fifth fails for ten minutes; two hours on, an outage
/// that nobody deployed, for which the alert is opened again.
async fn scene() -> TestServer {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    for _ in 0..60 {
        sender.round(&server, 249, 1).await;
        for _ in 0..3 {
            sender.round(&server, 250, 0).await;
        }
    }
    deploy(&server, "staging", "1.1.0").await;
    sender.minutes(&server, 2, 250, 0).await;
    deploy(&server, "production", "1.0.9").await;
    sender.minutes(&server, 3, 250, 0).await;
    deploy(&server, "production", "1.1.0").await;
    sender.minutes(&server, 5, 250, 0).await;
    sender.minutes(&server, 10, 200, 50).await;
    sender.minutes(&server, 120, 250, 0).await;
    sender.minutes(&server, 5, 150, 100).await;
    sender.minutes(&server, 10, 250, 0).await;
    server
}

#[tokio::test]
async fn bud_12_what_was_spent_is_put_down_to_its_causes_and_adds_up() {
    let server = scene().await;
    let ledger = server.get(LEDGER).await;
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    let bad = slo["total"].as_f64().unwrap() - slo["good"].as_f64().unwrap();
    assert_eq!(
        entries(&ledger),
        [
            ("deployment", Some("1.1.0"), 1, 2_000.0),
            ("alert", None, 1, 2_000.0),
            ("unknown", None, 0, 59.0),
        ]
    );
    assert_eq!((&ledger["spent"]["bad"], sum(&ledger, "bad")), (&json!(bad), bad));
    assert!((sum(&ledger, "share") - 1.0).abs() < 1e-9);
    let left = slo["budget_remaining"].as_f64().unwrap();
    assert!((ledger["spent"]["budget"].as_f64().unwrap() - (1.0 - left)).abs() < 1e-9);
    assert!((sum(&ledger, "budget") - (1.0 - left)).abs() < 1e-9);

    let alerts = server.get("/api/v1/alerts").await;
    let ids: Vec<&Value> = alerts["items"].as_array().unwrap().iter().map(|a| &a["id"]).collect();
    let named = |entry: usize| &ledger["entries"][entry]["alerts"][0];
    assert_eq!((ids.as_slice(), named(1)), (&[named(0)][..], ids[0]), "one alert, two outages");
    assert_eq!(
        (&ledger["deployment_window"], &ledger["environments"]),
        (&json!("1h"), &json!(["production"])),
        "by the policy that ships"
    );
}

#[tokio::test]
async fn bud_16_deployments_are_taken_out_of_the_long_report() {
    let server = scene().await;
    let ledger = server.get(&format!("{LEDGER}?from=2026-11-01T00:00:00Z")).await;
    assert_eq!(ledger["from"], "2026-11-01T00:00:00Z");
    let (spent, without) = (&ledger["spent"], &ledger["without_deployments"]);
    assert_eq!((&spent["bad"], &without["bad"]), (&json!(4_059.0), &json!(2_059.0)));
    let minutes = spent["total"].as_f64().unwrap() - without["total"].as_f64().unwrap();
    assert_eq!(
        minutes / 1_000.0,
        63.0,
        "the windows of both: the first ends where the next begins"
    );
    assert!(without["budget"].as_f64() < spent["budget"].as_f64());
}

#[tokio::test]
async fn a_policy_says_how_long_a_deployment_answers_and_where() {
    let server = scene().await;
    let policy = include_str!("../../../../defaults/error-budget-policy.yaml");
    let of = |attribution: &str| {
        let shipped = "attribution: {deploymentWindow: 1h, environments: [production]}";
        assert!(policy.contains(shipped));
        policy.replace(shipped, &format!("attribution: {attribution}"))
    };
    server.apply(&of("{deploymentWindow: 3m}")).await;
    let short = server.get(LEDGER).await;
    let causes: Vec<_> = entries(&short).into_iter().map(|entry| entry.0).collect();
    assert_eq!(causes, ["alert", "unknown"], "the outage began five minutes after");
    server.apply(&of("{environments: [staging]}")).await;
    let staging = server.get(LEDGER).await;
    let causes: Vec<_> = entries(&staging).into_iter().map(|entry| (entry.0, entry.1)).collect();
    assert_eq!(causes, [("deployment", Some("1.1.0")), ("alert", None), ("unknown", None)]);
    assert_eq!(staging["entries"][0]["deployment"]["environment"], "staging");
}

#[tokio::test]
async fn a_ledger_of_the_past_does_not_know_what_came_after() {
    let server = scene().await;
    // The outage of the deployment began at 07:10.
    let then = server.get(&format!("{LEDGER}?to=2026-11-20T07:09:30Z")).await;
    assert_eq!(entries(&then), [("unknown", None, 0, 59.0)]);
    let begun = server.get(&format!("{LEDGER}?to=2026-11-20T07:14:30Z")).await;
    assert_eq!(entries(&begun)[0], ("deployment", Some("1.1.0"), 1, 1_000.0));
}

#[tokio::test]
async fn what_is_more_than_was_asked_for_is_one_entry() {
    let server = scene().await;
    let two = server.get(&format!("{LEDGER}?limit=2")).await;
    let causes: Vec<_> = entries(&two).into_iter().map(|entry| entry.0).collect();
    assert_eq!(causes, ["deployment", "others"]);
    assert_eq!((&two["entries"][1]["causes"], sum(&two, "bad")), (&json!(2), 4_059.0));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_is_refused_with_a_way_out() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    for (query, code) in [
        ("from=2026-11-20T06:00:00Z&to=2026-11-20T06:00:00Z", "invalid_stretch"),
        ("from=2026-11-20T07:00:00Z&to=2026-11-20T06:00:00Z", "invalid_stretch"),
        ("from=2020-01-01T00:00:00Z", "invalid_stretch"),
        ("limit=0", "invalid_limit"),
    ] {
        let (status, problem) = answer(server.request("GET", &format!("{LEDGER}?{query}"))).await;
        assert_eq!((status.as_u16(), &problem["code"]), (422, &json!(code)), "{query}: {problem}");
        assert!(problem["hint"].is_string(), "{problem}");
    }
    let (status, _) = answer(server.request("GET", "/api/v1/slos/nothing/ledger")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let never = server.get(LEDGER).await;
    assert_eq!((&never["entries"], &never["spent"]["budget"]), (&json!([]), &Value::Null));
}
