use expect_test::{Expect, expect};
use plimsoll_domain::alert::{Alert, Evidence, Phase};
use plimsoll_domain::id::AlertId;
use plimsoll_domain::notify::ChannelName;
use plimsoll_domain::slo::Units;
use plimsoll_domain::slo::burn::{Arm, Counts, Factor, Severity};
use plimsoll_domain::time::Minutes;
use plimsoll_trials::hostile;

use super::*;

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-20T06:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

fn arm() -> ArmReading {
    let counts = |bad, total| Counts { bad: Units::events(bad), total: Units::events(total) };
    ArmReading {
        arm: Arm {
            long: Minutes(60),
            short: Minutes(5),
            factor: Factor::new(14.4),
            severity: Severity::Page,
        },
        long: counts(55, 1_000),
        short: counts(6, 100),
        p_value: 1e-9,
        firing: true,
    }
}

pub(in crate::notify) fn alert(summary: &str) -> Alert {
    Alert {
        ending: None,
        id: AlertId::fresh(0, [1; 10]),
        ordinal: 1,
        kind: Kind::Burn,
        slo: name("checkout-availability"),
        service: name("checkout"),
        severity: Severity::Page,
        phase: Phase::Firing,
        opened_at: at(0),
        firing_since: at(0),
        escalated_at: None,
        closed_at: None,
        transitions: 1,
        bad_since: None,
        evidence: Evidence {
            summary: summary.to_owned(),
            arms: vec![arm()],
            budget_remaining: Some(0.4),
            watermark: Some(at(0)),
        },
    }
}

pub(in crate::notify) fn told(alert: &Alert, transition: Transition) -> Notification {
    Notification::new(alert, transition, &name("shop-on-call"), &ChannelName::Email, at(0))
}

fn check_plain(notification: &Notification, now: Timestamp, expected: Expect) {
    let letter = about(notification, Some(&name("team-shop")), "https://p.example", now);
    expected.assert_eq(&format!("Subject: {}\n\n{}", letter.subject, letter.plain()));
}

const BURNING: &str = "the budget burns 55.00 times as fast as it may over 1h and 60.10 times \
                       over 5m (limit 14.4): 55 of 1000 events failed";

