//! The demo, as people run it: the whole binary, real services, real time, the story to its end.

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
        command.args(["demo", "--listen", "127.0.0.1:0", "--exit-after-story"]);
        Self(command.stdout(Stdio::piped()).spawn().expect("the binary runs"))
    }

    /// Its lines, as they come, until it closes its output.
    fn lines(&mut self) -> impl Iterator<Item = String> + use<> {
        let stdout = self.0.stdout.take().expect("piped, and taken once");
        BufReader::new(stdout).lines().map(|line| line.expect("text"))
    }

    fn end(mut self) -> ExitStatus {
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

#[test]
#[expect(clippy::print_stdout, reason = "what was told, should it fail")]
fn the_whole_story_happens() {
    let mut demo = Demo::start();
    let mut awaited = MILESTONES.iter().peekable();
    let mut told = Vec::new();
    for line in demo.lines() {
        println!("{line}");
        awaited.next_if(|milestone| line.contains(**milestone));
        told.push(line);
    }
    assert!(demo.end().success(), "the demo failed");
    assert_eq!(awaited.next(), None, "never told, in this order, of:\n{}", told.join("\n"));
    assert!(!told.iter().any(|line| line.contains('\x1b')), "colours outside of a terminal");
}
