//! `plimsoll diff`: what applying would change, document by document, line by line.

use plimsoll_api::v1::definition::{Report, Submission};

use super::lint::Files;
use crate::args::{Connection, Printed};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, definition};

/// What `diff` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    printed: Printed,
}

/// Prints faults and differences: exit 0 none, 3 some, 1 nothing could be applied.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let submission = Submission { files: args.files.read()? };
    let answer = Client::new(connection)?.post(&["definitions", "lint"], &submission).await?;
    let report: Report = client::read(answer.clone())?;
    screen.show(args.printed.output, answer, |_| {
        Ok(definition::differences(screen, &report, &submission.files))
    })?;
    Ok(if definition::has_errors(&report.diagnostics) {
        Exit::Refused
    } else if definition::differs(&report) {
        Exit::Differs
    } else {
        Exit::Ok
    })
}
