//! The fold and the naive reading, fed the same random histories: nothing may differ.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use super::arrivals::{self, Arrival, Brings};
use super::oracle::Oracle;
use super::pool::{PLANS, Plan};
use super::reading::{Figures, View};
use super::slicing::{CUTS, Cut, slicing};
use super::sums::minute;
use super::*;
use crate::slo::burn;
use crate::slo::minutes::{Archive, CellKey, SealedDay, Span};
use crate::slo::{Budgeting, Units, Window};
use crate::time::{Day, Minute, Minutes, instant};

/// Days that were put away.
#[derive(Default)]
pub(super) struct Shelf(BTreeMap<(CellKey, Day), Arc<SealedDay>>);

impl Shelf {
    /// Puts away what is ripe.
    pub(super) fn take(&mut self, fold: &mut Fold) {
        let ripe: Vec<(CellKey, Day, SealedDay)> = fold.ripe().collect();
        for (cell, day, packed) in ripe {
            self.0.insert((cell, day), Arc::new(packed));
            fold.put_away(cell, day);
        }
    }

    /// Keeps hours alone of older days.
    pub(super) fn forget_minutes_before(&mut self, from: Day) {
        for (_, sealed) in self.0.iter_mut().filter(|((_, day), _)| *day < from) {
            *sealed = Arc::new(sealed.hours_only());
        }
    }
}

impl Archive for Shelf {
    fn day(&self, cell: CellKey, day: Day) -> Option<Arc<SealedDay>> {
        self.0.get(&(cell, day)).cloned()
    }
}

/// The fold and the naive reading of the same records.
struct Both {
    fold: Fold,
    oracle: Oracle,
    shelf: Shelf,
    clock: i64,
    /// No sample older than this is taken.
    kept: i64,
    /// The slots that count slices.
    cuts: BTreeMap<u8, Cut>,
}

const SENDERS: [&str; 2] = ["replica-0", "replica-1"];

type Outcome = Result<(), String>;

fn same<T: PartialEq + std::fmt::Debug>(what: &str, fold: T, naive: T) -> Outcome {
    if fold == naive {
        return Ok(());
    }
    Err(format!("{what}\n   fold {fold:?}\n  naive {naive:?}"))
}

impl Both {
    fn apply(&mut self, record: Record) {
        self.fold.apply(&record).expect("it fits");
    }

    fn declare(&mut self, slots: &[(u8, Plan)], cuts: BTreeMap<u8, Cut>) {
        self.clock += 1;
        let named: Vec<(Name, Indicator)> =
            slots.iter().map(|(slot, plan)| (slot_name(*slot), plan.real())).collect();
        let mut declarations = declarations(named.iter().map(|(name, of)| (name.clone(), of)));
        for (slot, cut) in &cuts {
            if let Some(reads) = declarations.readers.get_mut(&slot_name(*slot)) {
                reads.slicing = Some(slicing(*cut));
            }
        }
        self.apply(declare(&self.fold, self.clock, &declarations));
        self.oracle.declare(self.clock, slots);
        let declared = |slot: &u8| slots.iter().any(|(declared, _)| declared == slot);
        self.cuts = cuts.into_iter().filter(|(slot, _)| declared(slot)).collect();
        self.oracle.cut(&self.cuts);
    }

    fn look_back(&mut self) {
        assert!(self.fold.look_back(&self.shelf, usize::MAX), "there is room for all days");
        self.oracle.look_back();
    }

    fn offer(&mut self, arrival: &Arrival) -> Outcome {
        let Arrival { key, at, brings, start, sender, .. } = *arrival;
        self.clock = self.clock.max(arrival.arrives);
        if at < self.clock - self.kept {
            return Ok(());
        }
        self.fold.hear(SENDERS[sender as usize]);
        self.oracle.sender = sender;
        let place = self.oracle.place(&key);
        same("known", self.fold.known(key.hash()).map(|number| number.0), place)?;
        let wanted = !self.oracle.wanting(&key).is_empty();
        let takes = place.map(|place| self.fold.takes(SeriesNo(place)));
        let takes = takes.unwrap_or_else(|| self.fold.would_take(&key.labels()));
        same("wanted", takes.any(), wanted)?;
        if place.is_none() && brings == Brings::Stale {
            return Ok(());
        }
        if !wanted {
            let instance = key.instance_hash();
            // Whether one that was silent for a week is still remembered makes no difference.
            let lately = |seen: &i64| at - seen <= 7 * arrivals::DAY;
            let seen = self.oracle.instance_seen(key.instance).filter(lately);
            let of_fold = self.fold.instance_seen_ms(instance).filter(lately);
            same("instance", of_fold, seen)?;
            if seen.is_none_or(|seen| at >= seen + arrivals::DAY) {
                self.apply(Record::Instance { instance, at_ms: at });
                self.oracle.instance(key.instance, at);
            }
            return Ok(());
        }
        let place = match place {
            Some(place) => place,
            None => self.appear(key)?,
        };
        self.accept(place, at, brings, start)
    }

