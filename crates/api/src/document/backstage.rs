//! Backstage's catalog (backstage.io/docs/features/software-catalog/descriptor-format): Component
//! and Group. Their schema is open, so fields not known here are accepted.

use plimsoll_domain::catalog::{Name, Tier};

use super::Referent;
use super::fields::Reader;
use super::parse::Metadata;
use super::position::{At, Fault};
use super::yaml::{Node, Value};

const TIER: &str = "plimsoll.dev/tier";
const BUDGET_POLICY: &str = "plimsoll.dev/error-budget-policy";

/// A Component: a service with its owner and dependencies.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// How people call it.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// The owning team.
    pub owner: Option<Name>,
    /// Its tier.
    pub tier: Option<Tier>,
    /// The components it calls.
    pub depends_on: Vec<Name>,
    /// The error-budget policy its gates use.
    pub budget_policy: Option<Name>,
}

/// A Group: a team.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How people call it.
    pub display_name: Option<String>,
}

pub(super) fn component(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Component> {
    let mut fields = reader.fields(spec)?;
    let owner = fields.get("owner").and_then(|node| owner(reader, node));
    let depends_on = fields.get("dependsOn").and_then(|node| depends_on(reader, node));
    let noted = |key| metadata.annotations.iter().find(|(name, _)| name.value == key);
    let tier = noted(TIER).and_then(|(_, node)| tier(reader, node));
    let budget_policy = noted(BUDGET_POLICY).and_then(|(_, node)| reader.name(node));
    if let Some(name) = &budget_policy {
        reader.refer(Referent::ErrorBudgetPolicy, name);
    }
    Some(Component {
        display_name: metadata.display_name.clone(),
        description: metadata.description.clone(),
        owner,
        tier,
        depends_on: depends_on.unwrap_or_default(),
        budget_policy: budget_policy.map(|name| name.value),
    })
}

pub(super) fn group(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Group> {
    let mut fields = reader.fields(spec)?;
    let profile = fields.get("profile").and_then(|node| reader.fields(node));
    let of_profile = profile.and_then(|mut profile| profile.text(reader, "displayName"));
    Some(Group { display_name: of_profile.or_else(|| metadata.display_name.clone()) })
}

/// An entity reference, `[kind:][namespace/]name`.
struct Entity {
    kind: Option<String>,
    name: At<Name>,
}

fn entity(reader: &mut Reader<'_>, node: &Node) -> Option<Entity> {
    let text = reader.text(node)?;
    let (kind, rest) = match text.value.split_once(':') {
        Some((kind, rest)) => (Some(kind.to_lowercase()), rest),
        None => (None, text.value.as_str()),
    };
    let name = match rest.split_once('/') {
        Some(("default", name)) => name,
        Some((namespace, _)) => {
            let message = format!("the namespace `{namespace}` is not known");
            let hint = "Plimsoll has one namespace, `default`";
            reader.report(text.at, Fault::error("entity.namespace", message).hint(hint));
            return None;
        }
        None => rest,
    };
    Some(Entity { kind, name: reader.name_of(text.at, name)? })
}

fn owner(reader: &mut Reader<'_>, node: &Node) -> Option<Name> {
    let owner = entity(reader, node)?;
    if let Some(kind) = owner.kind.filter(|kind| kind != "group") {
        let fault = Fault::error("entity.kind", format!("a {kind} cannot own a component"));
        reader.report(node.at, fault.hint("name a team: group:NAME"));
        return None;
    }
    reader.refer(Referent::Team, &owner.name);
    Some(owner.name.value)
}

/// The components among the dependencies; resources and APIs are no services.
fn depends_on(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    for node in reader.list(node)? {
        let Some(dependency) = entity(reader, node) else { continue };
        if dependency.kind.is_none_or(|kind| kind == "component") {
            reader.refer(Referent::Service, &dependency.name);
            names.push(dependency.name.value);
        }
    }
    Some(names)
}

fn tier(reader: &mut Reader<'_>, node: &Node) -> Option<Tier> {
    let number = match &node.value {
        Value::Text(text) => text.parse().ok(),
        Value::Number(number) => Some(*number),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => None,
    };
    let tier = [1_u8, 2, 3, 4].into_iter().find(|tier| number == Some(f64::from(*tier)));
    if tier.is_none() {
        let message = format!("{} is no tier", node.value.describe());
        let hint = "\"1\" (most critical) to \"4\"";
        reader.report(node.at, Fault::error("service.tier", message).hint(hint));
    }
    tier.and_then(Tier::new)
}
