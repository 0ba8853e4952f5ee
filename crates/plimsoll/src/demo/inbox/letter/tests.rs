use super::*;

const BOTH: &str = "From: Plimsoll <plimsoll@shop.example>\r\n\
    To: team-shop@shop.example\r\n\
    Subject: =?utf-8?b?w5xiZXI=?= the limit\r\n\
    Message-ID: <ntf_1@shop.example>\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\n\
    99 =25 =E2=80=93 of\r\n\
    --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+PC9iPg==\r\n\
    --b--\r\n";

#[test]
fn headers_text_and_html_are_decoded() {
    let letter = Letter::read(BOTH.as_bytes());
    assert_eq!(letter.subject, "Über the limit");
    assert_eq!(letter.message_id, "<ntf_1@shop.example>");
    assert_eq!(letter.text.trim_end(), "99 % – of");
    assert_eq!(letter.html.as_deref(), Some("<b></b>"));
}

#[test]
fn what_is_no_letter_is_shown_as_it_came() {
    let nested: String = (0..4_000)
        .map(|depth| {
            format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n")
        })
        .collect();
    let letter = Letter::read(nested.as_bytes());
    assert_eq!((letter.subject.as_str(), letter.text.len()), ("(not understood)", nested.len()));
    for damaged in [&b""[..], b"\xff\xfe", b"no header at all", b"Subject", &BOTH.as_bytes()[..300]]
    {
        Letter::read(damaged);
    }
}
