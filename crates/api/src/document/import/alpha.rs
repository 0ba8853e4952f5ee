//! OpenSLO v1alpha: Service and SLO. Its SLOs hold their queries within their objectives, and may
//! have several of these, which become an SLO each.

use plimsoll_domain::catalog::Name;

use super::super::position::{At, Fault};
use super::super::schema::{Field, Range, Shape, Type};
use super::super::yaml::Node;
use super::found::{Alerts, Budgeting, Found, Metric, name_of, table};
use super::written::service_document;
use super::{Reading, text_at};

const ANY: Type = Type::Table("key", &[], &Type::Text);

const SPEC: Shape = Shape::of(&[
    Field::may("description", Type::Text, "What it promises"),
    Field::need("service", Type::Text, "The service"),
    Field::may("indicator", ANY, "The gauge that all objectives judge"),
    Field::need("timeWindows", Type::List(&ANY), "The window"),
    Field::may("budgetingMethod", Type::Text, "How budget is counted"),
    Field::need("objectives", Type::List(&ANY), "The objectives"),
]);

const INDICATOR: Shape = Shape::of(&[Field::need("thresholdMetric", ANY, "A gauge"), METADATA]);
const METADATA: Field = Field::ignored("metadata", "What it is called");

const OBJECTIVE: Shape = Shape::of(&[
    Field::may("displayName", Type::Text, "How people call it"),
    Field::need("target", Type::Number(Range::ANY), "The share of good events"),
    Field::may("ratioMetrics", ANY, "Good events of all"),
    Field::may("op", Type::Text, "How a good sample compares"),
    Field::may("value", Type::Number(Range::ANY), "With what"),
    Field::may("timeSliceTarget", Type::Number(Range::ANY), "The share of good events in a slice"),
]);

const RATIO: Shape = Shape::of(&[
    Field::may("good", ANY, "Good events"),
    Field::may("bad", ANY, "Bad events"),
    Field::need("total", ANY, "All events"),
    Field::ignored("counter", "Whether the metrics only grow"),
    Field::ignored("incremental", "Whether the metrics only grow"),
]);

const QUERY: Shape = Shape::of(&[
    Field::ignored("source", "Where it is asked"),
    Field::ignored("queryType", "In which language"),
    Field::need("query", Type::Text, "The query"),
    METADATA,
]);

const WINDOW: Shape = Shape::of(&[
    Field::need("unit", Type::Text, "The unit"),
    Field::need("count", Type::Number(Range::ANY), "How many"),
    Field::may("isRolling", Type::Boolean, "Whether it rolls"),
    Field::may("calendar", ANY, "Where it begins"),
]);

/// Reads one document.
pub(super) fn document(at: &mut Reading<'_, '_>, node: &Node, kind: &str) {
    let metadata = node.get("metadata");
    let name = metadata.and_then(|metadata| metadata.get("name"));
    let Some(name) = name.and_then(|node| at.reader.text(node)) else {
        return at.notes.refused(node.at, "`metadata.name` is missing", None);
    };
    let display_name = metadata.and_then(|metadata| metadata.get("displayName"));
    let display_name = display_name.and_then(|node| at.reader.text(node)).map(|text| text.value);
    match (kind, node.get("spec")) {
        ("Service", spec) => service(at, &name, display_name.as_deref(), spec),
        ("SLO", Some(spec)) => slos(at, spec, &name, display_name, metadata),
        ("SLO", None) => at.notes.refused(node.at, "`spec` is missing", None),
        _ => {
            let message = format!("{kind} of openslo/v1alpha is not read");
            at.notes.refused(node.at, message, Some("read are Service and SLO"));
        }
    }
}

fn service(
    at: &mut Reading<'_, '_>,
    called: &At<String>,
    display_name: Option<&str>,
    spec: Option<&Node>,
) {
    let service = name_of(&called.value);
    let Ok(name) = Name::parse(&service) else {
        let message = format!("`{}` is no name", called.value);
        return at.notes.refused(called.at, message, None);
    };
    let description = spec.and_then(|spec| text_at(spec, "description"));
    let yaml = service_document(&service, display_name, description);
    if at.documents.add("Service", &name, &yaml) {
        at.notes.kept(called.at, format!("`{}` is the Service `{name}`", called.value));
    } else {
        at.notes.twice(called.at, "Service", &service);
    }
}

