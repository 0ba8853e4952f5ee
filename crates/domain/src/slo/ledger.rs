//! The ledger: what a budget was spent on (BUD-12).
//!
//! Every bad event of a window is put down to one cause, by rules that anybody can check:
//!
//! 1. An *outage* of a burn alert runs from where its burn began ([`Outage::of`]) until it closed;
//!    one that is opened again has another.
//! 2. One that began within the deployment window of a deployment is put down to that deployment,
//!    however long it lasts; any other is put down to its alert. What went out after the alert is
//!    no cause of it, be it in the same minute: that is how a rollback comes.
//! 3. Outside outages, the minutes of a deployment's window are the deployment's. Of several that
//!    are in theirs it is the newest, here as there.
//! 4. Of the rest, what was inferred over gaps in the telemetry is put down to these, and what
//!    remains has no cause that is known.
//!
//! Invariant: the entries add up to what the budget counts, to the unit, whatever the minutes say.
//! Causes take of what there is, in the order of time; they never take more, and what none takes is
//! left to the unknown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::burn::{Arm, Counts};
use super::fold::Events;
use super::minutes::Span;
use super::{Target, Units};
use crate::alert::Alert;
use crate::catalog::Name;
use crate::id::{AlertId, DeploymentId};
use crate::time::{Minute, Minutes};

/// What a deployment answers for: the terms of an error-budget policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// How long after it went out what is spent is put down to a deployment (BUD-16).
    pub deployment_window: Minutes,
    /// Only deployments to these environments; to all, when there are none.
    #[serde(default)]
    pub environments: Vec<Name>,
}

impl Attribution {
    /// The longest deployment window.
    pub const WINDOW_LONGEST: Minutes = Minutes(7 * 1_440);

    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether deployments to that environment answer for anything.
    pub fn concerns(&self, environment: &Name) -> bool {
        self.environments.is_empty() || self.environments.contains(environment)
    }

    /// The minutes of the window of a deployment that went out then.
    fn window_of(&self, deployment: Deployed) -> Span {
        let from = deployment.minute();
        Span { from, to: from.plus(i64::from(self.deployment_window.0)) }
    }
}

impl Default for Attribution {
    fn default() -> Self {
        Self { deployment_window: Minutes(60), environments: Vec::new() }
    }
}

/// A deployment, and when it went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deployed {
    /// Which.
    pub id: DeploymentId,
    /// When.
    pub at: Timestamp,
}

impl Deployed {
    fn minute(self) -> Minute {
        Minute::of(self.at)
    }
}

/// The minutes that a burn alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// The alert.
    pub alert: AlertId,
    /// When the alert opened: what went out later is no cause of it.
    pub opened_at: Timestamp,
    /// From the minute in which the burn began to the one in which it closed; without an end while
    /// it goes on.
    pub span: Span,
}

impl Outage {
    /// The outages of an alert, one for each time that it fired, in the order of time.
    ///
    /// An alert comes after its cause: the arm that fired looks back over its long window. The burn
    /// began where, up to the alert, the most failures lie above the arm's factor: the change point
    /// of a CUSUM (E. S. Page, *Continuous Inspection Schemes*, Biometrika 41, 1954), looked for in
    /// steps of a 120th of the window, and at least of a minute; no earlier than it last closed.
    pub fn of(
        alert: &Alert,
        firings: &[Firing],
        target: Target,
        events: &dyn Fn(Span) -> Events,
    ) -> Vec<Self> {
        let arm = arm_of(alert);
        let mut closed = Minute(i64::MIN);
        let outage = |firing: &Firing| {
            let opened = Minute::of(firing.opened_at);
            let from = arm.map_or(opened, |arm| {
                let looks_back = opened.plus(-i64::from(arm.long.0));
                let since = looks_back.max(closed).min(opened);
                begins(Span { from: since, to: opened.plus(1) }, arm, target, events)
            });
            closed = firing.closed_at.map_or(Minute(i64::MAX), |at| Minute::of(at).plus(1));
            let opened_at = firing.opened_at;
            Self { alert: alert.id, opened_at, span: Span { from, to: closed } }
        };
        firings.iter().map(outage).collect()
    }

