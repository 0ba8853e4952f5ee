//! The real binary, as a shell sees it: arguments in, standard output and an exit code out.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on has failed")]

mod access;
mod backup;
mod definitions;
mod doctor;
mod guide;
mod history;
mod increases;
mod local;
mod mistakes;
mod newcomer;
mod notifications;
mod pages;
mod practice;
mod server;
mod store;
mod telemetry;
mod terminal;
mod watch;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Output, Stdio};

use plimsoll_trials::program::Program;

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

/// A command against a server.
fn ask(url: &str, token: &str, arguments: &[&str]) -> Ran {
    run(&[arguments, &["--url", url, "--token", token]].concat())
}

/// Runs the `sh` blocks of a guide in one shell, one after the other; what they print.
#[track_caller]
fn follow(guide: &str, place: &Path, url: &str, token: &str) -> String {
    let blocks = guide.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let script: String = blocks.map(|(block, _)| block).collect();
    assert!(script.lines().count() > 3, "{script}");
    let binary = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().expect("it is in a directory");
    let script = format!("set -eu\nPATH={}:$PATH\n{script}", binary.display());
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(place);
    command.envs([("PLIMSOLL_URL", url), ("PLIMSOLL_TOKEN", token)]);
    let Output { status, stdout, stderr } = command.output().expect("there is a shell");
    let text = |bytes| String::from_utf8(bytes).expect("only text is printed");
    let (out, err) = (text(stdout), text(stderr));
    assert!(status.success(), "{script}\n{out}\n{err}");
    out
}

/// A running server; killed when the test ends without having stopped it.
struct Server {
    program: Program,
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
        Self::start_on(data, "127.0.0.1:0", more)
    }

    /// The same at an address.
    fn start_on(data: &Path, address: &str, more: &[&str]) -> Self {
        let log = data.join("log");
        let data = data.to_str().expect("temporary paths are text");
        let serve = ["serve", "--data", data, "--listen", address];
        let mut command = plimsoll(&[&serve[..], more].concat());
        command.stdout(Stdio::piped());
        command.stderr(File::create(&log).expect("the data directory is there"));
        let mut program = Program::start(&mut command);
        let mut out = BufReader::new(program.out());
        let mut line = String::new();
        out.read_line(&mut line).expect("only text is printed");
        let url = line.trim().strip_prefix("Plimsoll listens on ").expect(&line).to_owned();
        Self { program, out, url, log }
    }

    /// A command against it.
    fn ask(&self, token: &str, arguments: &[&str]) -> Ran {
        ask(&self.url, token, arguments)
    }

    /// The file that holds what it logged.
    fn log(&self) -> PathBuf {
        self.log.clone()
    }

    /// Sends a signal and returns the exit code.
    fn stop(mut self, signal: &str) -> Option<i32> {
        self.program.signal(signal);
        self.program.wait().code()
    }
}
