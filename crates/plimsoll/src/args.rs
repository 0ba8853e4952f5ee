//! What may be typed: the commands, and the options they share. Each command's own arguments stand
//! in its file of `cmd`.

mod store;

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{cmd, demo};

pub(crate) use store::OfflineStore;

/// Reliability measured from real telemetry, budgeted, alerted on, and decided by.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, after_help = EXIT_CODES)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Which server, and as whom.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// No colours, also on a terminal.
    #[arg(long, global = true, env = "NO_COLOR", value_parser = FalseyValueParser::new())]
    #[arg(hide_env_values = true)]
    pub(crate) no_color: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
   0  done; for `gate check`: allow, or a verdict that does not bind
   1  the work failed or was refused; lint and apply found errors; a replay differs;
      `verify` and `restore`: history was changed
   2  wrong usage, server unreachable, not authorised; for `gate check`: no decision was stored;
      for `verify`: nothing could be proved
  10  `gate check`: warn
  20  `gate check`: deny

Start with `plimsoll serve`, or see everything at once with `plimsoll demo`.";

/// Which server, and as whom.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct Connection {
    /// The server's address.
    #[arg(long, global = true, env = "PLIMSOLL_URL", default_value = "http://127.0.0.1:8010")]
    pub(crate) url: String,
    /// The token to ask with.
    #[arg(long, global = true, env = "PLIMSOLL_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// A file that holds the token; wins over --token and PLIMSOLL_TOKEN.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server
    Serve(cmd::serve::Args),
    /// Tell the whole story with two small services under real traffic
    Demo(demo::Options),
    /// Write a starter set of definitions
    Init(cmd::init::Args),
    /// Find the faults of definitions, without a server
    Lint(cmd::lint::Args),
    /// Put definitions in force, all or none
    Apply(cmd::apply::Args),
    /// Show things: SLOs, services, alerts, decisions, definitions, …
    Get(cmd::get::Args),
    /// Show the reasons behind an SLO's numbers or an alert
    Explain(cmd::explain::Args),
    /// Record what went out
    Deployment(cmd::deployment::Args),
    /// Ask whether an artifact may go out, and why
    Gate(cmd::gate::Args),
    /// Show who is told over which channels, and test them
    Receivers(cmd::receivers::Args),
    /// Show the delivery log: who was told what, and what providers answered
    Notifications(cmd::notifications::Args),
    /// Make, list and revoke API tokens
    Token(cmd::token::Args),
    /// Prove offline that history is what was sealed
    Verify(cmd::verify::Args),
    /// Show the head of a server's history, for a witness to keep
    Head(cmd::head::Args),
    /// Put everything that an installation keeps into one file
    Backup(cmd::backup::Args),
    /// Make a data directory of a backup
    Restore(cmd::restore::Args),
    /// Look whether this machine is fit to run a server
    Doctor(cmd::doctor::Args),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Print completions for a shell
    Completions(cmd::completions::Args),
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// As the API gave it.
    Json,
    /// The same as YAML.
    Yaml,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For people.
    Text,
    /// As the API gives it.
    Json,
}

#[cfg(test)]
mod tests;
