use expect_test::expect;
use jiff::Timestamp;
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::service::{Cadence, Service};
use plimsoll_api::v1::violation::KnownViolation;

use super::*;

#[test]
fn an_empty_list_is_a_sentence() {
    assert_eq!(Screen::PLAIN.items::<Service>(&[]), "There are no services.");
}

#[test]
fn a_list_is_a_table() {
    let service = |name: &str, owner: Option<&str>| Service {
        name: name.to_owned(),
        display_name: None,
        description: None,
        owner: owner.map(str::to_owned),
        tier: Some(1),
        depends_on: vec!["payments".to_owned(), "stock".to_owned()],
        slos: Vec::new(),
        status: None,
        budget_remaining: None,
        firing: 0,
        cadence: None,
    };
    let healthy = Some("healthy".to_owned());
    let checkout = Service { status: healthy, ..service("checkout", Some("team-shop")) };
    let items = [checkout, service("till", None)];
    expect![[r#"
        NAME      OWNER      TIER  STATUS   SLOS  DEPENDS ON
        checkout  team-shop  1     healthy  –     payments, stock
        till      unowned    1     –        –     payments, stock"#]]
    .assert_eq(&Screen::PLAIN.items(&items));
}

#[test]
fn bud_18_what_is_owed_says_by_when() {
    let owed = |name: &str, days_left: i32| KnownViolation {
        name: name.to_owned(),
        slo: "checkout-latency".to_owned(),
        service: "checkout".to_owned(),
        owner: Some("shop".to_owned()),
        cause: "locks".to_owned(),
        remedy: "a copy".to_owned(),
        mend_by: "2027-01-31".parse().unwrap(),
        days_left,
        tracker: None,
        status: Some("warning".to_owned()),
    };
    expect![[r#"
        NAME  SLO               OWNER  STATUS   MEND BY     LEFT           CAUSE  REMEDY
        a     checkout-latency  shop   warning  2027-01-31  1 day overdue  locks  a copy
        b     checkout-latency  shop   warning  2027-01-31  today          locks  a copy
        c     checkout-latency  shop   warning  2027-01-31  1 day          locks  a copy
        d     checkout-latency  shop   warning  2027-01-31  30 days        locks  a copy"#]]
    .assert_eq(&Screen::PLAIN.items(&[owed("a", -1), owed("b", 0), owed("c", 1), owed("d", 30)]));
}

#[test]
fn bud_19_a_cadence_is_a_line() {
    let words = |deployments, advice: Option<&str>| {
        service::words(&Cadence { deployments, advice: advice.map(str::to_owned) })
    };
    assert_eq!(words(1, None), "Deployed once in the last 28 days.");
    assert_eq!(
        words(12, Some("only what mends")),
        "Deployed 12 times in the last 28 days. As its budgets stand: only what mends"
    );
}

#[test]
fn numbers_read_as_people_write_them() {
    let percents = [0.999, 0.0, -0.25, 0.000_054_27, 1.0, 0.999_99].map(format::percent);
    assert_eq!(percents, ["99.9 %", "0 %", "-25 %", "0.0054 %", "100 %", "99.999 %"]);
    let counts = [0.0, 12.0, 1_234_567.0, 1234.5, -1000.0].map(format::count);
    assert_eq!(counts, ["0", "12", "1,234,567", "1,234.5", "-1,000"]);
    assert_eq!([0.5, 0.0, 0.000_012].map(format::probability), ["0.5", "0", "1.2e-5"]);
}

/// A terminal of so many columns, without colours.
fn terminal(columns: usize) -> Screen {
    Screen { width: Some(columns), ..Screen::PLAIN }
}

#[test]
fn colours_are_for_terminals() {
    let word = Word::status("deny");
    assert_eq!(Screen::PLAIN.loud(&word), "deny");
    let terminal = Screen { colour: true, ..terminal(80) };
    assert!(terminal.loud(&word).starts_with('\u{1b}'));
    let table = terminal.table(&["A", "B"], [vec![Word::status("deny"), "x".into()]]);
    assert!(table.contains("deny") && table.contains("\u{1b}["), "{table:?}");
    let plain = Screen::PLAIN.table(&["A", "B"], [vec![Word::status("deny"), "x".into()]]);
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
}

fn alert(summary: &str) -> Alert {
    Alert {
        id: "alt_0190f5fe-7c00-7a00-8000-000000000000".to_owned(),
        kind: "burn".to_owned(),
        slo: "checkout-availability".to_owned(),
        service: "checkout".to_owned(),
        owner: None,
        severity: "page".to_owned(),
        phase: "firing".to_owned(),
        opened_at: Timestamp::UNIX_EPOCH,
        firing_since: Timestamp::UNIX_EPOCH,
        closed_at: None,
        summary: summary.to_owned(),
        arms: Vec::new(),
        budget_remaining: None,
        timeline: Vec::new(),
    }
}

const SUMMARY: &str = "the budget burns 東京 17.2 times as fast as it may over 1h";

#[test]
fn a_table_gives_way_column_by_column() {
    let alerts = [alert(SUMMARY)];
    expect![[r#"
        ID                                        SLO                    PHASE   FIRING SINCE          SUMMARY
        alt_0190f5fe-7c00-7a00-8000-000000000000  checkout-availability  firing  1970-01-01T00:00:00Z  the budget burns 東京 17.2
                                                                                                       times as fast as it may over 1h"#]]
    .assert_eq(&terminal(126).items(&alerts));
    expect![[r#"
        ID                                        SLO                    PHASE
        alt_0190f5fe-7c00-7a00-8000-000000000000  checkout-availability  firing"#]]
    .assert_eq(&terminal(76).items(&alerts));
    expect![[r#"
        ID            alt_0190f5fe-7c00-7a00-8000-00000000
                      0000
        SLO           checkout-availability
        PHASE         firing
        SEVERITY      page
        FIRING SINCE  1970-01-01T00:00:00Z
        CLOSED        –
        SUMMARY       the budget burns 東京 17.2 times as
                      fast as it may over 1h"#]]
    .assert_eq(&terminal(50).items(&alerts));
}

#[test]
fn no_line_of_a_table_is_wider_than_the_terminal() {
    for columns in 30..200 {
        for screen in [terminal(columns), Screen { colour: true, ..terminal(columns) }] {
            let drawn = screen.items(&[alert(SUMMARY), alert("short")]);
            for line in drawn.lines() {
                assert!(text::width(line) <= columns, "{columns}: {line:?}");
            }
        }
    }
}

#[test]
fn where_there_is_no_terminal_nothing_is_cut() {
    let long = "x".repeat(5_000);
    let drawn = Screen::PLAIN.items(&[alert(&long)]);
    assert_eq!(drawn.lines().count(), 2);
    assert!(drawn.ends_with(&long));
}

#[test]
fn what_a_label_holds_is_shown_and_not_obeyed() {
    let hostile = "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31mred\nnext\u{202e}";
    let drawn = terminal(300).items(&[alert(hostile)]);
    assert_eq!(drawn.lines().count(), 2, "a line end makes no line: {drawn}");
    assert!(drawn.contains(r"\u001b[2J\u001b]0;title\u0007\u009b31mred\nnext\u202e"), "{drawn}");
}

#[test]
fn programs_get_every_character_and_terminals_none_that_they_obey() {
    let hostile = serde_json::json!({"label": "\u{1b}[2J \u{9b}31m \u{85} \u{7} \u{202e}\r\n\tx"});
    let text = json(&hostile);
    assert_eq!(serde_json::from_str::<Value>(&Screen::PLAIN.line(&text)).unwrap(), hostile);
    let text = yaml(&hostile).unwrap();
    let back: Value = serde_saphyr::from_str(&Screen::PLAIN.line(&text)).unwrap();
    assert_eq!(back, hostile);
    for text in [json(&hostile), text] {
        let shown = terminal(80).line(&text);
        let obeyed = |letter: char| letter.is_control() && letter != '\n';
        assert!(!shown.contains(obeyed), "{shown:?}");
    }
}

#[test]
fn json_drops_nothing_that_this_version_does_not_know() {
    let answer = serde_json::json!({"name": "a", "new_in_next_version": [1, null]});
    let back: Value = serde_json::from_str(&json(&answer)).unwrap();
    assert_eq!(back, answer);
    expect![[r#"
        name: a
        new_in_next_version:
        - 1
        - null
    "#]]
    .assert_eq(&yaml(&answer).unwrap());
}
