//! Clocks: the machine's, and one that tests set.

use std::pin::Pin;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A wait for an instant.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where time comes from. It never goes back.
pub trait Clock: Send + Sync + 'static {
    /// The instant.
    fn now(&self) -> Timestamp;

    /// The time since some fixed instant, untouched by steps of the wall clock.
    fn monotonic(&self) -> Duration;

    /// Resolves at `at`, or at once when it has passed.
    fn sleep_until(&self, at: Timestamp) -> Sleep;
}

/// A step of the wall clock above this is an alarm, and is adopted only when confirmed.
pub(crate) const STEP_MAX: Duration = Duration::from_secs(2);

/// How long a step must last before it is believed.
const CONFIRM_AFTER: Duration = Duration::from_secs(60);

/// The machine's clock: it advances with the monotonic clock and follows the wall clock.
///
/// Differences of up to two seconds are followed at once, without ever going back. A larger step
/// raises an alarm; forward it is adopted when that same step has lasted a minute (a machine that
/// slept), backward it is not adopted before a restart, since nothing may be dated before what is
/// already committed.
pub struct SystemClock {
    machine: Box<Machine>,
    started: Instant,
    state: Mutex<Reading>,
}

/// What a machine's wall clock and its monotonic clock say.
type Machine = dyn Fn() -> (Timestamp, Instant) + Send + Sync;

#[derive(Debug)]
struct Reading {
    /// What this clock said at `read_at`.
    last: Timestamp,
    read_at: Instant,
    /// The step by which the wall clock is off, if it is off by more than may be followed at once.
    step: Option<Step>,
}

/// A step of the wall clock that is not adopted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    since: Instant,
    by: SignedDuration,
}

impl SystemClock {
    /// Starts from the wall clock.
    pub fn start() -> Self {
        Self::of(machine)
    }

    /// The same rules over the clocks of another machine: for simulations. Nothing wakes its
    /// sleepers early.
    pub fn of(machine: impl Fn() -> (Timestamp, Instant) + Send + Sync + 'static) -> Self {
        let (wall, read_at) = machine();
        let reading = Reading { last: wall, read_at, step: None };
        Self { machine: Box::new(machine), started: read_at, state: Mutex::new(reading) }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let (wall, monotonic) = (self.machine)();
        let mut reading = self.state.lock().expect("no reader of the clock panics");
        reading.advance(wall, monotonic)
    }

    fn monotonic(&self) -> Duration {
        (self.machine)().1.saturating_duration_since(self.started)
    }

    #[expect(clippy::disallowed_methods, reason = "this is World's clock")]
    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let wait = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
        Box::pin(tokio::time::sleep(wait))
    }
}

impl Reading {
    fn advance(&mut self, wall: Timestamp, monotonic: Instant) -> Timestamp {
        let elapsed = monotonic.saturating_duration_since(self.read_at);
        let expected = self.last + elapsed;
        let step = wall.duration_since(expected);
        let adopted = if step.unsigned_abs() <= STEP_MAX {
            self.step = None;
            wall.max(self.last)
        } else if self.confirmed(step, monotonic) {
            self.step = None;
            wall
        } else {
            expected
        };
        self.last = adopted;
        self.read_at = self.read_at.max(monotonic);
        adopted
    }

    /// Whether a step is to be adopted: forward, and a minute old. Raises the alarm when it is new,
    /// or another than the one before.
    fn confirmed(&mut self, by: SignedDuration, monotonic: Instant) -> bool {
        let same =
            |step: &Step| by.checked_sub(step.by).is_some_and(|d| d.unsigned_abs() <= STEP_MAX);
        let Some(step) = self.step.filter(same) else {
            tracing::error!(
                step_ms = by.as_millis(),
                "the wall clock stepped; time goes on unchanged until the step is confirmed \
                 (forward: a minute; backward: a restart)"
            );
            self.step = Some(Step { since: monotonic, by });
            return false;
        };
        by.is_positive() && monotonic.saturating_duration_since(step.since) >= CONFIRM_AFTER
    }
}

/// What the machine's two clocks say.
#[expect(clippy::disallowed_methods, reason = "this is World's clock")]
pub(crate) fn machine() -> (Timestamp, Instant) {
    (Timestamp::now(), Instant::now())
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct SimClock {
    started: Timestamp,
    now: watch::Sender<Timestamp>,
}

impl SimClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self { started: start, now: watch::Sender::new(start) }
    }

    /// Sets it forward to `at`; an earlier instant changes nothing.
    pub fn set(&self, at: Timestamp) {
        self.now.send_if_modified(|now| {
            let forward = at > *now;
            *now = at.max(*now);
            forward
        });
    }

    /// Sets it forward by a length.
    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now() + by);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    fn monotonic(&self) -> Duration {
        Duration::try_from(self.now().duration_since(self.started)).unwrap_or_default()
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let mut now = self.now.subscribe();
        Box::pin(async move {
            let reached = now.wait_for(|now| *now >= at).await.is_ok();
            if !reached {
                // The clock is gone, and its time with it: that instant never comes.
                std::future::pending::<()>().await;
            }
        })
    }
}

#[cfg(test)]
mod tests;
