//! E-mail: what is owed reaches a real mail server, as private as configured, once for each channel;
//! what it answers is kept; and receivers are tested and listed.

use jiff::SignedDuration;
use plimsoll_domain::notify::ChannelName;
use plimsoll_server::config::{Config, Encryption, Flags, Mail};
use plimsoll_trials::mailbox::{Mailbox, Mode};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::delivery::Inbox;
use crate::it::harness::{Site, TestServer, answer, submission};
use crate::it::outbox::{Outbox, receiver};

/// How mail is sent to `mailbox`.
fn config(mailbox: &Mailbox) -> Mail {
    let file = mailbox.path("plimsoll.toml");
    std::fs::write(&file, mailbox.toml()).unwrap();
    Config::load(Some(&file), Flags::default()).unwrap().mail.unwrap()
}

/// A server that sends mail to `mailbox`, and owes one message to these addresses.
async fn mailing(mailbox: &Mailbox, to: &str) -> (TestServer, Outbox) {
    let mut site = Site::new();
    site.config.mail = Some(config(mailbox));
    owing(site, &receiver(&format!("  email: {{to: [{to}]}}\n"))).await
}

async fn owing(site: Site, receiver: &str) -> (TestServer, Outbox) {
    let outbox = Outbox::open(&site).await;
    let server = site.start().await;
    server.apply(receiver).await;
    outbox.opens(&[ChannelName::Email]).await;
    (server, outbox)
}

async fn log(server: &TestServer, query: &str) -> Vec<Value> {
    let page = server.get(&format!("/api/v1/notifications?{query}")).await;
    page["items"].as_array().unwrap().clone()
}

