//! `plimsoll demo`: three small services under real traffic, from telemetry to a release decided.
//!
//! Real parts only: HTTP services on loopback, a server in this process on its own data directory,
//! and a story ([`story`]) that acts and looks through the public API, as a user's pipeline would.
//! Invariant: whatever starts here stops here, and a temporary directory goes with it.

mod api;
mod definitions;
mod ending;
mod inbox;
mod loopback;
mod pace;
mod place;
mod services;
mod stack;
mod story;
mod terminal;
mod traffic;
mod webhook;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Result, bail};
use plimsoll_server::world::World;

use crate::cmd::serve::Stop;
use pace::Pace;
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
    /// Shorten the waiting by N, from 1 to 4: scrape every second, look at less traffic before the
    /// release, decide sooner. Nothing else changes: a minute lasts a minute, and the recovery
    /// takes one or two of them.
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u8).range(1..=pace::FASTEST))]
    pub(crate) speed: u8,
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
    terminal
        .line("Plimsoll demo: three services, one bad release, and what follows. Times are UTC.");
    let pace = Pace::new(options.speed);
    let started = Stack::start(&place, options.listen, pace, world, terminal.clone());
    let (stack, mut parts) = Box::pin(started).await?;
    let told = async {
        let told = story::tell(&stack).await?;
        ending::show(&stack, &place, &told).await?;
        if !options.exit_after_story {
            terminal.line("\nThe app and the traffic go on. Ctrl-C stops all of it.");
            stack.webhook.show_all().await;
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