fn slos(
    at: &mut Reading<'_, '_>,
    spec: &Node,
    name: &At<String>,
    display_name: Option<String>,
    metadata: Option<&Node>,
) {
    let Some(mut fields) = at.reader.fields(spec, &SPEC) else { return };
    let description = fields.text(at.reader, "description");
    let service = fields.need(at.reader, "service").and_then(|node| at.reader.text(node));
    let gauge = fields.get("indicator").and_then(|node| gauge(at, node));
    let window = fields.need(at.reader, "timeWindows").and_then(|node| window(at, node));
    let method = fields.get("budgetingMethod").and_then(|node| at.reader.text(node));
    let objectives = fields.need(at.reader, "objectives").and_then(|node| at.reader.list(node));
    fields.close(at.reader);
    let (Some(service), Some(window), Some(objectives)) = (service, window, objectives) else {
        return;
    };
    if objectives.is_empty() {
        at.notes.refused(name.at, format!("`{}` has no objective", name.value), None);
    }
    if objectives.len() > 1 {
        let message = format!("its {} objectives are an SLO each", objectives.len());
        at.notes.changed(name.at, message, None);
    }
    for (number, node) in objectives.iter().enumerate() {
        let objective = objective(at, node, gauge.as_deref(), method.as_ref());
        let Some(objective) = objective else {
            at.write_or_miss(node.at, &name.value, None);
            continue;
        };
        let several = objectives.len() > 1;
        let suffix = if several { format!("-{}", number + 1) } else { String::new() };
        let own = [display_name.clone(), objective.display_name].into_iter().flatten();
        let display_name = own.collect::<Vec<_>>().join(": ");
        at.write(&Found {
            at: node.at,
            called: name.value.clone(),
            name: name_of(&format!("{}{suffix}", name.value)),
            display_name: (!display_name.is_empty()).then_some(display_name),
            description: description.clone(),
            service: service.clone(),
            labels: table(metadata.and_then(|metadata| metadata.get("labels"))),
            annotations: Vec::new(),
            target: objective.target,
            window: window.clone(),
            budgeting: objective.budgeting,
            metric: objective.metric,
            alerts: Alerts::ALL,
        });
    }
}

struct Objective {
    display_name: Option<String>,
    target: String,
    budgeting: Budgeting,
    metric: Metric,
}

fn objective(
    at: &mut Reading<'_, '_>,
    node: &Node,
    gauge: Option<&str>,
    method: Option<&At<String>>,
) -> Option<Objective> {
    let mut fields = at.reader.fields(node, &OBJECTIVE)?;
    let display_name = fields.text(at.reader, "displayName");
    let target = fields.need(at.reader, "target").and_then(|node| at.reader.number(node));
    let (op, value) = (fields.text(at.reader, "op"), fields.get("value"));
    let value = value.and_then(|node| at.reader.number(node));
    let ratio = fields.get("ratioMetrics");
    let slice_target = fields.get("timeSliceTarget").and_then(|node| at.reader.number(node));
    fields.close(at.reader);
    let budgeting = budgeting(at, method, slice_target);
    let metric = match (ratio, gauge, op, value) {
        (Some(ratio), _, _, _) => self::ratio(at, ratio)?,
        (None, Some(query), Some(op), Some(value)) => Metric::Gauge {
            query: query.to_owned(),
            condition: format!("op: {op}, value: {}", value.value),
        },
        (None, _, _, _) => {
            let message = "an objective has `ratioMetrics`, or `op` and `value` for a \
                           `thresholdMetric`";
            at.fault(node.at, Fault::error("import.objective", message));
            return None;
        }
    };
    let target = format!("target: {}", target?.value);
    Some(Objective { display_name, target, budgeting: budgeting?, metric })
}

/// What counts. The format does not say how long a slice is.
fn budgeting(
    at: &mut Reading<'_, '_>,
    method: Option<&At<String>>,
    target: Option<At<f64>>,
) -> Option<Budgeting> {
    let Some(method) = method.filter(|method| method.value != "Occurrences") else {
        return Some(Budgeting::occurrences());
    };
    if method.value != "Timeslices" {
        let fault = Fault::error("slo.method", format!("`{}` is no method", method.value));
        at.fault(method.at, fault.hint("methods are Occurrences and Timeslices"));
        return None;
    }
    let Some(target) = target else {
        let fault = Fault::error("field.missing", "`timeSliceTarget` is missing");
        at.fault(method.at, fault.hint("Timeslices needs it in each objective"));
        return None;
    };
    let hint = "`timeSliceWindow` says how long they are";
    at.notes.changed(method.at, "slices are 1m long: their length is not said", Some(hint));
    let fields = format!(", timeSliceTarget: {}, timeSliceWindow: 1m", target.value);
    Some(Budgeting { method: "Timeslices", fields })
}

