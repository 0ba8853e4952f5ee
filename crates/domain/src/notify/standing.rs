//! Whether a message that is owed is still news when its turn comes.
//!
//! Invariant: nobody is told of a state that is over, and nobody hears that something ended who was
//! never told that it began. What may have arrived counts as arrived: an end too many is better
//! than a ticket that nobody closes.

use crate::alert::{Alert, Phase, Transition};

use super::{Arrival, Notification};

/// Why a message is no longer sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Superseded {
    /// The alert has closed.
    Closed,
    /// The alert fires again.
    Reopened,
    /// A newer message tells more.
    Overtaken,
    /// It says that something ended of which this channel was never told.
    NeverTold,
}

impl Superseded {
    /// The reason as it is stored and shown.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Closed => "the alert closed before this could be sent",
            Self::Reopened => "the alert fired again before this could be sent",
            Self::Overtaken => "a newer message about this alert tells more",
            Self::NeverTold => "this channel was never told that it fired",
        }
    }
}

/// Another message about the same alert, to the same receiver over the same channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Other {
    /// Which step of the alert it is about, and which reminder of it.
    pub order: (u32, u32),
    /// What happened to the alert.
    pub transition: Transition,
    /// Whether it has arrived.
    pub arrival: Arrival,
}

impl Notification {
    /// Where it stands among the messages about its alert: later ones are greater.
    pub fn order(&self) -> (u32, u32) {
        (self.snapshot.transitions, self.reminder)
    }

    /// Why it is no longer to be sent, if so, by the alert as it stands and the other messages
    /// about it over the same channel.
    pub fn superseded(&self, alert: &Alert, others: &[Other]) -> Option<Superseded> {
        let moved_on = alert.transitions > self.snapshot.transitions;
        let closes = self.transition == Transition::Closed;
        if moved_on && !closes && alert.phase == Phase::Closed {
            return Some(Superseded::Closed);
        }
        if moved_on && closes && alert.phase == Phase::Firing {
            return Some(Superseded::Reopened);
        }
        if others.iter().any(|other| other.order > self.order()) {
            return Some(Superseded::Overtaken);
        }
        (closes && !believed_firing(self.order(), others)).then_some(Superseded::NeverTold)
    }
}

/// Whether who heard the messages before this one may take the alert for firing.
fn believed_firing(order: (u32, u32), others: &[Other]) -> bool {
    let mut earlier: Vec<&Other> = others.iter().filter(|other| other.order < order).collect();
    earlier.sort_by_key(|other| std::cmp::Reverse(other.order));
    let mut told = earlier.into_iter().filter(|other| match other.transition {
        Transition::Closed => other.arrival == Arrival::Certain,
        Transition::Opened | Transition::Escalated | Transition::Reopened => {
            other.arrival != Arrival::RuledOut
        }
    });
    told.next().is_some_and(|last| last.transition != Transition::Closed)
}
