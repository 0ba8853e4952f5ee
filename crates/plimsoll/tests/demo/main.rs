//! The demo, as people run it: the whole binary, real services, real time, the story to its end;
//! then the web app in a real browser, on what the story left.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};

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

/// A process that does not outlive the test.
struct Demo(Child);

impl Demo {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.args(["demo", "--listen", "127.0.0.1:0"]);
        Self(command.stdout(Stdio::piped()).spawn().expect("the binary runs"))
    }

    /// Its lines, as they come, until it closes its output.
    fn lines(&mut self) -> impl Iterator<Item = String> + use<> {
        let stdout = self.0.stdout.take().expect("piped, and taken once");
        BufReader::new(stdout).lines().map(|line| line.expect("text"))
    }

    /// Ends it as Ctrl-C would.
    fn interrupt(mut self) -> ExitStatus {
        let kill = format!("kill -INT {}", self.0.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().expect("a shell runs");
        assert!(sent.success(), "the demo had ended already");
        self.0.wait().expect("it was started")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The line after which the app is left running.
const TOLD: &str = "Data and server.log are in";

#[test]
#[expect(clippy::print_stdout, reason = "what was told, should it fail")]
fn the_whole_story_happens_and_a_browser_shows_it() {
    let mut demo = Demo::start();
    let mut awaited = MILESTONES.iter().peekable();
    let mut told = Vec::new();
    for line in demo.lines() {
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
    assert!(demo.interrupt().success(), "Ctrl-C stops all of it");
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
