//! The ledger of an SLO: what its budget was spent on.
//!
//! Flow: alerts and deployments that may have been causes are loaded first, then the minutes are
//! asked once, so that entries and their sum are of one instant.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_api::v1::ledger::{LedgerEntry, Spent};
use plimsoll_domain::alert::{Alert, Kind, Phase, Transition};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::id::DeploymentId;
use plimsoll_domain::release::Deployment;
use plimsoll_domain::slo::burn::Counts;
use plimsoll_domain::slo::fold::{Reading, Sli};
use plimsoll_domain::slo::ledger::{self as posting, Attribution, Cause, Causes, Deployed};
use plimsoll_domain::slo::ledger::{Firing, Ledger, Outage};
use plimsoll_domain::slo::minutes::Span;
use plimsoll_domain::slo::{Slo, Target, Window};
use plimsoll_domain::time::{HOUR_MINUTES, Minute, Minutes};
use plimsoll_store::{AlertFilter, DeploymentFilter, Entry, PageRequest};

use super::engine::View;
use super::people::Names;
use super::readings::{self, When};
use super::{Failure, Paging, Shared, alerts, deployments, instant, slos};

/// Alerts that are looked at, the newest of the window.
const ALERTS_MAX: usize = 500;

/// Deployments that are looked at, the newest of the window.
const DEPLOYMENTS_MAX: usize = 2_000;

/// How many are read at a time.
const PAGE: u32 = 500;

/// How far the watermark may be behind the clock: what happened so long before a window is loaded,
/// too.
const BEHIND_MAX: SignedDuration = SignedDuration::from_hours(1);

/// Which ledger is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked {
    /// From then on; the SLO's own window, when left out.
    pub(crate) from: Option<Timestamp>,
    /// Until then; now, when left out.
    pub(crate) to: Option<Timestamp>,
    /// So many entries at most.
    pub(crate) limit: Option<u32>,
}

/// Which minutes a ledger is of.
#[derive(Debug, Clone)]
struct Stretch {
    window: Window,
    when: When,
}

/// What may have been a cause.
struct Loaded {
    alerts: Vec<(Alert, Vec<Firing>)>,
    deployments: Vec<Deployment>,
    left_out: bool,
}

/// What the budget of an SLO was spent on.
pub(crate) async fn ledger(
    shared: &Shared,
    name: &str,
    asked: Asked,
) -> Result<v1::ledger::Ledger, Failure> {
    let definitions = shared.definitions();
    let slo = slos::named(&definitions, name)?;
    let stretch = stretch(slo, asked, shared.world.now())?;
    let attribution = attribution(&definitions, slo);
    let loaded = load(shared, slo, &stretch, &attribution).await?;
    let names = Names::load(shared).await?;
    let shown = Paging { limit: asked.limit, cursor: None }.limit()?;
    let shown = usize::try_from(shown).unwrap_or(usize::MAX);
    slos::ask(shared, name, move |_, view, slo| {
        let (reading, ledger) = posted(view, slo, &stretch, &attribution, &loaded);
        wire(slo, &reading, &ledger, &attribution, &loaded, &names, shown)
    })
    .await
}

fn attribution(definitions: &Definitions, slo: &Slo) -> Attribution {
    let policy = definitions.budget_policy_of(&slo.service);
    policy.map(|policy| policy.attribution.clone()).unwrap_or_default()
}

/// The SLO's own window, or the one that was asked for.
fn stretch(slo: &Slo, asked: Asked, now: Timestamp) -> Result<Stretch, Failure> {
    let (from, to) = (instant("from", asked.from)?, instant("to", asked.to)?);
    let when = When::new(to, now);
    let Some(from) = from else {
        return Ok(Stretch { window: slo.window.clone(), when });
    };
    let to = Minute::of(when.instant());
    let minutes = to.0 - Minute::of(from).0;
    let longest = Window::LONGEST;
    if minutes < 1 || minutes > i64::from(longest.0) {
        return Err(Failure::invalid_with_hint(
            "invalid_stretch",
            format!("from {from} to {} are {minutes} minutes", when.instant()),
            format!("`from` lies before `to`, and no more than {longest} before it"),
        ));
    }
    let window = Window::Rolling(Minutes(u32::try_from(minutes).unwrap_or(longest.0)));
    Ok(Stretch { window, when: When::AsOf(when.instant()) })
}

