//! `plimsoll audit`: who changed what.

use plimsoll_api::v1::access::AuditEntry;

use crate::args::Connection;
use crate::ask::{Listed, Period, Question};
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `audit` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List what somebody did, newest first
    List(List),
}

#[derive(Debug, clap::Args)]
struct List {
    /// What this person or token did: the name of a person, or the id of either.
    #[arg(long)]
    actor: Option<String>,
    /// What was done to this, as the list shows it.
    #[arg(long)]
    subject: Option<String>,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    listed: Listed,
}

/// Every change comes with another noun's.
const NOUNS: &[&str] = &["definitions", "person", "token", "deployment", "decision"];

/// Lists.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Verb::List(List { actor, subject, period, listed }) = args.verb;
    let question = Question::list::<AuditEntry>(&["audit"], NOUNS)
        .narrowed("actor", actor)
        .narrowed("subject", subject)
        .within(period);
    question.show_list(listed, connection, screen).await
}
