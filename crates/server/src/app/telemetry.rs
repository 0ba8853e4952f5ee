//! Telemetry: batches go to the engine, and what became of them is counted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::telemetry::Batch;
use tokio::sync::SemaphorePermit;

use super::engine::{EngineError, WriteOutcome};
use super::{Failure, State};
use crate::work::lease;

/// Hands a batch to the engine; answers when it is durable.
pub(crate) async fn write(
    state: &State,
    sender: String,
    arrival: Timestamp,
    batch: Batch,
) -> Result<WriteOutcome, Failure> {
    lease::required(state)?;
    if !state.reserve.leaves_room() {
        return Err(full(state));
    }
    state.world.turn("write").await;
    let written = state.engine.write(sender, arrival, batch).await;
    state.world.turn("written").await;
    let outcome = written.map_err(|error| refused(state, error))?;
    state.metrics.count_samples(outcome);
    Ok(outcome)
}

/// Room for so many bytes of telemetry, for as long as it is held; what finds none comes again.
pub(crate) fn room(state: &State, bytes: usize) -> Result<SemaphorePermit<'_>, Failure> {
    let bytes = bytes.min(state.config.limits.intake_bytes_max);
    let wanted = u32::try_from(bytes).unwrap_or(u32::MAX);
    state.intake.try_acquire_many(wanted).map_err(|_| Failure::Busy {
        code: "overloaded",
        message: "as much telemetry as there is memory for is being taken in".to_owned(),
        retry_after_seconds: 5,
    })
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
        not_elected: counted.not_elected,
        unfit: counted.unfit,
        series: figures.series,
        log_bytes: figures.log_bytes,
        offenders: offenders(figures.offenders),
        scrapes: state.work.scrapes.status(&state.definitions()),
    }
}

/// The worst first.
fn offenders(dropped: BTreeMap<String, u64>) -> Vec<v1::telemetry::Offender> {
    let offender = |(sender, over_cap)| v1::telemetry::Offender { sender, over_cap };
    let mut offenders: Vec<_> = dropped.into_iter().map(offender).collect();
    offenders.sort_by_key(|offender| std::cmp::Reverse(offender.over_cap));
    offenders
}

/// Why a batch or a declaration was not taken: the disk is full, or it was no time for it.
pub(super) fn refused(state: &State, error: EngineError) -> Failure {
    // ENOSPC, as the standard library words it on every Unix we build for.
    let is_full = matches!(&error, EngineError::Unwritable(why) if why.contains("(os error 28)"));
    if is_full {
        return full(state);
    }
    busy(error)
}

/// The disk is full, or what is left of it is for alerts.
fn full(state: &State) -> Failure {
    Failure::StorageFull { place: state.config.data.display().to_string() }
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
