//! Known violations: what is owed to SLOs, by whom and by when.

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::violation::KnownViolation;

use super::order::{self, Place};
use super::standing::{self, Standings};
use super::{Failure, Paging, Shared};

/// Which of them are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) slo: Option<String>,
    pub(crate) service: Option<String>,
    /// The team that owes.
    pub(crate) owner: Option<String>,
    /// Those that are overdue, or those that are not.
    pub(crate) overdue: Option<bool>,
}

impl Filter {
    fn wants(&self, one: &v1::violation::KnownViolation) -> bool {
        self.slo.as_ref().is_none_or(|slo| *slo == one.slo)
            && self.service.as_ref().is_none_or(|service| *service == one.service)
            && self.owner.as_ref().is_none_or(|owner| one.owner.as_ref() == Some(owner))
            && self.overdue.is_none_or(|overdue| overdue == (one.days_left < 0))
    }
}

/// Those that fit, what is due first first.
pub(crate) async fn list(
    shared: &Shared,
    filter: Filter,
    paging: Paging,
) -> Result<v1::Page<v1::violation::KnownViolation>, Failure> {
    let now = shared.world.now();
    let standings = standing::all(shared).await.ok();
    let definitions = shared.definitions();
    let known = definitions.known_violations.values();
    let shown = known.filter_map(|one| wire(one, &definitions, standings.as_deref(), now));
    let placed = shown.filter(|one| filter.wants(one)).map(|one| {
        let place = Place::new(0, f64::from(one.days_left), one.name.clone());
        (place, one)
    });
    let (items, next_cursor) = order::page(placed.collect(), &paging)?;
    Ok(v1::Page { items, next_cursor })
}

/// What is shown of one; nothing where its SLO has errors and is left out.
fn wire(
    violation: &KnownViolation,
    definitions: &Definitions,
    standings: Option<&Standings>,
    now: Timestamp,
) -> Option<v1::violation::KnownViolation> {
    let slo = definitions.slos.get(&violation.slo)?;
    Some(v1::violation::KnownViolation {
        name: violation.name.to_string(),
        slo: slo.name.to_string(),
        service: slo.service.to_string(),
        owner: definitions.owner_of(&slo.service).map(ToString::to_string),
        cause: violation.cause.clone(),
        remedy: violation.remedy.clone(),
        mend_by: violation.mend_by,
        days_left: violation.days_left(now),
        tracker: violation.tracker.clone(),
        status: standings.map(|all| all.get(&slo.name).status.as_str().to_owned()),
    })
}
