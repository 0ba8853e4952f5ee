use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("in range")
}

fn failed() -> Attempt {
    Attempt::Failed { reason: "timeout".to_owned() }
}

fn wait_ms(attempt: u32, jitter: f64) -> i64 {
    match after_attempt(at(0), at(0), attempt, &failed(), jitter) {
        Next::RetryAt(then) => then.as_millisecond() - at(0).as_millisecond(),
        Next::Done | Next::GiveUp(_) => panic!("should retry"),
    }
}

#[test]
fn back_off_doubles_to_five_minutes_over_the_upper_half() {
    assert_eq!((wait_ms(1, 0.0), wait_ms(1, 1.0)), (500, 1_000));
    assert_eq!((wait_ms(4, 0.0), wait_ms(4, 1.0)), (4_000, 8_000));
    assert_eq!((wait_ms(60, 0.0), wait_ms(60, 1.0)), (150_000, 300_000));
}

#[test]
fn a_refusal_is_final_and_says_so() {
    let refused = Attempt::Refused { http_status: 410, answer: "gone".to_owned() };
    let next = after_attempt(at(0), at(1), 1, &refused, 0.5);
    assert_eq!(next, Next::GiveUp("the receiver answered 410: gone".to_owned()));
}

#[test]
fn after_a_day_it_is_given_up_with_the_last_reason() {
    let next = after_attempt(at(0), at(86_399), 300, &failed(), 0.5);
    assert!(matches!(next, Next::GiveUp(reason) if reason.contains("timeout")));
}

fn receiver(name: &str, team: Option<&str>, default: bool) -> Receiver {
    let parse = |text: &str| Name::parse(text).expect("a name");
    let webhook = Webhook { url: "https://example.org/".to_owned(), secret: None };
    Receiver { name: parse(name), team: team.map(parse), default, webhook }
}

#[test]
fn the_owners_receiver_hears_else_the_default_one() {
    let all = [
        receiver("checkout", Some("team-checkout"), false),
        receiver("search", Some("team-search"), false),
        receiver("all", None, true),
    ];
    let hear = |owner: Option<&str>| {
        let owner = owner.map(|name| Name::parse(name).expect("a name"));
        let heard = receivers_for(owner.as_ref(), all.iter());
        heard.iter().map(|r| r.name.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(hear(Some("team-checkout")), ["checkout"]);
    assert_eq!(hear(Some("team-other")), ["all"]);
    assert_eq!(hear(None), ["all"]);
}
