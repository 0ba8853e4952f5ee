//! ErrorBudgetPolicy: what each status of the budget permits, by class of change.

mod agreed;
mod attribution;

use std::collections::BTreeMap;

use plimsoll_domain::catalog::Name;
use plimsoll_domain::release::ChangeClass;
use plimsoll_domain::release::gate::{Mark, Policy, Rule, Strain, Verdict};
use plimsoll_domain::slo::budget::{Marks, MarksError, Share, Status};
use plimsoll_domain::slo::ledger::Attribution;
use plimsoll_domain::time::Minutes;

use super::super::fields::{Fields, Reader, meaning};
use super::super::parse::Metadata;
use super::super::position::{At, Fault};
use super::super::schema::{Field, Range, Shape, Type};
use super::super::yaml::Node;
use super::{STATUS_WORDS, status, unknown};

const VERDICTS: [(&str, Verdict); 3] =
    [("allow", Verdict::Allow), ("warn", Verdict::Warn), ("deny", Verdict::Deny)];

/// How long a decision holds unless the policy says otherwise.
const VALID_MINUTES_DEFAULT: u32 = 60;

/// How many services of a team a policy may ask for before it speaks of strain.
const SERVICES_MAX: u32 = 1_000;

/// The words of verdicts, as the reference lists them.
const VERDICT: Type = Type::Word(&["allow", "warn", "deny"]);

/// The words of change classes.
const CLASS_WORDS: [&str; ChangeClass::ALL.len()] = {
    let mut words = [""; ChangeClass::ALL.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = ChangeClass::ALL[at].as_str();
        at += 1;
    }
    words
};

/// The `spec` of an ErrorBudgetPolicy.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::ignored("description", "What it is for"),
    Field::may(
        "marks",
        Type::Object(&MARKS),
        "Where the statuses begin, as shares of the budget left: 1 > healthy > caution > warning \
         ≥ 0",
    ),
    Field::need(
        "rules",
        Type::Table("status", &STATUS_WORDS, &Type::Object(&RULE)),
        "What each status permits; one that is left out denies everything",
    ),
    Field::may(
        "escalate",
        Type::Object(&ESCALATE),
        "When those who lead are to be told; the decision and the SLO say so",
    ),
    Field::may(
        "unused",
        Type::Object(&UNUSED),
        "When a budget is called unused: at the worst case, over a window that was measured whole",
    ),
    Field::may(
        "strain",
        Type::Object(&STRAIN),
        "When several services of one owner have an exhausted budget",
    ),
    Field::or(
        "allowances",
        "[]",
        Type::List(&Type::Object(&agreed::ALLOWANCE)),
        "What may be spent on purpose for a time: on planned maintenance, or a large roll-out",
    ),
    Field::or(
        "reservedWindows",
        "[]",
        Type::List(&Type::Object(&agreed::RESERVED)),
        "Windows of the week that are kept for work on reliability",
    ),
    Field::may(
        "attribution",
        Type::Object(&attribution::ATTRIBUTION),
        "What deployments answer for in the ledger",
    ),
    Field::or(
        "unmeasured",
        "{\"max\": 0, \"verdict\": \"deny\"}",
        Type::Object(&UNMEASURED),
        "How much of the window may be unmeasured: before the first sample, or between two \
         declarations",
    ),
    Field::or("validFor", "1h", Type::Length(&[]), "How long a decision holds, up to 30d"),
    Field::or(
        "enforcedEnvironments",
        "[]",
        Type::List(&Type::Name),
        "Environments whose gates bind; all others are in shadow mode",
    ),
]);

const MARKS: Shape = Shape::of(&[
    Field::or("healthyAbove", "0.5", Type::Number(Range::SHARE), "Healthy is more than this"),
    Field::or("cautionAbove", "0.25", Type::Number(Range::SHARE), "Caution is more than this"),
    Field::or(
        "warningAbove",
        "0",
        Type::Number(Range::SHARE),
        "Warning is more than this, and exhausted is not",
    ),
]);

