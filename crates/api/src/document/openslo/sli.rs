//! OpenSLO's SLI: which counters are the good, the bad and all events.

use plimsoll_domain::slo::selector::Selector;
use plimsoll_domain::slo::tally::{Indicator, Part};

use super::super::Referent;
use super::super::fields::{Fields, Reader};
use super::super::position::Fault;
use super::super::promql;
use super::super::yaml::Node;

/// Reads the `spec` of an SLI.
pub(in super::super) fn read_spec(reader: &mut Reader<'_>, spec: &Node) -> Option<Indicator> {
    let mut fields = reader.fields(spec)?;
    fields.allow(&["description"]);
    let ratio = fields.get("ratioMetric");
    if let Some(threshold) = fields.get("thresholdMetric") {
        let fault = Fault::error("sli.threshold_metric", "thresholdMetric is not read yet")
            .hint("count good and all events, and write them as ratioMetric");
        reader.report(threshold.at, fault);
    } else if ratio.is_none() {
        fields.need(reader, "ratioMetric");
    }
    let ratio = ratio.and_then(|node| ratio_metric(reader, node));
    fields.close(reader);
    ratio
}

fn ratio_metric(reader: &mut Reader<'_>, node: &Node) -> Option<Indicator> {
    let mut fields = reader.fields(node)?;
    let counter = fields.get("counter");
    let raw = fields.get("raw");
    counters_only(reader, &fields, counter, raw.is_some());
    let ratio = match raw {
        Some(raw) => whole(reader, &mut fields, raw),
        None => parts(reader, &mut fields),
    };
    fields.close(reader);
    distinct(reader, node, ratio?)
}

fn counters_only(reader: &mut Reader<'_>, fields: &Fields<'_>, counter: Option<&Node>, raw: bool) {
    let hint = "events are counted by counters: write `counter: true`, and metrics that only grow";
    match counter {
        None if raw => {}
        None => {
            let fault = Fault::error("field.missing", "`counter` is missing").hint(hint);
            reader.report(fields.at, fault);
        }
        Some(node) if reader.boolean(node) == Some(false) => {
            let message = "metrics that are no counters are not read";
            reader.report(node.at, Fault::error("sli.not_a_counter", message).hint(hint));
        }
        Some(_) => {}
    }
}

/// `good` or `bad`, and `total`.
fn parts(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Indicator> {
    let (good, bad) = (fields.get("good"), fields.get("bad"));
    fields.allow(&["raw", "rawType"]);
    let total = fields.need(reader, "total").and_then(|node| metric(reader, node));
    let part = match (good, bad) {
        (Some(node), None) => metric(reader, node).map(|selector| (Part::Good, selector)),
        (None, Some(node)) => metric(reader, node).map(|selector| (Part::Bad, selector)),
        (Some(_), Some(node)) => {
            let fault = Fault::error("sli.good_and_bad", "both `good` and `bad` are given");
            reader.report(node.at, fault.hint("keep one: the other is total minus it"));
            None
        }
        (None, None) => {
            let fault = Fault::error("field.missing", "`good` or `bad` is missing");
            reader.report(fields.at, fault);
            None
        }
    };
    let (total, (part, part_selector)) = (total?, part?);
    Some(Indicator::ratio(total, part, part_selector))
}

/// `raw`: the share as one query, of successes or of failures.
fn whole(reader: &mut Reader<'_>, fields: &mut Fields<'_>, raw: &Node) -> Option<Indicator> {
    let of = fields.need(reader, "rawType");
    let words = [("success", Part::Good), ("failure", Part::Bad)];
    let of = of.and_then(|node| reader.word(node, &words));
    for key in ["good", "bad", "total"] {
        if let Some(node) = fields.get(key) {
            let fault = Fault::error("sli.raw", format!("`{key}` beside `raw`"));
            reader.report(node.at, fault.hint("give either the raw share, or its parts"));
        }
    }
    let share = query(reader, raw, promql::share)?;
    let part = match (of?, share.complement) {
        (Part::Good, false) | (Part::Bad, true) => Part::Good,
        (Part::Bad, false) | (Part::Good, true) => Part::Bad,
    };
    let promql::Share { part: part_selector, total, complement: _ } = share;
    Some(Indicator::ratio(total, part, part_selector))
}

fn metric(reader: &mut Reader<'_>, node: &Node) -> Option<Selector> {
    query(reader, node, promql::counter)
}

/// Reads the query of a `metricSource`.
fn query<T>(
    reader: &mut Reader<'_>,
    node: &Node,
    lower: fn(&str) -> Result<T, promql::Refusal>,
) -> Option<T> {
    let mut fields = reader.fields(node)?;
    let source = fields.need(reader, "metricSource");
    fields.close(reader);
    let mut source = reader.fields(source?)?;
    if let Some(name) = source.get("metricSourceRef").and_then(|node| reader.name(node)) {
        reader.refer(Referent::DataSource, &name);
    }
    if let Some(node) = source.get("type") {
        super::source_type(reader, node);
    }
    let spec = source.need(reader, "spec").and_then(|node| reader.fields(node));
    source.close(reader);
    let mut spec = spec?;
    let query = spec.need(reader, "query");
    spec.close(reader);
    let query = query?;
    let text = reader.text(query)?;
    match lower(&text.value) {
        Ok(lowered) => Some(lowered),
        Err((offset, fault)) => {
            reader.report_inside(query, offset, fault);
            None
        }
    }
}

fn distinct(reader: &mut Reader<'_>, node: &Node, ratio: Indicator) -> Option<Indicator> {
    if ratio.total != ratio.part_channel {
        return Some(ratio);
    }
    let (word, always) = match ratio.part {
        Part::Good => ("good", "every event would be good"),
        Part::Bad => ("bad", "every event would be bad"),
    };
    let message = format!("`{word}` and `total` select the same series: {always}");
    let hint = "narrow one of them, for example by status code";
    reader.report(node.at, Fault::error("sli.same_selector", message).hint(hint));
    None
}
