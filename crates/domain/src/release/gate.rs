//! The gate: may this artifact go out now?
//!
//! A decision is a pure function of the facts and the error-budget policy, both stored with it, so
//! that it replays byte for byte. Invariant: no verdict out of ignorance. A service without SLOs,
//! an SLO without data, or one that never had any, is `deny` unless the policy document says
//! otherwise in so many words.

mod agreed;
mod policy;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Artifact, ChangeClass};
use crate::alert::Kind;
use crate::catalog::{Name, Tier};
use crate::id::{AlertId, DecisionId};
use crate::slo::budget::{Remark, Status};
use crate::slo::burn::Severity;

pub use agreed::{Allowance, Day, Reserved};
pub use policy::{Mark, Policy, Rule, Strain};

/// The engine that decides; another version may read the same facts differently.
pub const ENGINE: &str = "table/3";

/// What a gate says, least strict first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Go.
    Allow,
    /// Go, with care: the reasons say which.
    Warn,
    /// Stop.
    Deny,
}

impl Verdict {
    /// All of them, least strict first.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// The verdict of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == word)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// What is known of one SLO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SloFact {
    /// The SLO.
    pub name: Name,
    /// Its status by the headline.
    pub status: Status,
    /// Its status if every gap was an outage.
    pub status_worst: Status,
    /// What the policy wants to be told besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Remark>,
    /// The share of the budget left, if defined.
    pub budget_remaining: Option<f64>,
    /// The same at the worst case.
    pub budget_remaining_worst: Option<f64>,
    /// The share of the window that was not measured: before the first sample, or between two
    /// declarations.
    pub unmeasured: f64,
    /// The share of the measured time that was covered by samples.
    pub coverage: Option<f64>,
    /// Up to when the data reached.
    pub watermark: Option<Timestamp>,
}

/// An alert that was firing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertFact {
    /// The alert.
    pub id: AlertId,
    /// The SLO.
    pub slo: Name,
    /// What it is about.
    pub kind: Kind,
    /// What it asks of people.
    pub severity: Severity,
}

/// Everything a decision rests on, taken at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// When they were taken.
    pub as_of: Timestamp,
    /// The service.
    pub service: Name,
    /// Its owner.
    pub owner: Option<Name>,
    /// Its tier.
    pub tier: Option<Tier>,
    /// Where it would go.
    pub environment: Name,
    /// What would go.
    pub artifact: Artifact,
    /// What kind of change it is.
    pub class: ChangeClass,
    /// The service's SLOs; none means the engine holds nothing about it.
    pub slos: Vec<SloFact>,
    /// Its firing alerts.
    pub alerts: Vec<AlertFact>,
    /// The services of the same owner with an exhausted budget, this one included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strained: Vec<Name>,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable code: `budget_healthy`, `no_slo`, `worst_case`, …
    pub code: String,
    /// The verdict this alone asks for.
    pub verdict: Verdict,
    /// The SLO it is about, if one.
    pub slo: Option<Name>,
    /// In words.
    pub message: String,
}

/// What the engine makes of facts and policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The strictest verdict of all reasons.
    pub verdict: Verdict,
    /// All reasons, strictest first; what is merely worth knowing comes last.
    pub reasons: Vec<Reason>,
}

/// A stored decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The engine that decided.
    pub engine: String,
    /// What it rests on.
    pub facts: Facts,
    /// The policy it was decided by.
    pub policy: Policy,
    /// The verdict and its reasons.
    pub outcome: Outcome,
    /// Whether the verdict binds; `false` in shadow mode.
    pub enforced: bool,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// When it no longer holds.
    pub expires_at: Timestamp,
    /// Who asked.
    pub asked_by: String,
}

/// Decides. Pure: the same facts and policy always give the same outcome.
pub fn decide(facts: &Facts, policy: &Policy) -> Outcome {
    let mut reasons: Vec<Reason> = if facts.slos.is_empty() {
        vec![Reason {
            code: "no_slo".to_owned(),
            verdict: Verdict::Deny,
            slo: None,
            message: format!(
                "{} has no SLO, so nothing is known of its reliability; declare one for it",
                facts.service
            ),
        }]
    } else {
        let granted = granted(facts, policy);
        let allowed = facts.slos.iter().map(|slo| Allowed::new(slo, granted, policy));
        allowed.flat_map(|slo| judge(&slo, facts.class, policy)).collect()
    };
    reasons.extend(strain(facts, policy));
    reasons.extend(allowances(facts, policy).map(granting));
    reasons.extend(policy.reserved.iter().filter_map(|window| reserved(window, facts)));
    reasons.sort_by(|a, b| (b.verdict, &a.code, &a.slo).cmp(&(a.verdict, &b.code, &b.slo)));
    reasons.extend(facts.alerts.iter().map(firing));
    let verdict = reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Deny);
    Outcome { verdict, reasons }
}

