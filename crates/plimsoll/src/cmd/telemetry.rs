//! `plimsoll telemetry`: what came in since the server started, and what was made of it.

use plimsoll_api::v1::telemetry::Telemetry;
use serde_json::Value;

use crate::args::Connection;
use crate::ask::{Question, Shown};
use crate::client;
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen};

/// What `telemetry` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Show the counts, who is over a cap, and how the last scrapes went
    Get(Shown),
}

/// Shows.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Verb::Get(shown) = args.verb;
    // Every minute that moves an SLO moves the counts.
    Question::one(&["telemetry"], &["slo"], draw).show(shown, connection, screen).await
}

fn draw(screen: &Screen, answer: Value) -> Result<String, Failure> {
    let telemetry: Telemetry = client::read(answer)?;
    let sheet = screen.sheet([
        ("Samples accepted", telemetry.accepted.to_string().into()),
        ("… undeclared", telemetry.undeclared.to_string().into()),
        ("… duplicate or late", telemetry.duplicate_or_late.to_string().into()),
        ("… ahead of the clock", telemetry.future.to_string().into()),
        ("… over a cap", telemetry.over_cap.to_string().into()),
        ("… of replicas not elected", telemetry.not_elected.to_string().into()),
        ("… that do not fit their tally", telemetry.unfit.to_string().into()),
        ("Series counted", telemetry.series.to_string().into()),
        ("Log bytes", telemetry.log_bytes.to_string().into()),
    ]);
    let offenders = Some(screen.items(&telemetry.offenders));
    let offenders = offenders.filter(|_| !telemetry.offenders.is_empty());
    let sheets = [Some(sheet), offenders, Some(screen.items(&telemetry.scrapes))];
    Ok(render::page(sheets.into_iter().flatten()))
}