    /// Of a series none of whose samples was taken.
    fn appear_silently(&mut self, key: pool::Key) -> Outcome {
        if self.oracle.place(&key).is_some() || self.oracle.wanting(&key).is_empty() {
            return Ok(());
        }
        self.appear(key).map(drop)
    }

    fn appear(&mut self, key: pool::Key) -> Result<u32, String> {
        let place = self.oracle.next_place();
        let next = self.fold.next_places(1).next().map(|number| number.0);
        same("next place", next, Some(place))?;
        let (hash, instance) = (key.hash(), key.instance_hash());
        self.apply(Record::Series { hash, instance, labels: key.labels() });
        self.oracle.appear(key);
        Ok(place)
    }

    fn accept(&mut self, place: u32, at: i64, brings: Brings, start: Option<i64>) -> Outcome {
        let series = SeriesNo(place);
        let accepted = if let Brings::Delta(start, _) = brings {
            let naive = self.oracle.accepts_delta(place, start, at);
            same("accepts delta", self.fold.accepts_delta(series, start, at), naive)?;
            naive
        } else {
            same("accepts", self.fold.accepts(series, at), self.oracle.accepts(place, at))?;
            self.oracle.accepts(place, at)
        };
        if !accepted {
            return Ok(());
        }
        let cumulative = matches!(brings, Brings::Number(_) | Brings::Histogram(..));
        if let Some(start_ms) = start.filter(|_| cumulative)
            && self.fold.start_ms(series) != Some(start_ms)
        {
            self.apply(Record::Start { series, start_ms });
            self.oracle.series.get_mut(&place).expect("known").start = Some(start_ms);
        }
        match brings {
            Brings::Number(value) => {
                self.apply(Record::Sample { series, at_ms: at, value });
                self.oracle.sample(place, at, value, [0.0; 2]);
            }
            Brings::Histogram(count, half, one) => {
                let of = |threshold: f64| if threshold < 1.0 { half } else { one };
                let at_most = self.fold.thresholds(series).map(of).collect();
                self.apply(Record::Histogram { series, at_ms: at, count, at_most });
                self.oracle.sample(place, at, count, [half, one]);
            }
            Brings::Delta(start_ms, value) => {
                self.apply(Record::Delta { series, start_ms, at_ms: at, value });
                self.oracle.delta(place, start_ms, at, value);
            }
            Brings::Stale => {
                self.apply(Record::Stale { series, at_ms: at });
                self.oracle.stale(place, at);
            }
        }
        Ok(())
    }

    fn forget(&mut self) -> Outcome {
        let places = self.oracle.forgettable();
        let oldest_ms = self.clock - self.kept;
        let Some(record) = self.fold.forgettable(oldest_ms) else {
            return same("forgettable", vec![], places);
        };
        let Record::Forget { series, .. } = &record else { return Err(format!("{record:?}")) };
        same("forgettable", series.iter().map(|number| number.0).collect(), places.clone())?;
        self.apply(record);
        self.oracle.forget(&places);
        Ok(())
    }

    /// What a checkpoint does: all is written down and read back.
    fn checkpoint(&mut self) {
        let bytes = postcard::to_allocvec(&self.fold).expect("it can be written");
        let read: Fold = postcard::from_bytes(&bytes).expect("it can be read");
        self.fold = read.revived(identity).expect("its selectors compile");
    }

    fn put_away(&mut self) {
        self.shelf.take(&mut self.fold);
        self.fold.retain(Day(-1_000), Day(-1_000));
    }

