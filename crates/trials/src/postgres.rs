//! The PostgreSQL at hand, if there is one: `scripts/with-postgres.sh` runs a command beside it.

use std::process::Command;

/// Where it is.
///
/// # Panics
/// When there is none under continuous integration: what needs one would pass without having run.
#[expect(clippy::disallowed_methods, reason = "how a test is told of a server is no configuration")]
pub fn url() -> Option<String> {
    let url = std::env::var("PLIMSOLL_TEST_POSTGRES").ok();
    let must = std::env::var_os("CI").is_some();
    assert!(url.is_some() || !must, "no PostgreSQL: run it by scripts/with-postgres.sh");
    url
}

/// An empty schema in it, as a URL; `name` is the test's own.
///
/// # Panics
/// When it does not do as it is told.
pub fn schema(name: &str) -> Option<String> {
    let url = url()?;
    let fresh = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
    let mut psql = Command::new("psql");
    psql.args(["-q", &url, "-c", &fresh]).env("PGOPTIONS", "-c client_min_messages=warning");
    assert!(psql.status().expect("there is a psql").success(), "{fresh}");
    let joint = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{joint}options=-c%20search_path%3D{name}"))
}
