//! What the fold keeps, and what it lets go of.

use std::collections::BTreeSet;

use super::series::Series;
use super::slices::Sliced;
use super::tally::Tally;
use super::{Fold, Misfit, Record, STATE_KEPT, SeriesNo};
use crate::slo::minutes::{CellKey, Column, SealedDay};
use crate::time::{Day, Minute};

impl Fold {
    /// What may be forgotten when no sample older than `oldest_ms` is taken any more; none if there
    /// is nothing.
    pub fn forgettable(&self, oldest_ms: i64) -> Option<Record> {
        let series = self.silent_series();
        let anything = !series.is_empty()
            || self.senders.has_others_than(&self.last_senders())
            || !self.left_instances(oldest_ms).is_empty();
        anything.then_some(Record::Forget { oldest_ms, series })
    }

    /// Series that were silent for longer than state is kept, or never had a sample.
    fn silent_series(&self) -> Vec<SeriesNo> {
        let until_ms = self.newest_ms - STATE_KEPT.ms();
        let silent = |series: &Series| series.seen_ms().is_none_or(|seen_ms| seen_ms < until_ms);
        let numbered = (0..).zip(&self.series);
        numbered
            .filter(|(_, series)| series.as_ref().is_some_and(silent))
            .map(|(number, _)| SeriesNo(number))
            .collect()
    }

    /// Who sent the last samples of the series that are remembered.
    fn last_senders(&self) -> BTreeSet<u32> {
        self.series.iter().flatten().filter_map(|series| Some(series.last?.sender)).collect()
    }

    /// The instances that no series is of, and whose next sample would be their first again: those
    /// that by then are silent for longer than state is kept.
    fn left_instances(&self, oldest_ms: i64) -> BTreeSet<u32> {
        let until_ms = oldest_ms.saturating_sub(STATE_KEPT.ms());
        let mut left: BTreeSet<u32> = self.instances.silent_since(until_ms).collect();
        if !left.is_empty() {
            for series in self.series.iter().flatten() {
                left.remove(&series.instance);
            }
            for tally in &self.tallies {
                left.retain(|instance| tally.presence.is_done_with(*instance));
            }
        }
        left
    }

    /// The sealed days whose minutes are still held here, packed.
    pub fn ripe(&self) -> impl Iterator<Item = (CellKey, Day, SealedDay)> {
        let counted = self.columns().flat_map(|(cell, column, sealed)| {
            column.ripe(sealed).into_iter().map(move |(day, packed)| (cell, day, packed))
        });
        let sliced = self.tallies.iter().flat_map(|tally| {
            let ripe = tally.sliced.iter().flat_map(Sliced::ripe);
            ripe.map(|(channel, day, packed)| {
                (CellKey { tally: tally.declaration.tally, channel, group: 0 }, day, packed)
            })
        });
        counted.chain(sliced)
    }

    fn columns(&self) -> impl Iterator<Item = (CellKey, &Column, Minute)> {
        self.tallies.iter().flat_map(|tally| {
            tally.channels.iter().flat_map(|channel| {
                (0..).zip(&channel.columns).map(|(group, column)| {
                    let tally_id = tally.declaration.tally;
                    (CellKey { tally: tally_id, channel: channel.id, group }, column, tally.sealed)
                })
            })
        })
    }

    /// Forgets the minutes of a day that is in the archive now.
    pub fn put_away(&mut self, cell: CellKey, day: Day) {
        let Some(number) = self.by_fingerprint.get(&cell.tally) else { return };
        let Tally { channels, sliced, .. } = &mut self.tallies[*number];
        if let Some(channel) = channels.iter_mut().find(|channel| channel.id == cell.channel) {
            if let Some(column) = channel.columns.get_mut(cell.group as usize) {
                column.put_away(day);
            }
            return;
        }
        let mut columns = sliced.iter_mut().flat_map(Sliced::columns_mut);
        if let Some((_, column)) = columns.find(|(id, _)| *id == cell.channel) {
            column.put_away(day);
        }
    }

    /// Forgets what is older than it is kept for: coverage by the minute before `minutes_from`, and
    /// everything before `hours_from`.
    pub fn retain(&mut self, minutes_from: Day, hours_from: Day) {
        for tally in &mut self.tallies {
            tally.presence.coverage.settle_before(tally.sealed);
            tally.presence.coverage.retain(minutes_from, hours_from);
            let columns = tally.channels.iter_mut().flat_map(|channel| &mut channel.columns);
            columns.for_each(|column| column.forget_before(hours_from));
            let columns = tally.sliced.iter_mut().flat_map(Sliced::columns_mut);
            columns.for_each(|(_, column)| column.forget_before(hours_from));
        }
        self.minutes_from = self.minutes_from.max(minutes_from);
    }

    /// Forgets series, and with them the instances and senders that are left without.
    pub(super) fn forget(&mut self, oldest_ms: i64, forgotten: &[SeriesNo]) -> Result<(), Misfit> {
        let gone: BTreeSet<u32> = forgotten.iter().map(|number| number.0).collect();
        for number in forgotten {
            let place = self.series.get_mut(number.0 as usize);
            let series = place.and_then(Option::take);
            let mut series = series.ok_or(Misfit::UnknownSeries(number.0))?;
            for route in &mut series.routes {
                self.tallies[route.tally as usize].forget(route);
            }
            if let Some(seen_ms) = series.seen_ms() {
                self.instances.of_series(series.instance).lose(seen_ms);
            }
            self.free.push(number.0);
        }
        self.by_hash.retain(|_, number| !gone.contains(&number.0));
        for tally in &mut self.tallies {
            tally.series.retain(|number| !gone.contains(number));
        }
        let senders = self.last_senders();
        self.senders.keep(&senders);
        for number in self.left_instances(oldest_ms) {
            for tally in &mut self.tallies {
                tally.presence.dismiss(number);
            }
            self.instances.forget(number);
        }
        Ok(())
    }
}
