//! Where the records are, and what becomes of them when the machine lets them down.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use plimsoll_trials::postgres;
use plimsoll_trials::program::Program;
use serde_json::Value;

use crate::server::gate_check;
use crate::{Ran, Server, ask, plimsoll, run};

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop.yaml");

/// A schema of its own in the Postgres at hand, as a URL with a password that nothing may show.
pub(crate) fn postgres_schema(name: &str) -> Option<String> {
    let url = postgres::schema(name)?;
    Some(url.replacen("plimsoll@", "plimsoll:hunter2@", 1))
}

fn record(url: &str, token: &str, version: &str) -> Ran {
    let what = ["deployment", "record", "--service", "shop", "--environment", "production"];
    let change = ["--artifact", "sha256:abc", "--version", version, "--class", "feature"];
    ask(url, token, &[&what[..], &change].concat())
}

fn versions(url: &str, token: &str) -> Vec<String> {
    let listed = ask(url, token, &["get", "deployments", "--limit", "500", "-o", "json"]).exits(0);
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    let version = |deployment: &Value| deployment["version"].as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().map(version).collect()
}

#[test]
fn records_in_postgres_are_found_after_a_restart() {
    let Some(store) = postgres_schema("cli_records") else { return };
    let data = tempfile::tempdir().unwrap();
    let directory = data.path().to_str().unwrap();
    let create = ["token", "create", "--name", "ci", "--role", "editor", "--data", directory];
    let made = run(&[&create[..], &["--store", &store]].concat()).exits(0);
    let token = made.last_word();

    let server = Server::start_with(data.path(), &["--store", &store]);
    ask(&server.url, token, &["apply", "-f", SHOP]).exits(0);
    record(&server.url, token, "1.4.0").exits(0);
    assert_eq!(server.stop("TERM"), Some(0));
    assert!(!data.path().join("records.db").exists());

    // The same by configuration, which says nothing of the password either.
    let config = data.path().join("plimsoll.toml");
    fs::write(&config, format!("store = \"{store}\"\nlog = \"debug\"\n")).unwrap();
    let server = Server::start_with(data.path(), &["--config", config.to_str().unwrap()]);
    assert_eq!(versions(&server.url, token), ["1.4.0"]);
    let log = server.log();
    assert_eq!(server.stop("TERM"), Some(0));
    assert!(!fs::read_to_string(log).unwrap().contains("hunter2"));
}

#[test]
fn a_store_that_is_none_is_refused_and_its_password_kept() {
    let data = tempfile::tempdir().unwrap();
    let serve = ["serve", "--data", data.path().to_str().unwrap(), "--store"];
    let refused = |store| run(&[&serve[..], &[store]].concat());
    let unreadable = refused("postgres://u:hun/ter2@db/records").exits(2);
    assert!(unreadable.err.contains("percent-encoded"), "{}", unreadable.err);
    assert!(unreadable.err.contains("--store"), "{}", unreadable.err);
    let unknown = refused("mysql://u:hunter2@db/records").exits(2);
    assert!(unknown.err.contains("postgres://USER:PASSWORD@HOST"), "{}", unknown.err);
    let nobody = refused("postgres://u:hunter2@127.0.0.1:1/records").exits(1);
    for Ran { err, out, .. } in [unreadable, unknown, nobody] {
        assert!(!err.contains("ter2") && !out.contains("ter2"), "{err}");
    }
}

/// A server that a shell has started under conditions of its own, and its output.
struct Confined {
    program: Program,
    out: BufReader<ChildStdout>,
}

impl Confined {
    /// `script` is given the directory as `$0` and the program as `$1`.
    fn start(wrapper: &[&str], script: &str, directory: &Path) -> Self {
        let program = plimsoll(&[]).get_program().to_owned();
        let (wrapper, arguments) = wrapper.split_first().unwrap();
        let mut command = Command::new(wrapper);
        command.args(arguments).args(["sh", "-c", script]).arg(directory).arg(program);
        command.env_remove("PLIMSOLL_STORE").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = Program::start(&mut command);
        let out = BufReader::new(program.out());
        Self { program, out }
    }

