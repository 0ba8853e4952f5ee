//! What goes on is told again after a while; what is over is told to nobody who did not know.

use jiff::SignedDuration;
use plimsoll_domain::notify::ChannelName;
use serde_json::Value;

use crate::it::delivery::Inbox;
use crate::it::harness::{Site, TestServer};
use crate::it::outbox::{Outbox, receiver};

const PLAIN: &[ChannelName] = &[ChannelName::Webhook];

async fn owing(inbox: &Inbox, repeat: &str) -> (TestServer, Outbox) {
    let site = Site::new();
    let outbox = Outbox::open(&site).await;
    let secret = site.file("secret", &Inbox::secret()).display().to_string();
    let server = site.start().await;
    let url = inbox.open().await;
    let hook = format!("  webhook: {{url: \"{url}\", secret: {{file: \"{secret}\"}}}}\n{repeat}");
    server.apply(&receiver(&hook)).await;
    (server, outbox)
}

fn types(inbox: &Inbox) -> Vec<String> {
    let messages = inbox.messages();
    messages.iter().map(|(_, it)| it["type"].as_str().unwrap().to_owned()).collect()
}

async fn states(server: &TestServer) -> Vec<String> {
    let page = server.get("/api/v1/notifications").await;
    let line = |it: &Value| {
        format!("{} {} {}", it["transition"], it["state"], it["reason"]).replace('"', "")
    };
    page["items"].as_array().unwrap().iter().rev().map(line).collect()
}

