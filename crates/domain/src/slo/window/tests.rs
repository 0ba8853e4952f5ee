use jiff::civil::datetime;

use super::*;
use crate::time::Minute;

fn calendar(period: &str, start: &str, zone: &str) -> Calendar {
    let period = Period::parse(period).expect("a period");
    Calendar::new(period, start.parse().expect("a time"), Calendar::zone(zone).expect("a zone"))
}

fn minute(at: &str) -> Minute {
    Minute::of(at.parse().expect("an instant"))
}

/// The period that holds an instant, and its length in hours.
fn around(calendar: &Calendar, at: &str) -> (String, String, f64) {
    let Span { from, to } = calendar.around(minute(at));
    (from.start().to_string(), to.start().to_string(), (to.0 - from.0) as f64 / 60.0)
}

#[test]
fn periods_are_read_as_openslo_writes_them_and_a_minute_is_no_month() {
    for (text, days) in [("1d", 1), ("2w", 14), ("1M", 30), ("12M", 360), ("1Q", 90), ("1Y", 365)] {
        let period = Period::parse(text).expect(text);
        assert_eq!((period.length(), period.to_string().as_str()), (Minutes(days * 1_440), text));
    }
    for text in ["1m", "24h", "0d", "d", "1.5M", "-1M", "2Y", "13M", "5Q", "70000d", "1 M", "M1"] {
        assert_eq!(Period::parse(text), None, "{text}");
    }
}

/// Days of 23 and 25 hours, and of 23.5 and 24.5 where clocks move by half an hour (Lord Howe).
#[test]
fn a_day_is_as_long_as_the_clocks_make_it() {
    let day = |zone, at| around(&calendar("1d", "2026-01-01 00:00:00", zone), at).2;
    assert_eq!(day("Europe/Berlin", "2026-03-29T12:00:00Z"), 23.0);
    assert_eq!(day("Europe/Berlin", "2026-03-28T12:00:00Z"), 24.0);
    assert_eq!(day("Europe/Berlin", "2026-10-25T12:00:00Z"), 25.0);
    assert_eq!(day("America/New_York", "2026-03-08T12:00:00Z"), 23.0);
    assert_eq!(day("Australia/Lord_Howe", "2026-04-04T20:00:00Z"), 24.5);
    assert_eq!(day("Australia/Lord_Howe", "2026-10-03T20:00:00Z"), 23.5);
    assert_eq!(day("UTC", "2026-03-29T12:00:00Z"), 24.0);
    let week = calendar("1w", "2026-01-05 00:00:00", "Europe/Berlin");
    assert_eq!(around(&week, "2026-03-29T12:00:00Z").2, 167.0);
}

#[test]
fn months_quarters_and_years_begin_where_they_were_told_to() {
    let of = |calendar: &Calendar, at| {
        let (from, to, _) = around(calendar, at);
        format!("{from} {to}")
    };
    let month = calendar("1M", "2026-01-01 00:00:00", "Europe/Berlin");
    assert_eq!(of(&month, "2026-03-31T21:59:00Z"), "2026-02-28T23:00:00Z 2026-03-31T22:00:00Z");
    assert_eq!(of(&month, "2026-03-31T22:00:00Z"), "2026-03-31T22:00:00Z 2026-04-30T22:00:00Z");
    // Before the first one as well.
    assert_eq!(of(&month, "2024-02-10T00:00:00Z"), "2024-01-31T23:00:00Z 2024-02-29T23:00:00Z");
    // From a 31st: the end of shorter months, and the 31st again.
    let last = calendar("1M", "2026-01-31 00:00:00", "UTC");
    assert_eq!(of(&last, "2026-03-01T00:00:00Z"), "2026-02-28T00:00:00Z 2026-03-31T00:00:00Z");
    assert_eq!(of(&last, "2028-03-01T00:00:00Z"), "2028-02-29T00:00:00Z 2028-03-31T00:00:00Z");
    let quarter = calendar("1Q", "2025-04-01 00:00:00", "America/New_York");
    assert_eq!(of(&quarter, "2026-11-30T00:00:00Z"), "2026-10-01T04:00:00Z 2027-01-01T05:00:00Z");
    let year = calendar("1Y", "2024-02-29 00:00:00", "UTC");
    assert_eq!(of(&year, "2026-02-28T00:00:00Z"), "2026-02-28T00:00:00Z 2027-02-28T00:00:00Z");
    let shift = calendar("1w", "2022-01-03 12:30:00", "America/New_York");
    assert_eq!(of(&shift, "2026-11-30T17:29:00Z"), "2026-11-23T17:30:00Z 2026-11-30T17:30:00Z");
}

