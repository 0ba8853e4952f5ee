//! What an SLO reads from the fold: its minutes, how live they are, and the series behind them.

use jiff::Timestamp;

use super::Fold;
use super::channel::Channel;
use super::series::Route;
use super::slices::{Counting, Rule, Slice, Sliced, Verdicts};
use super::tally::Tally;
use crate::catalog::Name;
use crate::slo::burn;
use crate::slo::minutes::{Archive, CellKey, Column, Counted, Covered, Edge, PPM, Span, Sum};
use crate::slo::slices::Slicing;
use crate::slo::tally::{Indicator, Part};
use crate::slo::{Budgeting, Units, Window};
use crate::time::{Minute, Minutes};

/// How long after two silent intervals a sample may still be on its way: senders batch for up to
/// five seconds (Prometheus' `batch_send_deadline`).
pub(super) const ARRIVAL_SLACK_MS: i64 = 5_000;

/// What an SLO reads: the runs of minutes in which both its channels counted, oldest first.
#[derive(Clone)]
pub struct Sli<'a> {
    pub(super) fold: &'a Fold,
    archive: &'a dyn Archive,
    pub(super) group: u32,
    runs: Vec<Run<'a>>,
    pub(super) present: Pair<'a>,
    /// The slices that count; none when events do.
    slicing: Option<Slicing>,
}

/// The channels of one generation.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    number: usize,
    pub(super) tally: &'a Tally,
    total: (usize, &'a Channel),
    part: (usize, &'a Channel),
    kind: Part,
}

/// A run of minutes of one generation.
#[derive(Clone)]
struct Run<'a> {
    pair: Pair<'a>,
    span: Span,
    /// Its slices that are judged for good.
    sliced: Option<&'a Sliced>,
    /// Those since: the minute with which each ends, and what of it was good.
    fresh: Vec<(Minute, Units)>,
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
    /// All series fell silent, or what is read now never spoke.
    Silent {
        /// The time of the last sample of all that was ever read.
        since_ms: i64,
    },
}

/// Events of a run of minutes; or slices, where these count.
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
    /// Those among the bad that were.
    pub bad_inferred: Units,
    /// Those among all that were added to minutes after they were sealed.
    pub corrected: Units,
}

impl Events {
    /// Those seen when they happened.
    pub fn measured(self) -> burn::Counts {
        burn::Counts {
            bad: self.bad.minus(self.bad_inferred),
            total: self.total.minus(self.inferred),
        }
    }
}

/// What a window of an SLI holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The window's closed minutes and the open ones.
    pub span: Span,
    /// The first minute that is still open.
    pub open: Minute,
    /// The minute after the last that anything came to, in this window or in the next.
    pub until: Minute,
    /// Whether the window is about as long as it gets: one that rolls always is.
    pub ripe: bool,
    /// Whether telemetry arrived, at the instant asked about.
    pub liveness: Liveness,
    /// Its events.
    pub events: Events,
    /// Whether nothing happened in it.
    pub idle: bool,
    /// Where slices count: those of the measured time that could not be judged.
    pub unjudged: Option<Units>,
    /// Minutes of the window before the first sample, and between two declarations.
    pub unmeasured_minutes: u64,
    /// The other closed minutes of the window.
    pub measured_minutes: u64,
    /// How much of these was covered, in millionths of a minute.
    pub covered_ppm: u64,
    /// Of how much of these nothing is known, in millionths of a minute.
    pub missing_ppm: u64,
    /// The window's busiest minute.
    pub busiest: Units,
    /// Only hours are kept at an edge of it: its first hour is a whole one.
    pub aligned_to_hours: bool,
}

impl Reading {
    /// The reading of an SLI that was never declared.
    pub fn unmeasured(window: &Window, now: Timestamp) -> Self {
        let open = Minute::of(now);
        let closed = Span { from: window.around(open).from, to: open };
        Self {
            span: Span { from: closed.from, to: open.plus(1) },
            open,
            until: open.plus(1),
            ripe: window.is_ripe(open),
            liveness: Liveness::Unmeasured,
            events: Events::default(),
            idle: true,
            unjudged: None,
            unmeasured_minutes: closed.len(),
            measured_minutes: 0,
            covered_ppm: 0,
            missing_ppm: 0,
            busiest: Units(0),
            aligned_to_hours: false,
        }
    }

