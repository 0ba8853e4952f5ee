//! What may be typed: the commands, and the options they share. Each command's own arguments stand
//! in its file of `cmd`.

mod offline;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{ask, cmd, demo};

pub(crate) use offline::Offline;

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
    /// Whether there are colours: on a terminal, unless NO_COLOR is set, when left out.
    #[arg(long, visible_alias = "colour", global = true, value_enum, value_name = "WHEN")]
    pub(crate) color: Option<Colours>,
    /// The same as --color never.
    #[arg(long, global = true, env = "NO_COLOR", hide = true, value_parser = not_empty)]
    #[arg(num_args = 0, default_missing_value = "1")]
    no_color: Option<bool>,
}

impl Cli {
    /// Whether there are colours. What was typed wins over the environment.
    pub(crate) fn colours(&self) -> Colours {
        let environment = self.no_color.filter(|no| *no).map(|_| Colours::Never);
        self.color.or(environment).unwrap_or(Colours::Auto)
    }
}

/// Whether there are colours where the arguments could not be read.
pub(crate) fn colours_of_the_environment() -> Colours {
    let read = Environment::try_parse_from(["plimsoll"]);
    let none = read.ok().and_then(|read| read.no_color).unwrap_or(false);
    if none { Colours::Never } else { Colours::Auto }
}

/// What the environment alone says.
#[derive(Debug, Parser)]
struct Environment {
    #[arg(long, env = "NO_COLOR", value_parser = not_empty)]
    no_color: Option<bool>,
}

/// As <https://no-color.org> reads the variable: whatever it says, unless it is empty.
fn not_empty(text: &str) -> Result<bool, std::convert::Infallible> {
    Ok(!text.is_empty())
}

/// Whether there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colours {
    /// On a terminal.
    Auto,
    /// Into files and pipes, too.
    Always,
    /// Nowhere.
    Never,
}

impl Colours {
    /// Whether there are any where there is a terminal or is none.
    pub(crate) fn on(self, terminal: bool) -> bool {
        match self {
            Self::Auto => terminal,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

const EXIT_CODES: &str = "\
Exit codes:
   0  done; for `gate check`: allow, or a verdict that does not bind
   1  the work failed or was refused; lint, diff and apply found errors; import left something
      out; a replay differs;
      `doctor` found a problem; a test message did not arrive; `verify` and `restore`: history
      was changed
   2  wrong usage, server unreachable, not authorised, not confirmed; for `gate check`: no
      decision was stored, or none decided again; for `verify` and `head`: nothing could be
      proved
   3  `diff`: applying would change something
  10  `gate check`: warn
  20  `gate check`: deny
 130  Ctrl-C ended it, as is usual for --watch

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
    /// Tell the whole story with three small services under real traffic
    Demo(demo::Options),
    /// Write a starter set of definitions
    Init(cmd::init::Args),
    /// Find the faults of definitions, without a server
    Lint(cmd::lint::Args),
    /// Read SLOs of Sloth, Pyrra and OpenSLO v1alpha as definitions, without a server
    Import(cmd::import::Args),
    /// Show what applying definitions would change
    Diff(cmd::diff::Args),
    /// Put definitions in force, all or none
    Apply(cmd::apply::Args),
    /// Write the definitions in force as files that `apply` takes back
    Export(cmd::export::Args),
    /// Delete a definition that nothing else names
    Delete(cmd::delete::Args),
    /// Where SLOs stand, and why
    #[command(visible_alias = "slo")]
    Slos(cmd::slos::Args),
    /// How many SLOs and services have each status, fire, and are to be looked at
    Standing(ask::Single),
    /// SLOs that are not met for known reasons: what is owed, and by when
    #[command(visible_alias = "known-violation")]
    KnownViolations(cmd::violations::Args),
    /// The services of the catalog
    #[command(visible_alias = "service")]
    Services(cmd::services::Args),
    /// Alerts, and why they fired
    #[command(visible_alias = "alert")]
    Alerts(cmd::alerts::Args),
    /// What went out
    #[command(visible_alias = "deployment")]
    Deployments(cmd::deployments::Args),
    /// Ask whether an artifact may go out
    Gate(cmd::gate::Args),
    /// What gates decided, and why
    #[command(visible_alias = "decision")]
    Decisions(cmd::decisions::Args),
    /// Definitions as they are in force, and whose they are
    #[command(visible_alias = "definition")]
    Definitions(cmd::definitions::Args),
    /// What came in since the server started, who is over a cap, and how the last scrapes went
    Telemetry(ask::Single),
    /// What the server keeps and for how long, the room it takes, and what is left
    Storage(ask::Single),
    /// Who is told over which channels, and whether it works
    #[command(visible_alias = "receiver")]
    Receivers(cmd::receivers::Args),
    /// The delivery log: who was told what, and what providers answered
    #[command(visible_alias = "notification")]
    Notifications(cmd::notifications::Args),
    /// API tokens
    #[command(visible_alias = "token")]
    Tokens(cmd::tokens::Args),
    /// Who may send signed webhooks
    #[command(visible_alias = "webhook")]
    Webhooks(cmd::webhooks::Args),
    /// Who signs in
    #[command(visible_alias = "person")]
    People(cmd::people::Args),
    /// Teams, what they own, and who is in them
    #[command(visible_alias = "team")]
    Teams(cmd::teams::Args),
    /// Who changed what
    Audit(cmd::audit::Args),
    /// As whom the server is asked, and what that may do
    Whoami(cmd::whoami::Args),
    /// `get slos` is `slos list`, `get slo NAME` is `slos get NAME`
    Get(cmd::get::Args),
    /// `explain slo NAME` is `slos explain NAME`
    Explain(cmd::get::Args),
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
    /// The configuration of the process, and where each value comes from
    Config(cmd::config::Args),
    /// Every field of every kind of definition
    Reference(cmd::reference::Args),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Print completions for a shell
    Completions(cmd::completions::Args),
    /// Write the manual pages
    Man(cmd::man::Args),
}

impl Command {
    /// The verb that stands before its noun, if it is written so.
    pub(crate) fn verb_first(&self) -> Option<(cmd::get::Verb, &cmd::get::Args)> {
        if let Self::Get(args) = self {
            return Some((cmd::get::Verb::Get, args));
        }
        if let Self::Explain(args) = self {
            return Some((cmd::get::Verb::Explain, args));
        }
        None
    }
}

/// How an answer is printed: the choice is the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// As the API gives it.
    Json,
    /// The same as YAML.
    Yaml,
    /// Lists for spreadsheets: the fields of each item in a line (RFC 4180).
    Csv,
}

/// What every command takes that shows something.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Printed {
    /// How to print it.
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    pub(crate) output: Output,
}

#[cfg(test)]
mod tests;
