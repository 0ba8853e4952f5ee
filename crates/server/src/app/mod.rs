//! Use cases, a noun a file: what a handler, a reconciler or a command asks for.
//!
//! Flow: load, decide in `domain`, commit, then tell: nudge the reconcilers and publish an event.
//! Invariant: nothing here knows HTTP, and nothing is told before it is committed.
//!
//! When a commit conflicts, whoever made it does one of three things, by this rule:
//!
//! - what was reckoned from state is loaded again and stepped again, a bounded number of times
//!   (`definitions`, `gates`, and `evaluate` among the reconcilers, whose next sweep goes on);
//! - what a person or pipeline asked for on the strength of what they saw is refused with 409 and a
//!   stable code, since only they know whether they still want it (`setup`, `sessions`, `tokens`,
//!   `deployments`, whose ids are fresh, so that only a defect makes them conflict);
//! - what another has done meanwhile is dropped (`deliver`: the claim is another's).

pub(crate) mod access;
pub(crate) mod alerts;
pub(crate) mod audit;
pub mod backup;
pub(crate) mod definitions;
pub(crate) mod deployments;
pub(crate) mod devices;
pub(crate) mod engine;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod failure;
pub(crate) mod gates;
pub(crate) mod ledger;
pub mod links;
pub(crate) mod methods;
pub(crate) mod notifications;
pub(crate) mod objectives;
mod offline;
pub(crate) mod order;
pub(crate) mod ownership;
pub(crate) mod passwords;
pub(crate) mod people;
pub(crate) mod readings;
pub(crate) mod receivers;
pub mod seals;
pub(crate) mod services;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod slos;
pub(crate) mod standing;
pub(crate) mod storage;
pub(crate) mod teams;
pub(crate) mod telemetry;
pub mod tokens;
pub(crate) mod violations;
pub(crate) mod webhooks;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::lease::Watch;
use plimsoll_store::{CommitError, Effects, Read, Records, Scope, Write};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::metrics::Metrics;
use crate::notify::mail::Mailer;
use crate::outbound;
use crate::reserve::Reserve;
use crate::work::Work;
use crate::work::lease::Tallying;
use crate::world::World;

pub(crate) use access::Caller;
pub(crate) use engine::Engine;
pub(crate) use events::{Changed, Events};
pub(crate) use failure::Failure;

/// What every use case works with.
pub(crate) type Shared = Arc<State>;

/// No definitions have this number.
const UNCOUNTED: u64 = u64::MAX;

/// The parts of a running server.
pub(crate) struct State {
    pub(crate) config: Config,
    pub(crate) world: World,
    pub(crate) records: Records,
    pub(crate) scope: Scope,
    pub(crate) engine: Engine,
    pub(crate) events: Events,
    pub(crate) metrics: Metrics,
    pub(crate) work: Work,
    pub(crate) tallying: Tallying,
    /// What is held back for when the disk is full.
    pub(crate) reserve: Reserve,
    /// The key of stored token, session and setup hashes.
    pub(crate) key: access::Key,
    /// What signs the heads of the seals.
    pub(crate) signer: seals::Signer,
    pub(crate) passwords: passwords::Passwords,
    pub(crate) tokens: tokens::Known,
    pub(crate) balance: notifications::Held,
    pub(crate) standings: standing::Kept,
    /// For scrapes and for webhooks: each may call other addresses.
    pub(crate) scrape_client: outbound::Client,
    pub(crate) webhook_client: outbound::Client,
    /// For what another replica answers.
    pub(crate) replica_client: outbound::Client,
    /// What sends mail, if a mail server is configured.
    pub(crate) mailer: Option<Mailer>,
    /// Cancelled when the server is to stop; long answers end with it.
    pub(crate) stopping: CancellationToken,
    /// How people reach the server, for links.
    pub(crate) base_url: RwLock<String>,
    /// How other replicas reach it, once that is known.
    pub(crate) advertised: RwLock<Option<String>>,
    /// One `apply` at a time.
    pub(crate) applying: tokio::sync::Mutex<()>,
    /// One backup at a time; held until its answer is over.
    pub(crate) backing_up: Arc<tokio::sync::Mutex<()>>,
    definitions: RwLock<(u64, Arc<Definitions>)>,
    /// The documents that these are resolved from.
    pub(crate) documents: definitions::Kept,
    /// The number of the definitions that the engine is known to count by.
    pub(crate) counted: AtomicU64,
    /// Bytes of telemetry that may be on their way to the engine.
    pub(crate) intake: Arc<Semaphore>,
}

/// What [`State::new`] is made of.
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) world: World,
    pub(crate) records: Records,
    pub(crate) scope: Scope,
    pub(crate) engine: Engine,
    pub(crate) key: access::Key,
    pub(crate) watch: Watch,
    pub(crate) scrape_client: outbound::Client,
    pub(crate) webhook_client: outbound::Client,
    pub(crate) replica_client: outbound::Client,
    pub(crate) mailer: Option<Mailer>,
}

