//! Which tallies a series counts in: few are asked, those that may select its metric.

use std::collections::{BTreeSet, HashMap};

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
        let of_pair = |(name, value)| self.by_pair.get(name)?.get(value);
        labels.pairs().filter_map(of_pair).flatten().chain(&self.rest).copied()
    }

    /// How many ask for a label with that value.
    fn sharing(&self, (name, value): Pair<'_>) -> usize {
        self.by_pair.get(name).and_then(|by_value| by_value.get(value)).map_or(0, Vec::len)
    }

    fn add(&mut self, pair: Option<Pair<'_>>, number: usize) {
        let Some((name, value)) = pair else { return self.rest.push(number) };
        let by_value = self.by_pair.entry(name.to_owned()).or_default();
        by_value.entry(value.to_owned()).or_default().push(number);
    }

    fn remove<'a>(&mut self, pairs: impl Iterator<Item = Pair<'a>>, number: usize) {
        self.rest.retain(|other| *other != number);
        for (name, value) in pairs {
            let Some(by_value) = self.by_pair.get_mut(name) else { continue };
            let Some(numbers) = by_value.get_mut(value) else { continue };
            numbers.retain(|other| *other != number);
            if numbers.is_empty() {
                by_value.remove(value);
            }
        }
    }
}

impl Routing {
    /// The routing to the tallies that are declared.
    pub(super) fn of(tallies: &[Tally]) -> Self {
        let mut routing = Self::default();
        tallies.iter().enumerate().for_each(|(number, tally)| routing.add(number, tally));
        routing
    }

    /// Leads to a tally from now on, if it counts.
    pub(super) fn add(&mut self, number: usize, tally: &Tally) {
        if !tally.in_force() {
            return;
        }
        let Some(metrics) = metrics(tally) else { return self.by_labels.push(number) };
        for metric in metrics {
            let named = self.by_metric.entry(metric.to_owned()).or_default();
            // The one that the fewest others have.
            let pair = common_pairs(tally).min_by_key(|pair| (named.sharing(*pair), *pair));
            named.add(pair, number);
        }
    }

    /// Leads to a tally no longer, which is as it was when it was added.
    pub(super) fn remove(&mut self, number: usize, tally: &Tally) {
        self.by_labels.retain(|other| *other != number);
        for metric in metrics(tally).into_iter().flatten() {
            if let Some(named) = self.by_metric.get_mut(metric) {
                named.remove(common_pairs(tally), number);
            }
        }
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

/// The metrics that the channels of a tally name; none, when one of them may select any.
fn metrics(tally: &Tally) -> Option<BTreeSet<&str>> {
    tally.declaration.channels.iter().map(|channel| channel.selector.metric()).collect()
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
