//! Backstage's catalog (backstage.io/docs/features/software-catalog/descriptor-format): Component
//! and Group. Their schema is open, so fields not known here are accepted.

use plimsoll_domain::catalog::{Name, Tier};

use super::Referent;
use super::fields::Reader;
use super::parse::{API_VERSION, KIND, Metadata};
use super::position::{At, Fault};
use super::schema::{Field, Shape, Type};
use super::yaml::{Node, Value};

const TIER: &str = "plimsoll.dev/tier";
const BUDGET_POLICY: &str = "plimsoll.dev/error-budget-policy";

/// What an entity says about itself. What is not known here may mean something elsewhere.
pub(super) const METADATA: Shape = Shape::open(&[
    Field::need("name", Type::Name, "Its name, unique among entities of its kind"),
    Field::may("title", Type::Text, "How people call it"),
    Field::may("description", Type::Text, "What it is or does"),
    Field::may("annotations", Type::Object(&ANNOTATIONS), "Notes for programs"),
    Field::ignored("labels", "Labels for other programs"),
]);

/// Annotations are read of Components.
const ANNOTATIONS: Shape = Shape::open(&[
    Field::may(
        TIER,
        Type::Word(&["1", "2", "3", "4"]),
        "Of a Component: how much depends on it, from \"1\" (most critical) to \"4\"",
    ),
    Field::may(
        BUDGET_POLICY,
        Type::NameOf(Referent::ErrorBudgetPolicy),
        "Of a Component: by which policy its budgets are judged and its gates decide; the one \
         named `default` when left out",
    ),
]);

/// What it says about itself, in any entity.
const ABOUT: Field = Field::need("metadata", Type::Object(&METADATA), "What it says about itself");
/// What Backstage adds when it is asked for an entity.
const ADDED: [Field; 2] = [
    Field::ignored("relations", "What Backstage works out"),
    Field::ignored("status", "What Backstage works out"),
];

/// A Component's document.
pub(super) const COMPONENT: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&COMPONENT_SPEC), "Who owns it, and what it calls"),
    ADDED[0],
    ADDED[1],
]);

/// A Group's document.
pub(super) const GROUP: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&GROUP_SPEC), "Its profile"),
    ADDED[0],
    ADDED[1],
]);

const COMPONENT_SPEC: Shape = Shape::open(&[
    Field::may(
        "owner",
        Type::Text,
        "The owning team: `NAME`, `group:NAME` or `group:default/NAME`",
    ),
    Field::or(
        "dependsOn",
        "[]",
        Type::List(&Type::Text),
        "What it calls, as `component:NAME`; resources and APIs are passed over",
    ),
    Field::ignored("type", "Such as `service`"),
    Field::ignored("lifecycle", "Such as `production`"),
    Field::ignored("system", "The system it is part of"),
]);

const GROUP_SPEC: Shape = Shape::open(&[
    Field::may("profile", Type::Object(&PROFILE), "How it shows itself"),
    Field::ignored("type", "Such as `team`"),
    Field::ignored("children", "Groups below it"),
]);

const PROFILE: Shape =
    Shape::open(&[Field::may("displayName", Type::Text, "How people call it; wins over `title`")]);

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
    let mut fields = reader.fields(spec, &COMPONENT_SPEC)?;
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
    let mut fields = reader.fields(spec, &GROUP_SPEC)?;
    let profile = fields.get("profile").and_then(|node| reader.fields(node, &PROFILE));
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