    fn compare(&self, dice: &mut Dice) -> Outcome {
        let marks = self.oracle.marks();
        for slot in 0..4 {
            let plans = self.oracle.readers.get(&slot).into_iter().flatten();
            let grouped = plans.map(|g| g.plan.tally).any(|tally| tally == pool::GROUPED);
            for group in 0..if grouped { 4 } else { 1 } {
                let sli = self.fold.sli_of_group(&slot_name(slot), group, &self.shelf);
                let view = self.oracle.view(slot, group, &marks);
                same("declared", sli.is_some(), view.is_some())?;
                let (Some(sli), Some(view)) = (sli, view) else { continue };
                let at = |complaint| format!("slot {slot} group {group}: {complaint}");
                self.compare_minutes(dice, &sli, &view).map_err(at)?;
                self.compare_windows(dice, &sli, &view).map_err(at)?;
                let cut = self.cuts.get(&slot).copied().filter(|_| dice.one_in(2));
                let cut = cut.unwrap_or_else(|| dice.pick(&CUTS));
                let at = |complaint| at(format!("slices {cut:?}: {complaint}"));
                self.compare_slices(dice, cut, sli, &view).map_err(at)?;
            }
        }
        Ok(())
    }

    /// Every minute in which anything was counted, and some others.
    fn compare_minutes(&self, dice: &mut Dice, sli: &Sli<'_>, view: &View<'_>) -> Outcome {
        same("begins", sli.begins().map(|m| m.0), view.runs.first().map(|run| run.from))?;
        let cells = self.oracle.channels.values().flat_map(|channel| channel.cells.keys());
        let mut minutes: Vec<i64> = cells.map(|(_, of)| *of).collect();
        minutes.extend((0..3).map(|_| minute(self.clock) - dice.below(200)));
        minutes.sort_unstable();
        minutes.dedup();
        for of in minutes {
            let one = Span { from: Minute(of), to: Minute(of + 1) };
            same(&format!("minute {of}"), sli.events(one), view.events(of, of + 1))?;
            let covered = (sli.coverage_of(one) * 1e6).round() as u64;
            let naive = view.figures(1, of + 1, of + 1).covered_ppm;
            same(&format!("coverage of minute {of}"), covered, naive)?;
        }
        Ok(())
    }

    fn compare_slices(&self, dice: &mut Dice, cut: Cut, sli: Sli<'_>, view: &View<'_>) -> Outcome {
        let sli = sli.by(Budgeting::Slices(slicing(cut)));
        for _ in 0..4 {
            let window = dice.pick(&[1, 5, 60, 61, 720, 1_440, 3_000]);
            let open = minute(self.clock) - dice.below(1_500);
            let reading = sli.read_at(&Window::Rolling(Minutes(window as u32)), Minute(open));
            let naive = view.verdicts(cut, open - window, open + 1);
            let of_closed = view.verdicts(cut, open - window, open);
            let read = (reading.events.total.0, reading.events.good.0);
            let what = format!("{window} at minute {open}");
            same(&what, read, (naive.judged * 1_000_000, naive.good))?;
            let unjudged = (of_closed.slices * 1_000_000).saturating_sub(naive.judged * 1_000_000);
            same(&format!("unjudged in {what}"), reading.unjudged, Some(Units(unjudged)))?;
            let idle = view.events(open - window, open + 1).total == Units(0);
            same(&format!("idle in {what}"), reading.idle, idle)?;
            let length = dice.within(1, 400);
            let span = burn::Span { minutes: Minutes(length as u32), bad_since: None };
            let counts = sli.burn_counts(&reading, span);
            let naive = view.verdicts(cut, open - length.max(cut.0), open + 1);
            let bad = naive.judged * 1_000_000 - naive.good;
            let what = format!("burn of {length} at minute {open}");
            same(&what, (counts.bad.0, counts.total.0), (bad, naive.judged * 1_000_000))?;
        }
        Ok(())
    }

