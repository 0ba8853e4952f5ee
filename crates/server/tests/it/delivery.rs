//! Delivery: what is owed reaches a real receiver, signed, at least once, or is given up with a
//! reason. What is owed was left by a process before: the outbox survives it.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::alert::{Alert, Evidence, Kind, Phase, Transition};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::AlertId;
use plimsoll_domain::notify::{ChannelName, Notification};
use plimsoll_domain::slo::burn::Severity;
use plimsoll_store::{Effects, Location, Records, Write};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::it::harness::{Site, TestServer, serve, start};

/// The secret's bytes, and its text.
const KEY: &[u8] = b"a signing key of 24 byte";

/// A webhook's receiver.
#[derive(Clone, Default)]
pub(crate) struct Inbox(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    answers: Vec<StatusCode>,
    messages: Vec<(HeaderMap, Bytes)>,
}

impl Inbox {
    /// Gives these answers in turn, then 204.
    pub(crate) fn answering(answers: &[u16]) -> Self {
        let inbox = Self::default();
        inbox.answer_with(answers);
        inbox
    }

    /// The same from now on.
    pub(crate) fn answer_with(&self, answers: &[u16]) {
        self.0.lock().unwrap().answers =
            answers.iter().rev().map(|status| StatusCode::from_u16(*status).unwrap()).collect();
    }

    /// The text of the secret that its messages are signed with.
    pub(crate) fn secret() -> String {
        format!("whsec_{}\n", STANDARD.encode(KEY))
    }

    pub(crate) async fn open(&self) -> String {
        let inbox = self.clone();
        let take = async move |headers: HeaderMap, body: Bytes| {
            let mut kept = inbox.0.lock().unwrap();
            kept.messages.push((headers, body));
            (kept.answers.pop().unwrap_or(StatusCode::NO_CONTENT), "said the inbox")
        };
        serve(axum::Router::new().route("/hook", post(take))).await.0 + "/hook"
    }

    /// What came, each message's signature checked.
    pub(crate) fn messages(&self) -> Vec<(String, Value)> {
        let kept = self.0.lock().unwrap();
        kept.messages.iter().map(|(headers, body)| (verify(headers, body), read(body))).collect()
    }
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}

/// Checks a signature as a receiver would; returns the message's id.
fn verify(headers: &HeaderMap, body: &[u8]) -> String {
    let header = |name| headers[name].to_str().unwrap();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    assert_eq!(header("idempotency-key"), id);
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    let signature = STANDARD.decode(header("webhook-signature").strip_prefix("v1,").unwrap());
    mac.verify_slice(&signature.unwrap()).unwrap();
    id.to_owned()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn alert() -> Alert {
    Alert {
        id: AlertId::fresh(0, [1; 10]),
        ordinal: 1,
        kind: Kind::Burn,
        slo: name("checkout-availability"),
        service: name("checkout"),
        severity: Severity::Page,
        phase: Phase::Firing,
        opened_at: start(),
        firing_since: start(),
        escalated_at: None,
        closed_at: None,
        ending: None,
        transitions: 1,
        bad_since: None,
        evidence: Evidence {
            summary: "5 % of requests failed".to_owned(),
            arms: Vec::new(),
            budget_remaining: Some(0.4),
            watermark: Some(start()),
        },
    }
}

/// A server that owes one notification to a receiver at `url`.
async fn owing(url: &str) -> TestServer {
    owing_since(url, start()).await
}

/// The same, owed since then.
async fn owing_since(url: &str, since: Timestamp) -> TestServer {
    let site = Site::new();
    let secret = format!("whsec_{}\n", STANDARD.encode(KEY));
    let secret = site.file("secret", &secret).display().to_string();
    std::fs::create_dir_all(&site.config.data).unwrap();
    let location = Location::Sqlite(site.config.data.join("records.db"));
    let records = Records::open(&location).await.unwrap();
    let scope = records.organisation(site.world.fresh(start()), start()).await.unwrap();
    let alert = alert();
    let owed = Notification::new(
        &alert,
        Transition::Opened,
        &name("everyone"),
        &ChannelName::Webhook,
        since,
    );
    let writes = vec![Write::Alert { expected: None, alert }, Write::Owe(owed)];
    records.commit(Effects { scope, writes, reads: Vec::new() }).await.unwrap();
    records.close().await;
    let server = site.start().await;
    server
        .apply(&format!(
            "apiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {{name: everyone}}\n\
             spec:\n  default: true\n  webhook:\n    url: \"{url}\"\n    secret: {{file: \"{secret}\"}}\n"
        ))
        .await;
    server
}

async fn log(server: &TestServer) -> Value {
    let page = server.get(&format!("/api/v1/notifications?alert={}", alert().id)).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    page["items"][0].clone()
}

async fn timeline(server: &TestServer) -> Vec<String> {
    let alert = server.get(&format!("/api/v1/alerts/{}", alert().id)).await;
    let entries = alert.get("timeline").and_then(Value::as_array).cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["event"].as_str().unwrap().to_owned()).collect()
}

