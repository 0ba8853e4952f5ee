//! Hostile input over HTTP: every body is answered 4xx, and the server goes on.

use axum::routing::get;
use jiff::SignedDuration;
use plimsoll_trials::bodies::{nested, snappy};
use reqwest::RequestBuilder;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::it::harness::{CHECKOUT_SLO, TestServer, answer, serve, submission};
use crate::it::sender::{Sender, V1, V2, post};

/// A request, and what it is.
type Attack = (&'static str, RequestBuilder);

/// Sends them one after the other; in between, the server answers as ever.
async fn check(server: &TestServer, attacks: Vec<Attack>) {
    for (name, request) in attacks {
        let response = request.send().await.unwrap();
        assert!(response.status().is_client_error(), "{name}: {}", response.status());
        let problem: serde_json::Value = response.json().await.unwrap();
        assert!(problem["code"].is_string(), "{name}: {problem}");
        server.get("/api/v1/telemetry").await;
    }
}

#[tokio::test]
async fn hostile_remote_write() {
    let server = TestServer::start().await;
    let long = nested(0x0a, &[nested(0x0a, b"a"), nested(0x12, &vec![b'x'; 1 << 20])].concat());
    let sample = nested(0x12, b"\x10\xe8\x07");
    let many = nested(0x0a, &[nested(0x0a, b"a"), nested(0x12, b"b")].concat()).repeat(1_000_000);
    let not_utf8 = nested(0x0a, &[nested(0x0a, b"a"), nested(0x12, b"\xff")].concat());
    let bodies = [
        ("a length that lies", V1, vec![0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]),
        ("a length that lies within the limits", V1, vec![0x80, 0x80, 0x80, 0x08, 0x00]),
        ("a varint without end", V2, vec![0xff; 1 << 20]),
        ("zeros", V1, snappy(&vec![0; 32 << 20])),
        ("more than is allowed", V1, snappy(&vec![0; 33 << 20])),
        ("empty series", V1, snappy(&[0x0a, 0x00].repeat(8 << 20))),
        ("empty series of 2.0", V2, snappy(&[0x2a, 0x00].repeat(8 << 20))),
        ("empty symbols", V2, snappy(&[0x22, 0x00].repeat(8 << 20))),
        ("a label of 1 MiB", V1, snappy(&nested(0x0a, &[long, sample.clone()].concat()))),
        ("a million labels", V1, snappy(&nested(0x0a, &[many, sample.clone()].concat()))),
        ("no UTF-8", V1, snappy(&nested(0x0a, &[not_utf8, sample].concat()))),
        ("nesting", V1, snappy(&[0x0a; 100_000])),
        ("truncated", V2, snappy(b"\x22\x00\x2a\x7f\x0a")),
        ("noise", V1, snappy(&(0..=255).collect::<Vec<u8>>())),
        ("too large to be read", V1, vec![0; 17 << 20]),
    ];
    let attacks =
        bodies.map(|(name, content_type, body)| (name, post(&server, content_type, body)));
    check(&server, attacks.into()).await;
    assert_eq!(server.get("/api/v1/telemetry").await["accepted"], 0);
}

/// Most senders write all of a request before they listen: they read why it was refused, and not
/// of a connection that was reset.
#[tokio::test]
async fn who_is_refused_in_the_middle_of_a_body_reads_why() {
    let server = TestServer::start().await;
    let key = format!("Authorization: Bearer {}\r\n", server.admin);
    let requests = [
        ("/api/v1/write", "", 17 << 20, "401"),
        ("/api/v1/write", key.as_str(), 17 << 20, "415"),
        ("/api/v1/tokens", key.as_str(), 32 << 20, "413"),
        ("/nowhere", "", 32 << 20, "405"),
    ];
    for (path, headers, length, status) in requests {
        let mut connection = TcpStream::connect(&server.url["http://".len()..]).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: plimsoll.test\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(&vec![b' '; length]).await.unwrap();
        let mut answer = [0; 12];
        connection.read_exact(&mut answer).await.unwrap();
        assert_eq!(str::from_utf8(&answer).unwrap(), format!("HTTP/1.1 {status}"), "{path}");
    }
}

#[tokio::test]
async fn hostile_json() {
    let server = TestServer::start().await;
    let routes = [
        "/api/v1/definitions/apply",
        "/api/v1/definitions/lint",
        "/api/v1/tokens",
        "/api/v1/deployments",
        "/api/v1/gates/check",
    ];
    let deep = |open: &str, depth: usize| open.repeat(depth);
    let bodies = [
        ("deep lists", deep("[", 1 << 20)),
        ("deep objects", deep("{\"a\":", 1 << 18)),
        ("a deep field", format!("{{\"files\":{}", deep("[", 1 << 20))),
        ("a long number", format!("{{\"name\":{}}}", "9".repeat(1 << 20))),
        ("nothing", String::new()),
        ("too much", " ".repeat(5 << 20)),
        ("a lone surrogate", "{\"name\":\"\\ud800\"}".to_owned()),
    ];
    let mut attacks = Vec::new();
    for route in routes {
        for (name, body) in &bodies {
            let request = server.request("POST", route).header("content-type", "application/json");
            attacks.push((*name, request.body(body.clone())));
        }
        let request = server.request("POST", route).header("content-type", "application/json");
        attacks.push(("no UTF-8", request.body(b"{\"name\":\"\xff\"}".to_vec())));
    }
    check(&server, attacks).await;
}

/// Documents are refused with diagnostics, in a report of its own.
#[tokio::test]
async fn hostile_documents() {
    let server = TestServer::start().await;
    let slo = |query: &str| {
        let plain = "sum(rate(http_requests_total{job=\"checkout\"}[5m]))";
        assert!(CHECKOUT_SLO.contains(plain));
        CHECKOUT_SLO.replace(plain, query)
    };
    let laughs = (1..9).fold("a: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        let alias = format!("*a{}, ", n - 1).repeat(10);
        format!("{text}b{n}: &a{n} [{alias}]\n")
    });
    let documents = [
        ("an alias bomb", laughs),
        ("deep flow lists", "[".repeat(500_000)),
        ("deep block lists", "- ".repeat(250_000)),
        ("deep mappings", (0..700).map(|n| " ".repeat(n) + "a:\n").collect()),
        ("more than a file may hold", "#".repeat(2 << 20)),
        ("many documents", "---\na\n".repeat(100_000)),
        ("deep PromQL", slo(&format!("{}x{}", "(".repeat(5_000), ")".repeat(5_000)))),
        ("deeper PromQL", slo(&"sum(".repeat(1_900))),
        ("a long query", slo(&"x+".repeat(100_000))),
        ("a hostile pattern", slo("sum(rate(x{a=~\"(((((a{1,999}){1,999}){1,999}))))\"}[5m]))")),
        ("a null character", "\u{0}".repeat(1_000)),
    ];
    for (name, text) in documents {
        let (status, report) = server.post("/api/v1/definitions/apply", submission(&text)).await;
        let refused = status.is_client_error() || report["applied"] == json!(false);
        assert!(!status.is_server_error() && refused, "{name}: {status} {report:.300}");
        server.get("/api/v1/telemetry").await;
    }
}

