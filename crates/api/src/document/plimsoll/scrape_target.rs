//! ScrapeTarget: metrics that Plimsoll fetches itself.

use plimsoll_domain::definitions::ScrapeTarget;
use plimsoll_domain::slo::selector::Labels;

use super::super::fields::Reader;
use super::super::parse::Metadata;
use super::super::position::Fault;
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::Node;

const INTERVAL_SECONDS_DEFAULT: u32 = 15;
const INTERVAL_SECONDS_MAX: u32 = 300;

/// The `spec` of a ScrapeTarget.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::need("url", Type::Text, "Where its metrics are: http:// or https://, without a user"),
    Field::or("interval", "15s", Type::Length(&[]), "Time between scrapes, 1s to 5m"),
    Field::may(
        "labels",
        Type::Table("label", &[], &Type::Text),
        "Put on every series; `job` is the document's name unless it stands here",
    ),
]);

/// Reads the `spec` of a ScrapeTarget.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<ScrapeTarget> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let url = fields.need(reader, "url").and_then(|node| reader.text(node));
    let interval = fields.get("interval").and_then(|node| interval(reader, node));
    let labels = fields.get("labels").and_then(|node| labels(reader, node));
    fields.close(reader);
    let url = url?;
    if let Some(fault) = super::url_fault(&url.value) {
        reader.report(url.at, fault);
    }
    let name = metadata.name.as_ref()?.value.clone();
    Some(ScrapeTarget {
        name,
        url: url.value,
        interval_seconds: interval.unwrap_or(INTERVAL_SECONDS_DEFAULT),
        labels: labels.unwrap_or_default(),
    })
}

fn interval(reader: &mut Reader<'_>, node: &Node) -> Option<u32> {
    let text = reader.length(node)?;
    let number = |unit: &str, seconds: u32| {
        text.value.strip_suffix(unit)?.parse::<u32>().ok()?.checked_mul(seconds)
    };
    let parsed = number("s", 1).or_else(|| number("m", 60));
    let fits = parsed.filter(|seconds| (1..=INTERVAL_SECONDS_MAX).contains(seconds));
    if fits.is_none() {
        let message = format!("`{}` is not an interval from 1s to 5m", text.value);
        let hint = "one number and one unit: 15s or 1m";
        reader.report(text.at, Fault::error("field.value", message).hint(hint));
    }
    fits
}

fn labels(reader: &mut Reader<'_>, node: &Node) -> Option<Labels> {
    let entries = reader.entries(node)?;
    let mut pairs = Vec::new();
    for (key, node) in entries {
        let mut chars = key.value.chars();
        let first = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        let plain = first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain || key.value.starts_with("__") {
            let message = format!("`{}` is no label name", key.value);
            let hint = "letters, digits and `_`, not starting with a digit or `__`";
            reader.report(key.at, Fault::error("label.name", message).hint(hint));
        }
        if let Some(value) = reader.text(node) {
            pairs.push((key.value.clone(), value.value));
        }
    }
    Labels::from_pairs(pairs)
}
