//! The budgeting methods side by side: the same minutes, counted by events and by slices.

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::slo::slices::{Judged, SliceLength, SliceTarget, Slicing};
use plimsoll_domain::slo::{Budgeting, Slo, Units, budget};
use plimsoll_domain::time::Minutes;

use super::engine::View;
use super::readings::{self, When};
use super::{Failure, Shared, instant, slos};

/// Which slices are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cut {
    /// How long each is: `5m`.
    pub(crate) window: Option<String>,
    /// The share of its events that must be good for a slice to be.
    pub(crate) target: Option<f64>,
}

impl Cut {
    fn length(&self) -> Result<Option<SliceLength>, Failure> {
        let Some(text) = &self.window else { return Ok(None) };
        let length = Minutes::parse(text).and_then(|length| SliceLength::try_from(length).ok());
        let refused = || {
            Failure::invalid_with_hint(
                "invalid_slice",
                format!("`{text}` is no length of a slice"),
                "1m, 2m, 3m, 4m, 5m, 6m, 10m, 12m, 15m, 20m, 30m or 1h",
            )
        };
        length.map(Some).ok_or_else(refused)
    }

    fn target(&self) -> Result<Option<SliceTarget>, Failure> {
        let target = self.target.map(SliceTarget::try_from).transpose();
        target.map_err(|error| {
            let hint = "the share of a slice's events that must be good: 0.95, or 1 for all";
            Failure::invalid_with_hint("invalid_slice", error.to_string(), hint)
        })
    }
}

/// One SLO by each method, as it stood at an instant; now, when none is given. Unless others are
/// asked for, the slices are those of the SLO; of one that counts events, slices of five minutes
/// that must each meet the objective.
pub(crate) async fn side_by_side(
    shared: &Shared,
    name: &str,
    at: Option<Timestamp>,
    cut: Cut,
) -> Result<v1::slo::Methods, Failure> {
    let when = When::new(instant("at", at)?, shared.world.now());
    let (length, target) = (cut.length()?, cut.target()?);
    slos::ask(shared, name, move |_, view, slo| {
        let own = slo.budgeting.slicing();
        let length = length.or(own.map(|own| own.length)).unwrap_or(SliceLength::USUAL);
        let target = target.or(own.and_then(own_target)).unwrap_or(slo.target.into());
        let slices = |judged| Budgeting::Slices(Slicing { length, judged });
        let methods =
            [Budgeting::Occurrences, slices(Judged::AtLeast(target)), slices(Judged::Share)];
        v1::slo::Methods {
            slo: slo.name.to_string(),
            objective: slo.target.fraction(),
            window: slo.window.to_string(),
            as_of: when.instant(),
            methods: methods.map(|budgeting| method(view, slo, when, budgeting)).to_vec(),
        }
    })
    .await
}

fn own_target(slicing: Slicing) -> Option<SliceTarget> {
    match slicing.judged {
        Judged::AtLeast(target) => Some(target),
        Judged::Share => None,
    }
}

fn method(view: &View<'_>, slo: &Slo, when: When, budgeting: Budgeting) -> v1::slo::Method {
    let sli = view.sli_by(slo, budgeting);
    let reading = readings::reading(sli.as_ref(), &slo.window, when);
    let budget = budget::evaluate(slo.target, slo.budget_terms, &reading);
    v1::slo::Method {
        budgeting_method: budgeting.as_str().to_owned(),
        time_slice: budgeting.slicing().map(slos::time_slice),
        counts: budgeting == slo.budgeting,
        good: budget.good.as_events(),
        total: budget.total.as_events(),
        unjudged: reading.unjudged.map(Units::as_events),
        error_ratio: budget.error_ratio,
        budget_remaining: budget.remaining,
        budget_remaining_worst: budget.remaining_worst,
        budget_remaining_best: budget.remaining_best,
        status: budget.status.as_str().to_owned(),
        unmeasured: budget.unmeasured,
    }
}
