//! People, teams, what they are given, and the log of it.

use jiff::SignedDuration;
use plimsoll_server::world::Clock;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::it::harness::{TestServer, answer, submission};

const PASSWORD: &str = "four random words here";
const OTHER: &str = "quite another seven letters";

/// A team with a service, and another with one.
const TEAMS: &str = "
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop, title: The shop}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart}
spec: {type: service, lifecycle: production, owner: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: card}
spec: {type: service, lifecycle: production, owner: pay}
";

/// Somebody added by the admin's command, whose password is set.
struct Someone {
    id: String,
    cookie: String,
}

impl Someone {
    fn ask(&self, server: &TestServer, method: &str, path: &str) -> RequestBuilder {
        let request = server.anonymous(method, path).header(COOKIE, &self.cookie);
        request.header("x-plimsoll-csrf", "1")
    }
}

/// An admin who signed in: the setup's.
async fn ada(server: &TestServer) -> Someone {
    let url = server.app.setup_url().unwrap();
    let code = url.rsplit_once("code=").unwrap().1;
    let body = json!({"code": code, "name": "ada", "password": PASSWORD});
    let cookie = signed_in(server.anonymous("POST", "/api/v1/setup").json(&body)).await;
    let people = server.get("/api/v1/people").await;
    Someone { id: text(&people["items"][0]["id"]), cookie }
}

