use expect_test::expect;
use plimsoll_api::v1::service::Service;

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
    };
    let items = [service("checkout", Some("team-shop")), service("till", None)];
    expect![[r#"
        NAME      OWNER      TIER  SLOS  DEPENDS ON
        checkout  team-shop  1     –     payments, stock
        till      unowned    1     –     payments, stock"#]]
    .assert_eq(&Screen::PLAIN.items(&items));
}

#[test]
fn numbers_read_as_people_write_them() {
    let percents = [0.999, 0.0, -0.25, 0.000_054_27, 1.0, 0.999_99].map(format::percent);
    assert_eq!(percents, ["99.9 %", "0 %", "-25 %", "0.0054 %", "100 %", "99.999 %"]);
    let counts = [0.0, 12.0, 1_234_567.0, 1234.5, -1000.0].map(format::count);
    assert_eq!(counts, ["0", "12", "1,234,567", "1,234.5", "-1,000"]);
    assert_eq!([0.5, 0.0, 0.000_012].map(format::probability), ["0.5", "0", "1.2e-5"]);
}

#[test]
fn colours_are_for_terminals() {
    let word = Word::status("deny");
    assert_eq!(Screen::PLAIN.loud(&word), "deny");
    let terminal = Screen { terminal: true, colour: true };
    assert!(terminal.loud(&word).starts_with('\u{1b}'));
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
