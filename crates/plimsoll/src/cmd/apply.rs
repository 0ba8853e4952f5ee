//! `plimsoll apply`: definitions into force, all or none.

use plimsoll_api::v1::definition::{Report, Submission};

use super::lint::Files;
use crate::args::{Connection, Printed};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, definition};

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    printed: Printed,
}

/// Prints faults and changes; fails when nothing was applied.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let submission = Submission { files: args.files.read()? };
    let verb = if args.dry_run { "lint" } else { "apply" };
    let answer = Client::new(connection)?.post(&["definitions", verb], &submission).await?;
    let report: Report = client::read(answer.clone())?;
    screen.show(args.printed.output, answer, |_| {
        let draw = if args.dry_run { definition::plan } else { definition::report };
        Ok(draw(screen, &report, &submission.files))
    })?;
    let refused = definition::has_errors(&report.diagnostics);
    Ok(if refused { Exit::Refused } else { Exit::Ok })
}
