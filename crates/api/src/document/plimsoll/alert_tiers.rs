//! AlertTiers: what each severity means to people, and of which receivers are told.

use plimsoll_domain::alert::tiers::{Tier, Tiers};

use super::super::fields::Reader;
use super::super::parse::Metadata;
use super::super::position::Fault;
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::{Node, Value};

/// The `spec` of AlertTiers.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::ignored("description", "What they are for"),
    Field::need("page", Type::Object(&TIER), "For the severity `page`; somebody is always told"),
    Field::need("ticket", Type::Object(&TIER), "For the severity `ticket`"),
    Field::need("log", Type::Object(&TIER), "For the severity `log`"),
]);

const TIER: Shape = Shape::of(&[
    Field::may("act", Type::Text, "When somebody should act"),
    Field::need(
        "tell",
        Type::Boolean,
        "Whether receivers are told; else the alert is recorded alone",
    ),
    Field::or("belongs", "[]", Type::List(&Type::Text), "What belongs in it, a few words each"),
]);

/// Reads the `spec` of AlertTiers.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Tiers> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let page_node = fields.need(reader, "page");
    let page = page_node.and_then(|node| tier(reader, node));
    let ticket = fields.need(reader, "ticket").and_then(|node| tier(reader, node));
    let log = fields.need(reader, "log").and_then(|node| tier(reader, node));
    fields.close(reader);
    if page.as_ref().is_some_and(|page| !page.tell) {
        let at = page_node.and_then(tell_at).map_or(spec.at, |node| node.at);
        let fault = Fault::error("alert_tiers.page_untold", "a page that nobody is told of");
        reader.report(at, fault.hint("write `tell: true`, or give the arms another severity"));
    }
    let name = metadata.name.as_ref()?.value.clone();
    Some(Tiers { name, page: page?, ticket: ticket?, log: log? })
}

fn tell_at(tier: &Node) -> Option<&Node> {
    let Value::Map(entries) = &tier.value else { return None };
    entries.iter().find(|(key, _)| key.value == "tell").map(|(_, node)| node)
}

fn tier(reader: &mut Reader<'_>, node: &Node) -> Option<Tier> {
    let mut fields = reader.fields(node, &TIER)?;
    let act = fields.text(reader, "act");
    let tell = fields.need(reader, "tell").and_then(|node| reader.boolean(node));
    let belongs = fields.get("belongs").and_then(|node| reader.texts(node));
    fields.close(reader);
    Some(Tier { act, tell: tell?, belongs: belongs.unwrap_or_default() })
}