async fn signed_in(request: RequestBuilder) -> String {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let set = response.headers()[SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn code_of(link: &Value) -> String {
    let url = text(&link["url"]);
    assert!(url.starts_with("http://plimsoll.test/password?code="), "{url}");
    url.rsplit_once("code=").unwrap().1.to_owned()
}

fn set_password(server: &TestServer, code: &str, password: &str) -> RequestBuilder {
    let body = json!({"code": code, "password": password});
    server.anonymous("POST", "/api/v1/password").json(&body)
}

fn sign_in(server: &TestServer, name: &str, password: &str) -> RequestBuilder {
    let body = json!({"name": name, "password": password});
    server.anonymous("POST", "/api/v1/session").json(&body)
}

/// Adds somebody by `by`, who sets a password.
async fn added(server: &TestServer, by: &Someone, name: &str, role: &str) -> Someone {
    let body = json!({"name": name, "role": role});
    let (status, added) = answer(by.ask(server, "POST", "/api/v1/people").json(&body)).await;
    assert_eq!(status, StatusCode::CREATED, "{added}");
    let code = code_of(&added["link"]);
    let cookie = signed_in(set_password(server, &code, PASSWORD)).await;
    Someone { id: text(&added["person"]["id"]), cookie }
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}

/// Status and code of a problem.
async fn refused(request: RequestBuilder) -> (u16, String) {
    let (status, problem) = answer(request).await;
    (status.as_u16(), text(&problem["code"]))
}

#[tokio::test]
async fn somebody_is_added_and_sets_a_password_by_a_link_that_works_once() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let body = json!({"name": "bob"});
    let (status, added) = answer(ada.ask(&server, "POST", "/api/v1/people").json(&body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let person = &added["person"];
    assert_eq!((&person["role"], &person["has_password"]), (&json!("viewer"), &json!(false)));
    let unset = (401, "unauthenticated".to_owned());
    assert_eq!(refused(sign_in(&server, "bob", "")).await, unset, "no password is none");

    let code = code_of(&added["link"]);
    let weak = |password| refused(set_password(&server, &code, password));
    assert_eq!(weak("too short").await, (422, "password_too_short".to_owned()));
    assert_eq!(weak("password123456").await, (422, "password_too_weak".to_owned()));
    assert_eq!(weak("bobbobbobbob").await, (422, "password_too_weak".to_owned()));
    let cookie = signed_in(set_password(&server, &code, PASSWORD)).await;
    let bob = Someone { id: text(&person["id"]), cookie };
    let me = answer(bob.ask(&server, "GET", "/api/v1/me")).await.1;
    assert_eq!([&me["name"], &me["id"]], [&json!("bob"), &json!(bob.id)]);
    assert_eq!(refused(set_password(&server, &code, OTHER)).await.0, 401, "used");
    signed_in(sign_in(&server, "bob", PASSWORD)).await;

    let taken = ada.ask(&server, "POST", "/api/v1/people").json(&json!({"name": "bob"}));
    assert_eq!(refused(taken).await, (409, "name_taken".to_owned()));
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_and_using_it_every_session() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let bob = added(&server, &ada, "bob", "viewer").await;
    let path = format!("/api/v1/people/{}/password-link", bob.id);
    let reset = async || code_of(&answer(ada.ask(&server, "POST", &path)).await.1);
    let (first, second) = (reset().await, reset().await);
    let me = async || status(bob.ask(&server, "GET", "/api/v1/me")).await;
    assert_eq!(me().await, StatusCode::OK, "until the password is set");
    assert_eq!(refused(set_password(&server, &first, OTHER)).await.0, 401);
    signed_in(set_password(&server, &second, OTHER)).await;
    assert_eq!(me().await, StatusCode::UNAUTHORIZED);
    assert_eq!(refused(sign_in(&server, "bob", PASSWORD)).await.0, 401);
    signed_in(sign_in(&server, "bob", OTHER)).await;

    let late = reset().await;
    server.site.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(refused(set_password(&server, &late, PASSWORD)).await.0, 401, "a day later");
    for guess in ["", "x", "x.y", &format!("{}.{}", "0".repeat(32), "A".repeat(32))] {
        assert_eq!(refused(set_password(&server, guess, PASSWORD)).await.0, 401, "{guess}");
    }
}

#[tokio::test]
async fn ones_own_password_is_changed_with_the_old_one_and_other_sessions_end() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let other =
        Someone { id: ada.id.clone(), cookie: signed_in(sign_in(&server, "ada", PASSWORD)).await };
    let sessions = answer(ada.ask(&server, "GET", "/api/v1/me/sessions")).await.1;
    let current: Vec<_> =
        sessions["items"].as_array().unwrap().iter().map(|item| &item["current"]).collect();
    assert_eq!(current, [&json!(false), &json!(true)], "newest first");
    let change = |by: &Someone, current: &str, new: &str| {
        let body = json!({"current": current, "new": new});
        by.ask(&server, "POST", "/api/v1/me/password").json(&body)
    };
    let wrong = refused(change(&ada, "guess", OTHER)).await;
    assert_eq!(wrong, (422, "wrong_password".to_owned()));
    let weak = refused(change(&ada, PASSWORD, "plimsollplimsoll")).await;
    assert_eq!(weak, (422, "password_too_weak".to_owned()));
    assert_eq!(status(change(&ada, PASSWORD, OTHER)).await, StatusCode::NO_CONTENT);
    assert_eq!(status(ada.ask(&server, "GET", "/api/v1/me")).await, StatusCode::OK);
    assert_eq!(status(other.ask(&server, "GET", "/api/v1/me")).await, StatusCode::UNAUTHORIZED);

    let again = signed_in(sign_in(&server, "ada", OTHER)).await;
    let sessions = answer(ada.ask(&server, "GET", "/api/v1/me/sessions")).await.1;
    let listed = sessions["items"].as_array().unwrap();
    let lost = listed.iter().find(|item| item["current"] == false).unwrap();
    let path = format!("/api/v1/me/sessions/{}", text(&lost["id"]));
    let bob = added(&server, &ada, "bob", "admin").await;
    assert_eq!(status(bob.ask(&server, "DELETE", &path)).await, StatusCode::NOT_FOUND);
    assert_eq!(status(ada.ask(&server, "DELETE", &path)).await, StatusCode::NO_CONTENT);
    let ended = Someone { id: String::new(), cookie: again };
    assert_eq!(status(ended.ask(&server, "GET", "/api/v1/me")).await, StatusCode::UNAUTHORIZED);
    let by_token = server.request("GET", "/api/v1/me/sessions");
    assert_eq!(refused(by_token).await, (422, "not_a_person".to_owned()));
}

#[tokio::test]
async fn there_is_always_an_admin_who_is_a_person() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let bob = added(&server, &ada, "bob", "admin").await;
    let path = |who: &Someone| format!("/api/v1/people/{}", who.id);
    let demote = |by: &Someone, who: &Someone| {
        by.ask(&server, "PATCH", &path(who)).json(&json!({"role": "editor"}))
    };
    assert_eq!(status(demote(&ada, &bob)).await, StatusCode::OK);
    assert_eq!(refused(demote(&ada, &ada)).await, (409, "last_admin".to_owned()));
    let by_token = server.request("DELETE", &path(&ada));
    assert_eq!(refused(by_token).await, (409, "last_admin".to_owned()));
    assert_eq!(refused(ada.ask(&server, "DELETE", &path(&ada))).await.1, "own_person");
    // What they may do is looked up each time they ask.
    assert_eq!(status(bob.ask(&server, "GET", "/api/v1/audit")).await, StatusCode::FORBIDDEN);
    let rename = ada.ask(&server, "PATCH", &path(&bob)).json(&json!({"name": "ada"}));
    assert_eq!(refused(rename).await, (409, "name_taken".to_owned()));
}

#[tokio::test]
async fn a_role_in_a_team_is_for_what_the_team_owns() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let ada = ada(&server).await;
    let bob = added(&server, &ada, "bob", "viewer").await;
    let member = |team: &str| format!("/api/v1/teams/{team}/members/{}", bob.id);
    let set = |by: &Someone, team: &str, role: &str| {
        by.ask(&server, "PUT", &member(team)).json(&json!({"role": role}))
    };
    let deploy = |service: &str| {
        let body = json!({"service": service, "environment": "production",
            "artifact": "sha256:1", "version": "1", "class": "feature"});
        bob.ask(&server, "POST", "/api/v1/deployments").json(&body)
    };
    assert_eq!(status(deploy("cart")).await, StatusCode::FORBIDDEN);
    let (joined, team) = answer(set(&ada, "shop", "responder")).await;
    assert_eq!((joined, &team["members"][0]["name"]), (StatusCode::OK, &json!("bob")));
    assert_eq!((&team["services"], &team["display_name"]), (&json!(["cart"]), &json!("The shop")));
    assert_eq!(status(deploy("cart")).await, StatusCode::CREATED);
    let (denied, problem) = answer(deploy("card")).await;
    assert_eq!(denied, StatusCode::FORBIDDEN);
    assert!(text(&problem["title"]).contains("the team `pay`"), "{problem}");
    assert!(problem["hint"].is_string());
    assert_eq!(status(deploy("nothing")).await, StatusCode::FORBIDDEN, "of nobody");
    let decide = bob.ask(&server, "POST", "/api/v1/gates/check").json(&json!({
        "service": "cart", "environment": "production", "artifact": "sha256:1",
        "class": "feature"}));
    assert_eq!(status(decide).await, StatusCode::OK);

    assert_eq!(status(set(&bob, "shop", "admin")).await, StatusCode::FORBIDDEN);
    assert_eq!(status(set(&ada, "shop", "admin")).await, StatusCode::OK);
    assert_eq!(status(set(&bob, "pay", "responder")).await, StatusCode::FORBIDDEN);
    assert_eq!(status(set(&bob, "shop", "admin")).await, StatusCode::OK);
    assert_eq!(refused(set(&ada, "nothing", "admin")).await, (404, "unknown_team".to_owned()));
    assert_eq!(refused(set(&ada, "shop", "root")).await, (422, "unknown_role".to_owned()));

    assert_eq!(status(ada.ask(&server, "DELETE", &member("shop"))).await, StatusCode::NO_CONTENT);
    assert_eq!(status(ada.ask(&server, "DELETE", &member("shop"))).await, StatusCode::NOT_FOUND);
    assert_eq!(status(deploy("cart")).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_team_applies_what_it_owns_and_the_rest_stays_as_it_is() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let ada = ada(&server).await;
    let bob = added(&server, &ada, "bob", "viewer").await;
    let member = format!("/api/v1/teams/shop/members/{}", bob.id);
    let joined = ada.ask(&server, "PUT", &member).json(&json!({"role": "editor"}));
    assert_eq!(status(joined).await, StatusCode::OK);
    let apply =
        |yaml: &str| bob.ask(&server, "POST", "/api/v1/definitions/apply").json(&submission(yaml));
    let component = |name: &str, owner: &str| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\n\
                 metadata: {{name: {name}, description: changed}}\n\
                 spec: {{type: service, lifecycle: production, owner: {owner}}}\n"
        )
    };
    let (applied, report) = answer(apply(&component("cart", "shop"))).await;
    assert_eq!((applied, &report["applied"]), (StatusCode::OK, &json!(true)));
    let number = async || server.get("/api/v1/definitions").await;
    let before = number().await;
    for yaml in [
        component("card", "pay"),
        component("cart", "shop") + &component("card", "shop"),
        component("cart", "pay"),
        TEAMS.replace("The shop", "Ours"),
    ] {
        assert_eq!(refused(apply(&yaml)).await, (403, "forbidden".to_owned()), "{yaml}");
    }
    assert_eq!(number().await, before, "nothing of it was applied");
    // What they could not change, they can say again.
    let group = TEAMS.split("---\n").next().unwrap();
    assert_eq!(status(apply(group)).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_limited_by_team_scope_and_time_and_says_when_it_was_used() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let start = server.site.clock.now();
    let make = async |body: Value| {
        let (status, token) = server.post("/api/v1/tokens", body).await;
        assert_eq!(status, StatusCode::CREATED, "{token}");
        token
    };
    let until = start + SignedDuration::from_hours(1);
    let token = make(json!({"name": "ci", "role": "responder", "team": "shop",
        "scopes": ["record_deployment"], "expires_at": until}))
    .await;
    let secret = text(&token["secret"]);
    let ask = |method: &str, path: &str| server.anonymous(method, path).bearer_auth(&secret);
    let deploy = |service: &str| {
        ask("POST", "/api/v1/deployments").json(&json!({"service": service,
            "environment": "production", "artifact": "sha256:1", "version": "1",
            "class": "feature"}))
    };
    assert_eq!(status(deploy("cart")).await, StatusCode::CREATED);
    assert_eq!(status(deploy("card")).await, StatusCode::FORBIDDEN);
    let (denied, problem) = answer(ask("GET", "/api/v1/slos")).await;
    assert_eq!(denied, StatusCode::FORBIDDEN);
    assert!(text(&problem["title"]).contains("scopes"), "{problem}");
    let me = answer(ask("GET", "/api/v1/me")).await.1;
    assert_eq!(me["teams"], json!([{"team": "shop", "role": "responder"}]));
    assert_eq!(me["scopes"], json!(["record_deployment"]));

    let listed = async || {
        let list = server.get("/api/v1/tokens").await;
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["id"] == token["id"]).unwrap()
    };
    server.app.settle().await.unwrap();
    assert_eq!(listed().await["last_used_at"], json!(start));
    server.site.clock.advance(SignedDuration::from_secs(90));
    assert_eq!(status(deploy("cart")).await, StatusCode::CREATED);
    server.app.settle().await.unwrap();
    assert_eq!(listed().await["last_used_at"], json!(start + SignedDuration::from_secs(90)));
    assert_eq!(listed().await["state"], "active");
    server.site.clock.set(until);
    assert_eq!(status(deploy("cart")).await, StatusCode::UNAUTHORIZED);
    assert_eq!(listed().await["state"], "expired");

    for (body, code) in [
        (json!({"name": "x", "role": "viewer", "scopes": ["everything"]}), "unknown_scope"),
        (json!({"name": "x", "role": "viewer", "scopes": ["public"]}), "unknown_scope"),
        (json!({"name": "x", "role": "viewer", "expires_at": start}), "already_expired"),
        (json!({"name": "", "role": "viewer"}), "invalid_name"),
    ] {
        let request = server.request("POST", "/api/v1/tokens").json(&body);
        assert_eq!(refused(request).await, (422, code.to_owned()), "{body}");
    }
    let of_none = json!({"name": "x", "role": "viewer", "team": "nothing"});
    let of_none = server.request("POST", "/api/v1/tokens").json(&of_none);
    assert_eq!(refused(of_none).await, (404, "unknown_team".to_owned()));
}

