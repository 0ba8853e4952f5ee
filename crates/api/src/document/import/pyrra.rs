//! Pyrra's ServiceLevelObjective.
//!
//! Pyrra alerts at burns of 14, 7, 2 and 1 over windows that it scales from 28 days, and names no
//! service. A grouping is a budget for each group, which an SLO does not have here, so it is
//! refused: one budget for all would hide the group that fails.

use plimsoll_domain::slo::Window;
use plimsoll_domain::time::Minutes;

use super::super::position::{At, Fault};
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::{Node, Value};
use super::found::{Alerts, Budgeting, Found, Metric, name_of, table};
use super::{Reading, text_at};

const ANY: Type = Type::Table("key", &[], &Type::Text);

const SPEC: Shape = Shape::of(&[
    Field::may("description", Type::Text, "What it promises"),
    Field::need("target", Type::Text, "In per cent"),
    Field::need("window", Type::Text, "The window"),
    Field::need("indicator", ANY, "What is measured"),
    Field::may("alerting", ANY, "Its alerts"),
    Field::ignored("partial_response_strategy", "For Thanos"),
]);

const INDICATOR: Shape = Shape::of(&[
    Field::may("ratio", ANY, "Errors of all"),
    Field::may("latency", ANY, "Fast ones of all"),
    Field::may("latencyNative", ANY, "Fast ones of a native histogram"),
    Field::may("bool_gauge", ANY, "A gauge that is 1 or 0"),
]);

const GROUPING: Field = Field::may("grouping", Type::List(&Type::Text), "A budget for each");
const TOTAL: Field = Field::need("total", ANY, "All events");
const RATIO: Shape = Shape::of(&[Field::need("errors", ANY, "Bad events"), TOTAL, GROUPING]);
const LATENCY: Shape = Shape::of(&[Field::need("success", ANY, "Good events"), TOTAL, GROUPING]);
const NATIVE: Shape =
    Shape::of(&[Field::need("latency", Type::Text, "The threshold"), TOTAL, GROUPING]);
const METRIC: Field = Field::need("metric", Type::Text, "A selector");
const GAUGE: Shape = Shape::of(&[METRIC, GROUPING]);
const QUERY: Shape = Shape::of(&[METRIC]);

/// Reads a ServiceLevelObjective.
pub(super) fn resource(at: &mut Reading<'_, '_>, node: &Node) {
    let Some(spec) = node.get("spec") else {
        return at.notes.refused(node.at, "`spec` is missing", None);
    };
    let metadata = node.get("metadata");
    let name = metadata.and_then(|metadata| metadata.get("name"));
    let Some(name) = name.and_then(|node| at.reader.text(node)) else {
        return at.notes.refused(node.at, "`metadata.name` is missing", None);
    };
    let Some(service) = service(at, metadata, &name) else { return };
    let called = name.clone();
    let found = slo(at, spec, metadata, name, service);
    if found.as_ref().is_some_and(|found| found.alerts == Alerts::ALL) {
        let message = "alerts are those of the burn policy `workbook`: burns of 14.4, 6, 3 and 1 \
                       where Pyrra has 14, 7, 2 and 1";
        at.notes.changed(called.at, message, None);
    }
    at.write_or_miss(called.at, &called.value, found.as_ref());
}

/// The service: by the label that Pyrra hands to its alerts, or the one that is assumed.
fn service(
    at: &mut Reading<'_, '_>,
    metadata: Option<&Node>,
    name: &At<String>,
) -> Option<At<String>> {
    let labelled = metadata.and_then(|metadata| metadata.get("labels")?.get("pyrra.dev/service"));
    if let Some(service) = labelled.and_then(|node| at.reader.text(node)) {
        return Some(service);
    }
    let assumed = at.assumed.service.as_ref().map(ToString::to_string);
    if assumed.is_none() {
        let message = format!("`{}` names no service", name.value);
        let hint = "say which it is with --service, or by the label `pyrra.dev/service`";
        at.notes.refused(name.at, message, Some(hint));
    }
    Some(At { at: name.at, value: assumed? })
}

fn slo(
    at: &mut Reading<'_, '_>,
    spec: &Node,
    metadata: Option<&Node>,
    name: At<String>,
    service: At<String>,
) -> Option<Found> {
    let mut fields = at.reader.fields(spec, &SPEC)?;
    let description = fields.text(at.reader, "description");
    let target = fields.need(at.reader, "target").and_then(|node| target(at, node));
    let window = fields.need(at.reader, "window").and_then(|node| window(at, node));
    let metric = fields.need(at.reader, "indicator").and_then(|node| metric(at, node));
    let alerts = alerts(fields.get("alerting"));
    fields.close(at.reader);
    let namespace = metadata.and_then(|metadata| text_at(metadata, "namespace"));
    let labels = table(metadata.and_then(|metadata| metadata.get("labels")));
    let namespace = namespace.map(|namespace| ("namespace".to_owned(), namespace.to_owned()));
    Some(Found {
        at: name.at,
        name: name_of(&name.value),
        called: name.value,
        display_name: None,
        description: description.filter(|text| !text.trim().is_empty()),
        service,
        labels: labels.into_iter().chain(namespace).collect(),
        annotations: Vec::new(),
        target: target?,
        window: format!("{{duration: {}, isRolling: true}}", window?),
        budgeting: Budgeting::occurrences(),
        metric: metric?,
        alerts,
    })
}

