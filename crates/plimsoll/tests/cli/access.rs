//! People, teams, tokens and the audit log from the command line.

use crate::server::make_token;
use crate::{Server, follow, run};

const GUIDE: &str = include_str!("../../../../docs/guide/access.md");

#[test]
fn the_commands_of_the_guide_work_as_they_stand() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    let place = tempfile::tempdir().unwrap();
    let told = follow(GUIDE, place.path(), &server.url, &admin);
    for word in
        ["Added grace (viewer)", "grace (editor)", "Revoked tok_", "member_set", "Erased per_"]
    {
        assert!(told.contains(word), "{word} is missing in\n{told}");
    }
}

#[test]
fn who_is_locked_out_gets_a_link_while_the_server_is_down() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path();
    let admin = make_token(data, "admin");
    let server = Server::start(data);
    server.ask(&admin, &["people", "add", "ada", "--role", "admin"]).exits(0);
    let path = data.to_str().unwrap();
    let held = run(&["people", "reset", "ada", "--data", path]).exits(1);
    assert!(held.err.contains("another process"), "{}", held.err);
    assert_eq!(server.stop("TERM"), Some(0));
    let link = run(&["people", "reset", "ada", "--data", path]).exits(0);
    assert!(link.last_word().starts_with("http://127.0.0.1:8010/password?code="), "{}", link.out);
    let nobody = run(&["people", "reset", "eve", "--data", path]).exits(1);
    assert!(nobody.err.contains("nobody here is called `eve`"), "{}", nobody.err);
}

#[test]
fn mistakes_are_answered_with_how_to_mend_them() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    server.ask(&admin, &["people", "add", "grace"]).exits(0);
    let near = server.ask(&admin, &["people", "get", "grce"]).exits(1);
    assert!(near.err.contains("did you mean `grace`?"), "{}", near.err);
    let nothing = server.ask(&admin, &["people", "change", "grace"]).exits(2);
    assert!(nothing.err.contains("--role"), "{}", nothing.err);
    let asked = server.ask(&admin, &["people", "erase", "grace"]).exits(2);
    assert!(asked.err.contains("--yes"), "{}", asked.err);
    let make = ["token", "create", "--name", "x", "--role", "viewer", "--scope", "all"];
    let scope = server.ask(&admin, &make).exits(2);
    assert!(scope.err.contains("write_telemetry"), "{}", scope.err);
    let viewer = make_token_of(&server, &admin, "viewer");
    let denied = server.ask(&viewer, &["people", "add", "eve"]).exits(2);
    assert!(denied.err.contains("needs the role `admin`"), "{}", denied.err);
}

fn make_token_of(server: &Server, admin: &str, role: &str) -> String {
    let make = ["token", "create", "--name", role, "--role", role];
    server.ask(admin, &make).exits(0).last_word().to_owned()
}
