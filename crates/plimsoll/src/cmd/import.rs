//! `plimsoll import`: SLOs of Sloth, Pyrra and OpenSLO as definitions, without a server.
//!
//! The definitions go to standard output and the report to standard error, so that
//! `plimsoll import slos.yaml > definitions/slos.yaml` shows what became of each.

use plimsoll_api::document::Source;
use plimsoll_api::document::import::{Assumed, import};
use plimsoll_api::v1::definition::ImportOutcome;

use super::lint::Files;
use crate::args::{Output, Printed};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, definition};

/// What `import` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,
    /// The service of SLOs whose format has none, such as Pyrra's.
    #[arg(long)]
    service: Option<String>,
    /// The window of SLOs whose format has none, such as Sloth's: 1h to 366d.
    #[arg(long, value_name = "WINDOW", default_value = "30d")]
    window: String,
    #[command(flatten)]
    printed: Printed,
}

/// Prints the definitions; fails when something is not among them.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let assumed = Assumed::read(args.service.as_deref(), Some(&args.window));
    let assumed =
        assumed.map_err(|message| Failure::unasked(message).hint(Assumed::WINDOW_HINT))?;
    let files = args.files.read()?;
    let sources: Vec<_> =
        files.iter().map(|file| Source { path: &file.path, text: &file.text }).collect();
    let found = import(&sources, &assumed);
    let is_refused = found.notes.iter().any(|note| note.outcome == ImportOutcome::Refused);
    let ended = if is_refused { Exit::Refused } else { Exit::Ok };
    if args.printed.output == Output::Table {
        screen.warn(&definition::imported(screen, &found.notes));
        if !found.yaml.is_empty() {
            screen.print(&found.yaml)?;
        }
        return Ok(ended);
    }
    let answer = serde_json::to_value(&found).expect("it is plain data");
    screen.show(args.printed.output, answer, |_| Ok(found.yaml.clone()))?;
    Ok(ended)
}