    fn last_word_of_line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.split_whitespace().next_back().expect("it does not start").to_owned()
    }
}

#[test]
fn a_full_disk_is_said_to_be_one_and_mended_by_space() {
    let home = tempfile::tempdir().unwrap();
    // Without a reserve: with one, these go on.
    let script = "mount -t tmpfs -o size=24m tmpfs \"$0\" || exit 1
        printf '[disk]\\nreserve_bytes = 0\\n' > \"$0/plimsoll.toml\"
        \"$1\" token create --data \"$0/data\" --name a --role admin
        exec \"$1\" serve --config \"$0/plimsoll.toml\" --data \"$0/data\" --listen 127.0.0.1:0";
    let mut server =
        Confined::start(&["unshare", "--map-root-user", "--mount"], script, home.path());
    let (token, url) = (server.last_word_of_line(), server.last_word_of_line());
    ask(&url, &token, &["apply", "-f", SHOP]).exits(0);
    record(&url, &token, "before").exits(0);

    let inside = format!("/proc/{}/root{}/filler", server.program.id(), home.path().display());
    let mut filler = File::create(&inside).unwrap();
    for size in [1 << 16, 1 << 12, 1] {
        while filler.write_all(&vec![1; size]).is_ok() {}
    }
    let changed = home.path().join("changed.yaml");
    let shop = fs::read_to_string(SHOP).unwrap();
    fs::write(&changed, format!("# {}\n{shop}", "x".repeat(20_000))).unwrap();
    for refused in [
        record(&url, &token, "lost"),
        ask(&url, &token, &["apply", "-f", changed.to_str().unwrap()]),
        ask(&url, &token, &gate_check("shop")),
        ask(&url, &token, &["token", "create", "--name", "b", "--role", "viewer"]),
    ] {
        assert_ne!(refused.code, Some(0), "{}", refused.out);
        let data = home.path().join("data").display().to_string();
        assert!(refused.err.contains("no space is left"), "{}", refused.err);
        assert!(
            refused.err.contains(&data) && refused.err.contains("disk space"),
            "{}",
            refused.err
        );
    }
    assert_eq!(versions(&url, &token), ["before"], "what is there is still shown");

    fs::remove_file(&inside).unwrap();
    drop(filler);
    record(&url, &token, "after").exits(0);
    assert_eq!(versions(&url, &token), ["after", "before"]);
    assert!(server.program.is_running());
}

/// Beyond the limit a write fails in the middle of a COMMIT, and what the file holds is unknown.
#[test]
fn invariant_1_a_commit_in_doubt_ends_the_process_and_loses_nothing_acknowledged() {
    let home = tempfile::tempdir().unwrap();
    let script = "\"$1\" token create --data \"$0/data\" --name a --role admin
        trap '' XFSZ
        ulimit -f 2048
        exec \"$1\" serve --data \"$0/data\" --listen 127.0.0.1:0";
    let mut server = Confined::start(&["env"], script, home.path());
    let (token, url) = (server.last_word_of_line(), server.last_word_of_line());
    ask(&url, &token, &["apply", "-f", SHOP]).exits(0);
    let (large, text) = (home.path().join("large.yaml"), "x".repeat(60_000));
    let mut acknowledged = Vec::new();
    while server.program.is_running() {
        let version = acknowledged.len().to_string();
        let service = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: large}\nspec: {}\n";
        fs::write(&large, format!("# {version} {text}\n{service}")).unwrap();
        let applied = ask(&url, &token, &["apply", large.to_str().unwrap()]);
        if applied.code != Some(0) || record(&url, &token, &version).code != Some(0) {
            break;
        }
        acknowledged.push(version);
        assert!(acknowledged.len() < 500, "the limit was never reached");
    }
    assert_eq!(server.program.wait().signal(), Some(6), "it did not end by itself");

    let server = Server::start(&home.path().join("data"));
    let kept = versions(&server.url, &token);
    assert!(!acknowledged.is_empty() && acknowledged.iter().all(|version| kept.contains(version)));
    assert!(kept.len() <= acknowledged.len() + 1);
}
