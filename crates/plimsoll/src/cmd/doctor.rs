//! `plimsoll doctor`: whether this machine is fit to run a server, and what to mend.

use std::net::SocketAddr;
use std::path::PathBuf;

use plimsoll_server::doctor::{Finding, Grade, examine};
use plimsoll_server::world::World;

use plimsoll_server::config::Flags;

use super::serve;
use crate::args::Printed;
use crate::exit::{Exit, Failure};
use crate::render::{Screen, Tone};

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
    #[command(flatten)]
    printed: Printed,
}

/// Looks, and says what it found.
pub(crate) async fn run(args: Args, screen: &Screen) -> Result<Exit, Failure> {
    let Args { config, data, store, listen, printed } = args;
    let mut config = serve::load(config.as_deref(), Flags { data, listen: None, store })?;
    config.listen = listen.unwrap_or(config.listen);
    let findings = examine(&config, &World::system()).await;
    let answer = serde_json::to_value(&findings).expect("it is plain data");
    screen.show(printed.output, answer, |_| Ok(drawn(screen, &findings)))?;
    let worst = findings.iter().map(|finding| finding.grade).max();
    Ok(if worst == Some(Grade::Problem) { Exit::Refused } else { Exit::Ok })
}

/// One line for each check, and how to mend it below.
fn drawn(screen: &Screen, findings: &[Finding]) -> String {
    let lines = findings.iter().flat_map(|Finding { check, grade, found, mend }| {
        let (grade, tone) = match grade {
            Grade::Ok => ("ok", Tone::Good),
            Grade::Warning => ("warning", Tone::Caution),
            Grade::Problem => ("problem", Tone::Bad),
        };
        let grade = screen.toned(tone, &format!("{grade:<8}"));
        let line = format!("{grade} {check}: {found}");
        let mend = mend.iter().map(|mend| format!("{:<8} hint: {mend}", ""));
        std::iter::once(line).chain(mend).map(move |line| screen.prose(&line))
    });
    lines.collect::<Vec<_>>().join("\n")
}
