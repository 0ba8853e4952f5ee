//! SLOs from telemetry to the number, and the reasons behind it.

use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT, CHECKOUT_SLO, TestServer, answer};
use crate::it::sender::Sender;

async fn slo(server: &TestServer) -> Value {
    server.get("/api/v1/slos/checkout-availability").await
}

#[tokio::test]
async fn twenty_five_rounds_count_to_the_unit() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.send(&server).await;
    for _ in 0..25 {
        server.advance(crate::it::sender::INTERVAL).await;
        sender.round(&server, 97, 3).await;
    }
    let slo = slo(&server).await;
    assert_eq!((&slo["good"], &slo["total"]), (&json!(2425.0), &json!(2500.0)));
    assert_eq!(slo["error_ratio"], json!(0.03));
    assert_eq!(slo["status"], "exhausted");
    let left = slo["budget_remaining"].as_f64().unwrap();
    assert!((left + 29.0).abs() < 1e-9, "1 − 75 / 2.5 = −29: {left}");
}

#[tokio::test]
async fn a_batch_sent_twice_counts_once() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 2, 100, 0).await;
    let before = slo(&server).await;
    sender.send(&server).await;
    sender.send(&server).await;
    let after = slo(&server).await;
    assert_eq!(before["total"], after["total"]);
    let telemetry = server.get("/api/v1/telemetry").await;
    assert_eq!(telemetry["duplicate_or_late"], 2, "the first of the two was newer: {telemetry}");
}

#[tokio::test]
async fn before_any_sample_an_slo_is_unmeasured_and_after_silence_it_has_no_data() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let fresh = slo(&server).await;
    assert_eq!((&fresh["status"], &fresh["unmeasured"]), (&json!("unmeasured"), &json!(1.0)));
    assert_eq!(fresh["budget_remaining"], Value::Null);

    let mut sender = Sender::default();
    sender.minutes(&server, 10, 100, 0).await;
    assert_eq!(slo(&server).await["status"], "healthy");

    server.advance(SignedDuration::from_secs(60)).await;
    let silent = slo(&server).await;
    assert_eq!(silent["status"], "no_data");
    assert!(silent["budget_remaining_worst"].as_f64() < silent["budget_remaining"].as_f64());
}

#[tokio::test]
async fn a_changed_target_keeps_the_history() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 5, 99, 1).await;
    let before = slo(&server).await;
    server.apply(&CHECKOUT_SLO.replace("target: 0.999", "target: 0.95")).await;
    let after = slo(&server).await;
    assert_eq!(before["total"], after["total"]);
    assert_eq!((&before["status"], &after["status"]), (&json!("exhausted"), &json!("healthy")));
}

/// SLO-03. The period ends at ten past six; the failures before that are its own.
#[tokio::test]
async fn a_calendar_begins_anew_and_what_was_before_is_still_there_to_be_asked() {
    let server = TestServer::start().await;
    let calendar = "{duration: 1d, isRolling: false, calendar: {startTime: 2026-01-01 07:10:00, \
                    timeZone: Europe/Berlin}}";
    let daily = CHECKOUT_SLO.replace("{duration: 30d, isRolling: true}", calendar);
    assert_ne!(daily, CHECKOUT_SLO);
    server.apply(&daily).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 8, 90, 10).await;
    let before = slo(&server).await;
    assert_eq!((&before["window"], &before["status"]), (&json!("1d"), &json!("exhausted")));
    let period = json!({
        "from": "2026-11-19T06:10:00Z", "to": "2026-11-20T06:10:00Z", "time_zone": "Europe/Berlin",
    });
    assert_eq!(before["period"], period);
    sender.minutes(&server, 4, 100, 0).await;
    let after = slo(&server).await;
    assert_eq!(after["period"]["from"], "2026-11-20T06:10:00Z");
    assert_eq!((&after["status"], &after["good"]), (&json!("healthy"), &after["total"]));
    let since = (after["total"].as_f64().unwrap(), before["total"].as_f64().unwrap());
    assert!(since.0 > 0.0 && since.0 <= 900.0 && since.1 >= 3_000.0, "{since:?}");
    let then = server.get("/api/v1/slos/checkout-availability?at=2026-11-20T06:07:30Z").await;
    assert_eq!((&then["period"], &then["status"]), (&period, &json!("exhausted")));
    let why = server.get("/api/v1/slos/checkout-availability/explain").await.to_string();
    assert!(why.contains("period 1d by the clocks of Europe/Berlin"), "{why}");
    assert!(why.contains("the closed minutes from 2026-11-20T06:10:00Z"), "{why}");
}

