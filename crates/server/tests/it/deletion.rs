//! Deleting definitions: refused while others name them, history kept, alerts closed, counting ended.

use jiff::SignedDuration;
use plimsoll_trials::postgres;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, Site, TestServer, answer, submission};
use crate::it::sender::Sender;

/// A server on each database at hand.
async fn each(name: &str) -> Vec<TestServer> {
    let mut servers = vec![TestServer::start().await];
    if let Some(store) = postgres::schema(name) {
        let mut site = Site::new();
        site.config.store = Some(store.parse().unwrap());
        servers.push(site.start().await);
    }
    servers
}

async fn delete(server: &TestServer, kind: &str, name: &str) -> (StatusCode, Value) {
    let path = format!("/api/v1/definitions/{kind}/{name}");
    answer(server.request("DELETE", &path)).await
}

async fn status(server: &TestServer, path: &str) -> StatusCode {
    server.request("GET", path).send().await.unwrap().status()
}

const SLO: &str = "/api/v1/slos/checkout-availability";

#[tokio::test]
async fn what_others_name_is_not_deleted_and_they_are_named() {
    for server in each("what_others_name_is_not_deleted").await {
        server.apply(CHECKOUT_SLO).await;
        let (refused, problem) = delete(&server, "Service", "checkout").await;
        assert_eq!((refused, &problem["code"]), (StatusCode::CONFLICT, &json!("referred_to")));
        let title = problem["title"].as_str().unwrap();
        assert!(title.contains("SLO `checkout-availability`"), "{title}");

        let (done, deletion) = delete(&server, "SLO", "checkout-availability").await;
        assert_eq!((done, &deletion["default_again"]), (StatusCode::OK, &json!(false)));
        assert!(deletion["revision"].as_str().unwrap().starts_with("rev_"));
        assert_eq!(status(&server, SLO).await, StatusCode::NOT_FOUND);
        assert_eq!(delete(&server, "Service", "checkout").await.0, StatusCode::OK);

        let server = server.restart().await;
        assert_eq!(status(&server, SLO).await, StatusCode::NOT_FOUND);
        server.apply(CHECKOUT_SLO).await;
        server.get(SLO).await;
    }
}

#[tokio::test]
async fn a_team_that_owns_a_service_is_not_deleted() {
    let server = TestServer::start().await;
    let owned = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: crew}\n\
                 spec: {type: team, children: []}\n---\napiVersion: backstage.io/v1alpha1\n\
                 kind: Component\nmetadata: {name: till}\nspec: {owner: crew}\n";
    server.apply(owned).await;
    let (refused, problem) = delete(&server, "Group", "crew").await;
    assert_eq!(refused, StatusCode::CONFLICT);
    assert!(problem["title"].as_str().unwrap().contains("Component `till`"), "{problem}");
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_may_have_been_meant() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let (missing, problem) = delete(&server, "SLO", "chekout-availability").await;
    assert_eq!((missing, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_definition")));
    assert_eq!(problem["hint"], "did you mean `SLO checkout-availability`?");
    let (_, problem) = answer(server.request("GET", "/api/v1/slos/checkout-availabilty")).await;
    assert_eq!(problem["hint"], "did you mean `checkout-availability`?");
    let (_, problem) = answer(server.request("GET", "/api/v1/services/chekout")).await;
    assert_eq!(problem["hint"], "did you mean `checkout`?");
}

#[tokio::test]
async fn a_default_is_in_force_again_when_its_override_goes() {
    for server in each("a_default_is_in_force_again").await {
        let path = "/api/v1/definitions/BurnPolicy/workbook";
        let shipped = server.get(path).await;
        let (refused, problem) = delete(&server, "BurnPolicy", "workbook").await;
        assert_eq!((refused, &problem["code"]), (StatusCode::CONFLICT, &json!("is_default")));
        let mine = "apiVersion: plimsoll/v1\nkind: BurnPolicy\nmetadata: {name: workbook}\n\
                    spec: {arms: [{long: 30m, factor: 3, severity: ticket}]}\n";
        server.apply(&format!("{CHECKOUT_SLO}---\n{mine}")).await;
        assert_eq!(server.get(path).await["origin"], "yours");

        // The SLO names it, and goes on with the default.
        let (done, deletion) = delete(&server, "BurnPolicy", "workbook").await;
        assert_eq!((done, &deletion["default_again"]), (StatusCode::OK, &json!(true)));
        assert_eq!(server.get(path).await, shipped);
        assert_eq!(server.get(SLO).await["burn_policy"], "workbook");
    }
}

#[tokio::test]
async fn the_open_alert_of_an_slo_that_goes_is_closed_and_says_why() {
    for server in each("the_open_alert_of_an_slo_that_goes").await {
        server.apply(CHECKOUT_SLO).await;
        let mut sender = Sender::default();
        sender.minutes(&server, 70, 250, 0).await;
        sender.minutes(&server, 12, 200, 50).await;
        let alert = server.get("/api/v1/alerts?phase=firing").await["items"][0].clone();
        let counted = server.get("/api/v1/telemetry").await;

        delete(&server, "SLO", "checkout-availability").await;
        server.advance(SignedDuration::from_secs(3)).await;
        let path = format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap());
        let closed = server.get(&path).await;
        assert_eq!(closed["phase"], "closed");
        let events = closed["timeline"].as_array().unwrap();
        let line = events.iter().find(|line| line["event"] == "closed").unwrap();
        assert!(line["message"].as_str().unwrap().contains("the SLO was deleted"), "{line}");

        sender.send(&server).await;
        let after = server.get("/api/v1/telemetry").await;
        assert_eq!(after["accepted"], counted["accepted"], "the tallies stop counting it");
        let undeclared = |telemetry: &Value| telemetry["undeclared"].as_u64().unwrap();
        assert_eq!(undeclared(&after), undeclared(&counted) + 2);
    }
}

