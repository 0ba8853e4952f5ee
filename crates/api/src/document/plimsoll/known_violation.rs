//! KnownViolation: an SLO that is not met for a known reason, and by when it is mended.

use jiff::civil::Date;
use plimsoll_domain::slo::violation::KnownViolation;

use super::super::Referent;
use super::super::fields::Reader;
use super::super::parse::Metadata;
use super::super::position::Fault;
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::Node;

/// The `spec` of a KnownViolation.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::need("slo", Type::NameOf(Referent::Slo), "The SLO that is not met"),
    Field::need("cause", Type::Text, "Why it is not met"),
    Field::need("remedy", Type::Text, "What will mend it"),
    Field::need(
        "mendBy",
        Type::Text,
        "The last day of that work, by UTC, as `2027-01-31`; from the next on it is overdue",
    ),
    Field::may("tracker", Type::Text, "Where the work is kept: http:// or https://"),
]);

/// Reads the `spec` of a KnownViolation.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<KnownViolation> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let slo = fields.need(reader, "slo").and_then(|node| reader.name(node));
    let cause = fields.need(reader, "cause").and_then(|node| said(reader, node));
    let remedy = fields.need(reader, "remedy").and_then(|node| said(reader, node));
    let mend_by = fields.need(reader, "mendBy").and_then(|node| date(reader, node));
    let tracker = fields.get("tracker").and_then(|node| reader.text(node));
    fields.close(reader);
    if let Some(tracker) = &tracker
        && let Some(fault) = super::url_fault(&tracker.value)
    {
        reader.report(tracker.at, fault);
    }
    let slo = slo?;
    reader.refer(Referent::Slo, &slo);
    Some(KnownViolation {
        name: metadata.name.as_ref()?.value.clone(),
        slo: slo.value,
        cause: cause?,
        remedy: remedy?,
        mend_by: mend_by?,
        tracker: tracker.map(|tracker| tracker.value),
    })
}

/// A text that says something.
fn said(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    if text.value.trim().is_empty() {
        let fault = Fault::error("field.value", "nothing is said here");
        reader
            .report(text.at, fault.hint("a sentence that whoever reads it in a year understands"));
        return None;
    }
    Some(text.value)
}

fn date(reader: &mut Reader<'_>, node: &Node) -> Option<Date> {
    let text = reader.text(node)?;
    let parsed = Date::strptime("%Y-%m-%d", &text.value).ok();
    if parsed.is_none() {
        let fault = Fault::error("field.value", format!("`{}` is no day", text.value));
        reader.report(text.at, fault.hint("year, month and day, such as `2027-01-31`"));
    }
    parsed
}
