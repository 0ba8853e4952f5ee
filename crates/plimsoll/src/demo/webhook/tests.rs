use super::*;

/// The message, key and signature of the Standard Webhooks reference libraries' tests.
const KEY: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &str = r#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const SENT_AT: i64 = 1_614_265_330;

fn verified(signature: &str, body: &str, now: i64) -> Result<String, &'static str> {
    let headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()),
        ("webhook-timestamp", SENT_AT.to_string()),
        ("webhook-signature", signature.to_owned()),
    ];
    let header = |(name, value): (&'static str, String)| {
        (axum::http::HeaderName::from_static(name), value.parse().unwrap())
    };
    let headers: HeaderMap = headers.into_iter().map(header).collect();
    let now = Timestamp::from_second(now).unwrap();
    verify(&STANDARD.decode(KEY).unwrap(), &headers, body, now)
}

#[test]
fn a_good_signature_is_taken_also_among_others() {
    assert!(verified(SIGNATURE, BODY, SENT_AT).is_ok());
    assert!(verified(&format!("v1,AAAA v2,xyz {SIGNATURE}"), BODY, SENT_AT + 299).is_ok());
}

#[test]
fn another_body_key_or_time_is_refused() {
    assert_eq!(verified(SIGNATURE, "{}", SENT_AT), Err("no signature fits"));
    assert_eq!(verified("v1,AAAA", BODY, SENT_AT), Err("no signature fits"));
    let late = verified(SIGNATURE, BODY, SENT_AT + 301);
    assert_eq!(late, Err("the webhook-timestamp is too far from now"));
}
