//! OpenSLO's SLO: the objective, its window, and what it measures.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::slices::{Judged, Slicing};
use plimsoll_domain::slo::{Budgeting, Window};

use super::super::Referent;
use super::super::fields::{Fields, Reader};
use super::super::parse::Metadata;
use super::super::position::{At, Fault};
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::{Node, Value};
use super::objective::{self, Objective};
use super::sli::Sli;
use super::window;

/// The `spec` of an SLO.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::may("description", Type::Text, "What is promised, in words"),
    Field::need("service", Type::NameOf(Referent::Service), "Whose SLO it is"),
    Field::need_if(
        "indicatorRef",
        "without `indicator`",
        Type::NameOf(Referent::Sli),
        "What is measured",
    ),
    Field::need_if(
        "indicator",
        "without `indicatorRef`",
        Type::Object(&INLINE),
        "What is measured, written here",
    ),
    Field::need(
        "timeWindow",
        Type::List(&Type::Object(&window::SHAPE)),
        "One window, over which the budget is counted",
    ),
    Field::need(
        "budgetingMethod",
        Type::Word(&["Occurrences", "Timeslices", "RatioTimeslices"]),
        "What counts the same: every event; every slice of time, as good or bad; every slice, for \
         its share of good events",
    ),
    Field::need("objectives", Type::List(&Type::Object(&objective::SHAPE)), "One objective"),
    Field::may(
        "alertPolicies",
        Type::List(&Type::Either(&[
            Type::NameOf(Referent::BurnPolicy),
            Type::Object(&ALERT_POLICY),
        ])),
        "One burn policy: when to alert; `workbook` when left out",
    ),
]);

const INLINE: Shape = Shape::of(&[
    Field::ignored("metadata", "Its name"),
    Field::need("spec", Type::Object(&super::sli::SPEC), "What is counted"),
]);

const ALERT_POLICY: Shape = Shape::of(&[Field::need(
    "alertPolicyRef",
    Type::NameOf(Referent::BurnPolicy),
    "The same as the name alone",
)]);

/// An SLO whose references are not followed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// How people call it.
    pub display_name: Option<String>,
    /// What it promises, in words.
    pub description: Option<String>,
    /// The service it is about.
    pub service: Name,
    /// The objective.
    pub objective: Objective,
    /// The window.
    pub window: At<Window>,
    /// What counts.
    pub budgeting: Budgeting,
    /// What is measured.
    pub indicator: Indicator,
    /// The burn policy; none is the one named `workbook`.
    pub burn_policy: Option<Name>,
}

/// What an SLO measures.
#[derive(Debug, Clone, PartialEq)]
pub enum Indicator {
    /// Written out in the SLO.
    Inline(Sli),
    /// An SLI document.
    Named(Name),
}

/// Reads the `spec` of an SLO.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Slo> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let description = fields.text(reader, "description");
    let service = fields.need(reader, "service").and_then(|node| reader.name(node));
    if let Some(name) = &service {
        reader.refer(Referent::Service, name);
    }
    let indicator = indicator(reader, &mut fields);
    let window = fields.need(reader, "timeWindow").and_then(|node| window::read(reader, node));
    let method = fields.need(reader, "budgetingMethod");
    let method = method.and_then(|node| Some((node, reader.word(node, &METHODS)?)));
    let objective = fields.need(reader, "objectives");
    let objective = objective.and_then(|node| objective::read(reader, node));
    let counted = method.zip(objective.as_ref()).and_then(|((node, method), objective)| {
        budgeting(reader, At { at: node.at, value: method }, objective)
    });
    let burn_policy = fields.get("alertPolicies").and_then(|node| burn_policy(reader, node));
    fields.close(reader);
    Some(Slo {
        display_name: metadata.display_name.clone(),
        description,
        service: service?.value,
        objective: objective?,
        window: window?,
        budgeting: counted?,
        indicator: indicator?,
        burn_policy: burn_policy.map(|name| name.value),
    })
}

