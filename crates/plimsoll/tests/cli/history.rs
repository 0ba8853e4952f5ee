//! History and its proof: the commands of the guide's page, run as they stand there.

use std::path::Path;

use serde_json::Value;

use crate::server::{apply_starter, gate_check, make_token};
use crate::{Ran, Server, follow, run};

/// The page whose `sh` blocks are run.
const GUIDE: &str = include_str!("../../../../docs/guide/history.md");

fn verify(data: &Path, arguments: &[&str]) -> Ran {
    let data = data.to_str().expect("temporary paths are text");
    run(&[&["verify", "--data", data], arguments].concat())
}

/// Waits until everything is sealed, which takes a second or two.
fn sealed(data: &Path) -> Value {
    loop {
        let found = verify(data, &["--output", "json"]).exits(0);
        let found: Value = serde_json::from_str(&found.out).expect("it is JSON");
        if found["waiting"] == 0 && found["sealed"] != 0 {
            return found;
        }
    }
}

#[test]
fn history_is_verified_beside_a_running_server_and_after_it() {
    let data = tempfile::tempdir().unwrap();
    let kept = data.path().join("kept.json");
    let kept = kept.to_str().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);
    let found = sealed(data.path());
    assert_eq!((&found["intact"], &found["signer"]), (&true.into(), &"installation".into()));
    verify(data.path(), &["--save", kept]).exits(0);
    let unproved = verify(data.path(), &["--save", kept]).exits(2);
    assert!(unproved.err.contains("--against"), "{}", unproved.err);
    let asked = server.ask(&editor, &["head", "--save", kept]).exits(2);
    assert!(asked.err.contains("--against"), "{}", asked.err);
    // Not to be told is another thing than to be told that history was changed.
    server.ask("plim_nonsense", &["head", "--against", kept]).exits(2);
    assert_eq!(server.stop("TERM"), Some(0));

    let told = verify(data.path(), &["--against", kept]).exits(0);
    assert!(told.out.starts_with("History: intact"), "{}", told.out);
    let store = data.path().join("records.db");
    let store = format!("sqlite:{}", store.display());
    let alone = run(&["verify", "--store", &store, "-o", "json"]).exits(0);
    let alone: Value = serde_json::from_str(&alone.out).unwrap();
    assert_eq!((&alone["signer"], &alone["head"]), (&"unchecked".into(), &found["head"]));
}

#[test]
fn what_cannot_be_proved_is_told_from_what_was_changed() {
    let data = tempfile::tempdir().unwrap();
    let missing = verify(data.path(), &[]).exits(2);
    assert!(missing.err.contains("--data"), "{}", missing.err);
    let broken = data.path().join("broken.json");
    std::fs::write(&broken, "{}").unwrap();
    verify(data.path(), &["--against", broken.to_str().unwrap()]).exits(2);
    run(&["verify", "--store", "a.db", "--data", "."]).exits(2);
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 1, "nothing is made by looking");

    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);
    sealed(data.path());
    assert_eq!(server.stop("TERM"), Some(0));
    // The last head is cut off, as an old copy of the file would lack it.
    let mut head: Value =
        serde_json::from_slice(&std::fs::read(data.path().join("seal-head.json")).unwrap())
            .unwrap();
    let other = tempfile::tempdir().unwrap();
    let fresh = make_token(other.path(), "editor");
    let server = Server::start(other.path());
    apply_starter(other.path(), &server, &fresh);
    sealed(other.path());
    assert_eq!(server.stop("TERM"), Some(0));
    let theirs = other.path().join("seal-head.json");
    let told = verify(data.path(), &["--against", theirs.to_str().unwrap()]).exits(2);
    assert!(told.err.contains("plimsoll/org_"), "{}", told.err);
    head["size"] = 99.into();
    std::fs::write(&broken, head.to_string()).unwrap();
    verify(data.path(), &["--against", broken.to_str().unwrap()]).exits(2);
}

#[test]
fn a_database_set_back_exits_1() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);
    sealed(data.path());
    assert_eq!(server.stop("TERM"), Some(0));
    let (database, old) = (data.path().join("records.db"), data.path().join("old.db"));
    std::fs::copy(&database, &old).unwrap();

    let server = Server::start(data.path());
    server.ask(&editor, &gate_check("checkout")).exits(0);
    sealed(data.path());
    assert_eq!(server.stop("TERM"), Some(0));
    std::fs::copy(&old, &database).unwrap();
    let told = verify(data.path(), &[]).exits(1);
    assert!(told.out.starts_with("History: changed"), "{}", told.out);
    assert!(told.out.contains("truncated"), "{}", told.out);
}

#[test]
fn the_commands_of_the_guide_work_as_they_stand() {
    let data = tempfile::tempdir().unwrap();
    let editor = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    apply_starter(data.path(), &server, &editor);
    sealed(data.path());
    let guide = GUIDE.replace("./plimsoll-data", data.path().to_str().unwrap());
    let place = tempfile::tempdir().unwrap();
    let told = follow(&guide, place.path(), &server.url, &editor);
    assert!(told.contains("History: intact"), "{told}");
    assert!(place.path().join("head.json").exists());
}
