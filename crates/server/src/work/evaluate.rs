//! Readings become alerts: every SLO is evaluated, and what changed is committed with what is owed.
//!
//! Level-triggered: each sweep steps the latest alerts with what the minutes say now, so a sweep
//! that is lost, or whose commit met a conflict, costs a tick and never a transition. The alert,
//! its timeline entry and the notifications it owes are one commit.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::alert::{
    self, Alert, Evidence, Firing, Input, Kind, Phase, Subject, Transition,
};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::notify::{Notification, receivers_for};
use plimsoll_domain::slo::Slo;
use plimsoll_domain::slo::burn::{Arm, ArmReading};
use plimsoll_domain::slo::fold::Liveness;
use plimsoll_domain::time::{Minute, Minutes};
use plimsoll_store::{CommitError, Entry, Versioned, Write};

use crate::app::engine::{EngineError, View};
use crate::app::readings::{Measured, When, measure};
use crate::app::{Changed, Shared, alerts};

/// Between two sweeps: well below the minute that evaluation may be late.
const SWEEP: SignedDuration = SignedDuration::from_secs(2);

/// A "no data" alert that comes back within an hour is the same one.
const NO_DATA_REOPENS: Minutes = Minutes(60);

/// What the last sweep saw, so that live views hear of what moved. Losing it costs one event.
#[derive(Default)]
pub(crate) struct Seen(Mutex<HashMap<Name, (Option<Timestamp>, &'static str)>>);

type Latest = HashMap<(Name, Kind), Versioned<Alert>>;

/// Evaluates every SLO; returns when it wants to be asked again.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let latest = shared.records.latest_alerts(shared.scope).await?;
    let latest: Latest = latest
        .into_iter()
        .map(|alert| ((alert.value.slo.clone(), alert.value.kind), alert))
        .collect();
    let definitions = shared.definitions();
    let readings = {
        let (definitions, latest) = (definitions.clone(), latest.clone());
        shared.engine.ask(move |view| read_all(view, &definitions, &latest, now)).await
    };
    let readings = match readings {
        Ok(readings) => readings,
        Err(EngineError::Starting) => return Ok(Some(now + SWEEP)),
        Err(EngineError::Damaged(reason)) => {
            blind(shared, &definitions, &latest, &reason, now).await?;
            return Ok(Some(now + SWEEP));
        }
        Err(error) => return Err(error.into()),
    };
    for (slo, measured) in definitions.slos.values().zip(&readings) {
        announce(shared, slo, measured);
        for (kind, input) in inputs(slo, measured, &latest, now) {
            step(shared, &definitions, slo, &latest, kind, input, now).await?;
        }
    }
    Ok(Some(now + SWEEP))
}

/// Nothing can be read: every SLO is without data, and somebody must know at once.
async fn blind(
    shared: &Shared,
    definitions: &Definitions,
    latest: &Latest,
    reason: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    for slo in definitions.slos.values() {
        let evidence = Evidence {
            summary: format!("the tallies cannot be read: {reason}"),
            arms: Vec::new(),
            budget_remaining: None,
            watermark: None,
        };
        let firing = Some(Firing { severity: slo.burn_policy.no_data_severity, evidence });
        let input = Input::Read { firing, calm: false, minute: Minute::of(now) };
        step(shared, definitions, slo, latest, Kind::NoData, input, now).await?;
    }
    Ok(())
}

/// All SLOs in one snapshot, in the order of their names.
fn read_all(
    view: &View<'_>,
    definitions: &Definitions,
    latest: &Latest,
    now: Timestamp,
) -> Vec<Measured> {
    let read = |slo: &Slo| {
        let alert = latest.get(&(slo.name.clone(), Kind::Burn)).map(|alert| &alert.value);
        let fired = fired_arms(alert);
        measure(view, slo, When::Now(now), alert.and_then(|alert| alert.bad_since), &fired)
    };
    definitions.slos.values().map(read).collect()
}

/// The arms an open alert fired on.
fn fired_arms(alert: Option<&Alert>) -> Vec<Arm> {
    let open = alert.filter(|alert| alert.phase == Phase::Firing);
    open.map(|alert| alert.evidence.arms.iter().map(|reading| reading.arm).collect())
        .unwrap_or_default()
}

/// What the minutes say, for each kind of alert.
fn inputs(slo: &Slo, measured: &Measured, latest: &Latest, now: Timestamp) -> [(Kind, Input); 2] {
    let minute = measured.reading.open;
    let burn = match measured.reading.liveness {
        Liveness::Unmeasured | Liveness::Silent { .. } => Input::Unknown,
        Liveness::Live { .. } => {
            Input::Read { firing: burning(slo, measured), calm: measured.calm, minute }
        }
    };
    let policy = &slo.burn_policy;
    let no_data = match measured.reading.liveness {
        Liveness::Unmeasured => Input::Unknown,
        Liveness::Live { .. } => Input::Read { firing: None, calm: true, minute },
        Liveness::Silent { since_ms } => {
            let silent_ms = now.as_millisecond() - since_ms;
            let open = latest.get(&(slo.name.clone(), Kind::NoData));
            let firing = open.is_some_and(|alert| alert.value.phase == Phase::Firing);
            if silent_ms < policy.no_data_after.ms() && !firing {
                Input::Unknown
            } else {
                let severity = policy.no_data_severity;
                let firing = Some(Firing { severity, evidence: silence(measured) });
                Input::Read { firing, calm: false, minute }
            }
        }
    };
    [(Kind::Burn, burn), (Kind::NoData, no_data)]
}

/// The severest of the firing arms, with the numbers.
fn burning(slo: &Slo, measured: &Measured) -> Option<Firing> {
    let firing: Vec<ArmReading> = measured.arms.iter().filter(|a| a.firing).cloned().collect();
    let (floor, left) = (measured.floor_firing(slo), measured.budget.remaining);
    let by_arm = firing.iter().map(|reading| reading.arm.severity).max();
    let severity = by_arm.max(floor.as_ref().map(|reading| reading.arm.severity))?;
    let leading = firing.iter().max_by_key(|reading| reading.arm.severity);
    let summary = match (leading, left) {
        (Some(reading), _) if Some(reading.arm.severity) == Some(severity) => {
            sentence(slo, reading)
        }
        (_, Some(left)) => {
            format!("{:.1} % of the budget is left and it goes on burning", left * 100.0)
        }
        (_, None) => "the budget is burning".to_owned(),
    };
    let evidence = Evidence {
        summary,
        arms: firing.into_iter().chain(floor).collect(),
        budget_remaining: left,
        watermark: measured.budget.watermark,
    };
    Some(Firing { severity, evidence })
}

fn sentence(slo: &Slo, reading: &ArmReading) -> String {
    let Arm { long, short, factor, .. } = reading.arm;
    let burn = |counts: plimsoll_domain::slo::burn::Counts| {
        counts.burn(slo.target).map_or("?".to_owned(), |burn| format!("{burn:.2}"))
    };
    format!(
        "the budget burns {} times as fast as it may over {long} and {} times over {short} \
         (limit {}): {} of {} events failed",
        burn(reading.long),
        burn(reading.short),
        factor.as_f64(),
        reading.long.bad.as_events(),
        reading.long.total.as_events(),
    )
}

fn silence(measured: &Measured) -> Evidence {
    let since = measured.budget.watermark;
    Evidence {
        summary: since.map_or_else(
            || "no telemetry".to_owned(),
            |since| format!("no telemetry since {since:.0}; whether users are served is unknown"),
        ),
        arms: Vec::new(),
        budget_remaining: measured.budget.remaining,
        watermark: since,
    }
}

/// Steps one alert, and commits what happened with what is owed for it.
async fn step(
    shared: &Shared,
    definitions: &Definitions,
    slo: &Slo,
    latest: &Latest,
    kind: Kind,
    input: Input,
    now: Timestamp,
) -> anyhow::Result<()> {
    let known = latest.get(&(slo.name.clone(), kind));
    let mut slot = known.map(|alert| alert.value.clone());
    let subject = subject(slo, kind);
    let transition = alert::step(&mut slot, &subject, shared.world.fresh(now), now, input);
    let (Some(transition), Some(alert)) = (transition, slot) else { return Ok(()) };
    let same = known.filter(|known| known.value.id == alert.id);
    let writes = effects(shared, definitions, &alert, transition, same.map(|a| a.version), now);
    let changed = [Changed::new("alert", alert.id), Changed::new("slo", &alert.slo)];
    match shared.commit(writes, changed).await {
        Ok(()) => {
            tracing::info!(slo = %alert.slo, alert = %alert.id, ?transition, "alert");
            Ok(())
        }
        // Someone else stepped it first; the next sweep sees what they made of it.
        Err(CommitError::Conflict { .. }) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn subject(slo: &Slo, kind: Kind) -> Subject {
    let arms = slo.burn_policy.resolve(slo.window, slo.target).arms;
    let longest = arms.iter().map(|arm| arm.long).max();
    Subject {
        kind,
        slo: slo.name.clone(),
        service: slo.service.clone(),
        reopen_within: match kind {
            Kind::Burn => longest.unwrap_or(Minutes(60)),
            Kind::NoData => NO_DATA_REOPENS,
        },
    }
}

/// The alert, its timeline, and a notification for each receiver: one commit.
fn effects(
    shared: &Shared,
    definitions: &Definitions,
    alert: &Alert,
    transition: Transition,
    expected: Option<u64>,
    now: Timestamp,
) -> Vec<Write> {
    let owner = definitions.owner_of(&alert.service);
    let receivers = receivers_for(owner, definitions.receivers.values());
    let entry = |event: &str, message: String| {
        Write::Entry(Entry {
            id: shared.world.fresh(now),
            subject: alert.id.to_string(),
            at: now,
            event: event.to_owned(),
            message,
            actor: None,
        })
    };
    let mut writes = vec![
        Write::Alert { expected, alert: alert.clone() },
        entry(alerts::transition(transition), alert.sentence(transition)),
    ];
    if receivers.is_empty() {
        let owner = owner.map_or("no owner".to_owned(), |owner| format!("the owner {owner}"));
        let message = format!("nobody was told: {owner} has no receiver and none is the default");
        writes.push(entry("unrouted", message));
    }
    let owe = |receiver: &&plimsoll_domain::notify::Receiver| {
        Write::Owe(Notification::new(alert, transition, &receiver.name, now))
    };
    writes.extend(receivers.iter().map(owe));
    writes
}

/// Tells live views when an SLO's data or status moved.
fn announce(shared: &Shared, slo: &Slo, measured: &Measured) {
    let now = (measured.budget.watermark, measured.budget.status.as_str());
    let mut seen = shared.work.seen.0.lock().expect("no holder of what was seen panics");
    if seen.insert(slo.name.clone(), now) != Some(now) {
        shared.events.publish(Changed::new("slo", &slo.name));
    }
}