const RULE: Shape = Shape::of(&[DEFAULT, EXCEPT, ADVICE]);
const DEFAULT: Field = Field::need("default", VERDICT, "For classes that are not excepted");
const EXCEPT: Field = Field::or(
    "except",
    "{}",
    Type::Table("class", &CLASS_WORDS, &VERDICT),
    "Classes of change with another verdict",
);
const ADVICE: Field = Field::may("advice", Type::Text, "What to do meanwhile; decisions repeat it");

const ESCALATE: Shape = Shape::of(&[
    Field::need("below", Type::Number(Range::SHARE), "When less than this share is left"),
    ADVICE,
]);

const UNUSED: Shape = Shape::of(&[
    Field::need("above", Type::Number(Range::SHARE), "When more than this share is left"),
    ADVICE,
]);

const STRAIN: Shape = Shape::of(&[
    Field::need("services", Type::Whole(1, SERVICES_MAX), "From so many services on"),
    DEFAULT,
    EXCEPT,
    ADVICE,
]);

const UNMEASURED: Shape = Shape::of(&[
    Field::need("max", Type::Number(Range::SHARE), "The share of the window that may be"),
    Field::need("verdict", VERDICT, "The verdict when more of it is"),
]);

/// Reads the `spec` of an ErrorBudgetPolicy.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Policy> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let marks = fields.get("marks").map(|node| marks(reader, node));
    let rules = fields.need(reader, "rules").and_then(|node| rules(reader, node));
    let escalate = fields.get("escalate").map(|node| mark(reader, node, &ESCALATE, "below"));
    let unused = fields.get("unused").map(|node| mark(reader, node, &UNUSED, "above"));
    let strain = fields.get("strain").map(|node| strain(reader, node));
    let allowances = fields.get("allowances").map(|node| agreed::allowances(reader, node));
    let reserved = fields.get("reservedWindows").map(|node| agreed::windows(reader, node));
    let attribution = fields.get("attribution").map(|node| attribution::read(reader, node));
    let unmeasured = fields.get("unmeasured").and_then(|node| unmeasured(reader, node));
    let valid = fields.get("validFor").and_then(|node| valid_for(reader, node));
    let enforced = fields.get("enforcedEnvironments").and_then(|node| names(reader, node));
    fields.close(reader);
    // Left out, any unmeasured time is a deny: no verdict out of ignorance.
    let (unmeasured_max, unmeasured_verdict) = unmeasured.unwrap_or((0.0, Verdict::Deny));
    let name = metadata.name.as_ref()?.value.clone();
    Some(Policy {
        name,
        marks: marks.unwrap_or(Some(Marks::PRACTICE))?,
        rules: rules?,
        escalate: escalate.map_or(Some(None), |read| read.map(Some))?,
        unused: unused.map_or(Some(None), |read| read.map(Some))?,
        strain: strain.map_or(Some(None), |read| read.map(Some))?,
        allowances: allowances.unwrap_or_else(|| Some(Vec::new()))?,
        reserved: reserved.unwrap_or_else(|| Some(Vec::new()))?,
        attribution: attribution.unwrap_or_else(|| Some(Attribution::default()))?,
        unmeasured_max,
        unmeasured_verdict,
        valid_minutes: valid.map_or(VALID_MINUTES_DEFAULT, |valid| valid.0),
        enforced_environments: enforced.unwrap_or_default(),
    })
}

