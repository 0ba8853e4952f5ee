use super::*;

fn read(line: &str) -> Command {
    Command::read(line.as_bytes())
}

/// What is answered to lines, by code.
fn answers(lines: &[&str]) -> Vec<String> {
    let mut envelope = Envelope::default();
    let answered = lines.iter().map(|line| envelope.step(read(line)).text()[..3].to_owned());
    answered.collect()
}

#[test]
fn the_size_that_is_offered_is_the_one_that_is_kept() {
    assert!(HELLO.ends_with(&format!("SIZE {LETTER_BYTES_MAX}")));
}

#[test]
fn commands_are_read_in_any_case_with_their_parameters() {
    let from = |path: &str, bytes| Command::From { path: path.to_owned(), bytes };
    assert_eq!(read("mail from:<a@b> SIZE=12 BODY=8BITMIME"), from("a@b", Some(12)));
    assert_eq!(read("MAIL FROM: <>"), from("", None));
    assert_eq!(read("RCPT TO:<a@b>"), Command::To { path: "a@b".to_owned() });
    for malformed in ["MAIL a@b", "MAIL FROM:a@b", "MAIL FROM:<a", "RCPT TO:<>", "RCPT TO:<a\u{1}>"]
    {
        assert_eq!(read(malformed), Command::Malformed, "{malformed}");
    }
    for malformed in ["EHLO", "DATA now", "MAIL FROM:<a> SIZE=-1", "MAIL FROM:é"] {
        assert_eq!(read(malformed), Command::Malformed, "{malformed}");
    }
    assert_eq!(read(&format!("RCPT TO:<{}>", "a".repeat(257))), Command::Malformed);
    assert_eq!(Command::read(b"MAIL FROM:<\xff>"), Command::Malformed);
    assert_eq!(read("STARTTLS"), Command::Unknown);
    assert_eq!(read(""), Command::Unknown);
}

#[test]
fn a_letter_has_a_sender_and_a_recipient_in_that_order() {
    let order = ["EHLO a", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA"];
    assert_eq!(answers(&order), ["250", "250", "250", "354"]);
    for early in ["MAIL FROM:<a@b>", "RCPT TO:<a@b>", "DATA"] {
        assert_eq!(answers(&[early]), ["503"], "{early}");
    }
    assert_eq!(answers(&["HELO a", "MAIL FROM:<a>", "MAIL FROM:<a>"])[2], "503");
    assert_eq!(answers(&["HELO a", "MAIL FROM:<a>", "RSET", "RCPT TO:<b>"])[3], "503");
    assert_eq!(answers(&["NOOP", "VRFY a", "AUTH PLAIN", "HELO"]), ["250", "252", "502", "501"]);
}

#[test]
fn sizes_are_refused_before_they_come() {
    assert_eq!(answers(&["EHLO a", "MAIL FROM:<a> SIZE=262145"])[1], "552");
    let many = std::iter::repeat_n("RCPT TO:<a@b>", RECIPIENTS_MAX + 1);
    let lines: Vec<_> = ["EHLO a", "MAIL FROM:<a@b>"].into_iter().chain(many).collect();
    let answered = answers(&lines);
    assert_eq!((answered[51].as_str(), answered[52].as_str()), ("250", "452"));
}
