//! A place where the server lives: its directory, its configuration, and how it is started there.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use plimsoll_trials::program::Program;
use tempfile::TempDir;

use crate::victim::Victim;

/// Small enough that checkpoints are written, and files of the log let go of, every few rounds.
pub(crate) const CONFIG: &str = "
[outbound]
allow_loopback = true
[tallies]
checkpoint_bytes = 65536
";

/// The place. What is beside the data directory belongs to the client and outlives every fault.
pub(crate) struct Site {
    dir: TempDir,
    /// Where the server keeps everything.
    pub(crate) data: PathBuf,
    /// What is run instead of the binary, with the binary as its argument.
    pub(crate) through: Vec<OsString>,
    /// What only the server's environment has.
    pub(crate) environment: Vec<(String, OsString)>,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with_config(CONFIG)
    }

    pub(crate) fn with_config(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("plimsoll.toml"), config).unwrap();
        let data = dir.path().join("data");
        Self { dir, data, through: Vec::new(), environment: Vec::new() }
    }

    /// A file of the client's.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let binary = OsString::from(env!("CARGO_BIN_EXE_plimsoll"));
        let mut words = self.through.iter().chain([&binary]);
        let mut command = Command::new(words.next().expect("there is the binary"));
        command.args(words).args(arguments);
        for variable in ["PLIMSOLL_URL", "PLIMSOLL_TOKEN", "PLIMSOLL_LOG", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs a command that must succeed; returns what it printed.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&stderr);
        assert!(status.success(), "plimsoll {arguments:?}: {status}\n{stderr}");
        String::from_utf8(stdout).unwrap()
    }

    /// Makes a token while no server runs.
    pub(crate) fn token(&self) -> String {
        let data = self.data_text();
        let create = ["token", "create", "--name", "fleet", "--role", "editor", "--data", data];
        self.run(&create).split_whitespace().next_back().unwrap().to_owned()
    }

    pub(crate) fn data_text(&self) -> &str {
        self.data.to_str().expect("temporary paths are text")
    }

    /// Starts a server, which has said nothing yet.
    pub(crate) fn launch(&self, token: &str) -> Victim {
        let config = self.file("plimsoll.toml");
        let config = config.to_str().expect("temporary paths are text");
        let listen = ["--config", config, "--listen", "127.0.0.1:0"];
        let mut command =
            self.command(&[&["serve", "--data", self.data_text()], &listen[..]].concat());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let program = Program::start(command.stdout(Stdio::piped()).stderr(self.log()));
        Victim::new(program, token)
    }

    /// Starts a server and waits until it listens; what it logged is shown when it does not.
    #[track_caller]
    pub(crate) fn start(&self, token: &str) -> Victim {
        let mut victim = self.launch(token);
        assert!(victim.listens(), "the server did not start:\n{}", self.logged());
        victim
    }

    fn log(&self) -> File {
        let path = self.file("server.log");
        OpenOptions::new().create(true).append(true).open(path).unwrap()
    }

    /// The end of what the servers logged.
    pub(crate) fn logged(&self) -> String {
        let text = std::fs::read_to_string(self.file("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// Writes definitions down and puts them in force.
    pub(crate) fn apply(&self, victim: &Victim, definitions: &str) {
        let file = self.file("fleet.yaml");
        std::fs::write(&file, definitions).unwrap();
        let file: &Path = &file;
        let (url, token) = (&victim.url, &victim.token);
        self.run(&["apply", "-f", file.to_str().unwrap(), "--url", url, "--token", token]);
    }
}