/// Marks, those that are left out as the practice has them.
fn marks(reader: &mut Reader<'_>, node: &Node) -> Option<Marks> {
    let mut fields = reader.fields(node, &MARKS)?;
    let practice = Marks::PRACTICE;
    let defaults = [
        ("healthyAbove", practice.healthy_above()),
        ("cautionAbove", practice.caution_above()),
        ("warningAbove", practice.warning_above()),
    ];
    let at = fields.at;
    let read = defaults.map(|(key, default)| match fields.get(key) {
        Some(node) => reader.share(node),
        None => Some(At { at, value: default }),
    });
    fields.close(reader);
    let [healthy, caution, warning] = read;
    let (healthy, caution, warning) = (healthy?, caution?, warning?);
    let marks = Marks::new(healthy.value, caution.value, warning.value);
    let Err(MarksError(word)) = marks else { return marks.ok() };
    let (mark, above) = match word {
        "healthy" => (healthy, Share::new(1.0).ok()?),
        "caution" => (caution, healthy.value),
        _ => (warning, caution.value),
    };
    let message =
        format!("`{word}Above: {}` is not below {}", mark.value.fraction(), above.fraction());
    let hint = "the marks fall: 1 > healthyAbove > cautionAbove > warningAbove ≥ 0";
    reader.report(mark.at, Fault::error("error_budget_policy.marks", message).hint(hint));
    None
}

fn mark(
    reader: &mut Reader<'_>,
    node: &Node,
    shape: &'static Shape,
    key: &'static str,
) -> Option<Mark> {
    let mut fields = reader.fields(node, shape)?;
    let at = fields.need(reader, key).and_then(|node| reader.share(node));
    let advice = fields.text(reader, "advice");
    fields.close(reader);
    Some(Mark { at: at?.value, advice })
}

fn strain(reader: &mut Reader<'_>, node: &Node) -> Option<Strain> {
    let mut fields = reader.fields(node, &STRAIN)?;
    let services = fields.need(reader, "services");
    let services = services.and_then(|node| reader.whole(node, 1, SERVICES_MAX));
    let rule = rule_of(reader, &mut fields);
    fields.close(reader);
    Some(Strain { services: services?, rule: rule? })
}

fn rules(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeMap<Status, Rule>> {
    let entries = reader.entries(node)?;
    let mut rules = BTreeMap::new();
    for (key, node) in entries {
        if let (Some(rule), Some(status)) = (rule(reader, node), status(reader, key)) {
            rules.insert(status, rule);
        }
    }
    Some(rules)
}

fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let mut fields = reader.fields(node, &RULE)?;
    let rule = rule_of(reader, &mut fields);
    fields.close(reader);
    rule
}

fn rule_of(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Rule> {
    let default = fields.need(reader, "default").and_then(|node| reader.word(node, &VERDICTS));
    let except = fields.get("except").and_then(|node| except(reader, node));
    let advice = fields.text(reader, "advice");
    Some(Rule { default: default?, except: except.unwrap_or_default(), advice })
}

fn except(reader: &mut Reader<'_>, node: &Node) -> Option<BTreeMap<ChangeClass, Verdict>> {
    let entries = reader.entries(node)?;
    let (mut except, mut written) = (BTreeMap::new(), BTreeMap::new());
    for (key, node) in entries {
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

fn unmeasured(reader: &mut Reader<'_>, node: &Node) -> Option<(f64, Verdict)> {
    let mut fields = reader.fields(node, &UNMEASURED)?;
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
    let cannot = "a decision cannot hold for";
    at_most(reader, node, Policy::VALID_LONGEST, cannot, "a length up to 30d; left out, it is 1h")
}

/// A length that is no longer than another; `cannot` says what it cannot be for, and `hint` what
/// it can.
fn at_most(
    reader: &mut Reader<'_>,
    node: &Node,
    longest: Minutes,
    cannot: &str,
    hint: &str,
) -> Option<Minutes> {
    let length = reader.minutes(node)?;
    if length.value > longest {
        let message = format!("{cannot} {}: {longest} at most", length.value);
        reader.report(length.at, Fault::error("field.value", message).hint(hint));
    }
    Some(length.value)
}

fn names(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Name>> {
    let nodes = reader.list(node)?;
    Some(nodes.iter().filter_map(|node| reader.name(node)).map(|name| name.value).collect())
}
