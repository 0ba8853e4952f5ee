//! One channel of a tally: its columns, since when it counts, and up to when it is complete.

use serde::{Deserialize, Serialize};

use super::Misfit;
use super::series::{Route, Series};
use crate::slo::minutes::{Column, Span};
use crate::slo::selector::{Compiled, Labels, Patterns};
use crate::slo::tally::{self, Fingerprint, Measure};
use crate::time::Minute;

/// A channel, in force or not.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Channel {
    pub(super) id: Fingerprint,
    pub(super) declared: tally::Channel,
    /// One per group.
    pub(super) columns: Vec<Column>,
    /// The stretches in which it was in force, the present one last.
    pub(super) periods: Vec<Period>,
    pub(super) tide: Tide,
    #[serde(skip)]
    selector: Option<Compiled>,
}

/// A stretch of time in which a channel was in force.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Period {
    /// When it was declared, by our clock.
    pub(super) declared_ms: i64,
    /// Whether it was declared together with its tally's total, and so shares its beginning.
    pub(super) with_tally: bool,
    /// The time of its earliest sample.
    pub(super) first_ms: Option<i64>,
    /// The last of the baselines with which it began.
    pub(super) settled_ms: Option<i64>,
    /// When it was no longer declared.
    pub(super) ended_ms: Option<i64>,
}

/// Up to when a channel is complete: the smallest last-sample time over its live series, followed
/// minute by minute. `laggards` counts the series that keep the open minute open, so that a sample
/// costs a comparison, and the series are looked over only when a minute closes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Tide {
    pub(super) open: Option<Minute>,
    /// Live series; with none the channel follows its tally.
    pub(super) live: u32,
    laggards: u32,
    /// Once the tally's newest sample is later than this, a laggard has fallen silent.
    pub(super) recheck_ms: Option<i64>,
    /// Two intervals of its slowest live series.
    pub(super) patience_ms: i64,
}

impl Channel {
    pub(super) fn new(declared: tally::Channel, patterns: &mut Patterns) -> Result<Self, Misfit> {
        Ok(Self {
            id: declared.id(),
            selector: Some(declared.selector.compile_with(patterns)?),
            declared,
            columns: vec![Column::default()],
            periods: Vec::new(),
            tide: Tide::default(),
        })
    }

    /// Makes it ready for matching after it was read back.
    pub(super) fn compile(&mut self, patterns: &mut Patterns) -> Result<(), Misfit> {
        self.selector = Some(self.declared.selector.compile_with(patterns)?);
        Ok(())
    }

    pub(super) fn measure(&self) -> Measure {
        self.declared.measure
    }

    /// Whether it counts now.
    pub(super) fn in_force(&self) -> bool {
        self.periods.last().is_some_and(|period| period.ended_ms.is_none())
    }

    /// Whether it counts a series with these labels.
    pub(super) fn wants(&self, labels: &Labels) -> bool {
        self.in_force() && self.selector.as_ref().is_some_and(|selector| selector.matches(labels))
    }

    /// Its present stretch.
    pub(super) fn period(&mut self) -> &mut Period {
        if self.periods.is_empty() {
            self.periods.push(Period::default());
        }
        self.periods.last_mut().expect("one was pushed if there was none")
    }

    /// The column of a group.
    pub(super) fn column_mut(&mut self, group: u32) -> &mut Column {
        let at = group as usize;
        if at >= self.columns.len() {
            self.columns.resize(at + 1, Column::default());
        }
        &mut self.columns[at]
    }

    /// The minute that is open at the moment; `newest` is its tally's newest.
    pub(super) fn open(&self, newest: Minute) -> Minute {
        self.tide.open.filter(|_| self.tide.live > 0).unwrap_or(newest)
    }
}

impl Period {
    /// Notes a sample; a baseline within two intervals of the first belongs to the beginning.
    pub(super) fn seen(&mut self, at_ms: i64, baseline: bool, grace_ms: i64) {
        let first_ms = self.first_ms.map_or(at_ms, |first_ms| first_ms.min(at_ms));
        self.first_ms = Some(first_ms);
        if baseline && at_ms <= first_ms.saturating_add(grace_ms) {
            self.settled_ms = self.settled_ms.max(Some(at_ms));
        }
    }

    /// Whether both were in force at one time.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let before = |one: &Self, next: &Self| {
            one.ended_ms.is_some_and(|ended_ms| ended_ms <= next.declared_ms)
        };
        !before(self, other) && !before(other, self)
    }

    /// The minutes that are counted in both channels. They begin with the minute of the first
    /// sample if both were declared together with their tally; a channel that was declared later
    /// begins with the first minute in which none of its series lacks its baseline.
    pub(super) fn common(&self, other: &Self) -> Span {
        let firsts = [self.first_ms, other.first_ms].into_iter().flatten();
        let Some(first_ms) = firsts.min() else { return Span::EMPTY };
        let settled = |period: &&Self| {
            let settled_ms = period.settled_ms.unwrap_or(period.declared_ms).max(first_ms);
            Minute::of_ms(settled_ms).plus(1)
        };
        let late = [self, other].into_iter().filter(|period| !period.with_tally);
        let from = late.map(|period| settled(&period)).max().unwrap_or(Minute::of_ms(first_ms));
        let ended_ms = [self.ended_ms, other.ended_ms].into_iter().flatten().min();
        let to = ended_ms.map_or(Minute(i64::MAX), |ended_ms| Minute::of_ms(ended_ms).plus(1));
        Span { from, to: to.max(from) }
    }
}

