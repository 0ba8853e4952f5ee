//! A running server: its data directory, its tokens, and the commands that ask it.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use plimsoll_trials::program::Program;
use serde_json::Value;

use crate::{Server, plimsoll, run};

pub(crate) fn make_token(data: &Path, role: &str) -> String {
    let data = data.to_str().expect("temporary paths are text");
    let made = run(&["token", "create", "--data", data, "--name", role, "--role", role]).exits(0);
    made.last_word().to_owned()
}

/// Puts what `init` writes in force: the service `checkout` with one SLO, and no telemetry.
pub(crate) fn apply_starter(data: &Path, server: &Server, token: &str) {
    let definitions = data.join("definitions");
    let definitions = definitions.to_str().expect("temporary paths are text");
    run(&["init", definitions]).exits(0);
    server.ask(token, &["apply", "-f", definitions]).exits(0);
}

/// A server with the starter set in force, its files, and an editor's token.
pub(crate) struct Site {
    pub(crate) data: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) token: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let token = make_token(data.path(), "editor");
        let server = Server::start(data.path());
        apply_starter(data.path(), &server, &token);
        Self { data, server, token }
    }
}

/// The question whether a feature of this service may go out.
pub(crate) fn gate_check(service: &str) -> Vec<&str> {
    let question = ["gate", "check", "--service", service, "--environment", "production"];
    [&question[..], &["--artifact", "sha256:abc", "--class", "feature"]].concat()
}

#[test]
fn a_server_whose_standard_output_nobody_reads_serves() {
    let data = tempfile::tempdir().unwrap();
    let (unread, out) = std::io::pipe().unwrap();
    drop(unread);
    let directory = data.path().to_str().unwrap();
    let mut serve = plimsoll(&["serve", "--data", directory, "--listen", "127.0.0.1:0"]);
    let mut program = Program::start_until(serve.stdout(out), "the tallies are read");
    program.signal("TERM");
    assert_eq!(program.wait().code(), Some(0));
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
    server.program.signal("TERM");
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
    let made = server.ask(&admin, &create).exits(0);
    let responder = made.last_word();
    server.ask(responder, &["get", "services"]).exits(0);
    let refused = server.ask(responder, &create).exits(2);
    assert!(refused.err.contains("`admin`"), "{}", refused.err);

    let listed = server.ask(&admin, &["token", "list", "--output", "json"]).exits(0);
    let tokens: Value = serde_json::from_str(&listed.out).unwrap();
    let ci = tokens.as_array().unwrap().iter().find(|token| token["name"] == "ci").unwrap();
    assert!(ci.get("secret").is_none());
    server.ask(&admin, &["token", "revoke", ci["id"].as_str().unwrap(), "--yes"]).exits(0);
    let stopped = server.ask(responder, &["get", "services"]).exits(2);
    assert!(stopped.err.contains("PLIMSOLL_TOKEN"), "{}", stopped.err);
    assert!(!stopped.err.contains(responder));
}

#[test]
fn a_token_that_is_saved_is_shown_to_nobody_else() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let path = data.path().join("viewer.token");
    let file = path.to_str().unwrap();
    let directory = data.path().to_str().unwrap();
    let create = ["tokens", "create", "--name", "wall", "--role", "viewer", "--save"];
    let offline = run(&[&create[..], &[file, "--data", directory]].concat()).exits(0);
    assert_eq!(offline.out, format!("Token wall (viewer), in {file}\n"));
    let secret = fs::read_to_string(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let server = Server::start(data.path());
    server.ask(secret.trim(), &["whoami"]).exits(0);
    let taken = server.ask(&admin, &[&create[..], &[file]].concat()).exits(1);
    assert!(taken.err.contains("name another file"), "{}", taken.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), secret);
    let fresh = data.path().join("refused.token");
    let refused = [&create[..], &[fresh.to_str().unwrap()]].concat();
    server.ask(secret.trim(), &refused).exits(2);
    assert!(!fresh.exists(), "a file without a token is left behind");
    let listed = server.ask(&admin, &["tokens", "list", "-o", "json"]).exits(0);
    let tokens: Value = serde_json::from_str(&listed.out).unwrap();
    let walls = tokens.as_array().unwrap().iter().filter(|token| token["name"] == "wall");
    assert_eq!(walls.count(), 1, "a token that could not be kept was made");
}

