use std::collections::BTreeMap;

use super::*;
use crate::alert::{Evidence, Kind};
use crate::slo::burn::Severity;
use crate::time::Minutes;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("in range")
}

fn failed() -> Attempt {
    Attempt::failed("timeout")
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
    let refused = Attempt::MailRefused { reply_code: 550, answer: "no such user".to_owned() };
    let next = after_attempt(at(0), at(1), 1, &refused, 0.5);
    assert_eq!(next, Next::GiveUp("the mail server answered 550: no such user".to_owned()));
}

#[test]
fn after_a_day_it_is_given_up_with_the_last_reason() {
    let next = after_attempt(at(0), at(86_399), 300, &failed(), 0.5);
    assert!(matches!(next, Next::GiveUp(reason) if reason.contains("timeout")));
}

fn receiver(name: &str, team: Option<&str>, default: bool) -> Receiver {
    let parse = |text: &str| Name::parse(text).expect("a name");
    let (channels, repeat) = (BTreeMap::new(), Repeat::DEFAULT);
    Receiver { name: parse(name), team: team.map(parse), default, channels, repeat }
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

fn alert(transitions: u32, phase: Phase) -> Alert {
    let name = |text: &str| Name::parse(text).expect("a name");
    Alert {
        ending: None,
        id: AlertId::fresh(0, [1; 10]),
        ordinal: 1,
        kind: Kind::Burn,
        slo: name("checkout-availability"),
        service: name("checkout"),
        severity: Severity::Page,
        phase,
        opened_at: at(0),
        firing_since: at(0),
        escalated_at: None,
        closed_at: None,
        transitions,
        bad_since: None,
        evidence: Evidence {
            summary: "burning".to_owned(),
            arms: Vec::new(),
            budget_remaining: None,
            watermark: None,
        },
    }
}

fn phase_after(transition: Transition) -> Phase {
    if transition == Transition::Closed { Phase::Closed } else { Phase::Firing }
}

fn owed(transitions: u32, transition: Transition, channel: &ChannelName) -> Notification {
    let pager = Name::parse("pager").expect("a name");
    let alert = alert(transitions, phase_after(transition));
    Notification::new(&alert, transition, &pager, channel, at(0))
}

/// What programs before channels stored and sent: neither may ever change.
#[test]
fn the_plain_webhook_is_what_it_was_before_there_were_channels() {
    let plain = owed(1, Transition::Opened, &ChannelName::Webhook);
    let before = NotificationId::derived(plain.alert, &["1", "pager"]);
    assert_eq!(plain.id, before);
    let stored = serde_json::to_value(&plain).expect("plain data");
    let fields: Vec<_> = stored.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(fields, ["alert", "created_at", "id", "receiver", "snapshot", "transition"]);
    let read: Notification = serde_json::from_value(stored).expect("it reads itself");
    assert_eq!(read, plain);
    let failed = serde_json::to_string(&failed()).expect("plain data");
    assert_eq!(failed, r#"{"outcome":"failed","reason":"timeout"}"#);
    assert_eq!(serde_json::from_str::<Attempt>(&failed).expect("it reads itself"), self::failed());
}

#[test]
fn each_channel_is_owed_a_message_of_its_own() {
    let chat = ChannelName::NamedWebhook(Name::parse("chat").expect("a name"));
    let channels = [ChannelName::Webhook, chat, ChannelName::Email];
    let ids = channels.each_ref().map(|channel| owed(1, Transition::Opened, channel).id);
    assert_eq!(std::collections::BTreeSet::from(ids).len(), 3);
    for channel in channels {
        assert_eq!(channel.to_string().parse(), Ok(channel));
    }
    for none in ["", "webhook:", "webhook:a b", "Email", "sms"] {
        none.parse::<ChannelName>().expect_err(none);
    }
}

#[test]
fn addresses_hold_nothing_that_ends_a_header() {
    for sound in ["a@b", "on-call+page@shop.example", "o'neil@xn--bcher-kva.example", "1.2@3.4"] {
        assert_eq!(Address::parse(sound).map(|it| it.to_string()), Ok(sound.to_owned()));
    }
    let long = format!("{}@b", "a".repeat(65));
    let unsound = [
        "",
        "a",
        "@b",
        "a@",
        "a@b@c",
        "a b@c",
        "a@b c",
        "a@b\r\nBcc: x@y",
        "a\n@b",
        "<a@b>",
        "a,b@c",
        "A <a@b>",
        "a..b@c",
        ".a@b",
        "a.@b",
        "a@-b",
        "a@b-",
        "a@b..c",
        "a@[127.0.0.1]",
        "\"a b\"@c",
        "ä@b",
        "a@bücher.example",
        "a;b@c",
        "a:b@c",
        "a@b\0",
        &long,
    ];
    for text in unsound {
        Address::parse(text).expect_err(text);
    }
}

/// What is known of the messages before, and what becomes of the next.
fn judged(
    next: (u32, Transition),
    now: (u32, Phase),
    others: &[(u32, Transition, Arrival)],
) -> Option<Superseded> {
    let others: Vec<_> = others
        .iter()
        .map(|(order, transition, arrival)| Other {
            order: (*order, 0),
            transition: *transition,
            arrival: *arrival,
        })
        .collect();
    let next = owed(next.0, next.1, &ChannelName::Email);
    next.superseded(&alert(now.0, now.1), &others)
}

#[test]
fn a_state_that_is_over_is_told_to_nobody() {
    use Arrival::{Certain, RuledOut, Unknown};
    use Transition::{Closed, Escalated, Opened, Reopened};
    let firing = |transitions| (transitions, Phase::Firing);
    let over = |transitions| (transitions, Phase::Closed);
    assert_eq!(judged((1, Opened), firing(1), &[]), None);
    assert_eq!(judged((1, Opened), over(2), &[]), Some(Superseded::Closed));
    let escalated = [(2, Escalated, RuledOut)];
    assert_eq!(judged((1, Opened), firing(2), &escalated), Some(Superseded::Overtaken));
    // It was owed to others, and what this says is still true.
    assert_eq!(judged((1, Opened), firing(2), &[]), None);
    assert_eq!(judged((2, Closed), firing(3), &[]), Some(Superseded::Reopened));

    let opened = |arrival| [(1, Opened, arrival)];
    assert_eq!(judged((2, Closed), over(2), &opened(Certain)), None);
    assert_eq!(judged((2, Closed), over(2), &opened(Unknown)), None);
    assert_eq!(judged((2, Closed), over(2), &opened(RuledOut)), Some(Superseded::NeverTold));
    assert_eq!(judged((2, Closed), over(2), &[]), Some(Superseded::NeverTold));

    let again =
        |closed, reopened| [(1, Opened, Certain), (2, Closed, closed), (3, Reopened, reopened)];
    assert_eq!(judged((4, Closed), over(4), &again(Certain, Certain)), None);
    assert_eq!(
        judged((4, Closed), over(4), &again(Certain, RuledOut)),
        Some(Superseded::NeverTold)
    );
    assert_eq!(judged((4, Closed), over(4), &again(RuledOut, RuledOut)), None);
    assert_eq!(judged((4, Closed), over(4), &again(Unknown, RuledOut)), None);
}

#[test]
fn reminders_follow_each_other_and_end_with_the_alert() {
    let first = owed(1, Transition::Opened, &ChannelName::Email);
    let every = |minutes| Repeat::Every(Minutes(minutes));
    let firing = alert(1, Phase::Firing);
    assert_eq!(first.remind_at(&firing, at(7), every(5)), Some(at(307)));
    assert_eq!(first.remind_at(&firing, at(7), Repeat::Off), None);
    assert_eq!(first.remind_at(&alert(2, Phase::Closed), at(7), every(5)), None);
    let again = first.again(&firing, at(307));
    assert_eq!((again.reminder, again.order()), (1, (1, 1)));
    assert_eq!(again.id, first.again(&firing, at(400)).id, "of two who owe it, one does");
    assert_ne!(again.again(&firing, at(607)).id, again.id);
    let others =
        [Other { order: (1, 1), transition: Transition::Opened, arrival: Arrival::Unknown }];
    assert_eq!(first.superseded(&firing, &others), Some(Superseded::Overtaken));
    assert_eq!(again.superseded(&firing, &[]), None);
    let closed = alert(2, Phase::Closed);
    assert_eq!(again.superseded(&closed, &[]), Some(Superseded::Closed));
}
