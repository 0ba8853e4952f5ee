//! What a budget was spent on.

use plimsoll_api::v1::ledger::{Ledger, LedgerEntry, Spent};

use super::format::{count, instant, joined, maybe, maybe_instant, percent, rough_percent};
use super::{NOTHING, Screen, Word, page};

/// The ledger of one SLO.
pub(crate) fn one(screen: &Screen, ledger: &Ledger) -> String {
    let (from, to) = (instant(ledger.from), instant(ledger.to));
    let counted = if ledger.time_slice.is_some() { "slices" } else { "events" };
    let figures = screen.sheet([
        ("SLO", format!("{} ({})", ledger.slo, ledger.service).into()),
        ("Window", format!("{from} to {to}").into()),
        ("Objective", percent(ledger.objective).into()),
        ("Spent", spent(&ledger.spent, counted).into()),
        ("Without deployments", spent(&ledger.without_deployments, counted).into()),
    ]);
    page([figures, entries(screen, &ledger.entries), notes(screen, ledger)])
}

fn spent(Spent { bad, total, error_ratio, budget }: &Spent, counted: &str) -> String {
    let (bad, total) = (count(*bad), count(*total));
    let (budget, ratio) = (maybe(*budget, rough_percent), maybe(*error_ratio, percent));
    format!("{budget} of the budget: {bad} bad of {total} {counted} ({ratio})")
}

fn entries(screen: &Screen, entries: &[LedgerEntry]) -> String {
    if entries.is_empty() {
        return screen.prose("nothing was spent");
    }
    let heads = ["CAUSE", "FROM", "TO", "MINUTES", "BAD", "SHARE", "BUDGET", "ALERTS"];
    let minutes = |minutes: u64| count(minutes as f64);
    screen.table(
        &heads,
        entries.iter().map(|entry| -> Vec<Word> {
            vec![
                cause(entry).into(),
                maybe_instant(entry.from).into(),
                maybe_instant(entry.to).into(),
                entry.minutes.map_or_else(|| NOTHING.to_owned(), minutes).into(),
                count(entry.bad).into(),
                rough_percent(entry.share).into(),
                maybe(entry.budget, rough_percent).into(),
                joined(&entry.alerts).into(),
            ]
        }),
    )
}

fn cause(entry: &LedgerEntry) -> String {
    match (entry.cause.as_str(), &entry.deployment) {
        ("deployment", Some(deployment)) => {
            let known = deployment.version.as_ref().unwrap_or(&deployment.artifact);
            format!("deployment {known} ({})", deployment.id)
        }
        ("others", _) => format!("{} others", count(entry.causes.into())),
        (word, _) => word.to_owned(),
    }
}

fn notes(screen: &Screen, ledger: &Ledger) -> String {
    let window = &ledger.deployment_window;
    let environments = match ledger.environments.as_slice() {
        [] => "any environment".to_owned(),
        some => some.join(", "),
    };
    let answers = format!(
        "a deployment to {environments} answers for {window}, and for outages that begin in them"
    );
    let left_out = "there were more alerts or deployments than are looked at: what the older ones \
                    took is with `unknown`";
    let aligned = "the window's old edge is widened to a whole hour: minutes that old are not kept";
    let told = [
        Some(answers.as_str()),
        ledger.causes_left_out.then_some(left_out),
        ledger.aligned_to_hours.then_some(aligned),
    ];
    let told = told.into_iter().flatten().map(|note| screen.prose(&format!("note: {note}")));
    told.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
