use expect_test::{Expect, expect};

use super::*;

fn read(toml: &str) -> Result<Mail, String> {
    let written: Written = toml::from_str(toml).map_err(|error| error.message().to_owned())?;
    written.read()
}

fn refused(toml: &str, expected: Expect) {
    expected.assert_eq(&read(toml).unwrap_err());
}

const LEAST: &str = "server = \"mail.example.com\"\nfrom = \"plimsoll@example.com\"\n";

fn with(more: &str) -> String {
    format!("{LEAST}{more}\n")
}

#[test]
fn a_server_and_a_sender_suffice() {
    let mail = read(LEAST).unwrap();
    assert_eq!((mail.port, mail.encryption), (587, Encryption::Starttls));
    assert_eq!((mail.from_name.as_str(), mail.credentials), ("Plimsoll", None));
    assert_eq!(read(&with("encryption = \"tls\"")).unwrap().port, 465);
    assert_eq!(read(&with("encryption = \"none\"\nport = 1025")).unwrap().port, 1025);
    let signed = read(&with("username = \"u\"\npassword = {env = \"SMTP\"}")).unwrap();
    let password = SecretRef::Env("SMTP".to_owned());
    let credentials = Credentials { username: "u".to_owned(), password };
    assert_eq!(signed.credentials, Some(credentials));
}

#[test]
fn a_password_never_stands_there_and_is_never_sent_in_the_clear() {
    let plain = "username = \"u\"\npassword = {file = \"/run/smtp\"}\nencryption = \"none\"";
    refused(
        &with(plain),
        expect![[
            r#"a password is never sent unencrypted: use `encryption = "starttls"` or "tls", or leave out `username` and `password`"#
        ]],
    );
    refused(&with("username = \"u\""), expect!["`username` and `password` belong together"]);
    refused(
        &with("username = \"u\"\npassword = {}"),
        expect![[r#"`password` says where it is kept: {env = "NAME"} or {file = "PATH"}"#]],
    );
}

#[test]
fn nothing_in_it_ends_a_header_or_a_command() {
    for server in ["", "smtp://mail.example.com", "mail.example.com:25", "a\\r\\nQUIT", "a b"] {
        let toml = format!("server = \"{server}\"\nfrom = \"a@b\"\n");
        refused(&toml, expect!["`server` is a host name or an address, without scheme and port"]);
    }
    for server in ["127.0.0.1", "::1", "localhost", "mail.example.com"] {
        assert!(read(&format!("server = \"{server}\"\nfrom = \"a@b\"\n")).is_ok(), "{server}");
    }
    refused(&with("hello = \"a\\r\\nRSET\""), expect!["`hello` is a host name"]);
    refused(&with("from_name = \"a\\nBcc: x\""), expect!["`from_name` is one line of text"]);
    refused(
        "server = \"a\"\nfrom = \"Plimsoll <a@b>\"\n",
        expect!["`from`: `Plimsoll <a@b>` is no e-mail address; the name beside it is `from_name`"],
    );
}

#[test]
fn the_inbox_is_an_address_for_browsers() {
    let inbox = |text: &str| read(&with(&format!("inbox_url = \"{text}\"")));
    let url = |text: &str| inbox(text).unwrap().inbox_url.unwrap();
    assert_eq!(url("http://127.0.0.1:8025"), "http://127.0.0.1:8025/");
    assert_eq!(url("https://mail.example.com/box?a=<b>"), "https://mail.example.com/box?a=%3Cb%3E");
    assert_eq!(read(LEAST).unwrap().inbox_url, None);
    for text in ["127.0.0.1:8025", "javascript:alert(1)", "file:///etc", "http://u:p@host/", ""] {
        let said = inbox(text).unwrap_err();
        assert!(said.starts_with("`inbox_url` is an address for browsers"), "{text}: {said}");
        assert!(!said.contains("u:p"), "{said}");
    }
}
