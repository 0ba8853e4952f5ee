//! Readings become alerts: every SLO is evaluated, and what changed is committed with what is owed.
//!
//! Level-triggered: each sweep steps the latest alerts with what the minutes say now, so a sweep
//! that is lost costs a tick and never a transition. One whose commit met a conflict is made again
//! from what is stored by then. The alert, its timeline entry and the notifications it owes are one
//! commit, and their ids derive from the alert's, so that none of them is ever made twice.

mod latest;

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
use plimsoll_store::{CommitError, Entry, Error, Read, Scope, Write};

use super::lease;
use crate::app::alerts::Line;
use crate::app::engine::{EngineError, View};
use crate::app::readings::{Measured, When, measure, some_after};
use crate::app::standing::{Standing, Standings};
use crate::app::{Changed, Shared, alerts};
use latest::Latest;

pub(crate) use latest::Held;

/// Between two sweeps: well below the minute that evaluation may be late.
const SWEEP: SignedDuration = SignedDuration::from_secs(2);

/// A sweep of very many SLOs is begun again after so many times as long as it took, so that it
/// leaves most of a CPU to others, but after no longer than [`SWEEP_MAX`].
const RESTS: i32 = 4;
const SWEEP_MAX: SignedDuration = SignedDuration::from_secs(20);

/// A "no data" alert that comes back within an hour is the same one.
const NO_DATA_REOPENS: Minutes = Minutes(60);

