//! `plimsoll doctor`: whether a machine is fit to run a server, and what to mend.
//!
//! Flow: facts are gathered (`look`, `reach`), then judged (`judge`), one finding for each check.
//! Invariant: it changes nothing but files of its own making, which it removes, and tells no
//! receiver anything.

mod judge;
mod look;
mod reach;

use jiff::tz::TimeZone;
use plimsoll_store::{Location, records};
use serde::Serialize;

use crate::config::Config;
use crate::world::World;

/// How a check went, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Nothing to do.
    Ok,
    /// It runs, and may not go well.
    Warning,
    /// It does not run, or loses what it acknowledged.
    Problem,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: String,
    /// How it went.
    pub grade: Grade,
    /// What was found.
    pub found: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    fn ok(check: &str, found: String) -> Self {
        Self { check: check.to_owned(), grade: Grade::Ok, found, mend: None }
    }

    fn warning(check: &str, found: String, mend: impl Into<String>) -> Self {
        let mend = Some(mend.into());
        Self { grade: Grade::Warning, mend, ..Self::ok(check, found) }
    }

    fn problem(check: &str, found: String, mend: impl Into<String>) -> Self {
        let mend = Some(mend.into());
        Self { grade: Grade::Problem, mend, ..Self::ok(check, found) }
    }
}

/// Looks at everything that a server of this configuration would stand on.
pub async fn examine(config: &Config, world: &World) -> Vec<Finding> {
    // An error says that a provider is installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let began = look::Instant::now();
    let mut findings = Vec::new();
    let directory = look::directory(&config.data);
    let data = config.data.display().to_string();
    findings.push(judge::directory(&data, directory.as_ref()));
    findings.extend(directory.as_ref().and_then(|found| judge::ownership(&data, found)));
    findings.extend(look::disk(config, world));
    findings.push(judge::listen(config.listen, &reach::port(config.listen).await));
    findings.push(judge::open_files(look::open_files()));
    findings.push(judge::memory(look::memory_limit()));
    findings.push(zones());
    let definitions = stored(config, &mut findings).await;
    let held = directory.is_some_and(|found| matches!(found.lock, judge::Lock::Held(_)));
    findings.push(tallies(config, held));
    findings.extend(reach::peers(config, definitions.as_ref()).await);
    findings.extend(reach::mail_server(config).await);
    findings.push(judge::clock(began.clocks(world.now())));
    findings
}

fn zones() -> Finding {
    const CHECK: &str = "time zones";
    match TimeZone::get("Europe/Berlin") {
        Ok(_) => Finding::ok(CHECK, "the database is in this program".to_owned()),
        Err(error) => Finding::problem(CHECK, error.to_string(), "use a whole build of Plimsoll"),
    }
}

/// The records; what is declared in them, if they can be read.
async fn stored(
    config: &Config,
    findings: &mut Vec<Finding>,
) -> Option<plimsoll_domain::definitions::Definitions> {
    const CHECK: &str = "records";
    const MEND: &str = "see `plimsoll verify`, or restore a backup with `plimsoll restore`";
    match records::sqlite_version().await {
        Ok((version, sound)) => findings.push(judge::sqlite(&version, sound)),
        Err(error) => findings.push(Finding::problem("sqlite", chain(&error), "use a whole build")),
    }
    let location = config.location();
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        let said = format!("{} is not there; the first start makes it", path.display());
        findings.push(Finding::ok(CHECK, said));
        return None;
    }
    match records::look(&location).await {
        Ok(look) => {
            findings.push(judge::migrations(&look.pending, &look.unknown));
            look.definitions.and_then(crate::app::definitions::resolved)
        }
        Err(error) => {
            findings.push(Finding::problem(CHECK, chain(&error), MEND));
            None
        }
    }
}

/// The tallies, unless a server has them.
fn tallies(config: &Config, held: bool) -> Finding {
    const CHECK: &str = "tallies";
    let dir = config.data.join("tallies");
    if held {
        return Finding::ok(CHECK, "a server holds them; `/metrics` tells of them".to_owned());
    }
    if !look::has_checkpoint(&dir) {
        return Finding::ok(CHECK, "there is no checkpoint of them yet".to_owned());
    }
    match plimsoll_store::tallies::check(&dir) {
        Ok(held) => {
            let said = format!("{} series and {} sealed days read", held.series, held.days);
            Finding::ok(CHECK, said)
        }
        Err(error) => Finding::problem(
            CHECK,
            chain(&error),
            "a start does without what it can; for the rest, `plimsoll restore` a backup",
        ),
    }
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