impl State {
    /// A state that has not loaded its definitions yet.
    pub(crate) fn new(parts: Parts) -> Shared {
        Arc::new(Self {
            intake: Arc::new(Semaphore::new(parts.config.limits.intake_bytes_max)),
            base_url: RwLock::new(parts.config.base_url(parts.config.listen)),
            advertised: RwLock::new(parts.config.advertised(None)),
            reserve: Reserve::new(&parts.config.data, parts.config.disk.reserve_bytes),
            config: parts.config,
            world: parts.world,
            records: parts.records,
            scope: parts.scope,
            engine: parts.engine,
            events: Events::new(),
            metrics: Metrics::new(),
            work: Work::new(),
            signer: seals::Signer::new(&parts.key),
            tallying: Tallying::new(parts.watch),
            passwords: passwords::Passwords::new(parts.key.clone()),
            key: parts.key,
            tokens: tokens::Known::default(),
            balance: notifications::Held::default(),
            standings: standing::Kept::default(),
            scrape_client: parts.scrape_client,
            webhook_client: parts.webhook_client,
            replica_client: parts.replica_client,
            mailer: parts.mailer,
            stopping: CancellationToken::new(),
            applying: tokio::sync::Mutex::new(()),
            backing_up: Arc::default(),
            definitions: RwLock::default(),
            documents: definitions::Kept::default(),
            counted: AtomicU64::new(UNCOUNTED),
        })
    }

    /// The definitions in force: one consistent snapshot.
    pub(crate) fn definitions(&self) -> Arc<Definitions> {
        self.numbered_definitions().1
    }

    /// The same, with their number.
    pub(crate) fn numbered_definitions(&self) -> (u64, Arc<Definitions>) {
        self.definitions.read().expect("no holder of the snapshot panics").clone()
    }

    pub(crate) fn put_definitions_in_force(&self, number: u64, definitions: Arc<Definitions>) {
        *self.definitions.write().expect("no holder of the snapshot panics") =
            (number, definitions);
    }

    /// How people reach the server, without a slash at the end.
    pub(crate) fn base_url(&self) -> String {
        self.base_url.read().expect("no holder of the address panics").clone()
    }

    /// Commits `writes`, wakes the reconcilers and publishes what changed. On a full disk it tries
    /// once more, in the space that was held back.
    pub(crate) async fn commit(
        &self,
        writes: Vec<Write>,
        changed: impl IntoIterator<Item = Changed>,
    ) -> Result<(), CommitError> {
        self.commit_reckoned(Vec::new(), writes, changed).await
    }

    /// The same, if what the writes were reckoned from still holds.
    pub(crate) async fn commit_reckoned(
        &self,
        reads: Vec<Read>,
        writes: Vec<Write>,
        changed: impl IntoIterator<Item = Changed>,
    ) -> Result<(), CommitError> {
        let effects = Effects { scope: self.scope, writes, reads };
        self.world.turn("commit").await;
        match self.records.commit(effects.clone()).await {
            // A full disk has kept nothing of it; with what was held back there is room again.
            Err(CommitError::Store(plimsoll_store::Error::Full { .. }))
                if self.reserve.relieve() =>
            {
                self.records.commit(effects).await?;
            }
            Err(error) => {
                self.world.turn("refused").await;
                return Err(error);
            }
            Ok(()) => {}
        }
        self.world.turn("committed").await;
        self.work.nudge_committed();
        changed.into_iter().for_each(|event| self.events.publish(event));
        Ok(())
    }
}

/// Reads a name that a caller gave for `field`.
pub(crate) fn name(field: &'static str, text: &str) -> Result<Name, Failure> {
    Name::parse(text).map_err(|error| Failure::invalid("invalid_name", format!("{field}: {error}")))
}

/// Reads an instant at which something can have been: before 1970 nothing was, and before the year
/// 0 no instant can be written as RFC 3339 has it.
pub(crate) fn instant(field: &str, at: Option<Timestamp>) -> Result<Option<Timestamp>, Failure> {
    match at {
        Some(at) if at < Timestamp::UNIX_EPOCH => {
            Err(Failure::invalid("invalid_time", format!("{field} lies before 1970")))
        }
        at => Ok(at),
    }
}

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paging {
    /// At most so many items.
    pub(crate) limit: Option<u32>,
    /// Where the last page ended.
    pub(crate) cursor: Option<String>,
}

impl Paging {
    const LIMIT: u32 = 50;
    const LIMIT_MAX: u32 = 500;

    /// How many items: 50 unless asked, at most 500.
    pub(crate) fn limit(&self) -> Result<u32, Failure> {
        match self.limit {
            None => Ok(Self::LIMIT),
            Some(limit) if (1..=Self::LIMIT_MAX).contains(&limit) => Ok(limit),
            Some(limit) => Err(Failure::invalid_with_hint(
                "invalid_limit",
                format!("limit is {limit}, and a page has 1 to {} items", Self::LIMIT_MAX),
                "pass next_cursor as cursor for what comes after a page",
            )),
        }
    }

    /// The same for the store.
    pub(crate) fn request(self) -> Result<plimsoll_store::PageRequest, Failure> {
        Ok(plimsoll_store::PageRequest { limit: self.limit()?, cursor: self.cursor })
    }
}

/// A page of wire values from a page of the store.
pub(crate) fn page<T, W>(
    listing: plimsoll_store::Listing<T>,
    wire: impl FnMut(T) -> W,
) -> plimsoll_api::v1::Page<W> {
    plimsoll_api::v1::Page {
        items: listing.items.into_iter().map(wire).collect(),
        next_cursor: listing.next_cursor,
    }
}
