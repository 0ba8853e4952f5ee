//! The time that passes, and the wall clocks that say something else.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use plimsoll_server::world::SystemClock;

/// How far the wall clock of a replica may be off. A sample is refused when it is five minutes
/// ahead of the clock.
const OFF_MAX_MS: i64 = 200_000;

/// One true time, and the wall clock of each replica.
#[derive(Clone)]
pub(super) struct Times(Arc<Mutex<Inner>>);

struct Inner {
    base: Instant,
    passed_ms: u64,
    off_ms: [i64; 2],
}

impl Times {
    pub(super) fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "an instant can be made of nothing else")]
        let base = Instant::now();
        Self(Arc::new(Mutex::new(Inner { base, passed_ms: 0, off_ms: [0; 2] })))
    }

    /// When it all begins.
    fn start() -> Timestamp {
        "2026-11-20T06:00:00Z".parse().unwrap()
    }

    /// The true time.
    pub(super) fn now(&self) -> Timestamp {
        Self::start() + SignedDuration::from_millis(self.passed_ms().cast_signed())
    }

    pub(super) fn passed_ms(&self) -> u64 {
        self.0.lock().unwrap().passed_ms
    }

    pub(super) fn pass(&self, ms: u64) {
        self.0.lock().unwrap().passed_ms += ms;
    }

    /// Steps a wall clock; says by how much it is off then.
    pub(super) fn step(&self, replica: usize, by_ms: i64) -> i64 {
        let off_ms = &mut self.0.lock().unwrap().off_ms[replica];
        *off_ms = (*off_ms + by_ms).clamp(-OFF_MAX_MS, OFF_MAX_MS);
        *off_ms
    }

    /// Sets both wall clocks right.
    pub(super) fn mend(&self) {
        self.0.lock().unwrap().off_ms = [0; 2];
    }

    /// The clock of a process that starts now: the rules of the real one.
    pub(super) fn clock(&self, replica: usize) -> SystemClock {
        let inner = self.0.clone();
        SystemClock::of(move || {
            let inner = inner.lock().unwrap();
            let passed = Duration::from_millis(inner.passed_ms);
            let wall_ms = inner.passed_ms.cast_signed() + inner.off_ms[replica];
            (Self::start() + SignedDuration::from_millis(wall_ms), inner.base + passed)
        })
    }
}
