//! The real binary, as a shell sees it: arguments in, standard output and an exit code out.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on has failed")]

mod backup;
#[path = "../faults/dice.rs"]
#[expect(
    dead_code,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the tests for faults throw them in more ways, and print their seeds"
)]
mod dice;
mod doctor;
mod history;
mod increases;
mod local;
mod server;
mod store;
mod telemetry;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

/// The binary, with nothing of this machine's environment that it reads.
fn plimsoll(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    for variable in ["PLIMSOLL_URL", "PLIMSOLL_TOKEN", "PLIMSOLL_STORE", "PLIMSOLL_LOG", "NO_COLOR"]
    {
        command.env_remove(variable);
    }
    command.args(arguments);
    command
}

/// What a run left behind.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(arguments: &[&str]) -> Ran {
    ran(&mut plimsoll(arguments))
}

fn ran(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the binary was built");
    let text = |bytes| String::from_utf8(bytes).expect("only text is printed");
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

impl Ran {
    /// Checks the exit code; shows everything when it is another.
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        let Self { code: found, out, err } = &self;
        assert_eq!(*found, Some(code), "\n--- stdout\n{out}\n--- stderr\n{err}");
        self
    }

    fn last_word(&self) -> &str {
        self.out.split_whitespace().next_back().expect("something was printed")
    }
}

/// A running server; killed when the test ends without having stopped it.
struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
    log: PathBuf,
}

impl Server {
    /// Starts on a free port and waits until it says where.
    fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// The same with more arguments; what it logs goes to a file.
    fn start_with(data: &Path, more: &[&str]) -> Self {
        let log = data.join("log");
        let data = data.to_str().expect("temporary paths are text");
        let serve = ["serve", "--data", data, "--listen", "127.0.0.1:0"];
        let mut child = plimsoll(&[&serve[..], more].concat())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("the data directory is there"))
            .spawn()
            .expect("the binary was built");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("only text is printed");
        let url = line.trim().strip_prefix("Plimsoll listens on ").expect(&line).to_owned();
        Self { child, out, url, log }
    }

    /// The file that holds what it logged.
    fn log(&self) -> PathBuf {
        self.log.clone()
    }

    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().expect("there is a shell");
        assert!(sent.success(), "{kill}");
    }

    /// Sends a signal and returns the exit code.
    fn stop(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().expect("nobody else waits for it").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that was stopped is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
