//! What an SLO reads from the fold: its minutes, how live they are, and the series behind them.

use jiff::Timestamp;

use super::series::Series;
use super::tally::{Channel, Tally};
use super::{Fold, INTERVAL_ASSUMED_MS};
use crate::slo::burn;
use crate::slo::minutes::{Counted, PPM, Span};
use crate::slo::selector::Labels;
use crate::slo::tally::{Part, Ratio};
use crate::slo::{Units, Window};
use crate::time::{Minute, Minutes, instant};

/// How long after two silent intervals a sample may still be on its way: senders batch for up to
/// five seconds (Prometheus' `batch_send_deadline`).
pub(super) const ARRIVAL_SLACK_MS: i64 = 5_000;

/// A ratio's channels in one tally.
#[derive(Debug, Clone, Copy)]
pub struct Sli<'a> {
    fold: &'a Fold,
    tally: &'a Tally,
    total: (usize, &'a Channel),
    part: (usize, &'a Channel),
    kind: Part,
}

/// Whether telemetry arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liveness {
    /// No sample was ever accepted.
    Unmeasured,
    /// It does; minutes before the watermark are closed.
    Live {
        /// The smallest last-sample time over the live series.
        watermark_ms: i64,
    },
    /// All series fell silent.
    Silent {
        /// The time of the last sample.
        since_ms: i64,
    },
}

/// Events of a run of minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Events {
    /// Good ones.
    pub good: Units,
    /// Bad ones.
    pub bad: Units,
    /// All; good and bad together.
    pub total: Units,
    /// Those among all that were inferred over a gap.
    pub inferred: Units,
}

/// What a window of an SLI holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The window's closed minutes and the open ones.
    pub span: Span,
    /// The first minute that is still open.
    pub open: Minute,
    /// Whether telemetry arrived, at the instant asked about.
    pub liveness: Liveness,
    /// Its events.
    pub events: Events,
    /// Minutes of the window before the first sample.
    pub unmeasured_minutes: u64,
    /// Closed minutes of the window since then.
    pub measured_minutes: u64,
    /// How much of these was covered, in millionths of a minute.
    pub covered_ppm: u64,
    /// Of how much of these nothing is known, in millionths of a minute.
    pub missing_ppm: u64,
    /// The window's busiest minute.
    pub busiest: Units,
}

impl Reading {
    /// The reading of an SLI that was never declared.
    pub fn unmeasured(window: Window, now: Timestamp) -> Self {
        let open = Minute::of(now);
        let minutes = window.length().0;
        Self {
            span: Span { from: open.plus(-i64::from(minutes)), to: open.plus(1) },
            open,
            liveness: Liveness::Unmeasured,
            events: Events::default(),
            unmeasured_minutes: u64::from(minutes),
            measured_minutes: 0,
            covered_ppm: 0,
            missing_ppm: 0,
            busiest: Units(0),
        }
    }
}

impl Fold {
    /// The channels a ratio reads; `None` when they are not declared.
    pub fn sli(&self, ratio: &Ratio) -> Option<Sli<'_>> {
        let tally = &self.tallies[*self.by_fingerprint.get(&ratio.tally())?];
        let channel = |id| tally.channels.iter().enumerate().find(|(_, c)| c.id == id);
        Some(Sli {
            fold: self,
            tally,
            total: channel(ratio.total_channel())?,
            part: channel(ratio.part_channel())?,
            kind: ratio.part,
        })
    }
}

impl<'a> Sli<'a> {
    /// The first minute of its history: of the tally's first sample, or of the latest start of a
    /// channel that was declared after its tally.
    pub fn begins(&self) -> Option<Minute> {
        let first_ms = self.tally.first_ms?;
        let late = [self.total.1, self.part.1].into_iter().filter(|channel| !channel.with_tally);
        let latest_ms = late.map(|channel| channel.declared_ms).max();
        Some(Minute::of_ms(latest_ms.map_or(first_ms, |start_ms| start_ms.max(first_ms))))
    }

    /// Whether telemetry arrives at `now`.
    ///
    /// A series is live while it has no stale marker and is at most two of its intervals behind the
    /// tally's newest sample. No data: nothing newer for two intervals and the arrival slack.
    pub fn liveness(&self, now: Timestamp) -> Liveness {
        let Some(newest_ms) = self.tally.newest_ms else { return Liveness::Unmeasured };
        let mut watermark_ms = newest_ms;
        let mut patience_ms = 0;
        for series in self.series() {
            let Some(last) = series.last else { continue };
            let patience_of_series_ms = 2 * self.interval_ms(series);
            if last.at_ms < newest_ms - patience_of_series_ms {
                continue;
            }
            patience_ms = patience_ms.max(patience_of_series_ms);
            if series.is_live() {
                watermark_ms = watermark_ms.min(last.at_ms);
            }
        }
        if now.as_millisecond() > newest_ms + patience_ms + ARRIVAL_SLACK_MS {
            Liveness::Silent { since_ms: newest_ms }
        } else {
            Liveness::Live { watermark_ms }
        }
    }

