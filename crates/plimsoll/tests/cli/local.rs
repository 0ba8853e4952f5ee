//! What works without a server, and what is said when there is none.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::{plimsoll, ran, run};

/// An address at which nothing listens: port 1 is privileged, and reserved.
const NOBODY: &str = "http://127.0.0.1:1";

const BROKEN: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Not A Name
spec: {type: service, lifecycle: production}
";

#[test]
fn what_init_writes_is_clean_and_never_overwritten() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("definitions");
    let directory = directory.to_str().unwrap();
    let wrote = run(&["init", directory]).exits(0);
    assert!(wrote.out.contains("plimsoll lint -f"), "{}", wrote.out);
    let linted = run(&["lint", "-f", directory]).exits(0);
    assert!(linted.out.contains("0 errors"), "{}", linted.out);

    let catalog = root.path().join("definitions/catalog.yaml");
    fs::write(&catalog, "# mine").unwrap();
    let again = run(&["init", directory]).exits(1);
    assert!(again.err.contains("--force"), "{}", again.err);
    assert_eq!(fs::read_to_string(&catalog).unwrap(), "# mine");
    run(&["init", directory, "--force"]).exits(0);
    assert_ne!(fs::read_to_string(&catalog).unwrap(), "# mine");
}

#[test]
fn lint_prints_the_place_of_a_fault() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("broken.yaml");
    fs::write(&file, BROKEN).unwrap();
    let file = file.to_str().unwrap();
    let linted = run(&["lint", "-f", file]).exits(1);
    assert!(linted.out.starts_with(&format!("{file}:4:9: error[")), "{}", linted.out);
}

#[test]
fn lint_reads_standard_input() {
    let mut child = plimsoll(&["lint", "-f", "-", "--output", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(BROKEN.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["diagnostics"][0]["line"], 4);
}

const SLOTH: &str = "version: prometheus/v1
service: books
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(a{code='500'}[{{.window}}]))
        total_query: sum(rate(a[{{.window}}]))
  - name: plugged
    objective: 99
    sli: {plugin: {id: x}}
";

/// The definitions can be piped on: the report is elsewhere, and says when something is missing.
#[test]
fn import_prints_definitions_and_reports_beside_them() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("sloth.yaml");
    let whole = SLOTH.split("  - name: plugged").next().unwrap();
    fs::write(&file, whole).unwrap();
    let file = file.to_str().unwrap();
    let kept = run(&["import", file, "--window", "28d"]).exits(0);
    assert!(kept.out.starts_with("apiVersion: openslo/v1\nkind: Service\n"), "{}", kept.out);
    assert!(kept.out.contains("duration: 28d"), "{}", kept.out);
    assert!(kept.err.contains(&format!("{file}:4:11: kept: `availability` is")), "{}", kept.err);
    let imported = root.path().join("slos.yaml");
    fs::write(&imported, &kept.out).unwrap();
    run(&["lint", imported.to_str().unwrap()]).exits(0);

    fs::write(file, SLOTH).unwrap();
    let part = run(&["import", file, "--output", "json"]).exits(1);
    let found: serde_json::Value = serde_json::from_str(&part.out).unwrap();
    assert!(found["yaml"].as_str().unwrap().contains("books-availability"));
    let refused = found["notes"].as_array().unwrap().iter();
    assert_eq!(refused.filter(|note| note["outcome"] == "refused").count(), 2, "{found}");
    run(&["import", file, "--window", "5m"]).exits(2);
    run(&["import", file, "--service", "no name"]).exits(2);
    run(&["import"]).exits(2);
}

#[test]
fn wrong_usage_exits_2() {
    run(&[]).exits(2);
    run(&["gate", "check", "--service", "checkout"]).exits(2);
    run(&["get", "sloths"]).exits(2);
    run(&["lint", "-f", "no/such/file.yaml"]).exits(2);
    run(&["explain", "slo", "checkout", "--at", "yesterday"]).exits(2);
    run(&["serve", "--config", "no/such/file.toml"]).exits(2);
}

#[test]
fn a_server_that_does_not_answer_exits_2_and_is_named() {
    let get = run(&["get", "slos", "--url", NOBODY]).exits(2);
    assert!(get.err.contains(NOBODY) && get.err.contains("plimsoll serve"), "{}", get.err);
    assert_eq!(get.out, "");
    let question = ["--service", "s", "--environment", "e", "--artifact", "a"];
    let mut check = vec!["gate", "check", "--url", NOBODY, "--class", "feature", "--enforce"];
    check.extend(question);
    run(&check).exits(2);
}

#[test]
fn the_api_and_the_completions_are_printed() {
    let openapi = run(&["openapi"]).exits(0);
    let document: serde_json::Value = serde_json::from_str(&openapi.out).unwrap();
    assert!(document["paths"]["/api/v1/gates/check"].is_object());
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(&["completions", shell]).exits(0).out.contains("plimsoll"));
    }
}

/// The variable is the server's; `--store` alone would be a question to the wrong one.
#[test]
fn the_store_of_the_environment_is_for_work_without_a_server() {
    let place = tempfile::tempdir().unwrap();
    let (file, config) = (place.path().join("file"), place.path().join("plimsoll.toml"));
    let data = place.path().join("data");
    fs::write(&config, format!("data = {:?}\n", data.display().to_string())).unwrap();
    let (file, config) = (file.to_str().unwrap(), config.to_str().unwrap());
    let ran = |arguments: &[&str]| {
        let mut command = plimsoll(&[arguments, &["--url", NOBODY]].concat());
        ran(command.env("PLIMSOLL_STORE", "postgres://u:hunter2@127.0.0.1:1/db"))
    };
    let create = ["token", "create", "--name", "ci", "--role", "viewer"];
    for asked in [&["backup", file, "--token", "x"][..], &[&create[..], &["--token", "x"]].concat()]
    {
        let asked = ran(asked).exits(2);
        assert!(asked.err.contains(NOBODY), "{}", asked.err);
    }
    let offline = ran(&["backup", file, "--config", config]).exits(1);
    assert!(offline.err.contains("there is nothing to back up"), "{}", offline.err);
    for alone in [&["backup", file][..], &create] {
        let refused = ran(&[alone, &["--store", "postgres://u:hunter2@db/r"]].concat()).exits(2);
        assert!(refused.err.contains("--data DIR or --config FILE"), "{}", refused.err);
        assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    }
    assert!(!Path::new(file).exists());
}
