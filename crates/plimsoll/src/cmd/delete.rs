//! `plimsoll delete`: a definition goes; its history stays.

use plimsoll_api::v1::definition::Deletion;

use super::definitions::Named;
use crate::args::{Connection, Printed};
use crate::client::{self, Client};
use crate::confirm::Confirmed;
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `delete` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    confirmed: Confirmed,
    #[command(flatten)]
    printed: Printed,
}

/// Deletes, if nothing else names it.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let (kind, name) = args.named.read()?;
    let kind = kind.as_str();
    args.confirmed.ask(&format!("Delete the {kind} {name} at {}", connection.url))?;
    let answer = Client::new(connection)?.delete(&["definitions", kind, name]).await?;
    screen.show(args.printed.output, answer, |answer| {
        let Deletion { kind, name, revision, default_again } = client::read(answer)?;
        let again = if default_again { " The default is in force again." } else { "" };
        Ok(format!("Deleted the {kind} {name} as {revision}.{again}"))
    })
}
