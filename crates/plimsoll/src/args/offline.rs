//! Where the data is, for commands that ask a running server unless they are told.
//!
//! Invariant: the environment's store, exported for the server, never turns a question to a running
//! server into one to a database, nor does `--store` without the data directory it goes with.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, FromArgMatches};
use plimsoll_server::config::{Config, Flags};

use crate::cmd::serve;
use crate::exit::Failure;

/// The installation of a server that does not run; none, when a running server is asked.
#[derive(Debug, clap::Args)]
pub(crate) struct Offline {
    /// Without a server: in this data directory, on which none runs.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    store: OfflineStore,
    /// Without a server: where this process configuration (TOML) says, where none runs.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Offline {
    /// Its configuration, if the work is done without a server.
    ///
    /// # Errors
    /// The configuration cannot be read, or a store was typed and a server is asked.
    pub(crate) fn config(&self) -> Result<Option<Config>, Failure> {
        let is_offline = self.data.is_some() || self.config.is_some();
        let store = self.store.given(is_offline)?;
        if !is_offline {
            return Ok(None);
        }
        let flags = Flags { data: self.data.clone(), listen: None, store };
        serve::load(self.config.as_deref(), flags).map(Some)
    }
}

const ID: &str = "store";

/// Where the records are, when no server is asked.
#[derive(Debug, Clone)]
struct OfflineStore {
    text: Option<String>,
    source: Option<ValueSource>,
}

impl OfflineStore {
    /// The store, if the work is done without a server; none if a server is asked.
    ///
    /// # Errors
    /// Refused when it was typed and a server is asked.
    fn given(&self, is_offline: bool) -> Result<Option<String>, Failure> {
        if is_offline {
            return Ok(self.text.clone());
        }
        if self.source == Some(ValueSource::CommandLine) {
            let failure = Failure::unasked("`--store` alone does not name an installation");
            return Err(failure.hint(
                "name its data directory, too, with --data DIR or --config FILE, if no server \
                 runs on it; leave --store away to ask a running server",
            ));
        }
        Ok(None)
    }
}

impl FromArgMatches for OfflineStore {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (text, source) = (matches.get_one(ID).cloned(), matches.value_source(ID));
        Ok(Self { text, source })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for OfflineStore {
    fn augment_args(command: clap::Command) -> clap::Command {
        let help = "With --data or --config: the records are in this database, a postgres:// URL";
        let store = Arg::new(ID).long(ID).value_name("STORE").help(help);
        command.arg(store.env("PLIMSOLL_STORE").hide_env_values(true))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}
