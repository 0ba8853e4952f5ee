use super::*;
use crate::world::{SeededRng, SimClock};

fn key() -> Key {
    let data = tempfile::tempdir().unwrap();
    let world = World::new(Arc::new(SimClock::new(at(0))), Arc::new(SeededRng::new(1)));
    Key::open(data.path(), &world).unwrap()
}

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
fn a_weak_password_is_refused_with_the_reason() {
    let refused = |password: &str| match check(password, "ada") {
        Err(Failure::Invalid { code, message, .. }) => (code, message),
        other => panic!("{password}: {other:?}"),
    };
    let guessed = "this password is among the first that somebody would guess";
    let (code, said) = refused("qwertyuiop[]");
    assert_eq!(code, "password_too_weak");
    assert_eq!(said, format!("{guessed}: straight rows of keys are easy to guess"));
    assert_eq!(refused("short").0, "password_too_short");
    assert!(check("four random words here", "ada").is_ok());
}

#[test]
fn attempts_in_a_row_make_the_name_wait_longer_each_time() {
    let mut throttle = Throttle::new(key());
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

#[test]
fn failures_are_forgotten_after_an_hour_without_any() {
    let mut throttle = Throttle::new(key());
    for second in 0..10 {
        // Those that are refused count for nothing.
        let _ = throttle.attempt(at(second), "ada");
    }
    assert!(throttle.attempt(at(2_000), "ada").is_ok());
    assert!(throttle.attempt(at(2_001), "ada").is_err());
    assert!(throttle.attempt(at(6_000), "ada").is_ok());
    assert!(throttle.attempt(at(6_000), "ada").is_ok());
}

#[test]
fn however_many_names_wait_the_next_is_throttled_too() {
    let mut throttle = Throttle::new(key());
    for name in 0..20_000 {
        for _ in 0..6 {
            // Names that share a place are refused sooner.
            let _ = throttle.attempt(at(0), &format!("n{name}"));
        }
    }
    let refused = (0..6).filter(|_| throttle.attempt(at(0), "ada").is_err()).count();
    assert!(refused > 0);
}

#[tokio::test]
async fn whoever_only_met_a_crowd_has_not_tried() {
    let passwords = Passwords::new(key());
    let stored = hash("correct horse battery", b"sixteen bytes ok");
    let try_it = async || {
        passwords.verify(at(0), "ada", "correct horse battery", Some(stored.clone())).await
    };
    let crowd: Vec<_> = std::iter::from_fn(|| passwords.place().ok()).collect();
    for _ in 0..20 {
        assert!(matches!(try_it().await, Err(Failure::Busy { code: "too_many_sign_ins", .. })));
    }
    drop(crowd);
    assert!(try_it().await.is_ok_and(|right| right));
}
