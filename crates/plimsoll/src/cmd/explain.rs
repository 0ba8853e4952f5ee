//! `plimsoll explain`: the reasons behind a number.

use plimsoll_api::v1::alert::Alert;
use serde_json::{Value, json};

use super::get;
use crate::args::{Connection, Output};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, alert, slo};
use crate::when::When;

/// What `explain` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Debug, clap::Subcommand)]
enum Noun {
    /// The minutes, the series routed then, and the arithmetic
    Slo(SloArgs),
    /// Why it fired, what happened since, and who was told
    Alert(AlertArgs),
}

#[derive(Debug, clap::Args)]
struct SloArgs {
    /// The SLO.
    name: String,
    /// As of this instant: RFC 3339, or relative to now such as -30m.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<When>,
    /// How many minutes to show.
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
    /// How to print it.
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct AlertArgs {
    /// The alert's id.
    id: String,
    /// How to print it.
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    output: Output,
}

/// Explains an SLO or an alert.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let client = Client::new(connection)?;
    match &args.noun {
        Noun::Slo(args) => of_slo(args, &client, screen).await,
        Noun::Alert(args) => of_alert(args, &client, screen).await,
    }
}

async fn of_slo(args: &SloArgs, client: &Client, screen: &Screen) -> Result<Exit, Failure> {
    let mut query = Vec::new();
    query.extend(args.at.map(|at| ("at", at.by_the_clock().to_string())));
    query.extend(args.minutes.map(|minutes| ("minutes", minutes.to_string())));
    let answer = client.get(&["slos", &args.name, "explain"], &query).await?;
    get::print(screen, args.output, answer, |answer| {
        Ok(slo::explanation(screen, &client::read(answer)?))
    })
}

async fn of_alert(args: &AlertArgs, client: &Client, screen: &Screen) -> Result<Exit, Failure> {
    const TOLD_MAX: usize = 500;
    let found = client.get(&["alerts", &args.id], &[]).await?;
    let filter = [("alert", args.id.clone())];
    let told = client.list(&["notifications"], &filter, TOLD_MAX).await?.items;
    let answer = json!({ "alert": found, "notifications": told });
    get::print(screen, args.output, answer, |mut answer| {
        let found: Alert = client::read(answer["alert"].take())?;
        let told: Value = answer["notifications"].take();
        Ok(alert::explanation(screen, &found, &client::read::<Vec<_>>(told)?))
    })
}
