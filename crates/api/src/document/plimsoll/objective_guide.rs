//! ObjectiveGuide: which targets fit which use and tier, and indicators for common types of
//! service.
//!
//! Queries are checked as those of an SLI are, with the place of the service standing in them.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_domain::catalog::{Name, Tier};
use plimsoll_domain::slo::Target;
use plimsoll_domain::slo::budget::Status;
use plimsoll_domain::slo::guide::{Choice, Guide, Measures, Preset, ServiceType, Start};
use plimsoll_domain::slo::tally::Part;

use super::super::fields::{Fields, Reader};
use super::super::openslo::objective::{condition, fraction};
use super::super::parse::Metadata;
use super::super::position::{At, Fault};
use super::super::promql;
use super::super::schema::{Field, Range, Shape, Type};
use super::super::yaml::Node;
use super::{STATUS_WORDS, status};

/// The words of tiers.
const TIERS: [&str; 4] = ["1", "2", "3", "4"];

const TARGET: Type = Type::Number(Range::PART);

/// The `spec` of an ObjectiveGuide.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::ignored("description", "What it is for"),
    Field::need(
        "targets",
        Type::List(&Type::Object(&CHOICE)),
        "Targets to choose from, loosest first; what each allows is computed for a window",
    ),
    Field::or("starting", "[]", Type::List(&Type::Object(&START)), "What to begin with"),
    Field::or(
        "tiers",
        "{}",
        Type::Table("tier", &TIERS, &TARGET),
        "The strictest target that fits a tier; a stricter one is a warning",
    ),
    Field::or(
        "cadence",
        "{}",
        Type::Table("tier", &TIERS, &Type::Table("status", &STATUS_WORDS, &Type::Text)),
        "How often to deploy and how much at a time, in words, by tier and by the status of a \
         service's gravest budget",
    ),
    Field::may("raising", Type::Text, "Said to whoever raises a target: a rule of thumb in words"),
    Field::or(
        "serviceTypes",
        "[]",
        Type::List(&Type::Object(&SERVICE_TYPE)),
        "Types of service, from which `plimsoll slos suggest` writes SLIs and SLOs",
    ),
]);

const CHOICE: Shape = Shape::of(&[
    Field::need("target", TARGET, "The share of events that must be good"),
    Field::need("uses", Type::List(&Type::Text), "What it is for, a few words each"),
    Field::may("effort", Type::Text, "How much it asks of those who keep it"),
]);

const START: Shape = Shape::of(&[
    Field::need("of", Type::Text, "Of what it is the objective"),
    Field::need("target", TARGET, "The share of events that must be good"),
]);

const SERVICE_TYPE: Shape = Shape::of(&[
    Field::need("name", Type::Name, "What `--type` takes"),
    Field::may("displayName", Type::Text, "How people call it"),
    Field::may("description", Type::Text, "Which metrics it is assumed to have"),
    Field::need("objectives", Type::List(&Type::Object(&PRESET)), "An SLI and an SLO for each"),
]);

const PRESET: Shape = Shape::of(&[
    Field::need("name", Type::Name, "Follows the service's name in that of the SLO"),
    Field::may("description", Type::Text, "What it promises, in words"),
    Field::need("target", TARGET, "The share of events that must be good"),
    Field::need_if("good", "without `bad` and `gauge`", Type::Text, "A counter of good events"),
    Field::need_if("bad", "without `good` and `gauge`", Type::Text, "A counter of bad events"),
    Field::need_if("total", "without `gauge`", Type::Text, "A counter of all events"),
    Field::need_if("gauge", "without `total`", Type::Text, "A gauge, whose samples are judged"),
    Field::need_if(
        "op",
        "with `gauge`",
        Type::Word(&["lt", "lte", "gt", "gte"]),
        "How good samples compare with `value`",
    ),
    Field::need_if("value", "with `gauge`", Type::Number(Range::ANY), "The bound of good samples"),
]);

