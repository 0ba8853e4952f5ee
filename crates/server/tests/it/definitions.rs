//! Definitions: all or nothing, every fault at once, in force at once and after a restart.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT, CHECKOUT_SLO, TestServer, submission};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

const FAULTY: &str = r"
apiVersion: openslo/v1
kind: Service
metadata: {name: search}
spec: {description: Finds things.}
---
apiVersion: openslo/v1
kind: Servise
metadata: {name: basket}
---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {name: everyone}
spec: {default: perhaps}
";

#[tokio::test]
async fn one_error_keeps_everything_from_being_applied_and_all_errors_are_told() {
    let server = TestServer::start().await;
    for action in ["lint", "apply"] {
        let path = format!("/api/v1/definitions/{action}");
        let (_, report) = server.post(&path, submission(FAULTY)).await;
        assert_eq!(report["applied"], false);
        let faults = report["diagnostics"].as_array().unwrap();
        let lines: Vec<_> = faults.iter().map(|fault| fault["line"].as_u64().unwrap()).collect();
        assert!(lines.contains(&8) && lines.iter().any(|line| *line >= 14), "{report:#}");
        assert!(faults.iter().all(|fault| fault["file"] == "test.yaml"));
    }
    assert!(names(&server.get("/api/v1/services").await).is_empty());
}

#[tokio::test]
async fn what_is_applied_is_in_force_at_once() {
    let server = TestServer::start().await;
    let report = server.apply(CHECKOUT_SLO).await;
    assert!(report["revision"].as_str().unwrap().starts_with("rev_"));
    let created = |kind: &str, name: &str| json!({"action": "created", "kind": kind, "name": name});
    assert_eq!(report["changes"][0], created("Service", "checkout"));
    assert_eq!(report["changes"][1], created("SLO", "checkout-availability"));
    let service = server.get("/api/v1/services/checkout").await;
    assert_eq!(service["slos"], json!(["checkout-availability"]));
    assert_eq!(service["owner"], Value::Null);
}

#[tokio::test]
async fn applying_the_same_again_makes_no_revision() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let report = server.apply(CHECKOUT_SLO).await;
    assert_eq!(report["revision"], Value::Null);
    let changes = report["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["action"] == "unchanged"), "{report:#}");
    let renamed = CHECKOUT.replace("Takes orders.", "Takes orders and payments.");
    let report = server.apply(&renamed).await;
    assert_eq!(report["changes"][0]["action"], "updated");
}

#[tokio::test]
async fn lint_tells_what_would_change_and_changes_nothing() {
    let server = TestServer::start().await;
    let (_, report) = server.post("/api/v1/definitions/lint", submission(CHECKOUT)).await;
    assert_eq!(report["applied"], false);
    assert_eq!(report["changes"][0]["action"], "created");
    assert!(names(&server.get("/api/v1/services").await).is_empty());
}

#[tokio::test]
async fn definitions_show_whose_they_are() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    let yours = server.get("/api/v1/definitions/Service/checkout").await;
    assert_eq!((&yours["origin"], &yours["changed_by"]), (&json!("yours"), &json!("token:admin")));
    assert_eq!(yours["yaml"].as_str().unwrap().trim(), CHECKOUT.trim());
    let shipped = server.get("/api/v1/definitions/ErrorBudgetPolicy/default").await;
    assert_eq!((&shipped["origin"], &shipped["changed_at"]), (&json!("default"), &Value::Null));
    assert_eq!(names(&server.get("/api/v1/definitions?kind=Service").await), ["checkout"]);
}

#[tokio::test]
async fn two_applies_at_once_both_hold() {
    let server = TestServer::start().await;
    let search = CHECKOUT.replace("checkout", "search");
    tokio::join!(server.apply(CHECKOUT), server.apply(&search));
    assert_eq!(names(&server.get("/api/v1/services").await), ["checkout", "search"]);
}

/// Nothing is stored, and what is written can be applied.
#[tokio::test]
async fn slos_of_others_are_read_as_definitions_that_apply_takes() {
    let server = TestServer::start().await;
    let sloth = "version: prometheus/v1\nservice: books\nslos:\n  - name: availability\n    \
                 objective: 99.9\n    sli:\n      events:\n        \
                 error_query: sum(rate(a{code='500'}[{{.window}}]))\n        \
                 total_query: sum(rate(a[{{.window}}]))\n";
    let body =
        |window: &str| json!({"files": [{"path": "sloth.yaml", "text": sloth}], "window": window});
    let (status, found) = server.post("/api/v1/definitions/import", body("28d")).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let outcomes: Vec<_> =
        found["notes"].as_array().unwrap().iter().map(|note| &note["outcome"]).collect();
    assert_eq!(outcomes, ["changed", "kept"]);
    let none = server.get("/api/v1/slos").await;
    assert_eq!(none["items"], json!([]));
    server.apply(found["yaml"].as_str().unwrap()).await;
    let slo = server.get("/api/v1/slos/books-availability").await;
    assert_eq!((&slo["window"], &slo["objective"]), (&json!("28d"), &json!(0.999)));
    let (status, problem) = server.post("/api/v1/definitions/import", body("5m")).await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!("invalid_import")));
}
