//! The `plimsoll` program: arguments in, one command, an exit code out.
//!
//! Every command is a file of `cmd`. It talks to a server through the public API (`client`), but
//! for `serve`, `demo` and what works without one. Invariant: what was asked for goes to standard
//! output, everything else to standard error; a token is never printed but by the command that
//! makes it.

mod args;
mod client;
mod cmd;
mod demo;
mod exit;
mod files;
mod render;
mod when;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use exit::{Exit, Failure};
use render::Screen;

/// Label sets are small allocations by the thousand, made on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let screen = Screen::of_terminal(cli.no_color);
    match run(cli, &screen).await {
        Ok(exit) => exit.into(),
        Err(failure) => {
            screen.warn(&failure.render());
            failure.exit().into()
        }
    }
}

async fn run(cli: Cli, screen: &Screen) -> Result<Exit, Failure> {
    let connection = &cli.connection;
    match cli.command {
        Command::Serve(args) => cmd::serve::run(args).await,
        Command::Demo(options) => {
            demo::run(options, !cli.no_color).await.map(|()| Exit::Ok).map_err(Failure::from)
        }
        Command::Init(args) => cmd::init::run(&args, screen),
        Command::Lint(args) => cmd::lint::run(&args, screen),
        Command::Apply(args) => cmd::apply::run(&args, connection, screen).await,
        Command::Get(args) => cmd::get::run(&args, connection, screen).await,
        Command::Explain(args) => cmd::explain::run(&args, connection, screen).await,
        Command::Deployment(args) => cmd::deployment::run(args, connection, screen).await,
        Command::Gate(args) => cmd::gate::run(args, connection, screen).await,
        Command::Receivers(args) => cmd::receivers::run(&args, connection, screen).await,
        Command::Notifications(args) => cmd::notifications::run(&args, connection, screen).await,
        Command::Token(args) => cmd::token::run(args, connection, screen).await,
        Command::Verify(args) => cmd::verify::run(args, screen).await,
        Command::Head(args) => cmd::head::run(&args, connection, screen).await,
        Command::Backup(args) => cmd::backup::run(args, connection, screen).await,
        Command::Restore(args) => cmd::restore::run(args, screen).await,
        Command::Doctor(args) => cmd::doctor::run(args, screen).await,
        Command::Openapi => screen.print(&plimsoll_server::openapi()),
        Command::Completions(args) => cmd::completions::run(&args, screen),
    }
}
