//! OpenSLO's SLI: which events are good, bad and all, or which gauge is judged.

use plimsoll_domain::slo::selector::Selector;
use plimsoll_domain::slo::tally::{Indicator, Part};

use super::super::Referent;
use super::super::fields::{Fields, Reader};
use super::super::position::Fault;
use super::super::promql;
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::Node;

/// The `spec` of an SLI.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::ignored("description", "What it counts"),
    Field::need_if(
        "ratioMetric",
        "without `thresholdMetric`",
        Type::Object(&RATIO),
        "A share of events, counted by counters or by native histograms",
    ),
    Field::need_if(
        "thresholdMetric",
        "without `ratioMetric`",
        Type::Object(&METRIC),
        "A gauge; the objective of each SLO says which samples are good",
    ),
]);

const RATIO: Shape = Shape::of(&[
    Field::need_if("counter", "without `raw`", Type::Boolean, "`true`: the metrics only grow"),
    Field::need_if("good", "without `bad` and `raw`", Type::Object(&METRIC), "The good events"),
    Field::need_if(
        "bad",
        "without `good` and `raw`",
        Type::Object(&METRIC),
        "The bad events, instead of the good ones",
    ),
    Field::need_if("total", "without `raw`", Type::Object(&METRIC), "All events"),
    Field::need_if(
        "raw",
        "without its parts",
        Type::Object(&METRIC),
        "The share as one query, instead of its parts",
    ),
    Field::need_if(
        "rawType",
        "with `raw`",
        Type::Word(&["success", "failure"]),
        "Of what `raw` is the share",
    ),
]);

const METRIC: Shape =
    Shape::of(&[Field::need("metricSource", Type::Object(&SOURCE), "Where it comes from")]);

const SOURCE: Shape = Shape::of(&[
    Field::may("metricSourceRef", Type::NameOf(Referent::DataSource), "The DataSource"),
    Field::may("type", super::SOURCE_TYPE, "The type of source"),
    Field::need("spec", Type::Object(&QUERY), "What is asked of it"),
]);

const QUERY: Shape = Shape::of(&[Field::need(
    "query",
    Type::Text,
    "PromQL; the selector is what counts, see [SLI](../guide/definitions.md#sli)",
)]);

/// What an SLI says.
#[derive(Debug, Clone, PartialEq)]
pub enum Sli {
    /// `ratioMetric`: a share of counters or of native histograms.
    Ratio(Indicator),
    /// `thresholdMetric`: gauges, which the objective of each SLO gives a condition.
    Gauge(Selector),
}

/// Reads the `spec` of an SLI.
pub(in super::super) fn read_spec(reader: &mut Reader<'_>, spec: &Node) -> Option<Sli> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let sli = match (fields.get("ratioMetric"), fields.get("thresholdMetric")) {
        (Some(node), None) => ratio_metric(reader, node).map(Sli::Ratio),
        (None, Some(node)) => threshold_metric(reader, node).map(Sli::Gauge),
        (Some(_), Some(node)) => {
            let fault = Fault::error("sli.two_metrics", "both `ratioMetric` and `thresholdMetric`");
            reader.report(node.at, fault.hint("keep one of the two"));
            None
        }
        (None, None) => {
            let message = "`ratioMetric` or `thresholdMetric` is missing";
            reader.report(fields.at, Fault::error("field.missing", message));
            None
        }
    };
    fields.close(reader);
    sli
}

fn threshold_metric(reader: &mut Reader<'_>, node: &Node) -> Option<Selector> {
    let query = query(reader, node)?;
    let (selector, odd) = lowered(reader, query, promql::gauge)?;
    if let Some((offset, fault)) = odd {
        reader.report_inside(query, offset, fault);
    }
    Some(selector)
}

fn ratio_metric(reader: &mut Reader<'_>, node: &Node) -> Option<Indicator> {
    let mut fields = reader.fields(node, &RATIO)?;
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
    let query = query(reader, raw)?;
    let share = lowered(reader, query, promql::share)?;
    let part = match (of?, share.complement) {
        (Part::Good, false) | (Part::Bad, true) => Part::Good,
        (Part::Bad, false) | (Part::Good, true) => Part::Bad,
    };
    Some(match share.of {
        promql::Of::Counters { part: selector, total } => Indicator::ratio(total, part, selector),
        promql::Of::Histograms { histograms, threshold } => {
            Indicator { part, ..Indicator::latency(histograms, threshold) }
        }
    })
}

fn metric(reader: &mut Reader<'_>, node: &Node) -> Option<Selector> {
    let query = query(reader, node)?;
    lowered(reader, query, promql::counter)
}

/// The query of a `metricSource`.
fn query<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Option<&'n Node> {
    let mut fields = reader.fields(node, &METRIC)?;
    let source = fields.need(reader, "metricSource");
    fields.close(reader);
    let mut source = reader.fields(source?, &SOURCE)?;
    if let Some(name) = source.get("metricSourceRef").and_then(|node| reader.name(node)) {
        reader.refer(Referent::DataSource, &name);
    }
    if let Some(node) = source.get("type") {
        super::source_type(reader, node);
    }
    let spec = source.need(reader, "spec").and_then(|node| reader.fields(node, &QUERY));
    source.close(reader);
    let mut spec = spec?;
    let query = spec.need(reader, "query");
    spec.close(reader);
    query
}

fn lowered<T>(
    reader: &mut Reader<'_>,
    query: &Node,
    lower: fn(&str) -> Result<T, promql::Refusal>,
) -> Option<T> {
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
