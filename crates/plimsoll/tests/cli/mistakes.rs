//! What people get wrong, and how they are told: what, where, and how to mend it, always alike.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::server::{apply_starter, make_token};
use crate::{Ran, Server, run};

const NOBODY: &str = "http://127.0.0.1:1";

/// Checks the form that all failures have, and what this one says.
#[track_caller]
fn told(ran: Ran, code: i32, what: &str, mend: &str) {
    let Ran { out, err, .. } = ran.exits(code);
    assert_eq!(out, "", "what was asked for is not among it");
    let title = err.lines().next().unwrap_or_default();
    assert!(title.starts_with("error: ") && title.contains(what), "{err}");
    let hint = err.lines().find(|line| line.starts_with("hint: "));
    assert!(hint.is_some_and(|hint| hint.contains(mend)), "`{mend}` is missing in\n{err}");
    let form = |line: &str| ["error: ", "hint: ", "  "].iter().any(|it| line.starts_with(it));
    assert!(err.lines().all(form), "{err}");
}

#[test]
fn words_that_are_no_commands_and_no_options() {
    told(run(&["slso", "list"]), 2, "unrecognized subcommand 'slso'", "'slos'");
    told(run(&["slos", "lsit"]), 2, "unrecognized subcommand 'lsit'", "'list'");
    told(run(&["get", "allerts"]), 2, "nothing called `allerts`", "did you mean `alerts`?");
    told(run(&["slos", "list", "--servce", "a"]), 2, "'--servce'", "'--service'");
    told(run(&["slos", "list", "-o", "jsn"]), 2, "invalid value 'jsn'", "'json'");
    told(run(&["slos", "get"]), 2, "required arguments", "--help");
    told(run(&["slos", "get", "a", "--at", "noon"]), 2, "invalid value 'noon'", "--help");
    let kind = run(&["delete", "burnpolcy", "a", "--yes"]);
    told(kind, 2, "there is no kind `burnpolcy`", "did you mean BurnPolicy?");
}

#[test]
fn servers_that_are_away_or_none() {
    let away = run(&["slos", "list", "--url", NOBODY]);
    told(away, 2, "the server at http://127.0.0.1:1/ did not answer", "plimsoll serve");
    let address = run(&["slos", "list", "--url", "nowhere"]);
    told(address, 2, "`nowhere` is not the address", "http://127.0.0.1:8010");

    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]).unwrap();
        let page = "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";
        stream.write_all(page.as_bytes()).unwrap();
    });
    let none = run(&["slos", "list", "--url", &url]);
    told(none, 1, "the server answered 404", "is this address a Plimsoll server?");
    answering.join().unwrap();
}

#[test]
fn tokens_that_are_missing_wrong_or_weak() {
    let data = tempfile::tempdir().unwrap();
    let viewer = make_token(data.path(), "viewer");
    let server = Server::start(data.path());
    let missing = run(&["slos", "list", "--url", &server.url]);
    told(missing, 2, "", "set PLIMSOLL_TOKEN");
    told(server.ask("plim_nonsense", &["slos", "list"]), 2, "", "set PLIMSOLL_TOKEN");
    told(server.ask("two words", &["slos", "list"]), 2, "characters", "starts with plim_");
    let weak = server.ask(&viewer, &["delete", "SLO", "a", "--yes"]);
    told(weak, 2, "`editor`", "an admin of the team");
    let file = run(&["slos", "list", "--token-file", "/nowhere/token"]);
    told(file, 2, "cannot read the token file /nowhere/token", "--save FILE");
}

#[test]
fn names_that_are_nearly_right() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);
    let slo = server.ask(&editor, &["slos", "get", "chekout-availability"]);
    told(slo, 1, "there is no slo `chekout-availability`", "`checkout-availability`");
    let service = server.ask(&editor, &["services", "get", "chekcout"]);
    told(service, 1, "there is no service", "did you mean `checkout`?");
    let definition = server.ask(&editor, &["definitions", "get", "sli", "checkout-request"]);
    told(definition, 1, "there is no definition", "`SLI checkout-requests`");
}

#[test]
fn files_that_are_not_there_hold_nothing_or_are_wrong() {
    let place = tempfile::tempdir().unwrap();
    let directory = place.path().to_str().unwrap();
    told(run(&["lint", "/nowhere.yaml"]), 2, "cannot read /nowhere.yaml", "name files");
    told(run(&["lint", directory]), 2, "holds no *.yaml", "name files");
    told(run(&["lint"]), 2, "required arguments", "--help");

    let file = place.path().join("faulty.yaml");
    let faulty = "apiVersion: plimsoll/v1\nkind: BurnPolicy\nmetadata: {name: fast}\n\
                  spec: {armss: []}\n";
    fs::write(&file, faulty).unwrap();
    let file = file.to_str().unwrap();
    let linted = run(&["lint", file]).exits(1);
    let place = format!("{file}:4:8: error[field.unknown]");
    let lines: Vec<_> = linted.out.lines().skip_while(|it| !it.starts_with(&place)).collect();
    assert!(lines.len() > 3, "{}", linted.out);
    assert_eq!(lines[1], "  4 | spec: {armss: []}");
    assert_eq!(lines[2], "    |        ^");
    assert!(lines[3].starts_with("  hint: "), "{}", linted.out);
    let yaml = run(&["lint", file, "-o", "yaml"]).exits(1).out;
    assert!(yaml.starts_with("diagnostics:\n"), "{yaml}");
}

#[test]
fn configurations_that_cannot_be_read() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("plimsoll.toml");
    fs::write(&file, "log = \"info\"\n[disk]\nreserve = 1\n").unwrap();
    let file = file.to_str().unwrap();
    let refused = run(&["config", "show", "--config", file]).exits(2);
    assert!(refused.err.contains("line 3, column 1"), "{}", refused.err);
    let err = run(&["config", "show", "--config", "/nowhere.toml"]).exits(2).err;
    assert!(err.starts_with("error: the configuration /nowhere.toml cannot be read"), "{err}");
}
