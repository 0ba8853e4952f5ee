//! SLOs as they are shown: status, history, and the reasons behind the numbers.

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_api::v1::Page;

use super::{Failure, Paging, Shared};

/// Which SLOs are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    pub(crate) status: Option<String>,
    /// A part of the name or display name.
    pub(crate) q: Option<String>,
}

/// Which stretch of minutes is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stretch {
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
    pub(crate) step_minutes: Option<u32>,
}

/// The SLOs that fit, by name, as they stand now.
pub(crate) async fn list(
    _shared: &Shared,
    _filter: Filter,
    _paging: Paging,
) -> Result<Page<v1::slo::Slo>, Failure> {
    Err(no_engine())
}

/// One SLO as it stood at an instant; now, when none is given.
pub(crate) async fn get(
    _shared: &Shared,
    name: &str,
    _at: Option<Timestamp>,
) -> Result<v1::slo::Slo, Failure> {
    Err(Failure::not_found("slo", name))
}

/// The minutes of one SLO, for charts.
pub(crate) async fn history(
    _shared: &Shared,
    name: &str,
    _stretch: Stretch,
) -> Result<v1::slo::History, Failure> {
    Err(Failure::not_found("slo", name))
}

/// The reasons behind one SLO's numbers.
pub(crate) async fn explain(
    _shared: &Shared,
    name: &str,
    _at: Option<Timestamp>,
    _minutes: Option<u32>,
) -> Result<v1::slo::Explanation, Failure> {
    Err(Failure::not_found("slo", name))
}

fn no_engine() -> Failure {
    super::telemetry::busy(super::engine::EngineError::Stopped)
}
