//! Sloth's SLOs, in both of its forms: a file (`prometheus/v1`) and the Kubernetes resource
//! PrometheusServiceLevel, which differ in how they spell their fields.
//!
//! Sloth alerts by the arms of the workbook, which are ours, too. Its 30-day figure is the mean of
//! ratios of five minutes; here every event counts the same.

use plimsoll_domain::slo::Target;

use super::super::fields::Fields;
use super::super::position::{At, Fault};
use super::super::schema::{Field, Range, Shape, Type};
use super::super::yaml::{Node, Value};
use super::found::{Alerts, Budgeting, Found, Metric, name_of, table};
use super::{Reading, text_at};

/// How a form spells what is in it.
struct Form {
    spec: &'static Shape,
    slo: &'static Shape,
    sli: &'static Shape,
    events: &'static Shape,
    raw: &'static Shape,
    alerting: &'static Shape,
    error_query: &'static str,
    total_query: &'static str,
    error_ratio_query: &'static str,
    page_alert: &'static str,
    ticket_alert: &'static str,
}

const FILE: Form = Form {
    spec: &FILE_SPEC,
    slo: &FILE_SLO,
    sli: &FILE_SLI,
    events: &Shape::of(&[
        Field::need("error_query", Type::Text, "Bad events"),
        Field::need("total_query", Type::Text, "All events"),
    ]),
    raw: &Shape::of(&[Field::need("error_ratio_query", Type::Text, "The share of bad events")]),
    alerting: &Shape::of(&[NAME, LABELS, ANNOTATIONS, PAGE_FILE, TICKET_FILE]),
    error_query: "error_query",
    total_query: "total_query",
    error_ratio_query: "error_ratio_query",
    page_alert: "page_alert",
    ticket_alert: "ticket_alert",
};

const RESOURCE: Form = Form {
    spec: &RESOURCE_SPEC,
    slo: &RESOURCE_SLO,
    sli: &RESOURCE_SLI,
    events: &Shape::of(&[
        Field::need("errorQuery", Type::Text, "Bad events"),
        Field::need("totalQuery", Type::Text, "All events"),
    ]),
    raw: &Shape::of(&[Field::need("errorRatioQuery", Type::Text, "The share of bad events")]),
    alerting: &Shape::of(&[NAME, LABELS, ANNOTATIONS, PAGE_RESOURCE, TICKET_RESOURCE]),
    error_query: "errorQuery",
    total_query: "totalQuery",
    error_ratio_query: "errorRatioQuery",
    page_alert: "pageAlert",
    ticket_alert: "ticketAlert",
};

const ANY: Type = Type::Table("key", &[], &Type::Text);
const NAME: Field = Field::may("name", Type::Text, "What it is called");
const LABELS: Field = Field::may("labels", ANY, "Labels");
const ANNOTATIONS: Field = Field::may("annotations", ANY, "Annotations");
const SERVICE: Field = Field::need("service", Type::Text, "The service");
const SLOS: Field = Field::need("slos", Type::List(&ANY), "The SLOs");
const SLO_NAME: Field = Field::need("name", Type::Text, "What it is called");
const DESCRIPTION: Field = Field::may("description", Type::Text, "What it promises");
const OBJECTIVE: Field = Field::need("objective", Type::Number(Range::ANY), "In per cent");
const SLI: Field = Field::need("sli", ANY, "What is measured");
const ALERTING: Field = Field::may("alerting", ANY, "Its alerts");
const EVENTS: Field = Field::may("events", ANY, "By counts");
const RAW: Field = Field::may("raw", ANY, "By one share");
const PLUGIN: Field = Field::may("plugin", ANY, "By a program");
const PAGE_FILE: Field = Field::may("page_alert", ANY, "Pages");
const TICKET_FILE: Field = Field::may("ticket_alert", ANY, "Tickets");
const PAGE_RESOURCE: Field = Field::may("pageAlert", ANY, "Pages");
const TICKET_RESOURCE: Field = Field::may("ticketAlert", ANY, "Tickets");

const FILE_SPEC: Shape =
    Shape::of(&[Field::need("version", Type::Text, "The form"), SERVICE, LABELS, SLOS]);
const FILE_SLO: Shape = Shape::of(&[SLO_NAME, DESCRIPTION, OBJECTIVE, LABELS, SLI, ALERTING]);
const FILE_SLI: Shape = Shape::of(&[EVENTS, RAW, PLUGIN]);
const RESOURCE_SPEC: Shape = Shape::of(&[SERVICE, LABELS, SLOS]);
const RESOURCE_SLO: Shape = Shape::of(&[SLO_NAME, DESCRIPTION, OBJECTIVE, LABELS, SLI, ALERTING]);
const RESOURCE_SLI: Shape = Shape::of(&[EVENTS, RAW, PLUGIN]);

/// Reads a file of Sloth.
pub(super) fn file(at: &mut Reading<'_, '_>, node: &Node) {
    service_level(at, node, &FILE);
}

/// Reads a PrometheusServiceLevel.
pub(super) fn resource(at: &mut Reading<'_, '_>, node: &Node) {
    match node.get("spec") {
        Some(spec) => service_level(at, spec, &RESOURCE),
        None => at.notes.refused(node.at, "`spec` is missing", None),
    }
}

