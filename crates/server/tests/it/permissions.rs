//! Who may call which route, by every route that the OpenAPI document has: the role it takes, the
//! team it is about, and spellings of its path that are not its path.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use plimsoll_server::Permission;

use crate::it::harness::{TestServer, submission};
use crate::it::webhooks::Sender;

const ROLES: [&str; 4] = ["viewer", "responder", "editor", "admin"];

/// Two teams with a service each, one of them with an SLO.
const TEAMS: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart}
spec: {type: service, lifecycle: production, owner: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: card}
spec: {type: service, lifecycle: production, owner: pay}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {type: team, children: []}
---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {name: ours}
spec: {team: shop, webhook: {url: 'http://127.0.0.1:9/hook'}}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: requests}
spec:
  ratioMetric:
    counter: true
    bad: {metricSource: {spec: {query: 'bad_total'}}}
    total: {metricSource: {spec: {query: 'all_total'}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: cart-up}
spec:
  service: cart
  indicatorRef: requests
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
";

fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&plimsoll_server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter();
        operations.map(|(method, op)| (method.to_uppercase(), path.clone(), op.clone()))
    });
    operations.collect()
}

/// A token of that role, for everything or for what a team owns.
async fn token(server: &TestServer, role: &str, team: Option<&str>) -> (String, String) {
    let body = json!({"name": format!("{role} {team:?}"), "role": role, "team": team});
    let (status, token) = server.post("/api/v1/tokens", body).await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    let [id, secret] = ["id", "secret"].map(|field| token[field].as_str().unwrap().to_owned());
    (id, secret)
}

/// What an operation is asked about what the team `shop` owns.
struct Request {
    operation: &'static str,
    path: String,
    body: Option<Value>,
}

/// One request for each operation that a role in a team suffices for.
fn of_shop(person: &str, (token, webhook): (&str, &str), words: &str) -> Vec<Request> {
    let of = |operation, path: &str, body| Request { operation, path: path.to_owned(), body };
    let member = format!("/api/v1/teams/shop/members/{person}");
    let release = json!({"service": "cart", "environment": "production", "artifact": "sha256:1",
        "version": "1", "class": "feature"});
    let described = TEAMS.replace("{name: cart}", &format!("{{name: cart, description: {words}}}"));
    let component = described.split("---\n").next().unwrap();
    vec![
        of("record_deployment", "/api/v1/deployments", Some(release.clone())),
        of("check_gate", "/api/v1/gates/check", Some(release)),
        of("apply_definitions", "/api/v1/definitions/apply", Some(submission(component))),
        of("test_receiver", "/api/v1/receivers/ours/test", None),
        // An SLO rests on it, which is said to who might delete it.
        of("delete_definition", "/api/v1/definitions/Component/cart", None),
        of("list_people", "/api/v1/people", None),
        of("list_tokens", "/api/v1/tokens", None),
        of(
            "create_token",
            "/api/v1/tokens",
            Some(json!({"name": "x", "role": "viewer", "team": "shop"})),
        ),
        of("set_member", &member, Some(json!({"role": "viewer"}))),
        of("remove_member", &member, None),
        of("revoke_token", &format!("/api/v1/tokens/{token}"), None),
        of("list_webhooks", "/api/v1/webhooks", None),
        of(
            "create_webhook",
            "/api/v1/webhooks",
            Some(json!({"name": "x", "scopes": ["record_deployment"], "team": "shop"})),
        ),
        of("rotate_webhook", &format!("/api/v1/webhooks/{webhook}/rotate"), Some(json!({}))),
        of("revoke_webhook", &format!("/api/v1/webhooks/{webhook}"), None),
    ]
}

/// Those that show each caller what they manage, and refuse only who manages nothing.
const LISTS: [&str; 3] = ["list_people", "list_tokens", "list_webhooks"];

