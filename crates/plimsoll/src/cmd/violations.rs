//! `plimsoll known-violations`: what is owed to SLOs, and by when.

use plimsoll_api::v1::violation::KnownViolation;

use crate::args::Connection;
use crate::ask::{Listed, Question};
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `known-violations` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List them, what is due first first
    List(List),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this SLO.
    #[arg(long)]
    slo: Option<String>,
    /// Those of the SLOs of this service.
    #[arg(long)]
    service: Option<String>,
    /// Those that this team owes.
    #[arg(long, value_name = "TEAM")]
    owner: Option<String>,
    /// Those that are overdue.
    #[arg(long)]
    overdue: bool,
    #[command(flatten)]
    listed: Listed,
}

const NOUNS: &[&str] = &["definitions", "slo"];

/// Lists.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Verb::List(List { slo, service, owner, overdue, listed }) = args.verb;
    let question = Question::list::<KnownViolation>(&["known-violations"], NOUNS)
        .narrowed("slo", slo)
        .narrowed("service", service)
        .narrowed("owner", owner)
        .narrowed("overdue", overdue.then_some(true));
    question.show_list(listed, connection, screen).await
}