#[tokio::test]
async fn hostile_targets() {
    let server = TestServer::start().await;
    let packed = |body: Vec<u8>| {
        let layer = tower_http::compression::CompressionLayer::new();
        axum::Router::new()
            .route("/metrics", get(async move || ([("content-type", "text/plain")], body)))
            .layer(layer)
    };
    // A gzip bomb: a few kilobytes on the wire.
    let (bomb, _) = serve(packed(vec![b'\n'; 64 << 20])).await;
    let (labels, _) = serve(packed(vec![b'a'; 8 << 20])).await;
    server
        .apply(&format!(
            "apiVersion: plimsoll/v1\nkind: ScrapeTarget\nmetadata: {{name: bomb}}\n\
             spec: {{url: \"{bomb}/metrics\", interval: 15s}}\n---\n\
             apiVersion: plimsoll/v1\nkind: ScrapeTarget\nmetadata: {{name: labels}}\n\
             spec: {{url: \"{labels}/metrics\", interval: 15s}}\n"
        ))
        .await;
    server.advance(SignedDuration::from_secs(15)).await;
    let telemetry = server.get("/api/v1/telemetry").await;
    let errors: Vec<_> = telemetry["scrapes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scrape| scrape["error"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        errors,
        [
            "the target's text is larger than 16777216 bytes",
            "line 1: expected a number at column 8388609",
        ]
    );
}

/// Times at both ends of time, of an SLO that has some history.
#[tokio::test]
async fn hostile_times() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    Sender::default().minutes(&server, 3, 5, 1).await;
    let slo = "/api/v1/slos/checkout-availability";
    for time in ["-009999-01-02T01:59:59Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
        for path in [
            format!("{slo}?at={time}"),
            format!("{slo}/explain?at={time}"),
            format!("{slo}/history?to={time}"),
            format!("{slo}/history?from={time}"),
            format!("{slo}/ledger?to={time}"),
            format!("{slo}/ledger?from={time}"),
        ] {
            let (status, problem) = answer(server.request("GET", &path)).await;
            let told = (status.as_u16(), problem["code"].as_str());
            assert_eq!(told, (422, Some("invalid_time")), "{path}");
        }
    }
    for time in ["1970-01-01T00:00:00Z", "9999-12-30T22:00:00Z"] {
        for path in [
            format!("{slo}?at={time}"),
            format!("{slo}/explain?at={time}&minutes=4294967295"),
            format!("{slo}/explain?at={time}&minutes=0"),
            format!("{slo}/history?to={time}"),
            format!("{slo}/history?from={time}"),
            format!("{slo}/history?from={time}&step_minutes=4294967295"),
            format!("{slo}/history?from={time}&to={time}&step_minutes=0"),
            format!("{slo}/ledger?to={time}"),
        ] {
            let response = server.request("GET", &path).send().await.unwrap();
            assert!(response.status().is_success(), "{path}: {}", response.status());
        }
    }
    for time in ["-009999-01-02T01:59:59Z", "9999-12-30T22:00:00Z"] {
        for path in ["deployments", "notifications", "audit"] {
            let path = format!("/api/v1/{path}?from={time}&to={time}");
            let response = server.request("GET", &path).send().await.unwrap();
            assert!(response.status().is_success(), "{path}: {}", response.status());
        }
    }
}