/// What the last sweep saw, so that live views hear of what moved. Losing it costs one event.
#[derive(Default)]
pub(crate) struct Seen(Mutex<HashMap<Name, (Option<Timestamp>, &'static str)>>);

/// How often a sweep is made again when others step the same alerts.
const TRIES_MAX: usize = 3;

/// How a step came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stepped {
    Kept,
    /// Someone else stepped it first; their alert is to be loaded and stepped.
    Conflict,
    /// What is stored of it is damaged; it is no other's concern.
    Damaged,
}

/// Evaluates every SLO; returns when it wants to be asked again.
pub(crate) async fn run(shared: &Shared, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let begun = shared.world.monotonic();
    for _ in 0..TRIES_MAX {
        // Whoever takes the lease is nudged.
        let Some(epoch) = lease::epoch(shared) else { return Ok(Some(now + SWEEP)) };
        if sweep(shared, epoch, now).await? != Stepped::Conflict {
            break;
        }
    }
    let took = SignedDuration::try_from(shared.world.monotonic().saturating_sub(begun))?;
    Ok(Some(now + took.saturating_mul(RESTS).clamp(SWEEP, SWEEP_MAX)))
}

/// Reads all SLOs, some at a time, and steps all alerts once. Whatever is in conflict, the others
/// are stepped.
async fn sweep(shared: &Shared, epoch: u64, now: Timestamp) -> anyhow::Result<Stepped> {
    let latest = shared.work.alerts.get(shared, epoch, now).await?;
    shared.world.turn("alerts loaded").await;
    let (number, definitions) = shared.numbered_definitions();
    let reads = [lease::read(epoch), Read::Definitions { number }];
    if withdraw(shared, &reads, &definitions, &latest, now).await? == Stepped::Conflict {
        return Ok(Stepped::Conflict);
    }
    let mut standings = Vec::with_capacity(definitions.slos.len());
    let mut all = Stepped::Kept;
    let mut from = None;
    while let Some(slos) = some_after(&definitions, from.as_ref()) {
        from = slos.last().cloned();
        let readings = {
            let (definitions, latest) = (definitions.clone(), latest.clone());
            shared.engine.ask(move |view| read(view, &definitions, slos, &latest, now)).await
        };
        shared.world.turn("minutes read").await;
        let readings = match readings {
            Ok(readings) => readings,
            Err(EngineError::Starting) => return Ok(Stepped::Kept),
            Err(error @ (EngineError::Damaged(_) | EngineError::Stopped)) => {
                return blind(shared, &reads, &definitions, &latest, &error, now).await;
            }
            Err(error) => return Err(error.into()),
        };
        shared.metrics.count_evaluations(readings.len());
        for (name, measured) in readings {
            let slo = &definitions.slos[&name];
            announce(shared, slo, &measured);
            for (kind, input) in inputs(slo, &measured, &latest, now) {
                let stepped =
                    step(shared, &reads, &definitions, slo, &latest, kind, input, now).await?;
                if stepped == Stepped::Conflict {
                    all = Stepped::Conflict;
                }
            }
            let standing = Standing::of(slo, &measured, is_firing(&latest, &name));
            standings.push((name, standing));
        }
    }
    shared.standings.keep(Standings::new(now, standings));
    Ok(all)
}

/// The kind of document that an SLO is.
const DOCUMENT: &str = plimsoll_api::document::Kind::Slo.as_str();

/// Closes what is open of SLOs that were deleted. One that is merely not known here says nothing.
async fn withdraw(
    shared: &Shared,
    reads: &[Read],
    definitions: &Definitions,
    latest: &Latest,
    now: Timestamp,
) -> anyhow::Result<Stepped> {
    let gone = latest.values().map(|known| (known, &known.value)).filter(|(_, alert)| {
        alert.phase == Phase::Firing && !definitions.slos.contains_key(&alert.slo)
    });
    let mut all = Stepped::Kept;
    for (known, alert) in gone {
        let slo = alert.slo.as_str();
        let history = shared.records.document_history(shared.scope, DOCUMENT, slo);
        if !history.await?.first().is_some_and(|last| last.deleted) {
            continue;
        }
        let mut alert = known.value.clone();
        let Some(transition) = alert::withdraw(&mut alert, now) else { continue };
        let writes = effects(definitions, &alert, transition, Some(known.version));
        if commit(shared, reads, &alert, transition, writes).await? == Stepped::Conflict {
            all = Stepped::Conflict;
        }
    }
    Ok(all)
}

/// Nothing can be read: every SLO is without data, and somebody must know at once.
async fn blind(
    shared: &Shared,
    reads: &[Read],
    definitions: &Definitions,
    latest: &Latest,
    reason: &EngineError,
    now: Timestamp,
) -> anyhow::Result<Stepped> {
    let mut all = Stepped::Kept;
    for slo in definitions.slos.values() {
        let evidence = Evidence {
            summary: reason.to_string(),
            arms: Vec::new(),
            budget_remaining: None,
            watermark: None,
        };
        let firing = Some(Firing { severity: slo.burn_policy.no_data_severity, evidence });
        let input = Input::Read { firing, calm: false, minute: Minute::of(now) };
        let stepped =
            step(shared, reads, definitions, slo, latest, Kind::NoData, input, now).await?;
        if stepped == Stepped::Conflict {
            all = Stepped::Conflict;
        }
    }
    Ok(all)
}

/// Some SLOs in one snapshot.
fn read(
    view: &View<'_>,
    definitions: &Definitions,
    slos: Vec<Name>,
    latest: &Latest,
    now: Timestamp,
) -> Vec<(Name, Measured)> {
    let read = |name: Name| {
        let slo = definitions.slos.get(&name)?;
        let key = (name, Kind::Burn);
        let alert = latest.get(&key).map(|alert| &alert.value);
        let fired = fired_arms(alert);
        let bad_since = alert.and_then(|alert| alert.bad_since);
        Some((key.0, measure(view, slo, When::Now(now), bad_since, &fired)))
    };
    slos.into_iter().filter_map(read).collect()
}

fn is_firing(latest: &Latest, slo: &Name) -> bool {
    let alert = latest.get(&(slo.clone(), Kind::Burn));
    alert.is_some_and(|alert| alert.value.phase == Phase::Firing)
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
#[expect(clippy::too_many_arguments, reason = "what a step rests on is each of these")]
async fn step(
    shared: &Shared,
    reads: &[Read],
    definitions: &Definitions,
    slo: &Slo,
    latest: &Latest,
    kind: Kind,
    input: Input,
    now: Timestamp,
) -> anyhow::Result<Stepped> {
    let known = latest.get(&(slo.name.clone(), kind));
    let mut slot = known.map(|alert| alert.value.clone());
    let subject = subject(shared.scope, slo, kind);
    let transition = alert::step(&mut slot, &subject, now, input);
    let (Some(transition), Some(alert)) = (transition, slot) else { return Ok(Stepped::Kept) };
    let same = known.filter(|known| known.value.id == alert.id);
    let writes = effects(definitions, &alert, transition, same.map(|a| a.version));
    commit(shared, reads, &alert, transition, writes).await
}

/// Commits a transition with all that comes of it.
async fn commit(
    shared: &Shared,
    reads: &[Read],
    alert: &Alert,
    transition: Transition,
    writes: Vec<Write>,
) -> anyhow::Result<Stepped> {
    let changed = [Changed::new("alert", alert.id), Changed::new("slo", &alert.slo)];
    let committed = shared.commit_reckoned(reads.to_vec(), writes, changed).await;
    shared.work.alerts.forget();
    match committed {
        Ok(()) => {
            tracing::info!(slo = %alert.slo, alert = %alert.id, ?transition, "alert");
            Ok(Stepped::Kept)
        }
        Err(CommitError::Conflict { .. }) => Ok(Stepped::Conflict),
        Err(CommitError::Store(error @ Error::Corrupt { .. })) => {
            tracing::error!(slo = %alert.slo, %error, "it alerts nobody");
            Ok(Stepped::Damaged)
        }
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn subject(scope: Scope, slo: &Slo, kind: Kind) -> Subject {
    let arms = slo.burn_policy.resolve(&slo.window, slo.target).arms;
    let longest = arms.iter().map(|arm| arm.long).max();
    Subject {
        org: scope.0,
        kind,
        slo: slo.name.clone(),
        service: slo.service.clone(),
        reopen_within: match kind {
            Kind::Burn => longest.unwrap_or(Minutes(60)),
            Kind::NoData => NO_DATA_REOPENS,
        },
    }
}

/// The alert, its timeline, and a notification for each channel of each receiver: one commit.
fn effects(
    definitions: &Definitions,
    alert: &Alert,
    transition: Transition,
    expected: Option<u64>,
) -> Vec<Write> {
    let at = alert.changed_at();
    let owner = definitions.owner_of(&alert.service);
    // An alert of a tier that nobody is told of is recorded alone.
    let tells = definitions.tells(alert.severity);
    let receivers = receivers_for(owner, definitions.receivers.values());
    let receivers = if tells { receivers } else { Vec::new() };
    let entry = |line: Line, event: &str, message: String| {
        Write::Entry(Entry {
            id: alerts::entry_id(alert, line, at),
            subject: alert.id.to_string(),
            at,
            event: event.to_owned(),
            message,
            actor: None,
        })
    };
    let mut writes = vec![
        Write::Alert { expected, alert: alert.clone() },
        entry(Line::Happened, alerts::transition(transition), alert.sentence(transition)),
    ];
    if receivers.is_empty() && tells {
        let owner = owner.map_or("no owner".to_owned(), |owner| format!("the owner {owner}"));
        let message = format!("nobody was told: {owner} has no receiver and none is the default");
        writes.push(entry(Line::Unrouted, "unrouted", message));
    }
    for receiver in receivers {
        writes.extend(receiver.channels.keys().map(|channel| {
            Write::Owe(Notification::new(alert, transition, &receiver.name, channel, at))
        }));
    }
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
