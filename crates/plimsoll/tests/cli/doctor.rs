//! The doctor on this machine: every check is told, and the exit code is its worst.

use serde_json::Value;

use crate::server::make_token;
use crate::{Server, run};

/// What is found, as check, grade and text; the exit code says whether there is a problem.
fn examined(arguments: &[&str]) -> Vec<(String, String, String)> {
    let ran = run(&[&["doctor", "--output", "json"], arguments].concat());
    let found: Value = serde_json::from_str(&ran.out).expect("it is JSON");
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    let findings = found.as_array().unwrap().iter();
    let findings: Vec<_> =
        findings.map(|f| (text(f, "check"), text(f, "grade"), text(f, "found"))).collect();
    let problem = findings.iter().any(|(_, grade, _)| grade == "problem");
    assert_eq!(ran.code, Some(i32::from(problem)), "{found:#}");
    findings
}

fn of(findings: &[(String, String, String)], check: &str) -> (String, String) {
    let found = findings.iter().find(|(name, ..)| name == check);
    let (_, grade, found) = found.unwrap_or_else(|| panic!("{check}: {findings:?}"));
    (grade.clone(), found.clone())
}

#[test]
fn a_doctor_looks_at_a_server_that_runs_and_at_a_taken_port() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    make_token(&data, "admin");
    let directory = data.to_str().unwrap();
    let server = Server::start(&data);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let running = examined(&["--data", directory, "--listen", &address]);
    for check in ["data directory", "owner", "file system", "room", "fsync", "rename", "listen"] {
        of(&running, check);
    }
    for check in ["open files", "memory", "time zones", "sqlite", "certificates", "clock"] {
        of(&running, check);
    }
    assert_eq!(of(&running, "listen").1, format!("a Plimsoll answers on {address}"));
    assert!(of(&running, "data directory").1.contains("held by pid"), "{running:?}");
    assert!(of(&running, "tallies").1.contains("a server holds them"), "{running:?}");
    assert_eq!(of(&running, "records").1, "they open, and are of this version");
    assert_eq!(server.stop("TERM"), Some(0));

    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    // It takes no request, as nothing but a server of ours would.
    drop(std::thread::spawn(move || other.incoming().for_each(drop)));
    let stopped = examined(&["--data", directory, "--listen", &taken]);
    assert_eq!(of(&stopped, "listen").0, "problem");
    assert!(of(&stopped, "tallies").1.contains("series"), "{stopped:?}");
    let left: Vec<_> = std::fs::read_dir(&data).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("doctor-")), "{left:?}");
}

#[test]
fn a_doctor_tells_what_is_damaged_and_how_to_mend_it() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    make_token(&data, "admin");
    assert_eq!(Server::start(&data).stop("TERM"), Some(0));
    std::fs::write(data.join("tallies/key"), "not a key").unwrap();
    std::fs::write(data.join("records.db"), "not a database, but long enough to be one").unwrap();
    for old in ["records.db-wal", "records.db-shm"] {
        // A clean stop removes them.
        let _ = std::fs::remove_file(data.join(old));
    }
    let directory = data.to_str().unwrap();
    let found = examined(&["--data", directory, "--listen", "127.0.0.1:0"]);
    assert_eq!(of(&found, "records").0, "problem");
    assert_eq!(of(&found, "tallies").0, "problem");
    let told = run(&["doctor", "--data", directory, "--listen", "127.0.0.1:0"]).exits(1);
    assert!(told.out.contains("problem  tallies: "), "{}", told.out);
    assert!(told.out.contains("hint: "), "{}", told.out);
}
