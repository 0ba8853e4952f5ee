//! One outage is one alert: it opens, its severity may rise, it closes, it may reopen.
//!
//! The state machine is level-triggered: it is stepped with what the minutes say now, so a missed
//! step costs a tick and never a transition. An alert copies the numbers it fired on. No transition
//! is dated before the one it follows, though clocks may differ.
//!
//! Its id derives from the organisation, the SLO, the kind and the ordinal, so that two who step
//! the same subject open the same alert, and the store lets one of them.

pub mod tiers;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use crate::id::{AlertId, OrgId};
use crate::slo::burn::{ArmReading, Severity};
use crate::time::{Minute, Minutes};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The budget burns.
    Burn,
    /// All series fell silent.
    NoData,
}

impl Kind {
    /// Its stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Burn => "burn",
            Self::NoData => "no_data",
        }
    }
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It goes on.
    Firing,
    /// It is over.
    Closed,
}

/// Why an alert is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The minutes say that it is over.
    Recovered,
    /// Its SLO was deleted, so that nothing is known of it any more.
    Withdrawn,
}

/// What happened to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// It began.
    Opened,
    /// It became more severe.
    Escalated,
    /// It ended.
    Closed,
    /// It began again within the same outage's windows.
    Reopened,
}

/// One alert of one SLO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// Its number among the alerts of its SLO and kind, from 1.
    #[serde(default)]
    pub ordinal: u32,
    /// What it is about.
    pub kind: Kind,
    /// The SLO.
    pub slo: Name,
    /// The service.
    pub service: Name,
    /// What it asks of people; rises while firing, never falls.
    pub severity: Severity,
    /// Where it stands.
    pub phase: Phase,
    /// When it first opened.
    pub opened_at: Timestamp,
    /// When it last opened or reopened.
    pub firing_since: Timestamp,
    /// When it last became more severe since then, if it did.
    #[serde(default)]
    pub escalated_at: Option<Timestamp>,
    /// When it closed, if it is closed.
    pub closed_at: Option<Timestamp>,
    /// Why, if it is closed; those of before this was kept recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// How many transitions it has had, the opening included.
    pub transitions: u32,
    /// Failures before this minute belong to an outage that is over.
    pub bad_since: Option<Minute>,
    /// The numbers it fired on.
    pub evidence: Evidence,
}

impl Alert {
    /// The id of the alert of that ordinal.
    pub fn id_of(org: OrgId, slo: &Name, kind: Kind, ordinal: u32) -> AlertId {
        AlertId::derived(org, &[slo.as_str(), kind.as_str(), &ordinal.to_string()])
    }

    /// When its last transition was.
    pub fn changed_at(&self) -> Timestamp {
        let later = [self.escalated_at, self.closed_at].into_iter().flatten();
        later.fold(self.firing_since, Timestamp::max)
    }

    /// What a transition means, in one sentence.
    pub fn sentence(&self, transition: Transition) -> String {
        if transition == Transition::Closed && self.ending == Some(Ending::Withdrawn) {
            return "the SLO was deleted: whether its users are served is no longer known"
                .to_owned();
        }
        match (transition, self.kind) {
            (Transition::Opened | Transition::Escalated | Transition::Reopened, _) => {
                self.evidence.summary.clone()
            }
            (Transition::Closed, Kind::Burn) => {
                "the burn is back at or below the budget rate".to_owned()
            }
            (Transition::Closed, Kind::NoData) => "telemetry arrives again".to_owned(),
        }
    }
}

/// The numbers an alert fired on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Why, in one sentence.
    pub summary: String,
    /// The arms that fired, all those of the firing so far.
    pub arms: Vec<ArmReading>,
    /// The share of the budget left, if defined.
    pub budget_remaining: Option<f64>,
    /// Up to when the data reached.
    pub watermark: Option<Timestamp>,
}

/// What the minutes say about one SLO, for one kind of alert.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// They say something.
    Read {
        /// What should alert, if anything.
        firing: Option<Firing>,
        /// Whether an open alert may close, though long windows may still hold what it fired on.
        calm: bool,
        /// The open minute.
        minute: Minute,
    },
    /// Nothing is known: no transition out of ignorance.
    Unknown,
}

