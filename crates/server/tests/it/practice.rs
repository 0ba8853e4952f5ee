//! The numbers of the practice, in force and with their origin; each test is named after its rule.

use jiff::SignedDuration;
use plimsoll_api::document;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, answer, submission};
use crate::it::sender::Sender;

/// Two services of one team, both judged by the requests to the checkout.
fn shop() -> String {
    let component = |name: &str| {
        format!(
            "---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {name}}}
spec: {{owner: shop}}
"
        )
    };
    let other = CHECKOUT_SLO
        .replace("name: checkout", "name: search")
        .replace("service: checkout", "service: search");
    let group = "---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {}
";
    format!("{CHECKOUT_SLO}---{other}{}{}{group}", component("checkout"), component("search"))
}

fn shipped(kind: &str, name: &str) -> String {
    let all = document::shipped_definitions();
    let found = all.into_iter().find(|it| it.kind == kind && it.name == name);
    found.expect("it ships").yaml
}

/// The shipped policy with other marks.
fn with_marks(marks: &str) -> String {
    let shipped = shipped("ErrorBudgetPolicy", "default");
    let theirs = "marks: {healthyAbove: 0.5, cautionAbove: 0.25, warningAbove: 0}";
    assert!(shipped.contains(theirs));
    shipped.replace(theirs, &format!("marks: {marks}"))
}

async fn decide(server: &TestServer, class: &str) -> Value {
    let question = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:1", "class": class,
    });
    let (status, decision) = server.post("/api/v1/gates/check", question).await;
    assert_eq!(status, StatusCode::OK, "{decision}");
    decision
}

fn reason<'d>(decision: &'d Value, code: &str) -> Option<&'d Value> {
    decision["reasons"].as_array().unwrap().iter().find(|reason| reason["code"] == code)
}

#[tokio::test]
async fn bud_02_the_marks_of_a_policy_of_ones_own_are_used_everywhere() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 10, 10_000, 3).await;
    let status = async || {
        let slo = server.get("/api/v1/slos/checkout-availability").await;
        let list = server.get("/api/v1/slos").await;
        let decision = decide(&server, "feature").await;
        let standing = server.get("/api/v1/standing").await;
        let fact = decision["facts"]["slos"][0]["status"].clone();
        let said = slo["status"].clone();
        assert_eq!((&list["items"][0]["status"], &fact), (&said, &said), "{decision:#}");
        assert_eq!(standing["slos"]["by_status"], json!({said.as_str().unwrap(): 1}));
        (said, slo["marks"]["healthy_above"].clone())
    };
    assert_eq!(status().await, (json!("healthy"), json!(0.5)), "70 % are left");
    server.apply(&with_marks("{healthyAbove: 0.8, cautionAbove: 0.75}")).await;
    // Lists are ordered by the last sweep.
    server.advance(SignedDuration::from_secs(4)).await;
    assert_eq!(status().await, (json!("warning"), json!(0.8)));
}

#[tokio::test]
async fn alr_02_and_z_01_a_tenth_is_the_mark_where_those_who_lead_are_told() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 10, 9_990, 10).await;
    let decision = decide(&server, "rollback").await;
    assert_eq!(decision["verdict"], "allow");
    let told = reason(&decision, "budget_escalates").expect("nothing is left");
    assert!(told["message"].as_str().unwrap().starts_with("less than 10 % of the budget is left."));
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo["remark"]["code"], "escalate", "{slo:#}");
    replays(&server, &decision).await;
}

/// A decision, made again from what was stored with it.
async fn replays(server: &TestServer, decision: &Value) {
    let path = format!("/api/v1/decisions/{}/replay", text(decision, "id"));
    let (_, replay) = server.post(&path, json!({})).await;
    assert_eq!(replay["identical"], true, "{replay}");
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn bud_13_a_budget_that_nobody_spends_is_remarked_on() {
    let server = TestServer::start().await;
    server.apply(&CHECKOUT_SLO.replace("duration: 30d", "duration: 1h")).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 50, 100, 0).await;
    let slo = async || server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo().await["remark"], Value::Null, "ten minutes of the window are unmeasured");
    sender.minutes(&server, 15, 100, 0).await;
    let remark = slo().await["remark"].clone();
    assert_eq!(
        (&remark["code"], &remark["message"]),
        (&json!("unused"), &json!("more than 90 % of the budget is left"))
    );
    assert!(remark["advice"].as_str().unwrap().starts_with("Spend it"), "{remark}");
}