impl Tide {
    /// A series of it had a sample; says whether the open minute may close. `newest_ms` is its
    /// tally's newest sample, which it followed while it had no live series.
    pub(super) fn rise(
        &mut self,
        route: &mut Route,
        at_ms: i64,
        patience_ms: i64,
        newest_ms: i64,
    ) -> bool {
        // With the tally's first sample all series are looked over: some may have spoken before.
        let Some(open) = self.open else { return true };
        if !is_live(at_ms, patience_ms, newest_ms) {
            // It comes from so far behind that nobody waits for it.
            return route.awaited && self.fall(route);
        }
        let alone = self.live == 0;
        let open = if alone { self.follow(Minute::of_ms(newest_ms)) } else { open };
        if !std::mem::replace(&mut route.awaited, true) {
            self.live += 1;
            self.patience_ms = self.patience_ms.max(patience_ms);
        }
        self.set_laggard(route, Minute::of_ms(at_ms) <= open);
        if route.laggard {
            self.expect_by(at_ms.saturating_add(patience_ms));
        }
        alone || self.laggards == 0
    }

    /// A series of it ended; says whether the open minute may close.
    pub(super) fn fall(&mut self, route: &mut Route) -> bool {
        self.live -= u32::from(std::mem::take(&mut route.awaited));
        self.set_laggard(route, false);
        self.laggards == 0
    }

    /// Without live series the open minute is its tally's newest, and goes on from there.
    fn follow(&mut self, newest: Minute) -> Minute {
        *self.open.insert(self.open.map_or(newest, |open| open.max(newest)))
    }

    /// Before its series change: the minutes it followed its tally through stay closed.
    pub(super) fn settle(&mut self, newest_ms: i64) {
        if self.live == 0 {
            self.follow(Minute::of_ms(newest_ms));
        }
    }

    /// It is no longer in force: it waits for nobody.
    pub(super) fn rest(&mut self) {
        (self.live, self.laggards, self.recheck_ms) = (0, 0, None);
    }

    /// Whether nobody keeps the open minute open any more, or somebody who has fallen silent: is
    /// more than two intervals behind the newest sample of the tally.
    pub(super) fn may_close(&self, newest_ms: i64) -> bool {
        let silent = self.recheck_ms.is_some_and(|recheck_ms| newest_ms > recheck_ms);
        silent || self.open.is_none() || (self.laggards == 0 && self.live > 0)
    }

    fn set_laggard(&mut self, route: &mut Route, is: bool) {
        let was = std::mem::replace(&mut route.laggard, is);
        self.laggards = self.laggards + u32::from(is) - u32::from(was);
    }

    fn expect_by(&mut self, until_ms: i64) {
        self.recheck_ms = Some(self.recheck_ms.map_or(until_ms, |ms| ms.min(until_ms)));
    }

    /// Starts to look the series over, at the tally's newest sample.
    pub(super) fn survey(newest_ms: i64) -> Survey {
        Survey { newest_ms, lowest_ms: newest_ms, live: 0, patience_ms: 0 }
    }

    /// Ends it: the open minute is the lowest one seen, and never an earlier one than before.
    pub(super) fn surveyed(&mut self, survey: &Survey) {
        self.open = self.open.max(Some(Minute::of_ms(survey.lowest_ms)));
        self.live = survey.live;
        self.laggards = 0;
        self.recheck_ms = None;
        self.patience_ms = survey.patience_ms;
    }

    /// After a survey: notes which series keep the open minute open.
    pub(super) fn note(&mut self, route: &mut Route, live: Option<(i64, i64)>) {
        route.laggard = false;
        route.awaited = live.is_some();
        let Some((at_ms, patience_ms)) = live else { return };
        if self.open.is_some_and(|open| Minute::of_ms(at_ms) <= open) {
            route.laggard = true;
            self.laggards += 1;
            self.expect_by(at_ms.saturating_add(patience_ms));
        }
    }

    /// After all were noted: when every live series is ahead of its tally's newest sample, as those
    /// may be that counted elsewhere before, the open minute goes on with that.
    pub(super) fn noted(&mut self) {
        if let Some(open) = self.open.filter(|_| self.live > 0 && self.laggards == 0) {
            self.expect_by(open.plus(1).start_ms() - 1);
        }
    }
}

/// What a look over a channel's series finds.
#[derive(Debug)]
pub(super) struct Survey {
    newest_ms: i64,
    lowest_ms: i64,
    live: u32,
    patience_ms: i64,
}

impl Survey {
    /// Takes in one series.
    pub(super) fn take(&mut self, series: &Series) {
        let Some((at_ms, patience_ms)) = self.live(series) else { return };
        self.lowest_ms = self.lowest_ms.min(at_ms);
        self.live += 1;
        self.patience_ms = self.patience_ms.max(patience_ms);
    }

    /// The last sample and the patience of a series if it is live: not ended, and at most two
    /// intervals behind the newest sample.
    pub(super) fn live(&self, series: &Series) -> Option<(i64, i64)> {
        let patience_ms = series.patience_ms;
        let live = |at_ms: &i64| is_live(*at_ms, patience_ms, self.newest_ms);
        Some((series.live_ms().filter(live)?, patience_ms))
    }
}

/// Whether a series that had its last sample then is at most two intervals behind the newest.
fn is_live(at_ms: i64, patience_ms: i64, newest_ms: i64) -> bool {
    at_ms >= newest_ms - patience_ms
}
