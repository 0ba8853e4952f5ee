//! `plimsoll services`: the services of the catalog.

use plimsoll_api::v1::service::Service;

use crate::args::Connection;
use crate::ask::{Listed, Question, Shown};
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `services` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List services by name
    List(Listed),
    /// Show one
    Get(Get),
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The service.
    name: String,
    #[command(flatten)]
    shown: Shown,
}

const NOUNS: &[&str] = &["definitions"];

/// Lists or shows.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(listed) => {
            let question = Question::list::<Service>(&["services"], NOUNS);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { name, shown }) => {
            let question = Question::row::<Service>(&["services", &name], NOUNS);
            question.show(shown, connection, screen).await
        }
    }
}