#[tokio::test]
async fn bud_15_the_gate_warns_a_team_with_several_exhausted_budgets() {
    let server = TestServer::start().await;
    server.apply(&shop()).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 5, 90, 10).await;
    let feature = decide(&server, "feature").await;
    assert_eq!(feature["facts"]["strained"], json!(["checkout", "search"]));
    let told = reason(&feature, "team_strained").expect("two are exhausted");
    assert_eq!(told["verdict"], "warn");
    let rollback = decide(&server, "rollback").await;
    assert_eq!(rollback["verdict"], "allow", "{rollback:#}");
}

/// The shipped policy, with these lines in the place of the ones that grant and keep nothing.
fn agreed(allowances: &str, windows: &str) -> String {
    let policy = shipped("ErrorBudgetPolicy", "default");
    let policy = policy.replace("allowances: []", &format!("allowances: [{allowances}]"));
    policy.replace("reservedWindows: []", &format!("reservedWindows: [{windows}]"))
}

#[tokio::test]
async fn bud_08_the_gate_grants_what_was_agreed_for_as_long_as_that_holds() {
    let server = TestServer::start().await;
    let allowance = "{service: checkout, share: 0.8, from: 2026-11-20T06:00:00Z, \
                     until: 2026-11-20T06:30:00Z, reason: Move, approvedBy: [ada]}";
    server.apply(&format!("{CHECKOUT_SLO}---\n{}", agreed(allowance, ""))).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 10, 9_985, 15).await;
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo["status"], "exhausted", "it moves no number: {slo:#}");
    let feature = decide(&server, "feature").await;
    assert_eq!(feature["verdict"], "allow", "{feature:#}");
    let told = reason(&feature, "budget_allowance").expect("it holds");
    assert!(text(told, "message").contains("Move (agreed to by ada)"), "{told}");
    replays(&server, &feature).await;
    sender.minutes(&server, 21, 9_985, 15).await;
    let feature = decide(&server, "feature").await;
    assert_eq!(feature["verdict"], "deny", "{feature:#}");
    assert!(reason(&feature, "budget_allowance").is_none());
}

#[tokio::test]
async fn bud_17_the_gate_keeps_features_out_of_a_reserved_window() {
    let server = TestServer::start().await;
    // It is Friday, 7 o'clock in Berlin.
    let window = "{days: [friday], from: '07:00', until: '07:30', timeZone: Europe/Berlin, \
                  default: deny, except: {reliability_fix: allow}}";
    server.apply(&format!("{CHECKOUT_SLO}---\n{}", agreed("", window))).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 10, 100, 0).await;
    let feature = decide(&server, "feature").await;
    let told = reason(&feature, "window_reserved").expect("it holds");
    assert_eq!((&feature["verdict"], &told["verdict"]), (&json!("deny"), &json!("deny")));
    replays(&server, &feature).await;
    assert_eq!(decide(&server, "reliability_fix").await["verdict"], "allow");
    sender.minutes(&server, 21, 100, 0).await;
    assert_eq!(decide(&server, "feature").await["verdict"], "allow");
}

/// ALR-05: of the third tier nobody is told, and the alert is there all the same.
#[tokio::test]
async fn alr_05_what_is_only_logged_is_recorded_and_told_to_nobody() {
    let server = TestServer::start().await;
    let receiver = "---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {name: everyone}
spec: {default: true, webhook: {url: 'http://127.0.0.1:1/'}}
---
apiVersion: plimsoll/v1
kind: BurnPolicy
metadata: {name: workbook}
spec:
  arms: [{long: 1h, spends: 0.02, severity: page}]
  noData: {after: 1m, severity: log}
";
    server.apply(&format!("{CHECKOUT_SLO}{receiver}")).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 2, 100, 0).await;
    server.advance(SignedDuration::from_mins(10)).await;
    let alerts = server.get("/api/v1/alerts").await;
    let alert = &alerts["items"][0];
    assert_eq!((&alert["severity"], &alert["phase"]), (&json!("log"), &json!("firing")));
    let notifications = async || server.get("/api/v1/notifications").await["items"].clone();
    assert_eq!(notifications().await, json!([]));
    // Tiers of one's own may want it told.
    let tiers = shipped("AlertTiers", "default");
    let (before, log) = tiers.split_once("  log:").unwrap();
    server.apply(&format!("{before}  log:{}", log.replace("tell: false", "tell: true"))).await;
    sender.minutes(&server, 2, 100, 0).await;
    assert_ne!(notifications().await, json!([]), "it closed, and that is told");
}

