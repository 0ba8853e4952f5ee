//! Slices that are too short for what they are made of: shorter than two intervals of the samples.
//!
//! Only telemetry says what its interval is, so this is asked of what is counted already; of what
//! is not, the SLO says it later.

use plimsoll_api::v1::definition::{Diagnostic, Level};
use plimsoll_domain::slo::Slo;

use super::super::{State, slos};
use super::Joined;

/// Refuses SLOs of a submission whose slices are too short; takes them where the telemetry cannot
/// be asked.
pub(super) async fn refuse_short(state: &State, joined: &mut Joined) {
    let Some(definitions) = &joined.definitions else { return };
    let changed = joined.changed().filter(|changed| changed.document.kind == "SLO");
    let named = changed.filter_map(|changed| {
        let slo = definitions.slos.get(&changed.document.name)?;
        slo.budgeting.slicing().map(|_| (changed.document.clone(), slo.clone()))
    });
    let (documents, sliced): (Vec<_>, Vec<Slo>) = named.unzip();
    if sliced.is_empty() {
        return;
    }
    let intervals = state.engine.ask(move |view| {
        let short = |slo: &Slo| {
            let slicing = slo.budgeting.slicing()?;
            slos::too_short(slicing, view.interval_ms(slo)?)
        };
        sliced.iter().map(short).collect::<Vec<Option<String>>>()
    });
    let Ok(short) = intervals.await else { return };
    for (document, message) in documents.iter().zip(short) {
        let Some(message) = message else { continue };
        joined.definitions = None;
        joined.diagnostics.push(Diagnostic {
            level: Level::Error,
            code: "slo.short_slices".to_owned(),
            file: document.origin.path.clone(),
            line: document.name_at.line,
            column: document.name_at.column,
            message,
            hint: Some("a longer `timeSliceWindow`, or samples more often".to_owned()),
        });
    }
}
