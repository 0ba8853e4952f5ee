//! Gates: may this artifact go out? Facts from one snapshot, a decision that is stored with them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::alert::{Alert, Phase};
use plimsoll_domain::catalog::{Name, Service};
use plimsoll_domain::definitions::{DEFAULT_BUDGET_POLICY, Definitions};
use plimsoll_domain::id::DecisionId;
use plimsoll_domain::release::gate::{
    self, AlertFact, Decision, ENGINE, Facts, Outcome, Policy, SloFact, Verdict,
};
use plimsoll_domain::release::{Artifact, ChangeClass};
use plimsoll_domain::slo::Slo;
use plimsoll_domain::slo::budget::Status;
use plimsoll_store::{CommitError, DecisionFilter, Read, Write};

use super::access::Asking;
use super::definitions::follow;
use super::deployments::{artifact, class, unknown_service};
use super::engine::{EngineError, View};
use super::people::Names;
use super::readings::{When, budget_of};
use super::{Changed, Failure, Paging, Shared, name, page, standing, telemetry};
use crate::work::lease;

/// How often a decision is made again when others apply definitions meanwhile.
const TRIES_MAX: u32 = 5;

/// Which decisions are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) verdict: Option<String>,
    pub(crate) enforced: Option<bool>,
}

/// What a gate is asked about, checked.
struct Subject {
    service: Service,
    environment: Name,
    artifact: Artifact,
    class: ChangeClass,
}

/// Decides, and stores the decision.
pub(crate) async fn check(
    shared: &Shared,
    asking: &Asking,
    question: v1::gate::Question,
) -> Result<v1::gate::Decision, Failure> {
    for _ in 0..TRIES_MAX {
        match check_now(shared, asking.clone(), question.clone()).await? {
            Some(decision) => return Ok(decision),
            // Others have applied definitions: decide again by those.
            None => follow(shared).await?,
        }
    }
    Err(Failure::Conflict {
        code: "conflict",
        message: "others keep applying definitions; try again".to_owned(),
    })
}