#[tokio::test]
async fn invariant_4_every_number_explains_itself() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 5, 100, 1).await;
    let why = server.get("/api/v1/slos/checkout-availability/explain?minutes=3").await;
    let minutes = why["minutes"].as_array().unwrap();
    assert_eq!(minutes.len(), 3);
    let closed: Vec<_> = minutes.iter().filter(|minute| minute["state"] == "closed").collect();
    assert_eq!((&closed[0]["total"], &closed[0]["bad"]), (&json!(404.0), &json!(4.0)));
    assert_eq!(closed[0]["coverage"], 1.0);

    let series = why["series"].as_array().unwrap();
    assert_eq!(series.len(), 2);
    let failed = series.iter().find(|series| series["labels"]["code"] == "500").unwrap();
    assert_eq!(failed["channels"], json!(["total", "bad"]));
    assert_eq!(failed["state"], "live");
    let lines = why["arithmetic"].as_array().unwrap();
    assert!(lines.iter().any(|line| line.as_str().unwrap().starts_with("error ratio = ")));

    let past = "/api/v1/slos/checkout-availability/explain?at=2026-11-20T06:02:30Z";
    let then = server.get(past).await;
    assert_eq!(then["slo"]["as_of"], "2026-11-20T06:02:30Z");
    assert!(then["slo"]["total"].as_f64() < why["slo"]["total"].as_f64());
}

#[tokio::test]
async fn history_draws_gaps_as_gaps() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 5, 100, 0).await;
    server.advance(SignedDuration::from_mins(10)).await;
    sender.minutes(&server, 5, 100, 0).await;
    let path =
        "/api/v1/slos/checkout-availability/history?from=2026-11-20T05:55:00Z&step_minutes=1";
    let history = server.get(path).await;
    let points = history["points"].as_array().unwrap();
    let coverage: Vec<Option<f64>> = points.iter().map(|p| p["coverage"].as_f64()).collect();
    assert_eq!(coverage[..5], [None; 5], "before the first sample nothing is known");
    assert_eq!(coverage[6..9], [Some(1.0); 3]);
    assert_eq!(coverage[11..19], [Some(0.0); 8], "{coverage:?}");
}

