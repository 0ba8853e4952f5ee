//! What a selector may name: a metric, and of a histogram what can be counted once.

use plimsoll_domain::slo::selector::{Comparison, Matcher, Selector};

use super::super::position::Fault;
use super::{Reads, Refusal, fraction};

/// The selector, if it names what is read and its expressions compile.
pub(super) fn checked(at: usize, selector: Selector, reads: Reads) -> Result<Selector, Refusal> {
    if named(&selector).next().is_none() {
        let fault = Fault::error("promql.no_name", "the selector names no metric");
        return Err((at, fault.hint("start it with the metric's name: http_requests_total{…}")));
    }
    let fault = match reads {
        Reads::Counters => bucket(&selector),
        Reads::Histograms => classic(&selector),
        Reads::Gauges => None,
    };
    if let Some(fault) = fault {
        return Err((at, fault));
    }
    match selector.compile() {
        Ok(_) => Ok(selector),
        Err(error) => {
            // The expression's own error draws a picture over several lines and ends in the reason.
            let told = error.to_string();
            let reason = told.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("a regular expression does not compile: {reason}");
            Err((at, Fault::error("promql.regex", message)))
        }
    }
}

/// The metrics it names, or their expressions.
pub(super) fn named(selector: &Selector) -> impl Iterator<Item = &str> {
    let names = |matcher: &&Matcher| {
        matcher.label == "__name__"
            && !matcher.value.is_empty()
            && matches!(matcher.comparison, Comparison::Equal | Comparison::Matches)
    };
    selector.matchers().iter().filter(names).map(|matcher| matcher.value.as_str())
}

/// Buckets of a classic histogram are cumulative: only one of them can be counted.
fn bucket(selector: &Selector) -> Option<Fault> {
    let bounds = || selector.matchers().iter().filter(|matcher| matcher.label == "le");
    if bounds().next().is_none() {
        let name = named(selector).find(|name| name.ends_with("_bucket"))?;
        let all = name.trim_end_matches("_bucket");
        let message =
            format!("`{name}` without `le` counts an observation in every bucket that holds it");
        let hint = format!("name one bucket: le=\"0.3\"; all observations are {all}_count");
        return Some(Fault::error("promql.bucket", message).hint(hint));
    }
    bounds().find_map(|bound| match bound.comparison {
        Comparison::Equal => {
            let number = bound.value.parse().is_ok_and(|number: f64| !number.is_nan());
            let message = format!("`le` is compared with a number, not with `{}`", bound.value);
            let hint = "name one bucket's upper bound as the metric has it: le=\"0.3\"";
            (!number).then(|| Fault::error("promql.bucket", message).hint(hint))
        }
        Comparison::NotEqual | Comparison::Matches | Comparison::NotMatches => {
            let message =
                "several buckets count an observation several times: `le` takes one bound";
            let hint =
                "le=\"1\" also means the series with le=\"1.0\": bounds are compared as numbers";
            Some(Fault::error("promql.bucket", message).hint(hint))
        }
    })
}

/// The series of a classic histogram are counters, in which no native histogram stands.
fn classic(selector: &Selector) -> Option<Fault> {
    let suffixed =
        |name: &&str| ["_bucket", "_count", "_sum"].iter().any(|suffix| name.ends_with(suffix));
    let name = named(selector).find(suffixed)?;
    let message = format!("`{name}` is no native histogram: {} reads those", fraction::NAME);
    let hint = "name the histogram itself, without a suffix; a classic one is a ratioMetric with \
                good x_bucket{le=\"0.3\"} and total x_count";
    Some(Fault::error("promql.classic_histogram", message).hint(hint))
}

#[cfg(test)]
mod tests;