fn service_level(at: &mut Reading<'_, '_>, node: &Node, form: &Form) {
    let Some(mut fields) = at.reader.fields(node, form.spec) else { return };
    let service = fields.need(at.reader, "service").and_then(|node| at.reader.text(node));
    let labels = table(fields.get("labels"));
    let slos = fields.need(at.reader, "slos").and_then(|node| at.reader.list(node));
    fields.close(at.reader);
    let (Some(service), Some(slos)) = (service, slos) else { return };
    let window = at.assumed.window;
    let message = format!("the window is {window}: a file of Sloth does not say which it is");
    let hint = "it is an option of Sloth, --default-slo-period; here it is --window";
    at.notes.changed(node.at, message, Some(hint));
    for node in slos {
        let found = slo(at, node, form, &service, &labels);
        let called = text_at(node, "name").unwrap_or("an SLO without a name");
        at.write_or_miss(node.at, called, found.as_ref());
    }
}

fn slo(
    at: &mut Reading<'_, '_>,
    node: &Node,
    form: &Form,
    service: &At<String>,
    of_all: &[(String, String)],
) -> Option<Found> {
    let mut fields = at.reader.fields(node, form.slo)?;
    let called = fields.need(at.reader, "name").and_then(|node| at.reader.text(node));
    let description = fields.text(at.reader, "description");
    let target = fields.need(at.reader, "objective").and_then(|node| percent(at, node));
    let metric = fields.need(at.reader, "sli").and_then(|node| metric(at, node, form));
    let own = table(fields.get("labels"));
    let (annotations, alerts) = alerting(at, &mut fields, form);
    fields.close(at.reader);
    let called = called?;
    Some(Found {
        at: called.at,
        name: name_of(&format!("{}-{}", name_of(&service.value), called.value)),
        called: called.value,
        display_name: None,
        description,
        service: service.clone(),
        labels: merged(of_all, own),
        annotations,
        target: target?,
        window: format!("{{duration: {}, isRolling: true}}", at.assumed.window),
        budgeting: Budgeting::occurrences(),
        metric: metric?,
        alerts,
    })
}

/// Labels of all SLOs of a file, where the SLO has none of that name.
fn merged(of_all: &[(String, String)], own: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_own = |key: &String| own.iter().any(|(own, _)| own == key);
    let inherited: Vec<_> = of_all.iter().filter(|(key, _)| !is_own(key)).cloned().collect();
    inherited.into_iter().chain(own).collect()
}

fn percent(at: &mut Reading<'_, '_>, node: &Node) -> Option<String> {
    let percent = at.reader.number(node)?;
    target(at, percent)
}

/// A target written in per cent.
pub(super) fn target(at: &mut Reading<'_, '_>, percent: At<f64>) -> Option<String> {
    if let Err(error) = Target::from_fraction(percent.value / 100.0) {
        let fault = Fault::error("slo.target", format!("{} %: {error}", percent.value));
        at.fault(percent.at, fault.hint("in per cent, above 0 and below 100, such as 99.9"));
        return None;
    }
    Some(format!("targetPercent: {}", percent.value))
}

fn metric(at: &mut Reading<'_, '_>, node: &Node, form: &Form) -> Option<Metric> {
    let mut fields = at.reader.fields(node, form.sli)?;
    let (events, raw, plugin) = (fields.get("events"), fields.get("raw"), fields.get("plugin"));
    fields.close(at.reader);
    match (events, raw, plugin) {
        (Some(node), None, None) => {
            let mut fields = at.reader.fields(node, form.events)?;
            let errors = fields.need(at.reader, form.error_query);
            let total = fields.need(at.reader, form.total_query);
            fields.close(at.reader);
            at.ratio("bad", errors?, total?)
        }
        (None, Some(node), None) => {
            let mut fields = at.reader.fields(node, form.raw)?;
            let query = fields.need(at.reader, form.error_ratio_query);
            fields.close(at.reader);
            at.raw("failure", query?)
        }
        (None, None, Some(node)) => {
            let fault = Fault::error("import.plugin", "what a plugin measures is not known here");
            let hint = "write its queries out: `sloth generate` shows them";
            at.fault(node.at, fault.hint(hint));
            None
        }
        _ => {
            let fault = Fault::error("import.sli", "an `sli` has one of `events`, `raw`, `plugin`");
            at.fault(node.at, fault);
            None
        }
    }
}

/// The annotations of the alerts, and which are wanted.
fn alerting(
    at: &mut Reading<'_, '_>,
    fields: &mut Fields<'_>,
    form: &Form,
) -> (Vec<(String, String)>, Alerts) {
    let Some(node) = fields.get("alerting") else { return (Vec::new(), Alerts::ALL) };
    let Some(mut fields) = at.reader.fields(node, form.alerting) else {
        return (Vec::new(), Alerts::ALL);
    };
    let annotations = table(fields.get("annotations"));
    let (page, ticket) = (fields.get(form.page_alert), fields.get(form.ticket_alert));
    let routed = [fields.get("labels"), page, ticket];
    if let Some(node) = routed.into_iter().flatten().find(|node| routes(node)) {
        let hint = "who is told is the receiver of the service's owner";
        at.notes.changed(node.at, "labels of alerts route nothing here", Some(hint));
    }
    // What alerts are called is Sloth's: here they are named by their SLO.
    let _ = fields.get("name");
    fields.close(at.reader);
    let is_on = |node: Option<&Node>| {
        let disable = node.and_then(|node| node.get("disable")).map(|node| &node.value);
        disable != Some(&Value::Bool(true))
    };
    (annotations, Alerts { pages: is_on(page), tickets: is_on(ticket) })
}

/// Whether there are labels by which an Alertmanager would route.
fn routes(node: &Node) -> bool {
    let labels = node.get("labels").unwrap_or(node);
    table(Some(labels)).iter().any(|(key, _)| key != "disable")
}
