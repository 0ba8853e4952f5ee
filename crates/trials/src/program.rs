//! Real programs that run beside a test or a bench, and do not outlive it.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

/// A running program; killed when dropped.
#[derive(Debug)]
pub struct Program(Child);

impl Program {
    /// Starts it.
    ///
    /// # Panics
    /// When there is no such program.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Starts it and waits until it says on standard error that it is ready.
    ///
    /// # Panics
    /// When it ends instead.
    #[track_caller]
    pub fn start_until(command: &mut Command, ready: &str) -> Self {
        let mut program = Self::start(command.stderr(Stdio::piped()));
        wait_for(program.0.stderr.take().expect("it is piped"), ready);
        program
    }

    /// What it says on standard output, if that is piped and nobody else has taken it.
    ///
    /// # Panics
    /// Otherwise.
    pub fn out(&mut self) -> ChildStdout {
        self.0.stdout.take().expect("it is piped, and taken once")
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Sends it a signal, by its short name.
    ///
    /// # Panics
    /// When it has ended already.
    #[track_caller]
    pub fn signal(&self, signal: &str) {
        let (signal, id) = (format!("-{signal}"), self.id().to_string());
        let sent = Command::new("kill").args([&signal, &id]).status().expect("there is a kill");
        assert!(sent.success(), "kill {signal} {id}");
    }

    /// Whether it has not ended.
    pub fn is_running(&mut self) -> bool {
        self.0.try_wait().expect("it is a child of ours").is_none()
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        self.0.wait().expect("it is a child of ours")
    }

    /// `kill -9`, whether it runs or not; it has ended then.
    pub fn kill(&mut self) {
        self.0.kill().expect("it is a child of ours");
        self.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads what a program says until it is ready, and lets the rest go by; the line that says so.
///
/// # Panics
/// When it ends before.
#[track_caller]
pub fn wait_for(said: impl Read + Send + 'static, ready: &str) -> String {
    let mut lines = BufReader::new(said).lines();
    let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains(ready));
    // It must not wait for somebody to read on.
    std::thread::spawn(move || lines.for_each(drop));
    line.expect("it ended before it was ready")
}

/// A port of the loopback where nobody listens.
///
/// # Panics
/// When every port is taken.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it is bound").port()
}

/// Debian's Prometheus, which also takes remote writes.
#[derive(Debug)]
pub struct Prometheus {
    /// The program.
    pub program: Program,
    /// Where it listens.
    pub url: String,
}

impl Prometheus {
    /// Starts it with a configuration, its data in `dir/prometheus`, and waits until it is ready.
    ///
    /// # Panics
    /// When it is not installed, or refuses the configuration.
    #[track_caller]
    pub fn start(dir: &Path, config: &str) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let file = dir.join("prometheus.yml");
        std::fs::write(&file, config).expect("the directory is the test's own");
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", dir.join("prometheus").display()))
            .arg("--storage.tsdb.retention.time=100d")
            .arg(format!("--web.listen-address={address}"))
            .arg("--web.enable-remote-write-receiver")
            .stdout(Stdio::null());
        let ready = "Server is ready to receive web requests";
        let program = Program::start_until(&mut command, ready);
        Self { program, url: format!("http://{address}") }
    }
}
