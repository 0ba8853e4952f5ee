//! What happened in how many histories, counted.

use std::fmt;
use std::ops::AddAssign;

/// The figures of histories.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Figures {
    pub(super) histories: u64,
    pub(super) crashes: u64,
    pub(super) clock_steps: u64,
    /// Changes of the replica that tallies.
    pub(super) takeovers: u64,
    /// Commits that met a conflict.
    pub(super) conflicts: u64,
    /// Those of alerts of a replica that no longer had the lease.
    pub(super) fenced: u64,
    /// What happened to alerts before it was calm.
    pub(super) transitions: u64,
    pub(super) samples: u64,
    pub(super) errands: u64,
    /// Notifications owed.
    pub(super) owed: u64,
    /// Those that were reminders.
    pub(super) reminders: u64,
    /// Those that were no longer news when their turn came.
    pub(super) superseded: u64,
    /// Messages sent.
    pub(super) messages: u64,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        let Self { histories, crashes, clock_steps, takeovers, conflicts, .. } = other;
        self.histories += histories;
        self.crashes += crashes;
        self.clock_steps += clock_steps;
        self.takeovers += takeovers;
        self.conflicts += conflicts;
        self.fenced += other.fenced;
        self.transitions += other.transitions;
        self.samples += other.samples;
        self.errands += other.errands;
        self.owed += other.owed;
        self.reminders += other.reminders;
        self.superseded += other.superseded;
        self.messages += other.messages;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { histories, crashes, clock_steps, takeovers, conflicts, .. } = self;
        let Self { fenced, transitions, samples, errands, owed, messages, .. } = self;
        let Self { reminders, superseded, .. } = self;
        write!(
            f,
            "{histories} histories, {crashes} crashes, {clock_steps} steps of clocks, {takeovers} \
             takeovers, {conflicts} conflicts, {fenced} of them of who had lost the lease; \
             acknowledged: {samples} writes, {errands} deployments, decisions and definitions; \
             {transitions} transitions in trouble, {owed} notifications owed, \
             {reminders} of them reminders and {superseded} superseded, {messages} messages sent"
        )
    }
}