/// Reads the `spec` of an ObjectiveGuide.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Guide> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let targets = fields.need(reader, "targets").and_then(|node| choices(reader, node));
    let starting = fields.get("starting").and_then(|node| each(reader, node, start));
    let tiers = fields.get("tiers").and_then(|node| tiers(reader, node));
    let cadence = fields.get("cadence").and_then(|node| cadence(reader, node));
    let raising = fields.text(reader, "raising");
    let types = fields.get("serviceTypes").and_then(|node| each(reader, node, service_type));
    fields.close(reader);
    let types = types.unwrap_or_default();
    told_apart(reader, "types of service", types.iter().map(|of| &of.name));
    Some(Guide {
        name: metadata.name.as_ref()?.value.clone(),
        targets: targets?,
        starting: starting.unwrap_or_default(),
        tiers: tiers.unwrap_or_default(),
        cadence: cadence.unwrap_or_default(),
        raising,
        service_types: types.into_iter().map(|of| of.value).collect(),
    })
}

/// Something with the name that it goes by.
struct Called<T> {
    name: At<Name>,
    value: T,
}

/// Every item of a list that can be read.
fn each<T>(
    reader: &mut Reader<'_>,
    node: &Node,
    read: fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Option<Vec<T>> {
    let items = reader.list(node)?;
    Some(items.iter().filter_map(|item| read(reader, item)).collect())
}

/// Reports the second of two that go by one name.
fn told_apart<'n>(reader: &mut Reader<'_>, what: &str, names: impl Iterator<Item = &'n At<Name>>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(&name.value) {
            let message = format!("two {what} are called `{}`", name.value);
            let fault = Fault::error("objective_guide.duplicate", message);
            reader.report(name.at, fault.hint("rename one"));
        }
    }
}

