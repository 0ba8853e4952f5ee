//! A running server: its data directory, its tokens, and the commands that ask it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Ran, Server, plimsoll, run};

pub(crate) fn make_token(data: &Path, role: &str) -> String {
    let data = data.to_str().expect("temporary paths are text");
    let made = run(&["token", "create", "--data", data, "--name", role, "--role", role]).exits(0);
    made.last_word().to_owned()
}

/// A command against the server.
fn ask(server: &Server, token: &str, arguments: &[&str]) -> Ran {
    run(&[arguments, &["--url", &server.url, "--token", token]].concat())
}

/// Puts what `init` writes in force: the service `checkout` with one SLO, and no telemetry.
pub(crate) fn apply_starter(data: &Path, server: &Server, token: &str) {
    let definitions = data.join("definitions");
    let definitions = definitions.to_str().expect("temporary paths are text");
    run(&["init", definitions]).exits(0);
    ask(server, token, &["apply", "-f", definitions]).exits(0);
}

fn check_gate(server: &Server, token: &str, service: &str) -> Ran {
    let question = ["gate", "check", "--service", service, "--environment", "production"];
    let change = ["--artifact", "sha256:abc", "--class", "feature"];
    ask(server, token, &[&question[..], &change].concat())
}

#[test]
fn a_server_whose_standard_output_nobody_reads_serves() {
    let data = tempfile::tempdir().unwrap();
    let (unread, out) = std::io::pipe().unwrap();
    drop(unread);
    let directory = data.path().to_str().unwrap();
    let mut child = plimsoll(&["serve", "--data", directory, "--listen", "127.0.0.1:0"])
        .stdout(out)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let ready = log.find(|line| line.contains("the tallies are read"));
    assert!(ready.is_some(), "it ended instead");
    let kill = format!("kill -TERM {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    log.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_data_directory_has_one_holder_and_a_signal_ends_it_cleanly() {
    let data = tempfile::tempdir().unwrap();
    let directory = data.path().to_str().unwrap();
    let server = Server::start(data.path());

    let second = run(&["serve", "--data", directory, "--listen", "127.0.0.1:0"]).exits(1);
    assert!(second.err.contains(directory), "{}", second.err);
    let create = ["token", "create", "--data", directory, "--name", "ci", "--role", "viewer"];
    let refused = run(&create).exits(1);
    assert!(refused.err.contains("--url"), "{}", refused.err);
    assert_eq!(refused.out, "");

    assert_eq!(server.stop("TERM"), Some(0));
    run(&create).exits(0);
    assert_eq!(Server::start(data.path()).stop("INT"), Some(0));
}

#[test]
fn the_setup_link_is_printed_while_nobody_has_a_password() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::start(data.path());
    let url = server.url.clone();
    server.signal("TERM");
    let mut rest = String::new();
    server.out.read_to_string(&mut rest).unwrap();
    assert!(rest.contains(&format!("{url}/setup?code=")), "{rest}");
}

#[test]
fn tokens_are_made_listed_and_revoked_through_the_server() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());

    let create = ["token", "create", "--name", "ci", "--role", "responder"];
    let made = ask(&server, &admin, &create).exits(0);
    let responder = made.last_word();
    ask(&server, responder, &["get", "services"]).exits(0);
    let refused = ask(&server, responder, &create).exits(2);
    assert!(refused.err.contains("`admin`"), "{}", refused.err);

    let listed = ask(&server, &admin, &["token", "list", "--output", "json"]).exits(0);
    let tokens: Value = serde_json::from_str(&listed.out).unwrap();
    let ci = tokens.as_array().unwrap().iter().find(|token| token["name"] == "ci").unwrap();
    assert!(ci.get("secret").is_none());
    ask(&server, &admin, &["token", "revoke", ci["id"].as_str().unwrap()]).exits(0);
    let stopped = ask(&server, responder, &["get", "services"]).exits(2);
    assert!(stopped.err.contains("PLIMSOLL_TOKEN"), "{}", stopped.err);
    assert!(!stopped.err.contains(responder));
}

