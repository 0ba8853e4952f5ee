//! Leases: who may do what only one replica may, without comparing the clocks of two machines.
//!
//! A lease is a row with a holder, an epoch and a count of renewals. The holder renews well within
//! the lease. A contender takes over only after it has seen the same epoch and count for a whole
//! lease on its own monotonic clock, and each taking begins a new epoch. Invariant: what is
//! committed under an epoch is refused once a later one has begun, so that a holder that slept
//! through its lease changes nothing any more.

use std::time::Duration;

/// A lease as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Who has it; none once it was given back.
    pub holder: Option<String>,
    /// How often it was taken, from 1.
    pub epoch: u64,
    /// How often its holder said that it is still there.
    pub renewals: u64,
}

/// How long a lease lasts, and how often it is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// A holder that was not heard of for so long may be followed.
    pub lasts: Duration,
    /// How often the holder is heard of.
    pub renew_every: Duration,
}

/// What one replica has seen of a lease. Durations are those of its own monotonic clock, since any
/// fixed instant of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// What this replica calls itself; no other does.
    me: String,
    /// What was last seen, and when it first looked so.
    seen: Option<(Option<Lease>, Duration)>,
    /// The epoch held, and until when it is held for certain.
    held: Option<(u64, Duration)>,
    /// Whether no other can be there.
    is_alone: bool,
}

/// What to do about a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Write this lease in the place of the one that was loaded; then say how it went.
    Write(Lease),
    /// Look again later.
    Wait,
}

impl Watch {
    /// A replica that has seen nothing yet.
    pub fn new(me: impl Into<String>) -> Self {
        Self { me: me.into(), seen: None, held: None, is_alone: false }
    }

    /// A replica that something else keeps all others from: it takes the lease at once, and holds
    /// it until it ends.
    pub fn alone(me: impl Into<String>) -> Self {
        Self { is_alone: true, ..Self::new(me) }
    }

    /// The epoch under which this replica may act at `now`, if it may.
    pub fn epoch(&self, now: Duration) -> Option<u64> {
        self.held.filter(|(_, until)| now < *until).map(|(epoch, _)| epoch)
    }

    /// Steps with the lease as it was loaded; `now` was read before the load.
    pub fn step(&mut self, terms: Terms, now: Duration, stored: Option<&Lease>) -> Act {
        let mine = stored.is_some_and(|lease| {
            lease.holder.as_ref() == Some(&self.me)
                && self.held.is_some_and(|(epoch, _)| epoch == lease.epoch)
        });
        if mine && self.is_alone {
            return Act::Wait;
        }
        if mine {
            let renewed =
                stored.map(|lease| Lease { renewals: lease.renewals + 1, ..lease.clone() });
            return renewed.map_or(Act::Wait, Act::Write);
        }
        self.held = None;
        let since = match &self.seen {
            Some((seen, since)) if seen.as_ref() == stored => *since,
            Some(_) | None => {
                self.seen = Some((stored.cloned(), now));
                now
            }
        };
        let free = self.is_alone || stored.is_none_or(|lease| lease.holder.is_none());
        if free || now.saturating_sub(since) >= terms.lasts {
            let epoch = stored.map_or(0, |lease| lease.epoch) + 1;
            return Act::Write(Lease { holder: Some(self.me.clone()), epoch, renewals: 0 });
        }
        Act::Wait
    }

    /// The lease was written; `now` is the instant of the step that asked for it.
    pub fn written(&mut self, terms: Terms, now: Duration, lease: &Lease) {
        let until = if self.is_alone { Duration::MAX } else { now + terms.lasts };
        self.held = Some((lease.epoch, until));
        self.seen = None;
    }

    /// Another wrote it first: what is held, if anything, is held no longer than before.
    pub fn refused(&mut self) {
        self.held = None;
    }

    /// The lease to write to give it back, if it is held.
    pub fn release(&self, stored: Option<&Lease>) -> Option<Lease> {
        let (epoch, _) = self.held?;
        let lease = stored.filter(|lease| lease.epoch == epoch)?;
        Some(Lease { holder: None, ..lease.clone() })
    }
}

#[cfg(test)]
mod tests;
