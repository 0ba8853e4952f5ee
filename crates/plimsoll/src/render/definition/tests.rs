use expect_test::expect;
use serde_json::{Value, json};

use super::*;

fn report_of(value: Value) -> String {
    report(&Screen::PLAIN, &serde_json::from_value(value).unwrap(), &[])
}

fn file(text: &str) -> File {
    File { path: "a.yaml".to_owned(), text: text.to_owned() }
}

fn fault(line: u32, column: u32) -> Diagnostic {
    Diagnostic {
        level: Level::Error,
        code: "slo.unknown".to_owned(),
        file: "a.yaml".to_owned(),
        line,
        column,
        message: "it is wrong".to_owned(),
        hint: Some("mend it".to_owned()),
    }
}

#[test]
fn the_line_at_fault_is_shown_with_a_caret() {
    let text = "one: 1\n\ttwo: 東京 x\n";
    let shown = diagnostics(&Screen::PLAIN, &[fault(2, 10)], &[file(text)]);
    // The tab takes four columns here, and each wide letter two.
    expect![[r#"
        a.yaml:2:10: error[slo.unknown]: it is wrong
          2 |     two: 東京 x
            |               ^
          hint: mend it"#]]
    .assert_eq(&shown);
}

#[test]
fn of_a_long_line_what_is_around_the_fault_is_shown() {
    let text = format!("{}X{}", "a".repeat(150), "b".repeat(150));
    let shown = diagnostics(&Screen::PLAIN, &[fault(1, 151)], &[file(&text)]);
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines[1].chars().count(), "  1 | …".chars().count() + 100);
    let place = |line: &str, letter| line.chars().position(|it| it == letter);
    assert_eq!(place(lines[1], 'X'), place(lines[2], '^'));
}

#[test]
fn what_a_file_holds_is_not_obeyed() {
    let mut fault = fault(1, 4);
    fault.message = "no \u{1b}[2J here".to_owned();
    let shown = diagnostics(&Screen::PLAIN, &[fault], &[file("a: \u{1b}]0;x\u{7}")]);
    assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
    assert!(shown.contains(r"a: \u001b]0;x\u0007") && shown.contains(r"no \u001b[2J"), "{shown}");
}

#[test]
fn a_place_beyond_the_file_shows_no_line() {
    for (line, column) in [(9, 1), (1, 400)] {
        let shown = diagnostics(&Screen::PLAIN, &[fault(line, column)], &[file("short")]);
        assert!(shown.starts_with(&format!("a.yaml:{line}:{column}: ")), "{shown}");
    }
}

#[test]
fn differences_are_shown_document_by_document() {
    let report: Report = serde_json::from_value(json!({
        "applied": false, "revision": null, "diagnostics": [],
        "changes": [
            {"action": "updated", "kind": "SLO", "name": "a", "before_origin": "yours",
             "before": "kind: SLO\ntarget: 0.99\n", "after": "kind: SLO\ntarget: 0.999"},
            {"action": "created", "kind": "SLI", "name": "b", "after": "kind: SLI\n"},
            {"action": "unchanged", "kind": "Group", "name": "c"},
        ],
    }))
    .unwrap();
    expect![[r#"
        updated SLO a
        --- SLO/a (in force)
        +++ SLO/a
        @@ -1,2 +1,2 @@
         kind: SLO
        -target: 0.99
        +target: 0.999

        created SLI b
        --- /dev/null
        +++ SLI/b
        @@ -0,0 +1 @@
        +kind: SLI

        1 created, 1 updated, 1 unchanged."#]]
    .assert_eq(&differences(&Screen::PLAIN, &report, &[]));
    assert!(differs(&report));
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

        Applied as rev_0190: 1 created, 0 updated, 1 unchanged."#]]
    .assert_eq(&text);
}
