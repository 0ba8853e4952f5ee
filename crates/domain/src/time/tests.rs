use super::*;

#[test]
fn minutes_before_the_epoch_round_down() {
    assert_eq!(Minute::of_ms(-1), Minute(-1));
    assert_eq!(Minute::of_ms(59_999), Minute(0));
    assert_eq!(Minute::of_ms(60_000), Minute(1));
}

#[test]
fn lengths_read_and_write() {
    for (text, minutes) in [("5m", 5), ("1h", 60), ("30d", 43_200), ("90m", 90)] {
        assert_eq!(Minutes::parse(text), Some(Minutes(minutes)), "{text}");
        assert_eq!(Minutes(minutes).to_string(), text);
    }
    for text in ["", "0m", "5", "m", "1M", "-5m", "1.5h", "99999999w"] {
        assert_eq!(Minutes::parse(text), None, "{text}");
    }
}
