//! The numbers of the practice on the command line: whose they are, what targets allow, and what a
//! new user begins with.

use std::fs;

use serde_json::Value;

use crate::server::make_token;
use crate::{Server, follow, run};

/// The page whose `sh` blocks are run.
const GUIDE: &str = include_str!("../../../../docs/guide/defaults.md");

/// An address at which nothing listens.
const NOBODY: &str = "http://127.0.0.1:1";

/// The row of a key.
fn row<'t>(table: &'t str, key: &str) -> &'t str {
    table.lines().find(|line| line.starts_with(key)).unwrap_or_default()
}

#[test]
fn the_commands_of_the_page_about_defaults_work_as_they_stand() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    let place = tempfile::tempdir().unwrap();
    let told = follow(GUIDE, place.path(), &server.url, &admin);
    for word in ["shipped with", "43.2 min", "over 365d", "8.76 h"] {
        assert!(told.contains(word), "{word} is missing in\n{told}");
    }
    let suggested = fs::read_to_string(place.path().join("checkout.yaml")).unwrap();
    assert!(suggested.contains("checkout-availability"), "{suggested}");
}

#[test]
fn every_id_of_the_practice_is_accounted_for() {
    let ids = (1..=19).map(|number| format!("BUD-{number:02}"));
    let ids = ids.chain((5..=10).map(|number| format!("SLO-{number:02}")));
    let ids = ids.chain((1..=5).map(|number| format!("ALR-{number:02}")));
    for id in ids {
        assert_eq!(GUIDE.matches(&format!("\n| {id} |")).count(), 1, "{id}");
    }
}

#[test]
fn the_configuration_says_whose_the_numbers_of_the_practice_are() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    let shown = || server.ask(&admin, &["config", "show", "--origin"]).exits(0);
    let key = "ErrorBudgetPolicy/default spec.marks.healthyAbove";
    let before = shown().out;
    let version = env!("CARGO_PKG_VERSION");
    let default = format!("default, shipped with {version}");
    assert!(row(&before, key).contains("0.5") && row(&before, key).ends_with(&default), "{before}");
    assert!(row(&before, "listen").ends_with("default"), "{before}");

    let policy = data.path().join("policy.yaml");
    let text = server.ask(&admin, &["definitions", "get", "ErrorBudgetPolicy", "default"]).exits(0);
    fs::write(&policy, text.out.replace("healthyAbove: 0.5", "healthyAbove: 0.6")).unwrap();
    server.ask(&admin, &["apply", policy.to_str().unwrap()]).exits(0);
    let after = shown().out;
    assert!(
        row(&after, key).contains("0.6") && row(&after, key).contains("yours, applied"),
        "{after}"
    );
    let burn = "BurnPolicy/workbook spec.significance";
    assert!(row(&after, burn).ends_with(&default), "{after}");

    let json = server.ask(&admin, &["config", "show", "--origin", "-o", "json"]).exits(0).out;
    let rows: Value = serde_json::from_str(&json).unwrap();
    let found = rows.as_array().unwrap().iter().find(|row| row["key"] == key).unwrap();
    assert_eq!((&found["value"], &found["origin"]["origin"]), (&0.6.into(), &"yours".into()));
}

#[test]
fn without_a_server_the_numbers_are_those_that_ship_and_it_says_so() {
    let shown = run(&["config", "show", "--origin", "--url", NOBODY]).exits(0);
    assert!(shown.err.contains("those that ship"), "{}", shown.err);
    assert!(
        row(&shown.out, "BurnPolicy/accelerator spec.pageBelow").contains("0.1"),
        "{}",
        shown.out
    );
    let plain = run(&["config", "show", "--url", NOBODY]).exits(0);
    assert!(!plain.out.contains("BurnPolicy") && plain.err.is_empty(), "{}", plain.err);
}

#[test]
fn a_first_set_for_a_type_of_service_is_clean_and_applies() {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    for of in ["http", "http-otel", "grpc", "frontend", "queue", "batch"] {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().to_str().unwrap();
        run(&["init", directory, "--type", of, "--service", of]).exits(0);
        let linted = run(&["lint", directory]).exits(0);
        assert!(linted.out.contains("0 errors, 0 warnings"), "{of}: {}", linted.out);
        server.ask(&admin, &["apply", directory]).exits(0);
        server.ask(&admin, &["diff", directory]).exits(0);
        let slos = server.ask(&admin, &["slos", "list", "--service", of]).exits(0).out;
        assert!(slos.contains(&format!("{of}-")), "{slos}");
    }
    let odd = run(&["init", "--type", "mainframe"]).exits(2);
    assert!(odd.err.contains("http-otel"), "{}", odd.err);
}

#[test]
fn targets_are_computed_without_a_server_when_asked() {
    let told = run(&["slos", "targets", "--shipped", "--window", "28d"]).exits(0).out;
    assert!(told.contains("over 28d") && told.contains("40.32 min"), "{told}");
    run(&["slos", "targets", "--shipped", "--window", "400d"]).exits(2);
    let json = run(&["slos", "targets", "--shipped", "-o", "json"]).exits(0).out;
    let answer: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answer["targets"][2]["allows"]["downtime_seconds"], 2_592.0);
}

#[test]
fn the_reference_of_a_kind_is_printed_and_has_a_schema() {
    let page = run(&["reference", "burnpolicies"]).exits(0).out;
    assert!(page.contains("| `spec.arms[].factor` |"), "{page}");
    let schema = run(&["reference", "BurnPolicy", "--schema"]).exits(0).out;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["title"], "BurnPolicy");
    let index = run(&["reference"]).exits(0).out;
    assert!(index.contains("[AlertTiers](AlertTiers.md)"), "{index}");
}