#[test]
fn definitions_are_applied_and_shown() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    let definitions = data.path().join("definitions");
    let definitions = definitions.to_str().unwrap();
    run(&["init", definitions]).exits(0);

    let applied = server.ask(&editor, &["apply", "-f", definitions]).exits(0);
    assert!(applied.out.contains("checkout-availability"), "{}", applied.out);
    let again = server.ask(&editor, &["apply", "-f", definitions]).exits(0);
    assert!(again.out.contains("nothing changed"), "{}", again.out);

    let table = server.ask(&editor, &["get", "services"]).exits(0);
    assert!(table.out.contains("team-shop"), "{}", table.out);
    let one = server.ask(&editor, &["get", "service", "checkout", "-o", "json"]).exits(0);
    let service: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(service["tier"], 1);
    let policies = server.ask(&editor, &["get", "burnpolicies"]).exits(0);
    assert!(policies.out.contains("workbook"), "{}", policies.out);
    let text = server.ask(&editor, &["get", "definition", "SLO/checkout-availability"]).exits(0);
    assert!(text.out.contains("apiVersion: openslo/v1"), "{}", text.out);
    let missing = server.ask(&editor, &["get", "service", "nobody"]).exits(1);
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
    let refused = server.ask(&editor, &["apply", "-f", file]).exits(1);
    assert!(refused.out.contains(&format!("{file}:7:")), "{}", refused.out);
    let groups = server.ask(&editor, &["get", "groups"]).exits(0);
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
    server.ask(&viewer, &record).exits(2);
    server.ask(&editor, &record).exits(0);
    let listed = server.ask(&viewer, &["get", "deployments", "--service", "checkout"]).exits(0);
    assert!(listed.out.contains("1.4.0"), "{}", listed.out);
    assert_eq!(listed.err, "");

    server.ask(&editor, &[&what[..], &change].concat()).exits(0);
    let all = server.ask(&viewer, &["deployments", "list", "--from", "-1m", "-o", "json"]).exits(0);
    let all: Value = serde_json::from_str(&all.out).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 1, "the other went out before");
    let cut = server.ask(&viewer, &["deployments", "list", "--limit", "1"]).exits(0);
    assert_eq!(cut.err, "note: there are more than 1; see --limit\n");
    let id = all[0]["id"].as_str().unwrap();
    let one = server.ask(&viewer, &["deployments", "get", id, "-o", "yaml"]).exits(0);
    assert!(one.out.contains(&format!("id: {id}\n")), "{}", one.out);
}

#[test]
fn without_a_stored_decision_a_gate_check_exits_2() {
    let data = tempfile::tempdir().unwrap();
    let responder = make_token(data.path(), "responder");
    let viewer = make_token(data.path(), "viewer");
    let server = Server::start(data.path());
    let unknown = server.ask(&responder, &gate_check("nobody")).exits(2);
    assert_eq!(unknown.out, "");
    let forbidden = server.ask(&viewer, &gate_check("nobody")).exits(2);
    assert!(forbidden.err.contains("`responder`"), "{}", forbidden.err);
    server.ask("plim_nonsense", &gate_check("nobody")).exits(2);
}

#[test]
fn a_service_without_telemetry_is_denied_and_in_shadow_mode_told_so() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);

    let shadow = server.ask(&editor, &gate_check("checkout")).exits(0);
    assert!(shadow.out.contains("deny, which does not bind"), "{}", shadow.out);
    let enforced = [&gate_check("checkout")[..], &["--enforce", "-o", "json"]].concat();
    let denied = server.ask(&editor, &enforced).exits(20);
    let decision: Value = serde_json::from_str(&denied.out).unwrap();
    assert_eq!((&decision["verdict"], &decision["enforced"]), (&"deny".into(), &true.into()));

    let id = decision["id"].as_str().unwrap();
    let explained = server.ask(&editor, &["gate", "explain", id]).exits(0);
    assert!(explained.out.contains("Policy"), "{}", explained.out);
    let replayed = server.ask(&editor, &["gate", "replay", id]).exits(0);
    assert!(replayed.out.contains("identical"), "{}", replayed.out);
    let nothing = "dec_00000000000000000000000000000000";
    server.ask(&editor, &["gate", "replay", nothing]).exits(2);
}
