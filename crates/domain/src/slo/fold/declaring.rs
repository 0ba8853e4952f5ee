//! What is to be counted changes: some tallies begin or end, or have other channels than before.
//!
//! Invariant: what does not change is not touched. A declaration of one SLO costs a look at the
//! labels of each series, and no more for a hundred thousand others that are in force.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::routing::Routing;
use super::tally::Tally;
use super::{Fold, Misfit};
use crate::catalog::Name;
use crate::slo::tally::{Change, Declaration, Declarations, Fingerprint};

impl Fold {
    /// What is to change so that these are wanted and no others.
    pub fn change_to(&self, wanted: &Declarations) -> Change {
        let same = |declaration: &&Declaration| {
            let number = self.by_fingerprint.get(&declaration.tally);
            let tally = number.map(|number| &self.tallies[*number]);
            tally.is_some_and(|tally| tally.in_force() && tally.declaration == **declaration)
        };
        let tallies = wanted.tallies.iter().filter(|declaration| !same(declaration));
        let stays: HashSet<Fingerprint> = wanted.tallies.iter().map(|it| it.tally).collect();
        let in_force = self.tallies.iter().filter(|tally| tally.in_force());
        let in_force = in_force.map(|tally| tally.declaration.tally);
        let reads = |name: &Name, it| self.readers.get(name).is_some_and(|reader| reader.reads(it));
        let others = wanted.readers.iter().filter(|(name, it)| !reads(name, it));
        let others = others.map(|(name, it)| (name.clone(), Some(it.clone())));
        let gone = self.readers.iter().filter(|(name, reader)| {
            reader.indicator().is_some() && !wanted.readers.contains_key(*name)
        });
        Change {
            tallies: tallies.cloned().collect(),
            ended: in_force.filter(|tally| !stays.contains(tally)).collect(),
            readers: others.chain(gone.map(|(name, _)| (name.clone(), None))).collect(),
        }
    }

    pub(super) fn declare(&mut self, at_ms: i64, change: &Change) -> Result<(), Misfit> {
        let wanted =
            change.tallies.iter().map(|declaration| (declaration.tally, Some(declaration)));
        let ended = change.ended.iter().map(|tally| (*tally, None));
        let mut changed = BTreeMap::new();
        for (tally, wanted) in wanted.chain(ended) {
            if let Some(number) = self.numbered(tally, wanted) {
                changed.insert(number, wanted);
            }
        }
        let mut theirs = Routing::default();
        for (number, wanted) in &changed {
            let tally = &mut self.tallies[*number];
            self.routing.remove(*number, tally);
            tally.settle();
            tally.declare(at_ms, *wanted, &mut self.patterns)?;
            self.routing.add(*number, tally);
            theirs.add(*number, tally);
        }
        for (name, reads) in &change.readers {
            self.readers.entry(name.clone()).or_default().declare(at_ms, reads.as_ref());
        }
        self.slice(change.readers.keys());
        if !changed.is_empty() {
            self.reroute(&changed.keys().copied().collect(), &theirs);
        }
        Ok(())
    }

    /// The number of a tally; one that was never wanted gets a new one if it is now.
    fn numbered(&mut self, tally: Fingerprint, wanted: Option<&Declaration>) -> Option<usize> {
        let known = self.by_fingerprint.get(&tally).copied();
        known.or_else(|| {
            let number = self.tallies.len();
            self.tallies.push(Tally::new(wanted?.clone()));
            self.by_fingerprint.insert(tally, number);
            Some(number)
        })
    }

    /// Routes the series that count, or counted, in tallies that have changed; `theirs` leads to
    /// those.
    fn reroute(&mut self, changed: &BTreeSet<usize>, theirs: &Routing) {
        changed.iter().for_each(|number| self.tallies[*number].series.clear());
        for (number, series) in (0..).zip(&mut self.series) {
            let Some(series) = series else { continue };
            let counted = || {
                let mut tallies = series.routes.iter().map(|route| route.tally as usize);
                tallies.any(|tally| changed.contains(&tally))
            };
            if !counted() && theirs.pairs(&self.tallies, &series.labels).next().is_none() {
                continue;
            }
            let routes = self.routing.routes(&mut self.tallies, &series.labels);
            for left in series.reroute(routes) {
                self.tallies[left.tally as usize].presence.part(&left);
            }
            let firsts = series.routes.iter().filter(|route| route.first_of_tally);
            for tally in firsts.map(|route| route.tally as usize).filter(|it| changed.contains(it))
            {
                self.tallies[tally].series.push(number);
            }
        }
        for tally in changed {
            for channel in 0..self.tallies[*tally].channels.len() {
                if self.tallies[*tally].channels[channel].in_force() {
                    self.survey(*tally, channel);
                } else {
                    self.tallies[*tally].channels[channel].tide.rest();
                }
            }
        }
    }
}
