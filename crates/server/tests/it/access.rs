//! Setup, sign-in, sessions, tokens, and pages of other sites.

use plimsoll_domain::access::Role;
use plimsoll_domain::id::{OrgId, PersonId};
use plimsoll_store::{Effects, Location, Person, Records, Write};
use reqwest::header::{COOKIE, ORIGIN, RETRY_AFTER, SET_COOKIE};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::json;

use crate::it::harness::{TestServer, answer, start};

const PASSWORD: &str = "four random words here";

fn code(server: &TestServer) -> String {
    let url = server.app.setup_url().unwrap();
    url.strip_prefix("http://plimsoll.test/setup?code=").unwrap().to_owned()
}

fn set_up(server: &TestServer, code: &str) -> RequestBuilder {
    let body = json!({"code": code, "name": "ada", "password": PASSWORD});
    server.anonymous("POST", "/api/v1/setup").json(&body)
}

fn sign_in(server: &TestServer, name: &str, password: &str) -> RequestBuilder {
    let body = json!({"name": name, "password": password});
    server.anonymous("POST", "/api/v1/session").json(&body)
}

fn cookie(response: &Response) -> String {
    let set = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

/// The cookie of the device that signed in.
fn device(response: &Response) -> String {
    let mut set = response.headers().get_all(SET_COOKIE).iter().map(|set| set.to_str().unwrap());
    let set = set.find(|set| set.starts_with("plimsoll_device=")).unwrap();
    assert!(set.contains("HttpOnly") && set.contains("Path=/api/v1/session;"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_setup_link_sets_the_first_password_once() {
    let server = TestServer::start().await;
    let state = |server: &TestServer| answer(server.anonymous("GET", "/api/v1/session/state"));
    assert_eq!(state(&server).await.1, json!({"needs_setup": true}));

    let (status, problem) = answer(set_up(&server, "guess")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthenticated")));
    let response = set_up(&server, &code(&server)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let cookie = cookie(&response);

    assert_eq!(state(&server).await.1, json!({"needs_setup": false}));
    let me = server.anonymous("GET", "/api/v1/me").header(COOKIE, &cookie);
    let me = answer(me).await.1;
    assert!(me["id"].as_str().unwrap().starts_with("per_"), "{me}");
    assert_eq!([&me["name"], &me["kind"], &me["role"]], ["ada", "person", "admin"]);
    assert_eq!((&me["teams"], me.get("scopes")), (&json!([]), None));
    // An old cookie is no obstacle to signing in again.
    let again = sign_in(&server, "ada", PASSWORD).header(COOKIE, &cookie);
    assert_eq!(answer(again).await.0, StatusCode::NO_CONTENT);
    let (status, _) = answer(set_up(&server, &code(&server))).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

/// Offered by one replica while the link of another was used.
#[tokio::test]
async fn a_link_that_was_offered_too_late_makes_no_second_first_person() {
    let server = TestServer::start().await;
    let database = server.site.config.data.join("records.db");
    let records = Records::open(&Location::Sqlite(database)).await.unwrap();
    let scope = records.organisation(OrgId::fresh(1, [1; 10]), start()).await.unwrap();
    let person = Person {
        id: PersonId::fresh(2, [2; 10]),
        name: "bob".to_owned(),
        role: Role::Admin,
        password_hash: "set elsewhere".to_owned(),
        created_at: start(),
    };
    let made = Write::Person { expected: None, person, at: start(), salt: [3; 32] };
    records.commit(Effects::new(scope).write(made)).await.unwrap();

    let (status, problem) = answer(set_up(&server, &code(&server))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("already_set_up")));
    let people = records.people(scope).await.unwrap();
    assert_eq!(people.iter().map(|person| &*person.name).collect::<Vec<_>>(), ["bob"]);
    records.close().await;
}

#[tokio::test]
async fn a_short_password_is_refused_with_a_hint_and_the_link_still_works() {
    let server = TestServer::start().await;
    let body = json!({"code": code(&server), "name": "ada", "password": "short"});
    let (status, problem) = answer(server.anonymous("POST", "/api/v1/setup").json(&body)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["code"], "password_too_short");
    assert!(problem["hint"].is_string());
    let response = set_up(&server, &code(&server)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_by_time() {
    let server = TestServer::start().await;
    set_up(&server, &code(&server)).send().await.unwrap();
    let open = async || cookie(&sign_in(&server, "ada", PASSWORD).send().await.unwrap());
    let me = async |cookie: &str| {
        answer(server.anonymous("GET", "/api/v1/me").header(COOKIE, cookie)).await.0
    };
    let (first, second) = (open().await, open().await);
    let out = server.anonymous("DELETE", "/api/v1/session").header(COOKIE, &first);
    let (status, _) = answer(out.header("x-plimsoll-csrf", "1")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(me(&first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&second).await, StatusCode::OK);
    server.site.clock.advance(jiff::SignedDuration::from_hours(7 * 24));
    assert_eq!(me(&second).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_for_known_and_unknown_names_alike() {
    let server = TestServer::start().await;
    set_up(&server, &code(&server)).send().await.unwrap();
    for name in ["ada", "nobody"] {
        for _ in 0..5 {
            let (status, problem) = answer(sign_in(&server, name, "wrong password")).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
            assert_eq!(problem["title"], "the name or the password is wrong");
        }
        let response = sign_in(&server, name, PASSWORD).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(response.headers().contains_key(RETRY_AFTER));
    }
    server.site.clock.advance(jiff::SignedDuration::from_secs(2));
    let response = sign_in(&server, "ada", PASSWORD).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

/// Somebody guesses at a name; its owner comes in all the same, from where they were in before.
#[tokio::test]
async fn who_guesses_at_a_name_keeps_its_owner_out_of_no_device_they_know() {
    let server = TestServer::start().await;
    let ada = device(&set_up(&server, &code(&server)).send().await.unwrap());
    let bob = json!({"name": "bob", "role": "viewer"});
    let (_, made) = server.post("/api/v1/people", bob).await;
    let (_, link) = made["link"]["url"].as_str().unwrap().rsplit_once("code=").unwrap();
    let given = json!({"code": link, "password": PASSWORD});
    let request = server.anonymous("POST", "/api/v1/password").json(&given);
    let bobs = device(&request.send().await.unwrap());
    let tried = async |password: &str, device: Option<&str>| {
        let request = sign_in(&server, "ada", password);
        let request = device.into_iter().fold(request, |request, it| request.header(COOKIE, it));
        request.send().await.unwrap()
    };
    for _ in 0..5 {
        assert_eq!(tried("a guess of somebody", None).await.status(), StatusCode::UNAUTHORIZED);
    }
    let forged = ada.replace('.', "x.");
    for device in [None, Some(&*bobs), Some(&*forged), Some("plimsoll_device=x")] {
        let status = tried(PASSWORD, device).await.status();
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{device:?}");
    }
    let response = tried(PASSWORD, Some(&ada)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(device(&response), ada, "it stays the device it is");
    // It is no way to guess faster.
    for _ in 0..5 {
        assert_eq!(tried("a guess at home", Some(&ada)).await.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(tried(PASSWORD, Some(&ada)).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let server = TestServer::start().await;
    let response = set_up(&server, &code(&server)).send().await.unwrap();
    let cookie = cookie(&response);
    let make = |csrf: Option<&str>, origin: Option<&str>| {
        let request = server.anonymous("POST", "/api/v1/tokens").header(COOKIE, &cookie);
        let request = csrf.into_iter().fold(request, |r, value| r.header("x-plimsoll-csrf", value));
        let request = origin.into_iter().fold(request, |r, value| r.header(ORIGIN, value));
        answer(request.json(&json!({"name": "ci", "role": "responder"})))
    };
    for (csrf, origin) in
        [(None, None), (Some("1"), Some("http://evil.test")), (Some("1"), Some("null"))]
    {
        let (status, problem) = make(csrf, origin).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("cross_site")));
    }
    assert_eq!(make(Some("1"), None).await.0, StatusCode::CREATED);
    assert_eq!(make(Some("1"), Some(&server.url)).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn a_revoked_token_is_no_longer_known_and_its_secret_is_shown_once() {
    let server = TestServer::start().await;
    let (_, token) = server.post("/api/v1/tokens", json!({"name": "ci", "role": "viewer"})).await;
    let secret = token["secret"].as_str().unwrap();
    let me = async || answer(server.anonymous("GET", "/api/v1/me").bearer_auth(secret)).await;
    let asked = me().await.1;
    assert_eq!([&asked["name"], &asked["kind"], &asked["role"]], ["ci", "token", "viewer"]);
    assert_eq!(asked["id"], token["id"]);

    let id = token["id"].as_str().unwrap();
    let (status, _) = answer(server.request("DELETE", &format!("/api/v1/tokens/{id}"))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(me().await.0, StatusCode::UNAUTHORIZED);
    let list = server.get("/api/v1/tokens").await;
    let listed = list["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
    assert!(listed["revoked_at"].is_string() && listed.get("secret").is_none(), "{listed}");
}

#[tokio::test]
async fn a_role_that_is_none_is_refused_with_those_that_are() {
    let server = TestServer::start().await;
    let (status, problem) =
        server.post("/api/v1/tokens", json!({"name": "ci", "role": "root"})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("unknown_role"))
    );
}
