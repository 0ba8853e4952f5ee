//! The `plimsoll` program: arguments in, one command, an exit code out.
//!
//! Every command is a file of `cmd`. It talks to a server through the public API (`client`), but
//! for `serve`, `demo` and what works without one. Invariant: what was asked for goes to standard
//! output, everything else to standard error; a token is never printed but by the command that
//! makes it.

mod args;
mod ask;
mod client;
mod cmd;
mod confirm;
mod demo;
mod exit;
mod files;
mod memory;
mod progress;
mod render;
mod watch;
mod when;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use args::{Cli, Command};
use exit::{Exit, Failure};
use render::Screen;

fn main() -> ExitCode {
    // Before there are threads: what they touch first would be large pages.
    memory::keep_pages_small();
    in_runtime()
}

#[tokio::main]
async fn in_runtime() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let cli = match parse(typed) {
        Ok(cli) => cli,
        Err(ended) => return ended,
    };
    let screen = Screen::new(cli.colours());
    match run(cli, &screen).await {
        Ok(exit) => exit.into(),
        Err(failure) => {
            screen.fail(&failure);
            failure.exit().into()
        }
    }
}

/// What is to be done; or how it ended already, with help or with what is wrong.
fn parse(typed: Vec<OsString>) -> Result<Cli, ExitCode> {
    let ended = |failure: Failure| {
        Screen::new(args::colours_of_the_environment()).fail(&failure);
        ExitCode::from(failure.exit())
    };
    let cli = Cli::try_parse_from(&typed).map_err(|error| {
        let asked = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if asked || !error.use_stderr() {
            error.exit();
        }
        ended(Failure::of_usage(&error))
    })?;
    match cli.command.verb_first() {
        Some((verb, args)) => parse(args.noun_first(verb, &typed).map_err(ended)?),
        None => Ok(cli),
    }
}

async fn run(cli: Cli, screen: &Screen) -> Result<Exit, Failure> {
    let connection = &cli.connection;
    match cli.command {
        Command::Serve(args) => cmd::serve::run(args).await,
        Command::Demo(options) => {
            demo::run(options, screen.has_colours()).await.map(|()| Exit::Ok).map_err(Failure::from)
        }
        Command::Init(args) => cmd::init::run(&args, screen),
        Command::Import(args) => cmd::import::run(&args, screen),
        Command::Lint(args) => cmd::lint::run(&args, screen),
        Command::Diff(args) => cmd::diff::run(&args, connection, screen).await,
        Command::Apply(args) => cmd::apply::run(&args, connection, screen).await,
        Command::Export(args) => cmd::export::run(&args, connection, screen).await,
        Command::Delete(args) => cmd::delete::run(args, connection, screen).await,
        Command::Slos(args) => cmd::slos::run(args, connection, screen).await,
        Command::Standing(args) => args.show(cmd::standing::question(), connection, screen).await,
        Command::KnownViolations(args) => cmd::violations::run(args, connection, screen).await,
        Command::Services(args) => cmd::services::run(args, connection, screen).await,
        Command::Alerts(args) => cmd::alerts::run(args, connection, screen).await,
        Command::Deployments(args) => cmd::deployments::run(args, connection, screen).await,
        Command::Gate(args) => cmd::gate::run(args, connection, screen).await,
        Command::Decisions(args) => cmd::decisions::run(args, connection, screen).await,
        Command::Definitions(args) => cmd::definitions::run(args, connection, screen).await,
        Command::Telemetry(args) => args.show(cmd::telemetry::question(), connection, screen).await,
        Command::Storage(args) => args.show(cmd::storage::question(), connection, screen).await,
        Command::Notifications(args) => cmd::notifications::run(args, connection, screen).await,
        Command::Receivers(args) => cmd::receivers::run(args, connection, screen).await,
        Command::Tokens(args) => cmd::tokens::run(args, connection, screen).await,
        Command::Webhooks(args) => cmd::webhooks::run(args, connection, screen).await,
        Command::People(args) => cmd::people::run(args, connection, screen).await,
        Command::Teams(args) => cmd::teams::run(args, connection, screen).await,
        Command::Audit(args) => cmd::audit::run(args, connection, screen).await,
        Command::Whoami(args) => cmd::whoami::run(args, connection, screen).await,
        Command::Get(_) | Command::Explain(_) => unreachable!("`parse` puts the noun first"),
        Command::Verify(args) => cmd::verify::run(args, screen).await,
        Command::Head(args) => cmd::head::run(&args, connection, screen).await,
        Command::Backup(args) => cmd::backup::run(args, connection, screen).await,
        Command::Restore(args) => cmd::restore::run(args, screen).await,
        Command::Doctor(args) => cmd::doctor::run(args, screen).await,
        Command::Config(args) => cmd::config::run(&args, connection, screen).await,
        Command::Reference(args) => cmd::reference::run(&args, screen),
        Command::Openapi => screen.print(&plimsoll_server::openapi()),
        Command::Completions(args) => cmd::completions::run(&args, screen),
        Command::Man(args) => cmd::man::run(&args, screen),
    }
}
