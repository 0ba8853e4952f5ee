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
    expect![[r#"
        Verdict: deny, which does not bind: this gate is in shadow mode (--enforce asks for the binding one)
        feature of checkout to production: sha256:abc

        VERDICT  REASON            SLO                    WHAT
        deny     budget_exhausted  checkout-availability  the budget is exhausted
        warn     alert_firing      –                      an alert fires

        Facts
          service: checkout
          slos:
          - budget_remaining: -0.25
            name: a

        dec_0190, decided 2026-01-31T12:00:00Z by table/1 for ci, holds until 2026-01-31T13:00:00Z

        Policy
          name: default"#]].assert_eq(&text);
}

#[test]
fn a_binding_verdict_says_so() {
    let decision = Decision { enforced: true, ..stored() };
    assert_eq!(verdict(&Screen::PLAIN, &decision), "Verdict: deny, which binds");
}

#[test]
fn a_replay_tells_what_differs() {
    let value = json!({
        "id": "dec_0190", "identical": false, "engine_then": "table/1", "engine_now": "table/2",
        "verdict_then": "deny", "verdict_now": "warn", "differences": ["verdict: deny, now warn"],
    });
    expect![[r#"
        dec_0190: differs

        Then  deny by table/1
        Now   warn by table/2

        verdict: deny, now warn"#]]
    .assert_eq(&replay(&Screen::PLAIN, &serde_json::from_value(value).unwrap()));
}
