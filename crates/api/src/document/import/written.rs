//! From what was found to documents, as YAML.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plimsoll_domain::catalog::Name;

use super::super::suggest::{on_one_line, quoted};
use super::super::{Source, parse};
use super::Reading;
use super::found::{Alerts, Budgeting, Found, Metric, name_of};
use crate::v1::definition::Level;

/// The documents so far.
#[derive(Default)]
pub(super) struct Documents {
    /// In the order found.
    written: Vec<Written>,
    /// Where each is, by kind and name.
    places: BTreeMap<(String, Name), usize>,
}

/// One document.
struct Written {
    yaml: String,
    /// Whether it is a service or a policy.
    is_head: bool,
    /// Whether no file says it: an SLO needs it.
    implied: bool,
}

impl Documents {
    /// All of them: services and policies first, as people would write them.
    pub(super) fn yaml(self) -> String {
        let (head, rest): (Vec<_>, Vec<_>) =
            self.written.into_iter().partition(|written| written.is_head);
        let all = head.into_iter().chain(rest).map(|written| written.yaml);
        all.collect::<Vec<_>>().join("---\n")
    }

    /// Adds what a file says; whether it is the first of its kind and name that one does.
    pub(super) fn add(&mut self, kind: &str, name: &Name, yaml: &str) -> bool {
        let yaml = yaml.trim_end().to_owned() + "\n";
        let written = self.written_as(kind, name);
        let is_first = written.implied;
        if is_first {
            (written.yaml, written.implied) = (yaml, false);
        }
        is_first
    }

    /// Adds what an SLO needs, unless it is there.
    fn imply(&mut self, kind: &str, name: &Name, yaml: String) {
        let written = self.written_as(kind, name);
        if written.yaml.is_empty() {
            written.yaml = yaml;
        }
    }

    /// The document of that kind and name, an empty one that is implied if there is none.
    fn written_as(&mut self, kind: &str, name: &Name) -> &mut Written {
        let next = self.written.len();
        let place = *self.places.entry((kind.to_owned(), name.clone())).or_insert(next);
        if place == next {
            let is_head = matches!(kind, "Service" | "BurnPolicy");
            self.written.push(Written { yaml: String::new(), is_head, implied: true });
        }
        &mut self.written[place]
    }
}

impl Reading<'_, '_> {
    /// Writes one SLO, with its service and burn policy, if the reader of documents takes it.
    pub(super) fn write(&mut self, found: &Found) {
        let service = name_of(&found.service.value);
        let text = document(found, &service);
        let parsed = parse(&[Source { path: "", text: &text }]);
        let errors = parsed.diagnostics.iter().filter(|fault| fault.level == Level::Error);
        let mut taken = true;
        for fault in errors {
            taken = false;
            let message = format!("`{}`: {}", found.called, fault.message);
            self.notes.refused(found.at, message, fault.hint.as_deref());
        }
        let (Some(document), true) = (parsed.documents.into_iter().next(), taken) else { return };
        if !self.documents.add("SLO", &document.name, &text) {
            return self.notes.twice(found.at, "SLO", document.name.as_str());
        }
        self.service(found, &service);
        self.policy(found);
        let what = format!("`{}` is the SLO `{}`", found.called, document.name);
        self.notes.kept(found.at, what);
    }

    /// The service that an SLO needs. It may be in the catalog already, and says nothing more.
    fn service(&mut self, found: &Found, service: &str) {
        let Ok(name) = Name::parse(service) else { return };
        let at = found.service.at;
        if found.service.value != service {
            let message = format!("the service `{}` is called `{service}`", found.service.value);
            self.notes.changed(at, message, Some("a name has letters, digits, `-`, `_` and `.`"));
        }
        self.documents.imply("Service", &name, service_document(service, None, None));
    }

    /// The burn policy of an SLO that does not want all alerts of the default one.
    fn policy(&mut self, found: &Found) {
        let Some(policy) = policy_of(found.alerts) else { return };
        let Ok(name) = Name::parse(policy) else { return };
        let message = format!("alerts that are switched off are recorded by `{policy}`, untold");
        self.notes.changed(found.at, message, None);
        self.documents.imply("BurnPolicy", &name, policy_document(policy, found.alerts));
    }
}