#[test]
fn definitions_are_applied_and_shown() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    let definitions = data.path().join("definitions");
    let definitions = definitions.to_str().unwrap();
    run(&["init", definitions]).exits(0);

    let applied = ask(&server, &editor, &["apply", "-f", definitions]).exits(0);
    assert!(applied.out.contains("checkout-availability"), "{}", applied.out);
    let again = ask(&server, &editor, &["apply", "-f", definitions]).exits(0);
    assert!(again.out.contains("nothing changed"), "{}", again.out);

    let table = ask(&server, &editor, &["get", "services"]).exits(0);
    assert!(table.out.contains("team-shop"), "{}", table.out);
    let one = ask(&server, &editor, &["get", "service", "checkout", "-o", "json"]).exits(0);
    let service: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(service["tier"], 1);
    let policies = ask(&server, &editor, &["get", "burnpolicies"]).exits(0);
    assert!(policies.out.contains("workbook"), "{}", policies.out);
    let text = ask(&server, &editor, &["get", "definition", "SLO/checkout-availability"]).exits(0);
    assert!(text.out.contains("apiVersion: openslo/v1"), "{}", text.out);
    let missing = ask(&server, &editor, &["get", "service", "nobody"]).exits(1);
    assert!(missing.err.contains("nobody"), "{}", missing.err);
}

#[test]
fn a_faulty_file_is_applied_in_no_part() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    let file = data.path().join("two.yaml");
    let good = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: crew}\n\
                spec: {type: team, children: []}\n";
    fs::write(&file, format!("{good}---\napiVersion: plimsoll/v1\nkind: Sloth\n")).unwrap();
    let file = file.to_str().unwrap();
    let refused = ask(&server, &editor, &["apply", "-f", file]).exits(1);
    assert!(refused.out.contains(&format!("{file}:7:")), "{}", refused.out);
    let groups = ask(&server, &editor, &["get", "groups"]).exits(0);
    assert!(!groups.out.contains("crew"), "{}", groups.out);
}

#[test]
fn deployments_are_recorded_by_those_who_may() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let viewer = make_token(data.path(), "viewer");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);

    let what = ["deployment", "record", "--service", "checkout", "--environment", "production"];
    let change = ["--artifact", "sha256:abc", "--version", "1.4.0", "--class", "feature"];
    let when = ["--deployed-at", "-5m"];
    let record = [&what[..], &change, &when].concat();
    ask(&server, &viewer, &record).exits(2);
    ask(&server, &editor, &record).exits(0);
    let listed = ask(&server, &viewer, &["get", "deployments", "--service", "checkout"]).exits(0);
    assert!(listed.out.contains("1.4.0"), "{}", listed.out);
}

#[test]
fn without_a_stored_decision_a_gate_check_exits_2() {
    let data = tempfile::tempdir().unwrap();
    let responder = make_token(data.path(), "responder");
    let viewer = make_token(data.path(), "viewer");
    let server = Server::start(data.path());
    let unknown = check_gate(&server, &responder, "nobody").exits(2);
    assert_eq!(unknown.out, "");
    let forbidden = check_gate(&server, &viewer, "nobody").exits(2);
    assert!(forbidden.err.contains("`responder`"), "{}", forbidden.err);
    check_gate(&server, "plim_nonsense", "nobody").exits(2);
}

#[test]
fn a_service_without_telemetry_is_denied_and_in_shadow_mode_told_so() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);

    let shadow = check_gate(&server, &editor, "checkout").exits(0);
    assert!(shadow.out.contains("deny, which does not bind"), "{}", shadow.out);
    let question = ["gate", "check", "--service", "checkout", "--environment", "production"];
    let change = ["--artifact", "sha256:abc", "--class", "feature", "--enforce", "-o", "json"];
    let denied = ask(&server, &editor, &[&question[..], &change].concat()).exits(20);
    let decision: Value = serde_json::from_str(&denied.out).unwrap();
    assert_eq!((&decision["verdict"], &decision["enforced"]), (&"deny".into(), &true.into()));

    let id = decision["id"].as_str().unwrap();
    let explained = ask(&server, &editor, &["gate", "explain", id]).exits(0);
    assert!(explained.out.contains("Policy"), "{}", explained.out);
    let replayed = ask(&server, &editor, &["gate", "replay", id]).exits(0);
    assert!(replayed.out.contains("identical"), "{}", replayed.out);
}
