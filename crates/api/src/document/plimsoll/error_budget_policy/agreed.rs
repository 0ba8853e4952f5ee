//! What an error-budget policy grants and keeps for a time: allowances and reserved windows.

use jiff::Timestamp;
use jiff::civil::Time;
use plimsoll_domain::release::gate::{Allowance, Day, Reserved};

use super::super::super::Referent;
use super::super::super::fields::Reader;
use super::super::super::position::{At, Fault};
use super::super::super::schema::{Field, Range, Shape, Type};
use super::super::super::spelling::nearest;
use super::super::super::yaml::Node;
use super::{ADVICE, DEFAULT, EXCEPT, meaning, rule_of};

/// The words of days.
const DAY_WORDS: [&str; Day::ALL.len()] = {
    let mut words = [""; Day::ALL.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = Day::ALL[at].as_str();
        at += 1;
    }
    words
};

pub(super) const ALLOWANCE: Shape = Shape::of(&[
    Field::need("service", Type::NameOf(Referent::Service), "Whose budgets"),
    Field::need(
        "share",
        Type::Number(Range::SHARE),
        "How much of each budget may go to it: the gate judges as if that much more were left",
    ),
    Field::need("from", Type::Text, "From then on, as `2026-12-05T08:00:00Z`"),
    Field::need("until", Type::Text, "Until then"),
    Field::need("reason", Type::Text, "What it is for; decisions repeat it"),
    Field::need("approvedBy", Type::List(&Type::Text), "Who agreed to it, at least one"),
]);

pub(super) const RESERVED: Shape = Shape::of(&[
    Field::need("days", Type::List(&Type::Word(&DAY_WORDS)), "The days on which it begins"),
    Field::need("from", Type::Text, "When it begins, by the clock on the wall: `13:00`"),
    Field::need(
        "until",
        Type::Text,
        "When it ends; on the next day, if that is not later than `from`",
    ),
    Field::need("timeZone", Type::Text, "The IANA name of their time zone: `Europe/Berlin`"),
    DEFAULT,
    EXCEPT,
    ADVICE,
]);

/// Reads a list of allowances.
pub(super) fn allowances(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Allowance>> {
    let nodes = reader.list(node)?;
    nodes.iter().map(|node| allowance(reader, node)).collect::<Vec<_>>().into_iter().collect()
}

fn allowance(reader: &mut Reader<'_>, node: &Node) -> Option<Allowance> {
    let mut fields = reader.fields(node, &ALLOWANCE)?;
    let service = fields.need(reader, "service").and_then(|node| reader.name(node));
    let share = fields.need(reader, "share").and_then(|node| reader.share(node));
    let from = fields.need(reader, "from").and_then(|node| instant(reader, node));
    let until = fields.need(reader, "until").and_then(|node| instant(reader, node));
    let reason = fields.need(reader, "reason").and_then(|node| reader.text(node));
    let approved = fields.need(reader, "approvedBy");
    let approved_by = approved.and_then(|node| reader.texts(node));
    fields.close(reader);
    if let (Some(node), Some([])) = (approved, approved_by.as_deref()) {
        let fault = Fault::error("error_budget_policy.approval", "nobody agreed to this allowance");
        reader.report(node.at, fault.hint("name who did: `approvedBy: [ada]`"));
    }
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value <= from.value
    {
        let fault = Fault::error("error_budget_policy.order", "it ends before it begins");
        reader.report(until.at, fault.hint("`until` lies after `from`"));
    }
    let service = service?;
    reader.refer(Referent::Service, &service);
    Some(Allowance {
        service: service.value,
        share: share?.value,
        from: from?.value,
        until: until?.value,
        reason: reason?.value,
        approved_by: approved_by?,
    })
}

/// Reads a list of windows.
pub(super) fn windows(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Reserved>> {
    let nodes = reader.list(node)?;
    nodes.iter().map(|node| window(reader, node)).collect::<Vec<_>>().into_iter().collect()
}

fn window(reader: &mut Reader<'_>, node: &Node) -> Option<Reserved> {
    let mut fields = reader.fields(node, &RESERVED)?;
    let words = Day::ALL.map(|day| (day.as_str(), day));
    let days = fields.need(reader, "days").and_then(|node| reader.list(node));
    let days: Option<Vec<_>> =
        days.map(|nodes| nodes.iter().map(|node| reader.word(node, &words)).collect());
    let from = fields.need(reader, "from").and_then(|node| time(reader, node));
    let until = fields.need(reader, "until").and_then(|node| time(reader, node));
    let time_zone = fields.need(reader, "timeZone").and_then(|node| zone(reader, node));
    let rule = rule_of(reader, &mut fields);
    let at = fields.at;
    fields.close(reader);
    if days.as_ref().is_some_and(Vec::is_empty) {
        let fault = Fault::error("error_budget_policy.days", "this window is on no day");
        reader.report(at, fault.hint("name some: `days: [thursday]`"));
    }
    Some(Reserved {
        days: days?.into_iter().collect::<Option<_>>()?,
        from: from?,
        until: until?,
        time_zone: time_zone?,
        rule: rule?,
    })
}

fn instant(reader: &mut Reader<'_>, node: &Node) -> Option<At<Timestamp>> {
    let text = reader.text(node)?;
    let parsed = text.value.parse().ok().map(|value| At { at: text.at, value });
    if parsed.is_none() {
        let message = format!("`{}` is no instant", text.value);
        let hint = "with its offset from UTC, such as `2026-12-05T08:00:00Z`";
        reader.report(text.at, Fault::error("field.value", message).hint(hint));
    }
    parsed
}

fn time(reader: &mut Reader<'_>, node: &Node) -> Option<Time> {
    let text = reader.text(node)?;
    let parsed = Time::strptime("%H:%M", &text.value).ok();
    if parsed.is_none() {
        let message = format!("`{}` is no time of day", text.value);
        let hint = "two digits each, in quotes: \"00:00\" to \"23:59\"";
        reader.report(text.at, Fault::error("field.value", message).hint(hint));
    }
    parsed
}

fn zone(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    if Reserved::zone(&text.value).is_some() {
        return Some(text.value);
    }
    let fault = Fault::error("field.value", format!("`{}` is no time zone", text.value));
    let zones = Reserved::zones();
    let near = nearest(&text.value, zones.iter().map(String::as_str));
    let fault = match near {
        Some(_) => meaning(fault, near),
        None => fault.hint("an IANA name, such as `Europe/Berlin` or `UTC`"),
    };
    reader.report(text.at, fault);
    None
}
