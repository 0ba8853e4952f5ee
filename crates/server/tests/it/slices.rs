//! SLOs that count slices of time.

use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, answer};
use crate::it::sender::Sender;

const SLO: &str = "/api/v1/slos/checkout-availability";

/// The SLO, 95 % over a day, counted so.
fn counted(method: &str, slices: &str) -> String {
    CHECKOUT_SLO
        .replace("duration: 30d", "duration: 1d")
        .replace("Occurrences", method)
        .replace("{target: 0.999}", &format!("{{target: 0.95{slices}}}"))
}

fn timeslices() -> String {
    counted("Timeslices", ", timeSliceTarget: 0.9, timeSliceWindow: 5m")
}

/// Two hours of good traffic, ten minutes in which a fifth fails of ten times as much, half an hour
/// of good traffic again. It begins at a whole hour.
async fn outage(server: &TestServer) {
    let mut sender = Sender::default();
    sender.minutes(server, 120, 250, 0).await;
    sender.minutes(server, 10, 2_000, 500).await;
    sender.minutes(server, 30, 250, 0).await;
}

fn methods(answer: &Value) -> Vec<(&str, bool, f64, f64)> {
    let methods = answer["methods"].as_array().unwrap().iter();
    let told = methods.map(|method| {
        let bad = method["total"].as_f64().unwrap() - method["good"].as_f64().unwrap();
        (
            method["budgeting_method"].as_str().unwrap(),
            method["counts"].as_bool().unwrap(),
            (bad * 1e4).round() / 1e4,
            method["total"].as_f64().unwrap(),
        )
    });
    told.collect()
}

#[tokio::test]
async fn the_same_minutes_make_three_budgets() {
    let server = TestServer::start().await;
    server.apply(&timeslices()).await;
    outage(&server).await;
    let slo = server.get(SLO).await;
    assert_eq!(slo["budgeting_method"], "Timeslices");
    assert_eq!(slo["time_slice"], json!({"window": "5m", "target": 0.9}));
    // The outage's first minute holds the increase of a good quarter of one before it.
    let counts = (&slo["total"], &slo["good"], &slo["unjudged"]);
    assert_eq!(counts, (&json!(31.0), &json!(29.0), &json!(0.0)));
    let side_by_side = server.get(&format!("{SLO}/methods")).await;
    let [events, slices, shares] = methods(&side_by_side)[..] else { panic!("{side_by_side}") };
    assert_eq!((events.0, events.1, events.2), ("Occurrences", false, 20_000.0));
    assert_eq!(slices, ("Timeslices", true, 2.0, 31.0));
    assert_eq!((shares.0, shares.1, shares.3), ("RatioTimeslices", false, 31.0));
    assert!((0.3..0.5).contains(&shares.2), "two slices of which a fifth failed: {}", shares.2);
    let asked = format!("{SLO}/methods?time_slice_window=1m&time_slice_target=0.7");
    let mild = server.get(&asked).await;
    assert_eq!(methods(&mild)[1].2, 0.0, "a fifth failing is tolerated then: {mild}");
    assert_eq!(mild["methods"][1]["counts"], false);
}

