//! `plimsoll gate`: may this artifact go out, why, and would it still be so decided.
//!
//! Invariant: `check` exits 0, 10 or 20 only by a decision that is stored; without one it exits 2,
//! whatever went wrong. A word that is no verdict is no decision.

use plimsoll_api::v1::gate::{Decision, Question};

use super::{class, decisions};
use crate::args::{Connection, Printed};
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
    Explain(decisions::Get),
    /// Decide again from the stored facts: exit 0 identical, 1 it differs, 2 it was not decided
    Replay(decisions::Replay),
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
    #[command(flatten)]
    printed: Printed,
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
        Verb::Explain(args) => decisions::get(args, connection, screen).await,
        Verb::Replay(args) => decisions::replay(&args, connection, screen).await,
    }
}

async fn check(args: Check, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let Check { service, environment, artifact, class, enforce, printed } = args;
    let question = Question { service, environment, artifact, class, enforce };
    let answer = Client::new(connection)?.post(&["gates", "check"], &question).await?;
    let decision: Decision = client::read(answer.clone())?;
    let exit = exit(&decision)?;
    screen.show(printed.output, answer, |_| render::gate::decision(screen, &decision))?;
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

#[cfg(test)]
mod tests;