fn indicator(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Indicator> {
    match (fields.get("indicatorRef"), fields.get("indicator")) {
        (Some(node), None) => {
            let name = reader.name(node)?;
            reader.refer(Referent::Sli, &name);
            Some(Indicator::Named(name.value))
        }
        (None, Some(node)) => {
            let mut inline = reader.fields(node, &INLINE)?;
            let spec = inline.need(reader, "spec");
            inline.close(reader);
            super::sli::read_spec(reader, spec?).map(Indicator::Inline)
        }
        (Some(_), Some(node)) => {
            let fault = Fault::error("slo.indicator", "both `indicatorRef` and `indicator`");
            reader.report(node.at, fault.hint("keep one of the two"));
            None
        }
        (None, None) => {
            let fault = Fault::error("field.missing", "`indicatorRef` or `indicator` is missing");
            reader.report(fields.at, fault.hint("name an SLI document, or write one inline"));
            None
        }
    }
}

/// The budgeting methods of OpenSLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Occurrences,
    Timeslices,
    RatioTimeslices,
}

const METHODS: [(&str, Method); 3] = [
    ("Occurrences", Method::Occurrences),
    ("Timeslices", Method::Timeslices),
    ("RatioTimeslices", Method::RatioTimeslices),
];

/// The method, with what of the objective belongs to it; the rest of that is reported.
fn budgeting(
    reader: &mut Reader<'_>,
    method: At<Method>,
    objective: &Objective,
) -> Option<Budgeting> {
    let needs_length = method.value != Method::Occurrences;
    let needs_target = method.value == Method::Timeslices;
    let (length, target) = (&objective.slice_length, &objective.slice_target);
    let mut stray = |at, field: &str, methods: &str| {
        let message = format!("`{field}` says nothing here: it belongs to {methods}");
        let fault = Fault::warning("slo.time_slice", message);
        reader.report(at, fault.hint("leave it out, or change `budgetingMethod`"));
    };
    if let Some(length) = length.as_ref().filter(|_| !needs_length) {
        stray(length.at, "timeSliceWindow", "Timeslices and RatioTimeslices");
    }
    if let Some(target) = target.as_ref().filter(|_| !needs_target) {
        stray(target.at, "timeSliceTarget", "Timeslices");
    }
    if !needs_length {
        return Some(Budgeting::Occurrences);
    }
    let mut missing = |field: &str, hint: &str| {
        let message = format!("`{field}` is missing");
        reader.report(objective.at, Fault::error("field.missing", message).hint(hint));
    };
    if length.is_none() {
        missing("timeSliceWindow", "the length of a slice, beside `target`: 5m");
    }
    if needs_target && target.is_none() {
        missing("timeSliceTarget", "the share of a slice's events that must be good: 0.95");
    }
    let length = length.as_ref()?.value;
    let judged = if needs_target { Judged::AtLeast(target.as_ref()?.value) } else { Judged::Share };
    Some(Budgeting::Slices(Slicing { length, judged }))
}

fn burn_policy(reader: &mut Reader<'_>, node: &Node) -> Option<At<Name>> {
    let policies = reader.list(node)?;
    if let Some(second) = policies.get(1) {
        let fault = Fault::error("slo.several_burn_policies", "an SLO has one burn policy");
        reader.report(second.at, fault.hint("one BurnPolicy can hold many arms"));
    }
    let first = policies.first()?;
    let name = match &first.value {
        Value::Map(_) => {
            let mut fields = reader.fields(first, &ALERT_POLICY)?;
            let Some(name) = fields.get("alertPolicyRef") else {
                let fault = Fault::error("slo.alert_policy", "alert policies are not written here");
                let hint = "write a BurnPolicy of plimsoll/v1 and name it";
                reader.report(first.at, fault.hint(hint));
                return None;
            };
            fields.close(reader);
            name
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => first,
    };
    let name = reader.name(name)?;
    reader.refer(Referent::BurnPolicy, &name);
    Some(name)
}
