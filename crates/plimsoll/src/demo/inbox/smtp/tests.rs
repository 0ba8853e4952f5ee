use std::process::{Command as Program, Stdio};

use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use plimsoll_server::world::World;

use super::*;
use crate::demo::inbox::Letter;

/// Says all of that in one go, and hears the answers; what is left of the letters.
async fn say(text: &[u8]) -> (String, Inbox) {
    let inbox = Inbox::new(World::system());
    let (client, server) = tokio::io::duplex(1 << 16);
    let (from, to) = tokio::io::split(server);
    let conversation = Conversation::new(from, to, inbox.clone());
    let (mut heard, mut said) = tokio::io::split(client);
    let talk = async {
        let _ = conversation.run().await;
    };
    let write = async {
        let _ = said.write_all(text).await;
        let _ = said.shutdown().await;
    };
    let mut answers = Vec::new();
    let read = heard.read_to_end(&mut answers);
    let ((), (), heard) = tokio::join!(write, talk, read);
    heard.unwrap();
    (String::from_utf8(answers).unwrap(), inbox)
}

const ENVELOPE: &str = "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";

fn codes(answers: &str) -> Vec<&str> {
    answers.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect()
}

#[tokio::test]
async fn a_pipelined_letter_is_kept_without_its_stuffing() {
    let text = format!("{ENVELOPE}Subject: s\r\n\r\n..dot\r\n.\r\nQUIT\r\n");
    let (answers, inbox) = say(text.as_bytes()).await;
    assert_eq!(codes(&answers), ["220", "250", "250", "250", "354", "250", "221"]);
    let kept = inbox.get(1).unwrap();
    assert_eq!((kept.letter.text.as_str(), &kept.to[..]), (".dot\r\n", &["c@d".to_owned()][..]));
}

#[tokio::test]
async fn several_letters_go_in_one_conversation() {
    let letter = |number| {
        format!("MAIL FROM:<a@b>\r\nRCPT TO:<{number}@d>\r\nDATA\r\nSubject: {number}\r\n\r\n.\r\n")
    };
    let (answers, inbox) =
        say(format!("EHLO a\r\n{}{}QUIT\r\n", letter(1), letter(2)).as_bytes()).await;
    assert_eq!(codes(&answers).last(), Some(&"221"), "{answers}");
    let all = inbox.all();
    let to: Vec<_> =
        all.iter().map(|kept| (kept.letter.subject.as_str(), kept.to[0].as_str())).collect();
    assert_eq!(to, [("2", "2@d"), ("1", "1@d")]);
}

#[tokio::test]
async fn only_a_dot_between_whole_line_ends_ends_a_letter() {
    for end in ["\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n"] {
        let smuggled = "MAIL FROM:<x@y>\r\nRCPT TO:<z@y>\r\nDATA\r\nSubject: smuggled\r\n\r\n";
        let text = format!("{ENVELOPE}Subject: s\r\n\r\nhello{end}{smuggled}.\r\nQUIT\r\n");
        let (answers, inbox) = say(text.as_bytes()).await;
        assert_eq!(inbox.all().len(), 1, "{end:?} ended a letter:\n{answers}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_not_kept() {
    let line = [&b"x".repeat(998)[..], b"\r\n"].concat();
    let long = line.repeat(LETTER_BYTES_MAX / 1_000 + 1);
    let text = [ENVELOPE.as_bytes(), &long, b".\r\nQUIT\r\n"].concat();
    let (answers, inbox) = say(&text).await;
    assert_eq!(codes(&answers)[4..], ["354", "552", "221"], "{answers}");
    assert!(inbox.all().is_empty());

    let endless = [ENVELOPE.as_bytes(), &line.repeat(OVERFLOW_BYTES_MAX / 900)].concat();
    let (answers, inbox) = say(&endless).await;
    assert_eq!(codes(&answers).last(), Some(&"421"), "{answers}");
    assert!(inbox.all().is_empty());

    for (text, last) in [(b"x".repeat(2_000), "421"), (b"NOOP\r\n".repeat(600), "421")] {
        let (answers, _) = say(&text).await;
        assert_eq!(codes(&answers).last(), Some(&last), "{answers}");
    }
}

struct Running {
    port: u16,
    inbox: Inbox,
    _tasks: JoinSet<Result<()>>,
}

async fn running() -> Running {
    let inbox = Inbox::new(World::system());
    let mut tasks = JoinSet::new();
    let port = inbox.take_mail(&mut tasks, &CancellationToken::new()).await.unwrap();
    Running { port, inbox, _tasks: tasks }
}

#[tokio::test]
async fn lettre_delivers() {
    let Running { port, inbox, .. } = &running().await;
    let mailer = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(*port);
    let mailer = mailer.build();
    for subject in ["one", "two"] {
        let message = Message::builder()
            .from("a@example.com".parse().unwrap())
            .to("b@example.com".parse().unwrap())
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(".a line that begins with a dot".to_owned())
            .unwrap();
        assert!(mailer.send(message).await.unwrap().is_positive());
    }
    let letters = inbox.all();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[1].letter.subject, "one");
    assert_eq!(letters[1].letter.text.trim_end(), ".a line that begins with a dot");
}

const PYTHON: &str = r#"
import smtplib, sys
from email.message import EmailMessage
letter = EmailMessage()
letter["From"], letter["To"], letter["Subject"] = "a@example.com", "b@example.com", "Grüße"
letter.set_content("plain ✓\n.dot\n")
letter.add_alternative("<p>rich ✓</p>", subtype="html")
with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as server:
    server.send_message(letter)
    assert server.verify("b@example.com")[0] == 252
    try:
        server.sendmail("a@example.com", ["b@example.com"], "x" * 300000)
        raise SystemExit("a letter that is too long was taken")
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        assert refused.smtp_code == 552, refused
"#;

#[tokio::test(flavor = "multi_thread")]
async fn pythons_smtplib_delivers_and_hears_what_is_too_long() {
    let Running { port, inbox, .. } = &running().await;
    let mut python = Program::new("python3");
    python.args(["-c", PYTHON, &port.to_string()]).stderr(Stdio::piped());
    let run = tokio::task::spawn_blocking(move || python.output().expect("there is a python3"));
    let output = run.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let letters = inbox.all();
    assert_eq!(letters.len(), 1);
    let Letter { subject, text, html, .. } = &*letters[0].letter;
    assert_eq!((subject.as_str(), text.replace('\r', "")), ("Grüße", "plain ✓\n.dot\n".to_owned()));
    assert_eq!(html.as_deref().map(str::trim_end), Some("<p>rich ✓</p>"));
}
