//! `plimsoll config show`: the configuration that `serve` would run with, where each value comes
//! from, and beside it whose the numbers of the practice are.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches};
use plimsoll_api::document::{self, Kind};
use plimsoll_api::v1::definition::{Definition, Provenance};
use plimsoll_server::config::Flags;
use plimsoll_server::config::origin::{Origin, Setting, settings};
use serde_json::{Value, json};

use super::serve;
use crate::args::{Connection, Printed};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, objective};

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
    /// Also show where each value comes from, and whose the numbers of the practice are.
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

/// Shows it; with origins, the numbers of the practice, too.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Verb::Show(Show { given: Given { plain, origins }, origin, printed }) = &args.verb;
    let Plain { config: file, data, listen, store, log } = plain.clone();
    let mut config = serve::load(file.as_deref(), Flags { data, listen, store })?;
    config.log = log.unwrap_or(config.log);
    let settings = settings(&config, file.as_deref(), origins)
        .map_err(|error| Failure::of(&error).ending(Exit::Unasked))?;
    let mut rows: Vec<Row> = settings.iter().map(Row::of).collect();
    if *origin {
        rows.extend(practice(connection, screen).await);
    }
    let answer = rows.iter().map(|row| row.json.clone()).collect();
    screen.show(printed.output, Value::Array(answer), |_| Ok(drawn(screen, &rows, *origin)))
}

/// A value, and where it comes from.
struct Row {
    key: String,
    value: Value,
    origin: String,
    json: Value,
}

impl Row {
    fn of(setting: &Setting) -> Self {
        Self {
            key: setting.key.to_owned(),
            value: setting.value.clone(),
            origin: setting.origin.to_string(),
            json: serde_json::to_value(setting).expect("it is plain data"),
        }
    }

    fn of_practice(whose: &Provenance, (path, value): (String, Value)) -> Self {
        let key = format!("{}/{} {path}", whose.kind, whose.name);
        let json = json!({"key": key, "value": value, "origin": whose});
        Self { key, value, origin: objective::origin(whose), json }
    }
}

/// The numbers of the practice: those that the server has in force, or, where it cannot be asked,
/// those that ship.
async fn practice(connection: &Connection, screen: &Screen) -> Vec<Row> {
    let asked = async {
        let client = Client::new(connection)?;
        let mut found = Vec::new();
        for kind in PRACTICE {
            let query = [("kind", kind.as_str().to_owned())];
            found.extend(client.list(&["definitions"], &query, usize::MAX).await?.items);
        }
        found.into_iter().map(client::parse::<Definition>).collect::<Result<Vec<_>, Failure>>()
    };
    let definitions = asked.await.unwrap_or_else(|failure| {
        screen.warn(&format!(
            "note: the numbers of the practice are those that ship, since {} was not asked: {}",
            connection.url,
            failure.title()
        ));
        document::shipped_definitions()
    });
    let rows = definitions.iter().flat_map(|definition| {
        let whose = Provenance::from(definition);
        let numbers = document::numbers(&definition.yaml);
        numbers.into_iter().map(move |number| Row::of_practice(&whose, number))
    });
    rows.collect()
}

/// The kinds whose documents hold numbers of the practice.
const PRACTICE: [Kind; 4] =
    [Kind::AlertTiers, Kind::BurnPolicy, Kind::ErrorBudgetPolicy, Kind::ObjectiveGuide];

fn drawn(screen: &Screen, rows: &[Row], with_origin: bool) -> String {
    let value = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(value.to_string())
        }
    };
    let row = |row: &Row| {
        let mut cells = vec![row.key.as_str().into(), value(&row.value).into()];
        cells.extend(with_origin.then(|| row.origin.as_str().into()));
        cells
    };
    let heads: &[&str] = if with_origin { &["KEY", "VALUE", "ORIGIN"] } else { &["KEY", "VALUE"] };
    screen.table(heads, rows.iter().map(row))
}