/// An alert decides nothing by itself — the budget does —, but whoever ships should know of it.
fn firing(alert: &AlertFact) -> Reason {
    let AlertFact { id, slo, kind, severity } = alert;
    let what = match kind {
        Kind::Burn => "the budget is burning",
        Kind::NoData => "there is no data",
    };
    let asks = severity.as_str();
    Reason {
        code: "alert_firing".to_owned(),
        verdict: Verdict::Allow,
        slo: Some(slo.clone()),
        message: format!("{what} ({asks}, {id})"),
    }
}

/// The allowances that hold for these facts (BUD-08).
fn allowances<'a>(facts: &'a Facts, policy: &'a Policy) -> impl Iterator<Item = &'a Allowance> {
    policy.allowances.iter().filter(|one| one.holds(&facts.service, facts.as_of))
}

/// The share of each budget that may be gone beside what the marks ask for.
fn granted(facts: &Facts, policy: &Policy) -> f64 {
    allowances(facts, policy).map(|one| one.share.fraction()).sum()
}

/// An allowance decides by what it grants; whoever ships should know of it.
fn granting(allowance: &Allowance) -> Reason {
    let Allowance { share, until, reason, approved_by, .. } = allowance;
    Reason {
        code: "budget_allowance".to_owned(),
        verdict: Verdict::Allow,
        slo: None,
        message: format!(
            "{} % of the budget may go to this until {until:.0}: {reason} (agreed to by {})",
            share.fraction() * 100.0,
            approved_by.join(", "),
        ),
    }
}

/// A window that is kept for work on reliability (BUD-17).
fn reserved(window: &Reserved, facts: &Facts) -> Option<Reason> {
    let verdict = window.rule.verdict(facts.class);
    if verdict == Verdict::Allow || !window.holds(facts.as_of) {
        return None;
    }
    Some(Reason {
        code: "window_reserved".to_owned(),
        verdict,
        slo: None,
        message: format!(
            "this time is kept for work on reliability ({}); {}{}",
            window.words(),
            permission(facts.class, verdict),
            sentence(window.rule.advice.as_deref()),
        ),
    })
}

/// What is known of an SLO, and its statuses with what was granted.
struct Allowed<'a> {
    slo: &'a SloFact,
    status: Status,
    status_worst: Status,
}

impl<'a> Allowed<'a> {
    fn new(slo: &'a SloFact, granted: f64, policy: &Policy) -> Self {
        let with = |status, left: Option<f64>| match left {
            Some(left) if granted > 0.0 => policy.marks.with(status, left + granted),
            Some(_) | None => status,
        };
        Self {
            slo,
            status: with(slo.status, slo.budget_remaining),
            status_worst: with(slo.status_worst, slo.budget_remaining_worst),
        }
    }
}

/// What one SLO has to say: its headline, its worst case, and how much of it is unmeasured.
fn judge(allowed: &Allowed<'_>, class: ChangeClass, policy: &Policy) -> Vec<Reason> {
    let slo = allowed.slo;
    let headline = by_status(allowed, class, policy);
    let worst = verdict_of(allowed.status_worst, class, policy);
    let mut reasons = Vec::new();
    if worst > headline.verdict {
        reasons.push(Reason {
            code: "worst_case".to_owned(),
            verdict: Verdict::Warn.max(headline.verdict),
            slo: Some(slo.name.clone()),
            message: format!(
                "telemetry gaps: were every unseen event bad, the budget would be {} ({}), which \
                 is {}",
                slo.status_worst.as_str(),
                percent_left(slo.budget_remaining_worst),
                worst.as_str(),
            ),
        });
    }
    let known = !matches!(slo.status, Status::Unmeasured | Status::NoData);
    if known && (slo.unmeasured.is_nan() || slo.unmeasured > policy.unmeasured_max) {
        reasons.push(Reason {
            code: "mostly_unmeasured".to_owned(),
            verdict: policy.unmeasured_verdict,
            slo: Some(slo.name.clone()),
            message: format!(
                "{:.0} % of the window lies before the first sample, or between two declarations; \
                 the policy tolerates {:.0} %",
                slo.unmeasured * 100.0,
                policy.unmeasured_max * 100.0,
            ),
        });
    }
    reasons.extend(escalate(slo, policy));
    reasons.push(headline);
    reasons
}

