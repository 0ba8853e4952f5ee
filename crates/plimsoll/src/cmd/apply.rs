//! `plimsoll apply`: definitions into force, all or none.

use plimsoll_api::v1::definition::{Report as Applied, Submission};

use super::lint::Files;
use crate::args::{Connection, Report};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen, definition};

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    /// How to print what became of them.
    #[arg(long, short, value_enum, default_value_t = Report::Text)]
    output: Report,
}

/// Prints faults and changes; fails when nothing was applied.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let submission = Submission { files: args.files.read()? };
    let path = ["definitions", "apply"];
    let answer = Client::new(connection)?.post(&path, &submission).await?;
    let applied: Applied = client::read(answer.clone())?;
    match args.output {
        Report::Json => screen.print(&render::json(&answer))?,
        Report::Text => screen.print(&definition::report(screen, &applied))?,
    };
    Ok(if applied.applied { Exit::Ok } else { Exit::Refused })
}
