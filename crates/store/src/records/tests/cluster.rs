//! A PostgreSQL of a test's own, which it may stop and start.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use plimsoll_trials::postgres;
use plimsoll_trials::program::free_port;
use tempfile::TempDir;

use crate::records::Location;

pub(super) struct Cluster {
    bin: PathBuf,
    home: TempDir,
    port: u16,
}

impl Cluster {
    /// A running one; none where the other tests have none either.
    pub(super) fn start() -> Option<Self> {
        postgres::url()?;
        let home = tempfile::tempdir().unwrap();
        let cluster = Self { bin: programs(), home, port: free_port() };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(cluster.home.path()));
        }
        let data = cluster.data();
        cluster.pg("initdb", &["-D", &data, "-U", "plimsoll", "-A", "trust", "--no-sync"]);
        cluster.up();
        Some(cluster)
    }

    pub(super) fn location(&self) -> Location {
        format!("postgres://plimsoll:hunter2@127.0.0.1:{}/postgres", self.port).parse().unwrap()
    }

    pub(super) fn up(&self) {
        let home = self.home.path().display();
        let options = format!("-h 127.0.0.1 -p {} -k {home} -c fsync=off", self.port);
        let log = format!("{home}/log");
        self.pg("pg_ctl", &["-D", &self.data(), "-l", &log, "-w", "-o", &options, "start"]);
    }

    /// As a crash would leave it.
    pub(super) fn down(&self) {
        self.pg("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    /// Stops every process of it where it is: nothing answers, and nothing hangs up.
    pub(super) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = fs::read_to_string(Path::new(&self.data()).join("postmaster.pid")).unwrap();
        let postmaster = pid.lines().next().unwrap();
        run(Command::new("pkill").args([signal, "-P", postmaster]));
        run(Command::new("kill").args([signal, postmaster]));
    }

    fn data(&self) -> String {
        self.home.path().join("data").display().to_string()
    }

    /// PostgreSQL refuses to run as root.
    fn pg(&self, program: &str, arguments: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        run(command.args(arguments));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // One that is down already is no fault.
        let data = self.data();
        let pid = fs::read_to_string(Path::new(&data).join("postmaster.pid"));
        if pid.is_ok() {
            self.thaw();
            self.down();
        }
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    File::open("/proc/self").unwrap().metadata().unwrap().uid() == 0
}

/// Where the server's programs are: the newest version of Debian's, else on the path.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin"));
    found.filter(|bin| bin.join("initdb").exists()).max().unwrap_or_default()
}

fn run(command: &mut Command) {
    let run = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = run.current_dir("/").status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}