/// Decides by the definitions at hand, which also say who may ask; none when there are newer ones.
async fn check_now(
    shared: &Shared,
    asking: Asking,
    question: v1::gate::Question,
) -> Result<Option<v1::gate::Decision>, Failure> {
    let now = shared.world.now();
    let (number, definitions) = shared.numbered_definitions();
    let caller = asking.for_service(&definitions, &question.service)?;
    let enforce = question.enforce;
    let subject = subject(&definitions, question)?;
    let policy = policy(&definitions, &subject.service)?;
    let facts = facts(shared, definitions, subject, now).await?;
    shared.world.turn("facts loaded").await;
    let decision = Decision {
        id: shared.world.fresh(now),
        engine: ENGINE.to_owned(),
        outcome: gate::decide(&facts, &policy),
        enforced: enforce || policy.enforced_environments.contains(&facts.environment),
        decided_at: now,
        expires_at: policy.expires_at(now),
        asked_by: caller.label(),
        facts,
        policy,
    };
    let wire = wire(&Names::load(shared).await?, &decision)?;
    let changed = Changed::new("decision", &decision.facts.service);
    let reads = vec![Read::Definitions { number }];
    match shared.commit_reckoned(reads, vec![Write::Decision(Box::new(decision))], [changed]).await
    {
        Ok(()) => Ok(Some(wire)),
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn subject(definitions: &Definitions, question: v1::gate::Question) -> Result<Subject, Failure> {
    let service = name("service", &question.service)?;
    let known = definitions.services.get(&service);
    Ok(Subject {
        service: known.ok_or_else(|| unknown_service(&service))?.clone(),
        environment: name("environment", &question.environment)?,
        artifact: fixed(artifact(&question.artifact)?)?,
        class: class(&question.class)?,
    })
}

/// What is decided about one artifact must not come to hold for another.
fn fixed(artifact: Artifact) -> Result<Artifact, Failure> {
    match artifact.moving_name() {
        None => Ok(artifact),
        Some(name) => Err(Failure::invalid_with_hint(
            "moving_artifact",
            format!("`{name}` is another artifact tomorrow"),
            "name the digest, sha256:…, or a version or commit that never moves",
        )),
    }
}

fn policy(definitions: &Definitions, service: &Service) -> Result<Policy, Failure> {
    definitions.budget_policy_of(&service.name).cloned().ok_or_else(|| {
        let named = service.budget_policy.as_ref();
        let wanted = named.map_or(DEFAULT_BUDGET_POLICY, Name::as_str);
        Failure::invalid_with_hint(
            "unknown_policy",
            format!("no definition names the error-budget policy `{wanted}`"),
            "apply an ErrorBudgetPolicy with this name",
        )
    })
}

/// Everything the decision rests on: the minutes in one snapshot, then the alerts.
async fn facts(
    shared: &Shared,
    definitions: std::sync::Arc<Definitions>,
    subject: Subject,
    now: Timestamp,
) -> Result<Facts, Failure> {
    let service = subject.service.name.clone();
    let all = definitions.clone();
    let question = move |view: &View<'_>| {
        all.slos_of(&service).map(|slo| slo_fact(view, slo, now)).collect::<Vec<_>>()
    };
    let unknown = || definitions.slos_of(&subject.service.name).map(unknown).collect();
    let asked = shared.engine.ask(question).await;
    let slos = match asked {
        // What another replica tallies is unknown here, whatever was tallied here before.
        _ if lease::epoch(shared).is_none() => unknown(),
        Ok(facts) => facts,
        // Nothing can be read, or not yet: what the policy says of no data decides.
        Err(EngineError::Starting | EngineError::Damaged(_)) => unknown(),
        Err(error) => return Err(telemetry::busy(error)),
    };
    let strained = strained(shared, &definitions, &subject.service).await;
    let latest = shared.records.latest_alerts_of(shared.scope, &subject.service.name).await?;
    let firing = latest.into_iter().filter(|alert| alert.phase == Phase::Firing);
    let fact = |alert: Alert| AlertFact {
        id: alert.id,
        slo: alert.slo,
        kind: alert.kind,
        severity: alert.severity,
    };
    Ok(Facts {
        as_of: now,
        owner: subject.service.owner,
        tier: subject.service.tier,
        service: subject.service.name,
        environment: subject.environment,
        artifact: subject.artifact,
        class: subject.class,
        slos,
        alerts: firing.map(fact).collect(),
        strained,
    })
}

fn slo_fact(view: &View<'_>, slo: &Slo, now: Timestamp) -> SloFact {
    let budget = budget_of(view, slo, When::Now(now));
    SloFact {
        name: slo.name.clone(),
        status: budget.status,
        status_worst: budget.status_worst,
        remark: budget.remark,
        budget_remaining: budget.remaining,
        budget_remaining_worst: budget.remaining_worst,
        unmeasured: budget.unmeasured,
        coverage: budget.coverage,
        watermark: budget.watermark,
    }
}

/// The services of the same owner whose budgets were exhausted at the last sweep, by name, where
/// the policy asks for them. When that is not known, what is asked about is not either.
async fn strained(shared: &Shared, definitions: &Definitions, service: &Service) -> Vec<Name> {
    let policy = definitions.budget_policy_of(&service.name);
    let asks = policy.is_some_and(|policy| policy.strain.is_some());
    let Some(owner) = service.owner.as_ref().filter(|_| asks) else { return Vec::new() };
    let Ok(standings) = standing::all(shared).await else { return Vec::new() };
    let owned = |slo: &&Slo| definitions.owner_of(&slo.service) == Some(owner);
    let exhausted = |slo: &&Slo| standings.get(&slo.name).status == Status::Exhausted;
    let slos = definitions.slos.values().filter(owned).filter(exhausted);
    let services: BTreeSet<_> = slos.map(|slo| slo.service.clone()).collect();
    services.into_iter().collect()
}

/// The fact about an SLO whose minutes cannot be read.
fn unknown(slo: &Slo) -> SloFact {
    SloFact {
        name: slo.name.clone(),
        status: Status::NoData,
        status_worst: Status::NoData,
        remark: None,
        budget_remaining: None,
        budget_remaining_worst: None,
        unmeasured: 0.0,
        coverage: None,
        watermark: None,
    }
}

/// One decision.
pub(crate) async fn get(shared: &Shared, id: DecisionId) -> Result<v1::gate::Decision, Failure> {
    wire(&Names::load(shared).await?, &load(shared, id).await?)
}

async fn load(shared: &Shared, id: DecisionId) -> Result<Decision, Failure> {
    let decision = shared.records.decision(shared.scope, id).await?;
    decision.ok_or_else(|| Failure::not_found("decision", id))
}

/// The decisions that fit, newest first.
pub(crate) async fn list(
    shared: &Shared,
    filter: Filter,
    paging: Paging,
) -> Result<v1::Page<v1::gate::Decision>, Failure> {
    let filter = DecisionFilter {
        service: filter.service.map(|text| name("service", &text)).transpose()?,
        environment: filter.environment.map(|text| name("environment", &text)).transpose()?,
        verdict: filter.verdict.map(|word| parse_verdict(&word)).transpose()?,
        enforced: filter.enforced,
    };
    let listing = shared.records.decisions(shared.scope, &filter, &paging.request()?).await?;
    let names = Names::load(shared).await?;
    let page = page(listing, |decision| wire(&names, &decision));
    let items = page.items.into_iter().collect::<Result<_, _>>()?;
    Ok(v1::Page { items, next_cursor: page.next_cursor })
}

fn parse_verdict(word: &str) -> Result<Verdict, Failure> {
    Verdict::parse(word).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_verdict",
            format!("`{word}` is no verdict"),
            "verdicts are allow, warn and deny",
        )
    })
}

