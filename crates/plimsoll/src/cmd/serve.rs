//! `plimsoll serve`: the server, until SIGTERM or SIGINT.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use plimsoll_server::config::{Config, Flags};
use plimsoll_server::world::World;
use plimsoll_server::{App, StartError};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::exit::{Exit, Failure};

/// What `serve` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where everything is kept; ./plimsoll-data unless the configuration says otherwise.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where HTTP is served; 127.0.0.1:8010 unless the configuration says otherwise.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where the records are: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, value_name = "STORE", env = "PLIMSOLL_STORE", hide_env_values = true)]
    store: Option<String>,
    /// Process configuration (TOML); flags win over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What is logged to standard error: a level, or directives (`info,plimsoll_server=debug`).
    #[arg(long, value_name = "FILTER", env = "PLIMSOLL_LOG")]
    log: Option<String>,
}

/// Serves until told to stop.
pub(crate) async fn run(args: Args) -> Result<Exit, Failure> {
    let flags = Flags { data: args.data, listen: args.listen, store: args.store };
    let mut config = load(args.config.as_deref(), flags)?;
    config.log = args.log.unwrap_or(config.log);
    log(&config.log)?;
    // Before anything is announced: a signal that comes early must stop cleanly, too.
    let stop = Stop::listen().map_err(|error| Failure::of(&error))?;
    let mut app = App::build(config, World::system()).await.map_err(|error| refused(&error))?;
    app.bind().await.map_err(|error| refused(&error))?;
    app.run(stop.received()).await?;
    Ok(Exit::Ok)
}

/// Process configuration; one that cannot be read is wrong usage.
pub(crate) fn load(file: Option<&std::path::Path>, flags: Flags) -> Result<Config, Failure> {
    Config::load(file, flags).map_err(|error| Failure::of(&error).ending(Exit::Unasked))
}

/// Why there is no server, and what to do.
pub(super) fn refused(error: &StartError) -> Failure {
    let failure = Failure::of(error);
    match error {
        StartError::Listen { .. } => {
            failure.hint("name another address with --listen, or port 0 for any free one")
        }
        StartError::Key(_) | StartError::Records(_) | StartError::Stored(_) => {
            failure.hint("`plimsoll doctor`, with the same options, says what to mend")
        }
        StartError::Person(_) => failure.hint("people are called what they sign in with"),
        StartError::Lock(_)
        | StartError::Outbound(_)
        | StartError::Mail(_)
        | StartError::Token(_) => failure,
    }
}

fn log(directives: &str) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(directives).map_err(|error| {
        Failure::of(&error)
            .ending(Exit::Unasked)
            .hint("a filter is a level (error, warn, info, debug, trace), or target=level, …")
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    Ok(())
}

/// The signals that stop a server.
pub(crate) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    /// Listens from now on.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Resolves at the first of them.
    pub(crate) async fn received(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
