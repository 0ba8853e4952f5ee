use plimsoll_domain::alert::Transition;
use plimsoll_domain::notify::Address;
use plimsoll_trials::hostile;

use super::letter::about;
use super::letter::tests::{alert, told};
use super::*;

fn config() -> Mail {
    Mail {
        server: "mail.example.com".to_owned(),
        port: 587,
        encryption: Encryption::None,
        from: Address::parse("plimsoll@example.com").unwrap(),
        from_name: "Plimsoll".to_owned(),
        credentials: None,
        ca_file: None,
        hello: None,
        inbox_url: None,
    }
}

/// The headers of a message, unfolded.
fn headers(message: &Message) -> Vec<String> {
    let text = String::from_utf8(message.formatted()).unwrap();
    assert!(text.is_ascii(), "any server takes it");
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
}

fn written(mail: &Mail, summary: &str, transition: Transition) -> Message {
    let notification = told(&alert(summary), transition);
    let to = ["a@example.com", "b@example.com"].map(|to| Address::parse(to).unwrap());
    let now = notification.created_at;
    let letter = about(&notification, None, "https://p.example", now);
    message::write(mail, &Cover::of(&notification, &to, now), &letter).unwrap()
}

fn header<'a>(headers: &'a [String], name: &str) -> &'a str {
    let found: Vec<_> =
        headers.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect();
    let [only] = found[..] else { panic!("{name}: {headers:?}") };
    only
}

#[test]
fn every_message_about_an_alert_answers_the_same_one_and_is_itself_in_every_attempt() {
    let opened = headers(&written(&config(), "burning", Transition::Opened));
    let again = headers(&written(&config(), "burning", Transition::Opened));
    assert_eq!(opened, again);
    let mut over = alert("burning");
    over.transitions = 2;
    let closed = told(&over, Transition::Closed);
    let to = [Address::parse("a@example.com").unwrap()];
    let now = closed.created_at;
    let letter = about(&closed, None, "https://p.example", now);
    let closed = message::write(&config(), &Cover::of(&closed, &to, now), &letter).unwrap();
    let closed = headers(&closed);
    let thread = format!("<{}@example.com>", over.id);
    for message in [&opened, &closed] {
        assert_eq!(header(message, "In-Reply-To"), thread);
        assert_eq!(header(message, "References"), thread);
        assert_eq!(header(message, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(message, "X-Auto-Response-Suppress"), "All");
        assert_eq!(header(message, "List-Id"), "<shop-on-call.receivers.plimsoll.example.com>");
    }
    let id = told(&alert("burning"), Transition::Opened).id;
    assert_eq!(header(&opened, "Message-ID"), format!("<{id}@example.com>"));
    assert_ne!(header(&opened, "Message-ID"), header(&closed, "Message-ID"));
    assert_eq!(header(&opened, "Date"), "Fri, 20 Nov 2026 06:00:00 +0000");
    assert_eq!(header(&opened, "To"), "a@example.com, b@example.com");
    assert_eq!(
        header(&opened, "Subject"),
        "checkout: checkout-availability burns its error budget"
    );
    assert_eq!(
        header(&closed, "Subject"),
        "Re: checkout: checkout-availability burns its error budget"
    );
    assert_eq!(header(&opened, "X-Plimsoll-Event"), "alert.opened");
    assert!(header(&opened, "Content-Type").starts_with("multipart/alternative;"));
}

#[test]
fn nothing_from_outside_makes_a_header() {
    let plain = headers(&written(&config(), "burning", Transition::Opened));
    let names = |headers: &[String]| {
        let name = |line: &String| line.split(':').next().unwrap().to_owned();
        headers.iter().map(name).collect::<Vec<_>>()
    };
    for hostile in &hostile::texts() {
        let message = headers(&written(&config(), hostile, Transition::Opened));
        assert_eq!(names(&message), names(&plain), "{hostile:?}");
        // The name beside the sender is the one text of the configuration that people see.
        let mail = Mail { from_name: hostile.to_owned(), ..config() };
        let named = headers(&written(&mail, "burning", Transition::Opened));
        assert_eq!(names(&named), names(&plain), "{hostile:?}");
        assert!(header(&named, "From").ends_with("<plimsoll@example.com>"), "{named:?}");
    }
}

#[test]
fn what_a_server_refuses_for_good_and_what_is_worth_another_try() {
    let fault = |code: Option<u16>, is_final| Fault { code, is_final, said: "so\r\nit is".into() };
    let so = "so it is".to_owned();
    for stage in [Stage::Envelope, Stage::Content] {
        let refused = Attempt::MailRefused { reply_code: 550, answer: so.clone() };
        assert_eq!(fault(Some(550), true).attempt(stage), refused);
        let failed = Attempt::failed("the mail server answered 451: so it is");
        assert_eq!(fault(Some(451), false).attempt(stage), failed);
    }
    let ours = Attempt::failed("the mail server answered 535: so it is");
    assert_eq!(fault(Some(535), true).attempt(Stage::Opening), ours);
    assert_eq!(fault(None, false).attempt(Stage::Envelope), Attempt::failed(so.clone()));
    assert_eq!(fault(None, false).attempt(Stage::Content), Attempt::unheard(so));
}

#[test]
fn addresses_that_do_not_answer_leave_time_for_one_that_does() {
    assert_eq!(patience(1), None, "the only one has all of it");
    for addresses in 2..20_u32 {
        let each = patience(addresses as usize).unwrap();
        assert!(each * addresses < TIMEOUT, "{addresses}");
    }
}
