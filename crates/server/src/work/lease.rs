//! The lease `tallies`: which replica alone takes telemetry, scrapes and evaluates SLOs.
//!
//! The holder renews it every three seconds, and acts under it only while its own monotonic clock
//! says that nobody can have taken it. What it commits carries the epoch, so that a process that
//! slept through its lease changes nothing. Alerts are shown, gates decide and what is owed is
//! delivered without it. With each renewal it says how it is reached, and the others forward to it
//! what it alone can answer (`http::owner`).
//!
//! At the same beat each replica puts in force what another has applied.
//!
//! On SQLite the data directory's lock keeps every other process away, so the lease is taken at
//! once and never runs out; the epochs are the same.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::lease::{Act, Lease, Terms, Watch};
use plimsoll_store::{CommitError, Effects, LeaseAddress, Read, Write};

use crate::app::{Failure, State, definitions};

/// The lease's name.
const NAME: &str = "tallies";

const TERMS: Terms = Terms { lasts: Duration::from_secs(10), renew_every: Duration::from_secs(3) };

/// What this replica knows of the lease.
pub(crate) struct Tallying {
    watch: Mutex<Watch>,
    /// When it is renewed or looked at next: a commit's nudge is no reason to.
    next_at: Mutex<Duration>,
    /// Whether that was reached the last time it was asked.
    reached: AtomicBool,
    /// How the replica that held it at the last look is reached, if another did and says so.
    owner: Mutex<Option<Arc<str>>>,
}

impl Tallying {
    pub(crate) fn new(watch: Watch) -> Self {
        Self {
            watch: Mutex::new(watch),
            next_at: Mutex::new(Duration::ZERO),
            reached: AtomicBool::new(true),
            owner: Mutex::default(),
        }
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().expect("no holder of the watch panics")
    }
}

/// The epoch under which this replica may tally now, if it may.
pub(crate) fn epoch(state: &State) -> Option<u64> {
    state.tallying.watch().epoch(state.world.monotonic())
}

/// How the replica that tallies is reached, if that is another and known.
pub(crate) fn owner(state: &State) -> Option<Arc<str>> {
    match epoch(state) {
        Some(_) => None,
        None => state.tallying.owner.lock().expect("no holder of the address panics").clone(),
    }
}

/// Whether the replica that tallies answered what was forwarded to it; says so when that changes.
pub(crate) fn heard(state: &State, unanswered: Option<&str>) {
    let was_reached = state.tallying.reached.swap(unanswered.is_none(), Ordering::Relaxed);
    match unanswered {
        Some(cause) if was_reached => {
            tracing::warn!(cause, "the replica that tallies does not answer what is forwarded");
        }
        None if !was_reached => tracing::info!("the replica that tallies answers again"),
        Some(_) | None => {}
    }
    state.metrics.count_forwarded(unanswered.is_none());
}

/// What a commit that follows from the tallies must carry.
pub(crate) fn read(epoch: u64) -> Read {
    Read::Lease { name: NAME.to_owned(), epoch }
}

/// Refuses what only the replica that tallies can answer, while another does that could not be
/// reached. Senders of telemetry keep it, and come again.
pub(crate) fn required(state: &State) -> Result<u64, Failure> {
    epoch(state).ok_or_else(|| Failure::Busy {
        code: "standby",
        message: "another replica takes telemetry and knows what was measured, and it could not \
                  be reached; come again"
            .to_owned(),
        retry_after_seconds: 5,
    })
}

/// Takes or renews the lease when it is time to; returns when it wants to be asked again.
pub(crate) async fn run(state: &State, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let begun = state.world.monotonic();
    let next_at = *state.tallying.next_at.lock().expect("no holder of the time panics");
    if begun < next_at {
        return Ok(Some(now + SignedDuration::try_from(next_at - begun)?));
    }
    turn(state, begun).await?;
    definitions::follow(state).await?;
    let next_at = begun + TERMS.renew_every;
    *state.tallying.next_at.lock().expect("no holder of the time panics") = next_at;
    Ok(Some(now + SignedDuration::try_from(TERMS.renew_every)?))
}

async fn turn(state: &State, begun: Duration) -> Result<(), plimsoll_store::Error> {
    let expected = state.records.lease(state.scope, NAME).await?;
    state.world.turn("lease loaded").await;
    let held = epoch(state);
    let act = state.tallying.watch().step(TERMS, begun, expected.as_ref());
    let Act::Write(lease) = act else { return look(state).await };
    let write = Write::Lease { name: NAME.to_owned(), expected, lease: lease.clone() };
    let effects = Effects::new(state.scope).write(write);
    let effects = match address(state, &lease) {
        Some(address) => effects.write(address),
        None => effects,
    };
    match state.records.commit(effects).await {
        Ok(()) => {
            state.world.turn("lease written").await;
            state.tallying.watch().written(TERMS, begun, &lease);
            if held.is_none() {
                tracing::info!(epoch = lease.epoch, "this replica tallies");
                state.work.nudge_all();
            }
            Ok(())
        }
        Err(CommitError::Conflict { .. }) => {
            state.tallying.watch().refused();
            look(state).await
        }
        Err(CommitError::Store(error)) => Err(error),
    }
}

/// Says how this replica is reached, as the holder of the lease.
fn address(state: &State, lease: &Lease) -> Option<Write> {
    let url = state.advertised.read().expect("no holder of the address panics").clone()?;
    let holder = lease.holder.clone()?;
    Some(Write::LeaseAddress(LeaseAddress { name: NAME.to_owned(), holder, url }))
}

/// Looks how the holder is reached.
async fn look(state: &State) -> Result<(), plimsoll_store::Error> {
    let url = match epoch(state) {
        Some(_) => None,
        None => state.records.lease_url(state.scope, NAME).await?,
    };
    *state.tallying.owner.lock().expect("no holder of the address panics") = url.map(Arc::from);
    Ok(())
}

/// Gives the lease back when the server stops, so that the next need not wait for it to run out.
pub(crate) async fn release(state: &State) {
    let released = async {
        let expected = state.records.lease(state.scope, NAME).await?;
        let lease = state.tallying.watch().release(expected.as_ref());
        state.tallying.watch().refused();
        let Some(lease) = lease else { return Ok(()) };
        let write = Write::Lease { name: NAME.to_owned(), expected, lease };
        state.records.commit(Effects::new(state.scope).write(write)).await
    };
    if let Err(error) = released.await {
        // It runs out by itself.
        tracing::warn!(%error, "the lease was not given back");
    }
}