/// Loads the alerts whose outages touch the window, and the deployments that may answer for them or
/// for minutes of it.
async fn load(
    shared: &Shared,
    slo: &Slo,
    stretch: &Stretch,
    attribution: &Attribution,
) -> Result<Loaded, Failure> {
    let to = stretch.when.instant();
    let behind = to.checked_sub(BEHIND_MAX).unwrap_or(to);
    let from = stretch.window.around(Minute::of(behind)).from.start();
    let (alerts, alerts_left_out) = alerts_between(shared, slo, from, to).await?;
    let alerts = with_firings(shared, alerts).await?;
    let earliest =
        alerts.iter().map(|(alert, _)| alert).map(Outage::earliest).fold(from, Timestamp::min);
    let fresh = SignedDuration::from_mins(i64::from(attribution.deployment_window.0) + 1);
    let since = earliest.checked_sub(fresh).unwrap_or(Timestamp::UNIX_EPOCH);
    let (deployments, deployments_left_out) =
        deployments_between(shared, slo, attribution, since, to).await?;
    Ok(Loaded { alerts, deployments, left_out: alerts_left_out || deployments_left_out })
}

/// The burn alerts of an SLO that were open between two instants, and whether there were more. One
/// outage is one alert, so of those that opened before only the last can have been.
async fn alerts_between(
    shared: &Shared,
    slo: &Slo,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Vec<Alert>, bool), Failure> {
    let filter = AlertFilter {
        slo: Some(slo.name.clone()),
        kind: Some(Kind::Burn),
        opened_before: Some(to),
        ..AlertFilter::default()
    };
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageRequest { limit: PAGE, cursor };
        let page = shared.records.alerts(shared.scope, &filter, &page).await?;
        for alert in page.items {
            let before = alert.opened_at < from;
            let open = alert.phase == Phase::Firing || alert.closed_at.is_some_and(|at| at >= from);
            if open && found.len() >= ALERTS_MAX {
                return Ok((found, true));
            }
            found.extend(open.then_some(alert));
            if before {
                return Ok((found, false));
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok((found, false));
        }
    }
}

/// Each alert with when it fired; of those that may have been opened again, by their timeline.
async fn with_firings(
    shared: &Shared,
    alerts: Vec<Alert>,
) -> Result<Vec<(Alert, Vec<Firing>)>, Failure> {
    let mut with = Vec::new();
    for alert in alerts {
        let firings = if alert.transitions < 3 {
            vec![Firing::only(&alert)]
        } else {
            let timeline = shared.records.timeline(shared.scope, &alert.id.to_string()).await?;
            firings(&timeline)
        };
        with.push((alert, firings));
    }
    Ok(with)
}

fn firings(timeline: &[Entry]) -> Vec<Firing> {
    let mut firings: Vec<Firing> = Vec::new();
    let is = |entry: &Entry, what| entry.event == alerts::transition(what);
    for entry in timeline {
        if is(entry, Transition::Opened) || is(entry, Transition::Reopened) {
            firings.push(Firing { opened_at: entry.at, closed_at: None });
        } else if is(entry, Transition::Closed)
            && let Some(last) = firings.last_mut()
        {
            last.closed_at = Some(entry.at);
        }
    }
    firings
}

/// The deployments of an SLO's service that went out between two instants, and whether there were
/// more.
async fn deployments_between(
    shared: &Shared,
    slo: &Slo,
    attribution: &Attribution,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Vec<Deployment>, bool), Failure> {
    let environment = match attribution.environments.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    let (from, to) = (Some(from), Some(to));
    let filter = DeploymentFilter { service: Some(slo.service.clone()), environment, from, to };
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = PageRequest { limit: PAGE, cursor };
        let page = shared.records.deployments(shared.scope, &filter, &page).await?;
        let concerned = page.items.into_iter().filter(|one| attribution.concerns(&one.environment));
        found.extend(concerned);
        cursor = page.next_cursor;
        if found.len() > DEPLOYMENTS_MAX || cursor.is_none() {
            let more = found.len() > DEPLOYMENTS_MAX;
            found.truncate(DEPLOYMENTS_MAX);
            return Ok((found, more));
        }
    }
}