#[test]
fn an_alert_that_opens() {
    check_plain(
        &told(&alert(BURNING), Transition::Opened),
        at(0),
        expect![[r#"
            Subject: checkout: checkout-availability burns its error budget

            Firing (page)

            The budget burns 55.00 times as fast as it may over 1h and 60.10 times over 5m (limit 14.4): 55 of 1000 events failed.

            Service      checkout
            SLO          checkout-availability
            Severity     page
            Since        2026-11-20 06:00:00 UTC
            Budget left  40.0 %
            Owner        team-shop

            How fast:
            - over 1h: 55 of 1000 events failed; over 5m: 6 of 100 (it asks for 14.4 times the budget rate)

            The alert, its numbers and its history:
            https://p.example/alerts/alt_00000000000071018101010101010101

            -- 
            Plimsoll told the receiver shop-on-call over its channel email. Message ntf_29623c90190b8611a87f75e2fc44e975.
        "#]],
    );
}

#[test]
fn an_alert_that_goes_on() {
    let opened = told(&alert(BURNING), Transition::Opened);
    let again = opened.again(&opened.snapshot, at(242));
    check_plain(
        &again,
        at(242),
        expect![[r#"
            Subject: Re: checkout: checkout-availability burns its error budget

            Still firing after 4 h 2 min (page)

            The budget burns 55.00 times as fast as it may over 1h and 60.10 times over 5m (limit 14.4): 55 of 1000 events failed.

            Service           checkout
            SLO               checkout-availability
            Severity          page
            Since             2026-11-20 06:00:00 UTC
            Budget left then  40.0 %
            Owner             team-shop

            How fast:
            - over 1h: 55 of 1000 events failed; over 5m: 6 of 100 (it asks for 14.4 times the budget rate)

            The alert, its numbers and its history:
            https://p.example/alerts/alt_00000000000071018101010101010101

            -- 
            Plimsoll told the receiver shop-on-call over its channel email. Message ntf_dadd4b2cc9e985fba8e2c3153824bd59.
        "#]],
    );
}

#[test]
fn an_alert_that_closes() {
    let mut closed = alert(BURNING);
    (closed.phase, closed.closed_at, closed.transitions) = (Phase::Closed, Some(at(42)), 2);
    check_plain(
        &told(&closed, Transition::Closed),
        at(43),
        expect![[r#"
            Subject: Re: checkout: checkout-availability burns its error budget

            Resolved after 42 min

            The burn is back at or below the budget rate.

            Service           checkout
            SLO               checkout-availability
            Severity          page
            Since             2026-11-20 06:00:00 UTC
            Until             2026-11-20 06:42:00 UTC
            Budget left then  40.0 %
            Owner             team-shop

            The alert, its numbers and its history:
            https://p.example/alerts/alt_00000000000071018101010101010101

            -- 
            Plimsoll told the receiver shop-on-call over its channel email. Message ntf_d047d360231a8f64ae6b716508dbd1cf.
        "#]],
    );
}

#[test]
fn the_same_in_html() {
    let letter =
        about(&told(&alert(BURNING), Transition::Opened), None, "https://p.example", at(0));
    expect![[r#"
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"></head>
        <body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">
        <h1 style="font-size: 1.25em">Firing (page)</h1>
        <p>The budget burns 55.00 times as fast as it may over 1h and 60.10 times over 5m (limit 14.4): 55 of 1000 events failed.</p>
        <table cellpadding="0" cellspacing="0">
        <tr><td style="padding-right: 1.5em; color: #555">Service</td><td>checkout</td></tr>
        <tr><td style="padding-right: 1.5em; color: #555">SLO</td><td>checkout-availability</td></tr>
        <tr><td style="padding-right: 1.5em; color: #555">Severity</td><td>page</td></tr>
        <tr><td style="padding-right: 1.5em; color: #555">Since</td><td>2026-11-20 06:00:00 UTC</td></tr>
        <tr><td style="padding-right: 1.5em; color: #555">Budget left</td><td>40.0 %</td></tr>
        </table>
        <p>How fast:</p>
        <ul>
        <li>over 1h: 55 of 1000 events failed; over 5m: 6 of 100 (it asks for 14.4 times the budget rate)</li>
        </ul>
        <p><a href="https://p.example/alerts/alt_00000000000071018101010101010101">The alert, its numbers and its history</a></p>
        <p style="color: #555; font-size: 0.85em">Plimsoll told the receiver shop-on-call over its channel email. Message ntf_29623c90190b8611a87f75e2fc44e975.</p>
        </body></html>
    "#]].assert_eq(&letter.html());
}

#[test]
fn lengths_are_told_by_their_two_largest_units() {
    let told = [0, 1, 59, 60, 61, 1_440, 4_321].map(|m| span(SignedDuration::from_mins(m)));
    expect!["less than a minute, 1 min, 59 min, 1 h 0 min, 1 h 1 min, 1 d 0 h, 3 d 0 h"]
        .assert_eq(&told.join(", "));
}

#[test]
fn what_comes_from_outside_is_text_in_both_forms() {
    for hostile in &hostile::texts() {
        let notification = told(&alert(hostile), Transition::Opened);
        let letter = about(&notification, None, "https://p.example", at(0));
        let (plain, html) = (letter.plain(), letter.html());
        for text in [&plain, &html] {
            let strange =
                |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{2069}').contains(&c);
            assert_eq!(text.find(strange), None, "{hostile:?}: {text:?}");
        }
        assert!(plain.contains(&sentence(hostile)), "{plain}");
        let lead = html.lines().find(|line| line.starts_with("<p>")).unwrap();
        let lead = lead.strip_prefix("<p>").unwrap().strip_suffix("</p>").unwrap();
        assert_eq!(lead.find(['<', '>', '"', '\'']), None, "{lead}");
        let shown =
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        let shown = shown.iter().fold(lead.to_owned(), |text, (from, to)| text.replace(from, to));
        assert_eq!(shown, sentence(hostile));
    }
}
