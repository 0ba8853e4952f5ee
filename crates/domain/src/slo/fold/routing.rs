//! Which tallies a series counts in: few are asked, those that may select its metric.

use std::collections::HashMap;

use super::series::Route;
use super::tally::Tally;
use crate::slo::selector::Labels;
use crate::slo::tally::Measure;

/// The tallies by the metrics they can select.
#[derive(Debug, Default)]
pub(super) struct Routing {
    by_metric: HashMap<String, Vec<usize>>,
    /// Tallies with a channel that names no metric.
    by_labels: Vec<usize>,
}

impl Routing {
    /// The routing to the tallies that are declared.
    pub(super) fn of(tallies: &[Tally]) -> Self {
        let mut routing = Self::default();
        let in_force = |tally: &Tally| tally.channels.iter().any(|channel| channel.in_force());
        for (number, tally) in tallies.iter().enumerate().filter(|(_, tally)| in_force(tally)) {
            let channels = &tally.declaration.channels;
            let metrics: Option<Vec<&str>> = channels.iter().map(|c| c.selector.metric()).collect();
            let Some(mut metrics) = metrics else {
                routing.by_labels.push(number);
                continue;
            };
            metrics.sort_unstable();
            metrics.dedup();
            for metric in metrics {
                routing.by_metric.entry(metric.to_owned()).or_default().push(number);
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
        let named = self.by_metric.get(metric).map_or(&[][..], Vec::as_slice);
        let mut asked: Vec<usize> = named.iter().chain(&self.by_labels).copied().collect();
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