#[tokio::test]
async fn nobody_makes_a_token_or_an_admin_of_more_than_they_may_do() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let ada = ada(&server).await;
    let limited = json!({"name": "bot", "role": "admin",
        "scopes": ["manage_team", "manage_access", "read"]});
    let (_, token) = server.post("/api/v1/tokens", limited).await;
    let secret = text(&token["secret"]);
    let bot = |method: &str, path: &str| server.anonymous(method, path).bearer_auth(&secret);
    let beyond = (403, "beyond_own".to_owned());
    for body in [
        json!({"name": "x", "role": "admin"}),
        json!({"name": "x", "role": "viewer"}),
        json!({"name": "x", "role": "admin", "scopes": ["back_up"]}),
    ] {
        let request = bot("POST", "/api/v1/tokens").json(&body);
        assert_eq!(refused(request).await, beyond, "{body}");
    }
    let within = json!({"name": "x", "role": "admin", "scopes": ["read"]});
    let made = status(bot("POST", "/api/v1/tokens").json(&within)).await;
    assert_eq!(made, StatusCode::CREATED);
    // A link would let it in as somebody without limits.
    let reset = format!("/api/v1/people/{}/password-link", ada.id);
    assert_eq!(refused(bot("POST", &reset)).await, beyond);
    let add = bot("POST", "/api/v1/people").json(&json!({"name": "eve", "role": "viewer"}));
    assert_eq!(refused(add).await, beyond);

    let of_team = json!({"name": "lead", "role": "admin", "team": "shop"});
    let (_, token) = server.post("/api/v1/tokens", of_team).await;
    let lead = text(&token["secret"]);
    let lead =
        |body: Value| server.anonymous("POST", "/api/v1/tokens").bearer_auth(&lead).json(&body);
    let ours = json!({"name": "x", "role": "admin", "team": "shop"});
    assert_eq!(status(lead(ours)).await, StatusCode::CREATED);
    let theirs = json!({"name": "x", "role": "viewer", "team": "pay"});
    assert_eq!(status(lead(theirs)).await, StatusCode::FORBIDDEN);
    let all = json!({"name": "x", "role": "viewer"});
    assert_eq!(status(lead(all)).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_with_limits_takes_from_nobody_what_it_could_not_give_back() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let ada = ada(&server).await;
    let bob = added(&server, &ada, "bob", "admin").await;
    let member = format!("/api/v1/teams/shop/members/{}", bob.id);
    let joined = ada.ask(&server, "PUT", &member).json(&json!({"role": "editor"}));
    assert_eq!(status(joined).await, StatusCode::OK);
    let limited =
        json!({"name": "bot", "role": "admin", "scopes": ["manage_team", "manage_access"]});
    let (_, token) = server.post("/api/v1/tokens", limited).await;
    let secret = text(&token["secret"]);
    let beyond = (403, "beyond_own".to_owned());
    for path in [member, format!("/api/v1/people/{}", bob.id)] {
        let taken = server.anonymous("DELETE", &path).bearer_auth(&secret);
        assert_eq!(refused(taken).await, beyond, "{path}");
    }
}

