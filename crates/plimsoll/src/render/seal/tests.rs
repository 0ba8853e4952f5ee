use expect_test::expect;

use super::*;

fn head_of(size: u64) -> Head {
    Head {
        origin: "plimsoll/org_7".to_owned(),
        size,
        root: "ab".repeat(32),
        sealed_at: "2026-11-20T06:00:00.5Z".parse().unwrap(),
        key: "plimsoll/org_7+0a0b0c0d+AQ==".to_owned(),
        note: String::new(),
    }
}

fn intact() -> Verification {
    Verification {
        intact: true,
        sealed: 1_234,
        waiting: 0,
        erased: 1,
        head: Some(head_of(1_234)),
        signer: "installation".to_owned(),
        against: vec![Kept { place: "head.json".to_owned(), size: 1_000 }],
        violations: Vec::new(),
        more: 0,
    }
}

#[test]
fn an_intact_history_is_told_in_five_lines() {
    expect![[r#"
        History: intact

        Sealed   1,234
        Waiting  0
        Erased   1
        Head     abababababababababababababababababababababababababababababababab of 2026-11-20T06:00:00Z, signed by this installation
        Against  head.json (1,000)"#]].assert_eq(&verification(&Screen::PLAIN, &intact()));
}

#[test]
fn a_changed_history_names_each_row() {
    let violation = |fault: &str, key: Option<&str>| Violation {
        fault: fault.to_owned(),
        kind: key.map(|_| "entry".to_owned()),
        key: key.map(ToOwned::to_owned),
        number: Some(17),
        detail: "it is not what was sealed".to_owned(),
    };
    let violations = vec![violation("edited", Some("ent_1")), violation("truncated", None)];
    let found = Verification {
        intact: false,
        waiting: 3,
        head: None,
        signer: "unchecked".to_owned(),
        against: Vec::new(),
        violations,
        more: 5,
        ..intact()
    };
    expect![[r#"
        History: changed

        Sealed   1,234
        Waiting  3, which a running server seals within seconds
        Erased   1
        Head     –
        Against  – (a head kept elsewhere would show a history set back whole)

        FAULT      ROW          SEAL  DETAIL
        edited     entry ent_1  17    it is not what was sealed
        truncated  –            17    it is not what was sealed

        and 5 more"#]]
    .assert_eq(&verification(&Screen::PLAIN, &found));
}

#[test]
fn a_head_is_told_in_full() {
    expect![[r#"
        Origin  plimsoll/org_7
        Sealed  12
        Root    abababababababababababababababababababababababababababababababab
        At      2026-11-20T06:00:00Z
        Key     plimsoll/org_7+0a0b0c0d+AQ=="#]]
    .assert_eq(&head(&Screen::PLAIN, &head_of(12)));
}
