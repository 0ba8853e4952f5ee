//! BurnPolicy: when the burn of a budget is worth a human.

use std::collections::BTreeSet;

use plimsoll_domain::slo::budget::Share;
use plimsoll_domain::slo::burn::{Arm, Factor, Pace, Policy, PolicyArm, Severity};
use plimsoll_domain::time::Minutes;

use super::super::fields::{Fields, Reader};
use super::super::parse::Metadata;
use super::super::position::Fault;
use super::super::schema::{End, Field, Range, Shape, Type};
use super::super::yaml::Node;

const SEVERITIES: [(&str, Severity); 3] =
    [("page", Severity::Page), ("ticket", Severity::Ticket), ("log", Severity::Log)];

/// The words of severities, as the reference lists them.
const SEVERITY: Type = Type::Word(&["page", "ticket", "log"]);

/// The `spec` of a BurnPolicy.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::ignored("description", "What it is for"),
    Field::need(
        "arms",
        Type::List(&Type::Object(&ARM)),
        "When the burn is too fast, each by itself",
    ),
    Field::or(
        "significance",
        "0.001",
        Type::Number(Range::PART),
        "How unlikely the failures must be at the budget's own rate (a probability)",
    ),
    Field::may(
        "pageBelow",
        Type::Number(Range::PART),
        "Page when less than this share of the budget is left and it goes on burning",
    ),
    Field::may("noData", Type::Object(&NO_DATA), "When missing telemetry is worth a human"),
]);

const NO_DATA: Shape = Shape::of(&[
    Field::or("after", "10m", Type::Length(&[]), "How long all series must be silent"),
    Field::or("severity", "ticket", SEVERITY, "What that asks of people"),
]);

const ARM: Shape = Shape::of(&[
    Field::need("long", Type::Length(&[]), "The window that shows the burn matters; up to 90d"),
    Field::may(
        "short",
        Type::Length(&[]),
        "The window that shows it goes on; a twelfth of `long`, at least 1m, when left out",
    ),
    Field::need_if(
        "factor",
        "without `spends`",
        Type::Number(FACTOR),
        "The burn that both windows must exceed; they are used as they are written",
    ),
    Field::need_if(
        "spends",
        "without `factor`",
        Type::Number(Range::PART),
        "The share of a 30-day budget that is spent within `long` at the burn that both windows \
         must exceed. Over 28 days and more the burn is fitted to the SLO's window, over less the \
         windows are",
    ),
    Field::need("severity", SEVERITY, "What it asks of people"),
]);

const FACTOR: Range = Range { from: End::Before(0.0), to: End::Before(1e9) };

/// Reads the `spec` of a BurnPolicy.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Policy> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let arms = fields.need(reader, "arms").and_then(|node| arms(reader, node));
    let mut part = |key| fields.get(key).and_then(|node| reader.within(node, Range::PART));
    let significance = part("significance").map(|part| part.value);
    let page_below = part("pageBelow").map(|part| part.value);
    let (after, severity) = fields.get("noData").map_or((None, None), |node| no_data(reader, node));
    fields.close(reader);
    let mut policy = Policy::new(metadata.name.as_ref()?.value.clone(), arms?);
    policy.significance = significance.unwrap_or(policy.significance);
    policy.page_below = page_below.or(policy.page_below);
    policy.no_data_after = after.unwrap_or(policy.no_data_after);
    policy.no_data_severity = severity.unwrap_or(policy.no_data_severity);
    Some(policy)
}

fn no_data(reader: &mut Reader<'_>, node: &Node) -> (Option<Minutes>, Option<Severity>) {
    let Some(mut fields) = reader.fields(node, &NO_DATA) else { return (None, None) };
    let after = fields.get("after").and_then(|node| reader.minutes(node));
    let severity = fields.get("severity").and_then(|node| reader.word(node, &SEVERITIES));
    fields.close(reader);
    (after.map(|after| after.value), severity)
}

fn arms(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<PolicyArm>> {
    let nodes = reader.list(node)?;
    if nodes.is_empty() {
        let fault = Fault::error("burn_policy.arms", "a burn policy needs an arm");
        reader.report(node.at, fault);
    }
    let (mut arms, mut seen) = (Vec::new(), BTreeSet::new());
    for node in nodes {
        let Some(arm) = arm(reader, node) else { continue };
        if !seen.insert((arm.long, arm.short, arm.severity)) {
            let message = "another arm has the same windows and severity";
            let fault = Fault::warning("burn_policy.duplicate_arm", message);
            reader.report(node.at, fault.hint("keep the one with the lower factor"));
        }
        arms.push(arm);
    }
    Some(arms)
}

fn arm(reader: &mut Reader<'_>, node: &Node) -> Option<PolicyArm> {
    let mut fields = reader.fields(node, &ARM)?;
    let long = fields.need(reader, "long").and_then(|node| reader.minutes(node));
    let short = fields.get("short").map(|node| reader.minutes(node));
    let pace = pace(reader, &mut fields);
    let severity = fields.need(reader, "severity");
    let severity = severity.and_then(|node| reader.word(node, &SEVERITIES));
    fields.close(reader);
    let long = long?;
    if long.value > Arm::LONGEST {
        let message = format!("{} is longer than {}", long.value, Arm::LONGEST);
        reader.report(long.at, Fault::error("burn_policy.arms", message));
    }
    let short = match short {
        Some(short) => {
            let short = short?;
            if short.value > long.value {
                let message = format!("the short window is longer than {}", long.value);
                reader.report(short.at, Fault::error("burn_policy.arms", message));
            }
            short.value
        }
        // A twelfth, as in the workbook's table 5-8.
        None => Minutes((long.value.0 / 12).max(1)),
    };
    Some(PolicyArm { long: long.value, short, pace: pace?, severity: severity? })
}

fn pace(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Pace> {
    match (fields.get("factor"), fields.get("spends")) {
        (Some(node), None) => {
            let factor = reader.within(node, FACTOR)?;
            Some(Pace::Factor(Factor::new(factor.value)))
        }
        (None, Some(node)) => {
            let share = reader.within(node, Range::PART)?;
            Share::new(share.value).ok().map(Pace::Spends)
        }
        (Some(_), Some(node)) => {
            let fault = Fault::error("burn_policy.arms", "both `factor` and `spends`");
            reader.report(node.at, fault.hint("keep one of the two"));
            None
        }
        (None, None) => {
            let fault = Fault::error("field.missing", "`factor` or `spends` is missing");
            let hint = "factor: the burn to exceed, as 14.4; or spends: the share of a 30-day \
                        budget that is spent within `long` at it, as 0.02";
            reader.report(fields.at, fault.hint(hint));
            None
        }
    }
}
