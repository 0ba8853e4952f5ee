//! Signed webhooks in: who signs is a principal like others; each message is taken as its sender
//! wrote it, within five minutes, and once.

use jiff::SignedDuration;
use plimsoll_server::world::Clock as _;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::it::harness::{TestServer, answer};
use crate::it::replicas::two;

const DEPLOYMENTS: &str = "/api/v1/deployments";

const SERVICES: &str = "
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

/// A sender, as it keeps what it was told.
pub(crate) struct Sender {
    pub(crate) id: String,
    secret: Vec<u8>,
}

/// A message before it is sent: what is signed, and what is sent of it.
#[derive(Clone)]
struct Message {
    id: String,
    timestamp: String,
    body: Vec<u8>,
    signature: String,
}

impl Sender {
    pub(crate) async fn make(server: &TestServer, new: Value) -> Self {
        let (status, made) = server.post("/api/v1/webhooks", new).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        Self::of(&made)
    }

    fn of(made: &Value) -> Self {
        let secret = made["secret"].as_str().unwrap();
        Self { id: made["id"].as_str().unwrap().to_owned(), secret: signing::key(secret) }
    }

    fn signature(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        signing::sign(&self.secret, id, timestamp, body)
    }

    fn message(&self, server: &TestServer, id: &str, body: &Value) -> Message {
        self.message_at(server, id, body, SignedDuration::ZERO)
    }

    /// Signed so long from now.
    fn message_at(
        &self,
        server: &TestServer,
        id: &str,
        body: &Value,
        apart: SignedDuration,
    ) -> Message {
        let timestamp = (server.site.clock.now() + apart).as_second().to_string();
        let body = body.to_string().into_bytes();
        let signature = self.signature(id, &timestamp, &body);
        Message { id: id.to_owned(), timestamp, body, signature }
    }

    fn request(&self, server: &TestServer, path: &str, message: &Message) -> RequestBuilder {
        server
            .anonymous("POST", &format!("{path}?webhook={}", self.id))
            .header("content-type", "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", &message.timestamp)
            .header("webhook-signature", &message.signature)
            .body(message.body.clone())
    }

    async fn send(&self, server: &TestServer, message: &Message) -> (StatusCode, Value) {
        answer(self.request(server, DEPLOYMENTS, message)).await
    }

    /// A request of any method, signed.
    pub(crate) fn signed(
        &self,
        server: &TestServer,
        (method, path): (&str, &str),
        number: u32,
    ) -> RequestBuilder {
        let message = self.message(server, &format!("n{number}"), &json!({}));
        server
            .anonymous(method, &format!("{path}?webhook={}", self.id))
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", &message.timestamp)
            .header("webhook-signature", self.signature(&message.id, &message.timestamp, b""))
    }
}

/// The other side of what is tested, written by the specification.
mod signing {
    use aws_lc_rs::hmac;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    pub(super) fn key(secret: &str) -> Vec<u8> {
        STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap()
    }

    pub(super) fn sign(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let content = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, &content)))
    }
}

fn deployment(service: &str) -> Value {
    json!({"service": service, "environment": "production", "artifact": "sha256:1",
        "version": "1", "class": "feature"})
}

fn ci() -> Value {
    json!({"name": "ci", "scopes": ["record_deployment"]})
}

async fn furnished() -> TestServer {
    let server = TestServer::start().await;
    server.apply(SERVICES).await;
    server
}

