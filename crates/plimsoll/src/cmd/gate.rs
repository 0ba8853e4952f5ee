//! `plimsoll gate`: may this artifact go out, why, and would it still be so decided.
//!
//! Invariant: `check` exits 0, 10 or 20 only by a decision that is stored; without one it exits 2,
//! whatever went wrong. A word that is no verdict is no decision.

use plimsoll_api::v1::gate::{Decision, Question, Replay};

use super::class;
use crate::args::{Connection, Report};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen};

/// What `gate` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Decide, and store the decision: exit 0 allow, 10 warn, 20 deny, 2 when none was stored
    Check(Check),
    /// Show a stored decision with its facts and its policy
    Explain(Stored),
    /// Decide again from the stored facts: exit 0 identical, 1 it differs
    Replay(Stored),
}

#[derive(Debug, clap::Args)]
struct Check {
    /// The service.
    #[arg(long)]
    service: String,
    /// Where it would go.
    #[arg(long)]
    environment: String,
    /// The artifact's digest, such as sha256:….
    #[arg(long, value_name = "DIGEST")]
    artifact: String,
    /// What kind of change it is.
    #[arg(long, value_parser = class())]
    class: String,
    /// Ask for the verdict that binds, although the gate is in shadow mode.
    #[arg(long)]
    enforce: bool,
    /// How to print the decision.
    #[arg(long, short, value_enum, default_value_t = Report::Text)]
    output: Report,
}

#[derive(Debug, clap::Args)]
struct Stored {
    /// The decision's id.
    id: String,
    /// How to print it.
    #[arg(long, short, value_enum, default_value_t = Report::Text)]
    output: Report,
}

/// Decides, explains or replays.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::Check(args) => {
            let checked = check(args, connection, screen).await;
            checked.map_err(|failure| failure.ending(Exit::Unasked))
        }
        Verb::Explain(args) => explain(&args, connection, screen).await,
        Verb::Replay(args) => replay(&args, connection, screen).await,
    }
}

async fn check(args: Check, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let Check { service, environment, artifact, class, enforce, output } = args;
    let question = Question { service, environment, artifact, class, enforce };
    let answer = Client::new(connection)?.post(&["gates", "check"], &question).await?;
    let decision: Decision = client::read(answer.clone())?;
    let exit = exit(&decision)?;
    let text = match output {
        Report::Json => render::json(&answer),
        Report::Text => render::gate::decision(screen, &decision)?,
    };
    screen.print(&text)?;
    Ok(exit)
}

fn exit(decision: &Decision) -> Result<Exit, Failure> {
    let exit = match decision.verdict.as_str() {
        "allow" => Exit::Ok,
        "warn" => Exit::Warn,
        "deny" => Exit::Deny,
        other => {
            return Err(Failure::unasked(format!("`{other}` is no verdict this version knows"))
                .hint("compare `plimsoll --version` here and on the server"));
        }
    };
    Ok(if decision.enforced { exit } else { Exit::Ok })
}

async fn explain(args: &Stored, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let answer = Client::new(connection)?.get(&["decisions", &args.id], &[]).await?;
    let text = match args.output {
        Report::Json => render::json(&answer),
        Report::Text => render::gate::explanation(screen, &client::read(answer)?)?,
    };
    screen.print(&text)
}

async fn replay(args: &Stored, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let path = ["decisions", &args.id, "replay"];
    let answer = Client::new(connection)?.trigger(&path).await?;
    let replay: Replay = client::read(answer.clone())?;
    let text = match args.output {
        Report::Json => render::json(&answer),
        Report::Text => render::gate::replay(screen, &replay),
    };
    screen.print(&text)?;
    Ok(if replay.identical { Exit::Ok } else { Exit::Refused })
}

#[cfg(test)]
mod tests;
