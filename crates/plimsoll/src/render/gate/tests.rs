use expect_test::expect;
use serde_json::json;

use super::*;

fn stored() -> Decision {
    let value = json!({
        "id": "dec_0190", "service": "checkout", "environment": "production",
        "artifact": "sha256:abc", "class": "feature", "verdict": "deny", "enforced": false,
        "reasons": [
            {"code": "budget_exhausted", "verdict": "deny", "slo": "checkout-availability",
             "message": "the budget is exhausted"},
            {"code": "alert_firing", "verdict": "warn", "slo": null, "message": "an alert fires"},
        ],
        "facts": {"service": "checkout", "slos": [{"name": "a", "budget_remaining": -0.25}]},
        "policy": {"name": "default"},
        "engine": "table/1", "decided_at": "2026-01-31T12:00:00Z",
        "expires_at": "2026-01-31T13:00:00Z", "asked_by": "ci",
    });
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_decision_in_shadow_mode_says_so() {
    let text = explanation(&Screen::PLAIN, &stored()).unwrap();
    expect![[]].assert_eq(&text);
}

#[test]
fn a_binding_verdict_stands_alone() {
    let decision = Decision { enforced: true, ..stored() };
    assert_eq!(verdict(&Screen::PLAIN, &decision), "Verdict: deny");
}

#[test]
fn a_replay_tells_what_differs() {
    let value = json!({
        "id": "dec_0190", "identical": false, "engine_then": "table/1", "engine_now": "table/2",
        "verdict_then": "deny", "verdict_now": "warn", "differences": ["verdict: deny, now warn"],
    });
    expect![[]].assert_eq(&replay(&Screen::PLAIN, &serde_json::from_value(value).unwrap()));
}
