//! Alerts as they are shown.

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_api::v1::Page;
use plimsoll_domain::alert::{Alert, Kind, Phase, Transition};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::id::{AlertId, EntryId, NotificationId};
use plimsoll_domain::notify::Notification;
use plimsoll_domain::slo::Target;
use plimsoll_domain::slo::burn::{ArmReading, Severity};
use plimsoll_store::{AlertFilter, Entry};

use super::{Failure, Paging, State, name, page};

/// Which alerts are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) slo: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) phase: Option<String>,
    pub(crate) severity: Option<String>,
}

/// The alerts that fit, newest first.
pub(crate) async fn list(
    state: &State,
    filter: Filter,
    paging: Paging,
) -> Result<Page<v1::alert::Alert>, Failure> {
    let filter = AlertFilter {
        slo: filter.slo.map(|text| name("slo", &text)).transpose()?,
        service: filter.service.map(|text| name("service", &text)).transpose()?,
        phase: filter.phase.map(|word| parse_phase(&word)).transpose()?,
        severity: filter.severity.map(|word| parse_severity(&word)).transpose()?,
        ..AlertFilter::default()
    };
    let listing = state.records.alerts(state.scope, &filter, &paging.request()?).await?;
    let definitions = state.definitions();
    Ok(page(listing, |alert| wire(&definitions, &alert)))
}

/// One alert with its timeline.
pub(crate) async fn get(state: &State, id: AlertId) -> Result<v1::alert::Alert, Failure> {
    let alert = state.records.alert(state.scope, id).await?;
    let alert = alert.ok_or_else(|| Failure::not_found("alert", id))?.value;
    let timeline = state.records.timeline(state.scope, &id.to_string()).await?;
    Ok(v1::alert::Alert {
        timeline: timeline.into_iter().map(wire_entry).collect(),
        ..wire(&state.definitions(), &alert)
    })
}

/// An alert on the wire, without its timeline.
pub(crate) fn wire(definitions: &Definitions, alert: &Alert) -> v1::alert::Alert {
    let slo = definitions.slos.get(&alert.slo);
    let arm =
        |reading| wire_arm(reading, slo.map(|slo| (slo.target, slo.burn_policy.significance)));
    v1::alert::Alert {
        id: alert.id.to_string(),
        kind: kind(alert.kind).to_owned(),
        slo: alert.slo.to_string(),
        service: alert.service.to_string(),
        owner: definitions.owner_of(&alert.service).map(ToString::to_string),
        severity: severity(alert.severity).to_owned(),
        phase: phase(alert.phase).to_owned(),
        opened_at: alert.opened_at,
        firing_since: alert.firing_since,
        closed_at: alert.closed_at,
        summary: alert.evidence.summary.clone(),
        arms: alert.evidence.arms.iter().map(arm).collect(),
        budget_remaining: alert.evidence.budget_remaining,
        timeline: Vec::new(),
    }
}

/// An arm's reading on the wire. Burns need the target; without one (the SLO is gone) they are
/// undefined.
pub(crate) fn wire_arm(reading: &ArmReading, judged: Option<(Target, f64)>) -> v1::slo::Arm {
    v1::slo::Arm {
        long: judged.and_then(|(target, _)| reading.long.burn(target)),
        short: judged.and_then(|(target, _)| reading.short.burn(target)),
        long_window: reading.arm.long.to_string(),
        short_window: reading.arm.short.to_string(),
        factor: reading.arm.factor.as_f64(),
        significance: reading.p_value,
        significance_needed: judged.map_or(0.0, |(_, needed)| needed),
        severity: severity(reading.arm.severity).to_owned(),
        firing: reading.firing,
    }
}

/// What the timeline of an alert says about one of its transitions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Line {
    /// That it happened.
    Happened,
    /// That nobody was told.
    Unrouted,
    /// How this message ended.
    Told(NotificationId),
}

/// The id of a line about the last transition of `alert`: the same however often it is made, and
/// ordered as things happen, within one instant the transition before what it led to.
pub(crate) fn entry_id(alert: &Alert, line: Line, at: Timestamp) -> EntryId {
    let (place, what, whom) = match line {
        Line::Happened => (0, "happened", String::new()),
        Line::Unrouted => (1, "unrouted", String::new()),
        Line::Told(message) => (2, "told", message.to_string()),
    };
    let unix_ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
    let transitions = alert.transitions.to_string();
    let rank = alert.transitions.wrapping_mul(4).wrapping_add(place);
    EntryId::derived_at(unix_ms, rank, alert.id, &[&transitions, what, &whom])
}

fn wire_entry(entry: Entry) -> v1::alert::TimelineEntry {
    v1::alert::TimelineEntry { at: entry.at, event: entry.event, message: entry.message }
}

fn parse_phase(word: &str) -> Result<Phase, Failure> {
    [Phase::Firing, Phase::Closed].into_iter().find(|found| phase(*found) == word).ok_or_else(
        || {
            Failure::invalid_with_hint(
                "unknown_phase",
                format!("`{word}` is no phase"),
                "phases are firing and closed",
            )
        },
    )
}

fn parse_severity(word: &str) -> Result<Severity, Failure> {
    Severity::parse(word).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_severity",
            format!("`{word}` is no severity of an alert"),
            format!("severities are {}", Severity::ALL.map(Severity::as_str).join(", ")),
        )
    })
}

/// What a message is called that says what happened: `alert.` and the transition, or
/// `alert.reminder`.
pub(crate) fn event(notification: &Notification) -> String {
    match notification.reminder {
        0 => format!("alert.{}", transition(notification.transition)),
        _ => "alert.reminder".to_owned(),
    }
}

/// Where people see an alert.
pub(crate) fn link(base_url: &str, alert: &Alert) -> String {
    format!("{base_url}/alerts/{}", alert.id)
}

/// The word of a kind.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Burn => "burn",
        Kind::NoData => "no_data",
    }
}

/// The word of a severity.
pub(crate) fn severity(severity: Severity) -> &'static str {
    severity.as_str()
}

/// The word of a phase.
pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Firing => "firing",
        Phase::Closed => "closed",
    }
}

/// The word of a transition.
pub(crate) fn transition(transition: Transition) -> &'static str {
    match transition {
        Transition::Opened => "opened",
        Transition::Escalated => "escalated",
        Transition::Closed => "closed",
        Transition::Reopened => "reopened",
    }
}
