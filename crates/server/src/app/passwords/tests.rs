use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

#[test]
fn a_stored_password_verifies_and_another_does_not() {
    let stored = hash("correct horse battery", b"sixteen bytes ok");
    assert!(stored.starts_with("$argon2id$"), "{stored}");
    assert!(verify("correct horse battery", &stored));
    assert!(!verify("correct horse batterY", &stored));
    assert!(!verify("", "not a hash"));
}

#[test]
fn attempts_in_a_row_make_the_name_wait_longer_each_time() {
    let mut throttle = Throttle::default();
    for _ in 0..5 {
        assert!(throttle.attempt(at(0), "ada").is_ok());
    }
    assert!(throttle.attempt(at(0), "ada").is_err());
    assert!(throttle.attempt(at(0), "bob").is_ok());
    assert!(throttle.attempt(at(1), "ada").is_ok());
    assert!(throttle.attempt(at(2), "ada").is_err());
    assert!(throttle.attempt(at(3), "ada").is_ok());
    throttle.forget("ada");
    for _ in 0..5 {
        assert!(throttle.attempt(at(3), "ada").is_ok());
    }
}
