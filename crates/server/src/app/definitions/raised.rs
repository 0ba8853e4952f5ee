//! Targets that a submission raises: by what factor the budget shrinks, and what the guide says
//! (SLO-08).

use std::sync::Arc;

use plimsoll_api::document::{Body, Document};
use plimsoll_api::v1::definition::{Diagnostic, Level};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::{Target, guide};

use super::in_force::InForce;

/// A warning for each target above the one in force; `definitions` are those that would be.
pub(super) fn raised(
    head: &InForce,
    submitted: &[Arc<Document>],
    definitions: Option<&Definitions>,
) -> Vec<Diagnostic> {
    let advice = definitions.and_then(|all| all.objective_guide()?.raising.clone());
    let warn = |document: &Arc<Document>| {
        let Some(Body::Slo(slo)) = &document.body else { return None };
        let (was, is) = (target(head, document)?, &slo.objective.target);
        (is.value > was).then(|| {
            let window = slo.window.value.length();
            let minutes = |target| guide::downtime_us(target, window) as f64 / 6e7;
            Diagnostic {
                level: Level::Warning,
                code: "slo.target_raised".to_owned(),
                file: document.origin.path.clone(),
                line: is.at.line,
                column: is.at.column,
                message: format!(
                    "raised from {} % to {} %: the budget is {} times smaller, {} instead of {} \
                     minutes of outage over {window}",
                    tidy(was.fraction() * 100.0),
                    tidy(is.value.fraction() * 100.0),
                    tidy(guide::shrinks(was, is.value)),
                    tidy(minutes(is.value)),
                    tidy(minutes(was)),
                ),
                hint: advice.clone(),
            }
        })
    };
    submitted.iter().filter_map(warn).collect()
}

/// The target in force of the SLO that a document would replace.
fn target(head: &InForce, document: &Document) -> Option<Target> {
    let held = head.get(&document.kind, document.name.as_str())?.read.as_ref()?;
    match &held.body {
        Some(Body::Slo(slo)) => Some(slo.objective.target.value),
        Some(_) | None => None,
    }
}

/// A number as people write it.
fn tidy(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}