/// Too little is left for the team to decide alone; the status has the verdict already.
fn escalate(slo: &SloFact, policy: &Policy) -> Option<Reason> {
    let mark = policy.escalate.as_ref().filter(|_| slo.remark == Some(Remark::Escalate))?;
    Some(Reason {
        code: "budget_escalates".to_owned(),
        verdict: Verdict::Allow,
        slo: Some(slo.name.clone()),
        message: format!(
            "less than {} % of the budget is left{}",
            mark.at.fraction() * 100.0,
            sentence(mark.advice.as_deref()),
        ),
    })
}

/// Several services of the same owner have used up their budgets (BUD-15).
fn strain(facts: &Facts, policy: &Policy) -> Option<Reason> {
    let strain = policy.strain.as_ref()?;
    let (owner, exhausted) = (facts.owner.as_ref()?, facts.strained.len());
    if exhausted < strain.services as usize {
        return None;
    }
    let verdict = strain.rule.verdict(facts.class);
    let advice = strain.rule.advice.as_deref().filter(|_| verdict != Verdict::Allow);
    let named: Vec<_> = facts.strained.iter().take(NAMED_MAX).map(Name::as_str).collect();
    let more = if exhausted > NAMED_MAX { ", …" } else { "" };
    Some(Reason {
        code: "team_strained".to_owned(),
        verdict,
        slo: None,
        message: format!(
            "{exhausted} services of {owner} have an exhausted budget: {}{more}; {}{}",
            named.join(", "),
            permission(facts.class, verdict),
            sentence(advice),
        ),
    })
}

/// Services that a sentence names.
const NAMED_MAX: usize = 5;

fn verdict_of(status: Status, class: ChangeClass, policy: &Policy) -> Verdict {
    policy.rules.get(&status).map_or(Verdict::Deny, |rule| rule.verdict(class))
}

fn by_status(allowed: &Allowed<'_>, class: ChangeClass, policy: &Policy) -> Reason {
    let Allowed { slo, status: counts_as, .. } = *allowed;
    let status = counts_as.as_str();
    let rule = policy.rules.get(&counts_as);
    let verdict = verdict_of(counts_as, class, policy);
    let state = match slo.status {
        before if before != counts_as => format!(
            "the budget is {}: {}, and counts as {status} with what was granted",
            before.as_str(),
            percent_left(slo.budget_remaining),
        ),
        Status::Healthy | Status::Caution | Status::Warning | Status::Exhausted => {
            format!("the budget is {status}: {}", percent_left(slo.budget_remaining))
        }
        Status::NoTraffic => "there was no traffic in the window".to_owned(),
        Status::NoData => match slo.watermark {
            Some(since) => format!("no telemetry since {since:.0}"),
            None => "no telemetry".to_owned(),
        },
        Status::Unmeasured => "no telemetry has ever arrived".to_owned(),
    };
    let judged = match rule {
        None => format!("policy {} has no rule for {status}", policy.name),
        Some(_) => permission(class, verdict),
    };
    let advice = rule.and_then(|rule| rule.advice.as_deref());
    let advice = sentence(advice.filter(|_| verdict != Verdict::Allow));
    let code = match counts_as {
        Status::Healthy | Status::Caution | Status::Warning | Status::Exhausted => {
            format!("budget_{status}")
        }
        Status::NoTraffic | Status::NoData | Status::Unmeasured => status.to_owned(),
    };
    Reason {
        code,
        verdict,
        slo: Some(slo.name.clone()),
        message: format!("{state}; {judged}{advice}"),
    }
}

fn permission(class: ChangeClass, verdict: Verdict) -> String {
    let class = class.as_str();
    match verdict {
        Verdict::Allow => format!("{class} may go out"),
        Verdict::Warn => format!("{class} may go out with care"),
        Verdict::Deny => format!("{class} may not go out"),
    }
}

/// Advice as a sentence of its own.
fn sentence(advice: Option<&str>) -> String {
    advice.map(|advice| format!(". {advice}")).unwrap_or_default()
}

fn percent_left(share: Option<f64>) -> String {
    share.map_or_else(|| "undefined".to_owned(), |left| format!("{:.1} % left", left * 100.0))
}

#[cfg(test)]
mod tests;
