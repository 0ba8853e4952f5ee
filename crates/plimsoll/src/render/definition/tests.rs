use expect_test::expect;
use serde_json::{Value, json};

use super::*;

fn report_of(value: Value) -> String {
    report(&Screen::PLAIN, &serde_json::from_value(value).unwrap())
}

#[test]
fn a_refused_submission_shows_every_fault_at_its_place() {
    let text = report_of(json!({
        "applied": false, "changes": [], "revision": null,
        "diagnostics": [
            {"level": "error", "code": "slo.several_objectives", "file": "slos.yaml", "line": 12,
             "column": 3, "message": "two objectives", "hint": "write two SLOs"},
            {"level": "warning", "code": "service.unowned", "file": "slos.yaml", "line": 20,
             "column": 9, "message": "no owner", "hint": null},
        ],
    }));
    expect![[r#"
        slos.yaml:12:3: error[slo.several_objectives]: two objectives
          hint: write two SLOs
        slos.yaml:20:9: warning[service.unowned]: no owner

        Nothing was applied: 1 error, 1 warning."#]]
    .assert_eq(&text);
}

#[test]
fn an_applied_submission_shows_what_changed() {
    let text = report_of(json!({
        "applied": true, "revision": "rev_0190", "diagnostics": [],
        "changes": [
            {"action": "created", "kind": "SLO", "name": "checkout-availability"},
            {"action": "unchanged", "kind": "Component", "name": "checkout"},
        ],
    }));
    expect![[r#"
        CHANGE     KIND       NAME
        created    SLO        checkout-availability
        unchanged  Component  checkout

        Applied as rev_0190."#]]
    .assert_eq(&text);
}
