//! Gates: may this artifact go out? Facts from one snapshot, a decision that is stored with them.

use plimsoll_api::v1;
use plimsoll_domain::id::DecisionId;

use super::{Caller, Failure, Paging, Shared};

/// Which decisions are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    pub(crate) environment: Option<String>,
}

/// Decides, and stores the decision.
pub(crate) async fn check(
    _shared: &Shared,
    _caller: &Caller,
    _question: v1::gate::Question,
) -> Result<v1::gate::Decision, Failure> {
    Err(super::telemetry::busy(super::engine::EngineError::Stopped))
}

/// One decision.
pub(crate) async fn get(_shared: &Shared, id: DecisionId) -> Result<v1::gate::Decision, Failure> {
    Err(Failure::not_found("decision", id))
}

/// The decisions that fit, newest first.
pub(crate) async fn list(
    _shared: &Shared,
    _filter: Filter,
    _paging: Paging,
) -> Result<v1::Page<v1::gate::Decision>, Failure> {
    Ok(v1::Page { items: Vec::new(), next_cursor: None })
}

/// Decides again from the stored facts, and compares.
pub(crate) async fn replay(_shared: &Shared, id: DecisionId) -> Result<v1::gate::Replay, Failure> {
    Err(Failure::not_found("decision", id))
}
