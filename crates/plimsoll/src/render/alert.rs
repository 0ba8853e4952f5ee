//! One alert: why it fired, what went out before, what happened since, and who was told.

use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::deployment::Deployment;
use plimsoll_api::v1::notification::Notification;

use super::format::{instant, maybe, maybe_instant, rough_percent};
use super::{Screen, Word, page, slo};

/// One alert with its timeline.
pub(crate) fn one(screen: &Screen, alert: &Alert) -> String {
    let sheet = screen.sheet([
        ("SLO", format!("{} of {}", alert.slo, alert.service).into()),
        ("Owner", alert.owner.clone().unwrap_or_else(|| "unowned".to_owned()).into()),
        ("Severity", Word::status(&alert.severity)),
        ("Opened", instant(alert.opened_at).into()),
        ("Firing since", instant(alert.firing_since).into()),
        ("Closed", maybe_instant(alert.closed_at).into()),
        ("Budget left then", maybe(alert.budget_remaining, rough_percent).into()),
    ]);
    let phase = screen.loud(&Word::status(&alert.phase));
    page([
        screen.prose(&format!("{}: {phase}\n{}", alert.id, alert.summary)),
        sheet,
        slo::arms(screen, &alert.arms),
        timeline(screen, alert),
    ])
}

/// The same, with what may have caused it, the delivery log, and where to look next.
pub(crate) fn explanation(
    screen: &Screen,
    alert: &Alert,
    suspects: &[Deployment],
    told: &[Notification],
) -> String {
    let at = instant(alert.firing_since);
    let next = format!("The minutes behind it: plimsoll explain slo {} --at {at}", alert.slo);
    let before =
        format!("What went out in the day before, of {} and of what it calls", alert.service);
    page([
        one(screen, alert),
        format!("{}\n{}", screen.prose(&before), screen.items(suspects)),
        format!("Who was told\n{}", screen.items(told)),
        next,
    ])
}

fn timeline(screen: &Screen, alert: &Alert) -> String {
    if alert.timeline.is_empty() {
        return String::new();
    }
    let rows = alert.timeline.iter().map(|entry| {
        vec![instant(entry.at).into(), entry.event.as_str().into(), entry.message.as_str().into()]
    });
    screen.table(&["AT", "EVENT", "WHAT"], rows)
}

#[cfg(test)]
mod tests;