fn ratio(at: &mut Reading<'_, '_>, node: &Node) -> Option<Metric> {
    let mut fields = at.reader.fields(node, &RATIO)?;
    let (good, bad) = (fields.get("good"), fields.get("bad"));
    let total = fields.need(at.reader, "total").and_then(|node| query(at, node));
    fields.close(at.reader);
    match (good, bad) {
        (Some(node), None) => {
            let good = query(at, node)?;
            at.ratio("good", good, total?)
        }
        (None, Some(node)) => {
            let bad = query(at, node)?;
            at.ratio("bad", bad, total?)
        }
        (Some(_), Some(_)) | (None, None) => {
            let message = "`ratioMetrics` has `total`, and `good` or `bad`";
            at.fault(node.at, Fault::error("import.ratio", message));
            None
        }
    }
}

fn gauge(at: &mut Reading<'_, '_>, node: &Node) -> Option<String> {
    let mut fields = at.reader.fields(node, &INDICATOR)?;
    let metric = fields.need(at.reader, "thresholdMetric").and_then(|node| query(at, node));
    fields.close(at.reader);
    at.reader.text(metric?).map(|text| text.value)
}

fn query<'n>(at: &mut Reading<'_, '_>, node: &'n Node) -> Option<&'n Node> {
    let mut fields = at.reader.fields(node, &QUERY)?;
    let query = fields.need(at.reader, "query");
    fields.close(at.reader);
    query
}

/// The one window, as v1 writes it.
fn window(at: &mut Reading<'_, '_>, node: &Node) -> Option<String> {
    const UNITS: [(&str, &str, &str); 6] = [
        ("Hour", "h", "h"),
        ("Day", "d", "d"),
        ("Week", "w", "w"),
        ("Month", "M", "30d"),
        ("Quarter", "Q", "90d"),
        ("Year", "Y", "365d"),
    ];
    let windows = at.reader.list(node)?;
    let [node] = windows else {
        let message = format!("an SLO has one window, not {}", windows.len());
        at.fault(node.at, Fault::error("slo.window", message));
        return None;
    };
    let mut fields = at.reader.fields(node, &WINDOW)?;
    let unit = fields.need(at.reader, "unit").and_then(|node| at.reader.text(node));
    let count = fields.need(at.reader, "count").and_then(|node| at.reader.whole(node, 1, 1_000));
    let rolling = fields.get("isRolling").and_then(|node| at.reader.boolean(node));
    let calendar = table(fields.get("calendar"));
    fields.close(at.reader);
    let (unit, count) = (unit?, count?);
    let known = UNITS.into_iter().find(|(word, _, _)| *word == unit.value);
    let Some((_, by_calendar, by_clock)) = known else {
        let fault = Fault::error("slo.window", format!("`{}` is no unit of a window", unit.value));
        at.fault(unit.at, fault.hint("units are Hour, Day, Week, Month, Quarter and Year"));
        return None;
    };
    let of = |key: &str| calendar.iter().find(|(known, _)| known == key).map(|(_, text)| text);
    if let (Some(start), Some(zone)) = (of("startTime"), of("timeZone"))
        && rolling != Some(true)
    {
        return Some(format!(
            "{{duration: {count}{by_calendar}, isRolling: false, calendar: {{startTime: '{start}', \
             timeZone: '{zone}'}}}}"
        ));
    }
    let rolling = "isRolling: true";
    let Some(days) = by_clock.strip_suffix('d').and_then(|days| days.parse::<u32>().ok()) else {
        return Some(format!("{{duration: {count}{by_clock}, {rolling}}}"));
    };
    let length = count.saturating_mul(days);
    let message = format!("{count} {} of a window that rolls is {length} days", unit.value);
    at.notes.changed(unit.at, message, Some("a calendar makes them what they are by the clocks"));
    Some(format!("{{duration: {length}d, {rolling}}}"))
}