fn outcomes(log: &Value) -> Vec<&str> {
    let attempts = log["attempts"].as_array().unwrap();
    attempts.iter().map(|attempt| attempt["outcome"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn invariant_8_what_is_owed_is_delivered_signed_though_no_telemetry_arrives() {
    let inbox = Inbox::default();
    let server = owing(&inbox.open().await).await;
    server.advance(SignedDuration::ZERO).await;
    let messages = inbox.messages();
    let [(id, message)] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!(message["type"], "alert.opened");
    assert_eq!(message["data"]["severity"], "page");
    let alert = message["data"]["alert"].as_str().unwrap();
    assert_eq!(message["data"]["url"], format!("http://plimsoll.test/alerts/{alert}"));
    assert_eq!(message["data"]["slo_url"], "http://plimsoll.test/slos/checkout-availability");

    let log = log(&server).await;
    assert_eq!((&log["id"], &log["state"]), (&json!(id), &json!("accepted")));
    assert_eq!(outcomes(&log), ["accepted"]);
    assert_eq!(timeline(&server).await, ["notified"]);
    server.advance(SignedDuration::from_mins(5)).await;
    assert_eq!(inbox.messages().len(), 1);
}

#[tokio::test]
async fn invariant_8_what_is_owed_is_delivered_while_history_cannot_be_sealed() {
    let inbox = Inbox::default();
    let server = owing(&inbox.open().await).await;
    let database = server.site.config.data.join("records.db");
    let url = format!("sqlite://{}", database.display());
    let database = sea_orm::Database::connect(url).await.unwrap();
    for table in ["seal", "seal_head"] {
        database.execute_unprepared(&format!("DROP TABLE {table}")).await.unwrap();
    }
    server.advance(SignedDuration::from_secs(20)).await;
    assert_eq!(inbox.messages().len(), 1);
    assert_eq!(timeline(&server).await, ["notified"]);
    let text = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
    let failures = text.lines().find(|line| line.starts_with("plimsoll_sealing_failures_total "));
    assert!(failures.is_some_and(|line| !line.ends_with(" 0")), "{failures:?}");
}

#[tokio::test]
async fn a_receiver_that_fails_is_tried_again_with_the_same_id() {
    let inbox = Inbox::answering(&[500, 429]);
    let server = owing(&inbox.open().await).await;
    server.advance(SignedDuration::ZERO).await;
    let pending = log(&server).await;
    assert_eq!((&pending["state"], inbox.messages().len()), (&json!("pending"), 1));
    assert!(pending["next_attempt_at"].as_str().unwrap() > "2026-11-20T06:00:00.4Z");
    assert!(timeline(&server).await.is_empty());

    server.advance(SignedDuration::from_secs(10)).await;
    let messages = inbox.messages();
    assert_eq!(messages.len(), 3);
    assert!(messages.iter().all(|message| *message == messages[0]));
    let log = log(&server).await;
    assert_eq!(
        (&log["state"], outcomes(&log)),
        (&json!("accepted"), vec!["failed", "failed", "accepted"])
    );
    assert_eq!(timeline(&server).await, ["notified"]);
}

#[tokio::test]
async fn a_refusal_is_final_and_says_why() {
    let inbox = Inbox::answering(&[410]);
    let server = owing(&inbox.open().await).await;
    server.advance(SignedDuration::from_mins(5)).await;
    assert_eq!(inbox.messages().len(), 1);
    let log = log(&server).await;
    assert_eq!(log["state"], "undeliverable");
    assert_eq!(log["reason"], "the receiver answered 410: said the inbox");
    assert_eq!(timeline(&server).await, ["undeliverable"]);
}

#[tokio::test]
async fn after_a_day_of_failures_it_is_given_up_and_the_balance_holds() {
    // A port that nothing listens on: it was free a moment ago and is ours to close.
    let (closed, serving) = serve(axum::Router::new()).await;
    serving.abort();
    assert!(serving.await.is_err());
    let nearly_a_day_ago = start() - SignedDuration::from_hours(24) + SignedDuration::from_secs(20);
    let server = owing_since(&format!("{closed}/hook"), nearly_a_day_ago).await;
    server.advance(SignedDuration::from_mins(1)).await;
    let log = log(&server).await;
    assert_eq!(log["state"], "undeliverable");
    assert!(log["reason"].as_str().unwrap().starts_with("no success in 24 h"), "{log}");
    assert!(outcomes(&log).len() >= 4 && !outcomes(&log).contains(&"accepted"), "{log}");
    let metrics = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
    for line in ["owed\"} 1", "accepted\"} 0", "undeliverable\"} 1", "pending\"} 0"] {
        let line = format!("plimsoll_notifications{{outcome=\"{line}");
        assert!(metrics.contains(&line), "{line}\n{metrics}");
    }
}

/// With some providers, who knows the URL may post: it stands in a file, and is shown to nobody.
#[tokio::test]
async fn a_url_that_is_kept_as_a_secret_is_posted_to_and_never_shown() {
    let inbox = Inbox::default();
    let server = owing("http://169.254.169.254/latest").await;
    let hook = inbox.open().await;
    let secret = server.site.file("signing", &Inbox::secret()).display().to_string();
    let (closed, serving) = serve(axum::Router::new()).await;
    serving.abort();
    assert!(serving.await.is_err());
    let (file, refused) = ("url", "refused");
    for (kept, outcome, said) in [
        ("hunter2", "failed", "holds no http or https URL with a host"),
        (&*format!("{closed}/hunter2"), "failed", refused),
        (&hook, "accepted", ""),
    ] {
        let place = server.site.file(file, &format!("{kept}\n")).display().to_string();
        server
            .apply(&format!(
                "apiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {{name: everyone}}\nspec:\n  \
                 default: true\n  webhook:\n    urlFrom: {{file: \"{place}\"}}\n    secret: {{file: \
                 \"{secret}\"}}\n"
            ))
            .await;
        let receivers = server.get("/api/v1/receivers").await;
        let channel = &receivers["items"][0]["channels"][0];
        assert_eq!(channel["target"], format!("the URL in the file `{place}`"));
        server.advance(SignedDuration::from_secs(30)).await;
        let log = log(&server).await;
        let last = log["attempts"].as_array().unwrap().last().unwrap();
        assert_eq!(last["outcome"], outcome, "{log}");
        assert!(last["message"].as_str().unwrap_or_default().contains(said), "{log}");
        for shown in [&log, &server.get("/api/v1/receivers").await] {
            let shown = shown.to_string();
            assert!(!shown.contains("hunter2") && !shown.contains("/hook"), "{shown}");
        }
    }
    assert_eq!(inbox.messages().len(), 1);
}

#[tokio::test]
async fn an_address_that_configuration_does_not_allow_is_never_called() {
    let server = owing("http://169.254.169.254/latest").await;
    server.advance(SignedDuration::ZERO).await;
    let log = log(&server).await;
    let message = log["attempts"][0]["message"].as_str().unwrap();
    assert!(message.contains("never called"), "{message}");
}

/// Anyone may ask, and each time counts all that was ever owed.
#[tokio::test]
async fn the_balance_that_anyone_may_see_is_counted_once_in_a_few_seconds() {
    let inbox = Inbox::answering(&[500]);
    let server = owing(&inbox.open().await).await;
    let accepted = async || {
        let text = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
        let line = text.lines().find(|line| line.contains("outcome=\"accepted\"")).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(accepted().await, "0");
    server.advance(SignedDuration::from_secs(4)).await;
    assert_eq!((inbox.messages().len(), &*accepted().await), (2, "0"));
    server.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(accepted().await, "1");
}

/// A machine that booted a day ahead, and whose clock was put right before it started again.
#[tokio::test]
async fn what_a_clock_ahead_owed_is_delivered_at_once_and_tried_again_in_time() {
    let inbox = Inbox::answering(&[500, 500, 500]);
    let tomorrow = start() + SignedDuration::from_hours(24);
    let server = owing_since(&inbox.open().await, tomorrow).await;
    server.advance(SignedDuration::ZERO).await;
    assert_eq!(inbox.messages().len(), 1);
    server.advance(SignedDuration::from_secs(30)).await;
    assert_eq!(inbox.messages().len(), 4);
    let log = log(&server).await;
    assert_eq!(outcomes(&log), ["failed", "failed", "failed", "accepted"]);
}