    /// How much may have happened unseen, at most: each missing minute saw no more events than the
    /// window's busiest minute; a slice that could not be judged is one.
    pub fn unseen(&self) -> Units {
        let events = || u128::from(self.missing_ppm).saturating_mul(self.busiest.0);
        self.unjudged.unwrap_or_else(|| Units(events().div_ceil(u128::from(PPM))))
    }
}

impl Fold {
    /// What an SLO reads, of all its events; `None` when it was never declared.
    pub fn sli<'a>(&'a self, slo: &Name, archive: &'a dyn Archive) -> Option<Sli<'a>> {
        self.sli_of_group(slo, 0, archive)
    }

    /// The groups of an SLO, as the values of its grouping labels.
    pub fn groups(&self, slo: &Name) -> Option<&[Vec<String>]> {
        let indicator = &self.readers.get(slo)?.generations().last()?.indicator;
        Some(&self.pair(indicator)?.tally.groups)
    }

    /// The usual spacing of the slowest series that an indicator reads, if any speaks.
    pub fn interval_ms_of(&self, indicator: &Indicator) -> Option<i64> {
        let channels = self.pair(indicator)?.channels();
        let patience_ms = channels.map(|channel| channel.tide.patience_ms).into_iter().max();
        patience_ms.filter(|ms| *ms > 0).map(|ms| ms / 2)
    }

    /// What an SLO reads, of the events of one of its groups.
    pub fn sli_of_group<'a>(
        &'a self,
        slo: &Name,
        group: u32,
        archive: &'a dyn Archive,
    ) -> Option<Sli<'a>> {
        let generations = self.readers.get(slo)?.generations();
        let present = self.pair(&generations.last()?.indicator)?;
        let mut runs = Vec::new();
        for generation in generations {
            let Some(pair) = self.pair(&generation.indicator) else { continue };
            for (total, part) in pair.periods() {
                let span = total.common(part).within(generation.span());
                if !span.is_empty() {
                    runs.push(Run { pair, span, sliced: None, fresh: Vec::new() });
                }
            }
        }
        runs.sort_by_key(|run| run.span.from);
        // A minute belongs to one generation: the one that was there first.
        let mut taken = Minute(i64::MIN);
        for run in &mut runs {
            run.span.from = run.span.from.max(taken);
            taken = taken.max(run.span.to);
        }
        runs.retain(|run| !run.span.is_empty());
        Some(Sli { fold: self, archive, group, runs, present, slicing: None })
    }

    fn pair(&self, indicator: &Indicator) -> Option<Pair<'_>> {
        let number = *self.by_fingerprint.get(&indicator.tally())?;
        let tally = &self.tallies[number];
        let channel = |declared: &crate::slo::tally::Channel| {
            let channels = tally.channels.iter().enumerate();
            channels.into_iter().find(|(_, channel)| channel.declared == *declared)
        };
        let (total, part) = (channel(&indicator.total)?, channel(&indicator.part_channel)?);
        Some(Pair { number, tally, total, part, kind: indicator.part })
    }
}

impl<'a> Pair<'a> {
    /// The stretches in which both channels were in force, as their periods.
    fn periods(
        self,
    ) -> impl Iterator<Item = (&'a super::channel::Period, &'a super::channel::Period)> {
        let (totals, parts) = (&self.total.1.periods, &self.part.1.periods);
        let pairs = totals.iter().flat_map(move |total| parts.iter().map(move |p| (total, p)));
        pairs.filter(|(total, part)| total.overlaps(part))
    }

    fn channels(self) -> [&'a Channel; 2] {
        [self.total.1, self.part.1]
    }

    /// Whether nothing came for two intervals and the arrival slack since its last sample.
    fn is_silent(self, last_ms: i64, now: Timestamp) -> bool {
        let patience_ms = self.channels().map(|channel| channel.tide.patience_ms).into_iter().max();
        now.as_millisecond() > last_ms + patience_ms.unwrap_or(0) + ARRIVAL_SLACK_MS
    }

    /// The first of its minutes that may still count.
    fn open(self) -> Minute {
        let newest = self.tally.newest_ms.map_or(Minute(i64::MIN), Minute::of_ms);
        let open = self.channels().map(|channel| channel.open(newest)).into_iter().min();
        open.unwrap_or(newest)
    }

    fn rule(self, slicing: Slicing) -> Rule {
        Rule { total: self.total.1.id, part: self.part.1.id, kind: self.kind, slicing }
    }