    /// The earliest instant at which an outage of an alert may have begun.
    pub fn earliest(alert: &Alert) -> Timestamp {
        let long = arm_of(alert).map_or(0, |arm| i64::from(arm.long.0));
        Minute::of(alert.opened_at).plus(-long).start()
    }
}

/// Once that an alert fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firing {
    /// When it opened or was opened again.
    pub opened_at: Timestamp,
    /// When it closed, unless it fires still.
    pub closed_at: Option<Timestamp>,
}

impl Firing {
    /// The one firing of an alert that was never opened again.
    pub fn only(alert: &Alert) -> Self {
        Self { opened_at: alert.opened_at, closed_at: alert.closed_at }
    }
}

/// The arm that says when the burn began: of those that fired, the one that looks back the least.
fn arm_of(alert: &Alert) -> Option<Arm> {
    let fired = alert.evidence.arms.iter().filter(|reading| reading.firing);
    fired.map(|reading| reading.arm).min_by_key(|arm| arm.long)
}

/// Where the end of a span begins that has the most failures above the arm's factor; its last
/// minute when none has any.
fn begins(span: Span, arm: Arm, target: Target, events: &dyn Fn(Span) -> Events) -> Minute {
    const STEPS: u32 = 120;
    let step = i64::from((arm.long.0 / STEPS).max(1));
    let (mut best, mut excess, mut most) = (span.to.plus(-1), 0.0, 0.0);
    let mut to = span.to;
    while to > span.from {
        let from = to.plus(-step).max(span.from);
        excess += events(Span { from, to }).measured().excess(arm.factor, target);
        if excess > most {
            (best, most) = (from, excess);
        }
        to = from;
    }
    best
}

/// What budget is spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A deployment: its window, and the outages that began in it.
    Deployment(DeploymentId),
    /// The outage of an alert that no deployment answers for.
    Outage(AlertId),
    /// A gap in the telemetry: what happened in it is known, and when it happened is not.
    Gap,
    /// None that is known.
    Unknown,
}

/// What was spent on one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The cause.
    pub cause: Cause,
    /// The alerts whose outages are put down to it, in the order of time.
    pub alerts: Vec<AlertId>,
    /// From its first minute to its last, with others between, where its minutes are known.
    pub span: Option<Span>,
    /// How many minutes are its own.
    pub minutes: u64,
    /// Its bad events.
    pub bad: Units,
    /// All events of its minutes.
    pub total: Units,
}

/// What a window's budget was spent on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// A cause each that anything was spent on, the most first.
    pub entries: Vec<Entry>,
    /// What the window holds without the minutes that deployments answer for (BUD-16).
    pub without_deployments: Counts,
}

/// Minutes of one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    span: Span,
    cause: Cause,
    alert: Option<AlertId>,
}

/// Everything that may have been a cause.
#[derive(Debug, Clone, Copy)]
pub struct Causes<'a> {
    /// The outages of the SLO.
    pub outages: &'a [Outage],
    /// The deployments of its service.
    pub deployments: &'a [Deployed],
    /// What these answer for.
    pub attribution: &'a Attribution,
}

impl Ledger {
    /// The ledger of a window that holds `whole`. `events` sums the minutes of a span within it.
    pub fn of(
        window: Span,
        whole: Events,
        causes: Causes<'_>,
        events: &dyn Fn(Span) -> Events,
    ) -> Self {
        let mut posted = BTreeMap::new();
        let mut rest = whole;
        let mut minutes_left = window.len();
        for run in causes.runs(window) {
            let taken = take(&mut rest, events(run.span));
            minutes_left = minutes_left.saturating_sub(run.span.len());
            posted.entry(run.cause).or_insert_with(|| Entry::empty(run.cause)).add(run, taken);
        }
        let of_deployments =
            posted.values().filter(|entry| matches!(entry.cause, Cause::Deployment(_)));
        let (bad, total) = of_deployments.fold((whole.bad, whole.total), |(bad, total), entry| {
            (bad.minus(entry.bad), total.minus(entry.total))
        });
        let gap = rest.bad.min(rest.bad_inferred);
        let mut entries: Vec<Entry> = posted.into_values().collect();
        entries.push(Entry { bad: gap, total: rest.inferred, ..Entry::empty(Cause::Gap) });
        entries.push(Entry {
            bad: rest.bad.minus(gap),
            total: rest.total.minus(rest.inferred),
            minutes: minutes_left,
            ..Entry::empty(Cause::Unknown)
        });
        entries.retain(|entry| entry.bad > Units(0));
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.bad), entry.cause));
        Self { entries, without_deployments: Counts { bad, total } }
    }
}

