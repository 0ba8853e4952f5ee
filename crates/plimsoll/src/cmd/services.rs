//! `plimsoll services`: the services of the catalog.

use plimsoll_api::v1::service::Service;

use super::slos::STATUSES;
use crate::args::Connection;
use crate::ask::{Listed, Question, Shown};
use crate::client;
use crate::exit::{Exit, Failure};
use crate::render::{Screen, service};

/// What `services` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List services
    List(List),
    /// Show one
    Get(Get),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this team.
    #[arg(long, value_name = "TEAM")]
    owner: Option<String>,
    /// Those of this tier, 1 (most depends on it) to 4.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=4))]
    tier: Option<u8>,
    /// Those whose gravest SLO has this status.
    #[arg(long, value_parser = STATUSES)]
    status: Option<String>,
    /// In which order: by name, or what needs someone most first, or by tier.
    #[arg(long, value_parser = ["name", "gravity", "tier"])]
    sort: Option<String>,
    #[command(flatten)]
    listed: Listed,
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The service.
    name: String,
    #[command(flatten)]
    shown: Shown,
}

const NOUNS: &[&str] = &["definitions", "slo"];

/// Lists or shows.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { owner, tier, status, sort, listed }) => {
            let question = Question::list::<Service>(&["services"], NOUNS)
                .narrowed("owner", owner)
                .narrowed("tier", tier)
                .narrowed("status", status)
                .narrowed("sort", sort);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { name, shown }) => {
            let question = Question::one(&["services", &name], NOUNS, |screen, item| {
                Ok(service::one(screen, &client::read(item)?))
            });
            question.show(shown, connection, screen).await
        }
    }
}