    fn counting(self, group: u32) -> Counting<'a> {
        Counting {
            tally: self.tally.declaration.tally,
            group,
            total: self.total.1,
            part: self.part.1,
            kind: self.kind,
            coverage: &self.tally.presence.coverage,
        }
    }

    pub(super) fn counts(self, route: &Route) -> bool {
        self.in_total(route) || self.in_part(route)
    }

    pub(super) fn in_total(self, route: &Route) -> bool {
        route.tally as usize == self.number && route.channel as usize == self.total.0
    }

    pub(super) fn in_part(self, route: &Route) -> bool {
        route.tally as usize == self.number && route.channel as usize == self.part.0
    }
}

impl Run<'_> {
    /// The minutes with which those slices end that lie in it as a whole.
    fn all_ends(&self, slicing: Slicing) -> Span {
        let length = i64::from(slicing.length.minutes().0);
        Span { from: Minute(self.span.from.0.saturating_add(length - 1)), ..self.span }
    }

    /// The same of slices whose last minute has closed.
    fn ends(&self, slicing: Slicing) -> Span {
        let all = self.all_ends(slicing);
        Span { to: all.to.min(self.pair.open()), ..all }
    }
}

/// What a run of minutes holds.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    good: Units,
    bad: Units,
    total: Counted,
    bad_measured: Units,
    corrected: Units,
    aligned: bool,
    lost_minutes: u64,
}

impl<'a> Sli<'a> {
    /// The same, counted by this method. History in slices begins where minutes are kept, or where
    /// its slices were judged in time.
    #[must_use]
    pub fn by(mut self, budgeting: Budgeting) -> Self {
        self.slicing = budgeting.slicing();
        let Some(slicing) = self.slicing else { return self };
        for run in &mut self.runs {
            let rule = run.pair.rule(slicing);
            let sliced = run.pair.tally.sliced.iter().filter(|_| self.group == 0);
            run.sliced = sliced.into_iter().find(|sliced| sliced.rule == rule);
            let kept_from = self.fold.minutes_from.start();
            let judged_from = run.sliced.map_or(kept_from, |it| it.done().from.min(kept_from));
            run.span.from = run.span.from.max(judged_from);
            if let Some(sliced) = run.sliced {
                let since = Span { from: sliced.done().to, to: Minute(i64::MAX) };
                let ends = run.ends(slicing).within(since);
                let fresh = &mut run.fresh;
                run.pair.counting(self.group).judge(slicing, ends, self.archive, |slice| {
                    fresh.extend(slice.verdict.map(|good| (slice.span.to.plus(-1), good)));
                });
            }
        }
        self.runs.retain(|run| !run.span.is_empty());
        self
    }

    /// The first minute of its history.
    pub fn begins(&self) -> Option<Minute> {
        self.runs.first().map(|run| run.span.from)
    }

    /// Whether telemetry arrives at `now`.
    ///
    /// A series is live while it has no stale marker and is at most two of its intervals behind the
    /// tally's newest sample. No data: nothing newer for two intervals and the arrival slack. What
    /// was read before counts, too: an SLO whose new selector finds nothing has fallen silent.
    pub fn liveness(&self, now: Timestamp) -> Liveness {
        let Some((heard_ms, heard)) = self.heard() else { return Liveness::Unmeasured };
        let newest_ms = self.present.tally.newest_ms;
        if let Some(newest_ms) = newest_ms.filter(|ms| !self.present.is_silent(*ms, now)) {
            let (open, newest) = (self.present.open(), Minute::of_ms(newest_ms));
            let watermark_ms = if open == newest { newest_ms } else { open.start_ms() };
            return Liveness::Live { watermark_ms };
        }
        if heard.is_silent(heard_ms, now) {
            Liveness::Silent { since_ms: heard_ms }
        } else {
            Liveness::Live { watermark_ms: heard_ms }
        }
    }