impl Entry {
    fn empty(cause: Cause) -> Self {
        let (bad, total) = (Units(0), Units(0));
        Self { cause, alerts: Vec::new(), span: None, minutes: 0, bad, total }
    }

    fn add(&mut self, run: Run, taken: Counts) {
        if let Some(alert) = run.alert.filter(|alert| !self.alerts.contains(alert)) {
            self.alerts.push(alert);
        }
        let from = self.span.map_or(run.span.from, |span| span.from.min(run.span.from));
        let to = self.span.map_or(run.span.to, |span| span.to.max(run.span.to));
        self.span = Some(Span { from, to });
        self.minutes += run.span.len();
        self.bad = self.bad.plus(taken.bad);
        self.total = self.total.plus(taken.total);
    }
}

/// Takes a run's events out of what is left, and no more than is.
fn take(rest: &mut Events, run: Events) -> Counts {
    let (bad, total) = (run.bad.min(rest.bad), run.total.min(rest.total));
    rest.bad = rest.bad.minus(bad);
    rest.total = rest.total.minus(total);
    rest.inferred = rest.inferred.minus(run.inferred).min(rest.total);
    rest.bad_inferred = rest.bad_inferred.minus(run.bad_inferred);
    Counts { bad, total }
}

impl Causes<'_> {
    /// The minutes of a window that have a known cause, each once, in the order of time.
    fn runs(&self, window: Span) -> Vec<Run> {
        let mut deployments = self.deployments.to_vec();
        deployments.sort_by_key(|deployed| (deployed.at, deployed.id));
        let mut runs = self.outage_runs(window, &deployments);
        let outages: Vec<Span> = runs.iter().map(|run| run.span).collect();
        for (number, deployed) in deployments.iter().enumerate() {
            let mut span = self.attribution.window_of(*deployed).within(window);
            if let Some(next) = deployments.get(number + 1) {
                span.to = span.to.min(next.minute());
            }
            let cause = Cause::Deployment(deployed.id);
            let own = without(span, &outages);
            runs.extend(own.into_iter().map(|span| Run { span, cause, alert: None }));
        }
        runs.sort_by_key(|run| run.span.from);
        runs
    }

    fn outage_runs(&self, window: Span, deployments: &[Deployed]) -> Vec<Run> {
        let mut outages = self.outages.to_vec();
        outages.sort_by_key(|outage| outage.span.from);
        let mut taken = window.from;
        let run = |outage: Outage| {
            let mut span = outage.span.within(window);
            span.from = span.from.max(taken);
            taken = taken.max(span.to);
            let cause = match self.answering(outage, deployments) {
                Some(deployed) => Cause::Deployment(deployed.id),
                None => Cause::Outage(outage.alert),
            };
            Run { span, cause, alert: Some(outage.alert) }
        };
        outages.into_iter().map(run).filter(|run| !run.span.is_empty()).collect()
    }

    /// The newest deployment before an alert in whose window its outage began. They are in the
    /// order of time.
    fn answering(&self, outage: Outage, deployments: &[Deployed]) -> Option<Deployed> {
        let Outage { opened_at, span: Span { from: began, .. }, .. } = outage;
        let is_before =
            |deployed: &Deployed| deployed.at <= opened_at && deployed.minute() <= began;
        let before = deployments.partition_point(is_before);
        let newest = deployments[..before].last()?;
        (began < self.attribution.window_of(*newest).to).then_some(*newest)
    }
}

/// What is left of a span without others, which are in the order of time and do not overlap.
fn without(span: Span, others: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = span.from;
    let first = others.partition_point(|other| other.to <= span.from);
    for other in others[first..].iter().take_while(|other| other.from < span.to) {
        left.push(Span { from, to: other.from });
        from = from.max(other.to);
    }
    left.push(Span { from, to: span.to });
    left.retain(|span| !span.is_empty());
    left
}

#[cfg(test)]
mod tests;
