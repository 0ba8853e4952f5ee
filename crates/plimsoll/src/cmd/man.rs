//! `plimsoll man`: the manual pages, made of the same words as `--help`.

use std::fs;
use std::path::PathBuf;

use clap::CommandFactory as _;

use crate::args::Cli;
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `man` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them, such as /usr/local/share/man/man1.
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

/// Writes one page for each command.
pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    let to = &args.to;
    let written = fs::create_dir_all(to)
        .and_then(|()| clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), to));
    written.map_err(|error| {
        Failure::refused(format!("cannot write the manual pages into {}", to.display()))
            .detail(error.to_string())
    })?;
    screen.print(&format!("Written. Read them with `man -l {}/plimsoll.1`.", to.display()))
}