/// 02:30 does not come on the 29th of March in Berlin, and comes twice on the 25th of October.
#[test]
fn a_beginning_that_the_clocks_leave_out_is_later_and_one_that_comes_twice_is_the_first() {
    let day = calendar("1d", "2026-01-01 02:30:00", "Europe/Berlin");
    assert_eq!(around(&day, "2026-03-29T12:00:00Z").0, "2026-03-29T01:30:00Z");
    assert_eq!(around(&day, "2026-10-25T12:00:00Z").0, "2026-10-25T00:30:00Z");
    // Samoa had no 30th of December in 2011: nothing lies in that period.
    let samoa = calendar("1d", "2011-12-01 00:00:00", "Pacific/Apia");
    let (before, _, hours) = around(&samoa, "2011-12-30T09:59:00Z");
    assert_eq!((&*before, hours), ("2011-12-29T10:00:00Z", 24.0));
    assert_eq!(around(&samoa, "2011-12-30T10:00:00Z").0, "2011-12-30T10:00:00Z");
}

/// Every minute of some years lies in one period, which begins where the one before it ends.
#[test]
fn periods_follow_each_other_without_gap_or_overlap() {
    let zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
    for zone in zones {
        for period in ["1d", "3d", "1w", "1M", "5M", "1Q", "1Y"] {
            let calendar = calendar(period, "2019-10-31 02:30:00", zone);
            let mut at = minute("2010-01-01T00:00:00Z");
            let end = minute("2014-06-01T00:00:00Z");
            let mut before = calendar.around(at);
            while at < end {
                let span = calendar.around(at);
                assert!(span.from <= at && at < span.to, "{zone} {period} {at:?} {span:?}");
                assert_eq!(calendar.around(span.from), span, "{zone} {period}");
                assert_eq!(calendar.around(span.to.plus(-1)), span, "{zone} {period}");
                assert!(span == before || span.from == before.to, "{zone} {period} {span:?}");
                (before, at) = (span, span.to);
            }
        }
    }
}

#[test]
fn the_ends_of_time_are_within_a_period_too() {
    let calendar = calendar("1M", "2026-01-31 23:59:59", "Europe/Berlin");
    for at in [jiff::Timestamp::MIN, jiff::Timestamp::MAX] {
        let span = calendar.around(Minute::of(at));
        assert!(span.from <= Minute::of(at) && Minute::of(at) < span.to, "{span:?}");
    }
    let far = Calendar::new(
        Period::parse("1Y").expect("a period"),
        datetime(9_999, 12, 31, 0, 0, 0, 0),
        Calendar::zone("UTC").expect("a zone"),
    );
    let span = far.around(minute("2026-11-30T00:00:00Z"));
    assert_eq!(span.from.start().to_string(), "2025-12-31T00:00:00Z");
}

#[test]
fn a_period_is_ripe_when_nine_tenths_of_it_are_over() {
    let month = Window::Calendar(calendar("1M", "2026-01-01 00:00:00", "UTC"));
    let ripe = |at| month.is_ripe(minute(at));
    assert!(!ripe("2026-11-01T00:00:00Z") && !ripe("2026-11-27T23:59:00Z"));
    assert!(ripe("2026-11-28T00:00:00Z") && ripe("2026-11-30T23:59:00Z"));
    assert!(!ripe("2026-12-01T00:00:00Z"));
    assert!(Window::Rolling(Minutes(60)).is_ripe(minute("2026-11-01T00:00:00Z")));
}

#[test]
fn a_calendar_comes_back_from_json_as_it_went() {
    for window in [
        Window::Rolling(Minutes(43_200)),
        Window::Calendar(calendar("1M", "2026-01-01 12:30:00", "Europe/Berlin")),
    ] {
        let text = serde_json::to_string(&window).expect("JSON");
        assert_eq!(serde_json::from_str::<Window>(&text).expect(&text), window);
    }
    let odd = r#"{"calendar":{"period":"1m","start":"2026-01-01T00:00:00","zone":"UTC"}}"#;
    assert!(serde_json::from_str::<Window>(odd).is_err());
}
