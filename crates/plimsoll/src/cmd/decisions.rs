//! `plimsoll decisions`: what gates decided, and whether they still would.

use plimsoll_api::v1::gate::{self, Decision};

use crate::args::{Connection, Printed};
use crate::ask::{Listed, Question, Shown};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen};

/// What `decisions` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List decisions, newest first
    List(List),
    /// Show one with its facts and its policy
    #[command(visible_alias = "explain")]
    Get(Get),
    /// Decide again from the stored facts: exit 0 identical, 1 it differs, 2 it was not decided
    Replay(Replay),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those about this service.
    #[arg(long)]
    service: Option<String>,
    /// Those about this environment.
    #[arg(long)]
    environment: Option<String>,
    /// Those that say so.
    #[arg(long, value_parser = ["allow", "warn", "deny"])]
    verdict: Option<String>,
    /// Those that bind (true), or those made in shadow mode (false).
    #[arg(long, value_name = "BOOL")]
    enforced: Option<bool>,
    #[command(flatten)]
    listed: Listed,
}

/// Which decision to show.
#[derive(Debug, clap::Args)]
pub(super) struct Get {
    /// The decision's id.
    id: String,
    #[command(flatten)]
    shown: Shown,
}

/// Which decision to make again.
#[derive(Debug, clap::Args)]
pub(super) struct Replay {
    /// The decision's id.
    id: String,
    #[command(flatten)]
    printed: Printed,
}

const NOUNS: &[&str] = &["decision"];

/// Lists, shows or replays.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { service, environment, verdict, enforced, listed }) => {
            let question = Question::list::<Decision>(&["decisions"], NOUNS);
            let question = question.narrowed("service", service);
            let question = question.narrowed("environment", environment);
            let question = question.narrowed("verdict", verdict).narrowed("enforced", enforced);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(args) => get(args, connection, screen).await,
        Verb::Replay(args) => replay(&args, connection, screen).await,
    }
}

/// Shows a decision with its facts and its policy.
pub(super) async fn get(
    args: Get,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let draw = |screen: &Screen, answer| render::gate::explanation(screen, &client::read(answer)?);
    let question = Question::one(&["decisions", &args.id], NOUNS, draw);
    question.show(args.shown, connection, screen).await
}

/// Decides again from the stored facts.
pub(super) async fn replay(
    args: &Replay,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let path = ["decisions", &args.id, "replay"];
    let replayed = Client::new(connection)?.trigger(&path).await;
    // 1 is kept for an outcome that differs.
    let answer = replayed.map_err(|failure| failure.ending(Exit::Unasked))?;
    let replay: gate::Replay = client::read(answer.clone())?;
    screen.show(args.printed.output, answer, |_| Ok(render::gate::replay(screen, &replay)))?;
    Ok(if replay.identical { Exit::Ok } else { Exit::Refused })
}