async fn deployments(server: &TestServer) -> usize {
    server.get(DEPLOYMENTS).await["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_signed_message_records_a_deployment_by_its_sender() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let (status, made) =
        sender.send(&server, &sender.message(&server, "m1", &deployment("cart"))).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(made["recorded_by"], "webhook:ci");
    let (status, me) = answer(sender.signed(&server, ("GET", "/api/v1/me"), 0)).await;
    assert_eq!((status, &me["kind"]), (StatusCode::OK, &json!("webhook")), "{me}");
    let audit = server.get("/api/v1/audit?limit=1").await;
    assert_eq!(audit["items"][0]["event"], "webhook_created");
    assert_eq!(
        audit["items"][0]["message"],
        "the webhook sender \"ci\" was made: record_deployment"
    );
    let listed = server.get("/api/v1/webhooks").await;
    assert_eq!(listed["items"][0]["secret"], Value::Null, "shown once");
}

#[tokio::test]
async fn no_byte_of_a_signed_message_can_be_another() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let good = sender.message(&server, "m1", &deployment("cart"));
    let flip = |text: &str, at: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] ^= 1;
        String::from_utf8(bytes).unwrap()
    };
    let mut bad = Vec::new();
    for at in 0..good.body.len() {
        let mut body = good.body.clone();
        body[at] ^= 1;
        bad.push(Message { body, ..good.clone() });
    }
    for at in 0..good.timestamp.len() {
        bad.push(Message { timestamp: flip(&good.timestamp, at), ..good.clone() });
    }
    for at in 0..good.id.len() {
        bad.push(Message { id: flip(&good.id, at), ..good.clone() });
    }
    for at in 0..good.signature.len() {
        bad.push(Message { signature: flip(&good.signature, at), ..good.clone() });
    }
    assert!(bad.len() > 150, "{}", bad.len());
    for message in &bad {
        let (status, problem) = sender.send(&server, message).await;
        let told = (status, problem["code"].as_str());
        assert_eq!(told, (StatusCode::UNAUTHORIZED, Some("unauthenticated")), "{problem}");
    }
    assert_eq!(deployments(&server).await, 0);
    assert_eq!(sender.send(&server, &good).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn what_is_no_signed_message_is_refused() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let other = Sender::make(&server, ci()).await;
    let good = sender.message(&server, "m1", &deployment("cart"));
    let with = |change: &dyn Fn(&mut Message)| {
        let mut message = good.clone();
        change(&mut message);
        message
    };
    let huge = "v1,".to_owned() + &"A".repeat(4_000);
    let cases = [
        with(&|m| m.signature = String::new()),
        with(&|m| m.signature = huge.clone()),
        with(&|m| m.signature = m.signature.replace("v1,", "v1a,")),
        with(&|m| m.signature = m.signature.replace("v1,", "")),
        with(&|m| m.id = "a.b".to_owned()),
        with(&|m| m.id = "x".repeat(256)),
        with(&|m| m.timestamp = "soon".to_owned()),
        with(&|m| m.timestamp = "9".repeat(300)),
        with(&|m| m.timestamp = format!("-{}", m.timestamp)),
        with(&|m| m.body = Vec::new()),
    ];
    for (number, message) in cases.iter().enumerate() {
        assert_eq!(sender.send(&server, message).await.0, StatusCode::UNAUTHORIZED, "{number}");
    }
    // Of another sender, of none, of two; and with a header twice.
    assert_eq!(other.send(&server, &good).await.0, StatusCode::UNAUTHORIZED);
    let plain = |query: &str| {
        let request = server.anonymous("POST", &format!("{DEPLOYMENTS}{query}"));
        request
            .header("content-type", "application/json")
            .header("webhook-id", &good.id)
            .header("webhook-timestamp", &good.timestamp)
            .header("webhook-signature", &good.signature)
            .body(good.body.clone())
    };
    let twice = format!("?webhook={0}&webhook={0}", sender.id);
    for query in ["", "?webhook=", "?webhook=ci", &twice] {
        assert_eq!(answer(plain(query)).await.0, StatusCode::UNAUTHORIZED, "{query}");
    }
    let doubled = sender.request(&server, DEPLOYMENTS, &good).header("webhook-id", "m1");
    assert_eq!(answer(doubled).await.0, StatusCode::UNAUTHORIZED);
    let monstrous = "v1,".to_owned() + &"A".repeat(100_000);
    let monstrous = Message { signature: monstrous, ..good.clone() };
    assert_eq!(sender.send(&server, &monstrous).await.0, StatusCode::UNAUTHORIZED);
    // A signed body that is none is signed all the same, and then no deployment.
    let empty = Message {
        body: Vec::new(),
        signature: sender.signature("m2", &good.timestamp, b""),
        id: "m2".to_owned(),
        ..good.clone()
    };
    assert_eq!(sender.send(&server, &empty).await.0, StatusCode::BAD_REQUEST);
    let large = json!({"x": "y".repeat(5 << 20)});
    let large = sender.message(&server, "m3", &large);
    assert_eq!(sender.send(&server, &large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(deployments(&server).await, 0);
}

#[tokio::test]
async fn a_message_is_taken_within_five_minutes_to_either_side() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    for (number, (seconds, taken)) in
        [(-301, false), (-300, true), (-299, true), (299, true), (300, true), (301, false)]
            .into_iter()
            .enumerate()
    {
        let apart = SignedDuration::from_secs(seconds);
        let id = format!("m{number}");
        let message = sender.message_at(&server, &id, &deployment("cart"), apart);
        let status = sender.send(&server, &message).await.0;
        let expected = if taken { StatusCode::CREATED } else { StatusCode::UNAUTHORIZED };
        assert_eq!(status, expected, "{seconds}");
    }
    // The same message, once it has become too old.
    let message = sender.message(&server, "old", &deployment("cart"));
    server.site.clock.set(server.site.clock.now() + SignedDuration::from_secs(301));
    assert_eq!(sender.send(&server, &message).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_message_that_comes_again_is_answered_as_it_was_and_does_nothing() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let message = sender.message(&server, "m1", &deployment("cart"));
    let first = sender.send(&server, &message).await;
    assert_eq!(first.0, StatusCode::CREATED);
    assert_eq!(sender.send(&server, &message).await, first);
    // Sent again later, as senders do: signed anew, under the same id; also after a restart.
    let server = server.restart().await;
    server.site.clock.set(server.site.clock.now() + SignedDuration::from_hours(5));
    let again = sender.message(&server, "m1", &deployment("cart"));
    assert_eq!(sender.send(&server, &again).await, first);
    assert_eq!(deployments(&server).await, 1);

    // What did not succeed did nothing, and may come again.
    let unknown = sender.message(&server, "m2", &deployment("stock"));
    assert_eq!(sender.send(&server, &unknown).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let stock = SERVICES.split("---").next().unwrap().replace("cart", "stock");
    server.apply(&stock).await;
    assert_eq!(sender.send(&server, &unknown).await.0, StatusCode::CREATED);

    // Two senders have nothing to do with each other's ids.
    let other = Sender::make(&server, ci()).await;
    let theirs = other.message(&server, "m1", &deployment("card"));
    let (status, made) = other.send(&server, &theirs).await;
    assert_eq!((status, &made["service"]), (StatusCode::CREATED, &json!("card")));
    assert_eq!(deployments(&server).await, 3);
}

#[tokio::test]
async fn another_message_under_a_known_id_is_refused_and_the_first_stands() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let message = sender.message(&server, "build-7", &deployment("cart"));
    let first = sender.send(&server, &message).await;
    assert_eq!(first.0, StatusCode::CREATED);
    let other = sender.message(&server, "build-7", &deployment("card"));
    let (status, problem) = sender.send(&server, &other).await;
    let told = (status, problem["code"].as_str());
    assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, Some("message_differs")), "{problem}");
    assert!(problem["hint"].as_str().unwrap().contains("an id of its own"), "{problem}");
    assert_eq!(sender.send(&server, &message).await, first);
    assert_eq!(deployments(&server).await, 1);

    // What did nothing leaves the id free for what was meant.
    let unknown = sender.message(&server, "build-8", &deployment("stock"));
    assert_eq!(sender.send(&server, &unknown).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let mended = sender.message(&server, "build-8", &deployment("card"));
    assert_eq!(sender.send(&server, &mended).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn an_id_names_one_message_to_each_route() {
    let server = furnished().await;
    let both = json!({"name": "ci", "scopes": ["record_deployment", "decide_release"]});
    let sender = Sender::make(&server, both).await;
    let question = json!({"service": "cart", "environment": "production", "artifact": "sha256:1",
        "class": "feature"});
    let question = sender.message(&server, "build-1", &question);
    let ask = async || answer(sender.request(&server, "/api/v1/gates/check", &question)).await;
    let decided = ask().await;
    assert_eq!(decided.0, StatusCode::OK, "{decided:?}");
    let told = sender.message(&server, "build-1", &deployment("cart"));
    let made = sender.send(&server, &told).await;
    assert_eq!(made.0, StatusCode::CREATED, "{made:?}");
    assert_eq!(ask().await, decided);
    assert_eq!(sender.send(&server, &told).await, made);
    assert_eq!(deployments(&server).await, 1);
}

#[tokio::test]
async fn of_messages_that_come_at_once_one_is_worked_on() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let message = sender.message(&server, "m1", &deployment("cart"));
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..8 {
        all.spawn(answer(sender.request(&server, DEPLOYMENTS, &message)));
    }
    let answers = all.join_all().await;
    let made = answers.iter().filter(|(status, _)| *status == StatusCode::CREATED);
    let ids: std::collections::BTreeSet<_> = made.map(|(_, body)| body["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    let others = answers.iter().filter(|(status, _)| *status != StatusCode::CREATED);
    for (status, problem) in others {
        let told = (*status, problem["code"].as_str());
        assert_eq!(told, (StatusCode::CONFLICT, Some("message_in_progress")));
    }
    assert_eq!(deployments(&server).await, 1);
}

#[tokio::test]
async fn two_secrets_are_taken_while_one_replaces_the_other() {
    let server = furnished().await;
    let old = Sender::make(&server, ci()).await;
    let rotate = format!("/api/v1/webhooks/{}/rotate", old.id);
    let (status, made) = server.post(&rotate, json!({"overlap_hours": 2})).await;
    assert_eq!((status, &made["generation"]), (StatusCode::OK, &json!(2)), "{made}");
    let new = Sender::of(&made);
    assert_ne!(old.secret, new.secret);
    let sent = async |sender: &Sender, id: &str| {
        sender.send(&server, &sender.message(&server, id, &deployment("cart"))).await.0
    };
    assert_eq!(sent(&old, "m1").await, StatusCode::CREATED);
    assert_eq!(sent(&new, "m2").await, StatusCode::CREATED);
    // As the specification has it: one message with the signatures of both.
    let mut both = new.message(&server, "m3", &deployment("cart"));
    let older = old.signature(&both.id, &both.timestamp, &both.body);
    both.signature = format!("v1a,x {older} {}", both.signature);
    assert_eq!(new.send(&server, &both).await.0, StatusCode::CREATED);
    server.site.clock.set(server.site.clock.now() + SignedDuration::from_hours(3));
    assert_eq!(sent(&old, "m4").await, StatusCode::UNAUTHORIZED);
    assert_eq!(sent(&new, "m5").await, StatusCode::CREATED);
    // At once, and of two rotations only the last one's predecessor.
    let (_, made) = server.post(&rotate, json!({"overlap_hours": 0})).await;
    let newest = Sender::of(&made);
    assert_eq!(sent(&new, "m6").await, StatusCode::UNAUTHORIZED);
    assert_eq!(sent(&newest, "m7").await, StatusCode::CREATED);
    let (status, problem) = server.post(&rotate, json!({"overlap_hours": 169})).await;
    let told = (status, problem["code"].as_str());
    assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, Some("invalid_overlap")));
}

#[tokio::test]
async fn a_revoked_or_expired_sender_is_refused_at_once() {
    let server = furnished().await;
    let sender = Sender::make(&server, ci()).await;
    let until = server.site.clock.now() + SignedDuration::from_mins(10);
    let brief = json!({"name": "brief", "scopes": ["record_deployment"], "expires_at": until});
    let brief = Sender::make(&server, brief).await;
    let sent = async |sender: &Sender, id: &str| {
        sender.send(&server, &sender.message(&server, id, &deployment("cart"))).await.0
    };
    assert_eq!(sent(&sender, "m1").await, StatusCode::CREATED);
    assert_eq!(sent(&brief, "m1").await, StatusCode::CREATED);
    let path = format!("/api/v1/webhooks/{}", sender.id);
    for _ in 0..2 {
        let revoked = server.request("DELETE", &path).send().await.unwrap();
        assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
        assert_eq!(sent(&sender, "m2").await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(sent(&sender, "m1").await, StatusCode::UNAUTHORIZED, "nor is it answered again");
    let (status, problem) = server.post(&format!("{path}/rotate"), json!({})).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("revoked")));
    server.site.clock.set(until);
    assert_eq!(sent(&brief, "m2").await, StatusCode::UNAUTHORIZED);
    let states = server.get("/api/v1/webhooks").await;
    let states = states["items"].as_array().unwrap().iter().map(|item| item["state"].clone());
    assert_eq!(states.collect::<Vec<_>>(), ["revoked", "expired"]);
}

#[tokio::test]
async fn a_sender_of_a_team_acts_for_what_the_team_owns() {
    let server = furnished().await;
    let new = json!({"name": "shop", "scopes": ["record_deployment"], "team": "shop"});
    let sender = Sender::make(&server, new).await;
    let sent = async |id: &str, service: &str| {
        sender.send(&server, &sender.message(&server, id, &deployment(service))).await.0
    };
    assert_eq!(sent("m1", "cart").await, StatusCode::CREATED);
    assert_eq!(sent("m2", "card").await, StatusCode::FORBIDDEN);
    let question = json!({"service": "cart", "environment": "production", "artifact": "sha256:1",
        "class": "feature"});
    let message = sender.message(&server, "m3", &question);
    let asked = sender.request(&server, "/api/v1/gates/check", &message);
    assert_eq!(answer(asked).await.0, StatusCode::FORBIDDEN, "its scopes are others");
    // Nobody gives away what they do not have, and a team's admin manages the team's alone.
    let token = json!({"name": "lead", "role": "admin", "team": "shop"});
    let (_, lead) = server.post("/api/v1/tokens", token).await;
    let lead = lead["secret"].as_str().unwrap();
    let make = async |new: Value| {
        let request = server.anonymous("POST", "/api/v1/webhooks").bearer_auth(lead);
        answer(request.json(&new)).await.0
    };
    assert_eq!(make(ci()).await, StatusCode::FORBIDDEN);
    let theirs = json!({"name": "x", "scopes": ["record_deployment"], "team": "shop"});
    assert_eq!(make(theirs).await, StatusCode::CREATED);
    for bad in [
        json!({"name": "x", "scopes": []}),
        json!({"name": "x", "scopes": ["change_definitions"]}),
        json!({"name": "", "scopes": ["record_deployment"]}),
        json!({"name": "x", "scopes": ["record_deployment"],
            "expires_at": "2020-01-01T00:00:00Z"}),
    ] {
        let (status, problem) = server.post("/api/v1/webhooks", bad.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}: {problem}");
    }
}

#[tokio::test]
async fn what_is_kept_of_a_webhook_sender_is_not_its_secret() {
    let server = furnished().await;
    let (_, made) = server.post("/api/v1/webhooks", ci()).await;
    let sender = Sender::of(&made);
    let sent = sender.send(&server, &sender.message(&server, "m1", &deployment("cart"))).await;
    assert_eq!(sent.0, StatusCode::CREATED);
    let written = made["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap().as_bytes();
    let mut looked = 0;
    for entry in std::fs::read_dir(&server.site.config.data).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        looked += bytes.len();
        for secret in [written, &sender.secret] {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{}", path.display());
        }
    }
    assert!(looked > 10_000, "{looked}");
}

#[tokio::test]
async fn what_one_replica_has_taken_the_other_knows() {
    let Some([first, second]) = two("what_one_replica_has_taken").await else { return };
    first.apply(SERVICES).await;
    second.advance(SignedDuration::from_secs(3)).await;
    first.advance(SignedDuration::from_secs(3)).await;
    let sender = Sender::make(&first, ci()).await;
    let message = sender.message(&first, "m1", &deployment("cart"));
    let made = sender.send(&first, &message).await;
    assert_eq!(made.0, StatusCode::CREATED);
    assert_eq!(sender.send(&second, &message).await, made);
    let path = format!("/api/v1/webhooks/{}", sender.id);
    assert_eq!(answer(second.request("DELETE", &path)).await.0, StatusCode::NO_CONTENT);
    let more = sender.message(&first, "m2", &deployment("cart"));
    assert_eq!(sender.send(&first, &more).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(deployments(&second).await, 1);
}