/// Decides again from the stored facts and policy, and compares byte for byte.
pub(crate) async fn replay(shared: &Shared, id: DecisionId) -> Result<v1::gate::Replay, Failure> {
    let then = load(shared, id).await?;
    let outcome = gate::decide(&then.facts, &then.policy);
    let differences = differences(&then.outcome, &outcome)?;
    Ok(v1::gate::Replay {
        id: id.to_string(),
        identical: differences.is_empty(),
        engine_then: then.engine,
        engine_now: ENGINE.to_owned(),
        verdict_then: then.outcome.verdict.as_str().to_owned(),
        verdict_now: outcome.verdict.as_str().to_owned(),
        differences,
    })
}

/// What differs between two outcomes, a line each; none when their canonical JSON is the same.
fn differences(then: &Outcome, now: &Outcome) -> Result<Vec<String>, Failure> {
    if canonical(then)? == canonical(now)? {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    if then.verdict != now.verdict {
        lines.push(format!("verdict: {} → {}", then.verdict.as_str(), now.verdict.as_str()));
    }
    let gone = then.reasons.iter().filter(|reason| !now.reasons.contains(reason));
    lines.extend(gone.map(|reason| format!("no longer: {} ({})", reason.message, reason.code)));
    let new = now.reasons.iter().filter(|reason| !then.reasons.contains(reason));
    lines.extend(new.map(|reason| format!("now: {} ({})", reason.message, reason.code)));
    if lines.is_empty() {
        lines.push("the order of the reasons".to_owned());
    }
    Ok(lines)
}

/// JSON with the fields in their declared order and maps sorted: equal values, equal bytes.
fn canonical(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Internal(error.into()))
}

fn wire(names: &Names, decision: &Decision) -> Result<v1::gate::Decision, Failure> {
    let json = |value: Result<serde_json::Value, serde_json::Error>| {
        value.map_err(|error| Failure::Internal(error.into()))
    };
    let reason = |reason: &gate::Reason| v1::gate::Reason {
        code: reason.code.clone(),
        verdict: reason.verdict.as_str().to_owned(),
        slo: reason.slo.as_ref().map(ToString::to_string),
        message: reason.message.clone(),
    };
    let facts = &decision.facts;
    Ok(v1::gate::Decision {
        id: decision.id.to_string(),
        service: facts.service.to_string(),
        environment: facts.environment.to_string(),
        artifact: facts.artifact.to_string(),
        class: facts.class.as_str().to_owned(),
        verdict: decision.outcome.verdict.as_str().to_owned(),
        enforced: decision.enforced,
        reasons: decision.outcome.reasons.iter().map(reason).collect(),
        facts: json(serde_json::to_value(facts))?,
        policy: json(serde_json::to_value(&decision.policy))?,
        engine: decision.engine.clone(),
        decided_at: decision.decided_at,
        expires_at: decision.expires_at,
        asked_by: names.of(&decision.asked_by),
    })
}
