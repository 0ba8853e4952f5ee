//! `plimsoll doctor`: whether this machine is fit to run a server, and what to mend.

use std::net::SocketAddr;
use std::path::PathBuf;

use plimsoll_server::doctor::{Finding, Grade, examine};
use plimsoll_server::world::World;

use plimsoll_server::config::Flags;

use super::serve;
use crate::args::Report;
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen};

/// What `doctor` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Process configuration (TOML) that the server is to run with.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data directory; ./plimsoll-data unless the configuration says otherwise.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The database of the records, if it is not in the data directory: a postgres:// URL.
    #[arg(long, value_name = "STORE", env = "PLIMSOLL_STORE", hide_env_values = true)]
    store: Option<String>,
    /// Where HTTP is to be served; 127.0.0.1:8010 unless the configuration says otherwise.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// How to print what was found.
    #[arg(long, short, value_enum, default_value_t = Report::Text)]
    output: Report,
}

/// Looks, and says what it found.
pub(crate) async fn run(args: Args, screen: &Screen) -> Result<Exit, Failure> {
    let Args { config, data, store, listen, output } = args;
    let mut config = serve::load(config.as_deref(), Flags { data, listen: None, store })?;
    config.listen = listen.unwrap_or(config.listen);
    let findings = examine(&config, &World::system()).await;
    let text = match output {
        Report::Json => render::json(&serde_json::to_value(&findings).expect("it is plain data")),
        Report::Text => drawn(&findings),
    };
    screen.print(&text)?;
    let worst = findings.iter().map(|finding| finding.grade).max();
    Ok(if worst == Some(Grade::Problem) { Exit::Refused } else { Exit::Ok })
}

/// One line for each check, and how to mend it below.
fn drawn(findings: &[Finding]) -> String {
    let lines = findings.iter().flat_map(|Finding { check, grade, found, mend }| {
        let grade = match grade {
            Grade::Ok => "ok",
            Grade::Warning => "warning",
            Grade::Problem => "problem",
        };
        let line = format!("{grade:<8} {check}: {found}");
        let mend = mend.iter().map(|mend| format!("{:<8} hint: {mend}", ""));
        std::iter::once(line).chain(mend)
    });
    lines.collect::<Vec<_>>().join("\n")
}
