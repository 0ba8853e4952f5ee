//! Who the records come from, and which replica of a cluster is heard.
//!
//! A sender is numbered with its first sample. It is known for as long as some series had its last
//! sample from it, and so long the election of a replica holds: both grow with the series that are
//! remembered, not with all that ever spoke.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// All senders that are known. Numbers of forgotten ones are given again.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Senders {
    /// Who the records at hand come from, and its number if it has one.
    present: String,
    present_number: Option<u32>,
    names: Vec<Option<String>>,
    free: Vec<u32>,
    /// By cluster.
    elected: BTreeMap<String, Elected>,
    #[serde(skip)]
    by_name: HashMap<String, u32>,
}

/// The replica of a cluster that is heard.
#[derive(Debug, Serialize, Deserialize)]
struct Elected {
    replica: String,
    /// Its number as a sender.
    sender: u32,
}

impl Senders {
    /// Makes what was read back ready.
    pub(super) fn revive(&mut self) {
        let places = (0..).zip(&self.names);
        let present = places.filter_map(|(number, name)| Some((name.clone()?, number)));
        self.by_name = present.collect();
    }

    /// The records that follow come from this one.
    pub(super) fn hear(&mut self, name: &str) {
        if self.present != name {
            name.clone_into(&mut self.present);
            self.present_number = self.by_name.get(name).copied();
        }
    }

    /// The number of the one the records at hand come from.
    pub(super) fn number(&mut self) -> u32 {
        if let Some(number) = self.present_number {
            return number;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.names.push(None);
            self.names.len() as u32 - 1
        });
        self.names[number as usize] = Some(self.present.clone());
        self.by_name.insert(self.present.clone(), number);
        *self.present_number.insert(number)
    }

    /// The replica that the records at hand come from is heard from now on.
    pub(super) fn elect(&mut self, cluster: &str, replica: &str) {
        let elected = Elected { replica: replica.to_owned(), sender: self.number() };
        self.elected.insert(cluster.to_owned(), elected);
    }

    /// The replica of a cluster that is heard.
    pub(super) fn elected(&self, cluster: &str) -> Option<&str> {
        self.elected.get(cluster).map(|elected| elected.replica.as_str())
    }

    /// Whether it knows any but these.
    pub(super) fn has_others_than(&self, kept: &BTreeSet<u32>) -> bool {
        self.by_name.len() > kept.len()
    }

    /// Forgets all but these, and what they were elected for.
    pub(super) fn keep(&mut self, kept: &BTreeSet<u32>) {
        self.elected.retain(|_, elected| kept.contains(&elected.sender));
        for (number, place) in (0..).zip(&mut self.names) {
            if !kept.contains(&number)
                && let Some(name) = place.take()
            {
                self.by_name.remove(&name);
                self.free.push(number);
            }
        }
        self.present_number = self.present_number.filter(|number| kept.contains(number));
    }

    /// How many places there are.
    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.names.len()
    }
}
