//! Which replica of a cluster is heard: one of a pair that scrapes the same targets.
//!
//! The first that speaks is elected. Another takes over once the elected one has been silent for
//! the longer of 30 seconds and three intervals, by our clock. Elections are written to the log,
//! and hold while some series had its last sample from the replica.

use std::collections::HashMap;

use plimsoll_domain::slo::fold::{Fold, INTERVAL_ASSUMED_MS, Record};

/// Silence after which a replica may be replaced, at least.
const SILENCE_MIN_MS: i64 = 30_000;

/// When the elected replica of each cluster was heard last.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    heard_ms: HashMap<String, i64>,
}

/// What was decided about a replica.
#[derive(Debug)]
pub(super) struct Replica<'a> {
    /// Its cluster and its name; none for a series without replica labels.
    pub(super) named: Option<(&'a [u8], &'a [u8])>,
    pub(super) is_heard: bool,
    /// Who its samples are from, for the fold.
    pub(super) sender: String,
    /// What is to be logged first.
    pub(super) elect: Option<Record>,
}

impl Hearing {
    /// Asks whether a replica is heard.
    pub(super) fn ask<'a>(
        &mut self,
        fold: &Fold,
        sender: &str,
        named: Option<(&'a [u8], &'a [u8])>,
        arrival_ms: i64,
        interval_ms: Option<i64>,
    ) -> Replica<'a> {
        let Some((cluster, replica)) = named else {
            let sender = sender.to_owned();
            return Replica { named, is_heard: true, sender, elect: None };
        };
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let (cluster, replica) = (format!("{sender} {}", text(cluster)), text(replica));
        let elected = fold.elected(&cluster) == Some(&replica);
        let patience_ms = SILENCE_MIN_MS.max(3 * interval_ms.unwrap_or(INTERVAL_ASSUMED_MS));
        let heard_ms = self.heard_ms.get(&cluster).copied().unwrap_or(arrival_ms);
        let vacant = fold.elected(&cluster).is_none() || arrival_ms - heard_ms > patience_ms;
        let sender = format!("{cluster}/{replica}");
        if elected || vacant {
            self.heard_ms.insert(cluster.clone(), arrival_ms);
        } else {
            self.heard_ms.entry(cluster.clone()).or_insert(arrival_ms);
        }
        let elect = (vacant && !elected).then_some(Record::Elect { cluster, replica });
        Replica { named, is_heard: elected || vacant, sender, elect }
    }

    /// An election came to nothing: none of the replica's samples was accepted.
    pub(super) fn forget(&mut self, cluster: &str) {
        self.heard_ms.remove(cluster);
    }

    /// Forgets the clusters in which nobody is elected any more.
    pub(super) fn keep(&mut self, fold: &Fold) {
        self.heard_ms.retain(|cluster, _| fold.elected(cluster).is_some());
    }

    /// Notes a frame that was replayed: from then on the elected replica is taken for heard.
    pub(super) fn replayed(&mut self, fold: &Fold, sender: &str, arrival_ms: i64) {
        // Where the name of the cluster ends is known by who is elected: both may hold a slash.
        let splits = sender.match_indices('/').map(|(at, _)| (&sender[..at], &sender[at + 1..]));
        for (cluster, _) in splits.filter(|(of, replica)| fold.elected(of) == Some(replica)) {
            self.heard_ms.insert(cluster.to_owned(), arrival_ms);
        }
    }

    /// Everything it remembers.
    pub(super) fn list(&self) -> Vec<(String, i64)> {
        let mut heard: Vec<_> = self.heard_ms.iter().map(|(c, ms)| (c.clone(), *ms)).collect();
        heard.sort();
        heard
    }

    /// What it remembered.
    pub(super) fn restored(heard: Vec<(String, i64)>) -> Self {
        Self { heard_ms: heard.into_iter().collect() }
    }
}
