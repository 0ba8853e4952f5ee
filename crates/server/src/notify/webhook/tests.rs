use plimsoll_domain::alert::Transition;
use plimsoll_trials::hostile;

use super::*;
use crate::config::resolve_secret;
use crate::notify::mail::letter::tests::{alert, told};

#[test]
fn the_signature_is_that_of_the_specification() {
    // The worked example of the Standard Webhooks reference libraries.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    std::fs::write(&path, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let reference = plimsoll_domain::notify::SecretRef::File(path.display().to_string());
    let secret = resolve_secret(&reference).unwrap();
    let signed =
        signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
    assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_secret_of_another_form_is_named_as_the_fault() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    for text in ["hunter2", "whsec_", "whsec_%%"] {
        std::fs::write(&path, text).unwrap();
        let reference = plimsoll_domain::notify::SecretRef::File(path.display().to_string());
        let secret = resolve_secret(&reference).unwrap();
        let refused = signature(&secret, "id", "0", "{}").unwrap_err();
        assert!(refused.contains("whsec_") && !refused.contains("hunter2"), "{refused}");
    }
}

#[test]
fn what_comes_from_outside_is_a_text_of_the_message_and_nothing_more() {
    for text in hostile::texts() {
        let notification = told(&alert(&text), Transition::Opened);
        let owner = Name::parse("shop").unwrap();
        let body = render(&notification, Some(&owner), "https://p.example").to_string();
        // On the wire it is one line of JSON, whatever is in it.
        assert_eq!(body.find(|c: char| c.is_control()), None, "{body:?}");
        let message: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(message["data"]["summary"], text);
        let told = ["page", "checkout-availability", "firing"].map(Value::from);
        let data = &message["data"];
        assert_eq!([&data["severity"], &data["slo"], &data["phase"]], told.each_ref());
    }
}
