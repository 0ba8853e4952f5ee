//! One SLO at one instant: its window, its budget, its arms. Asked inside the engine's thread.

use std::ops::Bound;

use jiff::Timestamp;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::budget::{self, Budget};
use plimsoll_domain::slo::burn::{self, Arm, ArmReading, Counts, Resolved};
use plimsoll_domain::slo::fold::{Liveness, Reading, Sli};
use plimsoll_domain::slo::{Slo, Window};
use plimsoll_domain::time::Minute;

use super::engine::View;
use super::{Failure, State, telemetry};
use crate::work::lease;

/// Asks the minutes something, where they are those that are tallied: what this replica tallied
/// before another took over is old.
pub(crate) async fn ask<T: Send + 'static>(
    state: &State,
    question: impl FnOnce(&View<'_>) -> T + Send + 'static,
) -> Result<T, Failure> {
    lease::required(state)?;
    state.engine.ask(question).await.map_err(telemetry::busy)
}

/// SLOs read at once: telemetry waits for as many, some tens of milliseconds.
const READ_AT_ONCE: usize = 500;

/// The names of the next SLOs that are read at once, none when there are no more.
pub(crate) fn some_after(definitions: &Definitions, from: Option<&Name>) -> Option<Vec<Name>> {
    let after = (from.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
    let slos = definitions.slos.range::<Name, _>(after).take(READ_AT_ONCE);
    let names: Vec<Name> = slos.map(|(name, _)| name.clone()).collect();
    (!names.is_empty()).then_some(names)
}

/// When an SLO is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// As it stands now.
    Now(Timestamp),
    /// As it stood then, by what is known today.
    AsOf(Timestamp),
}

impl When {
    /// `at`, or now when there is none or it has not passed.
    pub(crate) fn new(at: Option<Timestamp>, now: Timestamp) -> Self {
        match at {
            Some(at) if Minute::of(at) < Minute::of(now) => Self::AsOf(at),
            Some(_) | None => Self::Now(now),
        }
    }

    /// The instant.
    pub(crate) fn instant(self) -> Timestamp {
        match self {
            Self::Now(at) | Self::AsOf(at) => at,
        }
    }
}

/// Everything the minutes say about one SLO.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) reading: Reading,
    pub(crate) budget: Budget,
    pub(crate) resolved: Resolved,
    pub(crate) arms: Vec<ArmReading>,
    /// The arm that pages while little is left, if the policy has one.
    pub(crate) floor: Option<ArmReading>,
    /// Whether an alert that fired on the arms asked about may close.
    pub(crate) calm: bool,
    /// The usual spacing of the slowest series that is read, if any speaks.
    pub(crate) interval_ms: Option<i64>,
}

/// Reads one SLO. `bad_since` and `fired` are those of its latest burn alert.
pub(crate) fn measure(
    view: &View<'_>,
    slo: &Slo,
    when: When,
    bad_since: Option<Minute>,
    fired: &[Arm],
) -> Measured {
    let sli = view.sli(slo);
    let reading = reading(sli.as_ref(), &slo.window, when);
    let resolved = slo.burn_policy.resolve(&slo.window, slo.target);
    let count = |span: burn::Span| {
        sli.as_ref().map_or(Counts::default(), |sli| sli.burn_counts(&reading, span))
    };
    let live = matches!(reading.liveness, Liveness::Live { .. });
    let mut arms =
        burn::evaluate(&resolved.arms, slo.target, slo.burn_policy.significance, bad_since, &count);
    if !live {
        // What the last minutes said before the silence still shows; it fires nothing.
        arms.iter_mut().for_each(|arm| arm.firing = false);
    }
    let floor = resolved.floor.as_slice();
    let floor = burn::evaluate(floor, slo.target, slo.burn_policy.significance, bad_since, &count);
    // Those that came to fire later keep an alert open, too.
    let firing = arms.iter().filter(|reading| reading.firing).map(|reading| reading.arm);
    let fired: Vec<Arm> = fired.iter().copied().chain(firing).collect();
    let fired = if fired.is_empty() { &resolved.arms } else { &fired };
    let calm = live && burn::calm(fired, slo.target, slo.budgeting.enough(), bad_since, &count);
    let budget = budget::evaluate(slo.target, slo.budget_terms, &reading);
    let (floor, interval_ms) = (floor.into_iter().next(), view.interval_ms(slo));
    Measured { reading, budget, resolved, arms, floor, calm, interval_ms }
}

/// The budget of one SLO alone, without its arms.
pub(crate) fn budget_of(view: &View<'_>, slo: &Slo, when: When) -> Budget {
    let reading = reading(view.sli(slo).as_ref(), &slo.window, when);
    budget::evaluate(slo.target, slo.budget_terms, &reading)
}

impl Measured {
    /// The floor arm, when less is left than the policy tolerates and it goes on burning.
    pub(crate) fn floor_firing(&self, slo: &Slo) -> Option<ArmReading> {
        let low = slo
            .burn_policy
            .page_below
            .zip(self.budget.remaining)
            .is_some_and(|(floor, left)| left < floor);
        self.floor.clone().filter(|reading| low && reading.firing)
    }
}

/// A window of an SLO, or that nothing of it was ever measured.
pub(crate) fn reading(sli: Option<&Sli<'_>>, window: &Window, when: When) -> Reading {
    match (sli, when) {
        (None, _) => Reading::unmeasured(window, when.instant()),
        (Some(sli), When::Now(now)) => sli.read(window, now),
        (Some(sli), When::AsOf(at)) => sli.read_at(window, Minute::of(at)),
    }
}