    /// The window as it stands at `now`: up to the watermark, or to now when all is silent.
    pub fn read(&self, window: Minutes, now: Timestamp) -> Reading {
        let liveness = self.liveness(now);
        let open = match liveness {
            Liveness::Live { watermark_ms } => Minute::of_ms(watermark_ms),
            Liveness::Silent { .. } | Liveness::Unmeasured => Minute::of(now),
        };
        let newest = self.tally.newest_ms.map_or(open, Minute::of_ms);
        self.window(window, open, open.max(newest).plus(1), liveness)
    }

    /// The window as it stood when `open` was its open minute, by what is known today.
    pub fn read_at(&self, window: Minutes, open: Minute) -> Reading {
        let end_ms = open.plus(1).start_ms() - 1;
        let liveness = match self.tally.first_ms {
            Some(first_ms) if first_ms <= end_ms => Liveness::Live { watermark_ms: end_ms },
            Some(_) | None => Liveness::Unmeasured,
        };
        self.window(window, open, open.plus(1), liveness)
    }

    fn window(&self, window: Minutes, open: Minute, to: Minute, liveness: Liveness) -> Reading {
        let span = Span { from: open.plus(-i64::from(window.0)), to };
        let begins = self.begins().map_or(open, |begins| begins.clamp(span.from, open));
        let measured = Span { from: begins, to: open };
        let covered = self.tally.coverage.sum(measured);
        Reading {
            span,
            open,
            liveness,
            events: self.events(span),
            unmeasured_minutes: Span { from: span.from, to: begins }.len(),
            measured_minutes: measured.len(),
            covered_ppm: covered.covered_ppm,
            missing_ppm: covered.missing_ppm,
            busiest: self.total.1.column.busiest(Span { from: begins, to }),
        }
    }

    /// The events of a run of minutes, those before the beginning left out.
    pub fn events(&self, span: Span) -> Events {
        let (total, part) = self.sums(span);
        let (good, bad) = self.split(total.units, part.units);
        Events { good, bad, total: total.units, inferred: total.inferred }
    }

    /// Measured events of the `span.minutes` closed minutes before the reading's open one, and of
    /// all from it on.
    pub fn burn_counts(&self, reading: &Reading, span: burn::Span) -> burn::Counts {
        let from = reading.open.plus(-i64::from(span.minutes.0));
        let run = Span { from, to: reading.span.to };
        let (total, part) = self.sums(run);
        let failed = |run: Span| {
            let (total, part) = self.sums(run);
            self.split(total.measured(), part.measured()).1
        };
        let bad = match span.bad_since {
            Some(since) if since > run.from => failed(Span { from: since, to: run.to }),
            Some(_) | None => self.split(total.measured(), part.measured()).1,
        };
        burn::Counts { bad, total: total.measured() }
    }

    /// The covered share of one closed minute.
    pub fn coverage_of(&self, span: Span) -> f64 {
        let covered = self.tally.coverage.sum(span).covered_ppm;
        covered as f64 / (PPM * span.len().max(1)) as f64
    }

    fn sums(&self, span: Span) -> (Counted, Counted) {
        let from = self.begins().map_or(span.to, |begins| begins.max(span.from));
        let run = Span { from, to: span.to };
        (self.total.1.column.sum(run), self.part.1.column.sum(run))
    }

    /// (good, bad) of a total and its part; a part larger than its total, from counters that are
    /// not read in one instant, counts as the whole.
    fn split(&self, total: Units, part: Units) -> (Units, Units) {
        let part = part.min(total);
        match self.kind {
            Part::Good => (part, total.minus(part)),
            Part::Bad => (total.minus(part), part),
        }
    }

    fn series(&self) -> impl Iterator<Item = &'a Series> {
        let (total, part) = (self.total.0, self.part.0);
        let fold = self.fold;
        let number = fold.by_fingerprint[&self.tally.declaration.tally];
        let read = move |series: &&Series| {
            let counts =
                |c: usize| series.routes.iter().any(|r| r.tally == number && r.channel == c);
            counts(total) || counts(part)
        };
        self.tally.series.iter().map(move |number| &fold.series[*number]).filter(read)
    }

    fn interval_ms(&self, series: &Series) -> i64 {
        let of_instance = || self.fold.instances.get(&series.instance)?.interval_ms();
        series.interval_ms().or_else(of_instance).unwrap_or(INTERVAL_ASSUMED_MS)
    }

    /// The series it counts that had a sample by the end of `span` and not their last before it.
    pub fn routed_series(&self, span: Span, now: Timestamp) -> Vec<RoutedSeries> {
        let number = self.fold.by_fingerprint[&self.tally.declaration.tally];
        let live_after_ms = self.tally.newest_ms.unwrap_or(i64::MIN);
        let describe = |series: &Series| {
            let (first_ms, last) = (series.first_ms?, series.last?);
            let then = first_ms < span.to.start_ms() && last.at_ms >= span.from.start_ms();
            let counts =
                |c: usize| series.routes.iter().any(|r| r.tally == number && r.channel == c);
            let behind_ms = live_after_ms.saturating_sub(last.at_ms);
            let late_ms = now.as_millisecond() - last.at_ms - ARRIVAL_SLACK_MS;
            let silent = behind_ms.max(late_ms) > 2 * self.interval_ms(series);
            then.then(|| RoutedSeries {
                labels: series.labels.clone(),
                in_total: counts(self.total.0),
                in_part: counts(self.part.0),
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
