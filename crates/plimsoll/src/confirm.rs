//! What cannot be undone is asked about once more.
//!
//! Invariant: without a terminal nobody is there to be asked, and nothing is taken for granted.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::exit::Failure;

/// What every command takes that asks first.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Confirmed {
    /// Do not ask; needed where there is no terminal.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

impl Confirmed {
    /// Asks whether to do `what`, unless that was answered already.
    ///
    /// # Errors
    /// The answer was no, or there is nobody to ask.
    pub(crate) fn ask(self, what: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(Failure::unasked(format!("{what} needs to be confirmed"))
                .detail("there is no terminal to ask on; nothing was changed")
                .hint("confirm it with --yes"));
        }
        let shown = crate::render::text::on_one_line(what);
        let mut out = io::stderr().lock();
        // With standard error gone there is no answer either.
        let _ = write!(out, "{shown}? [y/N] ").and_then(|()| out.flush());
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::of(&error))?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::unasked("not confirmed; nothing was changed")),
        }
    }
}
