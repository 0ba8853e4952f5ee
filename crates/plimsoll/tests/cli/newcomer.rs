//! The README's five minutes, as a newcomer has them: its blocks, as they stand, with a real
//! Prometheus. Only ports are others, since a test takes what is free.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use plimsoll_trials::program::{Program, free_port, wait_for};
use serde_json::Value;

const README: &str = include_str!("../../../../README.md");

/// What is typed into the second and third terminal begins so.
const SERVE: &str = "target/debug/plimsoll serve";
const PROMETHEUS: &str = "prometheus --config.file";

/// What a person ends with Ctrl-C, and the test when it has seen enough.
const WATCH: &str = "--watch      # live; Ctrl-C ends it";

/// The section's `sh` blocks, in their order.
fn blocks() -> Vec<&'static str> {
    let (_, rest) = README.split_once("## Five minutes to the first SLO").unwrap();
    let (section, _) = rest.split_once("\n## ").unwrap();
    let blocks = section.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks.map(|(block, _)| block).collect()
}

struct Newcomer {
    /// The clone.
    place: tempfile::TempDir,
    port: u16,
    prometheus_port: u16,
    /// What was exported so far.
    exports: String,
    programs: Vec<Program>,
}

impl Newcomer {
    fn arrive() -> Self {
        let place = tempfile::tempdir().unwrap();
        let built = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
        std::fs::create_dir(place.path().join("target")).unwrap();
        symlink(built, place.path().join("target/debug")).unwrap();
        let (port, prometheus_port) = (free_port(), free_port());
        Self { place, port, prometheus_port, exports: String::new(), programs: Vec::new() }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(self.place.path());
        command.env("PLIMSOLL_URL", self.url()).env_remove("PLIMSOLL_TOKEN");
        command
    }

    /// Types a block into the terminal that it is for.
    fn types(&mut self, block: &str) -> String {
        let block = block
            .replace(":8010", &format!(":{}", self.port))
            .replace(":9090", &format!(":{}", self.prometheus_port));
        if block.starts_with(SERVE) {
            let listen = format!("exec {} --listen 127.0.0.1:{}", block.trim_end(), self.port);
            let mut program = Program::start(self.shell(&listen).stdout(Stdio::piped()));
            wait_for(program.out(), "Plimsoll listens on");
            self.programs.push(program);
            return String::new();
        }
        if block.starts_with(PROMETHEUS) {
            let listen = format!("--web.listen-address=127.0.0.1:{}", self.prometheus_port);
            let mut shell = self.shell(&format!("exec {} {listen}", block.trim_end()));
            let ready = "Server is ready to receive web requests";
            self.programs.push(Program::start_until(&mut shell, ready));
            return String::new();
        }
        let block = block.replace(WATCH, "--watch | grep -m 1 'answers: healthy'");
        let script = format!("set -eu\n{}{block}", self.exports);
        let Output { status, stdout, stderr } = self.shell(&script).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&stdout), text(&stderr));
        assert!(status.success(), "{script}\n{out}\n{err}");
        let exports = block.lines().filter(|line| line.starts_with("export "));
        self.exports.extend(exports.map(|line| format!("{line}\n")));
        out
    }

    /// Waits, watching the SLO as the README does, until it has counted what was spent.
    fn sees_failures(&self) -> Value {
        let script =
            format!("{}exec plimsoll slos get prometheus-answers -w -o json", self.exports);
        let mut watch = Program::start(self.shell(&script).stdout(Stdio::piped()));
        let lines = BufReader::new(watch.out()).lines().map_while(Result::ok);
        let mut slos = lines.map(|line| serde_json::from_str::<Value>(&line).expect(&line));
        slos.find(|slo| slo["good"].as_f64() < slo["total"].as_f64()).expect("it goes on")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }
}

#[test]
fn the_five_minutes_of_the_readme_lead_to_a_budget_that_falls() {
    let mut newcomer = Newcomer::arrive();
    let mut said = String::new();
    for block in blocks() {
        if block.starts_with("plimsoll deployments") {
            let slo = newcomer.sees_failures();
            let left = slo["budget_remaining"].as_f64().unwrap();
            assert!(left < 1.0, "{slo:#}");
        }
        said += &newcomer.types(block);
    }
    for part in [
        "Token me (editor), in me.token",
        "Applied as rev_",
        "prometheus-answers: healthy",
        "Series routed then",
        "Recorded",
        "deny, which does not bind",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    let token = std::fs::read_to_string(newcomer.file("me.token")).unwrap();
    assert!(token.starts_with("plim_") && !said.contains(token.trim()), "{said}");
    assert_eq!(newcomer.programs.len(), 2, "a server and a Prometheus");
}
