//! What holds for every route, read from the OpenAPI document.

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use crate::it::harness::{TestServer, answer};

/// A route as the document describes it.
struct Route {
    method: String,
    path: String,
    /// The least role; none is public.
    least: Option<String>,
    operation: Value,
}

fn routes() -> Vec<Route> {
    let document: Value = serde_json::from_str(&plimsoll_server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| Route {
            method: method.to_uppercase(),
            // A name that exists for no noun, and a well-formed id of none.
            path: path.replace("{id}", "nothing").replace("{name}", "nothing"),
            least: operation["x-least-role"].as_str().map(ToOwned::to_owned),
            operation: operation.clone(),
        })
    });
    operations.collect()
}

const ROLES: [&str; 4] = ["viewer", "responder", "editor", "admin"];

#[tokio::test]
async fn invariant_7_every_route_names_a_permission_and_enforces_it() {
    let server = TestServer::start().await;
    let mut tokens = Vec::new();
    for role in ROLES {
        tokens.push(server.token(role).await);
    }
    assert!(routes().len() > 30);
    for Route { method, path, least, operation } in routes() {
        assert!(operation["x-permission"].is_string(), "{method} {path}");
        let Some(least) = least else { continue };
        let (status, problem) = answer(server.anonymous(&method, &path)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert_eq!(problem["code"], "unauthenticated", "{method} {path}");
        let rank = ROLES.iter().position(|role| *role == least).unwrap();
        for (held, token) in tokens.iter().enumerate() {
            if path == "/api/v1/events" && held >= rank {
                // It does not end; it has a test of its own.
                continue;
            }
            let request = server.anonymous(&method, &path).bearer_auth(token);
            let status = request.send().await.unwrap().status();
            let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            assert_eq!(refused, held < rank, "{method} {path} as {}: {status}", ROLES[held]);
        }
    }
}

#[test]
fn every_operation_documents_its_errors_and_has_an_id_of_its_own() {
    let mut ids = std::collections::BTreeSet::new();
    for Route { method, path, least, operation } in routes() {
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("500"), "{method} {path}");
        // A change is refused to pages of other sites, also where no credentials are needed.
        let may_refuse = least.is_some() || method != "GET";
        assert_eq!(may_refuse, responses.contains_key("403"), "{method} {path}");
        for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
            let content = &response["content"]["application/problem+json"];
            assert!(content.is_object(), "{method} {path}: {status}");
        }
        assert!(operation["summary"].is_string(), "{method} {path}");
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert(id), "{method} {path}: {}", operation["operationId"]);
    }
}

#[test]
fn the_document_is_3_1_names_this_program_and_is_the_same_every_time() {
    let document: Value = serde_json::from_str(&plimsoll_server::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["info"]["title"], "Plimsoll");
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0");
    assert_eq!(plimsoll_server::openapi(), plimsoll_server::openapi());
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let server = TestServer::start().await;
    let cases = [
        (server.request("GET", "/api/v1/nothing"), 404, "unknown_route"),
        (server.request("GET", "/api"), 404, "unknown_route"),
        (server.request("PUT", "/api/v1/tokens"), 405, "method_not_allowed"),
        (server.request("GET", "/api/v1/alerts/7"), 404, "unknown_id"),
        (server.request("GET", "/api/v1/services/nothing"), 404, "unknown_service"),
        (server.request("GET", "/api/v1/alerts?limit=many"), 400, "invalid_query"),
        (server.request("GET", "/api/v1/alerts?phase=burning"), 422, "unknown_phase"),
        (server.request("GET", "/api/v1/alerts?cursor=none"), 422, "unknown_cursor"),
        (server.request("POST", "/api/v1/tokens").body("{}"), 415, "unsupported_media_type"),
        (server.request("POST", "/api/v1/tokens").json(&"text"), 422, "invalid_body"),
        (
            server
                .request("POST", "/api/v1/tokens")
                .header(CONTENT_TYPE, "application/json")
                .body("{"),
            400,
            "unreadable_body",
        ),
        (
            server.request("POST", "/api/v1/definitions/lint").json(&"x".repeat(5 << 20)),
            413,
            "body_too_large",
        ),
    ];
    for (request, status, code) in cases {
        let response = request.send().await.unwrap();
        let context = format!("{} for {code}", response.url());
        assert_eq!(response.status().as_u16(), status, "{context}");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json", "{context}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{context}");
    }
}

#[tokio::test]
async fn parameters_are_bounded_and_a_page_has_its_limit() {
    let server = TestServer::start().await;
    let long = "x".repeat(1_001);
    let most = "x".repeat(1_000);
    let cases = [
        (format!("/api/v1/audit?subject={most}"), 200, None),
        (format!("/api/v1/audit?subject={long}"), 400, Some("invalid_query")),
        ("/api/v1/audit?subject=a%00b".to_owned(), 400, Some("invalid_query")),
        (format!("/api/v1/slos/{most}"), 404, Some("unknown_slo")),
        (format!("/api/v1/slos/{long}"), 404, Some("unknown_id")),
        ("/api/v1/seals/entry/a%00b".to_owned(), 404, Some("unknown_id")),
        ("/api/v1/alerts?limit=0".to_owned(), 422, Some("invalid_limit")),
        ("/api/v1/alerts?limit=500".to_owned(), 200, None),
        ("/api/v1/alerts?limit=501".to_owned(), 422, Some("invalid_limit")),
        ("/api/v1/slos?limit=501".to_owned(), 422, Some("invalid_limit")),
        ("/api/v1/alerts?severity=grave".to_owned(), 422, Some("unknown_severity")),
        ("/api/v1/decisions?verdict=maybe".to_owned(), 422, Some("unknown_verdict")),
        ("/api/v1/decisions?enforced=maybe".to_owned(), 400, Some("invalid_query")),
    ];
    for (path, status, code) in cases {
        let (found, answer) = answer(server.request("GET", &path)).await;
        assert_eq!((found.as_u16(), answer["code"].as_str()), (status, code), "{path}");
    }
    for Route { method, path, operation, .. } in routes() {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            let bounded = match parameter["name"].as_str() {
                Some("limit") => schema["minimum"] == 1 && schema["maximum"] == 500,
                _ if schema["type"].to_string().contains("string") => {
                    schema["maxLength"].is_number() || schema["enum"].is_array()
                }
                _ => true,
            };
            assert!(bounded, "{method} {path}: {parameter}");
        }
    }
}
