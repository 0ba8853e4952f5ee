//! `plimsoll whoami`: as whom the server is asked, and what that may do.

use plimsoll_api::v1::access::Me;

use crate::args::Connection;
use crate::ask::{Question, Shown};
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `whoami` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    shown: Shown,
}

/// Asks.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    Question::row::<Me>(&["me"], &[]).show(args.shown, connection, screen).await
}
