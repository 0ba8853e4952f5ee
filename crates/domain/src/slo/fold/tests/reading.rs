//! What an SLO reads by the naive reading: sums over lists, minute by minute.

use std::collections::BTreeMap;

use super::oracle::{Cell, MINUTE, Oracle, Tally};
use super::pool::{Chan, Plan};
use super::sums::minute;
use crate::slo::Units;
use crate::slo::fold::{Events, Reading};

/// A run of minutes, and who counted them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) plan: Plan,
}

/// The fields of a reading that are the same whoever reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) span: (i64, i64),
    pub(super) open: i64,
    pub(super) events: Events,
    pub(super) unmeasured_minutes: u64,
    pub(super) measured_minutes: u64,
    pub(super) covered_ppm: u64,
    pub(super) missing_ppm: u64,
    pub(super) busiest: Units,
}

impl From<&Reading> for Figures {
    fn from(reading: &Reading) -> Self {
        Self {
            span: (reading.span.from.0, reading.span.to.0),
            open: reading.open.0,
            events: reading.events,
            unmeasured_minutes: reading.unmeasured_minutes,
            measured_minutes: reading.measured_minutes,
            covered_ppm: reading.covered_ppm,
            missing_ppm: reading.missing_ppm,
            busiest: reading.busiest,
        }
    }
}

/// Instance-milliseconds of one minute: covered, bridged, expected.
pub(super) type Marks = BTreeMap<i64, [i64; 3]>;

/// One SLO, read once.
pub(super) struct View<'a> {
    pub(super) oracle: &'a Oracle,
    pub(super) runs: Vec<Run>,
    present: Plan,
    group: u32,
    marks: &'a BTreeMap<u8, Marks>,
}

impl Oracle {
    /// How well each tally was covered.
    pub(super) fn marks(&self) -> BTreeMap<u8, Marks> {
        self.tallies.iter().map(|(number, tally)| (*number, tally.marks())).collect()
    }

    /// What a slot reads of one group; none when it was never declared.
    pub(super) fn view<'a>(
        &'a self,
        slot: u8,
        group: u32,
        marks: &'a BTreeMap<u8, Marks>,
    ) -> Option<View<'a>> {
        let generations = self.readers.get(&slot)?;
        let mut runs = Vec::new();
        for generation in generations {
            let plan = generation.plan;
            for total in &self.channels[&(plan.tally, plan.total)].periods {
                for part in &self.channels[&(plan.tally, plan.part)].periods {
                    let ends = [total.ended, part.ended].into_iter().flatten().min();
                    let begins = total.declared.max(part.declared);
                    let Some(first) = [total.first, part.first].into_iter().flatten().min() else {
                        continue;
                    };
                    if ends.is_some_and(|ends| ends <= begins) {
                        continue;
                    }
                    let late = [total, part].into_iter().filter(|period| !period.with_tally);
                    let settled =
                        late.map(|p| minute(p.settled.unwrap_or(p.declared).max(first)) + 1);
                    let after = |at: Option<i64>| at.map(|at| minute(at) + 1);
                    let from = settled.max().unwrap_or(minute(first));
                    let from = from.max(after(generation.from).unwrap_or(i64::MIN));
                    let ends = [after(ends), after(generation.to)].into_iter().flatten().min();
                    runs.push(Run { from, to: ends.unwrap_or(i64::MAX), plan });
                }
            }
        }
        runs.retain(|run| run.from < run.to);
        runs.sort_by_key(|run| run.from);
        let mut claimed = i64::MIN;
        for run in &mut runs {
            run.from = run.from.max(claimed);
            claimed = claimed.max(run.to);
        }
        runs.retain(|run| run.from < run.to);
        Some(View { oracle: self, runs, present: generations.last()?.plan, group, marks })
    }
}

impl Tally {
    fn marks(&self) -> Marks {
        let mut marks = Marks::new();
        let Some(newest) = self.newest else { return marks };
        let mut put = |(from, to): (i64, i64), kind: usize| {
            for of in minute(from)..=minute(to) {
                let ms = to.min((of + 1) * MINUTE) - from.max(of * MINUTE);
                if ms > 0 {
                    marks.entry(of).or_default()[kind] += ms;
                }
            }
        };
        for member in self.members.values() {
            member.covered.iter().for_each(|stretch| put(*stretch, 0));
            member.bridged().for_each(|stretch| put(stretch, 1));
            member.expected(minute(newest) * MINUTE).for_each(|stretch| put(stretch, 2));
        }
        marks
    }
}