async fn balance(server: &TestServer) -> Vec<String> {
    let text = server.anonymous("GET", "/metrics").send().await.unwrap().text().await.unwrap();
    let counts =
        text.lines().filter_map(|line| line.strip_prefix("plimsoll_notifications{outcome=\""));
    let counts = counts.map(|line| line.replace("\"}", ""));
    let mut counts: Vec<_> = counts.filter(|line| !line.ends_with(" 0")).collect();
    counts.sort();
    counts
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn what_goes_on_is_told_again_after_the_period_and_no_sooner() {
    let inbox = Inbox::default();
    let (server, outbox) = owing(&inbox, "  repeatInterval: 5m\n").await;
    outbox.opens(PLAIN).await;
    server.advance(MINUTE * 4).await;
    assert_eq!(types(&inbox), ["alert.opened"]);
    server.advance(MINUTE * 2).await;
    assert_eq!(types(&inbox), ["alert.opened", "alert.reminder"]);
    // Deadlines are kept by what is recorded, not by who runs.
    let server = server.restart().await;
    server.advance(MINUTE * 3).await;
    assert_eq!(inbox.messages().len(), 2);
    server.advance(MINUTE * 7).await;
    let messages = inbox.messages();
    assert_eq!(messages.len(), 4);
    let counts: Vec<_> =
        messages.iter().map(|(_, it)| it["data"]["reminder"].as_u64().unwrap()).collect();
    assert_eq!(counts, [0, 1, 2, 3]);
    let keys: std::collections::BTreeSet<_> = messages.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(keys.len(), 4);

    outbox.closes(PLAIN).await;
    server.advance(MINUTE * 30).await;
    assert_eq!(types(&inbox)[4..], ["alert.closed"]);
    let timeline = outbox.timeline(&server).await;
    assert_eq!(timeline[1], "notified: everyone was told: it still fires", "{timeline:?}");
    assert_eq!(balance(&server).await, ["accepted 5", "owed 5"]);
}

#[tokio::test]
async fn four_hours_unless_the_receiver_says_otherwise_and_never_when_it_says_so() {
    for (repeat, expected) in
        [("", 2), ("  repeatInterval: off\n", 1), ("  repeatInterval: 5h\n", 1)]
    {
        let inbox = Inbox::default();
        let (server, outbox) = owing(&inbox, repeat).await;
        outbox.opens(PLAIN).await;
        server.advance(MINUTE * 239).await;
        assert_eq!(inbox.messages().len(), 1, "{repeat}");
        server.advance(MINUTE * 2).await;
        assert_eq!(inbox.messages().len(), expected, "{repeat}");
    }
}

#[tokio::test]
async fn a_period_that_is_changed_holds_for_what_goes_on() {
    let inbox = Inbox::default();
    let (server, outbox) = owing(&inbox, "  repeatInterval: 4h\n").await;
    outbox.opens(PLAIN).await;
    server.advance(MINUTE * 20).await;
    let definition = server.get("/api/v1/definitions/Receiver/everyone").await;
    let sooner = definition["yaml"].as_str().unwrap().replace("4h", "15m");
    server.apply(&sooner).await;
    server.advance(MINUTE).await;
    assert_eq!(types(&inbox), ["alert.opened", "alert.reminder"]);
}

#[tokio::test]
async fn a_reminder_that_could_not_be_sent_before_the_end_is_not_sent_after_it() {
    let inbox = Inbox::answering(&[204, 503, 503, 503]);
    let (server, outbox) = owing(&inbox, "  repeatInterval: 5m\n").await;
    outbox.opens(PLAIN).await;
    server.advance(MINUTE * 5).await;
    assert_eq!(types(&inbox)[..2], ["alert.opened", "alert.reminder"]);
    outbox.closes(PLAIN).await;
    server.advance(MINUTE * 30).await;
    assert_eq!(types(&inbox).last().unwrap(), "alert.closed");
    let found = states(&server).await;
    assert_eq!(
        found,
        [
            "opened accepted null",
            "opened superseded the alert closed before this could be sent",
            "closed accepted null"
        ]
    );
    assert_eq!(balance(&server).await, ["accepted 2", "owed 3", "superseded 1"]);
}

#[tokio::test]
async fn invariant_2_whoever_was_never_told_that_it_began_is_not_told_that_it_ended() {
    // More answers than are asked for: it is down for the whole outage.
    let inbox = Inbox::answering(&[503; 40]);
    let (server, outbox) = owing(&inbox, "").await;
    outbox.opens(PLAIN).await;
    server.advance(MINUTE * 3).await;
    let tried = inbox.messages().len();
    assert!((5..40).contains(&tried), "{tried}");
    outbox.closes(PLAIN).await;
    server.advance(MINUTE * 30).await;
    assert_eq!(inbox.messages().len(), tried, "nothing is said any more");
    let timeline = outbox.timeline(&server).await;
    assert_eq!(
        timeline,
        [
            "superseded: everyone was not told: closed; this channel was never told that it fired",
            "superseded: everyone was not told: opened; the alert closed before this could be sent",
        ]
    );
    assert_eq!(balance(&server).await, ["owed 2", "superseded 2"]);

    // The next outage is told as if nothing had been.
    inbox.answer_with(&[]);
    outbox.opens(PLAIN).await;
    server.advance(MINUTE).await;
    outbox.closes(PLAIN).await;
    server.advance(MINUTE).await;
    assert_eq!(types(&inbox)[tried..], ["alert.reopened", "alert.closed"]);
    assert_eq!(balance(&server).await, ["accepted 2", "owed 4", "superseded 2"]);
}

#[tokio::test]
async fn whoever_may_have_been_told_is_told_that_it_ended() {
    // A gateway answers for someone who may have taken it.
    let inbox = Inbox::answering(&[504]);
    let (server, outbox) = owing(&inbox, "").await;
    outbox.opens(PLAIN).await;
    server.advance(SignedDuration::ZERO).await;
    outbox.closes(PLAIN).await;
    server.advance(MINUTE).await;
    assert_eq!(types(&inbox), ["alert.opened", "alert.closed"]);
}

#[tokio::test]
async fn labels_are_text_in_a_webhook_too() {
    let inbox = Inbox::default();
    let (server, outbox) = owing(&inbox, "").await;
    let hostile = "<script>x</script>\r\nX-Header: y <!channel> =HYPERLINK(\"e\") \u{202e}";
    outbox.says(hostile);
    outbox.opens(PLAIN).await;
    server.advance(SignedDuration::ZERO).await;
    assert_eq!(inbox.messages()[0].1["data"]["summary"], hostile);
}
