//! What browsers get: the app's pages, security headers, live events.

use jiff::SignedDuration;
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;

use crate::it::harness::{CHECKOUT, CHECKOUT_SLO, TestServer};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    for path in ["/", "/slos/some", "/api/v1/me", "/healthz", "/assets/none.js"] {
        let response = server.anonymous("GET", path).send().await.unwrap();
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers.contains_key(CACHE_CONTROL), "{path}");
    }
}

#[tokio::test]
async fn every_path_outside_the_api_is_a_page_of_the_app() {
    let server = TestServer::start().await;
    for path in ["/", "/slos/checkout-availability", "/setup?code=x"] {
        let response = server.anonymous("GET", path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap();
        assert!(content_type.starts_with("text/html"), "{path}");
        assert!(response.text().await.unwrap().contains("Plimsoll"), "{path}");
    }
    let missing = server.anonymous("GET", "/assets/none.js").send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    let posted = server.anonymous("POST", "/slos").send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn changes_are_told_as_server_sent_events() {
    let server = TestServer::start().await;
    let mut stream = server.request("GET", "/api/v1/events").send().await.unwrap();
    assert_eq!(stream.headers()[CONTENT_TYPE], "text/event-stream");
    let hello = stream.chunk().await.unwrap().unwrap();
    assert_eq!(hello, "event: hello\ndata: {}\n\n");

    server.apply(CHECKOUT).await;
    let changed = stream.chunk().await.unwrap().unwrap();
    assert_eq!(changed, "event: changed\ndata: {\"noun\":\"definitions\",\"name\":\"\"}\n\n");
    let deployment = json!({
        "service": "checkout", "environment": "production",
        "artifact": "sha256:1", "class": "feature",
    });
    server.post("/api/v1/deployments", deployment).await;
    let changed = stream.chunk().await.unwrap().unwrap();
    assert_eq!(
        changed,
        "event: changed\ndata: {\"noun\":\"deployment\",\"name\":\"checkout\"}\n\n"
    );
}

#[tokio::test]
async fn health_and_metrics_need_no_credentials() {
    let server = TestServer::start().await;
    let ready = r#"{"status":"ok","role":"tallying"}"#;
    for (path, expected) in [("/healthz", r#"{"status":"ok"}"#), ("/readyz", ready)] {
        let response = server.anonymous("GET", path).send().await.unwrap();
        assert_eq!(response.text().await.unwrap(), expected);
    }
    server.request("GET", "/api/v1/services/nothing").send().await.unwrap();
    let metrics = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
    let counted = "plimsoll_http_requests_total{method=\"GET\",\
                   route=\"/api/v1/services/{name}\",status=\"404\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
    assert!(metrics.contains("plimsoll_notifications{outcome=\"owed\"} 0"), "{metrics}");
    assert!(metrics.ends_with("# EOF\n"));
}

#[tokio::test]
async fn metrics_count_the_evaluations_of_every_sweep() {
    let server = TestServer::start().await;
    let count = async || {
        let text = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
        let value = text.lines().find_map(|l| l.strip_prefix("plimsoll_slo_evaluations_total "));
        value.unwrap().parse::<u64>().unwrap()
    };
    server.advance(SignedDuration::from_secs(10)).await;
    assert_eq!(count().await, 0, "there is no SLO");
    server.apply(CHECKOUT_SLO).await;
    let before = count().await;
    server.advance(SignedDuration::from_secs(20)).await;
    let counted = count().await - before;
    assert!(counted >= 10, "a sweep every two seconds, and when nudged: {counted}");
}
