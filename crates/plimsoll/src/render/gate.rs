//! A gate's decision, and what became of it when it was worked out again.

use plimsoll_api::v1::gate::{Decision, Reason, Replay};

use super::format::instant;
use super::{Screen, Word, page, yaml};
use crate::exit::Failure;

/// Verdict, reasons, facts.
pub(crate) fn decision(screen: &Screen, decision: &Decision) -> Result<String, Failure> {
    let Decision { id, service, environment, artifact, class, .. } = decision;
    let asked = format!("{class} of {service} to {environment}: {artifact}");
    let facts = yaml(&decision.facts)?;
    let until = instant(decision.expires_at);
    Ok(page([
        screen.prose(&format!("{}\n{asked}", verdict(screen, decision))),
        reasons(screen, &decision.reasons),
        format!("Facts\n{}", indented(&facts)),
        screen.prose(&format!(
            "{id}, decided {} by {} for {}, holds until {until}",
            instant(decision.decided_at),
            decision.engine,
            decision.asked_by
        )),
    ]))
}

/// The same, with the policy that it was decided by.
pub(crate) fn explanation(screen: &Screen, stored: &Decision) -> Result<String, Failure> {
    let policy = yaml(&stored.policy)?;
    Ok(page([decision(screen, stored)?, format!("Policy\n{}", indented(&policy))]))
}

/// A decision worked out again.
pub(crate) fn replay(screen: &Screen, replay: &Replay) -> String {
    let outcome = if replay.identical { "identical, byte for byte" } else { "differs" };
    let sheet = screen.sheet([
        ("Then", format!("{} by {}", replay.verdict_then, replay.engine_then).into()),
        ("Now", format!("{} by {}", replay.verdict_now, replay.engine_now).into()),
    ]);
    page([format!("{}: {outcome}", replay.id), sheet, replay.differences.join("\n")])
}

fn verdict(screen: &Screen, decision: &Decision) -> String {
    let word = screen.loud(&Word::status(&decision.verdict));
    if decision.enforced {
        return format!("Verdict: {word}, which binds");
    }
    format!(
        "Verdict: {word}, which does not bind: this gate is in shadow mode (--enforce asks for \
         the binding one)"
    )
}

fn reasons(screen: &Screen, reasons: &[Reason]) -> String {
    let rows = reasons.iter().map(|reason| {
        vec![
            Word::status(&reason.verdict),
            reason.code.as_str().into(),
            reason.slo.clone().into(),
            reason.message.as_str().into(),
        ]
    });
    screen.table(&["VERDICT", "REASON", "SLO", "WHAT"], rows)
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