    fn compare_windows(&self, dice: &mut Dice, sli: &Sli<'_>, view: &View<'_>) -> Outcome {
        let lengths = [1, 5, 60, 61, 720, 1_440, 3_000, 525_600];
        let newest = view.newest();
        let silent = self.clock + 2 * arrivals::DAY;
        let liveness =
            view.heard().map_or(Liveness::Unmeasured, |since_ms| Liveness::Silent { since_ms });
        same("liveness", sli.liveness(instant(silent)), liveness)?;
        for now in [newest.unwrap_or(silent), silent] {
            let window = dice.pick(&lengths);
            let live = newest == Some(now) && !view.runs.is_empty();
            let open = if live { view.open() } else { None }.unwrap_or(minute(now));
            let to = newest.map_or(open, |newest| minute(newest).max(open)) + 1;
            let reading = sli.read(&Window::Rolling(Minutes(window as u32)), instant(now));
            let naive = view.figures(window, open, to);
            same(&format!("read {window} at {now}"), Figures::from(&reading), naive)?;
            for minutes in [5, dice.within(1, 400)] {
                let bad_since = dice.one_in(2).then(|| Minute(open - dice.within(-2, 60)));
                let span = burn::Span { minutes: Minutes(minutes as u32), bad_since };
                let counts = sli.burn_counts(&reading, span);
                let (bad, total) = view.measured(open - minutes, to);
                let since = bad_since.map_or(open - minutes, |since| since.0.max(open - minutes));
                let bad = if since > open - minutes { view.measured(since, to).0 } else { bad };
                let what = format!("burn of {minutes} at {now} since {bad_since:?}");
                same(&what, (counts.bad.0, counts.total.0), (bad, total))?;
            }
        }
        let (window, open) = (dice.pick(&lengths[..6]), minute(self.clock) - dice.below(300));
        let reading = sli.read_at(&Window::Rolling(Minutes(window as u32)), Minute(open));
        let naive = view.figures(window, open, open + 1);
        same(&format!("read {window} at minute {open}"), Figures::from(&reading), naive)
    }
}

fn slot_name(slot: u8) -> Name {
    name(&format!("slo-{slot}"))
}

fn slots(dice: &mut Dice) -> Vec<(u8, Plan)> {
    let few = dice.within(1, 4) as u8;
    (0..few).map(|slot| (slot, dice.pick(&PLANS))).collect()
}

/// Some slots count slices.
fn cuts(dice: &mut Dice) -> BTreeMap<u8, Cut> {
    let slots = (0..4).filter(|_| dice.one_in(2)).collect::<Vec<u8>>();
    slots.into_iter().map(|slot| (slot, dice.pick(&CUTS))).collect()
}

fn check(seed: u64) -> Outcome {
    let mut dice = Dice::new(seed);
    let (from, arrivals) = arrivals::history(&mut dice);
    let clock = from - dice.pick(&[0, 60, 1_800]) * 1_000;
    let mut both = Both {
        fold: Fold::default(),
        oracle: Oracle::default(),
        shelf: Shelf::default(),
        clock,
        kept: dice.pick(&[2, 30, 60]) * arrivals::DAY,
        cuts: BTreeMap::new(),
    };
    let declared = slots(&mut dice);
    both.declare(&declared, cuts(&mut dice));
    let often = arrivals.len() as u64;
    for (number, arrival) in arrivals.iter().enumerate() {
        let step = |complaint| format!("at arrival {number}, {arrival:?}: {complaint}");
        if dice.one_in(60) {
            both.appear_silently(arrival.key).map_err(step)?;
        }
        both.offer(arrival).map_err(step)?;
        if dice.one_in(often) {
            let declared = slots(&mut dice);
            both.declare(&declared, cuts(&mut dice));
        } else if dice.one_in(2 * often) {
            both.declare(&[], BTreeMap::new());
        }
        if dice.one_in(often / 2) {
            both.look_back();
        }
        if dice.one_in(often / 2) {
            both.checkpoint();
        }
        if dice.one_in(often / 3) {
            both.put_away();
        }
        if dice.one_in(often / 3) {
            both.forget().map_err(step)?;
        }
        if dice.one_in(often / 2) {
            both.compare(&mut dice).map_err(step)?;
        }
    }
    both.compare(&mut dice).map_err(|complaint| format!("at the end: {complaint}"))
}

#[test]
fn random_histories_read_as_the_rules_say() {
    campaign::run(campaign::seeds(700, 100_000), check).holds();
}