/// A text that is a number, in per cent.
fn target(at: &mut Reading<'_, '_>, node: &Node) -> Option<String> {
    if let Value::Number(value) = node.value {
        return super::sloth::target(at, At { at: node.at, value });
    }
    let text = at.reader.text(node)?.value;
    let Ok(value) = text.trim().parse() else {
        let fault = Fault::error("slo.target", format!("`{text}` is no number"));
        at.fault(node.at, fault.hint("in per cent, such as '99.9'"));
        return None;
    };
    super::sloth::target(at, At { at: node.at, value })
}

fn window(at: &mut Reading<'_, '_>, node: &Node) -> Option<Minutes> {
    let window = at.reader.minutes(node)?;
    let fits = (Window::SHORTEST..=Window::LONGEST).contains(&window.value);
    if !fits {
        let message = format!("a window of {} is not counted", window.value);
        let fault = Fault::error("slo.window", message);
        at.fault(window.at, fault.hint("from 1h to 366d"));
    }
    fits.then_some(window.value)
}

fn alerts(node: Option<&Node>) -> Alerts {
    let is = |key: &str, value: bool| {
        let found = node.and_then(|node| node.get(key)).map(|node| &node.value);
        found == Some(&Value::Bool(value))
    };
    if is("disabled", true) || is("burnrates", false) { Alerts::NONE } else { Alerts::ALL }
}

fn metric(at: &mut Reading<'_, '_>, node: &Node) -> Option<Metric> {
    let mut fields = at.reader.fields(node, &INDICATOR)?;
    let kinds = ["ratio", "latency", "latencyNative", "bool_gauge"];
    let found = kinds.map(|kind| fields.get(kind));
    fields.close(at.reader);
    match found {
        [Some(node), None, None, None] => part(at, node, &RATIO, "errors", "bad"),
        [None, Some(node), None, None] => part(at, node, &LATENCY, "success", "good"),
        [None, None, Some(node), None] => native(at, node),
        [None, None, None, Some(node)] => gauge(at, node),
        _ => {
            let message = "an `indicator` has one of `ratio`, `latency`, `latencyNative`, \
                           `bool_gauge`";
            at.fault(node.at, Fault::error("import.indicator", message));
            None
        }
    }
}

fn part(
    at: &mut Reading<'_, '_>,
    node: &Node,
    shape: &'static Shape,
    key: &'static str,
    part: &'static str,
) -> Option<Metric> {
    let mut fields = at.reader.fields(node, shape)?;
    let of = fields.need(at.reader, key).and_then(|node| selector(at, node));
    let total = fields.need(at.reader, "total").and_then(|node| selector(at, node));
    let grouped = grouped(at, fields.get("grouping"));
    fields.close(at.reader);
    let metric = at.ratio(part, of?, total?)?;
    (!grouped).then_some(metric)
}

fn native(at: &mut Reading<'_, '_>, node: &Node) -> Option<Metric> {
    let mut fields = at.reader.fields(node, &NATIVE)?;
    let latency = fields.need(at.reader, "latency").and_then(|node| seconds(at, node));
    let total = fields.need(at.reader, "total").and_then(|node| selector(at, node));
    let grouped = grouped(at, fields.get("grouping"));
    fields.close(at.reader);
    let histogram = at.reader.text(total?)?.value;
    let query = format!("histogram_fraction(0, {}, sum(rate({}[5m])))", latency?, histogram.trim());
    (!grouped).then_some(Metric::Raw { query, of: "success" })
}

fn gauge(at: &mut Reading<'_, '_>, node: &Node) -> Option<Metric> {
    let mut fields = at.reader.fields(node, &GAUGE)?;
    let metric = fields.need(at.reader, "metric").and_then(|node| at.reader.text(node));
    let grouped = grouped(at, fields.get("grouping"));
    fields.close(at.reader);
    let (query, condition) = (metric?.value, "op: gte, value: 1".to_owned());
    (!grouped).then_some(Metric::Gauge { query, condition })
}

/// The selector of `{metric: …}`.
fn selector<'n>(at: &mut Reading<'_, '_>, node: &'n Node) -> Option<&'n Node> {
    let mut fields = at.reader.fields(node, &QUERY)?;
    let metric = fields.need(at.reader, "metric");
    fields.close(at.reader);
    metric
}

/// A length such as `200ms` or `1s`, in seconds.
fn seconds(at: &mut Reading<'_, '_>, node: &Node) -> Option<f64> {
    const UNITS: [(&str, f64); 4] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3_600.0)];
    let text = at.reader.length(node)?;
    let split = text.value.find(|c: char| c.is_ascii_alphabetic());
    let parsed = split.and_then(|split| {
        let (number, unit) = text.value.split_at(split);
        let (_, seconds) = UNITS.into_iter().find(|(known, _)| *known == unit)?;
        Some(number.parse::<u32>().ok().filter(|number| *number > 0)? as f64 * seconds)
    });
    if parsed.is_none() {
        let message = format!("`{}` is no latency", text.value);
        let hint = "one number and one unit, such as 200ms or 1s";
        at.fault(node.at, Fault::error("field.value", message).hint(hint));
    }
    parsed
}

/// Refuses a grouping; whether there is one.
fn grouped(at: &mut Reading<'_, '_>, node: Option<&Node>) -> bool {
    let Some(node) = node.filter(|node| node.value != Value::List(Vec::new())) else {
        return false;
    };
    let message = "a budget for each group is not counted: one for all would hide a group";
    let hint = "write an SLO for each group that matters, with a matcher for it";
    at.fault(node.at, Fault::error("import.grouping", message).hint(hint));
    true
}