#[tokio::test]
async fn slos_are_listed_filtered_and_paged() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let second = CHECKOUT_SLO.replace("checkout-availability", "checkout-second");
    server.apply(&second).await;
    let names = |page: &Value| {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|slo| slo["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = server.get("/api/v1/slos").await;
    assert_eq!(names(&all), ["checkout-availability", "checkout-second"]);
    let first = server.get("/api/v1/slos?limit=1").await;
    assert_eq!(names(&first), ["checkout-availability"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = server.get(&format!("/api/v1/slos?limit=1&cursor={cursor}")).await;
    assert_eq!(names(&rest), ["checkout-second"]);
    assert_eq!(rest["next_cursor"], Value::Null);
    assert_eq!(names(&server.get("/api/v1/slos?q=SECOND").await), ["checkout-second"]);
    assert!(names(&server.get("/api/v1/slos?status=healthy").await).is_empty());
    assert!(names(&server.get("/api/v1/slos?service=other").await).is_empty());
}

/// Three SLOs of two services, of which one fails.
async fn three_of_two_services() -> TestServer {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let basket = CHECKOUT_SLO.replace("checkout", "basket").replace("target: 0.999", "target: 0.5");
    server.apply(&basket).await;
    let calm = CHECKOUT_SLO
        .replace("checkout-availability", "a-calm-one")
        .replace("target: 0.999", "target: 0.25");
    server.apply(&calm).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 5, 99, 1).await;
    server.advance(SignedDuration::from_secs(5)).await;
    server
}

fn names_of(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn slos_are_sorted_by_what_needs_someone_and_the_cursor_keeps_the_order() {
    let server = three_of_two_services().await;
    let graved = ["checkout-availability", "basket-availability", "a-calm-one"];
    let all = server.get("/api/v1/slos?sort=gravity").await;
    assert_eq!(names_of(&all), graved, "{all:#}");
    let mut paged = Vec::new();
    let mut cursor = String::new();
    for _ in 0..3 {
        let page = server.get(&format!("/api/v1/slos?sort=gravity&limit=1{cursor}")).await;
        paged.extend(names_of(&page));
        cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap_or_default());
    }
    assert_eq!(paged, graved);
    let strict = server.get("/api/v1/slos?sort=objective").await;
    assert_eq!(names_of(&strict), graved);
    let exhausted = server.get("/api/v1/slos?status=exhausted").await;
    assert_eq!(names_of(&exhausted), ["checkout-availability"]);
}

#[tokio::test]
async fn what_means_nothing_in_the_query_of_a_list_is_told() {
    let server = TestServer::start().await;
    for (path, code) in [
        ("/api/v1/slos?sort=colour", "unknown_sort"),
        ("/api/v1/services?sort=colour", "unknown_sort"),
        ("/api/v1/slos?cursor=b", "unknown_cursor"),
        ("/api/v1/services?cursor=b", "unknown_cursor"),
        ("/api/v1/slos?status=breached", "unknown_status"),
        ("/api/v1/services?status=Exhausted", "unknown_status"),
        ("/api/v1/services?tier=5", "unknown_tier"),
    ] {
        let (status, problem) = answer(server.request("GET", path)).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(code)),
            "{path}"
        );
    }
    for (path, words) in [
        ("/api/v1/slos?status=breached", "healthy, caution, warning, exhausted, no_traffic, "),
        ("/api/v1/alerts?severity=grave", "log, ticket, page"),
    ] {
        let (_, problem) = answer(server.request("GET", path)).await;
        let hint = problem["hint"].as_str().unwrap();
        assert!(hint.contains(words), "{path}: {hint}");
    }
}

#[tokio::test]
async fn services_stand_where_their_gravest_slo_does_and_are_counted() {
    let server = three_of_two_services().await;
    let services = server.get("/api/v1/services?sort=gravity").await;
    assert_eq!(names_of(&services), ["checkout", "basket"], "{services:#}");
    let checkout = &services["items"][0];
    assert_eq!(checkout["status"], "exhausted");
    assert!(checkout["budget_remaining"].as_f64().unwrap() < 0.0, "the least: {checkout}");
    let healthy = server.get("/api/v1/services?status=healthy").await;
    assert!(!names_of(&healthy).contains(&"checkout".to_owned()), "{healthy:#}");
    let exhausted = server.get("/api/v1/services?status=exhausted").await;
    assert_eq!(names_of(&exhausted), ["checkout"]);
    let standing = server.get("/api/v1/standing").await;
    assert_eq!(
        (&standing["slos"]["total"], &standing["services"]["total"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(standing["slos"]["by_status"]["exhausted"], 1, "{standing:#}");
    assert_eq!(standing["services"]["by_status"]["exhausted"], 1, "{standing:#}");
    assert_eq!(standing["slos"]["attention"], 1, "{standing:#}");
    let one = server.get("/api/v1/standing?service=basket").await;
    assert_eq!((&one["slos"]["total"], &one["services"]["total"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn an_unknown_slo_is_not_found() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    let (status, problem) = answer(server.request("GET", "/api/v1/slos/nothing")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_slo")));
}
