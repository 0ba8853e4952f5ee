//! OpenSLO's objective: the share of events that must be good, and of gauges which samples are.

use plimsoll_domain::slo::Target;
use plimsoll_domain::slo::slices::{SliceLength, SliceTarget};
use plimsoll_domain::slo::tally::{Condition, Operator};
use plimsoll_domain::time::Minutes;

use super::super::fields::{Fields, Reader};
use super::super::position::{At, Fault, Pos};
use super::super::schema::{End, Field, Range, Shape, Type};
use super::super::yaml::{Node, Value};

/// One of the `objectives` of an SLO.
pub(super) const SHAPE: Shape = Shape::of(&[
    Field::ignored("displayName", "How people call it"),
    Field::need_if(
        "target",
        "without `targetPercent`",
        Type::Number(Range::PART),
        "The share of events that must be good, with at most nine decimals",
    ),
    Field::need_if(
        "targetPercent",
        "without `target`",
        Type::Number(Range { from: End::Before(1.0), to: End::Before(100.0) }),
        "The same in percent",
    ),
    Field::need_if(
        "op",
        "with a `thresholdMetric`",
        Type::Word(&["lt", "lte", "gt", "gte"]),
        "How good samples compare with `value`",
    ),
    Field::need_if(
        "value",
        "with a `thresholdMetric`",
        Type::Number(Range::ANY),
        "The bound of good samples, in the unit of the metric",
    ),
    Field::need_if(
        "timeSliceTarget",
        "with `budgetingMethod: Timeslices`",
        Type::Number(Range { from: End::Before(0.0), to: End::At(1.0) }),
        "The share of its events that must be good for a slice to be",
    ),
    Field::need_if(
        "timeSliceWindow",
        "with `budgetingMethod: Timeslices` or `RatioTimeslices`",
        Type::Either(&[Type::Duration, Type::Whole(1, 60)]),
        "The length of a slice, a part of an hour; a number is minutes",
    ),
    Field::refused("indicator", "composite SLOs are not computed yet"),
    Field::refused("indicatorRef", "composite SLOs are not computed yet"),
    Field::refused("compositeWeight", "composite SLOs are not computed yet"),
]);

/// What an SLO promises.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    /// Where it stands.
    pub at: Pos,
    /// The share of events that must be good.
    pub target: At<Target>,
    /// Which samples of a gauge are good: `op` and `value`.
    pub condition: Option<At<Condition>>,
    /// The share of its events that must be good for a slice to be.
    pub slice_target: Option<At<SliceTarget>>,
    /// The length of a slice.
    pub slice_length: Option<At<SliceLength>>,
}

/// Reads `objectives`.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Objective> {
    let objectives = reader.list(node)?;
    if let Some(second) = objectives.get(1) {
        let message = format!("an SLO has one objective for now, not {}", objectives.len());
        let hint = "write one SLO per objective; indicatorRef lets them share an SLI";
        reader.report(second.at, Fault::error("slo.several_objectives", message).hint(hint));
    }
    let Some(first) = objectives.first() else {
        reader.report(node.at, Fault::error("slo.no_objective", "an SLO needs an objective"));
        return None;
    };
    let mut fields = reader.fields(first, &SHAPE)?;
    for key in ["indicator", "indicatorRef", "compositeWeight"] {
        if let Some(node) = fields.get(key) {
            let fault = Fault::error("slo.composite", "composite SLOs are not computed yet");
            reader.report(node.at, fault.hint("name the indicator in `spec`"));
        }
    }
    let at = fields.at;
    let condition = condition(reader, &mut fields);
    let target = target(reader, &mut fields);
    let slice_target = fields.get("timeSliceTarget").map(|node| slice_target(reader, node));
    let slice_length = fields.get("timeSliceWindow").map(|node| slice_length(reader, node));
    fields.close(reader);
    // What is there and cannot be read is not missing.
    let (slice_target, slice_length) = match (slice_target, slice_length) {
        (Some(None), _) | (_, Some(None)) => return None,
        (target, length) => (target.flatten(), length.flatten()),
    };
    Some(Objective { at, target: target?, condition, slice_target, slice_length })
}