fn posted(
    view: &View<'_>,
    slo: &Slo,
    Stretch { window, when }: &Stretch,
    attribution: &Attribution,
    loaded: &Loaded,
) -> (Reading, Ledger) {
    let sli = view.sli(slo);
    let reading = readings::reading(sli.as_ref(), window, *when);
    let events = |span| sli.as_ref().map(|sli: &Sli<'_>| sli.events(span)).unwrap_or_default();
    let of_alert =
        |(alert, firings): &(Alert, Vec<Firing>)| Outage::of(alert, firings, slo.target, &events);
    let outages: Vec<Outage> = loaded.alerts.iter().flat_map(of_alert).collect();
    let deployed = |one: &Deployment| Deployed { id: one.id, at: one.deployed_at };
    let deployments: Vec<Deployed> = loaded.deployments.iter().map(deployed).collect();
    let causes = Causes { outages: &outages, deployments: &deployments, attribution };
    let ledger = Ledger::of(window_of(&reading), reading.events, causes, &events);
    (reading, ledger)
}

/// The minutes that a reading sums.
fn window_of(reading: &Reading) -> Span {
    let Span { from, to } = reading.span;
    let hour = HOUR_MINUTES as i64;
    let from = if reading.aligned_to_hours { Minute(from.0.div_euclid(hour) * hour) } else { from };
    Span { from, to }
}

fn wire(
    slo: &Slo,
    reading: &Reading,
    ledger: &Ledger,
    attribution: &Attribution,
    loaded: &Loaded,
    names: &Names,
    shown: usize,
) -> v1::ledger::Ledger {
    let Span { from, to } = window_of(reading);
    let spent = spent(slo.target, reading.events.bad.as_events(), reading.events.total.as_events());
    let known: HashMap<DeploymentId, &Deployment> =
        loaded.deployments.iter().map(|deployment| (deployment.id, deployment)).collect();
    let entries = ledger.entries.iter().map(|posted| entry(posted, &spent, &known, names));
    let Counts { bad, total } = ledger.without_deployments;
    v1::ledger::Ledger {
        slo: slo.name.to_string(),
        service: slo.service.to_string(),
        objective: slo.target.fraction(),
        time_slice: slo.budgeting.slicing().map(slos::time_slice),
        from: from.start(),
        to: to.start(),
        without_deployments: self::spent(slo.target, bad.as_events(), total.as_events()),
        entries: at_most(entries.collect(), shown),
        spent,
        deployment_window: attribution.deployment_window.to_string(),
        environments: attribution.environments.iter().map(ToString::to_string).collect(),
        aligned_to_hours: reading.aligned_to_hours,
        causes_left_out: loaded.left_out,
    }
}

fn spent(target: Target, bad: f64, total: f64) -> Spent {
    let error_ratio = (total > 0.0).then(|| bad / total);
    let budget = error_ratio.map(|ratio| ratio / target.budget_fraction());
    Spent { bad, total, error_ratio, budget }
}

fn entry(
    posted: &posting::Entry,
    spent: &Spent,
    known: &HashMap<DeploymentId, &Deployment>,
    names: &Names,
) -> LedgerEntry {
    let (cause, deployment) = match posted.cause {
        Cause::Deployment(id) => ("deployment", known.get(&id)),
        Cause::Outage(_) => ("alert", None),
        Cause::Gap => ("gap", None),
        Cause::Unknown => ("unknown", None),
    };
    let bad = posted.bad.as_events();
    let share = bad / spent.bad;
    LedgerEntry {
        cause: cause.to_owned(),
        deployment: deployment.map(|deployment| deployments::wire(names, deployment)),
        alerts: posted.alerts.iter().map(ToString::to_string).collect(),
        from: posted.span.map(|span| span.from.start()),
        to: posted.span.map(|span| span.to.start()),
        minutes: (posted.cause != Cause::Gap).then_some(posted.minutes),
        bad,
        total: posted.total.as_events(),
        share,
        budget: spent.budget.map(|budget| budget * share),
        causes: 1,
    }
}

/// The first entries, and the others as one.
fn at_most(mut entries: Vec<LedgerEntry>, shown: usize) -> Vec<LedgerEntry> {
    if entries.len() <= shown {
        return entries;
    }
    let others = entries.split_off(shown.saturating_sub(1));
    let sum = |of: fn(&LedgerEntry) -> f64| others.iter().map(of).sum::<f64>();
    entries.push(LedgerEntry {
        cause: "others".to_owned(),
        deployment: None,
        alerts: Vec::new(),
        from: None,
        to: None,
        minutes: others.iter().map(|entry| entry.minutes).sum(),
        bad: sum(|entry| entry.bad),
        total: sum(|entry| entry.total),
        share: sum(|entry| entry.share),
        budget: others.iter().map(|entry| entry.budget).sum(),
        causes: u32::try_from(others.len()).unwrap_or(u32::MAX),
    });
    entries
}
