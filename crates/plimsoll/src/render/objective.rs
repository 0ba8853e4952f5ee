//! What targets allow, and what each is for.

use plimsoll_api::v1::definition::Provenance;
use plimsoll_api::v1::objective::{Allowance, ServiceType, Target, Targets};

use super::format::{count, instant, joined, percent};
use super::{NOTHING, Screen, Word, page};

/// The chooser, for one window.
pub(crate) fn targets(screen: &Screen, answer: &Targets) -> String {
    let Targets { window, guide, raising, .. } = answer;
    let heads = ["TARGET", "OUTAGE", "FAILURES PER MILLION", "FOR", "EFFORT"];
    let table = screen.table(&heads, answer.targets.iter().map(target));
    let starting = answer.starting.iter().map(|start| {
        let (target, outage) = (percent(start.target), outage(&start.allows));
        format!("Begin with {target} for {}: {outage} over {window}.", start.of)
    });
    let tiers = answer.tiers.iter().map(|of| format!("tier {}: {}", of.tier, percent(of.target)));
    let tiers = tiers.collect::<Vec<_>>().join(", ");
    let tiers = if tiers.is_empty() { tiers } else { format!("Strictest that fit: {tiers}.") };
    page([
        screen.prose(&format!("What targets allow over {window}, by the {}.", whose(guide))),
        table,
        screen.prose(&starting.collect::<Vec<_>>().join("\n")),
        screen.prose(&tiers),
        screen.prose(raising.as_deref().unwrap_or_default()),
        types(screen, &answer.service_types),
    ])
}

/// A definition and its origin, in a sentence.
pub(crate) fn whose(of: &Provenance) -> String {
    format!("{} {} ({})", of.kind, of.name, origin(of))
}

/// Whose it is: a default of some version, or yours, by whom and since when.
pub(crate) fn origin(of: &Provenance) -> String {
    match (of.version.as_deref(), of.changed_by.as_deref()) {
        (Some(version), _) => format!("default, shipped with {version}"),
        (None, Some(by)) => {
            let at = of.changed_at.map(|at| format!(" {}", instant(at))).unwrap_or_default();
            format!("yours, applied{at} by {by}")
        }
        (None, None) => of.origin.clone(),
    }
}

fn target(target: &Target) -> Vec<Word> {
    vec![
        percent(target.target).into(),
        outage(&target.allows).into(),
        count(target.allows.failures_per_million).into(),
        joined(&target.uses).into(),
        target.effort.clone().unwrap_or_else(|| NOTHING.to_owned()).into(),
    ]
}

/// A length as people say it.
pub(super) fn outage(allows: &Allowance) -> String {
    let seconds = allows.downtime_seconds;
    let (number, unit) = match seconds {
        s if s < 60.0 => (s, "s"),
        s if s < 7_200.0 => (s / 60.0, "min"),
        s if s < 86_400.0 => (s / 3_600.0, "h"),
        s => (s / 86_400.0, "d"),
    };
    format!("{} {unit}", (number * 100.0).round() / 100.0)
}

fn types(screen: &Screen, types: &[ServiceType]) -> String {
    if types.is_empty() {
        return String::new();
    }
    let row = |of: &ServiceType| {
        let called = of.display_name.clone().unwrap_or_default();
        vec![of.name.as_str().into(), called.into(), joined(&of.objectives).into()]
    };
    let table = screen.table(&["TYPE", "WHAT IT IS", "OBJECTIVES"], types.iter().map(row));
    format!("Types for `plimsoll slos suggest --type TYPE --service NAME`\n{table}")
}

#[cfg(test)]
mod tests;
