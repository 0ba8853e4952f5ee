//! The slices of SLOs that count these rather than events: judged once, and kept like minutes.
//!
//! Two columns of a tally hold, at the minute with which each slice ends, that it was judged and
//! what of it was good. Slices are judged for good when the last of their minutes is sealed; those
//! since are judged anew whenever they are read, from minutes that are in memory. When a rule is
//! declared over minutes that are sealed already, [`Fold::look_back`] judges these day by day, and
//! until it has, they are judged when read. So what is kept is a function of minutes that change no
//! more, and may be lost and made again at any time.
//!
//! Invariant: a slice is judged in one of the two ways only, and by the same function. What is
//! added to a sealed minute later, as a correction, changes no verdict.

use serde::{Deserialize, Serialize};

use super::Fold;
use super::channel::Channel;
use super::tally::Tally;
use crate::catalog::Name;
use crate::slo::Units;
use crate::slo::minutes::{
    Archive, CellKey, Column, Counted, Coverage, DayMinutes, Edge, NothingArchived, PPM, SealedDay,
    Span, Sum,
};
use crate::slo::slices::{Judged, Slicing};
use crate::slo::tally::{Fingerprint, Indicator, Part};
use crate::time::{Day, Minute};

/// Which slices: of which events, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rule {
    pub(super) total: Fingerprint,
    pub(super) part: Fingerprint,
    pub(super) kind: Part,
    pub(super) slicing: Slicing,
}

/// The slices of one rule that are judged for good, of all events of a tally.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Sliced {
    pub(super) rule: Rule,
    /// The identities of its columns.
    ids: [Fingerprint; 2],
    /// One for each that was judged.
    judged: Column,
    /// What of each was good.
    good: Column,
    /// Those that end in these minutes are judged, or never will be; none before the first minute
    /// is sealed.
    done: Option<Span>,
    /// Whether there are none before.
    whole: bool,
}

/// A slice, as it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// Its minutes.
    pub span: Span,
    /// Good events seen in it.
    pub good: Units,
    /// All events seen in it.
    pub total: Units,
    /// What of it counts as good, in millionths; none when too little of it was seen.
    pub verdict: Option<Units>,
}

/// Where the events of slices are counted.
#[derive(Clone, Copy)]
pub(super) struct Counting<'a> {
    pub(super) tally: Fingerprint,
    pub(super) group: u32,
    pub(super) total: &'a Channel,
    pub(super) part: &'a Channel,
    pub(super) kind: Part,
    pub(super) coverage: &'a Coverage,
}

/// The sums of judged slices.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Verdicts {
    pub(super) judged: Sum,
    pub(super) good: Sum,
}

impl Rule {
    pub(super) fn of(indicator: &Indicator, slicing: Slicing) -> Self {
        let (total, part) = (indicator.total.id(), indicator.part_channel.id());
        Self { total, part, kind: indicator.part, slicing }
    }

    /// The identities of its columns, of what was judged and of what was good.
    fn columns(self) -> [Fingerprint; 2] {
        let judged = match self.slicing.judged {
            Judged::AtLeast(target) => target.fraction().to_string(),
            Judged::Share => "share".to_owned(),
        };
        let kind = match self.kind {
            Part::Good => "good",
            Part::Bad => "bad",
        };
        let (total, part) = (self.total.to_string(), self.part.to_string());
        let length = self.slicing.length.to_string();
        ["judged", "good of"].map(|column| {
            Fingerprint::of(&[&["slices", column, &length, &judged, kind, &total, &part]])
        })
    }
}