/// (covered, missing) of a minute in millionths. Where nobody was expected, all is missing.
fn shares([covered, bridged, expected]: [i64; 3]) -> (u64, u64) {
    let share = |ms: i64| match expected {
        0 => {
            if ms > 0 {
                1_000_000
            } else {
                0
            }
        }
        _ => (ms * 1_000_000 / expected).min(1_000_000),
    };
    (share(covered) as u64, (1_000_000 - share(covered + bridged)) as u64)
}

impl View<'_> {
    pub(super) fn cells(
        &self,
        plan: Plan,
        chan: Chan,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = Cell> {
        let cells = &self.oracle.channels[&(plan.tally, chan)].cells;
        let (from, to) = ((self.group, from), (self.group, to.max(from)));
        cells.range(from..to).map(|(_, cell)| *cell)
    }

    /// The parts of the runs that lie in some minutes.
    fn parts(&self, from: i64, to: i64) -> impl Iterator<Item = Run> {
        let clip = move |run: &Run| Run { from: run.from.max(from), to: run.to.min(to), ..*run };
        self.runs.iter().map(clip).filter(|run| run.from < run.to)
    }

    pub(super) fn events(&self, from: i64, to: i64) -> Events {
        let mut events = Events::default();
        for Run { from, to, plan } in self.parts(from, to) {
            let of = |chan| {
                let units = self.cells(plan, chan, from, to).map(|cell| cell.units);
                units.sum::<u128>()
            };
            let (total, part) = (of(plan.total), of(plan.part).min(of(plan.total)));
            let (good, bad) =
                if plan.part_is_bad { (total - part, part) } else { (part, total - part) };
            events.good.0 += good;
            events.bad.0 += bad;
            events.total.0 += total;
            for cell in self.cells(plan, plan.total, from, to) {
                events.inferred.0 += cell.inferred;
                events.corrected.0 += cell.corrected;
            }
        }
        events.bad_inferred.0 = events.bad.0.saturating_sub(self.measured(from, to).0);
        events
    }

    /// (bad, total) of what was seen when it happened.
    pub(super) fn measured(&self, from: i64, to: i64) -> (u128, u128) {
        let mut sum = (0, 0);
        for Run { from, to, plan } in self.parts(from, to) {
            let of = |chan| {
                let units = self.cells(plan, chan, from, to).map(|c| c.units - c.inferred);
                units.sum::<u128>()
            };
            let (total, part) = (of(plan.total), of(plan.part).min(of(plan.total)));
            sum.0 += if plan.part_is_bad { part } else { total - part };
            sum.1 += total;
        }
        sum
    }

    /// The open minute while telemetry arrives; none when the present tally never had a sample.
    pub(super) fn open(&self) -> Option<i64> {
        self.open_of(self.present)
    }

    /// The same of any plan.
    pub(super) fn open_of(&self, plan: Plan) -> Option<i64> {
        self.oracle.tallies[&plan.tally].newest?;
        let newest = self.oracle.tallies[&plan.tally].newest.map(minute);
        let open = |chan| {
            let channel = &self.oracle.channels[&(plan.tally, chan)];
            if channel.in_force() { channel.open } else { newest }
        };
        open(plan.total).min(open(plan.part))
    }

    pub(super) fn newest(&self) -> Option<i64> {
        self.oracle.tallies[&self.present.tally].newest
    }

    /// When anything it reads or read was heard of last; what of a former tally came after it was
    /// read is not its own.
    pub(super) fn heard(&self) -> Option<i64> {
        let heard = self.runs.iter().filter_map(|run| {
            let newest = self.oracle.tallies[&run.plan.tally].newest?;
            Some(if run.to == i64::MAX { newest } else { newest.min(run.to * MINUTE) })
        });
        heard.max()
    }

    pub(super) fn figures(&self, window: i64, open: i64, to: i64) -> Figures {
        let from = open - window;
        let (mut measured, mut covered, mut missing) = (0, 0, 0);
        let mut busiest = 0;
        for Run { from, to, plan } in self.parts(from, open) {
            measured += (to - from) as u64;
            for of in from..to {
                let marks = self.marks[&plan.tally].get(&of).copied().unwrap_or_default();
                let (of_covered, of_missing) = shares(marks);
                covered += of_covered;
                missing += of_missing;
            }
        }
        for Run { from, to, plan } in self.parts(from, to) {
            let cells = self.cells(plan, plan.total, from, to);
            busiest = cells.map(|cell| cell.units - cell.corrected).max().unwrap_or(0).max(busiest);
        }
        Figures {
            span: (from, to),
            open,
            events: self.events(from, to),
            unmeasured_minutes: window as u64 - measured,
            measured_minutes: measured,
            covered_ppm: covered,
            missing_ppm: missing,
            busiest: Units(busiest),
        }
    }
}