#[tokio::test]
async fn a_plan_has_both_texts_and_whose_the_old_one_is() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mine = "apiVersion: plimsoll/v1\nkind: BurnPolicy\nmetadata: {name: workbook}\n\
                spec: {arms: [{long: 30m, factor: 3, severity: ticket}]}\n";
    let changed = CHECKOUT_SLO.replace("Takes orders.", "Takes orders and payments.");
    let files = format!("{changed}---\n{mine}");
    let (_, plan) = server.post("/api/v1/definitions/lint", submission(&files)).await;
    let changes = plan["changes"].as_array().unwrap();
    let short = |change: &Value| {
        (change["action"].clone(), change["before_origin"].clone(), change["after"].is_string())
    };
    let shorts: Vec<_> = changes.iter().map(short).collect();
    let expected = [
        (json!("updated"), json!("yours"), true),
        (json!("unchanged"), Value::Null, false),
        (json!("created"), json!("default"), true),
    ];
    assert_eq!(shorts, expected);
    assert!(changes[0]["before"].as_str().unwrap().contains("Takes orders."));
    assert!(changes[2]["before"].as_str().unwrap().contains("workbook"));
}

#[tokio::test]
async fn empty_lines_around_a_document_are_no_change() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let spaced = CHECKOUT_SLO.replace("---\n", "\n\n---\n\n");
    let report = server.apply(&spaced).await;
    assert_eq!(report["revision"], Value::Null, "{report:#}");
}

#[tokio::test]
async fn definitions_are_listed_by_origin() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let origins = async |query: &str| {
        let page = server.get(&format!("/api/v1/definitions{query}")).await;
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["origin"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(origins("?origin=yours").await, ["yours", "yours"]);
    assert!(origins("?origin=default").await.iter().all(|origin| origin == "default"));
    let (refused, problem) = answer(server.request("GET", "/api/v1/definitions?origin=mine")).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["code"], "unknown_origin");
}

#[tokio::test]
async fn definitions_are_paged_by_kind_and_name_whosever_they_are() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    server.apply(CHECKOUT_SLO.replace("checkout", "basket").as_str()).await;
    let keys = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| format!("{} {}", item["kind"], item["name"])).collect::<Vec<_>>()
    };
    let all = keys(&server.get("/api/v1/definitions?limit=500").await);
    assert!(all.is_sorted() && all.len() > 6, "{all:?}");
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server.get(&format!("/api/v1/definitions?limit=3{cursor}")).await;
        paged.extend(keys(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={}", next.replace(' ', "%20"));
    }
    assert_eq!(paged, all);
}
