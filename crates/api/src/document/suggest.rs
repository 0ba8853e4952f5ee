//! From a type of service in an objective guide to the SLIs and SLOs of one service, as YAML.
//!
//! Invariant: what is written has no faults once a Component or Service of that name is there.

use std::fmt::Write as _;

use plimsoll_domain::catalog::{Name, NameError};
use plimsoll_domain::slo::Window;
use plimsoll_domain::slo::guide::{Guide, Measures, PLACEHOLDER, Preset, ServiceType};
use plimsoll_domain::slo::tally::{Condition, Operator, Part};
use plimsoll_domain::time::Minutes;

use super::{Kind, resolve};
use crate::v1::definition::Provenance;
use crate::v1::objective::Targets;

/// The shipped guide, and what its targets allow over a window such as `30d`; none when the text is
/// no window.
pub fn shipped_targets(window: &str) -> Option<Targets> {
    let guide = shipped()?;
    let whose = Provenance {
        kind: Kind::ObjectiveGuide.as_str().to_owned(),
        name: guide.name.to_string(),
        origin: "default".to_owned(),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        changed_at: None,
        changed_by: None,
    };
    Some(Targets::of(&guide, whose, window_of(window)?))
}

/// A window such as `30d`, if the text is one that an SLO may have.
pub fn window_of(text: &str) -> Option<Minutes> {
    let fits = |length: &Minutes| (Window::SHORTEST..=Window::LONGEST).contains(length);
    Minutes::parse(text).filter(fits)
}

/// The types of service that the shipped guide has.
pub fn shipped_types() -> Vec<String> {
    let types = shipped().into_iter().flat_map(|guide| guide.service_types);
    types.map(|of| of.name.to_string()).collect()
}

/// What the shipped guide suggests for a service of that type, over 30 days.
///
/// # Errors
/// There is no such type, or the service's name is none; in words.
pub fn shipped_suggestion(of: &str, service: &str) -> Result<String, String> {
    let guide = shipped().ok_or("the shipped guide has faults")?;
    let of = guide.service_type(of).ok_or_else(|| format!("there is no type of service `{of}`"))?;
    let service = Name::parse(service).map_err(|error| error.to_string())?;
    suggest(of, &service, Minutes(30 * 1_440)).map_err(|error| error.to_string())
}

fn shipped() -> Option<Guide> {
    resolve(&[]).0?.objective_guide().cloned()
}

/// The documents of a service of that type, over that window; none of their names may be too long.
///
/// # Errors
/// A name that would be none.
pub fn suggest(of: &ServiceType, service: &Name, window: Minutes) -> Result<String, NameError> {
    let called = of.display_name.as_deref().unwrap_or(of.name.as_str());
    let mut text = format!("# Suggested for {service}: {}.\n", on_one_line(called));
    if let Some(description) = &of.description {
        let _ = writeln!(text, "# Assumes: {}", on_one_line(description));
    }
    text += "# Put your own metrics and labels in before you apply it.\n";
    let documents: Result<Vec<_>, _> =
        of.objectives.iter().map(|preset| documents(preset, service, window)).collect();
    Ok(text + &documents?.join("---\n"))
}

fn documents(preset: &Preset, service: &Name, window: Minutes) -> Result<String, NameError> {
    let name = Name::parse(&format!("{service}-{}", preset.name))?;
    let description = preset
        .description
        .as_deref()
        .map(|text| format!("  description: {}\n", quoted(&on_one_line(text))));
    let description = description.unwrap_or_default();
    let (metric, condition) = metric(&preset.measures, service);
    let target = preset.target.fraction();
    Ok(format!(
        "apiVersion: openslo/v1\nkind: SLI\nmetadata:\n  name: {name}\nspec:\n{metric}---\n\
         apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: {name}\nspec:\n{description}  \
         service: {service}\n  indicatorRef: {name}\n  \
         timeWindow: [{{duration: {window}, isRolling: true}}]\n  \
         budgetingMethod: Occurrences\n  objectives: [{{target: {target}{condition}}}]\n",
        service = quoted(service.as_str()),
        name = quoted(name.as_str()),
    ))
}

/// The metric of the SLI, and what it adds to the objective.
fn metric(measures: &Measures, service: &Name) -> (String, String) {
    let source = |query: &str| {
        let query = quoted(&on_one_line(&query.replace(PLACEHOLDER, service.as_str())));
        format!("metricSource:\n        spec:\n          query: {query}\n")
    };
    match measures {
        Measures::Ratio { part, query, total } => {
            let word = match part {
                Part::Good => "good",
                Part::Bad => "bad",
            };
            let (part, total) = (source(query), source(total));
            let ratio = format!(
                "  ratioMetric:\n    counter: true\n    {word}:\n      {part}    total:\n      \
                 {total}"
            );
            (ratio, String::new())
        }
        Measures::Gauge { query, condition: Condition { operator, value } } => {
            let op = match operator {
                Operator::Lt => "lt",
                Operator::Lte => "lte",
                Operator::Gt => "gt",
                Operator::Gte => "gte",
            };
            let query = quoted(&on_one_line(&query.replace(PLACEHOLDER, service.as_str())));
            let gauge = format!(
                "  thresholdMetric:\n    metricSource:\n      spec:\n        query: {query}\n"
            );
            (gauge, format!(", op: {op}, value: {value}"))
        }
    }
}

/// A text as a quoted YAML scalar.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text without its line breaks.
pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