async fn only(server: &TestServer) -> Value {
    let found = log(server, "").await;
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

fn last_message(log: &Value) -> &str {
    log["attempts"].as_array().unwrap().last().unwrap()["message"].as_str().unwrap()
}

#[tokio::test]
async fn a_message_goes_out_encrypted_and_signed_in_and_the_answer_is_kept() {
    for mode in [Mode::Starttls, Mode::Tls] {
        let mailbox = Mailbox::start(mode, true);
        let (server, outbox) = mailing(&mailbox, "a@example.com, b@example.com").await;
        server.advance(SignedDuration::ZERO).await;
        let messages = mailbox.messages();
        let [message] = &messages[..] else { panic!("{messages:?} {:?}", only(&server).await) };
        assert!(message.encrypted && message.signed_in, "{message:?}");
        assert_eq!(message.from, "plimsoll@example.com");
        assert_eq!(message.to, ["a@example.com", "b@example.com"]);
        let alert = outbox.alert().id;
        assert_eq!(message.header("References"), format!("<{alert}@example.com>"));
        assert_eq!(message.header("Auto-Submitted"), "auto-generated");
        assert_eq!(message.header("Date"), "Fri, 20 Nov 2026 06:00:00 +0000");
        assert!(message.text.contains(&format!("http://plimsoll.test/alerts/{alert}")));

        let log = only(&server).await;
        assert_eq!((&log["state"], &log["channel"]), (&json!("accepted"), &json!("email")));
        assert_eq!(
            message.header("Message-ID"),
            format!("<{}@example.com>", log["id"].as_str().unwrap())
        );
        assert_eq!(last_message(&log), "250 2.0.0 Ok: queued as M1");
        let timeline = outbox.timeline(&server).await;
        assert_eq!(timeline, ["notified: everyone (email) was told: opened"]);
    }
}

#[tokio::test]
async fn an_outage_is_one_thread_and_its_end_is_told() {
    let mailbox = Mailbox::start(Mode::None, false);
    let (server, outbox) = mailing(&mailbox, "a@example.com").await;
    server.advance(SignedDuration::ZERO).await;
    outbox.closes(&[ChannelName::Email]).await;
    server.advance(SignedDuration::from_secs(5)).await;
    let messages = mailbox.messages();
    let [opened, closed] = &messages[..] else { panic!("{messages:?}") };
    assert!(!opened.encrypted && !opened.signed_in);
    assert_eq!(opened.header("References"), closed.header("In-Reply-To"));
    assert_eq!(closed.header("Subject"), format!("Re: {}", opened.header("Subject")));
    assert_ne!(opened.header("Message-ID"), closed.header("Message-ID"));
    assert!(closed.text.contains("Resolved"), "{}", closed.text);
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_is_not_as_private_as_asked() {
    let plain = Mailbox::start(Mode::None, false);
    let encrypted = Mailbox::start(Mode::Starttls, false);
    let stranger = Mailbox::start(Mode::Tls, false);
    let mut downgraded = config(&plain);
    downgraded.encryption = Encryption::Starttls;
    let mut unknown = config(&stranger);
    unknown.ca_file = None;
    let mut other_name = config(&encrypted);
    other_name.server = "127.0.0.1".to_owned();
    let tries =
        [(downgraded, "offers no STARTTLS"), (unknown, "ertificate"), (other_name, "ertificate")];
    for (mail, why) in tries {
        let mut site = Site::new();
        site.config.mail = Some(mail);
        let (server, _) = owing(site, &receiver("  email: {to: [a@example.com]}\n")).await;
        server.advance(SignedDuration::ZERO).await;
        let log = only(&server).await;
        assert_eq!(log["state"], "pending", "{log}");
        assert!(last_message(&log).contains(why), "{log}");
    }
    for mailbox in [plain, encrypted, stranger] {
        assert_eq!(mailbox.messages().len(), 0);
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_configurations_fault_and_is_tried_again() {
    let mailbox = Mailbox::start(Mode::Starttls, true);
    let (server, _) = mailing(&mailbox, "a@example.com").await;
    std::fs::write(mailbox.path("password"), "hunter2").unwrap();
    server.advance(SignedDuration::ZERO).await;
    let log = only(&server).await;
    assert_eq!(log["state"], "pending");
    assert!(last_message(&log).contains("535: signing in"), "{log}");
    assert!(!log.to_string().contains("hunter2"));
    std::fs::write(mailbox.path("password"), "a long password").unwrap();
    server.advance(SignedDuration::from_secs(2)).await;
    assert_eq!((&only(&server).await["state"], mailbox.messages().len()), (&json!("accepted"), 1));
}

#[tokio::test]
async fn a_server_that_refuses_for_good_and_one_that_asks_for_patience() {
    let mailbox = Mailbox::start(Mode::None, false);
    let tries = [
        ("refuse@example.com", "undeliverable", "550 no such user"),
        ("content@example.com", "undeliverable", "554 not in this house"),
        ("later@example.com", "pending", "the mail server answered 451: greylisted"),
        (
            "refuse@example.com, later@example.com",
            "pending",
            "the mail server answered 451: greylisted",
        ),
    ];
    for (to, state, said) in tries {
        let (server, _) = mailing(&mailbox, to).await;
        server.advance(SignedDuration::ZERO).await;
        let log = only(&server).await;
        assert_eq!((log["state"].as_str().unwrap(), last_message(&log)), (state, said), "{to}");
    }
    assert_eq!(mailbox.messages().len(), 0);
}

#[tokio::test]
async fn one_address_that_is_refused_keeps_the_message_from_nobody_else() {
    let mailbox = Mailbox::start(Mode::None, false);
    let (server, _) = mailing(&mailbox, "refuse@example.com, a@example.com").await;
    server.advance(SignedDuration::ZERO).await;
    let log = only(&server).await;
    assert_eq!(log["state"], "accepted");
    let said = "250 2.0.0 Ok: queued as M1; refused: refuse@example.com (550 no such user)";
    assert_eq!(last_message(&log), said);
    assert_eq!(mailbox.messages()[0].to, ["a@example.com"]);
}

#[tokio::test]
async fn the_inbox_of_the_configuration_stands_beside_mail_and_nothing_else() {
    let mailbox = Mailbox::start(Mode::None, false);
    let secret = Inbox::secret();
    for inbox_url in [None, Some("http://127.0.0.1:8025/")] {
        let mut site = Site::new();
        let mail = Mail { inbox_url: inbox_url.map(str::to_owned), ..config(&mailbox) };
        site.config.mail = Some(mail);
        let secret = site.file("secret", &secret).display().to_string();
        let webhook = format!("{{url: \"http://127.0.0.1:9\", secret: {{file: \"{secret}\"}}}}");
        let spec = format!("  webhook: {webhook}\n  email: {{to: [a@example.com]}}\n");
        let outbox = Outbox::open(&site).await;
        let server = site.start().await;
        server.apply(&receiver(&spec)).await;
        outbox.opens(&[ChannelName::Email, ChannelName::Webhook]).await;
        let notifications = log(&server, "").await;
        let receivers = server.get("/api/v1/receivers").await;
        let channels = receivers["items"][0]["channels"].as_array().unwrap();
        for (of, key) in [(&notifications, "channel"), (channels, "name")] {
            assert_eq!(of.len(), 2, "{of:#?}");
            for one in of {
                let expected = inbox_url.filter(|_| one[key] == "email");
                assert_eq!(one["inbox_url"].as_str(), expected, "{one}");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_a_second_copy_of_the_same_message() {
    let mailbox = Mailbox::start(Mode::None, false);
    let (server, _) = mailing(&mailbox, "vanish@example.com").await;
    server.advance(SignedDuration::from_secs(1)).await;
    let ids: Vec<_> = mailbox.messages().iter().map(|it| it.header("Message-ID")).collect();
    assert!(ids.len() >= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(only(&server).await["state"], "pending");
}

#[tokio::test]
async fn without_a_mail_server_it_is_said_where_it_is_looked_for() {
    let mailed = receiver("  email: {to: [a@example.com]}\n");
    let site = Site::new();
    let outbox = Outbox::open(&site).await;
    let server = site.start().await;
    let report = server.apply(&mailed).await;
    let codes: Vec<_> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["receiver.mail_unconfigured"]);
    outbox.opens(&[ChannelName::Email]).await;
    server.advance(SignedDuration::ZERO).await;
    let log = only(&server).await;
    assert_eq!(log["state"], "pending");
    assert!(last_message(&log).starts_with("no mail server is configured"), "{log}");
    let receivers = server.get("/api/v1/receivers").await;
    let fault = receivers["items"][0]["channels"][0]["fault"].as_str().unwrap();
    assert!(fault.starts_with("no mail server is configured"), "{receivers}");
}

/// A server that owes a message over each of three channels.
async fn owing_thrice(mailbox: &Mailbox, refusing: &Inbox, taking: &Inbox) -> (TestServer, Outbox) {
    let mut site = Site::new();
    site.config.mail = Some(config(mailbox));
    let secret = site.file("secret", &Inbox::secret()).display().to_string();
    let hook = async |inbox: &Inbox| {
        format!("url: \"{}\", secret: {{file: \"{secret}\"}}", inbox.open().await)
    };
    let spec = format!(
        "  webhook: {{{}}}\n  webhooks: [{{name: chat, {}}}]\n  email: {{to: [a@example.com]}}\n",
        hook(refusing).await,
        hook(taking).await,
    );
    let outbox = Outbox::open(&site).await;
    let server = site.start().await;
    server.apply(&receiver(&spec)).await;
    let chat: ChannelName = "webhook:chat".parse().unwrap();
    outbox.opens(&[ChannelName::Webhook, chat, ChannelName::Email]).await;
    server.advance(SignedDuration::ZERO).await;
    (server, outbox)
}

#[tokio::test]
async fn invariant_2_each_channel_is_owed_tried_and_settled_by_itself() {
    let mailbox = Mailbox::start(Mode::None, false);
    let (refusing, taking) = (Inbox::answering(&[410]), Inbox::default());
    let (server, _outbox) = owing_thrice(&mailbox, &refusing, &taking).await;
    let mut found: Vec<_> = log(&server, "")
        .await
        .iter()
        .map(|it| [&it["channel"], &it["state"]].map(|v| v.as_str().unwrap().to_owned()).join(" "))
        .collect();
    found.sort();
    assert_eq!(found, ["email accepted", "webhook undeliverable", "webhook:chat accepted"]);
    let keys = [&refusing, &taking].map(|inbox| inbox.messages()[0].0.clone());
    assert_ne!(keys[0], keys[1]);
    assert_eq!(mailbox.messages().len(), 1);
}

#[tokio::test]
async fn the_log_is_filtered_and_paged_and_receivers_are_listed_with_their_counts() {
    let mailbox = Mailbox::start(Mode::None, false);
    let (refusing, taking) = (Inbox::answering(&[410]), Inbox::default());
    let (server, _outbox) = owing_thrice(&mailbox, &refusing, &taking).await;
    assert_eq!(log(&server, "channel=email&state=accepted&receiver=everyone").await.len(), 1);
    assert_eq!(log(&server, "channel=webhook:chat&state=pending").await.len(), 0);
    assert_eq!(log(&server, "from=2026-11-20T06:00:00Z&to=2026-11-20T06:00:01Z").await.len(), 3);
    assert_eq!(log(&server, "to=2026-11-20T06:00:00Z").await.len(), 0);
    for unknown in ["channel=sms", "state=sent", "receiver=%20", "from=noon"] {
        let path = format!("/api/v1/notifications?{unknown}");
        let (status, problem) = answer(server.request("GET", &path)).await;
        assert!(status.is_client_error(), "{unknown}: {status} {problem}");
    }
    let first = server.get("/api/v1/notifications?limit=2").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = log(&server, &format!("limit=2&cursor={cursor}")).await;
    assert_eq!((first["items"].as_array().unwrap().len(), rest.len()), (2, 1));

    let receivers = server.get("/api/v1/receivers").await;
    let channels = receivers["items"][0]["channels"].as_array().unwrap();
    let counts: Vec<_> = channels
        .iter()
        .map(|it| {
            (
                it["name"].as_str().unwrap(),
                it["counts"]["owed"] == 1,
                it["last"]["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("webhook", true, "refused"),
            ("webhook:chat", true, "accepted"),
            ("email", true, "accepted")
        ]
    );
    let target = channels[0]["target"].as_str().unwrap();
    assert!(target.starts_with("http://127.0.0.1:") && !target.contains("hook"), "{target}");
}

#[tokio::test]
async fn a_test_tries_every_channel_now_and_not_too_often() {
    let mailbox = Mailbox::start(Mode::None, false);
    let inbox = Inbox::answering(&[500]);
    let mut site = Site::new();
    site.config.mail = Some(config(&mailbox));
    let secret = site.file("secret", &Inbox::secret()).display().to_string();
    let url = inbox.open().await;
    let server = site.start().await;
    let spec = format!(
        "  webhook: {{url: \"{url}\", secret: {{file: \"{secret}\"}}}}\n  email: {{to: [a@example.com]}}\n"
    );
    server.apply(&receiver(&spec)).await;
    let test = async || answer(server.request("POST", "/api/v1/receivers/everyone/test")).await;
    let (status, tested) = test().await;
    assert_eq!((status, &tested["passed"]), (StatusCode::OK, &json!(false)), "{tested}");
    let outcomes: Vec<_> = tested["channels"].as_array().unwrap().iter().collect();
    let told = |it: &Value| {
        format!("{} {} {}", it["channel"], it["outcome"], it["message"]).replace('"', "")
    };
    assert_eq!(told(outcomes[0]), "webhook failed HTTP 500: said the inbox");
    assert_eq!(told(outcomes[1]), "email accepted 250 2.0.0 Ok: queued as M1");
    assert_eq!(inbox.messages()[0].1["type"], "receiver.test");
    let mail = mailbox.messages().remove(0);
    assert_eq!(mail.header("Subject"), "Test of the receiver everyone");
    assert!(mail.text.contains("nobody needs to act"), "{}", mail.text);
    assert_eq!(log(&server, "").await.len(), 0, "it is owed to nobody");

    let (status, problem) = test().await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
    server.advance(SignedDuration::from_secs(31)).await;
    assert_eq!(test().await.1["passed"], true);
    for role in ["viewer", "responder"] {
        let token = server.token(role).await;
        let asked = server.anonymous("POST", "/api/v1/receivers/everyone/test").bearer_auth(token);
        assert_eq!(answer(asked).await.0, StatusCode::FORBIDDEN, "{role}");
    }
    let (status, _) = answer(server.request("POST", "/api/v1/receivers/nobody/test")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn six_tests_a_minute_is_all_that_a_server_makes() {
    let server = TestServer::start().await;
    let mut yaml = String::new();
    for number in 0..7 {
        yaml += &format!(
            "---\napiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {{name: r{number}}}\n\
             spec: {{default: true, email: {{to: [a@example.com]}}}}\n"
        );
    }
    let (_, report) = server.post("/api/v1/definitions/apply", submission(&yaml)).await;
    assert_eq!(report["applied"], true, "{report:#}");
    let test = async |number: usize| {
        answer(server.request("POST", &format!("/api/v1/receivers/r{number}/test"))).await.0
    };
    for number in 0..6 {
        assert_eq!(test(number).await, StatusCode::OK);
    }
    assert_eq!(test(6).await, StatusCode::TOO_MANY_REQUESTS);
    server.advance(SignedDuration::from_secs(61)).await;
    assert_eq!(test(6).await, StatusCode::OK);
}
