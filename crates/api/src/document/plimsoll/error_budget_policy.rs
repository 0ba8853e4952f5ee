//! ErrorBudgetPolicy: what each status of the budget permits, by class of change.

use std::collections::BTreeMap;

use plimsoll_domain::catalog::Name;
use plimsoll_domain::release::ChangeClass;
use plimsoll_domain::release::gate::{Policy, Rule, Verdict};
use plimsoll_domain::slo::budget::Status;
use plimsoll_domain::time::Minutes;

use super::super::fields::{Reader, meaning};
use super::super::parse::Metadata;
use super::super::position::{At, Fault};
use super::super::spelling::nearest;
use super::super::yaml::Node;

const VERDICTS: [(&str, Verdict); 3] =
    [("allow", Verdict::Allow), ("warn", Verdict::Warn), ("deny", Verdict::Deny)];

const STATUSES: [Status; 7] = [
    Status::Healthy,
    Status::Caution,
    Status::Warning,
    Status::Exhausted,
    Status::NoTraffic,
    Status::NoData,
    Status::Unmeasured,
];

/// How long a decision holds unless the policy says otherwise.
const VALID_MINUTES_DEFAULT: u32 = 60;

/// Reads the `spec` of an ErrorBudgetPolicy.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Policy> {
    let mut fields = reader.fields(spec)?;
    fields.allow(&["description"]);
    let rules = fields.need(reader, "rules").and_then(|node| rules(reader, node));
    let unmeasured = fields.get("unmeasured").and_then(|node| unmeasured(reader, node));
    let valid = fields.get("validFor").and_then(|node| valid_for(reader, node));
    let enforced = fields.get("enforcedEnvironments").and_then(|node| names(reader, node));
    fields.close(reader);
    // Left out, any unmeasured time is a deny: no verdict out of ignorance.
    let (unmeasured_max, unmeasured_verdict) = unmeasured.unwrap_or((0.0, Verdict::Deny));
    let name = metadata.name.as_ref()?.value.clone();
    Some(Policy {
        name,
        rules: rules?,
        unmeasured_max,
        unmeasured_verdict,
        valid_minutes: valid.map_or(VALID_MINUTES_DEFAULT, |valid| valid.0),
        enforced_environments: enforced.unwrap_or_default(),
    })
}

fn rules(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeMap<Status, Rule>> {
    let fields = reader.fields(node)?;
    let mut rules = BTreeMap::new();
    for (key, node) in fields.entries() {
        let status = STATUSES.into_iter().find(|status| status.as_str() == key.value);
        if status.is_none() {
            unknown(reader, key, "budget status", &STATUSES.map(Status::as_str));
        }
        if let (Some(rule), Some(status)) = (rule(reader, node), status) {
            rules.insert(status, rule);
        }
    }
    Some(rules)
}

fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let mut fields = reader.fields(node)?;
    let default = fields.need(reader, "default").and_then(|node| reader.word(node, &VERDICTS));
    let except = fields.get("except").and_then(|node| except(reader, node));
    let advice = fields.text(reader, "advice");
    fields.close(reader);
    Some(Rule { default: default?, except: except.unwrap_or_default(), advice })
}

fn except(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeMap<ChangeClass, Verdict>> {
    let fields = reader.fields(node)?;
    let (mut except, mut written) = (BTreeMap::new(), BTreeMap::new());
    for (key, node) in fields.entries() {
        let class = ChangeClass::parse(&key.value);
        if class.is_none() {
            unknown(reader, key, "change class", &ChangeClass::ALL.map(ChangeClass::as_str));
        }
        let verdict = reader.word(node, &VERDICTS);
        let Some(class) = class else { continue };
        let first = *written.entry(class).or_insert(key);
        if first.at != key.at {
            let message = format!("`{}` is set twice: first as `{}`", class.as_str(), first.value);
            let fault = Fault::error("error_budget_policy.duplicate_class", message);
            reader.report(key.at, fault.hint("keep one of the two"));
        }
        except.extend(verdict.map(|verdict| (class, verdict)));
    }
    Some(except)
}

fn unknown(reader: &mut Reader<'_>, key: &At<String>, noun: &str, known: &[&str]) {
    let message = format!("`{}` is no {noun}", key.value);
    let fault = Fault::error("field.value", message);
    let near = nearest(&key.value, known.iter().copied());
    let fault = match near {
        Some(_) => meaning(fault, near),
        None => fault.hint(format!("known: {}", known.join(", "))),
    };
    reader.report(key.at, fault);
}

fn unmeasured(reader: &mut Reader<'_>, node: &Node) -> Option<(f64, Verdict)> {
    let mut fields = reader.fields(node)?;
    let max = fields.need(reader, "max").and_then(|node| reader.number(node));
    let verdict = fields.need(reader, "verdict").and_then(|node| reader.word(node, &VERDICTS));
    fields.close(reader);
    let (max, verdict) = (max?, verdict?);
    if !(0.0..=1.0).contains(&max.value) {
        let message = format!("{} is no share from 0 to 1", max.value);
        reader.report(max.at, Fault::error("field.value", message));
    }
    Some((max.value, verdict))
}

fn valid_for(reader: &mut Reader<'_>, node: &Node) -> Option<Minutes> {
    let valid = reader.minutes(node)?;
    let longest = Policy::VALID_LONGEST;
    if valid.value > longest {
        let message = format!("a decision cannot hold for {}: {longest} at most", valid.value);
        let hint = "a length up to 30d; left out, it is 1h";
        reader.report(valid.at, Fault::error("field.value", message).hint(hint));
    }
    Some(valid.value)
}

fn names(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Name>> {
    let nodes = reader.list(node)?;
    Some(nodes.iter().filter_map(|node| reader.name(node)).map(|name| name.value).collect())
}
