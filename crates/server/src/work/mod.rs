//! Reconcilers: each reads the state, does what is due, and says when it wants to be asked again.
//!
//! Deadlines are data, so a reconciler takes no input and a lost nudge costs a tick, never a
//! deadline. Invariant: `run` never waits for a slow peer. What takes long is a flight of its own,
//! bounded in number, whose end nudges its reconciler.

pub(crate) mod deliver;
pub(crate) mod evaluate;
pub(crate) mod lease;
pub(crate) mod remind;
pub(crate) mod reserve;
pub(crate) mod scrape;
pub(crate) mod seal;
pub(crate) mod tokens;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::app::{Shared, State, receivers};

/// What the reconcilers share.
pub(crate) struct Work {
    nudges: [Notify; Reconciler::ALL.len()],
    flights: TaskTracker,
    started: AtomicU64,
    pub(crate) deliveries: deliver::Deliveries,
    pub(crate) tests: receivers::Tests,
    pub(crate) scrapes: scrape::Scrapes,
    pub(crate) seen: evaluate::Seen,
    pub(crate) alerts: evaluate::Held,
    pub(crate) seals: seal::Seals,
}

impl Work {
    pub(crate) fn new() -> Self {
        let flights = TaskTracker::new();
        // A closed tracker still takes flights; closed, it can be waited for.
        flights.close();
        Self {
            nudges: Default::default(),
            flights,
            started: AtomicU64::new(0),
            deliveries: deliver::Deliveries::new(),
            tests: receivers::Tests::default(),
            scrapes: scrape::Scrapes::default(),
            seen: evaluate::Seen::default(),
            alerts: evaluate::Held::default(),
            seals: seal::Seals::default(),
        }
    }

    /// Something was committed: it may be owed, and is to be sealed. What is counted does not
    /// follow from commits, so the sweeps keep their own time.
    pub(crate) fn nudge_committed(&self) {
        self.nudge(Reconciler::Deliver);
        self.nudge(Reconciler::Seal);
    }

    /// Every reconciler looks again.
    pub(crate) fn nudge_all(&self) {
        Reconciler::ALL.into_iter().for_each(|reconciler| self.nudge(reconciler));
    }

    /// One reconciler looks again.
    pub(crate) fn nudge(&self, reconciler: Reconciler) {
        self.nudges[reconciler as usize].notify_one();
    }

    /// Starts what takes long; `reconciler` looks again when it ends, or breaks.
    fn fly(
        &self,
        shared: &Shared,
        reconciler: Reconciler,
        flight: impl Future<Output = ()> + Send + 'static,
    ) {
        self.started.fetch_add(1, Ordering::Relaxed);
        let shared = shared.clone();
        let world = shared.world.clone();
        self.flights.spawn(world.act("flight", async move {
            let _looks_again = Landing { shared, reconciler };
            flight.await;
        }));
    }

    /// Waits until nothing flies.
    pub(crate) async fn landed(&self) {
        self.flights.wait().await;
    }
}

/// The end of what a reconciler started.
struct Landing {
    shared: Shared,
    reconciler: Reconciler,
}

impl Drop for Landing {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(reconciler = ?self.reconciler, "what it started broke");
        }
        self.shared.work.nudge(self.reconciler);
    }
}

/// The reconcilers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconciler {
    /// Holds the lease of the tallies.
    Lease,
    /// Reads targets.
    Scrape,
    /// Turns readings into alerts.
    Evaluate,
    /// Owes reminders of what goes on.
    Remind,
    /// Delivers what is owed.
    Deliver,
    /// Seals history.
    Seal,
    /// Holds space back.
    Reserve,
    /// Notes when tokens were used.
    Tokens,
}

/// How long a reconciler that failed rests.
const REST: SignedDuration = SignedDuration::from_secs(5);

/// How long one run may take: what it asks may stand still.
const RUN_MAX: Duration = Duration::from_secs(60);

impl Reconciler {
    /// All of them, in the order data flows.
    pub const ALL: [Self; 8] = [
        Self::Lease,
        Self::Scrape,
        Self::Evaluate,
        Self::Remind,
        Self::Deliver,
        Self::Seal,
        Self::Reserve,
        Self::Tokens,
    ];

    pub(crate) async fn run(
        self,
        shared: &Shared,
        now: Timestamp,
    ) -> anyhow::Result<Option<Timestamp>> {
        match self {
            Self::Lease => lease::run(shared, now).await,
            Self::Scrape => Ok(scrape::run(shared, now)),
            Self::Evaluate => evaluate::run(shared, now).await,
            Self::Remind => remind::run(shared, now).await,
            Self::Deliver => deliver::run(shared, now).await,
            Self::Seal => Ok(seal::run(shared, now).await),
            Self::Reserve => reserve::run(shared, now).await,
            Self::Tokens => tokens::run(shared).await,
        }
    }

    /// Runs it in a task of its own, bounded in time: whatever becomes of it, it is run again.
    async fn attempt(self, shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
        let shared = shared.clone();
        apart(async move { self.run(&shared, now).await }, RUN_MAX).await
    }

    /// Runs it whenever it is due or nudged, until the server stops.
    async fn drive(self, shared: Shared) {
        loop {
            let now = shared.world.now();
            let wake_at = self.attempt(&shared, now).await.unwrap_or_else(|error| {
                tracing::error!(reconciler = ?self, error = format!("{error:#}"), "it failed");
                let relieved = reserve::means_full(&error) && shared.reserve.relieve();
                Some(if relieved { now } else { now + REST })
            });
            tokio::select! {
                () = shared.stopping.cancelled() => return,
                () = shared.work.nudges[self as usize].notified() => {}
                () = due(&shared, wake_at) => {}
            }
        }
    }
}

/// Runs in a task of its own: a panic or too long a wait is an error like any other.
async fn apart<T: Send + 'static>(
    run: impl Future<Output = anyhow::Result<T>> + Send + 'static,
    at_most: Duration,
) -> anyhow::Result<T> {
    let run = tokio::spawn(run);
    let task = run.abort_handle();
    match tokio::time::timeout(at_most, run).await {
        Ok(ended) => ended.context("it broke")?,
        Err(_) => {
            task.abort();
            anyhow::bail!("it did not end within {} s", at_most.as_secs())
        }
    }
}

async fn due(state: &State, wake_at: Option<Timestamp>) {
    match wake_at {
        Some(at) => state.world.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Drives all reconcilers until the server stops.
pub(crate) fn start(shared: &Shared) -> tokio::task::JoinSet<()> {
    Reconciler::ALL.into_iter().map(|reconciler| reconciler.drive(shared.clone())).collect()
}

/// Runs every reconciler until none has anything left to do at this instant; returns when the next
/// one wants to be asked.
pub(crate) async fn settle(shared: &Shared) -> anyhow::Result<Option<Timestamp>> {
    const PASSES_MAX: usize = 10_000;
    for _ in 0..PASSES_MAX {
        let now = shared.world.now();
        let before = shared.work.started.load(Ordering::Relaxed);
        let mut next = None;
        for reconciler in Reconciler::ALL {
            let wake_at = reconciler.run(shared, now).await?;
            next = [next, wake_at].into_iter().flatten().min();
        }
        shared.work.landed().await;
        let idle = shared.work.started.load(Ordering::Relaxed) == before;
        if idle && next.is_none_or(|at| at > now) {
            return Ok(next);
        }
    }
    anyhow::bail!("the reconcilers do not come to rest at one instant")
}

#[cfg(test)]
mod tests;
