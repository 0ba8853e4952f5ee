//! Dependency edges between the workspace's crates, and the purity fence.
//!
//! The rule is the map in ARCHITECTURE.md: `plimsoll → server → {store, ingest, api} → domain`, and
//! `plimsoll → api`. A crate that is not listed here does not exist yet: adding one is a decision.

use super::Finding;
use anyhow::{Context as _, Result};
use toml::{Table, Value};

/// A crate, what it may depend on, and what its tests may use besides.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    tests_may_use: &'static [&'static str],
    pure: bool,
}

/// What the tests of several rooms share. Nothing that ships may use it: it is in no list but those
/// of tests.
const TRIALS: &str = "plimsoll-trials";

const ROOMS: [Room; 8] = [
    Room { name: "plimsoll-domain", may_use: &[], tests_may_use: &[TRIALS], pure: true },
    Room { name: TRIALS, may_use: &[], tests_may_use: &[], pure: false },
    Room {
        name: "plimsoll-api",
        may_use: &["plimsoll-domain"],
        tests_may_use: &[TRIALS],
        pure: true,
    },
    Room {
        name: "plimsoll-ingest",
        may_use: &["plimsoll-domain"],
        tests_may_use: &[TRIALS],
        pure: true,
    },
    Room {
        name: "plimsoll-store",
        may_use: &["plimsoll-domain"],
        tests_may_use: &[TRIALS],
        pure: false,
    },
    Room {
        name: "plimsoll-server",
        may_use: &["plimsoll-api", "plimsoll-domain", "plimsoll-ingest", "plimsoll-store"],
        tests_may_use: &[TRIALS],
        pure: false,
    },
    Room {
        name: "plimsoll",
        may_use: &["plimsoll-api", "plimsoll-server"],
        tests_may_use: &["plimsoll-domain", "plimsoll-ingest", "plimsoll-store", TRIALS],
        pure: false,
    },
    Room { name: "xtask", may_use: &[], tests_may_use: &[], pure: false },
];

/// Crates that bring a clock, randomness or I/O.
const IMPURE: [&str; 8] =
    ["axum", "getrandom", "hyper", "rand", "reqwest", "sea-orm", "sqlx", "tokio"];

/// Checks one manifest; one without a package (the workspace's) has no edges.
pub(super) fn check(path: &str, text: &str) -> Result<Vec<Finding>> {
    let manifest: Table = text.parse().with_context(|| path.to_owned())?;
    let Some(name) = manifest.get("package").and_then(|p| p.get("name")).and_then(Value::as_str)
    else {
        return Ok(Vec::new());
    };
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        let complaint = format!("the crate `{name}` is not on the map of xtask's tidy/edges.rs");
        return Ok(vec![Finding::file(path, complaint)]);
    };
    let complaints = dependencies(&manifest).into_iter().filter_map(|used| room.refuses(&used));
    Ok(complaints.map(|complaint| Finding::file(path, complaint)).collect())
}

impl Room {
    fn refuses(&self, used: &Dependency) -> Option<String> {
        let Self { name, may_use, tests_may_use, pure } = self;
        let Dependency { package, for_tests } = used;
        let package = package.as_str();
        let ours = ROOMS.iter().any(|room| room.name == package) || package.starts_with("plimsoll");
        let allowed =
            may_use.contains(&package) || (*for_tests && tests_may_use.contains(&package));
        if ours && !allowed {
            return Some(format!("`{name}` may not depend on `{package}`"));
        }
        let breaks_fence = *pure && !for_tests && IMPURE.contains(&package);
        breaks_fence.then(|| format!("`{name}` is pure and may not depend on `{package}`"))
    }
}

struct Dependency {
    package: String,
    for_tests: bool,
}

/// All dependencies of a manifest, those of single platforms included.
fn dependencies(manifest: &Table) -> Vec<Dependency> {
    let platforms = manifest.get("target").and_then(Value::as_table);
    let platforms = platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    std::iter::once(manifest).chain(platforms).flat_map(sections).collect()
}

fn sections(table: &Table) -> Vec<Dependency> {
    let kinds =
        [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)];
    let mut found = Vec::new();
    for (kind, for_tests) in kinds {
        let Some(section) = table.get(kind).and_then(Value::as_table) else { continue };
        for (key, value) in section {
            // A renamed dependency is known by its package, not by the name it is used under.
            let package = value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned();
            found.push(Dependency { package, for_tests });
        }
    }
    found
}
