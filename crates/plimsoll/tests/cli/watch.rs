//! `--watch`: live on a terminal and in a pipe, through outages, until Ctrl-C.

use std::fs;
use std::io::{BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use plimsoll_trials::program::free_port;
use serde_json::Value;

use crate::server::{apply_starter, make_token};
use crate::{Server, plimsoll};

/// A process that is killed when the test ends without having ended it.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        // It has ended already, or there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Watching {
    fn signal(&self, signal: &str) {
        let pid = self.0.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
        assert!(sent.success());
    }

    fn code(mut self) -> Option<i32> {
        self.0.wait().unwrap().code()
    }
}

fn start(
    command: &mut Command,
) -> (Watching, BufReader<impl Read + use<>>, BufReader<impl Read + use<>>) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    (Watching(child), BufReader::new(out), BufReader::new(err))
}

fn line(from: &mut impl std::io::BufRead) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "it has ended");
    line
}

/// Reads up to what is waited for; all that was read.
fn until(from: &mut impl Read, awaited: &str) -> String {
    let mut bytes = Vec::new();
    let mut one = [0; 1];
    while !String::from_utf8_lossy(&bytes).contains(awaited) {
        let read = from.read(&mut one).unwrap_or(0);
        assert_eq!(read, 1, "`{awaited}` never came:\n{}", String::from_utf8_lossy(&bytes));
        bytes.push(one[0]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const SECOND: &str = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: second}\nspec:\n  \
    service: checkout\n  indicatorRef: checkout-requests\n  \
    timeWindow: [{duration: 30d, isRolling: true}]\n  \
    budgetingMethod: Occurrences\n  objectives: [{target: 0.99}]\n";

fn apply_second(data: &Path, server: &Server, token: &str) {
    let file = data.join("second.yaml");
    fs::write(&file, SECOND).unwrap();
    server.ask(token, &["apply", file.to_str().unwrap()]).exits(0);
}

#[test]
fn in_a_pipe_each_change_is_a_line_through_an_outage_and_until_it_is_interrupted() {
    let data = tempfile::tempdir().unwrap();
    let token = make_token(data.path(), "editor");
    let address = format!("127.0.0.1:{}", free_port());
    let server = Server::start_on(data.path(), &address, &[]);
    apply_starter(data.path(), &server, &token);
    let watch =
        ["services", "list", "--watch", "-o", "json", "--url", &server.url, "--token", &token];
    let (watching, mut out, mut err) = start(&mut plimsoll(&watch));
    let services = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    assert_eq!(services(&line(&mut out))[0]["slos"], serde_json::json!(["checkout-availability"]));

    apply_second(data.path(), &server, &token);
    let changed = services(&line(&mut out));
    assert_eq!(changed[0]["slos"], serde_json::json!(["checkout-availability", "second"]));

    assert_eq!(server.stop("TERM"), Some(0));
    let lost = line(&mut err);
    assert!(lost.starts_with("note: not live: ") && lost.contains("trying again in 1 s"), "{lost}");
    let server = Server::start_on(data.path(), &address, &[]);
    until(&mut err, "note: live again");
    server.ask(&token, &["delete", "SLO", "second", "--yes"]).exits(0);
    let after = services(&line(&mut out));
    assert_eq!(after[0]["slos"], serde_json::json!(["checkout-availability"]));

    watching.signal("INT");
    assert_eq!(watching.code(), Some(130));
}

#[test]
fn what_cannot_be_asked_the_first_time_is_not_waited_for() {
    let watch = ["slos", "list", "--watch", "--url", "http://127.0.0.1:1"];
    let refused = crate::run(&watch).exits(2);
    assert!(refused.err.contains("did not answer"), "{}", refused.err);
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    server.ask("plim_nonsense", &["slos", "list", "--watch"]).exits(2);
}

#[test]
fn a_reader_that_has_seen_enough_ends_it() {
    let data = tempfile::tempdir().unwrap();
    let token = make_token(data.path(), "editor");
    let server = Server::start(data.path());
    let watch = ["services", "list", "--watch", "--url", &server.url, "--token", &token];
    let (watching, mut out, _err) = start(&mut plimsoll(&watch));
    assert_eq!(line(&mut out), "There are no services.\n");
    drop(out);
    apply_starter(data.path(), &server, &token);
    assert_eq!(watching.code(), Some(0));
}

#[test]
fn on_a_terminal_it_is_redrawn_in_place_and_the_last_picture_stays() {
    let data = tempfile::tempdir().unwrap();
    let token = make_token(data.path(), "editor");
    let address = format!("127.0.0.1:{}", free_port());
    let server = Server::start_on(data.path(), &address, &[]);
    apply_starter(data.path(), &server, &token);
    let binary = env!("CARGO_BIN_EXE_plimsoll");
    let line = format!("stty cols 100 rows 24; exec {binary} slos list --watch --color never");
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).env_remove("NO_COLOR");
    script.envs([("PLIMSOLL_URL", &server.url), ("PLIMSOLL_TOKEN", &token)]);
    let (mut watching, mut out, _err) = start(&mut script);
    let first = until(&mut out, "checkout-availability");
    assert!(first.contains("\u{1b}[?1049h") && first.contains("live from http://"), "{first:?}");
    apply_second(data.path(), &server, &token);
    let again = until(&mut out, "second");
    assert!(again.contains("\u{1b}[H\u{1b}[J"), "{again:?}");

    assert_eq!(server.stop("TERM"), Some(0));
    until(&mut out, "not live: ");
    watching.0.stdin.as_mut().unwrap().write_all(b"\x03").unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let (_, left) = rest.split_once("\u{1b}[?25h\u{1b}[?1049l").expect(&rest);
    assert!(left.contains("checkout-availability") && left.contains("second"), "{left:?}");
    assert_eq!(watching.code(), Some(130));
}