#[tokio::test]
async fn slo_09_targets_are_computed_for_the_window_and_say_whose_they_are() {
    let server = TestServer::start().await;
    let targets = server.get("/api/v1/objectives/targets").await;
    assert_eq!(
        (&targets["window"], &targets["guide"]["origin"]),
        (&json!("30d"), &json!("default"))
    );
    let three_nines = &targets["targets"][2];
    assert_eq!(three_nines["target"], 0.999);
    assert_eq!(three_nines["allows"]["downtime_seconds"], 2_592.0);
    assert_eq!(three_nines["shrinks"], 5.0);
    let year = server.get("/api/v1/objectives/targets?window=365d").await;
    assert_eq!(year["targets"][2]["allows"]["downtime_seconds"], 31_536.0);
    for odd in ["30", "1m", "400d", "soon"] {
        let path = format!("/api/v1/objectives/targets?window={odd}");
        let answer = server.request("GET", &path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
    }
    server.apply(&shipped("ObjectiveGuide", "default")).await;
    let targets = server.get("/api/v1/objectives/targets").await;
    assert_eq!(targets["guide"]["origin"], "yours", "though it says the same");
    assert_eq!(targets["guide"]["changed_by"], "token:admin");
}

#[tokio::test]
async fn slo_05_what_is_suggested_can_be_applied() {
    let server = TestServer::start().await;
    let path = "/api/v1/objectives/suggestion?type=grpc&service=checkout&window=28d";
    let suggestion = server.get(path).await;
    let yaml = suggestion["yaml"].as_str().unwrap();
    assert!(yaml.contains("duration: 28d"), "{yaml}");
    server.apply(&format!("{}---\n{yaml}", crate::it::harness::CHECKOUT)).await;
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    assert_eq!(slo["status"], "unmeasured");
    let unknown = path.replace("grpc", "grp");
    let answer = server.request("GET", &unknown).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn slo_08_raising_a_target_says_how_much_smaller_the_budget_becomes() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    let lint = async |target: &str| {
        let raised = CHECKOUT_SLO.replace("target: 0.999", &format!("target: {target}"));
        let (_, report) = server.post("/api/v1/definitions/lint", submission(&raised)).await;
        let found = report["diagnostics"].as_array().unwrap().clone();
        found.into_iter().find(|found| found["code"] == "slo.target_raised")
    };
    let told = lint("0.9999").await.expect("it is raised");
    assert_eq!(
        told["message"],
        "raised from 99.9 % to 99.99 %: the budget is 10 times smaller, 4.32 instead of 43.2 \
         minutes of outage over 30d"
    );
    assert!(told["hint"].as_str().unwrap().starts_with("As a rule of thumb"), "{told}");
    assert_eq!(told["level"], "warning");
    assert_eq!(lint("0.999").await, None);
    assert_eq!(lint("0.99").await, None);
}

#[tokio::test]
async fn invariant_11_a_definition_says_whether_it_ships_or_is_yours() {
    let server = TestServer::start().await;
    let path = "/api/v1/definitions/ErrorBudgetPolicy/default";
    let policy = server.get(path).await;
    assert_eq!((&policy["origin"], &policy["version"]), (&json!("default"), &json!("0.1.0")));
    server.apply(&shipped("ErrorBudgetPolicy", "default")).await;
    let policy = server.get(path).await;
    assert_eq!((&policy["origin"], &policy["version"]), (&json!("yours"), &Value::Null));
    assert_eq!(policy["changed_by"], "token:admin");
    server.apply(CHECKOUT_SLO).await;
    let slo = server.get("/api/v1/slos/checkout-availability").await;
    let origins = slo["origins"].as_array().unwrap();
    let whose: Vec<_> = origins.iter().map(|it| (&it["kind"], &it["origin"])).collect();
    let (policy, burn) = (json!("ErrorBudgetPolicy"), json!("BurnPolicy"));
    assert_eq!(whose, [(&policy, &json!("yours")), (&burn, &json!("default"))]);
}

fn debt(name: &str, slo: &str, mend_by: &str) -> String {
    format!(
        "---\napiVersion: plimsoll/v1\nkind: KnownViolation\nmetadata: {{name: {name}}}\n\
         spec: {{slo: {slo}, cause: locks, remedy: a copy, mendBy: {mend_by}}}\n"
    )
}

/// Known violations that fit a query, each with the days that are left.
async fn debts(server: &TestServer, query: &str) -> Vec<(String, i64)> {
    let page = server.get(&format!("/api/v1/known-violations{query}")).await;
    let items = page["items"].as_array().unwrap();
    let read = |item: &Value| {
        (item["name"].as_str().unwrap().to_owned(), item["days_left"].as_i64().unwrap())
    };
    items.iter().map(read).collect()
}

#[tokio::test]
async fn bud_18_known_violations_are_debts_with_a_day_and_say_when_they_are_overdue() {
    let server = TestServer::start().await;
    // The clock stands at 2026-11-20.
    let owed = debt("locks", "checkout-availability", "2026-11-21")
        + &debt("nights", "checkout-availability", "2026-12-20")
        + &debt("imports", "search-availability", "2026-11-20");
    server.apply(&(shop() + &owed)).await;
    let owned = |list: &[(&str, i64)]| {
        list.iter().map(|(name, left)| ((*name).to_owned(), *left)).collect::<Vec<_>>()
    };
    let all = owned(&[("imports", 0), ("locks", 1), ("nights", 30)]);
    assert_eq!(debts(&server, "").await, all, "what is due first comes first");
    assert_eq!(debts(&server, "?overdue=true").await, []);
    server.site.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(debts(&server, "?overdue=true").await, owned(&[("imports", -1)]));
    assert_eq!(debts(&server, "?overdue=false&slo=checkout-availability").await.len(), 2);
    assert_eq!(debts(&server, "?service=search").await.len(), 1);
    assert_eq!(debts(&server, "?owner=shop").await.len(), 3);
    assert_eq!(debts(&server, "?owner=nobody").await, []);

    let page = server.get("/api/v1/known-violations?limit=1&overdue=true").await;
    let first = &page["items"][0];
    assert_eq!(first["owner"], "shop");
    assert_eq!(first["mend_by"], "2026-11-20");
    assert_eq!(first["status"], "unmeasured");
    let page = server.get("/api/v1/known-violations?limit=2").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(
        debts(&server, &format!("?limit=2&cursor={cursor}")).await,
        owned(&[("nights", 29)])
    );

    // What is owed is not forgotten with the SLO.
    let (status, refused) =
        answer(server.request("DELETE", "/api/v1/definitions/SLO/search-availability")).await;
    assert_eq!(status, StatusCode::CONFLICT, "{refused}");
}

#[tokio::test]
async fn bud_19_a_service_says_how_often_it_is_deployed_and_what_fits_its_tier() {
    let server = TestServer::start().await;
    let tiered = shop().replacen(
        "metadata: {name: checkout}\nspec: {owner",
        "metadata: {name: checkout, annotations: {plimsoll.dev/tier: \"1\"}}\nspec: {owner",
        1,
    );
    server.apply(&tiered).await;
    let mut sender = Sender::default();
    sender.minutes(&server, 10, 10_000, 0).await;
    let deploy = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:1",
        "class": "feature",
    });
    for _ in 0..2 {
        let (status, told) = server.post("/api/v1/deployments", deploy.clone()).await;
        assert!(status.is_success(), "{told}");
    }
    let old = json!({
        "service": "checkout", "environment": "production", "artifact": "sha256:0",
        "class": "feature", "deployed_at": "2026-10-01T00:00:00Z",
    });
    server.post("/api/v1/deployments", old).await;
    let cadence = |service: Value| service["cadence"].clone();
    let of_checkout = cadence(server.get("/api/v1/services/checkout").await);
    assert_eq!(of_checkout["deployments"], 2);
    let said = "each change by itself, as often as one is ready, and watched until it has settled";
    assert_eq!(of_checkout["advice"], said);
    // Without a tier there is nothing to go by; lists do not count.
    assert_eq!(cadence(server.get("/api/v1/services/search").await), Value::Null);
    let list = server.get("/api/v1/services").await;
    assert_eq!(cadence(list["items"][0].clone()), Value::Null);

    sender.minutes(&server, 5, 0, 10_000).await;
    // Services stand where the last sweep saw them.
    server.advance(SignedDuration::from_secs(4)).await;
    let now = server.get("/api/v1/services/checkout").await;
    assert_eq!(now["status"], "exhausted");
    assert!(now["firing"].as_u64() > Some(0), "{now}");
    assert_eq!(now["cadence"], json!({"deployments": 2, "advice": null}), "mend first");

    // The alert ends, and the budget stays spent.
    sender.minutes(&server, 30, 10_000, 0).await;
    server.advance(SignedDuration::from_secs(4)).await;
    let after = server.get("/api/v1/services/checkout").await;
    assert_eq!((&after["firing"], &after["status"]), (&json!(0), &json!("exhausted")));
    assert_eq!(after["cadence"]["advice"], "only what mends, one change at a time");
}
