//! Which tallies a series counts in: few are asked, those that may select its metric.

use std::collections::HashMap;

use super::series::Route;
use super::tally::Tally;
use crate::slo::selector::{Comparison, Labels, Matcher};
use crate::slo::tally::Measure;

/// The tallies by what they can select.
#[derive(Debug, Default)]
pub(super) struct Routing {
    by_metric: HashMap<String, Named>,
    /// Tallies with a channel that names no metric.
    by_labels: Vec<usize>,
}

/// The tallies that name a metric. Many thousands name the same one, and differ in a label that all
/// their channels ask for: only those whose label a series has are asked.
#[derive(Debug, Default)]
struct Named {
    /// By that label and its value.
    by_pair: HashMap<String, HashMap<String, Vec<usize>>>,
    /// Tallies whose channels have no such label in common.
    rest: Vec<usize>,
}

impl Named {
    fn asked(&self, labels: &Labels) -> impl Iterator<Item = usize> {
        let of_pair =
            self.by_pair.iter().filter_map(|(name, by_value)| by_value.get(labels.get(name)?));
        of_pair.flatten().chain(&self.rest).copied()
    }
}

impl Routing {
    /// The routing to the tallies that are declared.
    pub(super) fn of(tallies: &[Tally]) -> Self {
        let mut routing = Self::default();
        let in_force = |tally: &Tally| tally.channels.iter().any(|channel| channel.in_force());
        let in_force: Vec<_> = (0..).zip(tallies).filter(|(_, tally)| in_force(tally)).collect();
        let mut shared: HashMap<Pair<'_>, usize> = HashMap::new();
        for pair in in_force.iter().flat_map(|(_, tally)| common_pairs(tally)) {
            *shared.entry(pair).or_default() += 1;
        }
        for (number, tally) in in_force {
            let channels = &tally.declaration.channels;
            let metrics: Option<Vec<&str>> = channels.iter().map(|c| c.selector.metric()).collect();
            let Some(mut metrics) = metrics else {
                routing.by_labels.push(number);
                continue;
            };
            metrics.sort_unstable();
            metrics.dedup();
            // The one that the fewest others have.
            let pair = common_pairs(tally).min_by_key(|pair| (shared[pair], *pair));
            for metric in metrics {
                let named = routing.by_metric.entry(metric.to_owned()).or_default();
                match pair {
                    None => named.rest.push(number),
                    Some((name, value)) => {
                        let by_value = named.by_pair.entry(name.to_owned()).or_default();
                        by_value.entry(value.to_owned()).or_default().push(number);
                    }
                }
            }
        }
        routing
    }

    /// (tally, channel) pairs that count a series with these labels, tallies in order, channels in
    /// order.
    pub(super) fn pairs<'a>(
        &'a self,
        tallies: &'a [Tally],
        labels: &'a Labels,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let metric = labels.get("__name__").unwrap_or_default();
        let named = self.by_metric.get(metric).into_iter().flat_map(|named| named.asked(labels));
        let mut asked: Vec<usize> = named.chain(self.by_labels.iter().copied()).collect();
        asked.sort_unstable();
        let of_tally =
            move |tally: usize| tallies[tally].channels_of(labels).map(move |c| (tally, c));
        asked.into_iter().flat_map(of_tally)
    }

    /// Where a series with these labels counts; its groups are assigned if they are new.
    pub(super) fn routes(&self, tallies: &mut [Tally], labels: &Labels) -> Vec<Route> {
        let pairs: Vec<(usize, usize)> = self.pairs(tallies, labels).collect();
        let mut before = None;
        let route = |(tally, channel): (usize, usize)| Route {
            tally: tally as u32,
            channel: channel as u32,
            group: tallies[tally].group_of(labels),
            member: None,
            first_of_tally: before.replace(tally) != Some(tally),
            baseline: false,
            joins: false,
            live: false,
            awaited: false,
            laggard: false,
            at_most: 0.0,
        };
        pairs.into_iter().map(route).collect()
    }

    /// The thresholds a histogram with these labels is asked for, in the order of its routes.
    pub(super) fn thresholds(&self, tallies: &[Tally], labels: &Labels) -> Vec<f64> {
        let pairs = self.pairs(tallies, labels);
        pairs.filter_map(|(tally, channel)| threshold(tallies, tally, channel)).collect()
    }
}

/// The threshold of a channel that has one.
pub(super) fn threshold(tallies: &[Tally], tally: usize, channel: usize) -> Option<f64> {
    match tallies[tally].channels[channel].measure() {
        Measure::AtMost(threshold) => Some(threshold),
        Measure::Increase | Measure::Observations | Measure::Samples | Measure::Meeting(_) => None,
    }
}

/// A label and the value that it must have.
type Pair<'a> = (&'a str, &'a str);

/// What every channel of a tally asks for, so that no series without it counts in any. The bounds
/// of buckets are compared as numbers, and an empty value is an absent label.
fn common_pairs(tally: &Tally) -> impl Iterator<Item = Pair<'_>> {
    let (first, others) = match tally.declaration.channels.as_slice() {
        [] => (None, &[][..]),
        [first, others @ ..] => (Some(first), others),
    };
    let fit = |matcher: &&Matcher| {
        matcher.comparison == Comparison::Equal
            && !matcher.value.is_empty()
            && !["__name__", "le"].contains(&&*matcher.label)
    };
    let matchers = first.into_iter().flat_map(|channel| channel.selector.matchers());
    let everywhere = |matcher: &&Matcher| {
        others.iter().all(|channel| channel.selector.matchers().contains(matcher))
    };
    let common = matchers.filter(fit).filter(everywhere);
    common.map(|matcher| (&*matcher.label, &*matcher.value))
}
