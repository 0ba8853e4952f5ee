//! `plimsoll definitions`: what is in force, and whose it is: yours, or a default that ships.

use plimsoll_api::document::Kind;
use plimsoll_api::v1::definition::Definition;

use crate::args::Connection;
use crate::ask::{Listed, Question, Shown};
use crate::client;
use crate::exit::{Exit, Failure};
use crate::render::{Screen, definition};

/// What `definitions` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List definitions by kind and name, with their origin
    List(List),
    /// Show the text of one
    Get(Get),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this kind, in any case, singular or plural.
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// Those of this origin.
    #[arg(long, value_parser = ["yours", "default"])]
    origin: Option<String>,
    #[command(flatten)]
    listed: Listed,
}

#[derive(Debug, clap::Args)]
struct Get {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    shown: Shown,
}

/// One definition, as it is typed.
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// Its kind and name: KIND NAME or KIND/NAME.
    #[arg(value_name = "KIND NAME", num_args = 1..=2, required = true)]
    words: Vec<String>,
}

impl Named {
    /// Kind and name.
    pub(super) fn read(&self) -> Result<(Kind, &str), Failure> {
        let pair = match self.words.as_slice() {
            [kind, name] => Some((kind.as_str(), name.as_str())),
            [both] => both.split_once('/'),
            _ => None,
        };
        let Some((word, name)) = pair else {
            let word = self.words.first().map(String::as_str).unwrap_or_default();
            return Err(Failure::unasked(format!("`{word}` does not say which definition"))
                .hint("write KIND NAME, such as SLO checkout-availability"));
        };
        kind(word).map(|kind| (kind, name)).map_err(|unknown| {
            let UnknownKind { word, hint } = unknown;
            Failure::unasked(format!("there is no kind `{word}`")).hint(hint)
        })
    }
}

const NOUNS: &[&str] = &["definitions"];

/// Lists or shows.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { kind, origin, listed }) => {
            let question = Question::list::<Definition>(&["definitions"], NOUNS);
            let question = question.narrowed("kind", kind.map(Kind::as_str));
            question.narrowed("origin", origin).show_list(listed, connection, screen).await
        }
        Verb::Get(Get { named, shown }) => {
            let (kind, name) = named.read()?;
            let draw = |_: &Screen, answer| Ok(definition::one(&client::read(answer)?));
            let question = Question::one(&["definitions", kind.as_str(), name], NOUNS, draw);
            question.show(shown, connection, screen).await
        }
    }
}

/// A word that is no kind, and which there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no kind `{word}`: {hint}")]
pub(super) struct UnknownKind {
    word: String,
    hint: String,
}

/// A kind as people type it: `slo`, `SLOs`, `burn-policies`.
pub(super) fn kind(word: &str) -> Result<Kind, UnknownKind> {
    let plain = plain(word);
    let found = Kind::ALL.into_iter().find(|kind| {
        let singular = kind.as_str().to_lowercase();
        plain == singular || plain == plural(&singular)
    });
    found.ok_or_else(|| {
        let words = Kind::ALL.map(Kind::as_str);
        let meant = plimsoll_api::document::nearest(word, words);
        let hint = meant.map_or_else(
            || format!("kinds are {}", words.join(", ")),
            |meant| format!("did you mean {meant}?"),
        );
        UnknownKind { word: word.to_owned(), hint }
    })
}

fn plain(word: &str) -> String {
    word.to_lowercase().replace(['-', '_'], "")
}

fn plural(singular: &str) -> String {
    match singular.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{singular}s"),
    }
}

#[cfg(test)]
mod tests;
