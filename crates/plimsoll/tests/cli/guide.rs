//! The guide's page of the command line, run as it stands there; completions and manual pages in
//! the programs that read them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::server::make_token;
use crate::{Server, follow, run};

/// The page whose `sh` blocks are run.
const GUIDE: &str = include_str!("../../../../docs/guide/cli.md");

#[test]
fn the_commands_of_the_guide_work_as_they_stand() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    let place = tempfile::tempdir().unwrap();
    let told = follow(GUIDE, place.path(), &server.url, &admin);
    for word in ["Applied as rev_", "Would be applied", "Deleted the SLO", "Verdict: "] {
        assert!(told.contains(word), "{word} is missing in\n{told}");
    }
}

#[test]
fn every_command_is_in_the_guide() {
    let help = run(&["help"]).exits(0).out;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    // What is further in goes on with the line before.
    let lines = commands.lines().filter_map(|line| line.strip_prefix("  "));
    let lines = lines.filter(|line| !line.starts_with(' '));
    let names: Vec<_> = lines.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 20, "{commands}");
    for name in names.iter().filter(|name| **name != "help") {
        assert!(GUIDE.contains(&format!("plimsoll {name}")), "`plimsoll {name}` is not described");
    }
}

#[test]
fn bash_completes_nouns_verbs_and_options() {
    let binary = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
    let complete = |words: &[&str]| {
        let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let last = words.len() - 1;
        let (now, before) = (words[last], words[last - 1]);
        let script = format!(
            "PATH={}:$PATH\nsource <(plimsoll completions bash)\ncomplete -p plimsoll\n\
             COMP_WORDS=({line}) COMP_CWORD={last}\n_plimsoll plimsoll '{now}' '{before}'\n\
             echo \"${{COMPREPLY[@]}}\"",
            binary.display()
        );
        let output = Command::new("bash").args(["--norc", "-c", &script]).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && err.is_empty(), "{err}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(complete(&["plimsoll", "slo"]).contains("slos"));
    assert!(complete(&["plimsoll", "alerts", "li"]).contains("list"));
    assert!(complete(&["plimsoll", "alerts", "list", "--ph"]).contains("--phase"));
    assert!(complete(&["plimsoll", "slos", "list", "--output", ""]).contains("table json yaml"));
}

#[test]
fn manual_pages_are_read_by_man() {
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("man1");
    run(&["man", to.to_str().unwrap()]).exits(0);
    let pages: Vec<_> = fs::read_dir(&to).unwrap().map(|page| page.unwrap().path()).collect();
    assert!(pages.len() > 40, "{}", pages.len());
    for page in ["plimsoll.1", "plimsoll-slos-list.1", "plimsoll-gate-check.1", "plimsoll-diff.1"] {
        let mut man = Command::new("man");
        man.arg("--warnings")
            .arg("-l")
            .arg(to.join(page))
            .envs([("MANWIDTH", "80"), ("LC_ALL", "C.UTF-8")]);
        let output = man.output().unwrap();
        let (out, err) = (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
        assert!(output.status.success() && err.is_empty(), "{page}: {err}");
        let text = String::from_utf8_lossy(&out).replace('\u{8}', "");
        assert!(text.contains("SYNOPSIS") || text.contains("SSYY"), "{page}: {text}");
    }
}

#[test]
fn the_configuration_says_where_each_value_comes_from() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("plimsoll.toml");
    fs::write(&file, "listen = \"127.0.0.1:9000\"\n[outbound]\nallow_loopback = true\n").unwrap();
    let file = file.to_str().unwrap();
    let show = ["config", "show", "--config", file, "--data", "here", "--origin"];
    let mut command = crate::plimsoll(&show);
    command.env("PLIMSOLL_STORE", "postgres://u:hunter2@db/records");
    let shown = crate::ran(&mut command).exits(0).out;
    let row = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    assert!(row("listen").ends_with(&format!("{file}:1")), "{shown}");
    assert!(row("outbound.allow_loopback").ends_with(&format!("{file}:3")), "{shown}");
    assert!(row("data").ends_with("--data") && row("log").ends_with("default"), "{shown}");
    assert!(row("store").ends_with("environment PLIMSOLL_STORE"), "{shown}");
    assert!(row("store").contains("postgres://u:…@db/records"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let json = run(&["config", "show", "--config", file, "-o", "json"]).exits(0).out;
    let settings: Value = serde_json::from_str(&json).unwrap();
    let settings = settings.as_array().unwrap();
    let listen = settings.iter().find(|it| it["key"] == "listen").unwrap();
    assert_eq!((&listen["origin"]["from"], &listen["origin"]["line"]), (&"file".into(), &1.into()));
}
