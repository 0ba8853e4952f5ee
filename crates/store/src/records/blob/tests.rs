use super::{decode, encode};
use crate::records::Error;

#[test]
fn says_its_version() {
    assert_eq!(encode(&vec![1, 2]), r#"{"v":1,"body":[1,2]}"#);
}

#[test]
fn unknown_versions_are_refused_even_when_the_body_would_fit() {
    let error = decode::<Vec<u8>>("alert", r#"{"v":2,"body":[1,2]}"#).unwrap_err();
    assert!(matches!(error, Error::UnknownVersion { what: "alert", version: 2, known: 1 }));
    assert_eq!(error.to_string(), "a stored alert has version 2, and this program reads version 1");
}

#[test]
fn what_is_no_blob_is_corrupt() {
    for text in ["", "[1,2]", r#"{"body":[1,2]}"#, r#"{"v":1}"#, r#"{"v":1,"body":["a"]}"#] {
        let error = decode::<Vec<u8>>("alert", text).unwrap_err();
        assert!(matches!(error, Error::Corrupt { what: "alert", .. }), "{text}: {error}");
    }
}

#[test]
fn fractions_come_back_bit_for_bit() {
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20_000 {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        let number = f64::from_bits(bits);
        if number.is_finite() {
            let back: f64 = decode("number", &encode(&number)).unwrap();
            assert_eq!(back.to_bits(), bits, "{number:e}");
        }
    }
}
