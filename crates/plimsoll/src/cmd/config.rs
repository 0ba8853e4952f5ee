//! `plimsoll config show`: the configuration that `serve` would run with, and where each value
//! comes from.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches};
use plimsoll_server::config::Flags;
use plimsoll_server::config::origin::{Origin, Setting, settings};
use serde_json::Value;

use super::serve;
use crate::args::Printed;
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `config` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Show every value, secrets left out
    Show(Show),
}

#[derive(Debug, clap::Args)]
struct Show {
    #[command(flatten)]
    given: Given,
    /// Also show where each value comes from.
    #[arg(long)]
    origin: bool,
    #[command(flatten)]
    printed: Printed,
}

/// What may be given instead of, or over, the file; as `serve` takes it.
#[derive(Debug, Clone, clap::Args)]
struct Plain {
    /// Process configuration (TOML).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where everything is kept.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where HTTP is served.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where the records are.
    #[arg(long, value_name = "STORE", env = "PLIMSOLL_STORE", hide_env_values = true)]
    store: Option<String>,
    /// What is logged.
    #[arg(long, value_name = "FILTER", env = "PLIMSOLL_LOG")]
    log: Option<String>,
}

/// The same, and which of them came from a flag or from the environment.
#[derive(Debug, Clone)]
struct Given {
    plain: Plain,
    origins: Vec<(&'static str, Origin)>,
}

/// Keys that flags set, and the variables that stand for flags.
const GIVEN: [(&str, Option<&str>); 4] = [
    ("data", None),
    ("listen", None),
    ("store", Some("PLIMSOLL_STORE")),
    ("log", Some("PLIMSOLL_LOG")),
];

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let origin = |(key, variable): (&'static str, Option<&str>)| {
            let origin = match (matches.value_source(key)?, variable) {
                (ValueSource::EnvVariable, Some(variable)) => {
                    Origin::Environment { variable: variable.to_owned() }
                }
                _ => Origin::Flag { flag: format!("--{key}") },
            };
            Some((key, origin))
        };
        let origins = GIVEN.into_iter().filter_map(origin).collect();
        Ok(Self { plain: Plain::from_arg_matches(matches)?, origins })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Given {
    fn augment_args(command: clap::Command) -> clap::Command {
        Plain::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// Shows it.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let Verb::Show(Show { given: Given { plain, origins }, origin, printed }) = &args.verb;
    let Plain { config: file, data, listen, store, log } = plain.clone();
    let mut config = serve::load(file.as_deref(), Flags { data, listen, store })?;
    config.log = log.unwrap_or(config.log);
    let settings = settings(&config, file.as_deref(), origins)
        .map_err(|error| Failure::of(&error).ending(Exit::Unasked))?;
    let answer = serde_json::to_value(&settings).expect("it is plain data");
    screen.show(printed.output, answer, |_| Ok(drawn(screen, &settings, *origin)))
}

fn drawn(screen: &Screen, settings: &[Setting], with_origin: bool) -> String {
    let value = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.to_string())
        }
    };
    let row = |setting: &Setting| {
        let mut row = vec![setting.key.into(), value(&setting.value).into()];
        row.extend(with_origin.then(|| setting.origin.to_string().into()));
        row
    };
    let heads: &[&str] = if with_origin { &["KEY", "VALUE", "ORIGIN"] } else { &["KEY", "VALUE"] };
    screen.table(heads, settings.iter().map(row))
}