/// The share of its events that must be good for a slice to be.
pub(in super::super) fn slice_target(
    reader: &mut Reader<'_>,
    node: &Node,
) -> Option<At<SliceTarget>> {
    let share = reader.number(node)?;
    match SliceTarget::try_from(share.value) {
        Ok(value) => Some(At { at: share.at, value }),
        Err(error) => {
            let hint = "the share of a slice's events that must be good: 0.95, or 1 for all";
            let fault = Fault::error("slo.time_slice_target", error.to_string()).hint(hint);
            reader.report(share.at, fault);
            None
        }
    }
}

/// The length of a slice: `5m`, or so many minutes.
pub(in super::super) fn slice_length(
    reader: &mut Reader<'_>,
    node: &Node,
) -> Option<At<SliceLength>> {
    let length = match &node.value {
        Value::Number(_) => Minutes(reader.whole(node, 1, 60)?),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            reader.minutes(node)?.value
        }
    };
    match SliceLength::try_from(length) {
        Ok(value) => Some(At { at: node.at, value }),
        Err(error) => {
            let hint = "1m, 2m, 3m, 4m, 5m, 6m, 10m, 12m, 15m, 20m, 30m or 1h: the slices of every \
                        hour begin with it";
            let fault = Fault::error("slo.time_slice_window", error.to_string()).hint(hint);
            reader.report(node.at, fault);
            None
        }
    }
}

/// `op` and `value`, of which one alone is a fault.
pub(in super::super) fn condition(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
) -> Option<At<Condition>> {
    const OPERATORS: [(&str, Operator); 4] = [
        ("lt", Operator::Lt),
        ("lte", Operator::Lte),
        ("gt", Operator::Gt),
        ("gte", Operator::Gte),
    ];
    let (op, value) = (fields.get("op"), fields.get("value"));
    let missing = |word: &str| {
        let fault = Fault::error("field.missing", format!("`{word}` is missing"));
        fault.hint("a condition is both: `op: lte` and `value: 0.8`")
    };
    match (op, value) {
        (None, None) => return None,
        (Some(op), None) => reader.report(op.at, missing("value")),
        (None, Some(value)) => reader.report(value.at, missing("op")),
        (Some(_), Some(_)) => {}
    }
    let operator = op.and_then(|node| reader.word(node, &OPERATORS));
    let number = value.and_then(|node| reader.number(node));
    let (operator, value) = (operator?, number?.value);
    Some(At { at: op?.at, value: Condition { operator, value } })
}

fn target(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<At<Target>> {
    match (fields.get("target"), fields.get("targetPercent")) {
        (Some(node), None) => {
            let share = reader.number(node)?;
            let hint = (share.value > 1.0).then_some("a percentage is written as targetPercent");
            checked(reader, share, hint)
        }
        (None, Some(node)) => {
            let percent = reader.number(node)?;
            if percent.value > 0.0 && percent.value <= 1.0 {
                let message = format!("{} % of good events is hardly meant", percent.value);
                let fault = Fault::error("slo.target", message);
                reader.report(node.at, fault.hint("a fraction is written as target"));
                return None;
            }
            checked(reader, At { at: percent.at, value: percent.value / 100.0 }, None)
        }
        (Some(_), Some(node)) => {
            let fault = Fault::error("slo.target", "both `target` and `targetPercent`");
            reader.report(node.at, fault.hint("keep one of the two"));
            None
        }
        (None, None) => {
            let fault = Fault::error("field.missing", "`target` is missing");
            reader.report(fields.at, fault.hint("the share of good events, such as 0.999"));
            None
        }
    }
}

/// A target written as a fraction.
pub(in super::super) fn fraction(reader: &mut Reader<'_>, node: &Node) -> Option<At<Target>> {
    let share = reader.number(node)?;
    let hint = (share.value > 1.0).then_some("a percentage is written as a fraction, such as 0.99");
    checked(reader, share, hint)
}

fn checked(
    reader: &mut Reader<'_>,
    share: At<f64>,
    hint: Option<&'static str>,
) -> Option<At<Target>> {
    match Target::from_fraction(share.value) {
        Ok(value) => Some(At { at: share.at, value }),
        Err(error) => {
            let fault = Fault::error("slo.target", error.to_string());
            let hint = hint.unwrap_or(match share.value {
                1.0 => "100 % leaves no budget: burn would have no meaning",
                _ => "the share of good events, such as 0.999",
            });
            reader.report(share.at, fault.hint(hint));
            None
        }
    }
}