    /// The last sample of all its runs, and whose it is. A tally that others read on is not heard
    /// after the end of the run.
    fn heard(&self) -> Option<(i64, Pair<'a>)> {
        let heard = |run: &Run<'a>| {
            let newest_ms = run.pair.tally.newest_ms?;
            let ended = Minute::of_ms(newest_ms) >= run.span.to;
            Some((if ended { run.span.to.start_ms() } else { newest_ms }, run.pair))
        };
        self.runs.iter().filter_map(heard).max_by_key(|(heard_ms, _)| *heard_ms)
    }

    /// The window as it stands at `now`: up to the watermark, or to now when all is silent.
    pub fn read(&self, window: &Window, now: Timestamp) -> Reading {
        let liveness = self.liveness(now);
        let open = match liveness {
            Liveness::Live { watermark_ms } => Minute::of_ms(watermark_ms),
            Liveness::Silent { .. } | Liveness::Unmeasured => Minute::of(now),
        };
        let newest = self.present.tally.newest_ms.map_or(open, Minute::of_ms);
        self.window(window, open, open.max(newest).plus(1), liveness)
    }

    /// The window as it stood when `open` was its open minute, by what is known today.
    pub fn read_at(&self, window: &Window, open: Minute) -> Reading {
        let liveness = match self.begins() {
            Some(begins) if begins <= open => {
                Liveness::Live { watermark_ms: open.plus(1).start_ms() - 1 }
            }
            Some(_) | None => Liveness::Unmeasured,
        };
        self.window(window, open, open.plus(1), liveness)
    }

    fn window(&self, window: &Window, open: Minute, to: Minute, liveness: Liveness) -> Reading {
        // Of channels that are not read in one instant, one may be in the next period already.
        let around = window.around(open);
        let span = Span { from: around.from, to: to.min(around.to) };
        let closed = Span { from: span.from, to: open };
        let held = self.held(span, Edge::WholeHour);
        let idle = match self.slicing {
            None => held.total.units,
            Some(_) => self.counted(span, Edge::WholeHour).total.units,
        };
        let mut measured_minutes = 0;
        let mut covered = Covered::default();
        let mut slices = 0;
        for run in &self.runs {
            let common = run.span.within(closed);
            if let Some(slicing) = self.slicing {
                slices += slicing.length.count_ending_in(run.all_ends(slicing).within(closed));
            }
            if !common.is_empty() {
                measured_minutes += common.len();
                covered = covered.plus(run.pair.tally.presence.coverage.sum(common));
            }
        }
        let measured_ppm = measured_minutes * PPM;
        Reading {
            span,
            open,
            until: to,
            ripe: window.is_ripe(open),
            liveness,
            events: held.events(),
            idle: idle == Units(0),
            unjudged: self.slicing.map(|_| Units::events(slices).minus(held.total.units)),
            unmeasured_minutes: closed.len() - measured_minutes,
            measured_minutes,
            covered_ppm: covered.covered_ppm,
            missing_ppm: (covered.missing_ppm + held.lost_minutes * PPM).min(measured_ppm),
            busiest: if self.slicing.is_none() { self.busiest(span) } else { Units(0) },
            aligned_to_hours: held.aligned,
        }
    }

    /// The events of a run of minutes, those before the beginning left out. Where only hours are
    /// kept, it is the run's share of them. Where slices count, those that end in it.
    pub fn events(&self, span: Span) -> Events {
        self.held(span, Edge::Share).events()
    }

    /// Measured events of the `span.minutes` closed minutes before the reading's open one, and of
    /// all from it on. Where slices count, one is looked at at least.
    pub fn burn_counts(&self, reading: &Reading, span: burn::Span) -> burn::Counts {
        let least = self.slicing.map_or(Minutes(0), |slicing| slicing.length.minutes());
        let from = reading.open.plus(-i64::from(span.minutes.max(least).0));
        let run = Span { from, to: reading.until };
        let held = self.held(run, Edge::WholeHour);
        let bad = match span.bad_since {
            Some(since) if since > run.from => {
                self.held(Span { from: since, to: run.to }, Edge::WholeHour).bad_measured
            }
            Some(_) | None => held.bad_measured,
        };
        burn::Counts { bad, total: held.total.measured() }
    }

    /// The covered share of a run of minutes.
    pub fn coverage_of(&self, span: Span) -> f64 {
        let covered = |run: &Run<'_>| {
            let common = run.span.within(span);
            if common.is_empty() {
                0
            } else {
                run.pair.tally.presence.coverage.sum(common).covered_ppm
            }
        };
        let covered: u64 = self.runs.iter().map(covered).sum();
        covered as f64 / (PPM * span.len().max(1)) as f64
    }

    /// The slices that end in a run of minutes and are over, as they were judged.
    pub fn slices(&self, slicing: Slicing, span: Span) -> Vec<Slice> {
        let mut slices = Vec::new();
        for run in &self.runs {
            let ends = run.ends(slicing).within(span);
            let counting = run.pair.counting(self.group);
            counting.judge(slicing, ends, self.archive, |slice| slices.push(slice));
        }
        slices
    }

    fn held(&self, span: Span, edge: Edge) -> Held {
        match self.slicing {
            None => self.counted(span, edge),
            Some(slicing) => self.judged(slicing, span, edge),
        }
    }

    fn judged(&self, slicing: Slicing, span: Span, edge: Edge) -> Held {
        let mut held = Held::default();
        for run in &self.runs {
            let ends = run.ends(slicing).within(span);
            if ends.is_empty() {
                continue;
            }
            // What was never judged for good lies before what was; all of it, where nothing is.
            let judged = run.sliced.map_or(Span { from: ends.to, to: ends.to }, Sliced::done);
            let before = Span { to: ends.to.min(judged.from), ..ends };
            run.pair
                .counting(self.group)
                .judge(slicing, before, self.archive, |slice| held.take_one(slice.verdict));
            let Some(sliced) = run.sliced else { continue };
            let done = judged.within(ends);
            if !done.is_empty() {
                let tally = run.pair.tally.declaration.tally;
                held.take(&sliced.sum(done, edge, tally, self.archive));
            }
            let since = run.fresh.partition_point(|(last, _)| *last < ends.from);
            let fresh = run.fresh[since..].iter().take_while(|(last, _)| *last < ends.to);
            fresh.for_each(|(_, good)| held.take_one(Some(*good)));
        }
        held
    }

    fn counted(&self, span: Span, edge: Edge) -> Held {
        let mut held = Held::default();
        for run in &self.runs {
            let common = run.span.within(span);
            if !common.is_empty() {
                held.add(run.pair, |channel| self.sum(run.pair, channel, common, edge));
            }
        }
        held
    }

    /// The busiest minute of a run.
    fn busiest(&self, span: Span) -> Units {
        let of_run = |run: &Run<'a>| {
            let common = run.span.within(span);
            let (column, cell) = self.column(run.pair, run.pair.total.1);
            let column = column.filter(|_| !common.is_empty());
            column.map_or(Units(0), |column| column.busiest(common, cell, self.archive))
        };
        self.runs.iter().map(of_run).max().unwrap_or_default()
    }

    fn column(&self, pair: Pair<'a>, channel: &'a Channel) -> (Option<&'a Column>, CellKey) {
        let tally = pair.tally.declaration.tally;
        let cell = CellKey { tally, channel: channel.id, group: self.group };
        (channel.columns.get(self.group as usize), cell)
    }

    fn sum(&self, pair: Pair<'a>, channel: &'a Channel, span: Span, edge: Edge) -> Sum {
        let (column, cell) = self.column(pair, channel);
        column.map_or_else(Sum::default, |column| column.sum(span, edge, cell, self.archive))
    }
}

