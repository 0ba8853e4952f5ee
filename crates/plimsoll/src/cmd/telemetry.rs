//! `plimsoll telemetry`: what came in since the server started, and what was made of it.

use plimsoll_api::v1::telemetry::Telemetry;
use serde_json::Value;

use crate::ask::Question;
use crate::client;
use crate::exit::Failure;
use crate::render::{self, Screen};

/// The counts, who is over a cap, and how the last scrapes went.
pub(crate) fn question() -> Question<'static> {
    // Every minute that moves an SLO moves the counts.
    Question::one(&["telemetry"], &["slo"], draw)
}

fn draw(screen: &Screen, answer: Value) -> Result<String, Failure> {
    let telemetry: Telemetry = client::read(answer)?;
    let sheet = screen.sheet([
        ("Samples accepted", telemetry.accepted.to_string().into()),
        ("… undeclared", telemetry.undeclared.to_string().into()),
        ("… duplicate or late", telemetry.duplicate_or_late.to_string().into()),
        ("… ahead of the clock", telemetry.future.to_string().into()),
        ("… over a cap", telemetry.over_cap.to_string().into()),
        ("… of replicas not elected", telemetry.not_elected.to_string().into()),
        ("… that do not fit their tally", telemetry.unfit.to_string().into()),
        ("Series counted", telemetry.series.to_string().into()),
        ("Log bytes", telemetry.log_bytes.to_string().into()),
    ]);
    let offenders = Some(screen.items(&telemetry.offenders));
    let offenders = offenders.filter(|_| !telemetry.offenders.is_empty());
    let sheets = [Some(sheet), offenders, Some(screen.items(&telemetry.scrapes))];
    Ok(render::page(sheets.into_iter().flatten()))
}