impl Counting<'_> {
    /// Judges the slices that end in a run of minutes.
    pub(super) fn judge(
        self,
        slicing: Slicing,
        ends: Span,
        archive: &dyn Archive,
        mut each: impl FnMut(Slice),
    ) {
        for (day, slots) in ends.days() {
            let [total, part] = [self.total, self.part].map(|channel| {
                let cell = CellKey { tally: self.tally, channel: channel.id, group: self.group };
                let column = channel.columns.get(self.group as usize);
                column.map(|column| column.minutes(day, cell, archive))
            });
            let start = day.start();
            let run =
                Span { from: start.plus(slots.start as i64), to: start.plus(slots.end as i64) };
            for span in slicing.length.ending_in(run) {
                let slots = (span.from.0 - start.0) as usize..(span.to.0 - start.0) as usize;
                let of = |minutes: &Option<_>| match minutes {
                    Some(minutes) => DayMinutes::measured(minutes, slots.clone()),
                    None => Some(Units(0)),
                };
                let counted = of(&total).zip(of(&part));
                let (total, part) = counted.unwrap_or_default();
                let (good, _) = self.kind.split(total, part);
                let known = counted.is_some() && is_seen(self.coverage, span);
                let verdict = known.then(|| slicing.judge(good, total));
                each(Slice { span, good, total, verdict });
            }
        }
    }
}

/// Whether at least half of the minutes of a slice were covered, each by one instance at least.
fn is_seen(coverage: &Coverage, slice: Span) -> bool {
    let enough = |minutes: u64| 2 * minutes >= slice.len();
    let covered_ppm = coverage.sum(slice).covered_ppm;
    if covered_ppm == 0 || enough(covered_ppm / PPM) {
        return covered_ppm > 0;
    }
    let minutes =
        (slice.from.0..slice.to.0).map(|at| Span { from: Minute(at), to: Minute(at + 1) });
    enough(minutes.filter(|minute| coverage.sum(*minute).covered_ppm > 0).count() as u64)
}

impl Sliced {
    fn new(rule: Rule) -> Self {
        let [judged, good] = [Column::default(), Column::default()];
        Self { rule, ids: rule.columns(), judged, good, done: None, whole: false }
    }

    /// The minutes in which slices end that are judged for good.
    pub(super) fn done(&self) -> Span {
        self.done.unwrap_or(Span::EMPTY)
    }

    /// What those come to that end in a run of minutes.
    pub(super) fn sum(
        &self,
        ends: Span,
        edge: Edge,
        tally: Fingerprint,
        archive: &dyn Archive,
    ) -> Verdicts {
        let [judged, good] = self.ids;
        let sum = |column: &Column, channel| {
            column.sum(ends, edge, CellKey { tally, channel, group: 0 }, archive)
        };
        Verdicts { judged: sum(&self.judged, judged), good: sum(&self.good, good) }
    }

    fn keep(&mut self, slice: &Slice) {
        let Some(good) = slice.verdict else { return };
        let last = slice.span.to.plus(-1);
        let put = |column: &mut Column, units| {
            column.add(last, Counted { units, inferred: Units(0) }, Minute(i64::MIN));
        };
        put(&mut self.judged, Units::events(1));
        put(&mut self.good, good);
    }

    /// Its columns, each with its identity.
    pub(super) fn columns_mut(&mut self) -> [(Fingerprint, &mut Column); 2] {
        let [judged, good] = self.ids;
        [(judged, &mut self.judged), (good, &mut self.good)]
    }

    /// The days of its columns that change no more and are still held here, packed.
    pub(super) fn ripe(&self) -> Vec<(Fingerprint, Day, SealedDay)> {
        let Span { from, to } = self.done();
        let [judged, good] = self.ids;
        let columns = [(judged, &self.judged), (good, &self.good)];
        let ripe = columns.into_iter().flat_map(|(id, column)| {
            column.ripe(to).into_iter().map(move |(day, packed)| (id, day, packed))
        });
        ripe.filter(|(_, day, _)| self.whole || day.start() >= from).collect()
    }
}