#[tokio::test]
async fn a_token_that_ends_makes_nothing_that_goes_on() {
    let server = TestServer::start().await;
    let until = server.site.clock.now() + SignedDuration::from_hours(1);
    let brief = json!({"name": "brief", "role": "admin", "expires_at": until});
    let (_, brief) = server.post("/api/v1/tokens", brief).await;
    let brief = text(&brief["secret"]);
    let make =
        |path: &str, body: &Value| server.anonymous("POST", path).bearer_auth(&brief).json(body);
    let beyond = (403, "beyond_own".to_owned());
    for expires_at in [json!(null), json!(until + SignedDuration::from_secs(1))] {
        let token = json!({"name": "x", "role": "viewer", "expires_at": expires_at});
        assert_eq!(refused(make("/api/v1/tokens", &token)).await, beyond, "{token}");
        let sender =
            json!({"name": "x", "scopes": ["record_deployment"], "expires_at": expires_at});
        assert_eq!(refused(make("/api/v1/webhooks", &sender)).await, beyond, "{sender}");
    }
    let token = json!({"name": "x", "role": "viewer", "expires_at": until});
    assert_eq!(status(make("/api/v1/tokens", &token)).await, StatusCode::CREATED);
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_without_a_name_that_could_not_be_erased() {
    let server = TestServer::start().await;
    server.apply(TEAMS).await;
    let ada = ada(&server).await;
    let bob = added(&server, &ada, "bob", "viewer").await;
    let member = format!("/api/v1/teams/shop/members/{}", bob.id);
    status(ada.ask(&server, "PUT", &member).json(&json!({"role": "editor"}))).await;
    let events = async |query: &str| {
        let log = answer(ada.ask(&server, "GET", &format!("/api/v1/audit{query}"))).await.1;
        let items = log["items"].as_array().unwrap().clone();
        items.iter().map(|item| text(&item["event"])).collect::<Vec<_>>()
    };
    assert_eq!(
        events("").await,
        [
            "member_set",
            "password_set",
            "person_added",
            "set_up",
            "definitions_applied",
            "token_created"
        ]
    );
    assert_eq!(events("?actor=bob").await, ["password_set"]);
    assert_eq!(events(&format!("?actor={}", bob.id)).await, ["password_set"]);
    assert_eq!(events("?subject=team%20shop").await, ["member_set"]);
    let unknown = ada.ask(&server, "GET", "/api/v1/audit?actor=eve");
    assert_eq!(refused(unknown).await, (422, "unknown_actor".to_owned()));

    let first = async || {
        let log = answer(ada.ask(&server, "GET", "/api/v1/audit?subject=team%20shop")).await.1;
        log["items"][0].clone()
    };
    let line = first().await;
    assert_eq!([&line["actor"], &line["actor_kind"]], ["ada", "person"]);
    assert_eq!(line["message"], "bob is editor of the team shop");
    let erase = ada.ask(&server, "DELETE", &format!("/api/v1/people/{}", bob.id));
    assert_eq!(status(erase).await, StatusCode::NO_CONTENT);
    let message = text(&first().await["message"]);
    assert_eq!(message, format!("{} is editor of the team shop", bob.id));
}

#[tokio::test]
async fn a_live_view_ends_within_a_second_of_its_token() {
    let server = TestServer::start().await;
    let (_, token) = server.post("/api/v1/tokens", json!({"name": "tv", "role": "viewer"})).await;
    let live = server.anonymous("GET", "/api/v1/events").bearer_auth(text(&token["secret"]));
    let mut live = live.send().await.unwrap();
    assert!(live.chunk().await.unwrap().unwrap().starts_with(b"event: hello"));
    let path = format!("/api/v1/tokens/{}", text(&token["id"]));
    assert_eq!(status(server.request("DELETE", &path)).await, StatusCode::NO_CONTENT);
    let ended = async { while live.chunk().await.unwrap().is_some() {} };
    let passes = async {
        loop {
            server.site.clock.advance(SignedDuration::from_secs(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = ended => {}
        () = passes => {}
    }
}
