use plimsoll_api::v1::gate::Decision;

use super::*;

fn decision(verdict: &str, enforced: bool) -> Decision {
    Decision {
        id: "dec_1".to_owned(),
        service: "checkout".to_owned(),
        environment: "production".to_owned(),
        artifact: "sha256:abc".to_owned(),
        class: "feature".to_owned(),
        verdict: verdict.to_owned(),
        enforced,
        reasons: Vec::new(),
        facts: serde_json::Value::Null,
        policy: serde_json::Value::Null,
        engine: "table/1".to_owned(),
        decided_at: jiff::Timestamp::UNIX_EPOCH,
        expires_at: jiff::Timestamp::UNIX_EPOCH,
        asked_by: "ci".to_owned(),
    }
}

#[test]
fn an_enforced_verdict_is_the_exit_code() {
    let code = |verdict| exit(&decision(verdict, true)).unwrap() as u8;
    assert_eq!(["allow", "warn", "deny"].map(code), [0, 10, 20]);
}

#[test]
fn a_verdict_in_shadow_mode_does_not_bind() {
    let code = |verdict| exit(&decision(verdict, false)).unwrap();
    assert_eq!(["allow", "warn", "deny"].map(code), [Exit::Ok; 3]);
}

#[test]
fn a_word_that_is_no_verdict_is_no_decision_in_either_mode() {
    for enforced in [true, false] {
        let failure = exit(&decision("maybe", enforced)).unwrap_err();
        assert_eq!(failure.exit(), Exit::Unasked);
    }
}