#[tokio::test]
async fn invariant_7_each_route_is_decided_by_role_and_team() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let person = json!({"name": "bob", "role": "viewer"});
    let (_, added) = server.post("/api/v1/people", person).await;
    let person = added["person"]["id"].as_str().unwrap();
    let (victim, _) = token(&server, "viewer", Some("shop")).await;
    let sender = json!({"name": "x", "scopes": ["record_deployment"], "team": "shop"});
    let sender = Sender::make(&server, sender).await;
    let victims = (&*victim, &*sender.id);
    let by_team: Vec<_> = operations()
        .into_iter()
        .filter(|(_, _, operation)| operation["x-team-role-suffices"] == true)
        .collect();
    let ids = |operation: &Value| operation["operationId"].as_str().unwrap().to_owned();
    let known: BTreeSet<_> =
        of_shop(person, victims, "").iter().map(|request| request.operation.to_owned()).collect();
    let described: BTreeSet<_> = by_team.iter().map(|(_, _, operation)| ids(operation)).collect();
    assert_eq!(known, described, "each is asked below");

    for (method, _, operation) in &by_team {
        let least = operation["x-least-role"].as_str().unwrap();
        let least = ROLES.iter().position(|role| *role == least).unwrap();
        for team in [None, Some("shop"), Some("pay")] {
            for (rank, role) in ROLES.into_iter().enumerate() {
                let (_, secret) = token(&server, role, team).await;
                let join = format!("/api/v1/teams/shop/members/{person}");
                server.request("PUT", &join).json(&json!({"role": "viewer"})).send().await.unwrap();
                let id = ids(operation);
                let words = format!("{role} {}", team.unwrap_or_default());
                let requests = of_shop(person, victims, &words);
                let request = requests.into_iter().find(|one| one.operation == id).unwrap();
                let asked = server.anonymous(method, &request.path).bearer_auth(&secret);
                let asked = request.body.iter().fold(asked, |asked, body| asked.json(body));
                let status = asked.send().await.unwrap().status();
                let reaches = team != Some("pay") || LISTS.contains(&request.operation);
                let context = format!("{id} as {role} of {team:?}: {status}");
                if rank >= least && reaches {
                    let told = match request.operation {
                        "delete_definition" => status == StatusCode::CONFLICT,
                        // Who may test it is told that it was tested just now.
                        "test_receiver" => status == StatusCode::TOO_MANY_REQUESTS,
                        // By then it is revoked, which who may rotate it is told.
                        "rotate_webhook" => status == StatusCode::CONFLICT,
                        _ => false,
                    };
                    assert!(status.is_success() || told, "{context}");
                } else {
                    assert_eq!(status, StatusCode::FORBIDDEN, "{context}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_a_team_manages_is_all_that_it_is_shown() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let (_, lead) = token(&server, "admin", Some("pay")).await;
    let (_, _) = token(&server, "viewer", Some("shop")).await;
    let list = server.anonymous("GET", "/api/v1/tokens").bearer_auth(&lead);
    let list: Value = list.send().await.unwrap().json().await.unwrap();
    let teams: BTreeSet<_> =
        list["items"].as_array().unwrap().iter().map(|item| item["team"].as_str()).collect();
    assert_eq!(teams, BTreeSet::from([Some("pay")]));
}

/// Scopes alone, with the greatest role: each route passes with its own and with no other.
#[tokio::test]
async fn invariant_7_each_route_is_decided_by_scope() {
    let server = TestServer::start().await;
    let mut scopes = Vec::new();
    for (_, _, operation) in operations() {
        let permission = operation["x-permission"].as_str().unwrap().to_owned();
        let is_scope = !["public", "myself"].contains(&&*permission);
        if is_scope && !scopes.contains(&permission) {
            scopes.push(permission);
        }
    }
    for scope in &scopes {
        let body = json!({"name": scope, "role": "admin", "scopes": [scope]});
        let (status, token) = server.post("/api/v1/tokens", body).await;
        assert_eq!(status, StatusCode::CREATED, "{token}");
        let secret = token["secret"].as_str().unwrap();
        for (method, path, operation) in operations() {
            let needed = operation["x-permission"].as_str().unwrap();
            let free = ["public", "myself"].contains(&needed);
            if path == "/api/v1/events" && scope == "read" || free {
                continue;
            }
            let path = path
                .replace("{id}", "nothing")
                .replace("{name}", "nothing")
                .replace("{kind}", "SLO");
            let request = server.anonymous(&method, &path).bearer_auth(secret);
            let status = request.send().await.unwrap().status();
            let refused = status == StatusCode::FORBIDDEN;
            assert_eq!(refused, needed != scope, "{method} {path} with {scope}: {status}");
        }
    }
}

/// A signed message is a principal like others: it passes the routes of its scopes, and what asks
/// for no scope, and no other.
#[tokio::test]
async fn invariant_7_each_route_is_decided_by_a_signature_and_its_scopes() {
    let server = TestServer::start().await;
    let scopes: Vec<_> = Permission::of_webhooks().map(Permission::as_str).collect();
    assert_eq!(scopes, ["record_deployment", "decide_release"]);
    for scope in scopes {
        let sender = Sender::make(&server, json!({"name": scope, "scopes": [scope]})).await;
        for (number, (method, path, operation)) in (0..).zip(operations()) {
            let needed = operation["x-permission"].as_str().unwrap();
            if needed == "public" {
                continue;
            }
            let path = path
                .replace("{id}", "nothing")
                .replace("{name}", "nothing")
                .replace("{kind}", "SLO");
            let status = sender.signed(&server, (&method, &path), number).send().await;
            let status = status.unwrap().status();
            let context = format!("{method} {path} signed for {scope}: {status}");
            assert_ne!(status, StatusCode::UNAUTHORIZED, "{context}");
            let passes = needed == scope || needed == "myself";
            assert_eq!(status != StatusCode::FORBIDDEN, passes, "{context}");
        }
    }
}

/// Spellings of a path that some router somewhere takes for the path.
fn tricks(path: &str) -> Vec<String> {
    let rest = path.strip_prefix("/api/v1").unwrap();
    vec![
        format!("/{path}"),
        format!("/.{path}"),
        format!("/x/..{path}"),
        format!("/api//v1{rest}"),
        format!("/api/v1/.{rest}"),
        format!("/api/v1/x/..{rest}"),
        format!("/api/v1/x/%2e%2e{rest}"),
        format!("/api%2fv1{rest}"),
        format!("/api/v1{}", rest.replacen('/', "%2f", 1)),
        format!("/api/v1{}", rest.replacen('/', "\\", 1)),
        format!("/API/V1{rest}"),
        format!("/%61pi/v1{rest}"),
        format!("{path}/"),
        format!("{path};x=1"),
        format!("{path}%00"),
        format!("http://other.test{path}"),
    ]
}

/// Status and content type of a request whose target is sent as it is.
async fn raw(server: &TestServer, method: &str, target: &str, token: &str) -> (u16, String) {
    let host = server.url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
         content-length: 0\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer).to_lowercase();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    let kind = text.lines().find_map(|line| line.strip_prefix("content-type: "));
    (status.unwrap_or_else(|| panic!("{text}")), kind.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn no_spelling_of_a_path_changes_what_is_decided() {
    let server = TestServer::start().await;
    let (_, viewer) = token(&server, "viewer", None).await;
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let least = operation["x-least-role"].as_str().unwrap_or("viewer");
        if least == "viewer" || !path.starts_with("/api/v1/") {
            continue;
        }
        let path =
            path.replace("{id}", "nothing").replace("{name}", "nothing").replace("{kind}", "SLO");
        assert_eq!(raw(&server, &method, &path, &viewer).await.0, 403, "{method} {path}");
        for target in tricks(&path) {
            let (status, kind) = raw(&server, &method, &target, &viewer).await;
            // What is no route is a page of the web app, which decides nothing.
            let page = method == "GET" && status == 200 && kind.starts_with("text/html");
            let refused = matches!(status, 400 | 403 | 404 | 405);
            assert!(page || refused, "{method} {target}: {status} {kind}");
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test]
async fn no_get_changes_anything() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let state = async || {
        let mut all = Vec::new();
        for path in [
            "definitions",
            "people",
            "tokens",
            "deployments",
            "decisions",
            "notifications",
            "alerts",
            "teams",
            "audit",
        ] {
            let mut list = server.get(&format!("/api/v1/{path}")).await;
            for item in list["items"].as_array_mut().unwrap() {
                // That it asks here is a use of the token that asks.
                item.as_object_mut().unwrap().remove("last_used_at");
            }
            all.push(list);
        }
        all
    };
    let before = state().await;
    for (method, path, operation) in operations() {
        // A stream does not end, and a backup is noted in the audit log.
        let apart = ["stream", "back_up"].contains(&operation["operationId"].as_str().unwrap());
        if method != "GET" || apart {
            continue;
        }
        let path =
            path.replace("{id}", "nothing").replace("{name}", "cart").replace("{kind}", "SLO");
        server.request("GET", &path).send().await.unwrap();
        assert_eq!(state().await, before, "GET {path}");
    }
}
