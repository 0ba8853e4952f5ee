//! `plimsoll slos`: where SLOs stand, and why.

use plimsoll_api::v1::slo::Slo;

use crate::args::Connection;
use crate::ask::{Listed, Question, Shown};
use crate::client;
use crate::exit::{Exit, Failure};
use crate::render::{Screen, slo};
use crate::when::When;

/// What `slos` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List SLOs by name
    List(List),
    /// Show where one stands
    Get(Get),
    /// Show the minutes, the series routed then, and the arithmetic
    Explain(Explain),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this service.
    #[arg(long)]
    service: Option<String>,
    /// Those with this status.
    #[arg(value_parser = STATUSES)]
    #[arg(long)]
    status: Option<String>,
    #[command(flatten)]
    listed: Listed,
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The SLO.
    name: String,
    /// As of this instant: RFC 3339, or relative to now such as -30m.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<When>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Explain {
    #[command(flatten)]
    get: Get,
    /// How many minutes to show.
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
}

/// The statuses of budgets.
const STATUSES: [&str; 7] =
    ["healthy", "caution", "warning", "exhausted", "no_traffic", "no_data", "unmeasured"];

const NOUNS: &[&str] = &["slo", "definitions"];

/// Lists, shows or explains.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { service, status, listed }) => {
            let question = Question::list::<Slo>(&["slos"], NOUNS);
            let question = question.narrowed("service", service).narrowed("status", status);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { name, at, shown }) => {
            let draw = |screen: &Screen, answer| Ok(slo::one(screen, &client::read(answer)?));
            let question = Question::one(&["slos", &name], NOUNS, draw);
            let question = question.narrowed("at", at.map(When::by_the_clock));
            question.show(shown, connection, screen).await
        }
        Verb::Explain(Explain { get: Get { name, at, shown }, minutes }) => {
            let path = ["slos", &name, "explain"];
            let draw =
                |screen: &Screen, answer| Ok(slo::explanation(screen, &client::read(answer)?));
            let question = Question::one(&path, NOUNS, draw).narrowed("minutes", minutes);
            let question = question.narrowed("at", at.map(When::by_the_clock));
            question.show(shown, connection, screen).await
        }
    }
}
