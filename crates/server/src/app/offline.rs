//! An installation whose server is not running: what is done to it from a command on its machine.

use jiff::Timestamp;
use plimsoll_store::{Effects, Entry, Records, Scope, Write};

use super::access::{Caller, Key};
use crate::StartError;
use crate::config::Config;
use crate::lock::DataLock;
use crate::world::World;

/// Its parts; nobody else has it meanwhile.
pub(super) struct Installation {
    pub(super) key: Key,
    pub(super) records: Records,
    pub(super) scope: Scope,
    pub(super) now: Timestamp,
    _lock: DataLock,
}

impl Installation {
    /// Opens it, and makes it where there is none.
    ///
    /// # Errors
    /// Refused while a process holds the directory.
    pub(super) async fn open(config: &Config, world: &World) -> Result<Self, StartError> {
        let lock = DataLock::take(&config.data)?;
        let key = Key::open(&config.data, world).map_err(StartError::Key)?;
        let records = Records::open(&config.location()).await?;
        let now = world.now();
        let scope = records.organisation(world.fresh(now), now).await?;
        Ok(Self { key, records, scope, now, _lock: lock })
    }

    /// The line that says what the command does.
    pub(super) fn line(
        &self,
        world: &World,
        subject: impl std::fmt::Display,
        event: &str,
        message: String,
    ) -> Write {
        let actor = Some(Caller::system("command").principal);
        let (id, event) = (world.fresh(self.now), event.to_owned());
        Write::Entry(Entry {
            id,
            subject: subject.to_string(),
            at: self.now,
            event,
            message,
            actor,
        })
    }

    /// Commits, and closes it.
    pub(super) async fn commit(self, writes: Vec<Write>) -> Result<(), StartError> {
        let effects = Effects { scope: self.scope, writes, reads: Vec::new() };
        self.records.commit(effects).await?;
        self.records.close().await;
        Ok(())
    }
}
