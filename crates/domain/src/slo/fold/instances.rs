//! Who exposes series: numbered, and forgotten when they are gone.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::InstanceHash;
use super::series::Instance;

/// All instances that are remembered. Numbers of forgotten ones are given again.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Instances {
    places: Vec<Option<(InstanceHash, Instance)>>,
    free: Vec<u32>,
    #[serde(skip)]
    by_hash: HashMap<InstanceHash, u32>,
}

impl Instances {
    /// Makes what was read back ready.
    pub(super) fn revive(&mut self) {
        let places = (0..).zip(&self.places);
        let present = places.filter_map(|(number, held)| Some((held.as_ref()?.0, number)));
        self.by_hash = present.collect();
    }

    pub(super) fn len(&self) -> usize {
        self.by_hash.len()
    }

    pub(super) fn seen_ms(&self, hash: InstanceHash) -> Option<i64> {
        self.get(*self.by_hash.get(&hash)?)?.seen_ms()
    }

    /// The number of an instance, which is remembered from here on.
    pub(super) fn number(&mut self, hash: InstanceHash) -> u32 {
        *self.by_hash.entry(hash).or_insert_with(|| {
            let number = self.free.pop().unwrap_or_else(|| {
                self.places.push(None);
                self.places.len() as u32 - 1
            });
            self.places[number as usize] = Some((hash, Instance::default()));
            number
        })
    }

    pub(super) fn get(&self, number: u32) -> Option<&Instance> {
        self.places.get(number as usize)?.as_ref().map(|(_, instance)| instance)
    }

    /// That of a series, which keeps it.
    pub(super) fn of_series(&mut self, number: u32) -> &mut Instance {
        let held = self.places[number as usize].as_mut();
        &mut held.expect("an instance is kept while a series is of it").1
    }

    /// Those that were last seen before that time, or never.
    pub(super) fn silent_since(&self, until_ms: i64) -> impl Iterator<Item = u32> {
        let places = (0..).zip(&self.places);
        places.filter_map(move |(number, held)| {
            let (_, instance) = held.as_ref()?;
            instance.seen_ms().is_none_or(|seen_ms| seen_ms < until_ms).then_some(number)
        })
    }

    pub(super) fn forget(&mut self, number: u32) {
        if let Some((hash, _)) = self.places[number as usize].take() {
            self.by_hash.remove(&hash);
            self.free.push(number);
        }
    }

    /// How many places there are.
    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }
}
