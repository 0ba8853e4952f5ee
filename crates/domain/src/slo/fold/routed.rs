//! The series behind what an SLO reads.

use jiff::Timestamp;

use super::SeriesNo;
use super::series::Series;
use super::sli::{ARRIVAL_SLACK_MS, Sli};
use crate::slo::minutes::Span;
use crate::slo::selector::Labels;
use crate::time::instant;

/// Whether a series still speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesState {
    /// It does.
    Live,
    /// Its sender said that it ended.
    Stale,
    /// It fell silent without a word.
    Silent,
}

/// A series and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutedSeries {
    /// Its labels.
    pub labels: Labels,
    /// Whether it counts in the total.
    pub in_total: bool,
    /// Whether it counts among the good or bad.
    pub in_part: bool,
    /// Its first accepted sample.
    pub first_at: Timestamp,
    /// Its last accepted sample.
    pub last_at: Timestamp,
    /// The value then.
    pub last_value: f64,
    /// The spacing of its samples, if known.
    pub interval_ms: Option<i64>,
    /// Whether it still speaks.
    pub state: SeriesState,
}

impl<'a> Sli<'a> {
    fn series(&self) -> impl Iterator<Item = &'a Series> {
        let (fold, pair, group) = (self.fold, self.present, self.group);
        let read = move |series: &&Series| {
            series.routes.iter().any(|route| pair.counts(route) && route.group == group)
        };
        let numbers = pair.tally.series.iter();
        numbers.filter_map(move |number| fold.get(SeriesNo(*number))).filter(read)
    }

    /// The series it counts that had a sample by the end of `span` and not their last before it.
    pub fn routed_series(&self, span: Span, now: Timestamp) -> Vec<RoutedSeries> {
        let live_after_ms = self.present.tally.newest_ms.unwrap_or(i64::MIN);
        let describe = |series: &Series| {
            let (first_ms, last) = (series.first_ms?, series.last?);
            let then = first_ms < span.to.start_ms() && last.at_ms >= span.from.start_ms();
            let behind_ms = live_after_ms.saturating_sub(last.at_ms);
            let late_ms = now.as_millisecond() - last.at_ms - ARRIVAL_SLACK_MS;
            let silent = behind_ms.max(late_ms) > 2 * self.fold.interval_of(series);
            then.then(|| RoutedSeries {
                labels: series.labels.clone(),
                in_total: series.routes.iter().any(|route| self.present.in_total(route)),
                in_part: series.routes.iter().any(|route| self.present.in_part(route)),
                first_at: instant(first_ms),
                last_at: instant(last.at_ms),
                last_value: last.value,
                interval_ms: series.interval_ms(),
                state: match (series.stale_ms, silent) {
                    (Some(_), _) => SeriesState::Stale,
                    (None, true) => SeriesState::Silent,
                    (None, false) => SeriesState::Live,
                },
            })
        };
        self.series().filter_map(describe).collect()
    }
}
