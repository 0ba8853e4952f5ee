use super::*;

fn resolved(text: &str) -> String {
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let when: Result<When, _> = text.parse();
    when.map_or_else(|error| error.to_string(), |when| when.resolve(now).to_string())
}

#[test]
fn instants_are_rfc_3339_or_relative_to_now() {
    assert_eq!(resolved("2026-01-31T13:00:00+01:00"), "2026-01-31T12:00:00Z");
    assert_eq!(resolved("-30m"), "2026-03-01T11:30:00Z");
    assert_eq!(resolved("-2d"), "2026-02-27T12:00:00Z");
    assert_eq!(resolved("-1h30m"), "2026-03-01T10:30:00Z");
    assert_eq!(resolved("+5s"), "2026-03-01T12:00:05Z");
    assert_eq!(resolved("now"), "2026-03-01T12:00:00Z");
}

#[test]
fn what_is_no_instant_is_refused() {
    for text in ["yesterday", "-", "-1month", "-2parsecs", "12:00", ""] {
        assert!(text.parse::<When>().is_err(), "{text}");
    }
}
