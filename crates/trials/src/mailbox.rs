//! A real mail server beside a test, with certificates that the test makes.

use std::path::PathBuf;
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde::Deserialize;
use tempfile::TempDir;

use crate::program::{Program, free_port};

/// The interpreter for which the distribution's package of the server is.
const PYTHON: &str = "/usr/bin/python3";

/// Why nothing here fails.
const WHY: &str = "the directory and what is in it are the test's own";

const SCRIPT: &str = include_str!("mailbox.py");

/// The password that signs in as `plimsoll`.
const PASSWORD: &str = "a long password";

/// How the server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It asks for `STARTTLS`.
    Starttls,
    /// TLS from the first byte on.
    Tls,
    /// Without encryption.
    None,
}

impl Mode {
    fn word(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }
}

/// A message as the server took it.
#[derive(Debug, Clone, Deserialize)]
pub struct Mailed {
    /// The sender of the envelope.
    pub from: String,
    /// Its recipients.
    pub to: Vec<String>,
    /// The message as it came.
    pub text: String,
    /// Whether it came encrypted.
    pub encrypted: bool,
    /// Whether its sender had signed in.
    pub signed_in: bool,
}

impl Mailed {
    /// A header's value, unfolded.
    ///
    /// # Panics
    /// When there is no such header.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.text.split_once("\r\n\r\n").expect(WHY);
        let head = head.replace("\r\n ", " ");
        let mut values =
            head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.next().unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
    }
}

/// A running mail server.
#[derive(Debug)]
pub struct Mailbox {
    _program: Program,
    dir: TempDir,
    mode: Mode,
    port: u16,
    sign_in: bool,
}

impl Mailbox {
    /// Starts one and waits until it listens.
    ///
    /// # Panics
    /// When it is not installed (scripts/install-test-deps.sh).
    #[track_caller]
    pub fn start(mode: Mode, sign_in: bool) -> Self {
        let dir = tempfile::tempdir().expect(WHY);
        let port = free_port();
        make_certificates(&dir);
        let path = |name: &str| dir.path().join(name).display().to_string();
        std::fs::write(path("mailbox.py"), SCRIPT).expect(WHY);
        std::fs::write(path("inbox"), "").expect(WHY);
        std::fs::write(path("password"), format!("{PASSWORD}\n")).expect(WHY);
        let mut command = Command::new(PYTHON);
        command.args(["-W", "ignore"]).arg(path("mailbox.py"));
        command.args(["--port", &port.to_string(), "--inbox", &path("inbox")]);
        command.args(["--certificate", &path("leaf.pem"), "--key", &path("leaf.key")]);
        command.args(["--mode", mode.word()]);
        if sign_in {
            command.arg("--sign-in");
        }
        let program = Program::start_until(&mut command, "ready");
        Self { _program: program, dir, mode, port, sign_in }
    }

    /// `[mail]` of a configuration that sends mail to it.
    pub fn toml(&self) -> String {
        let path = |name: &str| self.path(name).display().to_string();
        let mut toml = format!(
            "[mail]\nserver = \"localhost\"\nport = {}\nencryption = \"{}\"\n\
             from = \"plimsoll@example.com\"\nca_file = \"{}\"\n",
            self.port,
            self.mode.word(),
            path("ca.pem")
        );
        if self.sign_in {
            let password = path("password");
            toml += &format!("username = \"plimsoll\"\npassword = {{file = \"{password}\"}}\n");
        }
        toml
    }

    /// A file beside it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What it has taken.
    ///
    /// # Panics
    /// When its directory is gone.
    pub fn messages(&self) -> Vec<Mailed> {
        let kept = std::fs::read_to_string(self.path("inbox")).expect(WHY);
        kept.lines().map(|line| serde_json::from_str(line).expect(WHY)).collect()
    }
}

/// An authority of the test's own, and a certificate of it for `localhost`.
fn make_certificates(dir: &TempDir) {
    let mut authority = CertificateParams::new(Vec::new()).expect(WHY);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority =
        CertifiedIssuer::self_signed(authority, KeyPair::generate().expect(WHY)).expect(WHY);
    let key = KeyPair::generate().expect(WHY);
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).expect(WHY);
    let leaf = leaf.signed_by(&key, &authority).expect(WHY);
    let write = |name: &str, text: String| std::fs::write(dir.path().join(name), text).expect(WHY);
    write("ca.pem", authority.as_ref().pem());
    write("leaf.pem", leaf.pem());
    write("leaf.key", key.serialize_pem());
}