/// A service as a document.
pub(super) fn service_document(
    name: &str,
    display_name: Option<&str>,
    description: Option<&str>,
) -> String {
    let line = |text: &str| quoted(&on_one_line(text));
    let mut text = String::from("apiVersion: openslo/v1\nkind: Service\nmetadata:\n");
    let _ = writeln!(text, "  name: {}", quoted(name));
    if let Some(display_name) = display_name {
        let _ = writeln!(text, "  displayName: {}", line(display_name));
    }
    if let Some(description) = description {
        let _ = writeln!(text, "spec:\n  description: {}", line(description));
    }
    text
}

/// The name of the policy that such alerts need; none for the default.
fn policy_of(alerts: Alerts) -> Option<&'static str> {
    match (alerts.pages, alerts.tickets) {
        (true, true) => None,
        (true, false) => Some("workbook-pages-only"),
        (false, true) => Some("workbook-tickets-only"),
        (false, false) => Some("workbook-untold"),
    }
}

/// The arms of `workbook`, those that are not wanted for the record alone.
fn policy_document(name: &str, alerts: Alerts) -> String {
    let page = if alerts.pages { "page" } else { "log" };
    let ticket = if alerts.tickets { "ticket" } else { "log" };
    format!(
        "apiVersion: plimsoll/v1\nkind: BurnPolicy\nmetadata: {{name: {name}}}\nspec:\n  \
         arms:\n    \
         - {{long: 1h, short: 5m, spends: 0.02, severity: {page}}}\n    \
         - {{long: 6h, short: 30m, spends: 0.05, severity: {page}}}\n    \
         - {{long: 1d, short: 2h, spends: 0.1, severity: {ticket}}}\n    \
         - {{long: 3d, short: 6h, spends: 0.1, severity: {ticket}}}\n  \
         noData: {{after: 10m, severity: {ticket}}}\n"
    )
}

fn document(found: &Found, service: &str) -> String {
    let mut text = String::from("apiVersion: openslo/v1\nkind: SLO\nmetadata:\n");
    let line = |text: &str| quoted(&on_one_line(text));
    let _ = writeln!(text, "  name: {}", quoted(&found.name));
    if let Some(name) = &found.display_name {
        let _ = writeln!(text, "  displayName: {}", line(name));
    }
    for (field, table) in [("labels", &found.labels), ("annotations", &found.annotations)] {
        if !table.is_empty() {
            let _ = writeln!(text, "  {field}:");
        }
        for (key, value) in table {
            let _ = writeln!(text, "    {}: {}", line(key), line(value));
        }
    }
    text += "spec:\n";
    if let Some(description) = &found.description {
        let _ = writeln!(text, "  description: {}", line(description));
    }
    let _ = writeln!(text, "  service: {}", quoted(service));
    let _ = writeln!(text, "  indicator:\n    metadata: {{name: {}}}", quoted(&found.name));
    let (metric, condition) = metric(&found.metric);
    let _ = writeln!(text, "    spec:\n{metric}  timeWindow: [{}]", found.window);
    let Budgeting { method, fields } = &found.budgeting;
    let _ = writeln!(text, "  budgetingMethod: {method}");
    let _ = writeln!(text, "  objectives: [{{{}{condition}{fields}}}]", found.target);
    if let Some(policy) = policy_of(found.alerts) {
        let _ = writeln!(text, "  alertPolicies: [{policy}]");
    }
    text
}

/// The metric of the indicator, and what it adds to the objective.
fn metric(metric: &Metric) -> (String, String) {
    let source = |name: &str, query: &str| {
        let query = quoted(query);
        format!("        {name}: {{metricSource: {{spec: {{query: {query}}}}}}}\n")
    };
    match metric {
        Metric::Ratio { part, query, total } => {
            let (part, total) = (source(part, query), source("total", total));
            (format!("      ratioMetric:\n        counter: true\n{part}{total}"), String::new())
        }
        Metric::Raw { query, of } => {
            let raw = source("raw", query);
            (format!("      ratioMetric:\n{raw}        rawType: {of}\n"), String::new())
        }
        Metric::Gauge { query, condition } => {
            let query = quoted(query);
            let gauge =
                format!("      thresholdMetric: {{metricSource: {{spec: {{query: {query}}}}}}}\n");
            (gauge, format!(", {condition}"))
        }
    }
}
