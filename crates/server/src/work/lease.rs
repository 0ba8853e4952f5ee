//! The lease `tallies`: which replica alone takes telemetry, scrapes and evaluates SLOs.
//!
//! The holder renews it every three seconds, and acts under it only while its own monotonic clock
//! says that nobody can have taken it. What it commits carries the epoch, so that a process that
//! slept through its lease changes nothing. Alerts are shown, gates decide and what is owed is
//! delivered without it.
//!
//! At the same beat each replica puts in force what another has applied.
//!
//! On SQLite the data directory's lock keeps every other process away, so the lease is taken at
//! once and never runs out; the epochs are the same.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::lease::{Act, Terms, Watch};
use plimsoll_store::{CommitError, Effects, Read, Write};

use crate::app::{Failure, State, definitions};

/// The lease's name.
const NAME: &str = "tallies";

const TERMS: Terms = Terms { lasts: Duration::from_secs(10), renew_every: Duration::from_secs(3) };

/// What this replica knows of the lease.
pub(crate) struct Tallying {
    watch: Mutex<Watch>,
    /// When it is renewed or looked at next: a commit's nudge is no reason to.
    next_at: Mutex<Duration>,
}

impl Tallying {
    pub(crate) fn new(watch: Watch) -> Self {
        Self { watch: Mutex::new(watch), next_at: Mutex::new(Duration::ZERO) }
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().expect("no holder of the watch panics")
    }
}

/// The epoch under which this replica may tally now, if it may.
pub(crate) fn epoch(state: &State) -> Option<u64> {
    state.tallying.watch().epoch(state.world.monotonic())
}

/// What a commit that follows from the tallies must carry.
pub(crate) fn read(epoch: u64) -> Read {
    Read::Lease { name: NAME.to_owned(), epoch }
}

/// Refuses telemetry while another replica tallies. Its sender keeps it, and comes again.
pub(crate) fn required(state: &State) -> Result<u64, Failure> {
    epoch(state).ok_or_else(|| Failure::Busy {
        code: "standby",
        message: "another replica takes telemetry; send to that one, or come again".to_owned(),
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
    let Act::Write(lease) = act else { return Ok(()) };
    let write = Write::Lease { name: NAME.to_owned(), expected, lease: lease.clone() };
    match state.records.commit(Effects::new(state.scope).write(write)).await {
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
            Ok(())
        }
        Err(CommitError::Store(error)) => Err(error),
    }
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
