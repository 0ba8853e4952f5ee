//! The guide's pages about doing things, run as they stand; and the links between all pages.

use std::fs;
use std::path::{Path, PathBuf};

use crate::server::make_token;
use crate::{Server, follow};

/// What a page's blocks print, run against a fresh server as an admin.
fn told(page: &str) -> String {
    let data = tempfile::tempdir().unwrap();
    let admin = make_token(data.path(), "admin");
    let server = Server::start(data.path());
    let place = tempfile::tempdir().unwrap();
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide").join(page);
    follow(&fs::read_to_string(guide).unwrap(), place.path(), &server.url, &admin)
}

#[track_caller]
fn tells(page: &str, parts: &[&str]) {
    let told = told(page);
    for part in parts {
        assert!(told.contains(part), "{part} is missing in what {page} tells:\n{told}");
    }
}

#[test]
fn the_page_of_the_first_slo_works_as_it_stands() {
    tells(
        "first-slo.md",
        &["Applied as rev_", "Token prometheus (responder)", "checkout-availability: unmeasured"],
    );
}

#[test]
fn the_page_of_targets_and_windows_works_as_it_stands() {
    tells(
        "targets-and-windows.md",
        &[
            "objective: 0.999",
            "99 % over 7d",
            "Without deployments",
            "at 0.9:",
            "slo.unreachable_arm",
        ],
    );
}

#[test]
fn the_page_of_bringing_slos_works_as_it_stands() {
    tells("import.md", &["Applied as rev_", "books-availability", "books-latency"]);
}

#[test]
fn the_page_of_alerts_works_as_it_stands() {
    tells("alerts.md", &["spends: 0.02", "factor: 10", "slo.unreachable_arm"]);
}

#[test]
fn the_page_of_gates_in_ci_works_as_it_stands() {
    tells("gates-in-ci.md", &["deny, which does not bind", "Verdict: deny", "Token shop-ci"]);
}

#[test]
fn the_page_of_the_api_works_as_it_stands() {
    tells(
        "api.md",
        &[
            "\"code\":\"unknown_slo\"",
            "\"applied\":true",
            "\"verdict\":\"deny\"",
            "\"version\":\"1.5.0\"",
            "plimsoll_notifications",
        ],
    );
}

#[test]
fn the_page_of_upgrades_works_as_it_stands() {
    tells("upgrade.md", &["plimsoll 0.", "History: intact"]);
}

#[test]
fn the_page_of_security_works_as_it_stands() {
    tells("security.md", &["Token wall (viewer), in wall.token", "Revoked tok_", "allow_loopback"]);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The guide's pages.
fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("docs/guide")).unwrap();
    let mut pages: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(pages.len() > 12, "{pages:?}");
    pages
}

#[test]
fn the_index_of_the_guide_names_every_page() {
    let index = fs::read_to_string(root().join("docs/guide/README.md")).unwrap();
    for page in pages() {
        let name = page.file_name().unwrap().to_str().unwrap();
        assert!(name == "README.md" || index.contains(&format!("]({name})")), "{name}");
    }
}

#[test]
fn every_link_between_pages_leads_to_a_file_and_its_heading() {
    let root = root();
    let mut checked = 0;
    let others = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/benchmarks.md",
        "docs/glossary.md",
        "docs/reference/README.md",
        "docs/reliability.md",
        "docs/threat-model.md",
    ];
    for page in pages().into_iter().chain(others.map(|name| root.join(name))) {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            assert!(file.exists(), "{}: {target}", page.display());
            if !anchor.is_empty() {
                let text = fs::read_to_string(&file).unwrap();
                let known = text.lines().any(|line| slug(line).as_deref() == Some(anchor));
                assert!(known, "{}: {target}: no such heading", page.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 60, "{checked}");
}

/// The anchor of a heading, as code hosts make it.
fn slug(line: &str) -> Option<String> {
    let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
    let letters = title.trim().to_lowercase().replace(' ', "-");
    Some(letters.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect())
}
