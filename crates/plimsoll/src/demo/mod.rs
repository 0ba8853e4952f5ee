//! `plimsoll demo`: two small services under real traffic, from telemetry to a release decided.
//!
//! Real parts only: HTTP services on loopback, a server in this process on its own data directory,
//! and a story ([`story`]) that acts and looks through the public API, as a user's pipeline would.
//! Invariant: whatever starts here stops here, and a temporary directory goes with it.

mod api;
mod definitions;
mod ending;
mod inbox;
mod loopback;
mod place;
mod services;
mod stack;
mod story;
mod terminal;
mod traffic;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Result, bail};
use plimsoll_server::world::World;

use crate::cmd::serve::Stop;
use place::Place;
use stack::Stack;
use terminal::{Terminal, Tone};

/// How the demo runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A new directory to keep everything in; a temporary one, removed at the end, when left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where its server listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8010")]
    pub(crate) listen: SocketAddr,
    /// End when the story has been told, instead of leaving the app running.
    #[arg(long)]
    pub(crate) exit_after_story: bool,
}

/// How the telling ended.
enum Ending {
    Told,
    Interrupted,
}

/// Tells the story, then leaves the app running until it is interrupted.
///
/// # Errors
/// Fails when the story did not happen, and says what was awaited.
pub(crate) async fn run(options: Options, colours: bool) -> Result<()> {
    let world = World::system();
    // Before anything starts: an early Ctrl-C must stop cleanly, too.
    let interrupted = Stop::listen()?.received();
    let place = Place::prepare(options.data.clone())?;
    let terminal = Terminal::new(world.clone(), colours);
    terminal.line("Plimsoll demo: two services, one bad release, and what follows. Times are UTC.");
    let started = Stack::start(&place, options.listen, world, terminal.clone());
    let (stack, mut parts) = Box::pin(started).await?;
    let told = async {
        let told = story::tell(&stack).await?;
        ending::show(&stack, &place, &told).await?;
        if !options.exit_after_story {
            terminal.line("\nThe app and the traffic go on. Ctrl-C stops all of it.");
            stack.inbox.show_all().await;
        }
        Ok(Ending::Told)
    };
    let ending = tokio::select! {
        ending = told => ending,
        () = interrupted => Ok(Ending::Interrupted),
        error = parts.ended_early() => Err(error),
    };
    terminal.done();
    terminal.line("");
    terminal.say(Tone::Plain, "Stopping the server, the services and the traffic.");
    let stopped = parts.stop().await;
    match ending? {
        Ending::Interrupted if options.exit_after_story => bail!("interrupted before the end"),
        Ending::Told | Ending::Interrupted => stopped,
    }
}