impl Tally {
    /// Where the events of a rule are counted, if they are.
    fn counting(&self, rule: &Rule) -> Option<Counting<'_>> {
        let find = |id| self.channels.iter().find(|channel| channel.id == id);
        Some(Counting {
            tally: self.declaration.tally,
            group: 0,
            total: find(rule.total)?,
            part: find(rule.part)?,
            kind: rule.kind,
            coverage: &self.presence.coverage,
        })
    }

    /// Judges the slices whose last minute is sealed now.
    pub(super) fn judge_sealed(&mut self) {
        let mut sliced = std::mem::take(&mut self.sliced);
        for sliced in sliced.iter_mut().filter(|_| self.sealed > Minute(i64::MIN)) {
            let sealed = sliced.rule.slicing.length.begin(self.sealed);
            let done = *sliced.done.get_or_insert(Span { from: sealed, to: sealed });
            let ends = Span { from: done.to, to: sealed };
            if ends.is_empty() {
                continue;
            }
            if let Some(counting) = self.counting(&sliced.rule) {
                let slicing = sliced.rule.slicing;
                counting.judge(slicing, ends, &NothingArchived, |slice| sliced.keep(&slice));
            }
            sliced.done = Some(Span { from: done.from, to: sealed });
        }
        self.sliced = sliced;
    }

    /// Judges slices of days before those that are judged; says of how many days.
    fn look_back(&mut self, archive: &dyn Archive, kept_from: Day, days: usize) -> usize {
        let mut looked = 0;
        let mut sliced = std::mem::take(&mut self.sliced);
        for sliced in sliced.iter_mut().filter(|sliced| !sliced.whole) {
            let (Some(mut done), Some(counting)) = (sliced.done, self.counting(&sliced.rule))
            else {
                continue;
            };
            let began = counting.began().map_or(done.from, |began| began.max(kept_from.start()));
            while looked < days && done.from > began {
                let day = Day::of(done.from.plus(-1));
                let from = day.start().max(sliced.rule.slicing.length.begin(began));
                let ends = Span { from, to: done.from };
                counting.judge(sliced.rule.slicing, ends, archive, |slice| sliced.keep(&slice));
                done.from = from;
                looked += 1;
            }
            sliced.whole = done.from <= began;
            sliced.done = Some(done);
        }
        self.sliced = sliced;
        looked
    }
}

impl Counting<'_> {
    /// The minute of the first sample of its channels.
    fn began(self) -> Option<Minute> {
        let first = |channel: &Channel| channel.periods.iter().filter_map(|it| it.first_ms).min();
        let first_ms = [self.total, self.part].into_iter().filter_map(first).min()?;
        Some(Minute::of_ms(first_ms))
    }
}

impl Fold {
    /// After these SLOs read something else: their tallies keep the slices somebody counts, and no
    /// others.
    pub(super) fn slice<'a>(&mut self, changed: impl Iterator<Item = &'a Name>) {
        let mut wanted = Vec::new();
        let mut touched = Vec::new();
        for reader in changed.filter_map(|name| self.readers.get(name)) {
            for generation in reader.generations() {
                let tally = self.by_fingerprint.get(&generation.indicator.tally());
                let Some(tally) = tally.copied() else { continue };
                let rule = |slicing| (tally, Rule::of(&generation.indicator, slicing));
                wanted.extend(reader.slicing().map(rule));
                touched.push(tally);
            }
        }
        touched.retain(|tally| !self.tallies[*tally].sliced.is_empty());
        if !touched.is_empty() {
            self.drop_uncounted(&touched);
        }
        for (number, rule) in wanted {
            let tally = &mut self.tallies[number];
            if tally.sliced.iter().all(|sliced| sliced.rule != rule) {
                tally.sliced.push(Sliced::new(rule));
                tally.judge_sealed();
            }
        }
    }

    /// Drops of these tallies the slices that no SLO counts any more.
    fn drop_uncounted(&mut self, touched: &[usize]) {
        let counted = self.readers.values().flat_map(|reader| {
            let slicing = reader.slicing();
            let rules = reader.generations().iter().zip(std::iter::repeat(slicing));
            rules.filter_map(|(generation, slicing)| {
                let indicator = &generation.indicator;
                Some((indicator.tally(), Rule::of(indicator, slicing?)))
            })
        });
        let counted: Vec<(Fingerprint, Rule)> = counted.collect();
        for number in touched {
            let tally = &mut self.tallies[*number];
            let id = tally.declaration.tally;
            tally.sliced.retain(|sliced| counted.contains(&(id, sliced.rule)));
        }
    }

    /// Judges slices of minutes that were sealed before anybody counted slices of them, of so many
    /// days at most; says whether there are none left.
    pub fn look_back(&mut self, archive: &dyn Archive, days: usize) -> bool {
        let mut left = days;
        for tally in &mut self.tallies {
            if !tally.sliced.is_empty() {
                left -= tally.look_back(archive, self.minutes_from, left);
            }
        }
        left > 0
    }
}