/// What should alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// What it asks of people.
    pub severity: Severity,
    /// The numbers.
    pub evidence: Evidence,
}

/// Who the alert would be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Whose it is.
    pub org: OrgId,
    /// What it is about.
    pub kind: Kind,
    /// The SLO.
    pub slo: Name,
    /// The service.
    pub service: Name,
    /// A closed alert is reopened, not followed by a new one, for this long.
    pub reopen_within: Minutes,
}

/// Steps the latest alert of one subject. Returns what happened, if anything; the changed alert is
/// left in `slot`. What happens is dated `now`, but no earlier than what it follows: the clock of
/// who steps it may be behind that of who stepped it before.
pub fn step(
    slot: &mut Option<Alert>,
    subject: &Subject,
    now: Timestamp,
    input: Input,
) -> Option<Transition> {
    let Input::Read { firing, calm, minute } = input else { return None };
    let now = slot.as_ref().map_or(now, |alert| now.max(alert.changed_at()));
    match (slot.as_mut().filter(|alert| alert.phase == Phase::Firing), firing) {
        (Some(alert), _) if calm => Some(close(alert, now, minute, Ending::Recovered)),
        (Some(alert), Some(firing)) => escalate(alert, now, firing),
        (None, Some(firing)) => Some(open(slot, subject, now, firing)),
        (_, None) => None,
    }
}

/// Closes an alert whose SLO is gone, if it is open; dated like any other transition.
pub fn withdraw(alert: &mut Alert, now: Timestamp) -> Option<Transition> {
    let now = now.max(alert.changed_at());
    let open = alert.phase == Phase::Firing;
    open.then(|| close(alert, now, Minute::of(now), Ending::Withdrawn))
}

fn escalate(alert: &mut Alert, now: Timestamp, firing: Firing) -> Option<Transition> {
    let Firing { severity, evidence } = firing;
    if severity <= alert.severity {
        return None;
    }
    alert.severity = severity;
    alert.escalated_at = Some(now);
    alert.transitions += 1;
    let mut arms = std::mem::take(&mut alert.evidence.arms);
    arms.retain(|old| evidence.arms.iter().all(|new| new.arm != old.arm));
    alert.evidence = evidence;
    alert.evidence.arms.extend(arms);
    Some(Transition::Escalated)
}

fn open(slot: &mut Option<Alert>, subject: &Subject, now: Timestamp, firing: Firing) -> Transition {
    let Firing { severity, evidence } = firing;
    let recent = |alert: &&mut Alert| {
        let reopen_for = jiff::SignedDuration::from_mins(i64::from(subject.reopen_within.0));
        alert.closed_at.is_some_and(|closed_at| now <= closed_at + reopen_for)
    };
    if let Some(alert) = slot.as_mut().filter(recent) {
        alert.phase = Phase::Firing;
        alert.severity = severity;
        alert.firing_since = now;
        alert.escalated_at = None;
        alert.closed_at = None;
        alert.ending = None;
        alert.transitions += 1;
        alert.evidence = evidence;
        return Transition::Reopened;
    }
    let ordinal = slot.as_ref().map_or(0, |last| last.ordinal) + 1;
    *slot = Some(Alert {
        id: Alert::id_of(subject.org, &subject.slo, subject.kind, ordinal),
        ordinal,
        kind: subject.kind,
        slo: subject.slo.clone(),
        service: subject.service.clone(),
        severity,
        phase: Phase::Firing,
        opened_at: now,
        firing_since: now,
        escalated_at: None,
        closed_at: None,
        ending: None,
        transitions: 1,
        bad_since: None,
        evidence,
    });
    Transition::Opened
}

fn close(alert: &mut Alert, now: Timestamp, minute: Minute, ending: Ending) -> Transition {
    alert.phase = Phase::Closed;
    alert.ending = Some(ending);
    alert.closed_at = Some(now);
    alert.bad_since = Some(minute);
    alert.transitions += 1;
    Transition::Closed
}

#[cfg(test)]
mod tests;
