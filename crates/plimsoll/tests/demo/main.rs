//! The demo, as people run it: the whole binary, real services, real time, the story to its end;
//! then the web app in a real browser, on what the story left.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use plimsoll_trials::program::Program;

/// The milestones, each a part of a line, in the order in which they must appear.
const MILESTONES: [&str; 17] = [
    "The server runs at http://127.0.0.1:",
    "checkout-availability is healthy",
    "payments-availability is healthy",
    "May checkout 1.5.0 go to production, as a feature? allow",
    "Deployed checkout 1.5.0 to production, as a feature",
    "Alert: page for checkout-availability",
    "team-shop's inbox: [page] checkout-availability of checkout opened",
    "signature verified",
    "Alert delivered",
    "May checkout 1.6.0 go to production, as a feature? deny",
    "May checkout 1.4.0 go to production, as a rollback? allow",
    "Deployed checkout 1.4.0 to production, as a rollback",
    "team-shop's inbox: [page] checkout-availability of checkout closed",
    "signature verified",
    "Alert closed",
    "What it came to",
    "The next feature stays denied until",
];

/// The lines of a program, as they come, until it closes its output.
fn lines(program: &mut Program) -> impl Iterator<Item = String> + use<> {
    BufReader::new(program.out()).lines().map(|line| line.expect("text"))
}

/// The line after which the app is left running.
const TOLD: &str = "Data and server.log are in";

#[test]
#[expect(clippy::print_stdout, reason = "what was told, should it fail")]
fn the_whole_story_happens_and_a_browser_shows_it() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut demo = Program::start(&mut command);
    let mut awaited = MILESTONES.iter().peekable();
    let mut told = Vec::new();
    for line in lines(&mut demo) {
        println!("{line}");
        awaited.next_if(|milestone| line.contains(**milestone));
        let last = line.contains(TOLD);
        told.push(line);
        if last {
            break;
        }
    }
    assert_eq!(awaited.next(), None, "never told, in this order, of:\n{}", told.join("\n"));
    assert!(!told.iter().any(|line| line.contains('\x1b')), "colours outside of a terminal");
    browse(&told);
    demo.signal("INT");
    assert!(demo.wait().success(), "Ctrl-C stops all of it");
}

/// Runs the web app's stories in Chromium against the server that the demo left running.
fn browse(told: &[String]) {
    let setup = told
        .iter()
        .find_map(|line| line.split_whitespace().find(|word| word.contains("/setup?code=")))
        .expect("the setup link is told");
    let url = setup.split("/setup").next().expect("a link has a start");
    let ui = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui");
    let run = Command::new("npm")
        .args(["--prefix", ui, "run", "e2e"])
        .envs([("PLIMSOLL_URL", url), ("PLIMSOLL_SETUP", setup)])
        .env("PLIMSOLL_SLO", "checkout-availability")
        .output()
        .expect("npm runs: `make test` checks for it");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(run.status.success(), "{}\n{}", text(&run.stdout), text(&run.stderr));
}
