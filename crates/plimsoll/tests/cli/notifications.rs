//! Receivers and notifications from a shell, beside a real mail server.

use std::path::Path;

use plimsoll_trials::mailbox::{Mailbox, Mode};
use serde_json::Value;

use crate::server::make_token;
use crate::{Server, ask, follow, run};

const GUIDE: &str = include_str!("../../../../docs/guide/notifications.md");

fn configured(dir: &Path, mailbox: &Mailbox) -> String {
    let file = dir.join("plimsoll.toml");
    std::fs::write(&file, mailbox.toml()).unwrap();
    file.display().to_string()
}

#[test]
fn the_commands_of_the_guide_about_telling_people_work_as_they_stand() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let mailbox = Mailbox::start(Mode::Starttls, true);
    let config = configured(data.path(), &mailbox);
    let server = Server::start_with(data.path(), &["--config", &config]);
    let place = tempfile::tempdir().unwrap();
    let told = follow(GUIDE, place.path(), &server.url, &editor);
    for part in ["shop-on-call", "every 2 h", "accepted", "250 2.0.0 Ok: queued as M1"] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    let messages = mailbox.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].to, ["on-call@example.com", "shop@example.com"]);
    assert!(messages[0].encrypted && messages[0].signed_in);
}

#[test]
fn a_test_that_reaches_nobody_exits_1_and_says_why() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    let none = ask(&server.url, &editor, &["receivers", "list"]).exits(0);
    assert_eq!(none.out.trim(), "There are no receivers.");
    let file = data.path().join("receiver.yaml");
    let yaml = "apiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {name: pager}\n\
                spec: {default: true, email: {to: [a@example.com]}}\n";
    std::fs::write(&file, yaml).unwrap();
    let applied = ask(&server.url, &editor, &["apply", "-f", file.to_str().unwrap()]).exits(0);
    let said = applied.out + &applied.err;
    assert!(said.contains("receiver.mail_unconfigured"), "{said}");
    let tested = ask(&server.url, &editor, &["receivers", "test", "pager"]).exits(1);
    assert!(tested.out.contains("no mail server is configured"), "{}", tested.out);
    assert!(tested.out.contains("pager was not reached"), "{}", tested.out);
    let too_soon = ask(&server.url, &editor, &["receivers", "test", "pager"]).exits(1);
    assert!(too_soon.err.contains("try again"), "{}", too_soon.err);
    let nobody = ask(&server.url, &editor, &["receivers", "test", "nobody"]).exits(1);
    assert!(nobody.err.contains("nobody"), "{}", nobody.err);
    let log = ["notifications", "list", "--state", "pending", "--channel", "email", "-o", "json"];
    assert_eq!(ask(&server.url, &editor, &log).exits(0).out.trim(), "[]");
    ask(&server.url, &editor, &["notifications", "list", "--channel", "sms"]).exits(1);
    run(&["notifications", "list", "--state", "sent"]).exits(2);
}

#[test]
fn a_doctor_greets_the_mail_server_and_mails_nothing() {
    let data = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::start(Mode::Tls, true);
    let config = configured(data.path(), &mailbox);
    let directory = data.path().join("data");
    let examine = || {
        let asked = ["--data", directory.to_str().unwrap(), "--config", &config];
        let listen = ["--listen", "127.0.0.1:0", "--output", "json"];
        let found = run(&[&["doctor"], &asked[..], &listen].concat()).out;
        let found: Value = serde_json::from_str(&found).unwrap();
        let found = found.as_array().unwrap().iter().find(|it| it["check"] == "mail server");
        found.unwrap().clone()
    };
    let sound = examine();
    assert_eq!(sound["grade"], "ok", "{sound}");
    std::fs::write(mailbox.path("password"), "wrong").unwrap();
    let refused = examine();
    assert_eq!(refused["grade"], "problem", "{refused}");
    assert!(refused["found"].as_str().unwrap().contains("signing in"), "{refused}");
    assert_eq!(mailbox.messages().len(), 0);
}
