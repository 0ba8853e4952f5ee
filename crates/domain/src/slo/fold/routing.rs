//! Which tallies a series counts in: few are asked, those that may select its metric.

use std::collections::HashMap;

use super::series::Route;
use super::tally::Tally;
use crate::slo::selector::Labels;

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
        for (number, tally) in tallies.iter().enumerate() {
            let channels = &tally.declaration.channels;
            let metrics: Option<Vec<&str>> = channels.iter().map(|c| c.metric()).collect();
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

    /// Where a series with these labels counts: tallies in order, channels in order.
    pub(super) fn routes(&self, tallies: &[Tally], labels: &Labels) -> Vec<Route> {
        let metric = labels.get("__name__").unwrap_or_default();
        let named = self.by_metric.get(metric).map_or(&[][..], Vec::as_slice);
        let mut asked: Vec<usize> = named.iter().chain(&self.by_labels).copied().collect();
        asked.sort_unstable();
        let of_tally = |tally: usize| {
            tallies[tally].channels_of(labels).enumerate().map(move |(i, channel)| Route {
                tally,
                channel,
                first_of_tally: i == 0,
                baseline: false,
                live: false,
            })
        };
        asked.into_iter().flat_map(of_tally).collect()
    }
}
