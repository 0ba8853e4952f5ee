//! Other ways to run the demo: faster, twice at once, where something listens, and where it ran
//! before.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use plimsoll_trials::program::Program;

use crate::follow;

fn demo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.arg("demo").args(arguments);
    command
}

/// What a demo that cannot start says.
#[track_caller]
fn refused(arguments: &[&str], code: i32) -> String {
    let Output { status, stderr, .. } = demo(arguments).output().expect("the binary was built");
    let said = String::from_utf8(stderr).expect("text");
    assert_eq!(status.code(), Some(code), "{said}");
    said
}

#[test]
fn told_as_fast_as_it_may_be_it_is_the_same_story_and_leaves_what_was_asked_for() {
    let place = tempfile::tempdir().expect("there is room");
    let data = place.path().join("kept");
    let path = data.to_str().expect("temporary paths are text");
    let arguments = ["--speed", "4", "--exit-after-story", "--listen", "127.0.0.1:0"];
    let mut command = demo(&[&arguments[..], &["--data", path]].concat());
    let mut demo = Program::start(command.stdout(Stdio::piped()));
    let told = follow(&mut demo);
    assert!(demo.wait().success());
    assert!(told.iter().any(|line| line.contains("all are scraped every 1 s")), "{told:#?}");
    for name in ["token", "plimsoll.toml", "server.log", "records.db"] {
        assert!(data.join(name).exists(), "{name} is not kept");
    }
    again_in(&data);
}

/// The directory of a run is not the place for another.
fn again_in(data: &Path) {
    let path = data.to_str().expect("temporary paths are text");
    let said = refused(&["--data", path, "--listen", "127.0.0.1:0"], 1);
    assert!(said.contains("is not empty") && said.contains("name a new directory"), "{said}");
}

#[test]
fn where_something_listens_it_says_so_and_how_to_start_elsewhere() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let said = refused(&["--listen", &address], 1);
    assert!(said.contains(&format!("something else listens on {address}")), "{said}");
    assert!(said.contains("--listen 127.0.0.1:0"), "{said}");
}

#[test]
fn speeds_are_bounded() {
    for speed in ["0", "5", "fast"] {
        let said = refused(&["--speed", speed], 2);
        assert!(said.contains("--speed"), "{said}");
    }
}
