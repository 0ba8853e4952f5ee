//! What the process takes from outside: time and randomness; in a simulation, whose turn it is.
//!
//! Invariant: time never goes back within a process, and nothing else in the server reads a clock
//! or draws a random number. Tests hold a [`SimClock`] and a [`SeededRng`]; the code under them is
//! the same.

mod clock;
mod rng;
mod stage;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use plimsoll_domain::id::{Id, Noun};
use tokio_util::either::Either;

pub use clock::{Clock, SimClock, Sleep, SystemClock};
pub(crate) use clock::{STEP_MAX, machine};
pub use rng::{OsRng, Rng, SeededRng};
pub use stage::{Peer, Stage, Waiting};

/// Time and randomness, handed to everything that needs them.
#[derive(Clone)]
pub struct World {
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    last_id: Arc<Mutex<Made>>,
    stage: Option<Arc<Stage>>,
}

/// The millisecond of the last id, and how many of that millisecond came before it.
#[derive(Default)]
struct Made {
    unix_ms: u64,
    before: u16,
}

impl World {
    /// The real one.
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock::start()), Arc::new(OsRng))
    }

    /// A world of these parts.
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { clock, rng, last_id: Arc::default(), stage: None }
    }

    /// The same world, on the stage of a simulation.
    #[must_use]
    pub fn on(self, stage: Arc<Stage>) -> Self {
        Self { stage: Some(stage), ..self }
    }

    /// The stage of a simulation.
    pub(crate) fn stage(&self) -> Option<&Arc<Stage>> {
        self.stage.as_ref()
    }

    /// A point at which others may act, or the process end. Only a simulation stops here.
    pub(crate) async fn turn(&self, at: &'static str) {
        if let Some(stage) = &self.stage {
            stage.turn(at).await;
        }
    }

    /// Waits for what another activity of this process must do first.
    pub(crate) async fn behind<F: Future>(&self, at: &'static str, future: F) -> F::Output {
        match &self.stage {
            None => future.await,
            Some(stage) => Box::pin(stage.behind(at, future)).await,
        }
    }

    /// A task of its own, for whoever spawns it: an act if that is one.
    pub(crate) fn act<F: Future>(
        &self,
        what: &'static str,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        match &self.stage {
            Some(stage) if stage::is_in_act() => Either::Left(stage.act(what, future).1),
            Some(_) | None => Either::Right(future),
        }
    }

    /// The instant: read once per request or activation, then passed on.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time since some fixed instant, untouched by steps of the wall clock.
    pub fn monotonic(&self) -> std::time::Duration {
        self.clock.monotonic()
    }

    /// Resolves at `at`, or at once when it has passed.
    pub fn sleep_until(&self, at: Timestamp) -> Sleep {
        self.clock.sleep_until(at)
    }

    /// A fresh id of one noun. Those of one millisecond ascend as they are made, by a counter of 12
    /// bits (RFC 9562, section 6.2), so that what happened at one instant keeps its order.
    pub fn fresh<N: Noun>(&self, now: Timestamp) -> Id<N> {
        const BEFORE_MAX: u16 = 0x0fff;
        let unix_ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let mut random: [u8; 10] = self.bytes();
        let mut last = self.last_id.lock().expect("no holder of the last id panics");
        let before = if last.unix_ms == unix_ms { last.before + 1 } else { 0 };
        *last = Made { unix_ms, before: before.min(BEFORE_MAX - 1) };
        random[..2].copy_from_slice(&before.to_be_bytes());
        Id::fresh(unix_ms, random)
    }

    /// Random bytes, fit for secrets.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes);
        bytes
    }

    /// A random number in [0, 1).
    pub fn unit(&self) -> f64 {
        const BITS: u32 = 53;
        let number = u64::from_le_bytes(self.bytes()) >> (u64::BITS - BITS);
        number as f64 / (1_u64 << BITS) as f64
    }
}

#[cfg(test)]
mod tests;