fn choices(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Choice>> {
    let read = each(reader, node, choice)?;
    for pair in read.windows(2) {
        if pair[1].0.value <= pair[0].0.value {
            let message = format!(
                "{} does not follow {}: targets stand loosest first",
                pair[1].0.value.fraction(),
                pair[0].0.value.fraction()
            );
            reader.report(pair[1].0.at, Fault::error("objective_guide.order", message));
        }
    }
    Some(read.into_iter().map(|(_, choice)| choice).collect())
}

fn choice(reader: &mut Reader<'_>, node: &Node) -> Option<(At<Target>, Choice)> {
    let mut fields = reader.fields(node, &CHOICE)?;
    let target = fields.need(reader, "target").and_then(|node| fraction(reader, node));
    let uses = fields.need(reader, "uses").and_then(|node| reader.texts(node));
    let effort = fields.text(reader, "effort");
    fields.close(reader);
    let target = target?;
    Some((target.clone(), Choice { target: target.value, uses: uses?, effort }))
}

fn start(reader: &mut Reader<'_>, node: &Node) -> Option<Start> {
    let mut fields = reader.fields(node, &START)?;
    let of = fields.need(reader, "of").and_then(|node| reader.text(node));
    let target = fields.need(reader, "target").and_then(|node| fraction(reader, node));
    fields.close(reader);
    Some(Start { of: of?.value, target: target?.value })
}

fn tiers(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeMap<Tier, Target>> {
    let mut tiers = BTreeMap::new();
    for (key, node) in reader.entries(node)? {
        let tier = tier(reader, key);
        let Some(target) = fraction(reader, node) else { continue };
        let above = |(known, of): (&Tier, &Target)| {
            tier.is_some_and(|tier| *known < tier && *of < target.value)
        };
        if tiers.iter().any(above) {
            let message = "a tier that less depends on has a stricter target";
            let fault = Fault::error("objective_guide.order", message);
            reader.report(target.at, fault.hint("tier 1 has the strictest, and stands first"));
        }
        tiers.extend(tier.map(|tier| (tier, target.value)));
    }
    Some(tiers)
}

fn tier(reader: &mut Reader<'_>, key: &At<String>) -> Option<Tier> {
    let tier = key.value.parse().ok().and_then(Tier::new);
    if tier.is_none() {
        let fault = Fault::error("field.value", format!("`{}` is no tier", key.value));
        reader.report(key.at, fault.hint("\"1\" (most critical) to \"4\""));
    }
    tier
}

fn cadence(
    reader: &mut Reader<'_>,
    node: &Node,
) -> Option<BTreeMap<Tier, BTreeMap<Status, String>>> {
    let mut cadence = BTreeMap::new();
    for (key, node) in reader.entries(node)? {
        let tier = tier(reader, key);
        let mut said = BTreeMap::new();
        for (key, node) in reader.entries(node)? {
            let status = status(reader, key);
            said.extend(status.zip(reader.text(node).map(|text| text.value)));
        }
        cadence.extend(tier.map(|tier| (tier, said)));
    }
    Some(cadence)
}

fn service_type(reader: &mut Reader<'_>, node: &Node) -> Option<Called<ServiceType>> {
    let mut fields = reader.fields(node, &SERVICE_TYPE)?;
    let name = fields.need(reader, "name").and_then(|node| reader.name(node));
    let display_name = fields.text(reader, "displayName");
    let description = fields.text(reader, "description");
    let objectives = fields.need(reader, "objectives");
    let objectives = objectives.and_then(|node| each(reader, node, preset));
    fields.close(reader);
    let (name, objectives) = (name?, objectives?);
    told_apart(reader, "objectives", objectives.iter().map(|of| &of.name));
    let objectives = objectives.into_iter().map(|of| of.value).collect();
    let value = ServiceType { name: name.value.clone(), display_name, description, objectives };
    Some(Called { name, value })
}

fn preset(reader: &mut Reader<'_>, node: &Node) -> Option<Called<Preset>> {
    let mut fields = reader.fields(node, &PRESET)?;
    let name = fields.need(reader, "name").and_then(|node| reader.name(node));
    let description = fields.text(reader, "description");
    let target = fields.need(reader, "target").and_then(|node| fraction(reader, node));
    let measures = measures(reader, &mut fields);
    fields.close(reader);
    let name = name?;
    let value = Preset {
        name: name.value.clone(),
        description,
        target: target?.value,
        measures: measures?,
    };
    Some(Called { name, value })
}

/// A part and the total, or a gauge with its condition.
fn measures(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Measures> {
    let (good, bad) = (fields.get("good"), fields.get("bad"));
    let (total, gauge) = (fields.get("total"), fields.get("gauge"));
    let condition = condition(reader, fields);
    let fault = |message: &str| {
        let hint = "`total` with `good` or `bad`, or `gauge` with `op` and `value`";
        Fault::error("objective_guide.measures", message).hint(hint)
    };
    match (good, bad, total, gauge) {
        (Some(part), None, Some(total), None) => {
            if condition.is_some() {
                reader.report(fields.at, fault("`op` and `value` belong to a gauge"));
            }
            ratio(reader, Part::Good, part, total)
        }
        (None, Some(part), Some(total), None) => {
            if condition.is_some() {
                reader.report(fields.at, fault("`op` and `value` belong to a gauge"));
            }
            ratio(reader, Part::Bad, part, total)
        }
        (None, None, None, Some(gauge)) => {
            let query = query(reader, gauge, |query| promql::gauge(query).map(|_| ()));
            if condition.is_none() {
                reader.report(gauge.at, fault("which samples of the gauge are good is not said"));
            }
            Some(Measures::Gauge { query: query?, condition: condition?.value })
        }
        _ => {
            reader.report(fields.at, fault("what is measured is not said, or said twice"));
            None
        }
    }
}

fn ratio(reader: &mut Reader<'_>, part: Part, query_of: &Node, total: &Node) -> Option<Measures> {
    let counter = |text: &str| promql::counter(text).map(|_| ());
    let (of_part, of_total) = (query(reader, query_of, counter), query(reader, total, counter));
    Some(Measures::Ratio { part, query: of_part?, total: of_total? })
}

fn query(
    reader: &mut Reader<'_>,
    node: &Node,
    check: fn(&str) -> Result<(), promql::Refusal>,
) -> Option<String> {
    let text = reader.text(node)?;
    match check(&text.value) {
        Ok(()) => Some(text.value),
        Err((offset, fault)) => {
            reader.report_inside(node, offset, fault);
            None
        }
    }
}