#[tokio::test]
async fn invariant_4_a_slice_explains_its_verdict() {
    let server = TestServer::start().await;
    server.apply(&timeslices()).await;
    outage(&server).await;
    let told = server.get(&format!("{SLO}/explain?minutes=45")).await;
    let slices = told["slices"].as_array().unwrap();
    let verdicts = |verdict: f64| {
        let of = slices.iter().filter(|slice| slice["verdict"] == json!(verdict));
        of.map(|slice| slice["from"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(slices.len(), verdicts(0.0).len() + verdicts(1.0).len());
    assert_eq!(verdicts(0.0).len(), 2);
    let minutes = told["minutes"].as_array().unwrap();
    assert_eq!(minutes.len(), 45, "events by the minute, as ever");
    assert!(minutes.iter().any(|minute| minute["bad"].as_f64().unwrap() >= 2_000.0));
    let arithmetic = told["arithmetic"].as_array().unwrap();
    let arithmetic: Vec<&str> = arithmetic.iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(
        arithmetic[1..3],
        [
            "a slice is good when at least 0.9 of the events seen in it are, or when none were",
            "judged = 31, what of them was good = 29, so bad = 2",
        ]
    );
}

#[tokio::test]
async fn an_outage_of_slices_is_one_alert_and_ends_with_the_first_good_slice() {
    let server = TestServer::start().await;
    server.apply(&timeslices().replace("0.95", "0.999")).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 120, 250, 0).await;
    sender.minutes(&server, 12, 0, 250).await;
    let alerts = server.get("/api/v1/alerts").await;
    assert_eq!(alerts["items"].as_array().unwrap().len(), 1, "{alerts}");
    assert_eq!(alerts["items"][0]["phase"], "firing");
    // The slice that is under way still holds failures.
    sender.minutes(&server, 9, 250, 0).await;
    let alerts = server.get("/api/v1/alerts").await;
    assert_eq!(alerts["items"].as_array().unwrap().len(), 1);
    assert_ne!(alerts["items"][0]["phase"], "firing", "{alerts}");
}

#[tokio::test]
async fn bud_12_a_ledger_of_slices_adds_up() {
    let server = TestServer::start().await;
    server.apply(&timeslices()).await;
    outage(&server).await;
    let ledger = server.get(&format!("{SLO}/ledger")).await;
    assert_eq!(ledger["time_slice"]["window"], "5m");
    let entries = ledger["entries"].as_array().unwrap();
    let bad: f64 = entries.iter().map(|entry| entry["bad"].as_f64().unwrap()).sum();
    assert_eq!((bad, &ledger["spent"]["bad"]), (2.0, &json!(2.0)));
}

#[tokio::test]
async fn another_method_keeps_the_history() {
    let server = TestServer::start().await;
    server.apply(&counted("Occurrences", "")).await;
    outage(&server).await;
    let before = server.get(&format!("{SLO}/methods?time_slice_target=0.9")).await;
    server.apply(&timeslices()).await;
    let slo = server.get(SLO).await;
    assert_eq!((&slo["total"], &slo["good"]), (&json!(31.0), &json!(29.0)));
    let after = server.get(&format!("{SLO}/methods")).await;
    let counts = |answer: &Value| {
        let of = methods(answer).into_iter().map(|(_, _, bad, total)| (bad, total));
        of.collect::<Vec<_>>()
    };
    assert_eq!(counts(&before), counts(&after));
}

#[tokio::test]
async fn slices_shorter_than_two_intervals_are_refused_where_the_interval_is_known() {
    let server = TestServer::start().await;
    server.apply(&counted("Occurrences", "")).await;
    let mut sender = Sender::default();
    for _ in 0..10 {
        sender.happen(250, 0);
        sender.send(&server).await;
        server.advance(SignedDuration::from_secs(60)).await;
    }
    let short = counted("RatioTimeslices", ", timeSliceWindow: 1m");
    let files = json!({"files": [{"path": "slo.yaml", "text": short}]});
    for verb in ["lint", "apply"] {
        let (_, report) = server.post(&format!("/api/v1/definitions/{verb}"), files.clone()).await;
        assert_eq!(report["applied"], false, "{report}");
        let found = report["diagnostics"].as_array().unwrap().iter();
        let found = found.filter(|found| found["level"] == "error").collect::<Vec<_>>();
        let [found] = found[..] else { panic!("{report}") };
        assert_eq!((&found["code"], &found["line"]), (&json!("slo.short_slices"), &json!(9)));
        let message = "slices of 1m are shorter than two intervals of what is read, 60 s";
        assert_eq!(found["message"], message);
    }
    server.apply(&counted("RatioTimeslices", ", timeSliceWindow: 2m")).await;
    assert_eq!(server.get(SLO).await["budgeting_method"], "RatioTimeslices");
}

#[tokio::test]
async fn slices_that_cannot_be_are_refused_with_a_way_out() {
    let server = TestServer::start().await;
    server.apply(&timeslices()).await;
    let asked = |query: &str| server.request("GET", &format!("{SLO}/methods?{query}"));
    for query in ["time_slice_window=7m", "time_slice_window=5", "time_slice_target=1.5"] {
        let (status, problem) = answer(asked(query)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {problem}");
        assert_eq!(problem["code"], "invalid_slice", "{query}: {problem}");
        assert!(problem["hint"].is_string(), "{query}: {problem}");
    }
}
