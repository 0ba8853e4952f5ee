//! Telemetry: batches go to the engine, and what became of them is counted.

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::telemetry::Batch;

use super::engine::{EngineError, WriteOutcome};
use super::{Failure, State};

/// Hands a batch to the engine; answers when it is durable.
pub(crate) async fn write(
    state: &State,
    sender: String,
    arrival: Timestamp,
    batch: Batch,
) -> Result<WriteOutcome, Failure> {
    let outcome = state.engine.write(sender, arrival, batch).await.map_err(busy)?;
    state.metrics.count_samples(outcome);
    Ok(outcome)
}

/// What came in since the process started, and how the last scrapes went.
pub(crate) fn summary(state: &State) -> v1::telemetry::Telemetry {
    let counted = state.metrics.samples();
    let figures = state.engine.figures();
    v1::telemetry::Telemetry {
        accepted: counted.accepted,
        undeclared: counted.undeclared,
        duplicate_or_late: counted.duplicate_or_late,
        future: counted.future,
        over_cap: counted.over_cap,
        series: figures.series,
        log_bytes: figures.log_bytes,
        scrapes: state.work.scrapes.status(&state.definitions()),
    }
}

/// Overload passes, and so does a restart: either way the sender keeps the batch and comes again.
pub(super) fn busy(error: EngineError) -> Failure {
    Failure::Busy {
        code: match &error {
            EngineError::Overloaded => "overloaded",
            EngineError::Starting => "starting",
            EngineError::Stopped => "stopping",
            EngineError::Damaged(_) => "tallies_damaged",
            EngineError::Unwritable(_) => "unwritable",
        },
        message: error.to_string(),
        retry_after_seconds: 5,
    }
}
