//! What a campaign found, counted, and shown in one line.

use std::fmt;

/// The figures of a campaign.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Faults done to the server.
    pub(crate) faults: u64,
    /// Those of them during start-up.
    pub(crate) at_start: u64,
    /// Remote-write requests acknowledged.
    pub(crate) writes: u64,
    /// Of these, sent again because the first answer was not waited for, or never came.
    pub(crate) retried: u64,
    /// Deployments acknowledged.
    pub(crate) deployments: u64,
    /// Decisions answered.
    pub(crate) decisions: u64,
    /// Notifications owed, every one of them delivered.
    pub(crate) notifications: u64,
    /// Deliveries beyond the first, each after a crash in between.
    pub(crate) redelivered: u64,
    lost: Vec<String>,
    doubled: Vec<String>,
}

impl Ledger {
    /// Something acknowledged is not there.
    pub(crate) fn lost(&mut self, what: String) {
        show("LOST", &self.lost, &what);
        self.lost.push(what);
    }

    /// Something is there more often than it was done.
    pub(crate) fn doubled(&mut self, what: String) {
        show("DOUBLED", &self.doubled, &what);
        self.doubled.push(what);
    }

    pub(crate) fn has_losses(&self) -> bool {
        !self.lost.is_empty()
    }

    /// Prints the figures; fails if anything was lost or doubled.
    #[track_caller]
    pub(crate) fn close(&self, what: &str) {
        println!("FIGURES {what}: {self}");
        assert!(self.lost.is_empty() && self.doubled.is_empty(), "{what}: {self}");
    }
}

/// The first few say what happened, and how many there are says the rest.
fn show(word: &str, before: &[String], what: &str) {
    if before.len() < 5 {
        let start: String = what.chars().take(400).collect();
        println!("{word}: {start}");
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { faults, at_start, writes, retried, deployments, decisions, .. } = self;
        let Self { notifications, redelivered, lost, doubled, .. } = self;
        write!(
            f,
            "{faults} faults ({at_start} at start-up); acknowledged: {writes} writes ({retried} \
             retried), {deployments} deployments, {decisions} decisions, {notifications} \
             notifications ({redelivered} redelivered after a crash); lost {}, doubled {}",
            lost.len(),
            doubled.len()
        )
    }
}
