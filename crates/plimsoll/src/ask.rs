//! Questions to the server whose answers are shown: once, or again whenever they change.
//!
//! A noun's file says where its list and its items are and how they are drawn; everything else
//! about asking is here.

use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::args::{Connection, Output};
use crate::client::{self, Changed, Client, Listing};
use crate::exit::{Exit, Failure};
use crate::render::{Row, Screen, csv};
use crate::watch;
use crate::when::When;

/// What everything takes that is asked for and shown.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Shown {
    /// How to print it.
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    pub(crate) output: Output,
    /// Show it again whenever it changes, until Ctrl-C.
    #[arg(long, short)]
    pub(crate) watch: bool,
}

/// What every list takes.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Listed {
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 500)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// What is taken by whatever is narrowed by time.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Period {
    /// From this time on: RFC 3339, or relative to now such as -2d.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<When>,
    /// Before this time.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<When>,
}

/// What a noun takes of which there is one: it is shown, and nothing else.
#[derive(Debug, Args)]
pub(crate) struct Single {
    #[command(subcommand)]
    verb: Show,
}

#[derive(Debug, Subcommand)]
enum Show {
    /// Show it
    Get(Shown),
}

impl Single {
    /// Asks that, and shows it.
    pub(crate) async fn show(
        self,
        question: Question<'_>,
        connection: &Connection,
        screen: &Screen,
    ) -> Result<Exit, Failure> {
        let Show::Get(shown) = self.verb;
        question.show(shown, connection, screen).await
    }
}

type Draw = fn(&Screen, Value) -> Result<String, Failure>;

/// A question whose answer is shown.
pub(crate) struct Question<'a> {
    /// Below `/api/v1`.
    path: Vec<&'a str>,
    query: Vec<(&'static str, String)>,
    /// How many items at most; none for what is no list.
    limit: Option<u32>,
    /// The nouns whose changes may change the answer.
    nouns: &'static [&'static str],
    /// The columns of CSV that are known before there are items.
    columns: &'static [&'static str],
    /// The field that is a list, where the answer is none; its items are the lines of CSV.
    lines: Option<&'static str>,
    draw: Draw,
}

impl<'a> Question<'a> {
    /// A list of `T`, which changes with these nouns.
    pub(crate) fn list<T: Row>(path: &[&'a str], nouns: &'static [&'static str]) -> Self {
        Self {
            path: path.to_vec(),
            query: Vec::new(),
            limit: Some(u32::MAX),
            nouns,
            columns: csv::fields_of::<T>(),
            lines: None,
            draw: |screen, items| Ok(screen.items(&client::read::<Vec<T>>(items)?)),
        }
    }

    /// A list of `T` that is drawn like that.
    pub(crate) fn drawn_list<T: DeserializeOwned>(
        path: &[&'a str],
        nouns: &'static [&'static str],
        draw: Draw,
    ) -> Self {
        let columns = csv::fields_of::<T>();
        Self { limit: Some(u32::MAX), columns, ..Self::one(path, nouns, draw) }
    }

    /// One thing, drawn like that.
    pub(crate) fn one(path: &[&'a str], nouns: &'static [&'static str], draw: Draw) -> Self {
        let (path, query) = (path.to_vec(), Vec::new());
        Self { path, query, limit: None, nouns, columns: &[], lines: None, draw }
    }

    /// One thing as a table of one row.
    pub(crate) fn row<T: Row>(path: &[&'a str], nouns: &'static [&'static str]) -> Self {
        Self::one(path, nouns, |screen, item| Ok(screen.items(&[client::read::<T>(item)?])))
    }

    /// As CSV, a line for each `T` in that field of the answer.
    pub(crate) fn with_lines<T: DeserializeOwned>(self, field: &'static str) -> Self {
        Self { columns: csv::fields_of::<T>(), lines: Some(field), ..self }
    }

    /// Narrowed, if there is something to narrow it by.
    pub(crate) fn narrowed(mut self, by: &'static str, to: Option<impl ToString>) -> Self {
        self.query.extend(to.map(|to| (by, to.to_string())));
        self
    }

    /// Narrowed to that time, by this machine's clock.
    pub(crate) fn within(self, Period { from, to }: Period) -> Self {
        let from = from.map(When::by_the_clock);
        self.narrowed("from", from).narrowed("to", to.map(When::by_the_clock))
    }

    /// Asks and shows a list.
    pub(crate) async fn show_list(
        mut self,
        listed: Listed,
        connection: &Connection,
        screen: &Screen,
    ) -> Result<Exit, Failure> {
        self.limit = Some(listed.limit);
        self.show(listed.shown, connection, screen).await
    }

    /// Asks and shows.
    pub(crate) async fn show(
        self,
        shown: Shown,
        connection: &Connection,
        screen: &Screen,
    ) -> Result<Exit, Failure> {
        let client = Client::new(connection)?;
        if shown.watch {
            return watch::run(&self, &client, shown.output, screen).await;
        }
        let Answer { value, more } = self.ask(&client).await?;
        if let Some(limit) = more {
            screen.warn(&format!("note: there are more than {limit}; see --limit"));
        }
        match shown.output {
            Output::Csv => screen.print(&self.csv(&value)?),
            output @ (Output::Table | Output::Json | Output::Yaml) => {
                screen.show(output, value, |value| self.draw(screen, value))
            }
        }
    }

    /// Asks.
    pub(crate) async fn ask(&self, client: &Client) -> Result<Answer, Failure> {
        let Some(limit) = self.limit else {
            return Ok(Answer { value: client.get(&self.path, &self.query).await?, more: None });
        };
        let Listing { items, more } = client.list(&self.path, &self.query, limit as usize).await?;
        Ok(Answer { value: items.into(), more: more.then_some(limit) })
    }

    /// The text for people.
    pub(crate) fn draw(&self, screen: &Screen, value: Value) -> Result<String, Failure> {
        (self.draw)(screen, value)
    }

    /// The same for spreadsheets.
    pub(crate) fn csv(&self, value: &Value) -> Result<String, Failure> {
        let lines = self.lines.and_then(|field| value.get(field));
        csv::csv(lines.unwrap_or(value), self.columns)
    }

    /// Whether this may have changed the answer.
    pub(crate) fn concerns(&self, changed: &Changed) -> bool {
        changed.noun == "all" || self.nouns.contains(&changed.noun.as_str())
    }
}

/// What the server answered.
pub(crate) struct Answer {
    pub(crate) value: Value,
    /// The limit, if it cut the list.
    pub(crate) more: Option<u32>,
}
