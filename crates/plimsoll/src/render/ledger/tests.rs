use expect_test::expect;
use serde_json::{Value, json};

use super::*;

fn entry(cause: &str, bad: f64) -> Value {
    json!({
        "cause": cause, "deployment": null, "alerts": [], "from": null, "to": null,
        "minutes": 1_200, "bad": bad, "total": 100_000.0, "share": bad / 100.0,
        "budget": bad / 50.0, "causes": 1,
    })
}

fn ledger(entries: Vec<Value>) -> Ledger {
    let spent = |bad: f64, total: f64| json!({"bad": bad, "total": total, "error_ratio": 0.001, "budget": 2.0});
    let ledger = json!({
        "slo": "checkout-availability", "service": "checkout", "objective": 0.9995,
        "from": "2026-01-01T00:00:00Z", "to": "2026-01-31T00:01:00Z",
        "spent": spent(100.0, 100_000.0), "without_deployments": spent(40.0, 99_000.0),
        "entries": entries, "deployment_window": "1h", "environments": ["production"],
        "aligned_to_hours": false, "causes_left_out": false,
    });
    serde_json::from_value(ledger).unwrap()
}

#[test]
fn each_cause_is_named_and_what_is_not_known_is_a_dash() {
    let mut deployment = entry("deployment", 60.0);
    deployment["deployment"] = json!({
        "id": "dep_1", "service": "checkout", "environment": "production", "artifact": "sha256:1",
        "version": "1.2.3", "commit": null, "class": "feature",
        "deployed_at": "2026-01-05T10:00:00Z", "recorded_by": "ci",
    });
    deployment["from"] = json!("2026-01-05T10:00:00Z");
    deployment["to"] = json!("2026-01-05T11:30:00Z");
    deployment["alerts"] = json!(["alr_1", "alr_2"]);
    let mut gap = entry("gap", 10.0);
    gap["minutes"] = json!(null);
    let mut others = entry("others", 5.0);
    others["causes"] = json!(1_200);
    let entries = vec![deployment, entry("unknown", 25.0), gap, others];
    expect![[r#"
        SLO                  checkout-availability (checkout)
        Window               2026-01-01T00:00:00Z to 2026-01-31T00:01:00Z
        Objective            99.95 %
        Spent                200 % of the budget: 100 bad of 100,000 events (0.1 %)
        Without deployments  200 % of the budget: 40 bad of 99,000 events (0.1 %)

        CAUSE                     FROM                  TO                    MINUTES  BAD  SHARE  BUDGET  ALERTS
        deployment 1.2.3 (dep_1)  2026-01-05T10:00:00Z  2026-01-05T11:30:00Z  1,200    60   60 %   120 %   alr_1, alr_2
        unknown                   –                     –                     1,200    25   25 %   50 %    –
        gap                       –                     –                     –        10   10 %   20 %    –
        1,200 others              –                     –                     1,200    5    5 %    10 %    –

        note: a deployment to production answers for 1h, and for outages that begin in them"#]].assert_eq(&one(&Screen::PLAIN, &ledger(entries)));
}

#[test]
fn that_nothing_was_spent_is_said_and_so_is_what_was_not_looked_at() {
    let mut ledger = ledger(Vec::new());
    ledger.environments = Vec::new();
    ledger.causes_left_out = true;
    ledger.aligned_to_hours = true;
    expect![[r#"
        SLO                  checkout-availability (checkout)
        Window               2026-01-01T00:00:00Z to 2026-01-31T00:01:00Z
        Objective            99.95 %
        Spent                200 % of the budget: 100 bad of 100,000 events (0.1 %)
        Without deployments  200 % of the budget: 40 bad of 99,000 events (0.1 %)

        nothing was spent

        note: a deployment to any environment answers for 1h, and for outages that begin in them
        note: there were more alerts or deployments than are looked at: what the older ones took is with `unknown`
        note: the window's old edge is widened to a whole hour: minutes that old are not kept"#]].assert_eq(&one(&Screen::PLAIN, &ledger));
}
