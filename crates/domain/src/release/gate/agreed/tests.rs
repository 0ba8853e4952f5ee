use super::*;
use crate::release::gate::Verdict;

fn window(days: &[Day], from: &str, until: &str, zone: &str) -> Reserved {
    Reserved {
        days: days.iter().copied().collect(),
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
        time_zone: zone.to_owned(),
        rule: Rule { default: Verdict::Deny, except: Default::default(), advice: None },
    }
}

fn holds(window: &Reserved, at: &str) -> bool {
    window.holds(at.parse().unwrap())
}

#[test]
fn bud_17_a_window_holds_by_the_clock_of_its_zone() {
    // 2026-03-26 and 2026-04-02 are Thursdays; Berlin springs forward between them.
    let window = window(&[Day::Thursday], "13:00", "17:00", "Europe/Berlin");
    for (at, expected) in [
        ("2026-03-26T11:59:59Z", false),
        ("2026-03-26T12:00:00Z", true),
        ("2026-03-26T15:59:59Z", true),
        ("2026-03-26T16:00:00Z", false),
        ("2026-03-27T13:00:00Z", false),
        ("2026-04-02T10:59:59Z", false),
        ("2026-04-02T11:00:00Z", true),
        ("2026-04-02T15:00:00Z", false),
    ] {
        assert_eq!(holds(&window, at), expected, "{at}");
    }
    assert_eq!(window.words(), "thursday, 13:00 to 17:00 Europe/Berlin");
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_it_begins_on() {
    // 2026-12-04 is a Friday.
    let window = window(&[Day::Friday], "22:00", "06:00", "UTC");
    for (at, expected) in [
        ("2026-12-04T05:59:59Z", false),
        ("2026-12-04T21:59:59Z", false),
        ("2026-12-04T22:00:00Z", true),
        ("2026-12-05T05:59:59Z", true),
        ("2026-12-05T06:00:00Z", false),
        ("2026-12-05T22:00:00Z", false),
    ] {
        assert_eq!(holds(&window, at), expected, "{at}");
    }
    let whole = self::window(&[Day::Friday], "00:00", "00:00", "UTC");
    assert!(holds(&whole, "2026-12-04T00:00:00Z") && holds(&whole, "2026-12-04T23:59:59Z"));
    assert!(!holds(&whole, "2026-12-05T00:00:00Z") && !holds(&whole, "2026-12-03T23:59:59Z"));
}

#[test]
fn a_window_of_an_unknown_zone_is_not_taken_for_open() {
    assert!(holds(&window(&[], "01:00", "02:00", "Nowhere/Land"), "2026-12-04T12:00:00Z"));
}

#[test]
fn days_are_those_of_the_calendar() {
    let week: Vec<_> =
        (0..7).map(|days| Day::of(civil::date(2026, 11, 30) + days.days())).collect();
    assert_eq!(week, Day::ALL);
}