impl Held {
    fn add(&mut self, pair: Pair<'_>, sum: impl Fn(&Channel) -> Sum) {
        let (total, part) = (sum(pair.total.1), sum(pair.part.1));
        let (good, bad) = pair.kind.split(total.counted.units, part.counted.units);
        let measured = (total.counted.measured(), part.counted.measured());
        let (_, bad_measured) = pair.kind.split(measured.0, measured.1);
        self.good = self.good.plus(good);
        self.bad = self.bad.plus(bad);
        self.total = self.total.plus(total.counted);
        self.bad_measured = self.bad_measured.plus(bad_measured);
        self.corrected = self.corrected.plus(total.corrected);
        self.aligned |= total.aligned || part.aligned;
        self.lost_minutes += total.lost_minutes.max(part.lost_minutes);
    }

    /// Takes in slices that were judged for good.
    fn take(&mut self, verdicts: &Verdicts) {
        let Verdicts { judged, good } = verdicts;
        self.put_slices(judged.counted.units, good.counted.units);
        self.aligned |= judged.aligned;
    }

    fn take_one(&mut self, verdict: Option<Units>) {
        if let Some(good) = verdict {
            self.put_slices(Units::events(1), good);
        }
    }

    fn put_slices(&mut self, judged: Units, good: Units) {
        self.good = self.good.plus(good);
        self.bad = self.bad.plus(judged.minus(good));
        self.bad_measured = self.bad;
        self.total.units = self.total.units.plus(judged);
    }

    fn events(&self) -> Events {
        Events {
            good: self.good,
            bad: self.bad,
            total: self.total.units,
            inferred: self.total.inferred,
            bad_inferred: self.bad.minus(self.bad_measured),
            corrected: self.corrected,
        }
    }
}
